import type { EvidenceItem, IncidentDetail } from '@skyeye/contracts';
import { expect, test } from 'vitest';
import { placeLane, textWidth } from './axis-layout.ts';
import { axisItems, mergeEvidence, shifted, ticks, wholeRange, zoomed } from './axis-model.ts';

const evidence = (eventId: string, stream: EvidenceItem['stream'], t: number, more: Partial<EvidenceItem> = {}): EvidenceItem => ({
  eventId,
  stream,
  t,
  delayMs: 2_000,
  startMs: null,
  says: { zh: eventId, en: eventId },
  peer: null,
  amountFen: null,
  facts: {},
  ...more,
});
const detail = (call: boolean): IncidentDetail =>
  ({ live: { call, share: false, payment: false }, actions: [] }) as unknown as IncidentDetail;
const shape = (items: ReturnType<typeof axisItems>): unknown => items.map(({ id, fromMs, toMs, open }) => [id, fromMs, toMs, open]);

test('a begin and its end are one span', () => {
  const items = axisItems(
    detail(true),
    [
      evidence('b', 'callsig', 100, { peer: 'x', facts: { ev: 'begin' } }),
      evidence('e', 'callsig', 400, { peer: 'x', facts: { ev: 'end' } }),
    ],
    900,
  );
  expect(shape(items)).toEqual([['e', 100, 400, false]]);
});

test('a begin without end lasts to now while the person is still on the phone', () => {
  const begin = evidence('b', 'callsig', 100, { facts: { ev: 'begin' } });
  expect(shape(axisItems(detail(true), [begin], 900))).toEqual([['b', 100, 900, true]]);
  expect(shape(axisItems(detail(false), [begin], 900))).toEqual([['b', 100, 100, false]]);
});

test('signalling and the record of one call are one bar, in the words of the record', () => {
  const begin = evidence('b', 'callsig', 100_000, { peer: 'x', facts: { ev: 'begin' } });
  const end = evidence('e', 'callsig', 400_000, { peer: 'x', facts: { ev: 'end' } });
  const record = evidence('r', 'call', 401_000, { peer: 'x', startMs: 101_000 });
  for (const order of [
    [begin, end, record],
    [begin, record, end],
    [record, end],
  ])
    expect(shape(axisItems(detail(true), order, 900_000))).toEqual([['r', 101_000, 401_000, false]]);
});

test('what arrived three minutes late is hollow', () => {
  const [item] = axisItems(detail(false), [evidence('a', 'sms', 5, { delayMs: 200_000 })], 10);
  expect(item?.late).toBe(true);
});

test('evidence said twice stands once, in event time', () => {
  const merged = mergeEvidence([evidence('b', 'sms', 9)], [evidence('a', 'sms', 3), evidence('b', 'sms', 9)]);
  expect(merged.map(({ eventId }) => eventId)).toEqual(['a', 'b']);
});

test('zooming keeps the moment under the pointer and stays within the whole', () => {
  const whole = { fromMs: 0, toMs: 6_000_000 };
  const closer = zoomed(whole, whole, 0.5, 1_500_000);
  expect(closer).toEqual({ fromMs: 750_000, toMs: 3_750_000 });
  expect(zoomed(closer, whole, 100, 1_000_000)).toEqual(whole);
  expect(zoomed(closer, whole, 0.000_1, 1_000_000)).toMatchObject({ toMs: zoomed(closer, whole, 0.000_1, 1_000_000).fromMs + 60_000 });
  expect(shifted(closer, whole, -9e9).fromMs).toBe(0);
});

test('ticks are round and few', () => {
  const range = wholeRange([], 100 * 60_000);
  const at = ticks(range, 6);
  expect(at.length).toBeLessThanOrEqual(7);
  expect(at.every((ms) => ms % 60_000 === 0)).toBe(true);
});

test('labels of one lane never cover each other', () => {
  const items = axisItems(
    detail(false),
    Array.from({ length: 60 }, (_, index) => evidence(`事件${index}`, 'sms', index * 700)),
    60_000,
  );
  const placed = placeLane(items, { fromMs: 0, toMs: 60_000 }, 900, (item) => item.says.zh);
  const labels = placed.flatMap(({ label }) => {
    if (label === null) return [];
    const width = textWidth(label.text);
    return [
      {
        row: label.row,
        from: label.anchor === 'start' ? label.x : label.x - width,
        to: label.anchor === 'start' ? label.x + width : label.x,
      },
    ];
  });
  expect(labels.length).toBeGreaterThan(5);
  for (const row of [0, 1]) {
    const inRow = labels.filter((label) => label.row === row).sort((a, b) => a.from - b.from);
    inRow.slice(1).forEach((label, index) => expect(label.from).toBeGreaterThanOrEqual(inRow[index]?.to ?? 0));
  }
});

test('a moment within a span stands below its bar', () => {
  const items = axisItems(
    detail(true),
    [evidence('b', 'callsig', 0, { facts: { ev: 'begin' } }), evidence('m', 'callsig', 30_000, { peer: 'kin' })],
    60_000,
  );
  const placed = placeLane(items, { fromMs: 0, toMs: 60_000 }, 900, (item) => item.says.zh);
  expect(placed.map(({ item, row }) => [item.id, row])).toEqual([
    ['b', 0],
    ['m', 1],
  ]);
});
