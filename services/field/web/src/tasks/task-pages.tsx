import { useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import { useFieldState } from '../live/use-field.tsx';
import { withPending } from '../outbox/pending.ts';
import { ReportPage } from '../report/report-page.tsx';
import { TaskList } from './task-list.tsx';
import { TaskPage } from './task-page.tsx';

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};
const hash = (): string => window.location.hash;

/** `#/<task>` is a task, `#/<task>/report` its form; the back key of the phone works. On a wide screen list and task stand side by side. */
export function TaskPages({ onSignOut, onSignedOut }: { readonly onSignOut: () => void; readonly onSignedOut: () => void }): ReactNode {
  const { tasks, pending, signedOut } = useFieldState();
  const [id = '', page] = useSyncExternalStore(subscribe, hash).replace(/^#\/?/, '').split('/');
  const shown = useMemo(() => [...tasks.values()].map((task) => withPending(task, pending)), [tasks, pending]);
  useEffect(() => {
    if (signedOut) onSignedOut();
  }, [signedOut, onSignedOut]);
  const task = shown.find((one) => one.id === decodeURIComponent(id));
  return (
    <div className={`pages ${id === '' ? 'at-list' : 'at-task'}`}>
      <TaskList tasks={shown} openId={task?.id ?? null} onSignOut={onSignOut} />
      {task === undefined ? (
        <div className="aside" />
      ) : page === 'report' ? (
        <ReportPage key={task.id} task={task} />
      ) : (
        <TaskPage key={task.id} task={task} />
      )}
    </div>
  );
}
