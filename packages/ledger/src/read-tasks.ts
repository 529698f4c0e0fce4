import type { FieldTask } from '@skyeye/contracts';
import type { Queries } from './database.ts';
import type { IncidentRow } from './incidents.ts';
import { ageOf, nameIn, numberIn, type ReadContext, type TalkTrack } from './read-incidents.ts';
import { kinOf, phonesOf, residentsOf } from './residents.ts';
import { fromRow } from './rows.ts';
import { taskOf, tasksOf, tasksOfUnits, type TaskRow } from './tasks.ts';

/** In clear, for the officer who accepted; the vault writes the trace. Null when it is not known. */
export interface ClearPerson {
  readonly name: string;
  readonly phone: string | null;
  readonly address: string | null;
}

export interface FieldContext extends ReadContext {
  readonly viewer: { readonly account: string; readonly role: string; readonly units: readonly string[] };
  /** Called only for tasks that the viewer accepted and that are not over. `taskId` is the purpose. */
  readonly clear: (request: {
    readonly person: string;
    readonly phone: string | null;
    readonly taskId: string;
  }) => Promise<ClearPerson | null>;
  readonly talkTrack: (scam: FieldTask['scam']) => TalkTrack | null;
  /** What a grid worker does, in one sentence. */
  readonly gridTask: (scam: FieldTask['scam']) => string;
  /** Other places where the person may be, nearest first: two of them. */
  readonly alternatives: (place: {
    readonly lon: number;
    readonly lat: number;
  }) => readonly { readonly name: string; readonly distanceM: number }[];
}

const EMPTY: TalkTrack = { openers: [], scammerSays: [], lookFor: [] };
/** Tasks that ended are shown so long. */
const ENDED_SHOWN_MS = 12 * 3_600_000;

/**
 * Tasks of the viewer's units as the terminal shows them: open ones by due time, then those that ended lately.
 * A grid worker gets no score, no reason, no position and no account (DOMAIN §1.7).
 */
export async function fieldTasks(queries: Queries, context: FieldContext): Promise<readonly FieldTask[]> {
  return present(queries, await tasksOfUnits(queries, context.viewer.units, context.nowMs - ENDED_SHOWN_MS), context);
}

/** Some of the viewer's tasks of one incident, for the live stream. */
export async function fieldTasksOfIncident(queries: Queries, incidentId: string, context: FieldContext): Promise<readonly FieldTask[]> {
  const tasks = await tasksOf(queries, [incidentId]);
  return present(
    queries,
    tasks.filter((task) => context.viewer.units.includes(task.unit)),
    context,
  );
}

async function present(queries: Queries, tasks: readonly TaskRow[], context: FieldContext): Promise<readonly FieldTask[]> {
  if (tasks.length === 0) return [];
  const incidents = new Map(
    (await queries.query('select * from incidents where id = any($1)', [tasks.map((task) => task.incidentId)]))
      .map((row) => fromRow<IncidentRow>(row))
      .map((row) => [row.id, row]),
  );
  const people = [...new Set([...incidents.values()].map((row) => row.person))];
  const residents = await residentsOf(queries, people);
  const kin = Map.groupBy(await kinOf(queries, people), (entry) => entry.person);
  const relatives = [...kin.values()].flat().map((entry) => entry.kin);
  const phones = await phonesOf(queries, [...people, ...relatives]);
  const first = (person: string): string | null => phones.get(person)?.[0] ?? null;
  const masked = await context.masked([
    ...new Set([
      ...people,
      ...relatives,
      ...[...people, ...relatives].flatMap((person) => first(person) ?? []),
      ...[...incidents.values()].flatMap((row) => row.phone ?? []),
    ]),
  ]);
  const shown: FieldTask[] = [];
  for (const task of tasks) {
    const row = incidents.get(task.incidentId);
    if (row === undefined) continue;
    const resident = residents.get(row.person);
    const isGrid = task.tier === 'grid' || context.viewer.role === 'grid';
    const phone = row.phone ?? first(row.person);
    const over = task.state === 'resulted' || task.state === 'cancelled';
    const clear =
      !over && task.assignee === context.viewer.account ? await context.clear({ person: row.person, phone, taskId: task.id }) : null;
    const home = resident === undefined || resident.lon === null || resident.lat === null ? null : { lon: resident.lon, lat: resident.lat };
    const place = isGrid ? home : (row.position ?? home);
    const community = resident?.community ?? null;
    shown.push({
      ...taskOf(task),
      number: row.number,
      level: row.level,
      scam: row.scam,
      name: clear?.name ?? nameIn(masked, row.person),
      sex: resident?.sex ?? null,
      age: ageOf(resident?.bornYear ?? null, context.nowMs),
      phone: clear?.phone ?? numberIn(masked, phone),
      address: clear?.address ?? null,
      community: community === null ? null : (context.community(community)?.name ?? null),
      liveAlone: resident?.liveAlone ?? null,
      why: isGrid ? null : row.why,
      live: isGrid ? null : row.live,
      position: isGrid ? null : row.position,
      home,
      alternatives:
        place === null || isGrid
          ? []
          : context
              .alternatives(place)
              .slice(0, 2)
              .map((entry) => ({ ...entry })),
      kin: isGrid
        ? []
        : (kin.get(row.person) ?? []).slice(0, 5).map((entry) => ({
            relation: entry.relation ?? '亲属',
            name: nameIn(masked, entry.kin),
            phone: numberIn(masked, first(entry.kin)),
          })),
      talkTrack: context.talkTrack(row.scam) ?? EMPTY,
      gridTask: isGrid ? context.gridTask(row.scam) : null,
      followUp: row.state === 'FOLLOWUP' && task.tier === 'grid' && !over ? row.followUps + 1 : null,
      version: row.version,
    });
  }
  return shown;
}
