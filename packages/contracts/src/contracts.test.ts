import { expect, test } from 'vitest';
import { eventSchema, rawReference, SOURCES, STREAM_NAMES } from './index.ts';

const cdr = {
  id: 'c1',
  t: 1_789_374_840_000,
  caller: '13900000001',
  callee: '13800000002',
  answered: true,
  dur_s: 60,
  caller_kind: 'mobile',
  callee_kind: 'mobile',
};

test('there are 19 streams of 18 source kinds', () => {
  expect(Object.keys(SOURCES)).toEqual([...STREAM_NAMES]);
  expect(new Set(Object.values(SOURCES).map((source) => source.source)).size).toBe(18);
});

test('a CDR becomes one event for each party, which pass the schema of the stream', () => {
  const record = SOURCES.call.raw.parse(cdr);
  const events = SOURCES.call.normalise(record);
  expect(events.map((event) => [event.id, event['dir'], event['phone'], event['peer']])).toEqual([
    ['S01:c1:o', 'out', '13900000001', '13800000002'],
    ['S01:c1:i', 'in', '13800000002', '13900000001'],
  ]);
  for (const event of events) expect(eventSchema('call').safeParse(event).success).toBe(true);
});

test.each([
  ['an unknown field', { surprise: 1 }],
  ['a time in 1970', { t: 0 }],
  ['a time in 2100', { t: 4_102_444_800_001 }],
  ['a negative duration', { dur_s: -1 }],
  ['an unknown enum', { caller_kind: 'pigeon' }],
  ['a wrong type', { answered: 'yes' }],
  ['a missing id', { id: undefined }],
])('a raw record with %s is refused', (_says, change) => {
  expect(SOURCES.call.raw.safeParse({ ...cdr, ...change }).success).toBe(false);
});

test('an ego record needs an ego', () => {
  expect(SOURCES.bank.raw.safeParse({ id: 'b', t: cdr.t, ev: 'transfer', dir: 'out', peer: '6222', amt: 100, st: 'ok' }).success).toBe(
    false,
  );
  expect(
    SOURCES.bank.raw.safeParse({ id: 'b', t: cdr.t, acct: '6217', ev: 'transfer', dir: 'out', peer: '6222', amt: 100, st: 'ok' }).success,
  ).toBe(true);
});

test('reference records have defaults for what a county may not know', () => {
  expect(rawReference.parse({ id: 'r1', kind: 'phone', phone: '13900000001' })).toMatchObject({ person: null, iot: false, covered: [] });
});
