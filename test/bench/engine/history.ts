import { timesRow } from '../row.ts';
import { countyOf, DAY_MS, engineOf, foldMicroseconds, heldBytes } from './county.ts';
import type { Part } from './part.ts';

/** Bytes that a key holds after a month, and what a month of history costs an event. */
export const history: Part = {
  name: 'history',
  run({ seconds }) {
    const days = seconds < 1 ? 3 : 30;
    const { references, events } = countyOf(seconds < 1 ? 30 : seconds < 5 ? 300 : 1_000, days);
    const startMs = events.reduce((least, { t }) => Math.min(least, t), Infinity);
    const untilMs = startMs + (days - 1) * DAY_MS;
    const before = events.filter(({ t }) => t < untilMs);
    const dayBefore = before.filter(({ t }) => t >= untilMs - DAY_MS);
    const last = events.filter(({ t }) => t >= untilMs);
    const empty = heldBytes();
    const long = engineOf(references);
    const withReferences = heldBytes();
    foldMicroseconds(long, before);
    const held = heldBytes();
    const { keys } = long.stats();
    const slabs = long.bytes;
    const short = engineOf(references);
    foldMicroseconds(short, dayBefore);
    // Slices in turns: a busy neighbour disturbs both.
    let [inLong, inShort] = [0, 0];
    const slice = Math.max(50, Math.ceil(last.length / 40));
    for (let from = 0; from < last.length; from += slice) {
      const part = last.slice(from, from + slice);
      const first = (from / slice) % 2 === 0;
      if (first) inLong += foldMicroseconds(long, part) * part.length;
      inShort += foldMicroseconds(short, part) * part.length;
      if (!first) inLong += foldMicroseconds(long, part) * part.length;
    }
    return [
      {
        name: `engine: slabs per key after ${days} days (${keys.toLocaleString('en-US')} keys)`,
        value: slabs / keys,
        unit: 'B',
        ratio: null,
        aim: 700,
        less: true,
      },
      {
        name: `engine: all that the process holds, per key after ${days} days`,
        value: (held - empty) / keys,
        unit: 'B',
        ratio: null,
        aim: 700,
        less: true,
      },
      {
        name: 'engine: of that the events alone, without reference data, per event',
        value: (held - withReferences) / before.length,
        unit: 'B',
        ratio: null,
        aim: 400,
        less: true,
      },
      {
        name: `engine: an event after ${days} days of history`,
        value: inLong / last.length,
        unit: 'µs/event',
        ratio: null,
        aim: 10,
        less: true,
      },
      timesRow(`engine: ${days} days of history against 1, time per event`, inLong / inShort, 1.3, true),
    ];
  },
};
