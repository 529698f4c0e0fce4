import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareEvents, type StreamEvent } from './event.ts';
import { MINUTE, T, transfer, valueOf } from './testing/evaluate.ts';

/** Few accounts, few amounts and few times, so that chains, ties and cycles are common. */
const accounts = ['K', 'A', 'B', 'C'];
const one = fc.record({
  minute: fc.nat(30),
  from: fc.nat(3),
  to: fc.nat(3),
  amt: fc.constantFrom(50, 80, 100),
  dir: fc.constantFrom('in', 'out'),
});
type One = typeof one extends fc.Arbitrary<infer E> ? E : never;

function eventsOf(drawn: readonly One[]): StreamEvent[] {
  return drawn.map(({ minute, from, to, amt, dir }, index) =>
    transfer(`e${String(index).padStart(2, '0')}`, T - minute * MINUTE, amt, {
      acct: accounts[from] ?? 'K',
      peer: accounts[to] ?? 'A',
      dir,
    }),
  );
}

type Step = (event: StreamEvent, previous: StreamEvent | undefined) => boolean;

/** All chains, tried one after the other: the reading of DOMAIN's rule 10. */
function someChain(events: readonly StreamEvent[], steps: readonly Step[], gapsMs: readonly number[], afterMs: number): boolean {
  const extend = (index: number, previous: StreamEvent | undefined): boolean =>
    events.some((event) => {
      if (previous !== undefined && (compareEvents(event, previous) <= 0 || event.t - previous.t > (gapsMs[index - 1] ?? 0))) return false;
      if (steps[index]?.(event, previous) !== true) return false;
      return index === steps.length - 1 ? event.t > afterMs : extend(index + 1, event);
    });
  return extend(0, undefined);
}

test('a sequence agrees with trying every chain', () => {
  const drawn = fc.array(one, { maxLength: 12 });
  fc.assert(
    fc.property(drawn, fc.nat(12), fc.nat(12), (list, gap1, gap2) => {
      const events = eventsOf(list.map((e) => ({ ...e, from: 0 })));
      const ordered = events.toSorted(compareEvents);
      const out: Step = (event) => event['dir'] === 'out';
      const joined: Step = (event, previous) => event['dir'] === 'in' && event['peer'] === previous?.['peer'];
      const rising: Step = (event, previous) => Number(event['amt']) > Number(previous?.['amt']);
      const formula = `seq(8m, fund[dir=out], ${gap1}m, fund[dir=in & peer=prev.peer], ${gap2}m, fund[amt>prev.amt])`;
      const wanted = someChain(ordered, [out, joined, rising], [gap1 * MINUTE, gap2 * MINUTE], T - 8 * MINUTE);
      expect(valueOf(formula, events)).toBe(wanted);
    }),
    { numRuns: 400 },
  );
});

/** All simple paths, tried one after the other. */
function shortestCycle(edges: readonly StreamEvent[], hops: number, ratio: number): number | null {
  let best: number | null = null;
  const walk = (account: string, reachedMs: number, least: number, length: number, seen: readonly string[]): void => {
    if (length >= hops) return;
    for (const edge of edges) {
      if (edge['acct'] !== account || edge.t < reachedMs || Number(edge['amt']) < least) continue;
      const peer = String(edge['peer']);
      if (peer === 'K') best = Math.min(best ?? length + 1, length + 1);
      else if (!seen.includes(peer)) walk(peer, edge.t, least, length + 1, [...seen, peer]);
    }
  };
  for (const edge of edges) {
    if (edge['acct'] === 'K') walk(String(edge['peer']), edge.t, ratio * Number(edge['amt']), 1, ['K', String(edge['peer'])]);
  }
  return best;
}

test('the shortest cycle agrees with trying every path', () => {
  fc.assert(
    fc.property(fc.array(one, { maxLength: 14 }), (list) => {
      const events = eventsOf(list.map((e) => ({ ...e, dir: 'out' })));
      expect(valueOf('cycle(4, 0.7, 24h)', events)).toBe(shortestCycle(events, 4, 0.7));
    }),
    { numRuns: 400 },
  );
});

test('values near one of them agree with comparing all pairs', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 15 }), (amounts) => {
      const events = amounts.map((amt, index) => transfer(`e${index}`, T - index, amt));
      const wanted = Math.max(0, ...amounts.map((x) => amounts.filter((y) => Math.abs(y - x) <= 0.2 * x).length));
      expect(valueOf('nearcount(fund.amt, 0.2, 1h)', events)).toBe(wanted);
    }),
  );
});

test('the order in which events arrive changes no value', () => {
  const formulas = [
    'sum(fund.amt, 20m)',
    'last(fund.amt, 20m)',
    'fifo_med(1h)',
    'taint(4, 1h)',
    'incrun(fund.amt, 1h)',
    'alt(fund[dir=out], fund[dir=in], 1h)',
  ];
  const drawn = fc.array(one, { minLength: 1, maxLength: 12 }).chain((list) => {
    const events = eventsOf(list);
    return fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }));
  });
  fc.assert(
    fc.property(drawn, ([events, shuffled]) => {
      for (const formula of formulas) expect(valueOf(formula, shuffled)).toBe(valueOf(formula, events));
    }),
  );
});
