import { officialHolidays } from '@skyeye/catalogue';
import type { StreamEvent } from '@skyeye/contracts';
import { expect, test } from 'vitest';
import { FastEngine, HistoryEngine, LiveEngine, type Evaluation } from '../index.ts';
import { DISTINCT_ERROR } from './hyper-log-log.ts';
import { BUCKET_SHARE } from './sketch.ts';
import { planOfFormulas } from './testing/plan-of-formulas.ts';
import { Chance } from './testing/random-events.ts';

const START_MS = 1_789_374_840_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Events of one key in an hour: a command asks for ten million. */
const EVENTS = Number(process.env['SKYEYE_BUSY_EVENTS'] ?? 40_000);
const CAP = Math.max(1_600, EVENTS / 100);

const FORMULAS = [
  'count(bank,1h)',
  'count(bank[dir=out],1h)',
  'sum(bank[dir=out].amt,1h)',
  'avg(bank.amt,1h)',
  'min(bank.amt,1h)',
  'max(bank.amt,1h)',
  'distinct(bank[dir=out].peer,1h)',
  'exists(bank[dir=in],1h)',
  'count(bank,20m)',
  'count(bank,40m~10m)',
  'count(bank,1s)',
  'distinct(bank.peer,1s)',
  'seq(1h,bank[dir=in],10s,bank[dir=out])',
];
const plan = planOfFormulas('acct', 'bank', FORMULAS);
const optionsOf = (keyEventsMax: number): ConstructorParameters<typeof LiveEngine>[0] => ({
  plan,
  holidays: officialHolidays(),
  scope: 'all',
  stamped: true,
  keyEventsMax,
  eventsMax: 20_000_000,
});

function eventAt(chance: Chance, index: number, tMs: number, acct = 'a_busy'): StreamEvent {
  return {
    stream: 'bank',
    id: `e${index}`,
    t: tMs,
    acct,
    peer: `a_${chance.below(EVENTS / 8)}`,
    dir: chance.below(3) === 0 ? 'in' : 'out',
    amt: 100 + chance.below(1_000_000),
    live: true,
  };
}

const valuesOf = (evaluations: readonly Evaluation[]): number[] => evaluations.map(({ value }) => Number(value));

/** What the values may be off by: the bucket cut by the window's start, and for different values three standard errors besides. */
function boundOf(feature: number, exact: readonly number[]): number {
  const all = exact[0] as number;
  const formula = FORMULAS[feature] as string;
  if (formula.startsWith('count(bank,20m)') || formula.startsWith('count(bank,40m')) return all * BUCKET_SHARE * 2 + 1;
  if (formula.startsWith('count')) return all * BUCKET_SHARE + 1;
  if (formula.startsWith('sum')) return all * BUCKET_SHARE * 1_000_100;
  if (formula.startsWith('avg')) return (exact[feature] as number) * 2 * BUCKET_SHARE;
  if (formula.startsWith('distinct')) return (exact[feature] as number) * 3 * DISTINCT_ERROR + all * BUCKET_SHARE;
  return 0;
}

test('an account with all its events in an hour: values within their bounds, said so, and neither time nor memory grows with it', () => {
  const chance = new Chance(7);
  const bounded = new LiveEngine(optionsOf(CAP));
  const exact = EVENTS > 100_000 ? null : new LiveEngine(optionsOf(Infinity));
  const times: number[] = [];
  const sizes: number[] = [];
  let compared = 0;
  for (let index = 0; index < EVENTS; index += 1_000) {
    const batch = Array.from({ length: 1_000 }, (_, step) =>
      eventAt(chance, index + step, START_MS + Math.floor(((index + step) * HOUR_MS * 1.2) / EVENTS)),
    );
    const startMs = performance.now();
    const found = bounded.ingest(batch);
    times.push(performance.now() - startMs);
    sizes.push(bounded.bytes);
    const wanted = exact?.ingest(batch).at(-1)?.evaluations;
    const last = found.at(-1)?.evaluations ?? [];
    if (index >= EVENTS / 2)
      expect(last.map(({ approximate }) => approximate === true)).toEqual(FORMULAS.map((formula) => !formula.includes('1s)')));
    if (wanted === undefined) continue;
    const values = valuesOf(wanted);
    for (const [feature, value] of valuesOf(last).entries()) {
      compared += 1;
      if (last[feature]?.approximate === true)
        expect(Math.abs(value - (values[feature] as number)), `${FORMULAS[feature]} ${index}`).toBeLessThanOrEqual(
          boundOf(feature, values),
        );
      else expect(value, FORMULAS[feature]).toBe(values[feature]);
    }
  }
  if (exact !== null) expect(compared).toBe((EVENTS / 1_000) * FORMULAS.length);
  expect(bounded.stats()).toMatchObject({ approximate: 1, accounts: { folded: EVENTS } });
  expect(bounded.stats().events).toBeLessThanOrEqual(CAP + 1);
  expect(bounded.usage().approximate).toBe(1);
  // The machine may be busy, and the first half compiles: the band is wide, growth with the events would be far outside.
  const half = times.length / 2;
  const sum = (list: readonly number[]): number => list.reduce((total, value) => total + value, 0);
  expect(sum(times.slice(half))).toBeLessThan(4 * sum(times.slice(0, half)) + 200);
  expect(sizes.at(-1)).toBeLessThan(1.6 * (sizes[Math.floor(half / 2)] as number) + 64 * EVENTS);
}, 3_600_000);

test('what came before the cap stays exact, for the key and for others', () => {
  const chance = new Chance(3);
  const events = Array.from({ length: 900 }, (_, index) =>
    eventAt(chance, index, START_MS + index * 1_000, index % 3 === 0 ? 'a_quiet' : 'a_busy'),
  );
  const bounded = new FastEngine(optionsOf(64));
  const exact = new FastEngine(optionsOf(Infinity));
  for (const event of events) {
    const [found, wanted] = [bounded.ingest([event])[0], exact.ingest([event])[0]];
    for (const [index, evaluation] of (found?.evaluations ?? []).entries())
      if (evaluation.approximate === undefined) expect(evaluation).toEqual(wanted?.evaluations[index]);
  }
  const said = bounded.peek(eventAt(chance, 1_000, START_MS + 901_000)).evaluations;
  expect(said.some(({ approximate }) => approximate === true)).toBe(true);
  expect(
    bounded.peek(eventAt(chance, 1_000, START_MS + 901_000, 'a_new')).evaluations.some(({ approximate }) => approximate === true),
  ).toBe(false);
});

test('a question of a busy key changes nothing', () => {
  const chance = new Chance(5);
  const [asked, silent] = [new FastEngine(optionsOf(64)), new FastEngine(optionsOf(64))];
  for (let index = 0; index < 700; index++) {
    const event = eventAt(chance, index, START_MS + index * 500 - chance.below(3) * 400);
    asked.peek(eventAt(chance, 10_000 + index, event.t + 50));
    const peeked = asked.peek(event);
    const folded = asked.ingest([event])[0];
    expect(folded).toEqual(silent.ingest([event])[0]);
    if (folded?.outcome === 'folded' && folded.evaluations.every(({ approximate }) => approximate === undefined))
      expect(peeked.evaluations).toEqual(folded.evaluations);
  }
  expect(asked.stats()).toEqual(silent.stats());
});

test('a checkpoint, one that adds to it, a move and an erasure keep what is folded', () => {
  const chance = new Chance(11);
  const eventsOf = (from: number, to: number): StreamEvent[] =>
    Array.from({ length: to - from }, (_, index) => eventAt(chance, from + index, START_MS + (from + index) * 700));
  const engine = new LiveEngine({ ...optionsOf(64), partSize: 50 });
  engine.ingest(eventsOf(0, 500));
  const parts = [];
  const making = engine.checkpoint();
  let [next, index, closing] = [making.next(), 500, false];
  for (; next.done !== true; next = making.next()) {
    parts.push(structuredClone(next.value));
    closing ||= next.value.kind === 'closing';
    if (!closing) engine.ingest(eventsOf(index, (index += 30)));
  }
  const restored = new LiveEngine(optionsOf(64));
  restored.restore(parts);
  expect(restored.stats()).toEqual(engine.stats());
  engine.ingest(eventsOf(index, (index += 200)));
  const added = structuredClone([...engine.checkpoint(next.value)]);
  const layered = new LiveEngine(optionsOf(64));
  layered.restore([...parts, ...added]);
  const moved = new LiveEngine(optionsOf(64));
  moved.importEntity(structuredClone([...engine.exportEntity('acct', 'a_busy')]));
  const later = eventsOf(index, index + 100);
  const wanted = engine.ingest(later).map(({ evaluations }) => evaluations);
  expect(layered.ingest(later).map(({ evaluations }) => evaluations)).toEqual(wanted);
  expect(layered.stats()).toEqual(engine.stats());
  expect(moved.ingest(later).map(({ evaluations }) => evaluations)).toEqual(wanted);
  expect([...engine.forget([{ keyType: 'acct', key: 'a_busy' }])].length).toBeGreaterThan(0);
  expect(engine.stats()).toMatchObject({ events: 0 });
  expect(engine.stats().approximate).toBeUndefined();
});

test('an event behind those held of its key is too late, once and again', () => {
  const chance = new Chance(13);
  const engine = new FastEngine(optionsOf(64));
  const events = Array.from({ length: 200 }, (_, index) => eventAt(chance, index, START_MS + index * 1_000));
  engine.ingest(events);
  engine.ingest([eventAt(chance, 200, START_MS + 200_000)]);
  expect(engine.ingest([events[3] as StreamEvent, eventAt(chance, 999, START_MS + 5_000)]).map(({ outcome }) => outcome)).toEqual([
    'tooLate',
    'tooLate',
  ]);
  const { accounts } = engine.stats();
  expect(accounts.folded + accounts.late + accounts.duplicate + accounts.tooLate).toBe(203);
});

test('keys without an event in any window are dropped, and who comes back has the values of one that was never gone', () => {
  const chance = new Chance(17);
  const options = { ...optionsOf(Infinity), stamped: false };
  const [bounded, oracle] = [new FastEngine(options), new HistoryEngine(options)];
  let keys = 0;
  for (let index = 0; index < 12_000; index++) {
    // Two crowds, the second a year after the first, and some of the first come back.
    const isLater = index >= 6_000;
    const t = START_MS + index * 10_000 + (isLater ? 365 * DAY_MS : 0);
    const acct = isLater && index % 50 === 0 ? `a_1_${chance.below(3_000)}` : `a_${isLater ? 2 : 1}_${index % 3_000}`;
    const event = eventAt(chance, index, t, acct);
    expect(bounded.ingest([event])[0]).toEqual(oracle.ingest([event])[0]);
    keys = Math.max(keys, bounded.stats().keys);
  }
  expect(oracle.stats().events).toBe(12_000);
  expect(bounded.stats().events).toBe(6_000);
  expect(bounded.stats().keys).toBeLessThan(3_200);
  expect(keys).toBeGreaterThanOrEqual(3_000);
});
