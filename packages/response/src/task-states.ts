import type { TaskState } from '@skyeye/contracts';
import { errors } from './errors.ts';

export const TASK_STEPS = ['accept', 'arrive', 'meet', 'report', 'cancel'] as const;
export type TaskStep = (typeof TASK_STEPS)[number];

/**
 * From which states a step may come, and to which it leads. A terminal that was offline may have skipped a step: arriving
 * or reporting without having accepted counts as accepting.
 */
export const TASK_TABLE: Readonly<Record<TaskStep, { readonly from: readonly TaskState[]; readonly to: TaskState }>> = {
  accept: { from: ['sent'], to: 'accepted' },
  arrive: { from: ['sent', 'accepted'], to: 'arrived' },
  meet: { from: ['sent', 'accepted', 'arrived'], to: 'met' },
  report: { from: ['sent', 'accepted', 'arrived', 'met'], to: 'resulted' },
  cancel: { from: ['sent', 'accepted', 'arrived', 'met'], to: 'cancelled' },
};

/** @throws RESPONSE_TASK_STEP_NOT_ALLOWED */
export function takeTaskStep(state: TaskState, step: TaskStep): TaskState {
  const { from, to } = TASK_TABLE[step];
  if (!from.includes(state)) throw errors.taskStepNotAllowed({ step, state });
  return to;
}
