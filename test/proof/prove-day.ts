import { loadCatalogue, officialHolidays } from '@skyeye/catalogue';
import type { StreamEvent } from '@skyeye/contracts';
import { FastEngine, HistoryEngine, Plan, planOf, type Evaluation } from '@skyeye/engine';
import { Chance } from '../../packages/engine/src/fast/testing/random-events.ts';
import { keyOf } from '../../packages/engine/src/scope.ts';
import { simulatedCounty } from '../lib/simulated-county.ts';
import { Comparison, stored } from './compare.ts';

/** The plan for some keys only: the definition holds everything, but is asked about these. */
class SampledPlan extends Plan {
  readonly #keys: ReadonlySet<string>;

  constructor(whole: Plan, keys: ReadonlySet<string>) {
    super(whole.features, whole.version);
    this.#keys = keys;
  }

  override of(event: StreamEvent): ReturnType<Plan['of']> {
    return super.of(event).filter(({ keyType }) => this.#keys.has(`${keyType} ${keyOf(event, keyType) ?? ''}`));
  }
}

/** Keys of all kinds: half of them those with the most events, half any. */
function sampleOf(plan: Plan, events: readonly StreamEvent[], count: number, chance: Chance): ReadonlySet<string> {
  const kinds = [...new Set(plan.features.map(({ keyType }) => keyType))];
  const often = new Map<string, number>();
  for (const event of events) {
    for (const kind of kinds) {
      const key = keyOf(event, kind);
      if (key !== null) often.set(`${kind} ${key}`, (often.get(`${kind} ${key}`) ?? 0) + 1);
    }
  }
  const names = [...often.keys()].toSorted((a, b) => (often.get(b) ?? 0) - (often.get(a) ?? 0));
  const sample = new Set(names.slice(0, Math.ceil(count / 2)));
  while (sample.size < Math.min(count, names.length)) sample.add(chance.pick(names));
  return sample;
}

export interface DayProof {
  readonly wrong: string | null;
  readonly events: number;
  readonly entities: number;
  readonly values: number;
}

/** A whole simulated day: stamps and outcome of every event, and every evaluation of the sampled entities. */
export function proveDay({ residents, entities, seed }: { residents: number; entities: number; seed: number }): DayProof {
  const { references, events } = simulatedCounty({ residents, days: 1, eventsMax: Infinity });
  const plan = planOf(loadCatalogue());
  const holidays = officialHolidays();
  const chance = new Chance(seed);
  // Who is behind an event is a stamp, so the sample is drawn from stamped events.
  let fast = new FastEngine({ plan, holidays });
  fast.learn(references);
  const folded = events.flatMap((event) => fast.ingest([event]));
  const sample = sampleOf(
    plan,
    folded.map(({ event }) => event),
    entities,
    chance,
  );
  const slow = new HistoryEngine({ plan: new SampledPlan(plan, sample), holidays });
  // Lists are long ones early, so that every way of counting is tried.
  fast = new FastEngine({ plan, holidays, hotAt: 16 });
  for (const engine of [slow, fast]) engine.learn(references);
  const comparison = new Comparison(plan);
  const isSampled = ({ keyType, key }: Evaluation): boolean => sample.has(`${keyType} ${key}`);
  const say = (wrong: string | null): DayProof => ({ wrong, events: events.length, entities: sample.size, values: comparison.values });
  for (const [index, event] of events.entries()) {
    if (index % 20 === 0) {
      const [asked, wanted] = [fast.peek(event), slow.peek(event)];
      const wrong = comparison.asked({ ...asked, evaluations: asked.evaluations.filter(isSampled) }, wanted);
      if (wrong !== null) return say(`asked about ${event.id}: ${wrong}`);
    }
    const [found] = fast.ingest([event]);
    const [wanted] = slow.ingest([event]);
    if (found === undefined || wanted === undefined) return say(`${event.id}: nothing came back`);
    const wrong = comparison.folded({ ...found, evaluations: found.evaluations.filter(isSampled) }, wanted);
    if (wrong !== null) return say(`${event.id}: ${wrong}`);
    if (chance.below(Math.ceil(events.length / 3)) === 0) {
      const parts = stored(fast);
      fast = new FastEngine({ plan, holidays, hotAt: 16 });
      fast.restore(parts);
    }
  }
  return say(null);
}
