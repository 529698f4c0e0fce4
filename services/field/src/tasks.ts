import type { FieldTask } from '@skyeye/contracts';
import type { Session } from '@skyeye/identity';
import { fieldTasks, fieldTasksOfIncident } from '@skyeye/ledger';
import type { Context } from './deps.ts';

// No snapshot: showing a person in clear writes to the audit, and must not wait for a connection while holding one.

/** Tasks of the unit of a person: open ones by due time, then those that ended lately. */
export async function tasksFor({ ledger, viewOf }: Context, session: Session): Promise<readonly FieldTask[]> {
  return fieldTasks(ledger, viewOf(session));
}

export async function tasksOfIncidentFor({ ledger, viewOf }: Context, session: Session, incidentId: string): Promise<readonly FieldTask[]> {
  return fieldTasksOfIncident(ledger, incidentId, viewOf(session));
}
