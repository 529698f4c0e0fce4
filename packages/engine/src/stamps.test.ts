import { readFileSync } from 'node:fs';
import type { Reference, StreamEvent, Value } from '@skyeye/contracts';
import { compareEvents, NO_HOLIDAYS } from '@skyeye/language';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStamper, type StampReference, type Stamper } from './index.ts';

const DAY = 86_400_000;
const T = 1_789_374_840_000;
/** What our own code must find again on the golden events, which were stamped by the reference rule. */
const FIELDS = [
  'np180',
  'np180p',
  'drain',
  'known_dev',
  'hod',
  'round1k',
  'cents',
  'nearlim',
  'live',
  'first_inst',
  'first_tool',
  'wday',
  'start_t',
  'stranger',
  'peer_goip',
  'peer_fan24',
] as const;

function golden(set: string): StreamEvent[] {
  const file = readFileSync(new URL(`../../testkit/golden/${set}.events.jsonl`, import.meta.url), 'utf8');
  return file
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as StreamEvent);
}

const stampsOf = (event: StreamEvent): Record<string, Value> => Object.fromEntries(FIELDS.map((field) => [field, event[field] ?? null]));
const without = (event: StreamEvent): StreamEvent =>
  Object.fromEntries(
    Object.entries(event).filter(([field]) => field === 'stranger' || !(FIELDS as readonly string[]).includes(field)),
  ) as unknown as StreamEvent;

test.each(['svc', 'brush', 'mule_ring', 'probe_mule'])('stamps computed from the bare events of %s are the given ones', (set) => {
  const stamper = createStamper({ reference: null, holidays: NO_HOLIDAYS, mode: 'computed' });
  const events = golden(set).sort(compareEvents);
  const seen = new Map<string, number>();
  for (const event of events) {
    const stamped = stamper.stamp(without(event));
    expect({ id: event.id, ...stampsOf(stamped) }).toEqual({ id: event.id, ...stampsOf(event) });
    for (const field of FIELDS) if (event[field] === true || typeof event[field] === 'number') seen.set(field, (seen.get(field) ?? 0) + 1);
  }
  for (const field of ['np180', 'np180p', 'drain', 'known_dev', 'hod', 'live'] as const) expect(seen.get(field)).toBeGreaterThan(5);
});

test('what was given stays unless stamps are to be computed, and wrong stamps are then set right', () => {
  const call = { stream: 'call', id: 'c', t: T, phone: 'A', peer: 'B', dir: 'in', dur_s: 60, np180: false, hod: 3 } as const;
  expect(createStamper({ reference: null }).stamp(call)).toMatchObject({ np180: false, hod: 3, start_t: T - 60_000 });
  expect(createStamper({ reference: null, mode: 'computed' }).stamp(call)).toMatchObject({ np180: true, hod: 16 });
});

const call = (id: string, t: number, peer = 'B'): StreamEvent => ({
  stream: 'call',
  id,
  t,
  phone: 'A',
  peer,
  dir: 'in',
  answered: true,
  dur_s: 1,
});

test.each([
  [0, true],
  [DAY - 1, true],
  [DAY, false],
  [180 * DAY - 1, false],
  [180 * DAY, true],
] as const)('a contact %i ms ago makes the next one new: %s', (agoMs, isNew) => {
  const stamper = createStamper({ reference: null });
  stamper.stamp(call('a', T - agoMs));
  expect(stamper.stamp(call('b', T))['np180']).toBe(isNew);
});

test('thinned memory answers like the full list, in any order of arrival', () => {
  const day = fc.integer({ min: 0, max: 900 });
  fc.assert(
    fc.property(fc.array(day, { minLength: 1, maxLength: 40 }), day, (days, asked) => {
      const times = days.map((ago) => T - ago * (DAY / 2));
      const at = T - asked * (DAY / 2);
      const stamper = createStamper({ reference: null });
      for (const [index, t] of times.entries()) stamper.stamp(call(`c${index}`, t));
      const known = times.some((t) => at - 180 * DAY < t && t <= at - DAY);
      expect(stamper.again(call('q', at))['np180']).toBe(!known);
    }),
  );
});

test('the same contact every day costs a few numbers', () => {
  const stamper = createStamper({ reference: null });
  for (let day = 0; day < 400; day++) stamper.stamp({ ...call(`d${day}`, T + day * DAY), dir: 'out' });
  const kept = [...stamper.memory()].flatMap((entry) => (entry.kind === 'times' ? entry.times : []));
  expect(kept.length).toBeLessThan(8);
});

test('fan-out counts different callees of a day, this call included, late calls too', () => {
  const arriving = fc.array(fc.record({ hour: fc.nat(60), callee: fc.nat(5) }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(arriving, (calls) => {
      const stamper = createStamper({ reference: null });
      const seen: { t: number; id: string; callee: string }[] = [];
      for (const [index, { hour, callee }] of calls.entries()) {
        const one = { t: T + hour * 3_600_000, id: `f${String(index).padStart(2, '0')}`, callee: `X${callee}` };
        seen.push(one);
        const wanted = new Set(
          seen
            .filter((other) => other.t > one.t - DAY && (other.t < one.t || (other.t === one.t && other.id <= one.id)))
            .map((other) => other.callee),
        );
        expect(stamper.stamp({ ...call(one.id, one.t), phone: one.callee })['peer_fan24']).toBe(wanted.size);
      }
    }),
  );
});

test('an install and the first opening within a day are both first; the next opening is not', () => {
  const stamper = createStamper({ reference: null });
  const app = (id: string, t: number, ev: string): Value | undefined =>
    stamper.stamp({ stream: 'app', id, t, phone: 'A', pkg: 'P', ev })['first_inst'];
  expect(app('1', T, 'install')).toBe(true);
  expect(app('2', T + 60_000, 'first_open')).toBe(true);
  expect(app('3', T + 120_000, 'open')).toBe(false);
  expect(app('4', T + 2 * DAY, 'first_open')).toBe(false);
});

test('what is imported from before the first day counts as contact, payee, device and app', () => {
  const stamper = createStamper({ reference: known });
  const records: Reference[] = [
    { id: '1', kind: 'contact', phone: 'A', peer: 'B', lastMs: T - 9 * DAY },
    { id: '2', kind: 'payee', acct: 'a1', peer: 'z', dir: 'out', lastMs: T - 9 * DAY },
    { id: '3', kind: 'device', acct: 'a1', device: 'd', lastMs: T - 9 * DAY },
    { id: '4', kind: 'app', phone: 'A', pkg: 'P', tool: false, lastMs: T - 9 * DAY },
    { id: '5', kind: 'app', phone: 'A', pkg: 'meet', tool: true, lastMs: T - 9 * DAY },
  ];
  for (const record of records) stamper.learn(record);
  expect(stamper.stamp(call('a', T))['np180']).toBe(false);
  const pay: StreamEvent = {
    stream: 'bank',
    id: 'b',
    t: T,
    acct: 'a1',
    peer: 'z',
    dir: 'out',
    st: 'ok',
    amt: 500_000,
    bal: 500_000,
    device: 'd',
  };
  expect(stamper.stamp(pay)).toMatchObject({
    np180: false,
    np180p: false,
    known_dev: true,
    person: 'V',
    rel: 'kin',
    stranger: false,
    drain: 0.5,
    nearlim: true,
    peer_victim: true,
    peer_black: 2,
    peer_acct_age_d: 10,
  });
  expect(stamper.again({ ...pay, id: 'c', acct: 'a2' })).toMatchObject({ np180: true, np180p: false });
  expect(stamper.stamp({ stream: 'app', id: 'd', t: T, phone: 'A', pkg: 'P', ev: 'open' })['first_inst']).toBe(false);
  expect(stamper.stamp({ stream: 'rctl', id: 'e', t: T, phone: 'A', tool: 'meet', ev: 'share_start', sid: '1' })['first_tool']).toBe(false);
});

const known: StampReference = {
  ownerOf: (phone) => (phone === 'A' ? 'V' : null),
  holderOf: (acct) => (acct === 'z' ? 'K' : 'V'),
  isKin: () => true,
  phone: () => null,
  acct: () => ({ openedMs: T - 10 * DAY }),
  domainRegisteredMs: () => null,
  levelOf: () => 2,
  isVictim: () => true,
};

test('a number without an owner stands for itself, and a stranger of unknown owner is unknown', () => {
  const stamper = createStamper({ reference: known });
  expect(stamper.stamp({ ...call('a', T), phone: 'N', peer: 'M' })).toMatchObject({
    person: 'p:N',
    rel: 'unknown',
    stranger: true,
    peer_black: 2,
  });
});

test('memory moves to another stamper, and forgetting drops only what nothing can see', () => {
  const first = createStamper({ reference: null });
  for (const event of golden('svc').sort(compareEvents)) first.stamp(event);
  const second = createStamper({ reference: null });
  for (const entry of structuredClone([...first.memory()])) second.restore(entry);
  const probe = (stamper: Stamper): StreamEvent[] => golden('svc').map((event) => stamper.again(without(event)));
  expect(probe(second)).toEqual(probe(first));
  second.forgetBefore(T + 3650 * DAY);
  expect([...second.memory()]).toEqual([]);
});
