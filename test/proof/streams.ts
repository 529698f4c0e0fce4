import { COMMON_FIELDS, SOURCES, type Field, type StreamEvent, type StreamName, type Value } from '@skyeye/contracts';
import type { Draw } from './draw.ts';
import { ID_WORDS, TEXT_WORDS } from './grammar.ts';

const DAY_MS = 86_400_000;
export const START_MS = 1_789_374_840_000;
/** Whole windows, one millisecond beside them, and years. */
const STEPS_MS = [
  0,
  0,
  0,
  1,
  999,
  1000,
  1001,
  60_000,
  59_999,
  600_000,
  1_800_000,
  3_600_000,
  3_600_001,
  7_200_000,
  DAY_MS,
  DAY_MS - 1,
  DAY_MS + 1,
  7 * DAY_MS,
  31 * DAY_MS,
  180 * DAY_MS,
  187 * DAY_MS,
  700 * DAY_MS,
];
const SMALL_STEPS_MS = [0, 0, 1, 1000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000];
const AMOUNTS = [1, 99, 100, 99_900, 500_000, 500_000, 999_900, 1_000_000, 1_000_000, 5_000_000];
const COUNTS = [0, 1, 2, 3, 9, 10, 59, 60, 61, 600, 900];
const KEYS: Readonly<Record<string, readonly string[]>> = {
  phone: ['n_1', 'n_2', '13800000001', '13800000031'],
  acct: ['a_1', 'a_2', 'a_3', 'a_4'],
  person: ['p_1', 'p_2'],
  device: ['x_1', 'x_2'],
};

function valueFor(draw: Draw, field: Field, name: string, t: number): Value {
  switch (field.type) {
    case 'bool':
      return draw.below(3) > 0;
    case 'enum':
      return draw.pick(field.values);
    case 'str':
      return draw.pick(['371500', '', ...TEXT_WORDS]);
    case 'id':
      if (name === 'peer') return draw.pick(draw.oneIn(4) ? ['n_1', '13800000001', '13800000011'] : (KEYS['acct'] as readonly string[]));
      return draw.pick(KEYS[field.of] ?? ID_WORDS);
    case 'ms':
      return t - draw.pick(SMALL_STEPS_MS);
    default: {
      if (draw.oneIn(25)) return draw.pick([field.min, field.max]);
      const drawn =
        field.type === 'fen'
          ? draw.pick(AMOUNTS)
          : field.type === 'int'
            ? draw.pick(COUNTS)
            : field.max <= 1
              ? draw.below(11) / 10
              : draw.pick(COUNTS) / 7;
      return Math.min(field.max, Math.max(field.min, drawn));
    }
  }
}

function eventAt(draw: Draw, stream: StreamName, t: number, id: string): StreamEvent {
  const event: Record<string, Value> & { stream: StreamName; id: string; t: number } = { stream, id, t };
  for (const [name, field] of Object.entries({ ...COMMON_FIELDS, ...SOURCES[stream].fields })) {
    // Most raw fields are there; of the stamps most are left to the engine.
    if (name === 'it' || draw.below(10) < (field.origin === 'R' || name === 'phone' || name === 'acct' ? 1 : 7)) continue;
    if (field.nullable && draw.oneIn(12)) event[name] = null;
    else event[name] = valueFor(draw, field, name, t);
  }
  return event;
}

/** A transfer as both sides report it. */
function transferAt(draw: Draw, stream: 'bank' | 'pay', t: number, id: string): StreamEvent[] {
  const [from, to] = [draw.pick(KEYS['acct'] as readonly string[]), draw.pick(KEYS['acct'] as readonly string[])];
  const both = { st: draw.oneIn(8) ? 'fail' : 'ok', amt: draw.pick(AMOUNTS), txid: id };
  const out: StreamEvent = { ...eventAt(draw, stream, t, `${id}o`), ...both, dir: 'out', acct: from, peer: to };
  const credit: StreamEvent = {
    ...eventAt(draw, stream, t + draw.pick([0, 0, 1000, 60_000]), `${id}i`),
    ...both,
    dir: 'in',
    acct: to,
    peer: from,
  };
  return draw.oneIn(5) ? [draw.pick([out, credit])] : [out, credit];
}

/**
 * Events of the streams in the order of their arrival: ties, equal ids, late ones, whole windows between them, years of
 * nothing, the least and the greatest amounts. Few keys; `busy`: nearly everything happens to one, and quickly.
 */
export function randomEvents(draw: Draw, streams: readonly string[], length: number, busy: boolean): StreamEvent[] {
  const events: StreamEvent[] = [];
  const calm = busy || draw.oneIn(2);
  let t = START_MS + draw.below(3) * 3_600_000;
  for (let index = 0; index < length; index++) {
    t += calm || draw.oneIn(2) ? draw.pick(SMALL_STEPS_MS) : draw.pick(STEPS_MS);
    const at = draw.oneIn(6) ? t - draw.pick(draw.oneIn(3) ? STEPS_MS : SMALL_STEPS_MS) : t;
    // Ids decide between ties: bytes of UTF-8, not units of UTF-16.
    const id = `${draw.pick(['S1:', 'S9:', 'S1:\uFF5E', 'S1:\u{1F600}'])}${draw.below(100)}:${index}`;
    const stream = draw.pick(streams) as StreamName;
    if (index > 2 && draw.oneIn(15)) {
      const again = events[draw.below(events.length)] as StreamEvent;
      events.push(draw.oneIn(3) ? { ...eventAt(draw, stream, at, id), id: again.id } : { ...again });
    } else if ((stream === 'bank' || stream === 'pay') && !draw.oneIn(3)) events.push(...transferAt(draw, stream, at, id));
    else events.push(eventAt(draw, stream, at, id));
    if (busy && !draw.oneIn(8)) events.push({ ...(events.pop() as StreamEvent), phone: 'n_1', acct: 'a_1', person: 'p_1' });
  }
  return events;
}
