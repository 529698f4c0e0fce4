import type { IncidentDetail } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { clockTime } from '../live/county-clock.ts';
import { useCountyNow } from '../live/use-feed.tsx';
import { duration, stopwatch } from '../shell/format.ts';
import { useTexts } from '../texts/language.tsx';

const HOUR_MS = 3_600_000;

export function ClocksCard({ detail }: { readonly detail: IncidentDetail }): ReactNode {
  const texts = useTexts();
  const words = texts.clocks;
  const nowMs = useCountyNow();
  const span = (ms: number): string => (ms < HOUR_MS ? stopwatch(ms) : duration(ms, texts));
  return (
    <section className="card" aria-label={words.title}>
      <header>
        <h2>{words.title}</h2>
      </header>
      <div className="body">
        {detail.clocks.length === 0 ? <p className="soft">{words.empty}</p> : null}
        <dl className="facts">
          {detail.clocks.map((clock) => {
            const late = clock.doneMs !== null && clock.doneMs > clock.dueMs;
            const over = clock.doneMs === null && nowMs > clock.dueMs;
            const text =
              clock.doneMs !== null
                ? late
                  ? words.late(clockTime(clock.doneMs))
                  : words.done(clockTime(clock.doneMs))
                : over
                  ? words.missed(span(nowMs - clock.dueMs))
                  : words.due(span(clock.dueMs - nowMs));
            return [
              <dt key={`${clock.step}:${clock.dueMs}`}>{words.steps[clock.step]}</dt>,
              <dd key={`${clock.step}:${clock.dueMs}:is`}>
                <span className={`mark ${over || late ? 'ring ink P2 strong' : clock.doneMs !== null ? 'ink ok' : 'quiet'}`}>{text}</span>
              </dd>,
            ];
          })}
        </dl>
      </div>
    </section>
  );
}
