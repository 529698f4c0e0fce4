import type { Value } from '@skyeye/contracts';
import type { PlanFeature } from '../plan.ts';
import type { Evaluation } from '../port.ts';
import type { FastPlan, Group, TriggerPlace } from './fast-plan.ts';
import type { Reaches } from './reaches.ts';
import type { Slabs } from './slabs.ts';

/** A late event corrects evaluations at most this long after it. */
const CORRECTION_MS = 86_400_000;

/** Decides whether features of a kind of key are evaluated for a key. */
export type InScope = (keyType: string, code: number, tMs: number) => boolean;

/**
 * Evaluates what a row triggers. The values lie in arrays that the next evaluation overwrites, so that reading a vector
 * allocates nothing; `evaluations` makes objects of them.
 */
export class Evaluator {
  /** Number of values of the latest evaluation. */
  count = 0;
  /** Place of the feature in the plan, value (NaN: not known), row of the as-of event, by number of the value. */
  places = new Int32Array(1024);
  values = new Float64Array(1024);
  rows = new Int32Array(1024);
  /** For each group: the group, the words of its key, and where its values end. */
  readonly #parts: { group: Group; a: number; b: number; end: number }[] = [];
  readonly #plan: FastPlan;
  readonly #slabs: Slabs;
  readonly #inScope: InScope;
  /** None while no key is past its cap. */
  readonly #approximation: () => Reaches | undefined;
  readonly #latest = new Int32Array(512);

  constructor(plan: FastPlan, slabs: Slabs, inScope: InScope, approximation: () => Reaches | undefined) {
    this.#plan = plan;
    this.#slabs = slabs;
    this.#inScope = inScope;
    this.#approximation = approximation;
  }

  /** Features that the row entered last triggers, each at the latest as-of point that its key has reached (DOMAIN §4.1 rule 5). */
  evaluate(row: number): number {
    const slabs = this.#slabs;
    const { slots, words, latest } = slabs;
    const t = slabs.f64[row] as number;
    this.count = 0;
    this.#parts.length = 0;
    const groups = this.#plan.groupsOf(slabs, row);
    for (let index = 0; index < groups.length; index++) {
      const group = groups[index] as Group;
      const { type } = group;
      const a = words[type * 2] as number;
      if (!group.own || a < 0 || !this.#inScope(group.keyType, a, t)) continue;
      const b = words[type * 2 + 1] as number;
      if (latest[type] === 1) this.#direct(group, slots[type] as number, a, b, t, row);
      else this.#corrected(group, slots[type] as number, a, b, row);
      this.#parts.push({ group, a, b, end: this.count });
    }
    return this.count;
  }

  #direct(group: Group, slot: number, a: number, b: number, t: number, row: number): void {
    const { triggered } = group;
    if (triggered.length === 0) return;
    group.program(slot, a, b, t, row);
    const { vector } = this.#plan;
    const { places, values, rows } = this;
    let at = this.count;
    for (let index = 0; index < triggered.length; index++, at++) {
      const place = triggered[index] as number;
      places[at] = place;
      values[at] = vector[place] as number;
      rows[at] = row;
    }
    this.count = at;
  }

  /** The key has events behind this one: each feature is evaluated at the latest that triggers it. */
  #corrected(group: Group, slot: number, a: number, b: number, row: number): void {
    const { triggered, readers, triggers, triggersOf } = group;
    const latest = this.#latest;
    let isTriggered = false;
    for (let index = 0; index < triggers.length; index++) {
      const at = this.#latestTrigger(group, triggers[index] as readonly TriggerPlace[], slot, row);
      latest[index] = at;
      isTriggered ||= at !== 0;
    }
    // What came behind it is mostly of other streams: those of one person do not take the same time to arrive.
    if (!isTriggered) {
      this.#direct(group, slot, a, b, this.#slabs.f64[row] as number, row);
      return;
    }
    const from = this.count;
    for (let index = 0; index < triggersOf.length; index++) {
      const isReader = index >= triggered.length;
      const at = latest[triggersOf[index] as number] as number;
      if (isReader && at === 0) continue;
      this.places[this.count] = (isReader ? readers[index - triggered.length] : triggered[index]) as number;
      this.rows[this.count++] = at === 0 ? row : at;
    }
    const { vector } = this.#plan;
    for (let first = from; first < this.count; first++) {
      const at = this.rows[first] as number;
      let seen = from;
      while (this.rows[seen] !== at) seen += 1;
      if (seen < first) continue;
      // The later event triggers all of them.
      const program = at === row ? group.program : this.#plan.correction(group, this.#slabs, at);
      program(slot, a, b, this.#slabs.f64[at] as number, at);
      for (let index = first; index < this.count; index++)
        if (this.rows[index] === at) this.values[index] = vector[this.places[index] as number] as number;
    }
  }

  /** The newest event behind `row` that triggers a feature for the key, if one came already; 0 without one. */
  #latestTrigger(group: Group, places: readonly TriggerPlace[], slot: number, row: number): number {
    const slabs = this.#slabs;
    const table = slabs.tables[group.type];
    if (slot < 0 || table === undefined) return 0;
    const { refs, f64, i32 } = slabs;
    const t = f64[row] as number;
    let latest = 0;
    for (let index = 0; index < places.length; index++) {
      const { head, stream, dir } = places[index] as TriggerPlace;
      const header = slot * table.stride + head;
      const from = table.heads[header] as number;
      for (let at = (table.heads[header + 1] as number) - 1; at >= 0; at--) {
        const candidate = refs[from + at] as number;
        const candidateMs = f64[candidate] as number;
        if (candidateMs < t || (candidateMs === t && slabs.compare(candidate, row) <= 0)) break;
        if (i32[candidate * 2 + 3] !== stream) continue;
        if (candidateMs > t + CORRECTION_MS) break;
        if (dir >= 0 && dir !== this.#plan.dirOf(slabs, candidate)) continue;
        if (latest === 0 || slabs.compare(candidate, latest) > 0) latest = candidate;
        break;
      }
    }
    return latest;
  }

  /** The latest values as the port gives them. */
  evaluations(): Evaluation[] {
    const out: Evaluation[] = [];
    const reaches = this.#approximation();
    let at = 0;
    for (const { group, a, b, end } of this.#parts) {
      const key = this.#keyText(group.type, a, b);
      const slot = reaches === undefined ? -1 : (this.#slabs.tables[group.type]?.find(a, b) ?? -1);
      let row = -1;
      let person: string | null = null;
      let eventId = '';
      for (; at < end; at++) {
        if (this.rows[at] !== row) {
          row = this.rows[at] as number;
          const code = this.#plan.personOf(this.#slabs, row);
          person = code < 0 ? null : this.#plan.dictionary.text(code);
          eventId = this.#slabs.idOf(row);
        }
        const feature = this.#plan.plan.features[this.places[at] as number] as PlanFeature;
        const value = this.valueOf(feature, this.values[at] as number);
        const evaluation: Evaluation = {
          feature: feature.id,
          keyType: group.keyType,
          key,
          person,
          value,
          fires: value !== null && feature.fires(value),
          t: this.#slabs.f64[row] as number,
          eventId,
        };
        const isApproximate = reaches?.isApproximate(this.places[at] as number, slot, row, evaluation.t) === true;
        out.push(isApproximate ? { ...evaluation, approximate: true } : evaluation);
      }
    }
    return out;
  }

  /** Whether a value reaches behind the events held of its key; `row` 0 for a timer. */
  isApproximate(place: number, slot: number, row: number, tMs: number): boolean {
    return this.#approximation()?.isApproximate(place, slot, row, tMs) === true;
  }

  #keyText(type: number, a: number, b: number): string {
    const entityType = this.#plan.shape.entityTypes[type];
    const { dictionary } = this.#plan;
    return entityType === 'pair_acct' || entityType === 'pair_phone'
      ? `${dictionary.text(a)}\u0000${dictionary.text(b)}`
      : dictionary.text(a);
  }

  /** A number of the vector as a value of the language. */
  valueOf(feature: PlanFeature, value: number): Value {
    if (value !== value) return null;
    const { kind } = feature.valueType;
    if (kind === 'boolean') return value !== 0;
    return kind === 'number' || kind === 'null' ? value : this.#plan.dictionary.text(value);
  }
}
