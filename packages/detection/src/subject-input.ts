import type { Catalogue } from '@skyeye/catalogue';
import type { Evaluation } from '@skyeye/engine';
import type { InputSignature } from './model-input.ts';
import { mergeSignal, type Signal } from './signal.ts';

/** Whom a model judges beside persons: a county's or another's account, and a number that calls. */
export type SubjectKind = 'account' | 'number';

/** Kinds of keys, as the catalogue names them, whose features say something about the subject itself. */
const KEY_TYPES: Readonly<Record<SubjectKind, ReadonlySet<string>>> = { account: new Set(['acct']), number: new Set(['number']) };
/** An account that passed money on stays one for a day, a number that dialled too. */
const MEMORY_MS = 24 * 3_600_000;

/** Two inputs per feature of the subject's own keys, in catalogue order, as `inputSignature` has them for persons. */
export function subjectSignature(catalogue: Catalogue, kind: SubjectKind): InputSignature {
  const own = catalogue.features.filter(({ keyedBy }) => KEY_TYPES[kind].has(keyedBy));
  return { transform: 'fired-decay-v1', inputs: own.flatMap(({ id }) => [id, `${id}~`]) };
}

/**
 * What fired for the accounts or numbers of a county, and the model's row of each, from evaluations in the engine's order. Pure
 * and in memory. Past `subjectsMax` the subject heard of longest ago goes.
 */
export class SubjectSignals {
  readonly signature: InputSignature;
  readonly #kind: SubjectKind;
  readonly #places: ReadonlyMap<string, number>;
  readonly #subjectsMax: number;
  readonly #subjects = new Map<string, Map<string, Signal>>();

  constructor({ catalogue, kind, subjectsMax = 300_000 }: { catalogue: Catalogue; kind: SubjectKind; subjectsMax?: number }) {
    this.signature = subjectSignature(catalogue, kind);
    this.#kind = kind;
    this.#subjectsMax = subjectsMax;
    this.#places = new Map(this.signature.inputs.flatMap((name, at) => (name.endsWith('~') ? [] : [[name, at] as const])));
  }

  /** Folds evaluations; the subjects of which something fired now, each once. Cost: linear in the evaluations. */
  observe(evaluations: readonly Evaluation[]): string[] {
    const fired = new Set<string>();
    for (const seen of evaluations) {
      if (!KEY_TYPES[this.#kind].has(seen.keyType)) continue;
      const known = this.#subjects.get(seen.key);
      const merged = mergeSignal(known?.get(seen.feature), seen);
      if (merged === undefined) continue;
      const signals = known ?? new Map<string, Signal>();
      signals.set(seen.feature, merged);
      this.#subjects.delete(seen.key);
      this.#subjects.set(seen.key, signals);
      if (this.#subjects.size > this.#subjectsMax) this.#subjects.delete(this.#subjects.keys().next().value ?? '');
      if (seen.fires) fired.add(seen.key);
    }
    return [...fired];
  }

  /** The model's row of one subject at a time: 1 fading to 0.5 within a day since it fired, and whether it still does. */
  row(key: string, nowMs: number): Float32Array {
    const row = new Float32Array(this.signature.inputs.length);
    for (const { feature, firedMs, stillFires } of this.#subjects.get(key)?.values() ?? []) {
      const at = this.#places.get(feature);
      const age = nowMs - firedMs;
      if (at === undefined || age < 0 || age >= MEMORY_MS) continue;
      row[at] = 1 - (0.5 * age) / MEMORY_MS;
      if (stillFires) row[at + 1] = 1;
    }
    return row;
  }
}
