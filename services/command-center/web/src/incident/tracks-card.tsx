import { TIERS, type IncidentDetail, type Task } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { daysBetween, dayTime, shortTime } from '../live/county-clock.ts';
import { useCountyNow } from '../live/use-feed.tsx';
import { useTexts } from '../texts/language.tsx';
import type { Texts } from '../texts/zh.ts';

const STEPS = ['accepted', 'arrived', 'met', 'resulted'] as const;
const doneOf = (task: Task): number => (task.state === 'sent' || task.state === 'cancelled' ? 0 : STEPS.indexOf(task.state) + 1);

/** When the last step was, or by when the next one is due. */
function timeOf(task: Task, nowMs: number, { tracks: words, taskStates }: Texts): { readonly text: string; readonly late: boolean } {
  const doneMs = task.resultedMs ?? task.metMs ?? task.arrivedMs;
  if (doneMs !== null) return { text: words.at(shortTime(doneMs), taskStates[task.state]), late: false };
  const sinceMs = task.acceptedMs ?? task.createdMs;
  const arrivesMs = task.etaMin === null ? null : sinceMs + task.etaMin * 60_000;
  if (arrivesMs !== null && arrivesMs > nowMs)
    return { text: words.eta(Math.max(1, Math.round((arrivesMs - nowMs) / 60_000))), late: false };
  // A grid worker has a day and more: an hour without its day would read as today's.
  const days = daysBetween(nowMs, task.dueMs);
  const by = days === 0 ? shortTime(task.dueMs) : days === 1 ? words.tomorrow(shortTime(task.dueMs)) : dayTime(task.dueMs);
  return { text: words.due(by), late: nowMs > task.dueMs };
}

/** The three tiers side by side: which unit, how far, who has it, and by when. */
export function TracksCard({ detail }: { readonly detail: IncidentDetail }): ReactNode {
  const texts = useTexts();
  const words = texts.tracks;
  const nowMs = useCountyNow();
  return (
    <section className="card" aria-label={words.title}>
      <header>
        <h2>{words.title}</h2>
      </header>
      <div className="body" style={{ paddingTop: 2 }}>
        {TIERS.map((tier) => {
          const tasks = detail.tasks.filter((task) => task.tier === tier && task.state !== 'cancelled');
          if (tasks.length === 0)
            return (
              <div key={tier} className="track">
                <div className="line">
                  <b>{texts.tiers[tier]}</b>
                  <span className="soft small">{words.none}</span>
                </div>
              </div>
            );
          return tasks.map((task) => <Track key={task.id} task={task} nowMs={nowMs} />);
        })}
      </div>
    </section>
  );
}

function Track({ task, nowMs }: { readonly task: Task; readonly nowMs: number }): ReactNode {
  const texts = useTexts();
  const time = timeOf(task, nowMs, texts);
  const who = task.assignee === null ? texts.tracks.nobody : (task.assigneeName ?? task.assignee);
  return (
    <div className="track" data-unit={task.unit} data-assignee={task.assignee ?? undefined}>
      <div className="line">
        <span className="cut" title={task.unitName}>
          <b>{texts.tiers[task.tier]}</b> {task.unitName}
        </span>
        <span className="small strong">{texts.taskStates[task.state]}</span>
      </div>
      <div className="line small">
        <span className="soft cut" title={who}>
          {task.assignee === null ? who : texts.tracks.assignee(who)}
        </span>
        <span className={time.late ? 'ink P2 strong' : 'soft'}>{time.text}</span>
      </div>
      <div className="steps" aria-hidden="true">
        {STEPS.map((step, index) => (
          <i key={step} className={index < doneOf(task) ? 'done' : index === doneOf(task) ? 'doing' : ''} />
        ))}
      </div>
    </div>
  );
}
