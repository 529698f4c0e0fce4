import type { FieldTask } from '@skyeye/contracts';
import type { ReactNode } from 'react';
import { distance, duration, metresBetween } from '../shell/format.ts';
import { useHere } from '../shell/here.ts';
import { useTexts } from '../texts/language.tsx';

const dialable = (phone: string | null): phone is string => phone !== null && !phone.includes('*');

/** Who, where, how to get there, whom to call. Before the task is accepted all of it is masked. */
export function PersonCard({ task, now }: { readonly task: FieldTask; readonly now: number }): ReactNode {
  const texts = useTexts();
  const words = texts.task;
  const here = useHere();
  const target = task.position ?? task.home;
  const metres = here === null || target === null ? null : metresBetween(here, target);
  const kin = task.kin.find(({ phone }) => dialable(phone));
  const tags = [
    task.live?.payment === true ? words.live.payment : null,
    task.live?.call === true ? words.live.call : null,
    task.live?.share === true ? words.live.share : null,
  ].filter((tag) => tag !== null);
  const small = [
    task.alternatives.length > 0
      ? words.alternatives(task.alternatives.map(({ name, distanceM }) => `${name}(${distance(distanceM, texts)})`))
      : null,
    task.position === null ? null : words.position(duration(now - task.position.atMs, texts), distance(task.position.radiusM, texts)),
  ].filter((part) => part !== null);
  return (
    <div className="card">
      <h2 className="name">
        {task.name}{' '}
        <span className="normal">
          {task.sex === null ? '' : words.sex[task.sex]} {task.age ?? ''}
        </span>
      </h2>
      <p className="address">{task.address ?? task.community ?? ''}</p>
      {task.state === 'sent' ? <p className="soft small">{words.masked}</p> : null}
      {tags.length > 0 || task.liveAlone === true || task.followUp !== null ? (
        <p className="tags">
          {task.followUp === null ? null : <span className="tag">{words.followUp(task.followUp)}</span>}
          {tags.map((tag) => (
            <span key={tag} className="tag bad">
              {tag}
            </span>
          ))}
          {task.liveAlone === true ? <span className="tag">{words.alone}</span> : null}
        </p>
      ) : null}
      <div className="pair">
        {target === null ? null : (
          <a className="button main" href={`geo:${target.lat},${target.lon}?q=${target.lat},${target.lon}`}>
            {metres === null ? words.navigateBare : words.navigate(distance(metres, texts))}
          </a>
        )}
        {kin === undefined ? null : (
          <a className="button" href={`tel:${kin.phone ?? ''}`}>
            {words.callKin(kin.relation)}
          </a>
        )}
        {dialable(task.phone) ? (
          <a className="button" href={`tel:${task.phone}`}>
            {words.callPerson}
          </a>
        ) : null}
      </div>
      {small.length > 0 ? <p className="soft small">{small.join(' · ')}</p> : null}
    </div>
  );
}
