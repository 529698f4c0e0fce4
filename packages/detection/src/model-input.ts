import type { Catalogue, Policies } from '@skyeye/catalogue';
import { isLive } from './rule-score.ts';
import type { Signal } from './signal.ts';

/** What a model takes in: names in order, and how a value becomes a number. A model of another signature is refused. */
export interface InputSignature {
  readonly transform: 'fired-decay-v1';
  readonly inputs: readonly string[];
}

/**
 * Two inputs per feature, in catalogue order: `<id>` = 1, fading to 0.5 over the memory, since it fired last; `<id>~` = 1
 * while its newest evaluation fires. Null, never evaluated and never fired are 0 in both. Only fired signals are kept, so a
 * row is the same for every order of arrival.
 */
export function inputSignature(catalogue: Catalogue): InputSignature {
  return { transform: 'fired-decay-v1', inputs: catalogue.features.flatMap(({ id }) => [id, `${id}~`]) };
}

/** Writes the row of one person at a time. `row` has the length of the signature. Allocates nothing. */
export function writeInputs(
  row: Float32Array,
  signals: Iterable<Signal>,
  { catalogue, policies, nowMs }: { catalogue: Catalogue; policies: Policies; nowMs: number },
): void {
  row.fill(0);
  for (const signal of signals) {
    const feature = catalogue.byId.get(signal.feature);
    if (feature === undefined || !isLive(signal, feature, nowMs, policies.memoryMs)) continue;
    const at = feature.order * 2;
    const fresh = 1 - (0.5 * (nowMs - signal.firedMs)) / policies.memoryMs;
    row[at] = Math.max(row[at] ?? 0, fresh);
    if (signal.stillFires) row[at + 1] = 1;
  }
}
