import type { Reference, StreamEvent } from '@skyeye/contracts';
import type { Row } from '../row.ts';
import { copyOf } from './copies.ts';
import { countyOf, engineOf } from './county.ts';
import type { Part } from './part.ts';

const RESIDENTS = 1_000;
const LEARN_AT_ONCE = 50;

/**
 * How long anything waits while the state grows: the longest fold, and the longest taking of 50 reference records, until so
 * many keys are held. In this thread's own time, which other processes do not touch and the collector's own threads neither.
 */
export const pauses: Part = {
  name: 'pauses',
  run({ seconds, entities }) {
    const { references, events } = countyOf(seconds < 1 ? 30 : RESIDENTS, 1);
    const target = seconds < 1 ? 1 : entities;
    const engine = engineOf([]);
    const [folds, records] = [new Longest(), new Longest()];
    for (let copy = 0; engine.stats().keys < target || copy === 0; copy++) {
      const lane = String(copy);
      const known = references.map((record): Reference => copyOf(record, copy));
      for (let from = 0; from < known.length; from += LEARN_AT_ONCE) {
        const some = known.slice(from, from + LEARN_AT_ONCE);
        records.measure(() => engine.learn(some));
      }
      const own = events.map((event): StreamEvent => copyOf(event, copy));
      for (const event of own) folds.measure(() => engine.fold(event, lane));
    }
    const { keys, events: held } = engine.stats();
    const of = `until ${keys.toLocaleString('en-US')} keys, ${held.toLocaleString('en-US')} events`;
    return [folds.row('fold', of), records.row(`taking of ${LEARN_AT_ONCE} reference records`, of)];
  },
};

class Longest {
  #us = 0;
  #at = 0;
  #count = 0;

  measure(work: () => unknown): void {
    const before = process.threadCpuUsage();
    work();
    const { user, system } = process.threadCpuUsage(before);
    this.#count += 1;
    // What the first ones take is mostly compiling them.
    if (this.#count < 2_000 || user + system <= this.#us) return;
    [this.#us, this.#at] = [user + system, this.#count];
  }

  row(what: string, of: string): Row {
    const name = `engine: longest ${what} ${of} (number ${this.#at.toLocaleString('en-US')} of ${this.#count.toLocaleString('en-US')})`;
    return { name, value: this.#us / 1_000, unit: 'ms', ratio: null, aim: 50, less: true };
  }
}
