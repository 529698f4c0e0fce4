import { officialHolidays } from '@skyeye/catalogue';
import type { StreamEvent, StreamName, Value } from '@skyeye/contracts';
import { FastEngine, HistoryEngine } from '@skyeye/engine';
import { planFor } from './proof-case.ts';
import { START_MS } from './streams.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A value that the semantics fixes, at the newest of some events: what a comparison of two engines with one mistake cannot see. */
export interface Bound {
  readonly says: string;
  readonly key: 'phone' | 'acct';
  readonly formula: string;
  readonly events: readonly StreamEvent[];
  readonly value: Value;
}

type Fields = Readonly<Record<string, Value>>;

/** Events of one stream at times before the last, each with an id that orders ties as written. */
function at(stream: StreamName, fields: Fields, ...beforeMs: readonly number[]): StreamEvent[] {
  return beforeMs.map((ms, index) => ({ ...fields, stream, id: `S:${String(index).padStart(4, '0')}`, t: START_MS - ms }));
}

const CALL: Fields = { phone: 'n_1', person: 'p_1', peer: 'n_9', dir: 'out' };
const PAID: Fields = { acct: 'a_1', person: 'p_1', peer: 'a_9', dir: 'out', st: 'ok', amt: 1000 };
const GOT: Fields = { ...PAID, dir: 'in', rel: 'none' };
const LOGIN: Fields = { acct: 'a_1', person: 'p_1', device: 'x_1', ev: 'login' };

const bound = (says: string, formula: string, value: Value, events: readonly StreamEvent[]): Bound => ({
  says,
  key: events[0]?.['acct'] === undefined ? 'phone' : 'acct',
  formula,
  events,
  value,
});

/** Stamps that look back over (t − 180 d, t − 24 h]. */
const LAST_SEEN: readonly Bound[] = (
  [
    ['call', CALL, 'count(call[np180], 365d)'],
    ['bank', PAID, 'count(bank[np180], 365d)'],
    ['pay', PAID, 'count(fund[np180p], 365d)'],
  ] as const
).flatMap(([stream, fields, formula]) => [
  bound(`${stream}: a contact a millisecond under 24 h ago leaves the next one new`, formula, 2, at(stream, fields, DAY_MS - 1, 0)),
  bound(`${stream}: a contact exactly 24 h ago makes the next one known`, formula, 1, at(stream, fields, DAY_MS, 0)),
  bound(`${stream}: a contact a millisecond under 180 d ago makes the next one known`, formula, 1, at(stream, fields, 180 * DAY_MS - 1, 0)),
  bound(`${stream}: a contact exactly 180 d ago is forgotten`, formula, 2, at(stream, fields, 180 * DAY_MS, 0)),
]);

const unknownAnswer = { ...CALL, answered: null };
const black = { ...PAID, peer_black: 3 };
/** A transfer to a listed account, and so many others behind it. */
const behind = (count: number): StreamEvent[] => [
  ...at('bank', black, 2 * HOUR_MS),
  ...Array.from({ length: count }, (_, index): StreamEvent => ({
    ...PAID,
    peer_black: 0,
    stream: 'bank',
    id: `T:${index}`,
    t: START_MS - count + 1 + index,
  })),
];

export const BOUNDS: readonly Bound[] = [
  ...LAST_SEEN,
  bound(
    'a device seen exactly 24 h ago is known',
    'last(acct.known_dev, 1h) == last(acct.known_dev, 1h) && exists(acct[known_dev], 1h)',
    true,
    at('acct', LOGIN, DAY_MS, 0),
  ),
  bound('a device seen a millisecond under 24 h ago is not known', 'exists(acct[known_dev], 1h)', false, at('acct', LOGIN, DAY_MS - 1, 0)),
  bound('an event as old as the window is outside', 'count(call, 1h)', 1, at('call', CALL, HOUR_MS, 0)),
  bound('an event a millisecond younger than the window is inside', 'count(call, 1h)', 2, at('call', CALL, HOUR_MS - 1, 0)),
  bound('the current event counts', 'count(call, 1s)', 1, at('call', CALL, 0)),
  bound('a window with a minus is without the current event', 'count(call, 1h-)', 1, at('call', CALL, SECOND_MS, 0)),
  bound('a tie ordered before the current event counts in a window with a minus', 'count(call, 1h-)', 1, at('call', CALL, 0, 0)),
  bound('a window between ends inclusive', 'count(call, 2h~1h)', 1, at('call', CALL, HOUR_MS, 0)),
  bound('a window between starts exclusive', 'count(call, 2h~1h)', 0, at('call', CALL, 2 * HOUR_MS, 0)),
  bound('not of an unknown is unknown and passes nothing', 'count(call[!answered], 1h)', 0, at('call', unknownAnswer, 0)),
  bound('a comparison with an unknown passes nothing', 'count(call[dur_s<=5 | dur_s>5], 1h)', 0, at('call', CALL, 0)),
  bound('the mean of nothing is null', 'avg(call.dur_s, 1h)', null, at('call', CALL, 0)),
  bound('an unknown value is no zero', 'min(call.dur_s, 1h)', null, at('call', CALL, 0)),
  bound('the sum of nothing is 0', 'sum(call.dur_s, 1h)', 0, at('call', CALL, 0)),
  bound('a quotient by zero is null', 'count(call, 1h) / count(sms, 1h)', null, at('call', CALL, 0)),
  bound('true or unknown is true', 'exists(call, 1h) || null', true, at('call', CALL, 0)),
  bound('false or unknown is unknown', 'exists(sms, 1h) || null', null, at('call', CALL, 0)),
  bound('a gap of a sequence is inclusive', 'seq(1h, call, 10m, call)', true, at('call', CALL, 600_000, 0)),
  bound('a millisecond over the gap breaks a sequence', 'seq(1h, call, 10m, call)', false, at('call', CALL, 600_001, 0)),
  bound('one event is no sequence', 'seq(1h, call, 10m, call)', false, at('call', CALL, 0)),
  bound('an earlier element of a sequence may be older than the window', 'seq(1m, call, 10m, call)', true, at('call', CALL, 600_000, 0)),
  bound('a burst is shorter than its duration', 'burst(call, 1h, 24h)', 1, at('call', CALL, HOUR_MS, 0)),
  bound('since is in milliseconds', 'since(call, 1h-)', 5000, at('call', CALL, 5000, 0)),
  bound(
    'a quantile is the nearest rank',
    'q(bank.amt, 0.5, 1h)',
    1,
    at('bank', PAID, 2000, 1000, 0).map((event, index) => ({ ...event, amt: index === 2 ? 100 : 1 })),
  ),
  bound(
    "a deviation is the population's",
    'std(bank.amt, 1h)',
    50,
    at('bank', PAID, 1000, 0).map((event, index) => ({ ...event, amt: 100 + 100 * index })),
  ),
  bound('a listed payee is among the latest 200 edges', 'hops_black(1, 31d)', 1, behind(199)),
  bound('a listed payee behind 200 edges is out of reach', 'hops_black(1, 31d)', null, behind(200)),
  bound('money that left before it came leads nowhere', 'hops_black(2, 31d)', null, [
    ...at('bank', { ...black, acct: 'a_2' }, HOUR_MS),
    { ...PAID, peer: 'a_2', peer_black: 0, stream: 'bank', id: 'S:9', t: START_MS },
  ]),
  bound('money that left when it came leads on', 'hops_black(2, 31d)', 2, [
    { ...PAID, peer: 'a_2', peer_black: 0, stream: 'bank', id: 'S:8', t: START_MS - 1 },
    { ...black, acct: 'a_2', stream: 'bank', id: 'S:9', t: START_MS },
    { ...PAID, peer_black: 0, stream: 'bank', id: 'S:99', t: START_MS },
  ]),
  bound('equal values do not rise', 'incrun(bank.amt, 1h)', 1, at('bank', PAID, 1000, 0)),
  bound('a time since is in milliseconds wherever the window begins', 'since(bank[amt>=cur.amt], 1h-)', 5000, at('bank', PAID, 5000, 0)),
  bound('money that left exactly in time counts', 'fifo_share(10m, 24h)', 1, [
    ...at('bank', GOT, 600_000),
    { ...PAID, stream: 'bank', id: 'S:9', t: START_MS },
  ]),
  bound('money that left a millisecond late does not', 'fifo_share(10m, 24h)', 0, [
    ...at('bank', GOT, 600_001),
    { ...PAID, stream: 'bank', id: 'S:9', t: START_MS },
  ]),
  bound("an unknown relation is a stranger's", 'count(bank[stranger], 1h)', 1, at('bank', { ...PAID, rel: 'unknown' }, 0)),
];

/** What the engines say otherwise, in words; nothing when all is as it should be. */
export function brokenBounds(bounds: readonly Bound[] = BOUNDS): readonly string[] {
  return bounds.flatMap(({ says, key, formula, events, value }) => {
    const streams = [...new Set(events.map(({ stream }) => stream))];
    const plan = planFor([{ key, triggers: streams.map((stream) => ({ stream, dir: null })), timer: false, formula }]);
    return ([FastEngine, HistoryEngine] as const).flatMap((Kind) => {
      const engine = new Kind({ plan, holidays: officialHolidays(), scope: 'all' });
      const last = events.at(-1) as StreamEvent;
      engine.ingest(events.slice(0, -1));
      const asked = engine.peek(last).evaluations;
      const folded = engine.ingest([last])[0]?.evaluations ?? [];
      return [asked, folded].flatMap((evaluations, index) => {
        const found = evaluations.find(({ eventId }) => eventId === last.id)?.value;
        return Object.is(found, value)
          ? []
          : [`${says}: ${Kind.name} ${index === 0 ? 'answers' : 'folds to'} ${String(found)}, wanted ${String(value)}`];
      });
    });
  });
}
