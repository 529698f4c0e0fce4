import { SCAMS, type FieldTask } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { shortTime } from '../live/county-clock.ts';
import { useField, useFieldState, useNow } from '../live/use-field.tsx';
import { timeLeft } from '../shell/format.ts';
import { NetBanner } from '../shell/net-banner.tsx';
import { useLanguage } from '../texts/language.tsx';
import { PersonCard } from './person-card.tsx';
import { StepsCard } from './steps-card.tsx';
import { TalkCards } from './talk-cards.tsx';
import { ThumbBar } from './thumb-bar.tsx';

export function TaskPage({ task }: { readonly task: FieldTask }): ReactNode {
  const { texts, language } = useLanguage();
  const { me } = useField();
  const { pending } = useFieldState();
  const now = useNow();
  const limit = task.tier === 'grid' ? texts.task.dueVisit : texts.task.dueDoor;
  const closed = task.state === 'cancelled' || task.state === 'resulted';
  return (
    <section className="page" aria-label={task.name}>
      <header className={`head task ${closed ? '' : task.level}`}>
        <a className="back" href="#/" aria-label={texts.task.back}>
          ‹
        </a>
        <div className="grow">
          <b>
            {task.level} {task.scam === null ? texts.levels[task.level] : SCAMS[task.scam][language]}
          </b>
          <div className="small cut">
            {me.unitName ?? task.unitName} ·{' '}
            {task.acceptedMs === null ? texts.task.sentAt(shortTime(task.createdMs)) : texts.task.acceptedAt(shortTime(task.acceptedMs))}
          </div>
        </div>
        {closed ? (
          <b>{texts.states[task.state]}</b>
        ) : (
          <div className="due">
            <span className="small">{limit}</span>
            <b>{timeLeft(task.dueMs - now, texts)}</b>
          </div>
        )}
      </header>
      <NetBanner />
      <div className="scroll">
        {task.state === 'cancelled' ? <p className="card">{texts.task.gone}</p> : null}
        <PersonCard task={task} now={now} />
        {task.gridTask === null ? null : (
          <div className="card">
            <h3>{texts.task.yourTask}</h3>
            <p>{task.gridTask}</p>
          </div>
        )}
        <TalkCards task={task} />
        <StepsCard task={task} pending={pending.filter((one) => one.taskId === task.id)} />
      </div>
      <ThumbBar task={task} />
    </section>
  );
}
