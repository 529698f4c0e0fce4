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
  /** The newest evaluation, which may not fire any more. */
  readonly latestMs: number;
  readonly latestId: string | null;
  readonly stillFires: boolean;
}

/** Behind, in the total order of as-of points: time, then id; a minute clock lies behind all events of its millisecond. */
export function isBehind(tMs: number, id: string | null, otherMs: number, otherId: string | null): boolean {
  if (tMs !== otherMs) return tMs > otherMs;
  if (id === null || otherId === null) return id === null && otherId !== null;
  return id > otherId;
}

/**
 * What an evaluation makes of a signal; undefined when there is nothing to remember. Evaluations of one feature and key
 * may arrive in any order: the result is the same, because each half keeps the newest as-of point.
 */
export function mergeSignal(known: Signal | undefined, seen: Evaluation): Signal | undefined {
  if (known === undefined) {
    if (!seen.fires) return undefined;
    return {
      feature: seen.feature,
      keyType: seen.keyType,
      key: seen.key,
      firedMs: seen.t,
      firedId: seen.eventId,
      value: seen.value,
      latestMs: seen.t,
      latestId: seen.eventId,
      stillFires: true,
    };
  }
  const firedNewer = seen.fires && !isBehind(known.firedMs, known.firedId, seen.t, seen.eventId);
  const newest = !isBehind(known.latestMs, known.latestId, seen.t, seen.eventId);
  return {
    ...known,
    ...(firedNewer ? { firedMs: seen.t, firedId: seen.eventId, value: seen.value } : {}),
    ...(newest ? { latestMs: seen.t, latestId: seen.eventId, stillFires: seen.fires } : {}),
  };
}
