import { SCAMS, type FieldTask } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { shortTime } from '../live/county-clock.ts';
import { useField, useFieldState, useNow } from '../live/use-field.tsx';
import { timeLeft } from '../shell/format.ts';
import { LevelTag } from '../shell/level-tag.tsx';
import { NetBanner } from '../shell/net-banner.tsx';
import { Notice } from '../shell/notice.tsx';
import { NotifyButton } from '../shell/notify-button.tsx';
import { useLanguage } from '../texts/language.tsx';

const isOpen = (task: FieldTask): boolean => task.state !== 'resulted' && task.state !== 'cancelled';

export function TaskList({
  tasks,
  openId,
  onSignOut,
}: {
  readonly tasks: readonly FieldTask[];
  readonly openId: string | null;
  readonly onSignOut: () => void;
}): ReactNode {
  const { texts, toggle } = useLanguage();
  const { me, store } = useField();
  const { loaded, error } = useFieldState();
  const now = useNow();
  const open = tasks.filter(isOpen).sort((a, b) => Number(b.level === 'P1') - Number(a.level === 'P1') || a.dueMs - b.dueMs);
  const done = tasks.filter((task) => task.state === 'resulted').sort((a, b) => b.createdMs - a.createdMs);
  const role = me.role in texts.roles ? texts.roles[me.role as keyof typeof texts.roles] : me.role;
  return (
    <section className="list" aria-label={texts.list.title}>
      <header className="head">
        <div>
          <b>{me.unitName ?? texts.title}</b>
          <div className="small">{me.name === me.unitName ? role : `${role} · ${me.name}`}</div>
        </div>
        <time>{shortTime(now)}</time>
      </header>
      <NetBanner />
      <div className="scroll">
        {!loaded && error === null ? <Notice title={texts.list.loading} busy /> : null}
        {!loaded && error !== null ? <Notice title={texts.list.failing} act={texts.list.retry} onAct={() => store.start()} /> : null}
        {loaded && open.length === 0 ? <Notice title={texts.list.empty} hint={texts.list.emptyHint} /> : null}
        {open.length > 0 ? <h2>{texts.list.todo(open.length)}</h2> : null}
        {open.map((task) => (
          <TaskCard key={task.id} task={task} now={now} here={task.id === openId} />
        ))}
        {done.length > 0 ? <h2>{texts.list.done}</h2> : null}
        {done.map((task) => (
          <TaskCard key={task.id} task={task} now={now} here={task.id === openId} />
        ))}
        <div className="foot-actions">
          <NotifyButton pushKey={me.pushKey} />
          <div className="row">
            <button type="button" className="plain" onClick={toggle}>
              {texts.language}
            </button>
            <button type="button" className="plain" onClick={onSignOut}>
              {texts.list.signOut}
            </button>
          </div>
        </div>
      </div>
    </section>
  );
}

function TaskCard({ task, now, here }: { readonly task: FieldTask; readonly now: number; readonly here: boolean }): ReactNode {
  const { texts, language } = useLanguage();
  const left = task.dueMs - now;
  // Red is a person being defrauded now; a limit that has passed is orange.
  const ink = task.level === 'P1' ? 'ink-P1' : left < 0 ? 'ink-P2' : '';
  return (
    <a className={`card task ${task.level} ${here ? 'here' : ''} ${isOpen(task) ? '' : 'over'}`} href={`#/${encodeURIComponent(task.id)}`}>
      <div className="row">
        {isOpen(task) ? <LevelTag level={task.level} name={texts.levels[task.level]} /> : <LevelTag level={task.level} over />}
        <span className="strong">{texts.states[task.state]}</span>
      </div>
      <div className="row">
        <b className="name">
          {task.name}{' '}
          <span className="normal">
            {task.sex === null ? '' : texts.task.sex[task.sex]} {task.age ?? ''}
          </span>
        </b>
        {isOpen(task) ? <b className={`big ${ink}`}>{timeLeft(left, texts)}</b> : null}
      </div>
      <div className="soft cut">
        {[
          task.followUp === null ? null : texts.task.followUp(task.followUp),
          task.scam === null ? task.gridTask : SCAMS[task.scam][language],
          task.community,
        ]
          .filter((part) => part !== null)
          .join(' · ')}
      </div>
      {task.live !== null && (task.live.call || task.live.share || task.live.payment) && isOpen(task) ? (
        <span className="tag bad">
          {task.live.payment ? texts.task.live.payment : task.live.call ? texts.task.live.call : texts.task.live.share}
        </span>
      ) : null}
    </a>
  );
}
