import { languageSchema } from '@skyeye/catalogue';
import { assert } from '@skyeye/foundation';
import type { EntityType } from '@skyeye/language';
import type { Plan, PlanFeature } from '../plan.ts';
import { ENTITY_OF } from '../scope.ts';
import { shapeOf, wordsOf } from './collect.ts';
import { Dictionary } from './dictionary.ts';
import type { Helpers } from './helpers.ts';
import type { Layout, Shape } from './layout.ts';
import { ProgramWriter } from './program-code.ts';
import { compiled, rowWriter, type WriteRow } from './row-code.ts';
import type { Slabs } from './slabs.ts';

/** Evaluates the features of one group for the key with slot E and words A, B at the as-of point (T, current row). */
export type Program = (E: number, A: number, B: number, tMs: number, current: number) => void;

/** Features of one kind of key that one kind of event triggers, and those that only read its stream. */
export interface Group {
  readonly keyType: string;
  readonly entityType: EntityType;
  readonly type: number;
  /** Places in the vector. */
  readonly triggered: readonly number[];
  readonly readers: readonly number[];
  readonly program: Program;
}

/** The plan bound to one engine's state: programs are written and compiled when first needed, and shared by equal groups. */
export class FastPlan {
  readonly plan: Plan;
  readonly shape: Shape;
  readonly dictionary = new Dictionary();
  readonly vector: Float64Array;
  readonly gated: ReadonlyMap<string, number>;
  readonly #places: ReadonlyMap<PlanFeature, number>;
  readonly #writers = new Map<Layout, WriteRow>();
  readonly #programs = new Map<string, Program>();
  readonly #groups = new Map<string, readonly Group[]>();
  #bound: { readonly slabs: Slabs; readonly helpers: Helpers } | undefined;

  constructor(plan: Plan) {
    this.plan = plan;
    this.shape = shapeOf(plan.features);
    this.vector = new Float64Array(plan.features.length);
    this.gated = new Map([...languageSchema.gated].map((stream, index) => [stream, 1 << index]));
    this.#places = new Map(plan.features.map((feature, index) => [feature, index]));
    // Words of the formulas have the lowest codes, so that none is ever given back.
    for (const { formula } of plan.features) for (const word of wordsOf(formula)) this.dictionary.code(word);
    for (const layout of this.shape.layouts) this.#writers.set(layout, rowWriter(layout, this.dictionary));
  }

  /** Ties the programs to a state. They are compiled against it. */
  bind(slabs: Slabs, helpers: Helpers): void {
    this.#bound = { slabs, helpers };
    this.#programs.clear();
    this.#groups.clear();
  }

  writer(stream: string): { readonly layout: Layout; readonly write: WriteRow } {
    const layout = this.shape.layout(stream);
    const write = this.#writers.get(layout);
    assert(write !== undefined, `no writer for ${stream}`);
    return { layout, write };
  }

  place(feature: PlanFeature): number {
    return this.#places.get(feature) ?? -1;
  }

  /** Groups of an event of a stream and direction, in the order of the plan. */
  groups(stream: string, dir: string): readonly Group[] {
    const name = `${stream}/${dir}`;
    let groups = this.#groups.get(name);
    if (groups === undefined) {
      // The plan looks at stream and direction only.
      groups = this.plan.of({ stream: stream as 'call', id: '', t: 0, dir }).map(({ keyType, triggered, readers }): Group => {
        const entityType = ENTITY_OF[keyType];
        assert(entityType !== undefined, `no index for keys of kind ${keyType}`);
        return {
          keyType,
          entityType,
          type: this.shape.entityTypes.indexOf(entityType),
          triggered: triggered.map((feature) => this.place(feature)),
          readers: readers.map((feature) => this.place(feature)),
          program: this.program(keyType, entityType, triggered, this.shape.layout(stream)),
        };
      });
      this.#groups.set(name, groups);
    }
    return groups;
  }

  program(keyType: string, entityType: EntityType, features: readonly PlanFeature[], current: Layout | null): Program {
    const bound = this.#bound;
    assert(bound !== undefined, 'programs run on a state');
    const places = features.map((feature) => this.place(feature));
    const key = `${keyType} ${current?.index ?? 'timer'} ${places.join(' ')}`;
    let program = this.#programs.get(key);
    if (program === undefined) {
      const writer = new ProgramWriter({
        shape: this.shape,
        dictionary: this.dictionary,
        entityTypes: this.shape.entityTypes,
        features,
        places,
        entityType,
        current,
        gated: this.gated,
      });
      const make = compiled<(slabs: Slabs, helpers: Helpers, vector: Float64Array) => Program>(['S', 'H', 'V'], writer.source().text);
      this.#programs.set(key, (program = make(bound.slabs, bound.helpers, this.vector)));
    }
    return program;
  }
}
