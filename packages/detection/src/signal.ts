import type { Value } from '@skyeye/contracts';
import type { Evaluation } from '@skyeye/engine';

/** One feature of one key that fired for a person, and what it was last. Plain data: goes into checkpoints as it is. */
export interface Signal {
  readonly feature: string;
  readonly keyType: string;
  readonly key: string;
  /** The last time it fired: as-of point and value. `eventId` null for a minute clock. */
  readonly firedMs: number;
  readonly firedId: string | null;
  readonly value: Value;
  /** That value is near and not exact. */
  readonly approximate?: true;
  /** The newest evaluation, which may not fire any more. */
  readonly latestMs: number;
  readonly latestId: string | null;
  readonly stillFires: boolean;
  /** The firing before that: what is left when the last one turns out not to have been. */
  readonly former?: Firing;
}

type Firing = Pick<Signal, 'firedMs' | 'firedId' | 'value' | 'approximate'>;

/** Behind, in the total order of as-of points: time, then id; a minute clock lies behind all events of its millisecond. */
export function isBehind(tMs: number, id: string | null, otherMs: number, otherId: string | null): boolean {
  if (tMs !== otherMs) return tMs > otherMs;
  if (id === null || otherId === null) return id === null && otherId !== null;
  return id > otherId;
}

/**
 * What an evaluation makes of a signal; undefined when there is nothing to remember: it never fired, or the only firing is
 * taken back by a correction, a second evaluation of the same as-of point that does not fire. Other evaluations of one feature and key
 * may arrive in any order: the result is the same, because each half keeps the newest as-of point.
 */
export function mergeSignal(known: Signal | undefined, seen: Evaluation): Signal | undefined {
  if (known === undefined) {
    if (!seen.fires) return undefined;
    return {
      feature: seen.feature,
      keyType: seen.keyType,
      key: seen.key,
      ...firingOf(seen),
      latestMs: seen.t,
      latestId: seen.eventId,
      stillFires: true,
    };
  }
  if (!seen.fires && seen.t === known.firedMs && seen.eventId === known.firedId) {
    const { former, approximate: _, ...rest } = known;
    const newest = !isBehind(known.latestMs, known.latestId, seen.t, seen.eventId);
    return former === undefined ? undefined : { ...rest, ...former, ...(newest ? { stillFires: false } : {}) };
  }
  const firedNewer = seen.fires && !isBehind(known.firedMs, known.firedId, seen.t, seen.eventId);
  const newest = !isBehind(known.latestMs, known.latestId, seen.t, seen.eventId);
  const { approximate, ...rest } = known;
  return {
    ...rest,
    ...(firedNewer ? { ...formerOf(known, seen), ...firingOf(seen) } : approximate === undefined ? {} : { approximate }),
    ...(newest ? { latestMs: seen.t, latestId: seen.eventId, stillFires: seen.fires } : {}),
  };
}

/** A correction of the same firing replaces it; another firing is what there was before. */
function formerOf(known: Signal, seen: Evaluation): Pick<Signal, 'former'> {
  if (known.firedMs === seen.t && known.firedId === seen.eventId) return {};
  const { firedMs, firedId, value, approximate } = known;
  return { former: { firedMs, firedId, value, ...(approximate === undefined ? {} : { approximate }) } };
}

const firingOf = ({ t, eventId, value, approximate }: Evaluation): Firing => ({
  firedMs: t,
  firedId: eventId,
  value,
  ...(approximate === undefined ? {} : { approximate }),
});
