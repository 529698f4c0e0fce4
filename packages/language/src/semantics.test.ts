import { expect, test } from 'vitest';
import { parseFire } from './fire.ts';
import { DAY, edge, event, HOUR, MINUTE, T, transfer, valueOf } from './testing/evaluate.ts';

const window = [transfer('a', T - HOUR, 1), transfer('b', T - HOUR + 1, 2), transfer('c', T, 4), transfer('d', T + 1, 8)];

test('a window excludes its start and includes its end and the current event', () => {
  const current = window[2];
  expect(current && valueOf('sum(fund[dir=out].amt, 1h)', window, { current })).toBe(6);
  expect(current && valueOf('sum(fund[dir=out].amt, 1h-)', window, { current })).toBe(2);
  expect(current && valueOf('sum(fund[dir=out].amt, 2h~1h)', window, { current })).toBe(1);
});

test('ties in time are ordered by id', () => {
  const tie = [transfer('a', T, 1), transfer('b', T, 2), transfer('z', T, 4)] as const;
  expect(valueOf('sum(fund.amt, 1h)', tie, { current: tie[1] })).toBe(3);
  expect(valueOf('sum(fund.amt, 1h-)', tie, { current: tie[1] })).toBe(1);
  expect(valueOf('sum(fund.amt, 1h)', tie, { current: tie[2] })).toBe(7);
});

test('ids are ordered by their UTF-8 bytes, not by UTF-16 units', () => {
  const tie = [transfer('x\u{1F600}', T, 1), transfer('x\uFF5E', T, 2)] as const;
  expect(valueOf('sum(fund.amt, 1h)', tie, { current: tie[1] })).toBe(2);
  expect(valueOf('sum(fund.amt, 1h)', tie, { current: tie[0] })).toBe(3);
});

test('a timer lies behind every event of its millisecond', () => {
  expect(valueOf('count(fund, 1h)', [transfer('\u{10FFFF}', T, 1)], { tMs: T })).toBe(1);
});

test.each([
  ['count(fund, 1h)', 0],
  ['sum(fund.amt, 1h)', 0],
  ['distinct(fund.peer, 1h)', 0],
  ['topcount(fund.peer, 1h)', 0],
  ['incrun(fund.amt, 1h)', 0],
  ['burst(fund, 1m, 1h)', 0],
  ['alt(fund[dir=in], fund[dir=out], 1h)', 0],
  ['nearcount(fund.amt, 0.1, 1h)', 0],
  ['depth(3, 30m, 0.7, 2h)', 0],
  ['scatter_gather(1h)', 0],
  ['copayee(1h)', 0],
  ['taint(4, 1h)', 0],
  ['days(fund, 1h)', 0],
  ['shared_black(device, 1h)', 0],
  ['exists(fund, 1h)', false],
  ['open(rctl[ev=share_start], rctl[ev=share_stop], sid, 1h)', false],
  ['seq(1h, fund[dir=in], 1h, fund[dir=out])', false],
  ['avg(fund.amt, 1h)', null],
  ['min(fund.amt, 1h)', null],
  ['max(fund.amt, 1h)', null],
  ['std(fund.amt, 1h)', null],
  ['last(fund.amt, 1h)', null],
  ['first(fund.amt, 1h)', null],
  ['since(fund, 1h)', null],
  ['q(fund.amt, 0.5, 1h)', null],
  ['entropy(fund.peer, 1h)', null],
  ['topshare(fund.peer, 1h)', null],
  ['openfor(rctl[ev=share_start], rctl[ev=share_stop], sid, 1h)', null],
  ['gapcv(fund, 1h)', null],
  ['seqdial(call.peer, 1h)', null],
  ['fifo_med(1h)', null],
  ['fifo_share(30m, 1h)', null],
  ['hops_black(3, 1h)', null],
  ['hops_victim(3, 1h)', null],
  ['cycle(4, 0.7, 1h)', null],
  ['sum(fund.amt, 1h) / count(fund, 1h)', null],
  ['dim.age >= 60', null],
  ['dim.age >= 60 || true', true],
  ['dim.age >= 60 && false', false],
  ['dim.age >= 60 && true', null],
  ['if(dim.age >= 60, 1, 2)', null],
  ['b2i(dim.age >= 60)', 0],
  ['known(dim.age)', false],
  ['coalesce(dim.age, 7)', 7],
  ['max2(dim.age, 7)', null],
  ['dim.age + 1', null],
  ['!(dim.age == 1)', null],
  ['count(fund, @cur.start_t)', null],
] as const)('on no match %s is %s', (formula, value) => {
  expect(valueOf(formula, [])).toBe(value);
});

test('a key that is not covered gives null, not zero, and null never fires', () => {
  const coverage = (_type: string, _key: string, stream: string): boolean => stream !== 'app';
  expect(valueOf('count(app, 1h)', [], { entityType: 'phone', coverage })).toBeNull();
  expect(valueOf('seq(1h, web, 1h, app)', [], { entityType: 'phone', coverage })).toBeNull();
  expect(valueOf('count(web, 1h)', [], { entityType: 'phone', coverage })).toBe(0);
  expect(parseFire('>=0')(null)).toBe(false);
  expect(parseFire('==false')(null)).toBe(false);
});

test('a field that is not known passes neither a filter nor its negation', () => {
  const events = [event('a', 'call', T, { phone: 'K', answered: null, dur_s: 5 })];
  expect(valueOf('count(call[answered], 1h)', events, { entityType: 'phone' })).toBe(0);
  expect(valueOf('count(call[!answered], 1h)', events, { entityType: 'phone' })).toBe(0);
  expect(valueOf('count(call[answered | dur_s>=1], 1h)', events, { entityType: 'phone' })).toBe(1);
  expect(valueOf('count(call, 1h)', events, { entityType: 'phone' })).toBe(1);
});

test('quantiles take the nearest rank, deviation is of the population', () => {
  const events = [50, 40, 30, 20, 10].map((amt, index) => transfer(`q${index}`, T - index * MINUTE, amt));
  expect(valueOf('q(fund.amt, 0.95, 1h)', events)).toBe(50);
  expect(valueOf('q(fund.amt, 0.5, 1h)', events)).toBe(30);
  expect(valueOf('incrun(fund.amt, 1h)', events)).toBe(5);
  expect(valueOf('std(fund.amt, 1h)', events)).toBeCloseTo(14.142135, 5);
  expect(valueOf('topcount(fund.peer, 1h)', events)).toBe(5);
  expect(valueOf('nearcount(fund.amt, 0.3, 1h)', events)).toBe(3);
  expect(valueOf('entropy(fund.acct, 1h)', events)).toBe(-0);
});

test('a sequence is strictly ordered, gaps count to their end, its last element lies in the window', () => {
  const events = [event('a', 'call', T - 30 * MINUTE, { phone: 'K', dir: 'in' }), event('b', 'app', T, { phone: 'K', ev: 'install' })];
  const reversed = [event('b', 'app', T - 30 * MINUTE, { phone: 'K', ev: 'install' }), event('a', 'call', T, { phone: 'K', dir: 'in' })];
  const at = { entityType: 'phone' } as const;
  expect(valueOf('seq(10m, call[dir=in], 30m, app[ev=install])', events, at)).toBe(true);
  expect(valueOf('seq(10m, call[dir=in], 29m, app[ev=install])', events, at)).toBe(false);
  expect(valueOf('seq(10m, call[dir=in], 30m, app[ev=install])', reversed, at)).toBe(false);
  expect(valueOf('seq(5wd, call[dir=in], 30m, app[ev=install])', events, at)).toBe(true);
});

test('prev joins an element to the one before it, which need not be the nearest', () => {
  const call = (id: string, t: number, dir: string, peer: string) => event(id, 'call', t, { phone: 'K', dir, peer });
  const formula = 'seq(10m, call[dir=in], 10m, call[dir=out & peer=prev.peer])';
  expect(valueOf(formula, [call('a', T - 5 * MINUTE, 'in', 'X'), call('b', T, 'out', 'Y')], { entityType: 'phone' })).toBe(false);
  const joined = [call('a', T - 5 * MINUTE, 'in', 'Y'), call('b', T - 4 * MINUTE, 'in', 'X'), call('c', T, 'out', 'Y')];
  expect(valueOf(formula, joined, { entityType: 'phone' })).toBe(true);
});

test('a sequence over ten thousand events of a busy key ends', () => {
  const events = Array.from({ length: 10_000 }, (_, index) =>
    transfer(`e${String(index).padStart(5, '0')}`, T - 10_000 + index, 100, { peer: 'P' }),
  );
  const four = 'seq(1h, fund[dir=out], 1h, fund[dir=out & peer=prev.peer], 1h, fund[dir=out], 1h, fund[dir=in])';
  expect(valueOf(four, [...events, transfer('z', T, 5, { dir: 'in' })])).toBe(true);
  expect(valueOf(four.replace('dir=in]', 'dir=in & amt>=9y]'), [...events, transfer('z', T, 5, { dir: 'in' })])).toBe(false);
});

test('open asks for an A without a later B of the same field', () => {
  const share = (id: string, t: number, ev: string, sid: string) => event(id, 'rctl', t, { phone: 'K', ev, sid });
  const events = [
    share('a', T - 20 * MINUTE, 'share_start', '1'),
    share('b', T - 10 * MINUTE, 'share_stop', '1'),
    share('c', T - 5 * MINUTE, 'share_start', '2'),
  ];
  expect(valueOf('openfor(rctl[ev=share_start], rctl[ev=share_stop], sid, 4h)', events, { entityType: 'phone' })).toBe(5 * MINUTE);
  expect(valueOf('open(rctl[ev=share_start], rctl[ev=share_stop], sid, 4h)', events.slice(0, 2), { entityType: 'phone' })).toBe(false);
});

test('debits consume the oldest credit first', () => {
  const events = [
    transfer('a', T - 60 * MINUTE, 100, { dir: 'in', peer: 'S' }),
    transfer('b', T - 20 * MINUTE, 100, { dir: 'in', peer: 'S2' }),
    transfer('c', T - 10 * MINUTE, 150),
  ];
  expect(valueOf('fifo_share(30m, 24h)', events)).toBe(0.25);
  expect(valueOf('fifo_med(24h)', events)).toBe(50 * MINUTE);
});

test('alternation and bursts', () => {
  const events = [
    transfer('a', T - 50 * MINUTE, 1),
    transfer('b', T - 40 * MINUTE, 1, { dir: 'in' }),
    transfer('c', T - 30 * MINUTE, 1),
    transfer('d', T - 20 * MINUTE, 1),
    transfer('e', T - 10 * MINUTE, 1, { dir: 'in' }),
  ];
  expect(valueOf('alt(fund[dir=out], fund[dir=in], 72h)', events)).toBe(2);
  expect(valueOf('burst(fund, 20m, 2h)', events)).toBe(2);
});

test('five working days before a Wednesday noon begin on Thursday at 00:00 in Shanghai', () => {
  const noon = Date.UTC(2026, 8, 16, 4);
  const begin = Date.UTC(2026, 8, 9, 16);
  const events = [event('b', 'acct', begin, { acct: 'K', ev: 'open' }), event('a', 'acct', begin - 1, { acct: 'K', ev: 'open' })];
  expect(valueOf('count(acct[ev=open], 5wd)', events, { tMs: noon })).toBe(1);
});

const chain = [
  ...edge('1', T - 60 * MINUTE, 'V', 'A', 100, { victim: true }),
  ...edge('2', T - 50 * MINUTE, 'U', 'A', 100),
  ...edge('3', T - 40 * MINUTE, 'A', 'B', 150),
  ...edge('4', T - 30 * MINUTE, 'B', 'C', 150, { black: 2 }),
];

test.each([
  ['hops_black(3, 72h)', 'A', 2],
  ['hops_black(1, 72h)', 'A', null],
  ['hops_victim(4, 24h)', 'B', 2],
  ['hops_victim(4, 24h)', 'C', 3],
  ['taint(4, 24h)', 'A', 100],
  ['taint(4, 24h)', 'B', 100],
  ['taint(4, 24h)', 'C', 100],
  ['depth(6, 30m, 0.6, 2h)', 'C', 3],
] as const)('on a chain of transfers %s of %s is %s', (formula, key, value) => {
  expect(valueOf(formula, chain, { key })).toBe(value);
});

test('a cycle is found at its least length and only above the ratio', () => {
  const events = [
    ...edge('1', T - 60 * MINUTE, 'K', 'A', 100),
    ...edge('2', T - 50 * MINUTE, 'A', 'B', 90),
    ...edge('3', T - 40 * MINUTE, 'B', 'K', 80),
  ];
  expect(valueOf('cycle(4, 0.7, 24h)', events)).toBe(3);
  expect(valueOf('cycle(4, 0.85, 24h)', events)).toBeNull();
  expect(valueOf('cycle(2, 0.7, 24h)', events)).toBeNull();
});

test('scatter and gather counts the intermediaries of one sink', () => {
  const events = [0, 1, 2].flatMap((index) => [
    ...edge(`s${index}`, T - 60 * MINUTE + index, 'K', `I${index}`, 10),
    ...edge(`t${index}`, T - 30 * MINUTE + index, `I${index}`, 'Z', 9),
  ]);
  expect(valueOf('scatter_gather(24h)', events)).toBe(3);
});

test('of reads another key at the same as-of point', () => {
  const events = [transfer('a', T - DAY * 2, 5, { acct: 'P', dir: 'in', peer: 'X', peer_victim: false }), transfer('b', T, 5)] as const;
  expect(valueOf('of(acct=cur.peer, distinct(fund[dir=in & !peer_victim].peer, 181d~1d))', events, { current: events[1] })).toBe(1);
});

test('order of arrival and doubled events change nothing, and forgetting drops only what is old', async () => {
  const { History } = await import('./history.ts');
  const history = new History({ aliases: { fund: ['bank', 'pay'] } });
  const events = [transfer('c', T, 3), transfer('a', T - DAY, 1), transfer('b', T, 2), transfer('c', T, 99)];
  expect(events.map((one) => history.add(one))).toEqual([true, true, true, false]);
  expect(history.events('acct', 'K').map((one) => one.id)).toEqual(['a', 'b', 'c']);
  history.forgetBefore(T - DAY);
  expect(history.events('acct', 'K').map((one) => one.id)).toEqual(['b', 'c']);
  expect(history.size).toBe(2);
});
