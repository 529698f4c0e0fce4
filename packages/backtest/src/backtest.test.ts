import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalogue, loadPolicies, loadRules, officialHolidays } from '@skyeye/catalogue';
import { TOPICS, type StreamEvent } from '@skyeye/contracts';
import { Detector, RuleBook } from '@skyeye/detection';
import { createEngine, planOf } from '@skyeye/engine';
import { createEmbeddedLog } from '@skyeye/stream';
import { silentTelemetry } from '@skyeye/telemetry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Arrival } from './arrival.ts';
import { reported } from './cases.ts';
import { difference, outcomeOf } from './outcome.ts';
import { readFolder } from './read-folder.ts';
import { readLog } from './read-log.ts';
import { replay } from './replay.ts';
import { modelTableOf, reportText } from './report.ts';
import { Side } from './side.ts';

const T = Date.UTC(2026, 8, 16, 7);
const MIN = 60_000;
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'backtest-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const call = (n: number): object => ({
  id: `c${n}`,
  t: T + n * MIN,
  caller: '17000000001',
  callee: '13800000001',
  answered: true,
  dur_s: 40,
  ring_s: 3,
  caller_kind: 'virtual',
  callee_kind: 'mobile',
  spoof: false,
  conf: false,
  fwd: false,
});

test('files of records are merged by arrival, and both sides of a call are events', async () => {
  const lines = [0, 2].map((n) => JSON.stringify({ key: 'k', arrivalMs: T + n * MIN, record: call(n) })).join('\n');
  writeFileSync(join(folder, 'raw.call.jsonl'), `${lines}\n`);
  const sms = { id: 's1', t: T, phone: '13800000001', dir: 'in', peer: '106900', port: 'a2p', cls: 'otp', has_url: false };
  writeFileSync(join(folder, 'raw.sms.jsonl'), `${JSON.stringify({ key: 'k', arrivalMs: T + MIN, record: sms })}\n`);
  const read: Arrival[] = [];
  for await (const piece of readFolder(folder)) read.push(...piece);
  expect(read.map(({ atMs }) => (atMs - T) / MIN)).toEqual([0, 0, 1, 2, 2]);
  writeFileSync(join(folder, 'raw.sms.jsonl'), 'no record\n');
  await expect(readFolder(folder).next()).rejects.toMatchObject({ code: 'BACKTEST_LINE_BROKEN' });
});

test('the log of a data folder is read whole, in the order of ingest, and left as it was', async () => {
  const place = join(folder, 'stream');
  const event = (n: number): StreamEvent => ({
    stream: 'app',
    id: `S06:${n}`,
    t: T,
    it: T + ((n * 7) % 5) * MIN,
    phone: 'n_1',
    person: 'p_1',
    device: null,
    ev: 'open',
    pkg: 'a',
    store: true,
    cat: 'other',
    perm: 'none',
  });
  const log = createEmbeddedLog({ folder: place, telemetry: silentTelemetry() });
  await log.createTopics([TOPICS.events, TOPICS.reference].map(({ name, partitions }) => ({ name, partitions })));
  const producer = log.producer();
  await producer.send(
    TOPICS.events.name,
    [0, 1, 2, 3].map((n) => ({ key: `k${n}`, value: JSON.stringify(event(n)) })),
  );
  await log.close();
  const first = (await readLog(place)).flat();
  expect(first.filter(({ kind }) => kind === 'event').map(({ atMs }) => (atMs - T) / MIN)).toEqual([0, 1, 2, 4]);
  expect((await readLog(place)).flat()).toEqual(first);
});

function arrivals(): Arrival[] {
  const event = (n: number, more: object): Arrival => ({
    kind: 'event',
    atMs: T + n * 10_000,
    event: {
      stream: 'rctl',
      id: `S08:${n}`,
      t: T + n * 10_000,
      it: T + n * 10_000,
      phone: 'n1',
      person: 'p1',
      device: 'd1',
      sid: 's',
      tool: 'x',
      peer_region: 'overseas',
      in_bank: true,
      ...more,
    } as StreamEvent,
  });
  return Array.from({ length: 40 }, (_, n) => event(n, { ev: n === 0 ? 'share_start' : 'share_detected' }));
}

const side = (name: string): Side =>
  new Side(
    name,
    new Detector({
      catalogue: loadCatalogue(),
      policies: loadPolicies(),
      rules: new RuleBook({ live: loadRules(), shadow: [] }),
      versions: { model: 'none', engine: 'test' },
    }),
    null,
  );
const played = async (stopAfter = Infinity) => {
  const one = side('live');
  let asked = 0;
  const done = await replay({
    arrivals: [arrivals()],
    engine: createEngine({ plan: planOf(loadCatalogue()), holidays: officialHolidays() }),
    sides: [one],
    fromMs: T,
    toMs: T + 300_000,
    workClockMs: () => performance.now(),
    isStopped: () => ++asked > stopAfter,
    onProgress: () => undefined,
  });
  return { alerts: one.alerts, ...done };
};

test('a replay says the same twice, leaves out what comes after its end, and can be stopped', async () => {
  const [{ workMs: _a, ...first }, { workMs: _b, ...again }] = [await played(), await played()];
  expect(first.events).toBe(30);
  expect(again).toEqual(first);
  const stopped = await played(1);
  expect(stopped).toMatchObject({ wasStopped: true });
  expect(stopped.events).toBeLessThan(30);
});

test('caught is an alert five minutes before the last loss; the difference names who is gained and lost', () => {
  const one = (person: string) => ({
    person,
    script: 'svc',
    fromMs: T,
    untilMs: T + 60 * MIN,
    losses: [
      { atMs: T + 20 * MIN, amtFen: 100 },
      { atMs: T + 30 * MIN, amtFen: 900 },
    ],
  });
  const facts = { cases: [one('a'), one('b'), one('c')], fromMs: T, untilMs: T + 8 * 60 * MIN, officers: 2 };
  const alert = (person: string, minute: number, urgent = false) => ({
    person,
    atMs: T + minute * MIN,
    urgentMs: urgent ? T + minute * MIN : null,
  });
  const live = outcomeOf([alert('a', 18, true), alert('b', 26), alert('x', 5, true)], facts);
  expect(live.cases.map(({ caught, caughtFen, leadMs }) => [caught, caughtFen, leadMs])).toEqual([
    [true, 900, 2 * MIN],
    [false, 0, -6 * MIN],
    [false, 0, null],
  ]);
  expect(live).toMatchObject({ urgent: 2, falseUrgent: 1, falsePerShift: 0.5 });
  const candidate = outcomeOf([alert('b', 1), alert('c', 2)], facts);
  const { gained, lost } = difference(live, candidate);
  expect([gained.map(({ case: { person } }) => person), lost.map(({ case: { person } }) => person)]).toEqual([['b', 'c'], ['a']]);
  expect(reportText({ side: live, name: 'live' }, { side: candidate, name: 'tried' }, (person) => `p_${person}`)).toContain('gained: 2');
  expect(modelTableOf({ events: 1, fromMs: T, untilMs: T + 1 }, { ...live, model: 'a' }, { ...candidate, model: 'b' })).toMatchObject({
    live: { model: 'a', persons: 3, caught: 1, caughtFen: 900, lostFen: 3_000, falseUrgent: 1 },
    candidate: { model: 'b', caught: 2, leadMinutes: 18 },
    gained: 2,
    lost: 1,
  });
});

test('without labels a report to the police is a case', () => {
  const event = { stream: 'intel', id: 'S16:1', t: T, person: 'p1', ev: 'case_report', role: 'victim', scam: 'svc' } as StreamEvent;
  expect(reported(event)).toMatchObject([{ person: 'p1', script: 'svc', untilMs: T }]);
  expect(reported({ ...event, role: 'mule' } as StreamEvent)).toEqual([]);
});
