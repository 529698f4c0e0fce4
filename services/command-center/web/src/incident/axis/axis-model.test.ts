import type { Action, EvidenceItem, IncidentDetail } from '@skyeye/contracts';
import { expect, test } from 'vitest';
import { placeLane, textWidth } from './axis-layout.ts';
import { axisSays, shortLabel } from './axis-words.ts';
import { zh } from '../../texts/zh.ts';
import { axisItems, episodeRange, mergeEvidence, shifted, ticks, wholeRange, zoomed } from './axis-model.ts';

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
const MINUTE = 60_000;
const open = (level: string, actions: readonly Action[] = []): IncidentDetail =>
  ({ level, state: 'CREATED', live: { call: true, share: false, payment: false }, actions, tasks: [] }) as unknown as IncidentDetail;
const act = (seq: number, kind: Action['kind'], atMs: number): Action => ({
  seq,
  incidentId: 'i',
  kind,
  atMs,
  by: 'dispatcher',
  says: { zh: kind, en: kind },
  facts: {},
});
const paid = (id: string, t: number, facts: EvidenceItem['facts']): EvidenceItem =>
  evidence(id, 'pay', t, { amountFen: 17_100, peer: id, facts: { dir: 'out', ...facts } });
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
  const placed = placeLane(items, { fromMs: 0, toMs: 60_000 }, 900, ([item]) => item?.says.zh ?? '');
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
  const placed = placeLane(items, { fromMs: 0, toMs: 60_000 }, 900, ([item]) => item?.says.zh ?? '');
  expect(placed.map(({ item, row }) => [item.id, row])).toEqual([
    ['b', 0],
    ['m', 1],
  ]);
});

test('red is a payment to a stranger and an unknown caller on the line, under an open P1 and nowhere else', () => {
  const all = [
    evidence('line', 'callsig', 100, { peer: 'x', facts: { ev: 'begin', rel: 'unknown' } }),
    evidence('son', 'call', 300, { peer: 'son', startMs: 200, facts: { rel: 'kin' } }),
    paid('stranger', 400, { rel: 'none', np180p: true }),
    paid('landlord', 410, { rel: 'unknown', np180p: false }),
    paid('daughter', 420, { rel: 'kin' }),
    paid('own', 430, { rel: 'self' }),
    paid('shop', 440, { rel: 'none', np180p: true, peer_kind: 'merchant' }),
  ];
  const tones = (detail: IncidentDetail): Record<string, string> =>
    Object.fromEntries(axisItems(detail, all, 900).map(({ id, tone }) => [id, tone]));
  const quiet = { son: 'soft', landlord: 'soft', daughter: 'soft', own: 'P4', shop: 'soft' };
  expect(tones(open('P1'))).toEqual({ line: 'P1', stranger: 'P1', ...quiet });
  expect(tones(open('P3'))).toEqual({ line: 'P2', stranger: 'P2', ...quiet });
});

test('the axis begins with what led to the alert, not with a habitual payment an hour before', () => {
  const at = (minute: number): number => minute * MINUTE;
  const items = axisItems(
    open('P1', [act(1, 'created', at(100))]),
    [
      evidence('yesterday', 'app', at(5)),
      paid('shop', at(40), { np180p: false }),
      evidence('call', 'call', at(80), { startMs: at(71) }),
      evidence('share', 'rctl', at(99)),
    ],
    at(110),
  );
  const range = episodeRange(items, at(110));
  expect(range.fromMs).toBeGreaterThan(at(69));
  expect(range.fromMs).toBeLessThan(at(71));
  expect(wholeRange(items, at(110)).fromMs).toBeLessThan(at(5));
});

test('our own acts within a minute are one mark, and all of them can be reached', () => {
  const burst = [act(1, 'created', 0), act(2, 'task_sent', 1_000), act(3, 'task_sent', 2_000), act(4, 'signed', 300_000)];
  const placed = placeLane(axisItems(open('P1', burst), [], 600_000), { fromMs: 0, toMs: 600_000 }, 900, () => '');
  expect(placed.map(({ members }) => members.length)).toEqual([3, 1]);
});

test('positions one after the other are one, with how many and the last cell; another thing of the lane parts them', () => {
  const position = (id: string, minute: number): EvidenceItem =>
    evidence(id, 'loc', minute * MINUTE, { says: { zh: '位置更新', en: 'position' }, facts: { ev: 'cell', cell: `3715-${id}` } });
  const items = axisItems(
    open('P1', [act(1, 'signed', 3 * MINUTE)]),
    [
      position('1', 0),
      position('2', 2),
      evidence('call', 'call', 3 * MINUTE),
      position('3', 4),
      evidence('hotel', 'loc', 5 * MINUTE, { says: { zh: '进入宾馆', en: 'entered a hotel' } }),
      position('4', 6),
    ],
    10 * MINUTE,
  );
  expect(items.map(({ id, toMs, times, place }) => [id, toMs / MINUTE, times, place])).toEqual([
    ['1', 4, 3, '3715-3'],
    ['action:1', 3, 1, null],
    ['call', 3, 1, null],
    ['hotel', 5, 1, null],
    ['4', 6, 1, '3715-4'],
  ]);
  const [folded] = items;
  expect(folded === undefined ? '' : axisSays(folded, { texts: zh, language: 'zh' })).toBe('位置更新 ×3 · 末次基站 3715-3');
});

test('a payment that the bank delays is not called a hold', () => {
  const label = (outcome: string): string =>
    shortLabel(axisItems(open('P1', [{ ...act(1, 'hold_placed', 0), facts: { outcome } }]), [], 1), {
      texts: zh,
      language: 'zh',
      nowMs: 1,
    });
  expect(['delay', 'hold', 'fuse'].map(label)).toEqual(['延时到账', '银行暂缓', '熔断']);
});
