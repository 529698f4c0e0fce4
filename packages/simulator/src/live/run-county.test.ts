import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { report, type FieldTask, type HoldRequestInput } from '@skyeye/contracts';
import { AnchoredClock, type ClockAnchor } from '@skyeye/foundation';
import { demoCounty } from '@skyeye/geo';
import { silentTelemetry } from '@skyeye/telemetry';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { COUNTY_START_MS, simulateBatch } from '../batch.ts';
import { labelledBatch, type Label } from '../labels.ts';
import { FakeField, FakeGateway, MemorySink } from './fakes.ts';
import { runCounty, type RunCountyOptions, type RunningCounty } from './run-county.ts';
import { FolderCountyStore, MemoryCountyStore } from './store.ts';

const MIN_MS = 60_000;
const SPEED = 600;
const EVERY_MS = SPEED * MIN_MS;
const base = {
  seed: 21,
  residents: 700,
  scams: 'dense',
  speed: SPEED,
  tickMs: 1,
  banks: null,
  field: null,
  labelsFolder: null,
  telemetry: silentTelemetry(),
} as const;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'skyeye-county-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a county on a wall clock that the test turns, until county time has gone on by `countyMs`. */
async function live(
  options: Omit<RunCountyOptions, 'clock' | 'wallNowMs'>,
  countyMs: number,
  during?: (county: RunningCounty, nowMs: number) => void,
  stepMs = 100,
): Promise<{ county: RunningCounty; clock: AnchoredClock; crashed: boolean }> {
  let wall = 1_000_000;
  const clock = new AnchoredClock({ countyMs: 0, wallMs: wall, speed: 0 }, () => wall);
  const county = runCounty({ ...options, clock, wallNowMs: () => wall });
  let crashed = false;
  const watched = county.finished.catch(() => {
    crashed = true;
  });
  await county.ready.catch(() => undefined);
  const untilMs = clock.nowMs() + countyMs;
  while (clock.nowMs() < untilMs && !crashed) {
    wall += stepMs;
    during?.(county, clock.nowMs());
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  if (crashed) await watched;
  else await county.close();
  return { county, clock, crashed };
}

const unique = (sink: MemorySink): Map<string, string> =>
  new Map(
    sink.messages
      .filter(({ topic }) => topic !== 'clock')
      .map(({ topic, value }) => [`${topic} ${(JSON.parse(value) as { id: string }).id}`, value]),
  );

test('invariant 3: killed again and again it goes on where it was: what arrives equals an undisturbed county', async () => {
  const sink = new MemorySink();
  let reachedMs = 0;
  for (const failAt of [3, 30, 25, 12, Infinity]) {
    sink.sends = 0;
    sink.failAt = failAt;
    const store = new FolderCountyStore(folder);
    const { clock, crashed } = await live({ ...base, output: sink, store }, 45 * MIN_MS);
    expect(crashed).toBe(failAt !== Infinity);
    store.close();
    reachedMs = clock.nowMs();
  }
  const position = new FolderCountyStore(folder).load()?.positionMs ?? 0;
  expect(position).toBeGreaterThan(COUNTY_START_MS + 40 * MIN_MS);
  expect(position).toBeLessThanOrEqual(reachedMs);
  const wanted = new Map<string, string>();
  for (const entry of simulateBatch({ seed: base.seed, residents: base.residents, scams: 'dense', everyMs: EVERY_MS, days: 0.5 })) {
    if (entry.arrivalMs <= position) wanted.set(`${entry.topic} ${entry.record.id}`, JSON.stringify(entry.record));
  }
  const got = unique(sink);
  expect([...wanted.keys()].filter((key) => !got.has(key)).slice(0, 5)).toEqual([]);
  expect([...got.keys()].filter((key) => !wanted.has(key)).slice(0, 5)).toEqual([]);
  expect([...wanted].filter(([key, value]) => got.get(key) !== value).slice(0, 3)).toEqual([]);
}, 120_000);

test('county time stands on the topic before the first record of the import, and runs there before the first record of the day', async () => {
  const sink = new MemorySink();
  await live({ ...base, residents: 80, output: sink, store: new MemoryCountyStore() }, MIN_MS);
  const anchors = sink.messages.flatMap(({ topic, value }, at) =>
    topic === 'clock' ? [{ at, ...(JSON.parse(value) as ClockAnchor) }] : [],
  );
  expect(anchors[0]).toMatchObject({ at: 0, countyMs: COUNTY_START_MS, speed: 0 });
  expect(anchors[1]).toMatchObject({ countyMs: COUNTY_START_MS, speed: SPEED });
  const firstOfDay = sink.messages.findIndex(({ topic }) => topic !== 'clock' && topic !== 'raw.reference');
  expect(firstOfDay).toBeGreaterThan(anchors[1]?.at ?? Infinity);
}, 60_000);

test('a folder of another county is refused, and nothing in it changes', async () => {
  await live({ ...base, residents: 80, output: new MemorySink(), store: new FolderCountyStore(folder) }, MIN_MS);
  const before = readFileSync(join(folder, 'county.json'), 'utf8');
  expect(() =>
    runCounty({
      ...base,
      residents: 90,
      output: new MemorySink(),
      store: new FolderCountyStore(folder),
      clock: new AnchoredClock({ countyMs: 0, wallMs: 0, speed: 0 }, () => 0),
      wallNowMs: () => 0,
    }),
  ).toThrow('another seed');
  expect(readFileSync(join(folder, 'county.json'), 'utf8')).toBe(before);
});

test('banks ask before payments; what is held and given up never goes out, what is released does', async () => {
  const { truth, records, population } = labelledBatch({
    seed: base.seed,
    residents: base.residents,
    scams: 'dense',
    everyMs: EVERY_MS,
    days: 0,
  });
  for (const _ of records) void _;
  expect(truth().length).toBeGreaterThan(0);
  const gateway = new FakeGateway((request: HoldRequestInput) =>
    request.amountFen >= 500_000 && request.payeeKind !== 'corp' ? 'hold' : request.amountFen % 3 === 0 ? 'delay' : 'allow',
  );
  gateway.breakEvery = 5;
  const sink = new MemorySink();
  const store = new MemoryCountyStore();
  await live({ ...base, speed: 120, output: sink, store, banks: gateway, labelsFolder: folder }, 16 * 60 * MIN_MS, undefined, 500);
  expect(gateway.conflicts).toEqual([]);
  expect(gateway.asked.size).toBeGreaterThan(10);
  const sent = [...unique(sink).keys()];
  const paid = new Set(sent.filter((key) => key.startsWith('raw.bank ')).map((key) => key.slice(9)));
  const own = new Set(population.residents.flatMap((resident) => resident.accounts.map((account) => account.no)));
  const holds = [...gateway.asked.values()].filter(({ reply }) => reply.holdId !== null);
  const confirmed = holds.filter(({ reply }) => gateway.ended.get(reply.holdId ?? '')?.how === 'confirmations');
  const released = holds.filter(({ reply }) => gateway.ended.get(reply.holdId ?? '')?.how === 'releases');
  expect(confirmed.length).toBeGreaterThan(0);
  expect(released.length).toBeGreaterThan(0);
  expect(confirmed.filter(({ request }) => paid.has(`${request.txid}o`))).toEqual([]);
  const goes = new Set((store.load()?.decisions ?? []).flatMap((entry) => (entry.d === 'go' ? [entry.tx] : [])));
  for (const { request } of released) expect(goes.has(request.txid)).toBe(true);
  for (const { request, reply } of gateway.asked.values()) if (reply.outcome === 'delay') expect(paid.has(`${request.txid}o`)).toBe(false);
  for (const { request } of gateway.asked.values()) expect(own.has(request.payerAccount) || request.txid.startsWith('z')).toBe(true);
  const labels = readFileSync(join(folder, 'labels.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Label);
  expect(labels.some((label) => label.state === 'stopped')).toBe(true);
  expect(labels.some((label) => label.state === 'done')).toBe(true);
}, 120_000);

test('dense: a bank asks about a 客服 payment within two wall minutes, 公检法 is next', async () => {
  const labelled = labelledBatch({ seed: 1, residents: 2000, scams: 'dense', everyMs: 10 * MIN_MS, days: 0.2 });
  for (const _ of labelled.records) void _;
  const losses = labelled
    .truth()
    .filter((label) => label.label === 'fraud' && label.firstLossMs !== null)
    .sort((a, b) => (a.firstLossMs ?? 0) - (b.firstLossMs ?? 0))
    .filter((label) => (label.firstLossMs ?? 0) >= COUNTY_START_MS);
  expect((losses.find((label) => label.script === 'svc')?.firstLossMs ?? Infinity) - COUNTY_START_MS).toBeLessThan(20 * MIN_MS);
  expect((losses.find((label) => label.script === 'gov')?.firstLossMs ?? Infinity) - COUNTY_START_MS).toBeLessThan(40 * MIN_MS);
  const firstHour = losses.filter((label) => (label.firstLossMs ?? 0) < COUNTY_START_MS + 60 * MIN_MS);
  expect(firstHour.length).toBeGreaterThanOrEqual(4);
});

test('officers take tasks after three minutes, meet, and report what is true; a human is left alone', async () => {
  const dense = labelledBatch({ seed: base.seed, residents: base.residents, scams: 'dense', everyMs: 60 * MIN_MS, days: 0.6 });
  for (const _ of dense.records) void _;
  const labels = dense.truth();
  const victim = labels.find(
    (label) =>
      label.script === 'gov' &&
      label.firstContactMs > COUNTY_START_MS &&
      labels.filter((other) => other.person === label.person).length === 1,
  );
  const innocent = dense.population.residents.find(
    (resident) => resident.phone !== null && !dense.truth().some((label) => label.person === resident.id),
  );
  const person = dense.population.residents.find((resident) => resident.id === victim?.person);
  expect(person).toBeDefined();
  expect(innocent).toBeDefined();
  if (person === undefined || innocent === undefined || victim === undefined) return;
  let now = (): number => 0;
  const field = new FakeField(() => now());
  const task = (id: string, resident: typeof person, unit: string, createdMs: number): FieldTask => ({
    id,
    incidentId: 'i',
    tier: 'officer',
    unit,
    unitName: '',
    assignee: null,
    state: 'sent',
    createdMs,
    dueMs: createdMs + 30 * MIN_MS,
    acceptedMs: null,
    arrivedMs: null,
    metMs: null,
    resultedMs: null,
    etaMin: 4,
    number: '1',
    level: 'P1',
    scam: null,
    name: resident.name,
    sex: resident.sex,
    age: resident.age,
    phone: resident.phone,
    address: resident.address,
    community: null,
    liveAlone: null,
    why: null,
    live: null,
    position: null,
    home: null,
    alternatives: [],
    kin: [],
    talkTrack: { openers: [], scammerSays: [], lookFor: [] },
    gridTask: null,
    followUp: null,
    version: 1,
  });
  const accounts = [...new Set([person.community, innocent.community, 'C0105'])].map((unit) => ({
    account: `officer-${unit.toLowerCase()}`,
    password: 'x',
    role: 'officer',
    unit,
  }));
  let made = false;
  const clockHolder: { county?: RunningCounty } = {};
  now = () => clockHolder.county?.status().countyMs ?? 0;
  await live(
    {
      ...base,
      speed: 60,
      output: new MemorySink(),
      store: new MemoryCountyStore(),
      field,
      fieldAccounts: accounts,
      humanUnits: () => new Set(['C0105']),
    },
    victim.firstContactMs - COUNTY_START_MS + 90 * MIN_MS,
    (county, nowMs) => {
      clockHolder.county = county;
      if (made || nowMs < victim.firstContactMs + 30 * MIN_MS) return;
      made = true;
      field.tasksByUnit.set(person.community, [
        ...(field.tasksByUnit.get(person.community) ?? []),
        task('t-victim', person, person.community, nowMs),
      ]);
      field.tasksByUnit.set(innocent.community, [
        ...(field.tasksByUnit.get(innocent.community) ?? []),
        task('t-innocent', innocent, innocent.community, nowMs),
      ]);
      field.tasksByUnit.set('C0105', [...(field.tasksByUnit.get('C0105') ?? []), task('t-human', innocent, 'C0105', nowMs)]);
    },
    600,
  );
  expect(demoCounty.communities.some((community) => community.code === 'C0105')).toBe(true);
  const [about, honest] = [field.reports.get('t-victim'), field.reports.get('t-innocent')].map((body) => report.parse(body));
  expect(['stopped_before', 'partial_loss', 'refused', 'lost']).toContain(about?.result);
  expect(about?.scam).toBe('gov');
  expect(honest?.result).toBe('false_alarm');
  expect(field.reports.has('t-human')).toBe(person.community === 'C0105');
  expect(field.signedIn).not.toContain('officer-c0105');
}, 120_000);

test('a phone that is asked about tells its cell at once, and again when a call is set up; others tell nothing', async () => {
  const everyMs = 60 * MIN_MS;
  const dense = labelledBatch({ seed: base.seed, residents: base.residents, scams: 'dense', everyMs, days: 0.6 });
  for (const _ of dense.records) void _;
  const victim = dense.truth().find((label) => label.script === 'gov' && label.firstContactMs > COUNTY_START_MS + 5 * MIN_MS);
  const phone = dense.population.residents.find((resident) => resident.id === victim?.person)?.phone ?? '';
  const sink = new MemorySink();
  const askFromMs = (victim?.firstContactMs ?? 0) - 3 * MIN_MS;
  let asked = false;
  await live(
    { ...base, speed: 60, output: sink, store: new MemoryCountyStore() },
    askFromMs - COUNTY_START_MS + 40 * MIN_MS,
    (county, nowMs) => {
      if (asked || nowMs < askFromMs) return;
      asked = county.requestLocation({ phone });
    },
    600,
  );
  type Heard = {
    readonly id: string;
    readonly t: number;
    readonly ev: string;
    readonly phone?: string;
    readonly caller?: string;
    readonly callee?: string;
  };
  const heard = (topic: string): Heard[] =>
    sink.messages.filter((message) => message.topic === topic).map(({ value }) => JSON.parse(value) as Heard);
  const cells = heard('raw.loc').filter(({ phone: of, ev, t }) => of === phone && ev === 'cell' && t >= askFromMs);
  const begun = heard('raw.callsig').filter(
    ({ ev, caller, callee, t }) => ev === 'begin' && t >= askFromMs && [caller, callee].includes(phone),
  );
  expect((cells[0]?.t ?? Infinity) - askFromMs).toBeLessThan(2 * MIN_MS);
  expect(begun.length).toBeGreaterThan(0);
  const times = new Set(cells.map(({ t }) => t));
  expect(begun.filter(({ t }) => !times.has(t))).toEqual([]);
  expect(heard('raw.loc').filter(({ id, phone: of }) => /^loc-[qs]/.test(id) && of !== phone)).toEqual([]);
}, 60_000);
