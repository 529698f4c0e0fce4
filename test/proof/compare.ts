import { officialHolidays } from '@skyeye/catalogue';
import type { StreamEvent } from '@skyeye/contracts';
import {
  FastEngine,
  HistoryEngine,
  type CheckpointMark,
  type CheckpointPart,
  type Engine,
  type Evaluation,
  type Folded,
  type Plan,
} from '@skyeye/engine';
import { functionsIn, planFor, type ProofCase } from './proof-case.ts';

/** Values compared, and those of them that say more than nothing, by function. */
export class Coverage {
  readonly #rows = new Map<string, { values: number; telling: number }>();

  count(names: ReadonlySet<string>, value: Evaluation['value']): void {
    for (const name of names) {
      const row = this.#rows.get(name) ?? { values: 0, telling: 0 };
      row.values += 1;
      if (value !== null && value !== 0 && value !== false) row.telling += 1;
      this.#rows.set(name, row);
    }
  }

  of(name: string): { readonly values: number; readonly telling: number } {
    return this.#rows.get(name) ?? { values: 0, telling: 0 };
  }
}

/** Two values of one feature: whole numbers and words bit for bit, others within 1e-9 of their size. */
export function sameValue(found: Evaluation['value'], wanted: Evaluation['value'], isWhole: boolean): boolean {
  if (Object.is(found, wanted)) return true;
  if (typeof found !== 'number' || typeof wanted !== 'number') return false;
  if (found === wanted) return true;
  return !isWhole && Math.abs(found - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
}

const sorted = (event: StreamEvent): string => JSON.stringify(Object.entries(event).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Compares what two engines say of the features of one plan. */
export class Comparison {
  readonly #whole: ReadonlyMap<string, boolean>;
  readonly #functions: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #coverage: Coverage | undefined;
  values = 0;

  constructor(plan: Plan, coverage?: Coverage) {
    this.#whole = new Map(plan.features.map(({ id, valueType }) => [id, valueType.kind !== 'number' || valueType.whole]));
    this.#functions = new Map(plan.features.map(({ id, formula }) => [id, functionsIn(formula)]));
    this.#coverage = coverage;
  }

  /** null, or where the two differ. */
  evaluations(found: readonly Evaluation[], wanted: readonly Evaluation[]): string | null {
    if (found.length !== wanted.length) return `${found.length} values, wanted ${wanted.length}`;
    for (const [index, want] of wanted.entries()) {
      const have = found[index] as Evaluation;
      this.values += 1;
      this.#coverage?.count(this.#functions.get(want.feature) ?? new Set(), want.value);
      const isSame =
        have.feature === want.feature &&
        have.key === want.key &&
        have.keyType === want.keyType &&
        have.person === want.person &&
        have.t === want.t &&
        have.eventId === want.eventId &&
        (have.fires === want.fires || !Object.is(have.value, want.value)) &&
        sameValue(have.value, want.value, this.#whole.get(want.feature) ?? true);
      if (!isSame) return `${JSON.stringify(have)}, wanted ${JSON.stringify(want)}`;
    }
    return null;
  }

  folded(found: Folded, wanted: Folded): string | null {
    if (found.outcome !== wanted.outcome) return `${found.outcome}, wanted ${wanted.outcome}`;
    return this.asked(found, wanted);
  }

  asked(found: Pick<Folded, 'event' | 'evaluations'>, wanted: Pick<Folded, 'event' | 'evaluations'>): string | null {
    if (sorted(found.event) !== sorted(wanted.event)) return `${sorted(found.event)}, wanted ${sorted(wanted.event)}`;
    return this.evaluations(found.evaluations, wanted.evaluations);
  }
}

/** A checkpoint as it comes back from storage. */
export function stored(engine: Engine): CheckpointPart[] {
  return structuredClone([...engine.checkpoint()]);
}

interface Stored {
  readonly parts: readonly CheckpointPart[];
  readonly mark: CheckpointMark | null;
}

/** What came since a mark as it comes back from storage, and the next mark. */
function layered(engine: Engine, since: CheckpointMark | null): Stored {
  const parts: CheckpointPart[] = [];
  const making = since === null ? engine.checkpoint() : engine.checkpoint(since);
  for (let next = making.next(); ; next = making.next()) {
    if (next.done === true) return { parts: structuredClone(parts), mark: next.value };
    parts.push(next.value);
  }
}

/** Folds, asks, ticks and restores as the case says, with both engines; where they differ first, null when nowhere. */
export function differenceIn(one: ProofCase, coverage?: Coverage): string | null {
  const plan = planFor(one.features);
  const comparison = new Comparison(plan, coverage);
  const options = { plan, holidays: officialHolidays(), scope: one.scope, ...(one.eventsMax === null ? {} : { eventsMax: one.eventsMax }) };
  const slow: Engine = new HistoryEngine(options);
  const fastOptions = { ...options, ...(one.hotAt === undefined ? {} : { hotAt: one.hotAt }) };
  let fast: Engine = new FastEngine(fastOptions);
  for (const engine of [slow, fast]) engine.learn(one.references);
  const cuts = new Set(one.checkpoints);
  let base: Stored = { parts: [], mark: null };
  let at = 0;
  for (let turn = 0; at < one.events.length; turn++) {
    const batch = one.events.slice(at, at + (one.batches[turn % one.batches.length] ?? 1));
    const [first] = batch;
    if (first !== undefined && one.peekEvery > 0 && turn % one.peekEvery === 0) {
      const wrong = comparison.asked(fast.peek(first), slow.peek(first));
      if (wrong !== null) return `asked about ${first.id}: ${wrong}`;
    }
    const found = fast.ingest(batch);
    // The definition takes events one by one, but forgets at the end of a batch.
    const wanted = one.eventsMax === null ? batch.flatMap((event) => slow.ingest([event])) : slow.ingest(batch);
    for (const [index, event] of batch.entries()) {
      const wrong = comparison.folded(found[index] as Folded, wanted[index] as Folded);
      if (wrong !== null) return `folded ${event.id}: ${wrong}`;
    }
    if (first !== undefined && one.tickEvery > 0 && turn % one.tickEvery === 0) {
      const nowMs = first.t + 30_000 * (turn % 3);
      const wrong = comparison.evaluations(fast.tick(nowMs), slow.tick(nowMs));
      if (wrong !== null) return `tick: ${wrong}`;
    }
    for (let count = at + 1; count <= at + batch.length; count++) {
      if (!cuts.has(count)) continue;
      const isFirst = base.mark === null;
      const { parts, mark } = layered(fast, base.mark);
      base = { parts: [...base.parts, ...parts], mark };
      if (one.layered === true && isFirst) break;
      const restored = new FastEngine(fastOptions);
      restored.restore(base.parts);
      fast = restored;
      base = { parts: [], mark: null };
      break;
    }
    at += batch.length;
  }
  const [a, b] = [fast.stats(), slow.stats()];
  return JSON.stringify([a.accounts, a.events]) === JSON.stringify([b.accounts, b.events])
    ? null
    : `${JSON.stringify(a)}, wanted ${JSON.stringify(b)}`;
}
