import type { FieldTask, TaskState } from '@skyeye/contracts';
import type { Queued, Verb } from './outbox.ts';

const STATE_AFTER: Readonly<Partial<Record<Verb, TaskState>>> = { accept: 'accepted', arrive: 'arrived', meet: 'met', report: 'resulted' };
const ORDER: readonly TaskState[] = ['sent', 'accepted', 'arrived', 'met', 'resulted', 'cancelled'];

const timeOf = (queued: Queued): number => ('atMs' in queued.body ? queued.body.atMs : queued.body.filledMs);

/** The task as it is for the person who acted, before the server has heard of it. A cancelled task stays cancelled. */
export function withPending(task: FieldTask, queued: readonly Queued[]): FieldTask {
  return queued
    .filter(({ taskId }) => taskId === task.id)
    .reduce<FieldTask>((seen, one) => {
      const state = STATE_AFTER[one.verb];
      if (state === undefined || ORDER.indexOf(state) <= ORDER.indexOf(seen.state)) return seen;
      const at = timeOf(one);
      return {
        ...seen,
        state,
        acceptedMs: seen.acceptedMs ?? at,
        arrivedMs: state === 'arrived' ? at : seen.arrivedMs,
        metMs: state === 'met' ? at : seen.metMs,
        resultedMs: state === 'resulted' ? at : seen.resultedMs,
      };
    }, task);
}
