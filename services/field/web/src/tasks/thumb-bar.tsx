import type { FieldTask } from '@skyeye/contracts';
import { useState, type ReactNode } from 'react';
import { useField } from '../live/use-field.tsx';
import type { Verb } from '../outbox/outbox.ts';
import { whereAmI } from '../shell/here.ts';
import { useTexts } from '../texts/language.tsx';
import { StopSheet } from './stop-sheet.tsx';

/** Three large buttons where the thumb is; the next one is filled, a done one is ticked and quiet. */
export function ThumbBar({ task }: { readonly task: FieldTask }): ReactNode {
  const { acts } = useTexts();
  const { store } = useField();
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const [stopped, setStopped] = useState(false);
  const step = async (verb: Exclude<Verb, 'report'>): Promise<void> => {
    setBusy(true);
    const atMs = Math.round(store.now());
    const here = await whereAmI();
    await store.act({
      taskId: task.id,
      verb,
      body: { clientId: crypto.randomUUID(), atMs, lon: here?.lon ?? null, lat: here?.lat ?? null },
    });
    setBusy(false);
  };
  const button = (verb: Exclude<Verb, 'report'>, look: string, done: boolean, ready: boolean): ReactNode => (
    <button
      type="button"
      className={`thumb ${look} ${done ? 'done' : ''}`}
      disabled={busy || done || !ready}
      onClick={() => (verb === 'request-stop' ? setAsking(true) : void step(verb))}
    >
      {done ? '✓ ' : ''}
      {acts[verb]}
    </button>
  );
  if (task.state === 'cancelled') return null;
  if (task.state === 'resulted')
    return (
      <div className="thumbs">
        <span className="thumb done wide">✓ {acts.reported}</span>
      </div>
    );
  const stop = task.tier === 'grid' ? null : button('request-stop', 'red', stopped, task.state !== 'sent');
  return (
    <>
      <div className="thumbs">
        {task.state === 'sent' ? (
          <button type="button" className="thumb blue wide" disabled={busy} onClick={() => void step('accept')}>
            {acts.accept}
            <small>{acts.accepted}</small>
          </button>
        ) : task.state === 'met' ? (
          <>
            <a className="thumb green wide" href={`#/${encodeURIComponent(task.id)}/report`}>
              {acts.report}
            </a>
            {stop}
          </>
        ) : (
          <>
            {button('arrive', 'blue', task.arrivedMs !== null, true)}
            {button('meet', 'green', false, true)}
            {stop ?? (
              <a className="thumb plainly" href={`#/${encodeURIComponent(task.id)}/report`}>
                {acts.report}
              </a>
            )}
          </>
        )}
      </div>
      {task.state === 'accepted' || task.state === 'arrived' ? (
        stop === null ? null : (
          <a className="report-link" href={`#/${encodeURIComponent(task.id)}/report`}>
            {acts.report} ›
          </a>
        )
      ) : null}
      {asking ? (
        <StopSheet
          onCancel={() => setAsking(false)}
          onSend={() => {
            setAsking(false);
            setStopped(true);
            void step('request-stop');
          }}
        />
      ) : null}
    </>
  );
}
