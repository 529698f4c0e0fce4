import type { FastPlan } from './fast-plan.ts';

/** Newest event time by lane and stream, ms. A lane is a partition: one read behind another is not late. */
export class Watermarks {
  readonly #plan: FastPlan;
  readonly #lanes = new Map<string, Float64Array>();

  constructor(plan: FastPlan) {
    this.#plan = plan;
  }

  /** Those of a lane, by number of the stream. */
  of(lane: string): Float64Array {
    let times = this.#lanes.get(lane);
    if (times === undefined) this.#lanes.set(lane, (times = new Float64Array(this.#plan.shape.streams.length)));
    return times;
  }

  /** `<lane>/<stream>` → ms. */
  record(): Readonly<Record<string, number>> {
    const { streams } = this.#plan.shape;
    return Object.fromEntries(
      [...this.#lanes].flatMap(([lane, times]) =>
        streams.flatMap((stream, index) => (times[index] === 0 ? [] : [[`${lane}/${stream}`, times[index] as number]])),
      ),
    );
  }

  /** Those of another engine whose keys come here: each as far as the one that was read further. */
  merge(record: Readonly<Record<string, number>>): void {
    const before = this.record();
    this.restore(Object.fromEntries(Object.entries(record).map(([name, ms]) => [name, Math.max(ms, before[name] ?? 0)])));
  }

  restore(record: Readonly<Record<string, number>>): void {
    for (const [name, ms] of Object.entries(record)) {
      const slash = name.lastIndexOf('/');
      this.of(name.slice(0, Math.max(0, slash)))[this.#plan.streamIndex(name.slice(slash + 1))] = ms;
    }
  }
}
