import { loadCatalogue } from '@skyeye/catalogue';
import { compareEvents } from '@skyeye/language';
import type { Facts } from '../../src/analyst/index.ts';
import { FastEngine } from '../../src/fast/fast-engine.ts';
import { planOf } from '../../src/plan.ts';

export interface Measured {
  readonly events: number;
  readonly evaluations: number;
  /** The whole loop, folding included. */
  readonly nsPerEvent: number;
  /** Of the whole catalogue its share of the loop; of one feature alone what it adds to folding, its result included. */
  readonly nsPerEvaluation: number | null;
}

const RUNS = 7;
/** A file is folded again under other ids until there are so many events: the machine must be warm. */
const EVENTS_MIN = 20_000;
const DAY_MS = 86_400_000;

/**
 * The compiled engine's time over the events: with the whole catalogue, or with one feature alone, whose evaluations are
 * what is left after the time of the same plan on events that trigger nothing of it. Takes seconds.
 */
export function measure(facts: Facts, id: string | undefined): Measured {
  const catalogue = loadCatalogue();
  const features = id === undefined ? catalogue.features : catalogue.features.filter((feature) => feature.id === id);
  const events = repeated(facts);
  const all = best({ ...facts, events }, features);
  if (id === undefined)
    return {
      events: events.length,
      evaluations: all.evaluations,
      nsPerEvent: all.ns / events.length,
      nsPerEvaluation: all.evaluations === 0 ? null : all.ns / all.evaluations,
    };
  const silent = features.map((feature) => ({ ...feature, triggers: [] }));
  const folding = best({ ...facts, events }, silent);
  const added = Math.max(0, all.ns - folding.ns);
  return {
    events: events.length,
    evaluations: all.evaluations,
    nsPerEvent: all.ns / events.length,
    nsPerEvaluation: all.evaluations === 0 ? null : added / all.evaluations,
  };
}

function repeated({ events }: Facts): Facts['events'] {
  const ordered = events.toSorted(compareEvents);
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined) return ordered;
  const spanMs = Math.ceil((last.t - first.t + 1) / DAY_MS) * DAY_MS;
  const times = Math.ceil(EVENTS_MIN / ordered.length);
  return Array.from({ length: times }, (_, round) =>
    round === 0 ? ordered : ordered.map((event) => ({ ...event, id: `${event.id}#${round}`, t: event.t + round * spanMs })),
  ).flat();
}

function best({ events, dims, holidays }: Facts, features: Parameters<typeof planOf>[0]['features']): { ns: number; evaluations: number } {
  const plan = planOf({ ...loadCatalogue(), features });
  let [ns, evaluations] = [Infinity, 0];
  for (let run = 0; run < RUNS; run++) {
    const engine = new FastEngine({ plan, holidays, dims, scope: 'all', stamped: true, reachMs: 400 * DAY_MS });
    evaluations = 0;
    const start = performance.now();
    for (const event of events) evaluations += engine.ingest([event])[0]?.evaluations.length ?? 0;
    ns = Math.min(ns, (performance.now() - start) * 1e6);
  }
  return { ns, evaluations };
}
