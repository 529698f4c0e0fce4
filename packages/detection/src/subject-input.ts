import type { Catalogue } from '@skyeye/catalogue';
import type { SubjectKind } from '@skyeye/contracts';
import type { InputSignature } from './model-input.ts';
import type { Signal } from './signal.ts';

/** Kinds of keys, as the catalogue names them, whose features say something about the subject itself. */
const KEY_TYPES: Readonly<Record<SubjectKind, ReadonlySet<string>>> = {
  account: new Set(['acct', 'device', 'ip']),
  number: new Set(['number', 'device']),
};
/** Features of shared keys that speak of the other kind. */
const NOT_OF: Readonly<Record<SubjectKind, ReadonlySet<string>>> = {
  // Where a holder comes from is nothing that anybody did: it goes into no model and counts for nobody.
  account: new Set(['dev_sim_cnt_7d', 'holder_region_risk']),
  number: new Set(['dev_acct_cnt_7d', 'dev_person_cnt_7d']),
};

/** Whether a feature says something of subjects of this kind. */
export function speaksOf(kind: SubjectKind, { id, keyedBy }: { readonly id: string; readonly keyedBy: string }): boolean {
  return KEY_TYPES[kind].has(keyedBy) && !NOT_OF[kind].has(id);
}

/** Two inputs per feature of the subject's own keys and devices, in catalogue order, as `inputSignature` has them for persons. */
export function subjectSignature(catalogue: Catalogue, kind: SubjectKind): InputSignature {
  const own = catalogue.features.filter((feature) => speaksOf(kind, feature));
  return { transform: 'fired-decay-v1', inputs: own.flatMap(({ id }) => [id, `${id}~`]) };
}

/** The row of one subject at a time: 1 fading to 0.5 within the memory since it fired, and whether it still does. */
export function subjectRow(
  signals: Iterable<Signal>,
  { places, width, nowMs, memoryMs }: { places: ReadonlyMap<string, number>; width: number; nowMs: number; memoryMs: number },
): Float32Array {
  const row = new Float32Array(width);
  for (const { feature, firedMs, stillFires } of signals) {
    const at = places.get(feature);
    const age = nowMs - firedMs;
    if (at === undefined || age < 0 || age >= memoryMs) continue;
    row[at] = Math.max(row[at] ?? 0, 1 - (0.5 * age) / memoryMs);
    if (stillFires) row[at + 1] = 1;
  }
  return row;
}
