import { TIERS, type IncidentDetail, type Task } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { shortTime } from '../live/county-clock.ts';
import { useTexts } from '../texts/language.tsx';

const STEPS = ['accepted', 'arrived', 'met', 'resulted'] as const;
const doneOf = (task: Task): number => (task.state === 'sent' || task.state === 'cancelled' ? 0 : STEPS.indexOf(task.state) + 1);

export function TracksCard({ detail }: { readonly detail: IncidentDetail }): ReactNode {
  const texts = useTexts();
  const words = texts.tracks;
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
          return tasks.map((task) => (
            <div key={task.id} className="track">
              <div className="line">
                <b style={{ whiteSpace: 'nowrap' }}>{texts.tiers[tier]}</b>
                <span className="small soft cut" style={{ flex: 1 }} title={task.unitName}>
                  {[
                    task.arrivedMs === null
                      ? task.etaMin === null
                        ? words.due(shortTime(task.dueMs))
                        : words.eta(Math.max(1, Math.round(task.etaMin)))
                      : null,
                    task.unitName,
                    task.assignee === null ? null : words.assignee(task.assignee),
                  ]
                    .filter((part) => part !== null)
                    .join(' · ')}
                </span>
                <span className="small strong" style={{ whiteSpace: 'nowrap' }}>
                  {texts.taskStates[task.state]}
                </span>
              </div>
              <div className="steps" aria-hidden="true">
                {STEPS.map((step, index) => (
                  <i key={step} className={index < doneOf(task) ? 'done' : index === doneOf(task) ? 'doing' : ''} />
                ))}
              </div>
            </div>
          ));
        })}
      </div>
    </section>
  );
}
