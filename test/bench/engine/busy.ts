import { timesRow } from '../row.ts';
import { busyOf } from './busy-keys.ts';
import { countyOf, engineOf, foldMicroseconds } from './county.ts';
import type { Part } from './part.ts';

/** Five keys of each kind take half of the events. */
export const busy: Part = {
  name: 'busy',
  run({ seconds }) {
    const { references, events } = seconds < 1 ? countyOf(100, 1) : countyOf(3_000, 3, 100_000);
    const crowded = busyOf(events);
    let [uniform, hot] = [Infinity, Infinity];
    const endMs = performance.now() + seconds * 1_000;
    // In turns, so that a noisy neighbour disturbs both; the second half of each, when programs are compiled.
    const half = events.length >> 1;
    do {
      for (const [index, list] of [events, crowded].entries()) {
        const engine = engineOf(references);
        foldMicroseconds(engine, list.slice(0, half));
        const took = foldMicroseconds(engine, list.slice(half));
        if (index === 0) uniform = Math.min(uniform, took);
        else hot = Math.min(hot, took);
      }
    } while (performance.now() < endMs);
    return [
      { name: 'engine: fold without JSON, keys as in the county', value: uniform, unit: 'µs/event', ratio: null, aim: 10, less: true },
      timesRow('engine: five keys have half of the events, against that', hot / uniform, 1.2, true),
    ];
  },
};
