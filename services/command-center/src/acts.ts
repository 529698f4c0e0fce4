import type { Incident } from '@skyeye/contracts';
import { SkyeyeError } from '@skyeye/foundation';
import { HttpProblem, problems, who, type Session } from '@skyeye/identity';
import { getIncident, type CommandInput, type IncidentRow } from '@skyeye/ledger';
import type { Context } from './deps.ts';

/** Who may work on incidents. A station's room works on its own. */
export const DESK = ['analyst', 'leader', 'station'] as const;
export const READERS = ['analyst', 'leader', 'station', 'auditor', 'operator'] as const;

/**
 * Does something to an incident for the person who is signed in, and answers with the incident as it is then.
 * @throws 404 for one that does not exist or belongs to another station, 409 with the present state for a stale version
 */
export async function act(
  context: Context,
  { session, id, version }: { session: Session | null; id: string; version: number },
  command: (input: CommandInput) => Promise<IncidentRow>,
): Promise<Incident> {
  const { account, unit } = who(session);
  await ownIncident(context, who(session), id);
  try {
    await command({ incidentId: id, version, actor: { account, unit }, nowMs: context.clock.nowMs() });
  } catch (error) {
    throw await refusal(context, id, error);
  }
  return present(context, id);
}

/** @throws 404, also for an incident of another station: its room need not know that there is one */
export async function ownIncident({ ledger }: Context, session: Session, id: string): Promise<IncidentRow> {
  let row: IncidentRow;
  try {
    row = await getIncident(ledger, id);
  } catch (error) {
    if (error instanceof SkyeyeError && error.code === 'LEDGER_NOT_FOUND') throw problems.notFound();
    throw error;
  }
  if (session.role === 'station' && row.station !== session.unit) throw problems.notFound();
  return row;
}

async function present({ views }: Context, id: string): Promise<Incident> {
  const [incident] = await views.some([id]);
  if (incident === undefined) throw problems.notFound();
  return incident;
}

async function refusal(context: Context, id: string, error: unknown): Promise<unknown> {
  if (!(error instanceof SkyeyeError) || error.handling !== 'refuse') return error;
  if (error.code === 'LEDGER_NOT_FOUND') return problems.notFound();
  const stale = error.code === 'LEDGER_STALE_VERSION';
  return new HttpProblem({
    status: 409,
    code: error.code,
    message: stale
      ? 'the incident has changed since you saw it; nothing was changed; look at its present state and decide again'
      : `${error.message}; nothing was changed`,
    extra: stale ? { incident: await present(context, id) } : {},
    cause: error,
  });
}
