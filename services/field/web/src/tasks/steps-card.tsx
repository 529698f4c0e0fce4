import type { FieldTask } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { shortTime } from '../live/county-clock.ts';
import type { Queued, Verb } from '../outbox/outbox.ts';
import { useTexts } from '../texts/language.tsx';

/** What was done and when; what has not reached the server yet says so. */
export function StepsCard({ task, pending }: { readonly task: FieldTask; readonly pending: readonly Queued[] }): ReactNode {
  const texts = useTexts();
  const steps: readonly (readonly [Verb, number | null])[] = [
    ['accept', task.acceptedMs],
    ['arrive', task.arrivedMs],
    ['meet', task.metMs],
    ['report', task.resultedMs],
  ];
  const stop = pending.find(({ verb }) => verb === 'request-stop');
  return (
    <div className="card">
      <h3>
        {texts.task.steps} <span className="soft small normal">{texts.task.number(task.number)}</span>
      </h3>
      <ul className="steps">
        {steps.map(([verb, atMs]) => (
          <li key={verb} className={atMs === null ? '' : 'done'}>
            <span>{texts.acts[verb]}</span>
            <span className="soft">
              {atMs === null
                ? ''
                : `${texts.task.done(shortTime(atMs))}${pending.some((one) => one.verb === verb) ? ` · ${texts.task.waiting}` : ''}`}
            </span>
          </li>
        ))}
        {stop === undefined ? null : (
          <li className="done">
            <span>{texts.acts['request-stop']}</span>
            <span className="soft">{texts.task.waiting}</span>
          </li>
        )}
      </ul>
    </div>
  );
}
