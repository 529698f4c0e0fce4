import type { StreamEvent } from '@skyeye/contracts';
import { officialHolidays } from '@skyeye/catalogue';
import { FastEngine, planOf, type Plan } from '@skyeye/engine';
import { busyOf } from './busy-keys.ts';
import { countyOf, engineOf, heldBytes } from './county.ts';
import { plainCatalogue, type PlainFeature } from './plain-features.ts';

/** What two tools are both given, and what ours makes of it. */
export interface Compared {
  readonly features: readonly PlainFeature[];
  readonly uniform: readonly StreamEvent[];
  readonly busy: readonly StreamEvent[];
}

let made: Compared | undefined;

/** Some 80 features and 100,000 events that carry their stamps, in order of time and no two at one time: nothing is left to interpretation. */
export function compared(): Compared {
  if (made !== undefined) return made;
  const uniform = stampedCounty(3_000, 3, 100_000);
  return (made = { features: plainCatalogue().features, uniform, busy: busyOf(uniform) });
}

/** The same of few people over a month, so that windows are as full as in a county that has long been running. */
export const comparedMonth = (): readonly StreamEvent[] => stampedCounty(150, 31, 120_000);

function stampedCounty(residents: number, days: number, eventsMax: number): StreamEvent[] {
  const { references, events } = countyOf(residents, days, eventsMax);
  const stamping = engineOf(references);
  const stamped = events.flatMap((event) => {
    const [folded] = stamping.ingest([event]);
    return folded === undefined || folded.outcome === 'duplicate' || folded.outcome === 'tooLate' ? [] : [folded.event];
  });
  let lastMs = 0;
  return stamped.toSorted((a, b) => a.t - b.t).map((event) => ({ ...event, t: (lastMs = Math.max(event.t, lastMs + 1)) }));
}

/** The events that some of the features look at: the others cost us little and the Java programs are not given them, so that a rate over all would flatter us. */
export function seenBy(features: readonly PlainFeature[], events: readonly StreamEvent[]): StreamEvent[] {
  const streams = new Set(features.flatMap((feature) => feature.streams));
  return events.filter(({ stream }) => streams.has(stream));
}

function planWith(features: readonly PlainFeature[]): Plan {
  const { catalogue } = plainCatalogue();
  const wanted = new Set(features.map(({ id }) => id));
  return planOf({ ...catalogue, features: catalogue.features.filter(({ id }) => wanted.has(id)) });
}

export interface Ours {
  readonly perSecond: number;
  readonly bytes: number;
  readonly keys: number;
  /** Values by event, then by feature, of every `sample`th event; null is null. */
  readonly values: ReadonlyMap<number, ReadonlyMap<string, number | null>>;
}

/** Folds events that are objects already, as the other tools have theirs, and measures those from a place on, in a second pass: the first compiles. */
export function foldPlain(events: readonly StreamEvent[], sample: number, from = 0, count = Infinity): Ours {
  const { features } = compared();
  const plan = planWith(features.slice(0, count));
  const make = (): FastEngine => new FastEngine({ plan, holidays: officialHolidays(), scope: 'all', stamped: true });
  const values = new Map<number, ReadonlyMap<string, number | null>>();
  const warm = make();
  const ids = plan.features.map(({ id }) => id);
  events.forEach((event, number) => {
    warm.fold(event);
    if (number % sample !== 0) return;
    const { count: said, places, values: vector } = warm.values;
    values.set(
      number,
      new Map(
        Array.from({ length: said }, (_, index) => {
          const place = places[index] as number;
          const value = vector[index] as number;
          return [ids[place] as string, Number.isNaN(value) ? null : value];
        }),
      ),
    );
  });
  const empty = heldBytes();
  const engine = make();
  for (const event of events.slice(0, from)) engine.fold(event);
  const measured = events.slice(from);
  const startedMs = performance.now();
  for (const event of measured) engine.fold(event);
  const perSecond = measured.length / ((performance.now() - startedMs) / 1_000);
  return { perSecond, bytes: heldBytes() - empty, keys: engine.stats().keys, values };
}

/** The first value that differs, as a sentence; null when all that were given agree. */
export function differs(
  ours: Ours,
  theirs: Iterable<readonly [event: number, feature: string, value: number | null]>,
): { readonly compared: number; readonly difference: string | null } {
  let count = 0;
  for (const [event, feature, value] of theirs) {
    const mine = ours.values.get(event)?.get(feature);
    if (mine === undefined) continue;
    count += 1;
    const same = mine === null || value === null ? mine === value : Math.abs(mine - value) <= 1e-9 * Math.max(1, Math.abs(mine));
    if (!same) return { compared: count, difference: `event ${event}, ${feature}: ours ${mine}, theirs ${value}` };
  }
  return { compared: count, difference: count === 0 ? 'nothing to compare' : null };
}
