import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { quarantineRecord, TOPICS } from '@skyeye/contracts';
import { ManualClock } from '@skyeye/foundation';
import { feedSeq, listIncidents, readFeed, verifyAudit } from '@skyeye/ledger';
import { createEmbeddedLog, type Log } from '@skyeye/stream';
import { silentTelemetry } from '@skyeye/telemetry';
import { app, type Dispatcher } from './index.ts';
import { assessment, context, geo, HOME, MINUTE, resident, T0, testLedger, type TestLedger } from './testing/dispatching.ts';

let it: TestLedger;
beforeAll(async () => void (it = await testLedger()));
afterAll(() => it.end());

const topics = [TOPICS.assessments, TOPICS.reference, TOPICS.quarantine].map(({ name, partitions }) => ({ name, partitions }));
const openLog = async (name: string): Promise<Log> => {
  const log = createEmbeddedLog({ folder: join(it.folder, name), telemetry: silentTelemetry() });
  await log.createTopics(topics);
  return log;
};
const dispatcherOn = (log: Log): Dispatcher =>
  app({
    log,
    ledger: it.ledger,
    telemetry: silentTelemetry(),
    clock: new ManualClock(T0),
    wallNowMs: Date.now,
    places: geo,
    seal: (bytes) => Buffer.from(bytes).toString('base64'),
    push: null,
    turnEveryMs: 20,
  });
const drained = async (log: Log): Promise<void> => {
  await expect
    .poll(async () => (await log.admin.lag('dispatcher', [TOPICS.assessments.name])).reduce((sum, { lag }) => sum + lag, 0), {
      timeout: 25_000,
      interval: 50,
    })
    .toBe(0);
};

test('reference data and assessments from the log become residents and incidents; a broken message is quarantined and the next ones go on', async () => {
  const log = await openLog('flow');
  const dispatcher = dispatcherOn(log);
  await dispatcher.start();
  const producer = log.producer();
  await producer.send(TOPICS.reference.name, [
    ...resident('w').map((record) => ({ key: 'w', value: JSON.stringify(record) })),
    { key: 'x', value: '{"kind":"person","person":5}' },
    { key: 'x', value: 'not json' },
  ]);
  await expect
    .poll(async () => (await it.ledger.query('select community from residents where person = $1', ['w'])).length, { timeout: 10_000 })
    .toBe(1);
  await producer.send(TOPICS.assessments.name, [
    { key: 'w', value: JSON.stringify({ ...assessment('w'), score: 7 }) },
    { key: 'w', value: Buffer.from([0xff, 0xfe]) },
    { key: 'w', value: JSON.stringify(assessment('w')) },
    { key: 'z', value: JSON.stringify(assessment('z', { level: null })) },
  ]);
  await drained(log);
  const incidents = await listIncidents(it.ledger, {}, context(T0));
  expect(incidents.map((incident) => [incident.subject.person, incident.subject.community])).toEqual([['w', HOME.community]]);
  const codes: string[] = [];
  const reader = await log.consumer({
    group: 'look',
    topics: [TOPICS.quarantine.name],
    from: 'earliest',
    onPoison: () => Promise.resolve(),
    onBatch: async ({ messages }) =>
      void codes.push(...messages.map(({ value }) => quarantineRecord.parse(JSON.parse(new TextDecoder().decode(value))).code)),
  });
  await expect
    .poll(() => codes.toSorted(), { timeout: 10_000 })
    .toEqual([
      'DISPATCHER_ASSESSMENT_CONTRACT',
      'DISPATCHER_ASSESSMENT_CONTRACT',
      'DISPATCHER_ASSESSMENT_CONTRACT',
      'DISPATCHER_REFERENCE_CONTRACT',
    ]);
  await reader.close();
  await expect.poll(async () => (await it.ledger.query('select 1 from outbox where sent_ms is null')).length, { timeout: 5_000 }).toBe(0);
  await dispatcher.stop(5_000);
  await log.close();
});

test('invariant 3: killed −9 at any moment, no alert, task, push or audit entry is lost or doubled', async () => {
  const people = Array.from({ length: 60 }, (_, n) => `killed-${n}`);
  const before = await feedSeq(it.ledger);
  const filler = await openLog('killed');
  const producer = filler.producer();
  for (const round of [0, 1, 2])
    await producer.send(
      TOPICS.assessments.name,
      people.map((person) => ({
        key: person,
        value: JSON.stringify(assessment(person, { t: T0 + round * MINUTE, level: round === 2 ? null : 'P2' })),
      })),
    );
  await filler.close();
  const script = fileURLToPath(new URL('./testing/dispatch-forever.ts', import.meta.url));
  for (const afterMs of [5, 40, 90, 160]) {
    const child = spawn(process.execPath, [script, join(it.folder, 'killed'), it.server.ledgerUrl], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  }
  const log = await openLog('killed');
  const dispatcher = dispatcherOn(log);
  await dispatcher.start();
  await drained(log);
  await dispatcher.stop(5_000);
  await log.close();
  const incidents = await it.ledger.query<{ person: string; version: number; alerts: number }>(
    "select person, version, alerts from incidents where person like 'killed-%'",
  );
  expect(incidents.map((row) => row.person).toSorted()).toEqual(people.toSorted());
  // One opening, one that goes on, one below the threshold: three versions, whatever was said again.
  expect(new Set(incidents.map((row) => `${row.version}/${row.alerts}`))).toEqual(new Set(['3/1']));
  const feed = await readFeed(it.ledger, before, 10_000);
  expect(feed.map((row) => row.seq)).toEqual(feed.map((_, index) => before + 1 + index));
  expect(feed.filter((row) => row.type === 'action' && row.action.kind === 'created')).toHaveLength(people.length);
  const [tasks] = await it.ledger.query<{ tasks: number; units: number }>(
    "select count(*)::int as tasks, count(distinct (incident_id, unit))::int as units from tasks where incident_id in (select id from incidents where person like 'killed-%')",
  );
  expect(tasks?.tasks).toBe(tasks?.units);
  const [evidence] = await it.ledger.query<{ items: number }>(
    "select count(*)::int as items from evidence where incident_id in (select id from incidents where person like 'killed-%')",
  );
  expect(evidence?.items).toBe(people.length * 3);
  expect((await verifyAudit(it.ledger)).intact).toBe(true);
});
