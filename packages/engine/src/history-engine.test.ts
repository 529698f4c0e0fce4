import { readFileSync } from 'node:fs';
import { loadCatalogue } from '@skyeye/catalogue';
import type { Reference, StreamEvent } from '@skyeye/contracts';
import { entityTypeOf, NO_HOLIDAYS, staticDimensions, type Dimensions, type EntityType, type Value } from '@skyeye/language';
import { expect, test } from 'vitest';
import { HistoryEngine, planOf, type Evaluation } from './index.ts';

const plan = planOf(loadCatalogue());
const golden = (name: string): string => readFileSync(new URL(`../../testkit/golden/${name}`, import.meta.url), 'utf8');

function dimsOf(set: string): Dimensions {
  const rows = JSON.parse(golden(`${set}.dims.json`)) as [string, string, Record<string, Value>][];
  return staticDimensions(rows.map(([type, key, values]) => [entityTypeOf(type) as EntityType, key, values]));
}

function eventsOf(set: string): StreamEvent[] {
  const events = golden(`${set}.events.jsonl`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as StreamEvent);
  return events.sort((a, b) => a.t - b.t || (a.id < b.id ? -1 : 1));
}

const engineOf = (set: string): HistoryEngine => new HistoryEngine({ plan, holidays: NO_HOLIDAYS, scope: 'all', dims: dimsOf(set) });
const nameOf = (row: Evaluation): string => `${row.eventId} ${row.feature} ${row.keyType} ${row.key.replace('\u0000', '|')}`;

function equal(value: Value, text: string): boolean {
  if (typeof value === 'number' && text !== 'null') return Math.abs(value - Number(text)) <= 1e-9 * Math.max(1, Math.abs(value));
  return String(value) === text;
}

test.each(['svc', 'brush', 'mule_ring', 'probe_mule'])(
  'every golden value of %s comes out of folding, and the same of asking first',
  (set) => {
    const wanted = new Map(
      golden(`${set}.values.tsv`)
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => {
          const [event, , feature, keyType, key, value, fires] = line.split('\t');
          return [`${event} ${feature} ${keyType} ${key}`, { value: value ?? '', fires: fires === '1' }] as [
            string,
            { value: string; fires: boolean },
          ];
        }),
    );
    const engine = engineOf(set);
    const wrong: string[] = [];
    let compared = 0;
    for (const event of eventsOf(set)) {
      const asked = engine.peek(event).evaluations;
      const folded = engine.ingest([event])[0]?.evaluations ?? [];
      expect(asked).toEqual(folded);
      for (const row of folded) {
        const want = wanted.get(nameOf(row));
        if (want === undefined) continue;
        compared++;
        if (!equal(row.value, want.value) || row.fires !== want.fires)
          wrong.push(`${nameOf(row)}: ${String(row.value)}, wanted ${want.value}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(compared).toBe(wanted.size);
  },
);

test('an engine restored from a checkpoint goes on as if nothing had happened', () => {
  const events = eventsOf('svc');
  const whole = engineOf('svc');
  const before = engineOf('svc');
  const half = Math.floor(events.length / 2);
  whole.ingest(events.slice(0, half));
  before.ingest(events.slice(0, half));
  const after = engineOf('svc');
  after.restore(structuredClone([...before.checkpoint()]));
  expect(after.ingest(events.slice(half))).toEqual(whole.ingest(events.slice(half)));
  expect(after.stats()).toEqual(whole.stats());
});

test('every event is folded, late, duplicate or too late, and the counts add up', () => {
  const engine = engineOf('svc');
  const events = eventsOf('svc');
  const last = events.at(-1) as StreamEvent;
  engine.ingest(events);
  const call = events.find((event) => event.stream === 'call') as StreamEvent;
  const outcomes = engine
    .ingest([last, { ...call, id: 'S01:late' }, { ...call, id: 'S01:ancient', t: last.t - 300 * 86_400_000 }])
    .map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['duplicate', 'late', 'tooLate']);
  const { folded, late, duplicate, tooLate } = engine.stats().accounts;
  expect(folded + late + duplicate + tooLate).toBe(events.length + 3);
});

test('a partition that is read behind another is not late: each has its own watermark', () => {
  const engine = engineOf('svc');
  const events = eventsOf('svc');
  const call = events.find((event) => event.stream === 'call') as StreamEvent;
  const newer = { ...call, id: 'S01:newer', t: call.t + 86_400_000 };
  const outcomes = engine
    .ingest([newer, { ...call, id: 'S01:other' }, { ...call, id: 'S01:same' }], ['0', '1', '0'])
    .map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['folded', 'folded', 'late']);
});

test('a call record that comes after the transfer corrects what the transfer said', () => {
  const engine = new HistoryEngine({ plan, holidays: NO_HOLIDAYS, scope: 'all' });
  const t = 1_789_374_840_000;
  const reference: Reference[] = [
    {
      kind: 'person',
      id: 'r1',
      person: 'p_v',
      sex: 'f',
      bornYear: 1963,
      occ: 'retired',
      liveAlone: true,
      antifraudApp: false,
      community: null,
      grid: null,
      lon: null,
      lat: null,
      fromMs: 0,
      toMs: 4e12,
    },
    {
      kind: 'phone',
      id: 'r2',
      phone: 'n_v',
      person: 'p_v',
      lineKind: 'mobile',
      region: null,
      openedMs: 0,
      ownerNumCnt: 1,
      iot: false,
      fullView: true,
      covered: ['callsig', 'rctl'],
      fromMs: 0,
      toMs: 4e12,
    },
    {
      kind: 'acct',
      id: 'r3',
      acct: 'a_v',
      person: 'p_v',
      bank: 'ICBC',
      acctKind: 'personal',
      acctClass: 'I',
      region: null,
      openedMs: 0,
      fullView: true,
      regionRisk: 0,
      fromMs: 0,
      toMs: 4e12,
    },
  ];
  engine.learn(reference);
  const transfer: StreamEvent = {
    stream: 'bank',
    id: 'S09:1',
    t,
    acct: 'a_v',
    ev: 'transfer',
    dir: 'out',
    peer: 'a_m',
    amt: 4_980_000,
    bal: 100_000,
    st: 'ok',
    chan: 'mobile',
  };
  const call: StreamEvent = {
    stream: 'call',
    id: 'S01:1:i',
    t: t - 5 * 60_000,
    phone: 'n_v',
    dir: 'in',
    peer: 'n_s',
    answered: true,
    dur_s: 1900,
    cli_kind: 'fixed',
    spoof: false,
    conf: false,
    fwd: false,
    start_t: t - 36 * 60_000,
  };
  const first = engine.ingest([transfer])[0]?.evaluations.find(({ feature }) => feature === 'x_longcall_transfer_60m');
  const corrected = engine.ingest([call])[0]?.evaluations.find(({ feature }) => feature === 'x_longcall_transfer_60m');
  expect([first?.value, corrected?.value]).toEqual([false, true]);
  expect(corrected?.eventId).toBe('S09:1');
});
