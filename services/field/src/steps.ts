import type { FieldTask } from '@skyeye/contracts';
import { SkyeyeError } from '@skyeye/foundation';
import { HttpProblem, problems, who, type Session } from '@skyeye/identity';
import { getTask, type Actor, type TaskRow } from '@skyeye/ledger';
import { z } from 'zod';
import type { Context } from './deps.ts';
import { tasksOfIncidentFor } from './tasks.ts';

export const CREW = ['officer', 'team', 'grid', 'station'] as const;
export const taskParams = z.object({ id: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, 'not the id of a task') });

/**
 * Does a step of a task for the person who is signed in and answers with the task as it is then; sent again with the same
 * `clientId` and body it answers the same way and changes nothing.
 * @throws 404 for a task of another unit, 409 with the present task for a step that is not possible or an id used before
 */
export async function takeStep(
  context: Context,
  { session, id }: { session: Session | null; id: string },
  step: (input: { taskId: string; actor: Actor; nowMs: number }) => Promise<TaskRow>,
): Promise<FieldTask> {
  const person = who(session);
  const before = await ownTask(context, person, id);
  try {
    await step({ taskId: id, actor: { account: person.account, unit: person.unit }, nowMs: context.clock.nowMs() });
  } catch (error) {
    if (!(error instanceof SkyeyeError) || error.handling !== 'refuse') throw error;
    if (error.code === 'LEDGER_NOT_FOUND' || error.code === 'LEDGER_NOT_YOURS') throw problems.notFound();
    throw new HttpProblem({
      status: 409,
      code: error.code,
      message: `${error.message}; nothing was changed; look at the present task`,
      extra: { task: await present(context, person, before) },
      cause: error,
    });
  }
  return present(context, person, before);
}

/** @throws 404, also for a task of another unit: one need not know that there is one */
async function ownTask({ ledger }: Context, session: Session, id: string): Promise<TaskRow> {
  try {
    const task = await getTask(ledger, id);
    if (task.unit === session.unit) return task;
  } catch (error) {
    if (!(error instanceof SkyeyeError) || error.code !== 'LEDGER_NOT_FOUND') throw error;
  }
  throw problems.notFound();
}

async function present(context: Context, session: Session, { id, incidentId }: TaskRow): Promise<FieldTask> {
  const task = (await tasksOfIncidentFor(context, session, incidentId)).find((entry) => entry.id === id);
  if (task === undefined) throw problems.notFound();
  return task;
}
