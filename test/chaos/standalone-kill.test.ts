import { TOPICS, type Assessment } from '@skyeye/contracts';
import { verifyAudit, type Ledger } from '@skyeye/ledger';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { freePorts, signIn, startCounty, temporaryFolder } from '../lib/county.ts';
import {
  ASSESSMENTS_TOPIC,
  EVENTS_TOPIC,
  jsonOf,
  openLeftBehind,
  RAW_TOPIC_NAMES,
  readTopic,
  scorerCheckpoint,
  type LeftBehind,
} from '../lib/left-behind.ts';

/**
 * Invariants 1 and 3 in one process: the whole product with its simulated county, killed with −9 at random moments. Another
 * seed, or more kills: SKYEYE_CHAOS_SEED, SKYEYE_CHAOS_KILLS.
 */
const SEED = Number(process.env['SKYEYE_CHAOS_SEED'] ?? 20_260_916);
const KILLS = Number(process.env['SKYEYE_CHAOS_KILLS'] ?? 20);
/** Each life lasts between these after its banner, wall ms. Every fifth is killed during its start instead. */
const LIFE_MS = [2_000, 4_000] as const;
const COUNTY = ['--residents', '400', '--seed', '11', '--drain-seconds', '120', '--speed', '30'];
/** The first start decides how much county time lies between two scams, a minute of wall time at its speed: at 30 times that speed there is one every two seconds. */
const FIRST = [...COUNTY.slice(0, -1), '1'];

const folder = temporaryFolder('chaos');
let left: LeftBehind | undefined;
afterAll(async () => {
  await left?.close();
  folder.remove();
});

/** Small, seeded, the same everywhere. */
function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const countyMs = (): number =>
  existsSync(join(folder.path, 'clock.json'))
    ? (JSON.parse(readFileSync(join(folder.path, 'clock.json'), 'utf8')) as { countyMs: number }).countyMs
    : 0;

test(
  `invariants 1, 3: nothing is lost or doubled when the process is killed ${KILLS} times (seed ${SEED})`,
  { timeout: 900_000 },
  async () => {
    const random = chance(SEED);
    const port = await freePorts();
    const starts: number[] = [];
    const clock: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const lifeMs = Math.round(LIFE_MS[0] + random() * (LIFE_MS[1] - LIFE_MS[0]));
      if (kill % 5 === 4) {
        // In the middle of a start: recovery itself is interrupted.
        const dying = startCounty({ folder: folder.path, port, args: COUNTY, readyMs: 200 + (lifeMs % 900) });
        await expect(dying).rejects.toThrow(/did not start within/);
      } else {
        const county = await startCounty({ folder: folder.path, port, args: kill === 0 ? FIRST : COUNTY });
        await sleep(lifeMs);
        await county.kill();
        if (kill > 0) starts.push(county.startMs);
      }
      clock.push(countyMs());
    }
    // A last life that drains.
    const last = await startCounty({ folder: folder.path, port, args: COUNTY });
    await sleep(3_000);
    const auditor = await signIn(last.console, 'auditor', last.password('auditor'));
    expect(await auditor.get<{ intact: boolean }>('/api/audit')).toMatchObject({ intact: true });
    const code = await last.stop();
    expect(code, last.output()).toBe(0);
    process.stdout.write(`chaos seed ${SEED}: ${KILLS} kills, restarts of ${starts.map((ms) => (ms / 1000).toFixed(1)).join(', ')} s\n`);

    expect(
      clock.every((at, index) => at >= (clock[index - 1] ?? 0)),
      `county time went back: ${clock.join(', ')}`,
    ).toBe(true);
    expect(countyMs()).toBeGreaterThan(clock[0] ?? 0);

    left = await openLeftBehind(folder.path);
    await accountsOfIngest(left);
    await accountsOfTheEngine(left);
    await accountsOfTheLedger(left);
  },
);

/** Every raw record ended as exactly one of normalised, duplicate, quarantined; outputs have them all. */
async function accountsOfIngest({ log, store }: LeftBehind): Promise<void> {
  let produced = 0;
  let quarantined = 0;
  const table: string[] = [];
  for (const topic of RAW_TOPIC_NAMES) {
    for (const { partition, offset: end } of await log.admin.endOffsets(topic)) {
      const stored = await store.get(`ingest/accounts/${topic}/${partition}`);
      const accounts =
        stored === undefined
          ? { nextOffset: 0, accepted: 0, normalised: 0, duplicate: 0, quarantined: 0, produced: 0 }
          : (JSON.parse(stored) as Record<'nextOffset' | 'accepted' | 'normalised' | 'duplicate' | 'quarantined' | 'produced', number>);
      const place = `${topic}/${partition}`;
      expect({ place, accepted: accounts.accepted, nextOffset: accounts.nextOffset }).toEqual({ place, accepted: end, nextOffset: end });
      expect(accounts.normalised + accounts.duplicate + accounts.quarantined, place).toBe(accounts.accepted);
      quarantined += accounts.quarantined;
      if (topic !== 'raw.reference') produced += accounts.produced;
      if (end > 0) table.push(`${place} ${end} = ${accounts.normalised} + ${accounts.duplicate} + ${accounts.quarantined}`);
    }
  }
  const events = new Set(
    (await readTopic(log, EVENTS_TOPIC))
      .map((message) => jsonOf<{ id: string; stream: string }>(message))
      .map(({ stream, id }) => `${stream} ${id}`),
  );
  // A batch that was cut off sends its events again under the same ids; the distinct ones are what ingest counted, once each.
  expect(events.size).toBe(produced);
  const refused = new Set((await readTopic(log, TOPICS.quarantine.name)).map((message) => jsonOf<{ id: string }>(message).id));
  expect([...refused].filter((id) => id.startsWith('raw.')).length).toBe(quarantined);
  process.stdout.write(`ingest: records = normalised + duplicate + quarantined\n  ${table.join('\n  ')}\n`);
}

/** Every event on the topic was folded once, or was late, a duplicate or too late, and counted as that. */
async function accountsOfTheEngine({ log, store }: LeftBehind): Promise<void> {
  const messages = await readTopic(log, EVENTS_TOPIC);
  const distinct = new Set(messages.map((message) => jsonOf<{ id: string }>(message).id));
  const { positions, accounts } = await scorerCheckpoint(store);
  const read = positions.filter(({ topic }) => topic === EVENTS_TOPIC).reduce((sum, { offset }) => sum + offset, 0);
  expect(read).toBe(messages.length);
  expect(accounts.folded + accounts.late + accounts.duplicate + accounts.tooLate).toBe(read);
  expect(accounts.folded + accounts.late + accounts.tooLate).toBe(distinct.size);
  process.stdout.write(
    `engine: ${read} read = ${accounts.folded} folded + ${accounts.late} late + ${accounts.duplicate} duplicate + ${accounts.tooLate} too late; ${distinct.size} distinct\n`,
  );
}

/** What the scorer said is in the ledger, once; and nothing is there that nobody said. */
async function accountsOfTheLedger({ log, ledger }: LeftBehind): Promise<void> {
  const count = async (query: string): Promise<number> => Number((await ledger.query<{ n: number }>(query))[0]?.n ?? -1);
  const assessments = (await readTopic(log, ASSESSMENTS_TOPIC)).map((message) => ({ ...jsonOf<Assessment>(message), place: message }));
  const committed = new Map(
    (await log.admin.lag('dispatcher', [ASSESSMENTS_TOPIC])).map(({ partition, committed: at }) => [partition, at ?? 0]),
  );
  const taken = assessments.filter(({ place }) => place.offset < (committed.get(place.partition) ?? 0));
  expect(taken.length).toBeGreaterThan(0);

  const processed = new Set((await ledger.query<{ id: string }>("select id from processed where kind = 'assessment'")).map(({ id }) => id));
  expect(taken.filter(({ id }) => !processed.has(id)).map(({ id }) => id)).toEqual([]);
  const said = new Map(assessments.map((each) => [each.id, each]));
  expect([...processed].filter((id) => !said.has(id))).toEqual([]);

  const withIncident = new Set(
    (await ledger.query<{ person: string }>('select distinct person from incidents')).map(({ person }) => person),
  );
  const lost = taken.filter(({ level, person }) => level !== null && level !== 'P4' && !withIncident.has(person));
  expect(lost.map(({ id, level }) => `${level} ${id}`)).toEqual([]);

  const created = await ledger.query<{ subject: string; facts: string }>(
    "select subject, facts from audit where kind = 'incident_created'",
  );
  const incidents = await ledger.query<{ id: string }>('select id from incidents');
  expect(created.map(({ subject }) => subject).toSorted()).toEqual(incidents.map(({ id }) => id).toSorted());
  const causes = created.map(({ facts }) => (JSON.parse(facts) as { assessment: string }).assessment);
  expect(new Set(causes).size).toBe(causes.length);
  expect(causes.filter((id) => !said.has(id))).toEqual([]);

  expect(await count('select count(*)::int n from (select number from incidents group by number having count(*) > 1) d')).toBe(0);
  expect(
    await count('select count(*)::int n from (select person from incidents where closed_ms is null group by person having count(*) > 1) d'),
  ).toBe(0);
  expect(
    await count(
      "select count(*)::int n from (select incident_id, unit from tasks where state not in ('resulted', 'cancelled') group by 1, 2 having count(*) > 1) d",
    ),
  ).toBe(0);
  expect(await count('select count(*)::int n from (select bank, request_id from holds group by 1, 2 having count(*) > 1) d')).toBe(0);
  expect(await count("select count(*)::int n from holds where state = 'active' and outcome not in ('hold', 'fuse')")).toBe(0);
  // A task that was sent has its line in the feed, and its push was queued, once.
  expect(
    await count(
      "select count(*)::int n from tasks t where not exists (select 1 from feed f where f.incident_id = t.incident_id and f.kind in ('task_sent', 'dispatched'))",
    ),
  ).toBe(0);
  expect(await verifyAudit(ledger as Pick<Ledger, 'query'>)).toMatchObject({ intact: true, brokenAt: null });
  process.stdout.write(
    `ledger: ${taken.length} of ${assessments.length} assessments taken, ${incidents.length} incidents, ${await count('select count(*)::int n from tasks')} tasks, ${await count('select count(*)::int n from holds')} holds, ${await count('select count(*)::int n from audit')} audit entries, chain intact\n`,
  );
}
