import { languageSchema } from '@skyeye/catalogue';
import { assert } from '@skyeye/foundation';
import type { EntityType } from '@skyeye/language';
import { matches, type Plan, type PlanFeature } from '../plan.ts';
import { ENTITY_OF, keyOf } from '../scope.ts';
import { shapeOf, wordsOf } from './collect.ts';
import { Dictionary } from './dictionary.ts';
import type { Helpers } from './helpers.ts';
import { streamsBehind, type Layout, type Shape } from './layout.ts';
import { ProgramWriter } from './program-code.ts';
import { compiled, rowWriter, type RowWriter } from './row-code.ts';
import type { Slabs } from './slabs.ts';

const DIRECTIONS = ['', 'in', 'out'] as const;

/** Evaluates the features of one group for the key with slot E and words A, B at the as-of point (T, current row). */
export type Program = (E: number, A: number, B: number, tMs: number, current: number) => void;

/** Where the events that trigger a feature stand among the lists of its kind of key. */
export interface TriggerPlace {
  /** Place of the list's header within its key's. */
  readonly head: number;
  readonly stream: number;
  /** Code of the direction; −1: any. */
  readonly dir: number;
}

/** Features of one kind of key that one kind of event triggers, and those that only read its stream. */
export interface Group {
  readonly keyType: string;
  readonly type: number;
  /** Whether the event is one of the key's own: a number is not evaluated for the calls it gets. */
  readonly own: boolean;
  /** Places in the vector. */
  readonly triggered: Int32Array;
  readonly readers: Int32Array;
  /** Different sets of triggers, and which of them each feature has, triggered ones first. */
  readonly triggers: readonly (readonly TriggerPlace[])[];
  readonly triggersOf: Int32Array;
  readonly program: Program;
  /** Programs of those features that an event of another kind triggers, too, by that kind. */
  readonly corrections: Map<number, Program>;
}

/** The plan bound to one engine's state: programs are written and compiled when first needed, and shared by equal groups. */
export class FastPlan {
  readonly plan: Plan;
  readonly shape: Shape;
  readonly dictionary = new Dictionary();
  readonly vector: Float64Array;
  readonly gated: ReadonlyMap<string, number>;
  readonly writers: readonly RowWriter[];
  readonly layouts: readonly Layout[];
  readonly #places: ReadonlyMap<PlanFeature, number>;
  readonly #programs = new Map<string, Program>();
  readonly #groups: (readonly Group[] | undefined)[] = [];
  readonly #streams: ReadonlyMap<string, number>;
  readonly #in: number;
  readonly #out: number;
  readonly #dirPlaces: readonly number[];
  readonly #personPlaces: readonly number[];
  #bound: { readonly slabs: Slabs; readonly helpers: Helpers } | undefined;

  constructor(plan: Plan) {
    this.plan = plan;
    this.shape = shapeOf(plan.features);
    this.vector = new Float64Array(plan.features.length);
    this.gated = new Map([...languageSchema.gated].map((stream, index) => [stream, 1 << index]));
    this.#places = new Map(plan.features.map((feature, index) => [feature, index]));
    // Words of the formulas have the lowest codes, so that none is ever given back.
    for (const { formula } of plan.features) for (const word of wordsOf(formula)) this.dictionary.code(word);
    this.#in = this.dictionary.code('in');
    this.#out = this.dictionary.code('out');
    const { streams } = this.shape;
    this.#streams = new Map(streams.map((stream, index) => [stream, index]));
    this.layouts = streams.map((stream) => this.shape.layout(stream));
    const writers = new Map(this.shape.layouts.map((layout) => [layout, rowWriter(layout, this.dictionary)]));
    this.writers = this.layouts.map((layout) => writers.get(layout) as RowWriter);
    this.#dirPlaces = this.layouts.map((layout) => layout.columns.get('dir')?.at ?? -1);
    this.#personPlaces = this.layouts.map((layout) => layout.columns.get('person')?.at ?? -1);
  }

  /** Ties the programs to a state. They are compiled against it. */
  bind(slabs: Slabs, helpers: Helpers): void {
    this.#bound = { slabs, helpers };
    this.#programs.clear();
    this.#groups.length = 0;
  }

  streamIndex(stream: string): number {
    return this.#streams.get(stream) ?? -1;
  }

  place(feature: PlanFeature): number {
    return this.#places.get(feature) ?? -1;
  }

  /** Code of the person behind a row; −1 without one. */
  personOf({ i32 }: Slabs, row: number): number {
    const at = this.#personPlaces[i32[row * 2 + 3] as number] as number;
    return at < 0 ? -1 : (i32[row * 2 + at] as number);
  }

  dirOf({ i32 }: Slabs, row: number): number {
    const at = this.#dirPlaces[i32[row * 2 + 3] as number] as number;
    return at < 0 ? -1 : (i32[row * 2 + at] as number);
  }

  /** Stream and direction of a row as one small number. */
  #kindOf(slabs: Slabs, row: number): number {
    const dir = this.dirOf(slabs, row);
    return (slabs.i32[row * 2 + 3] as number) * 3 + (dir === this.#in ? 1 : dir === this.#out ? 2 : 0);
  }

  /** Groups of a row, in the order of the plan. */
  groupsOf(slabs: Slabs, row: number): readonly Group[] {
    const kind = this.#kindOf(slabs, row);
    return (
      this.#groups[kind] ??
      (this.#groups[kind] = this.#makeGroups(this.shape.streams[Math.floor(kind / 3)] as string, DIRECTIONS[kind % 3] as string))
    );
  }

  /** The program that corrects a group's features at a later event: those of them that the event triggers. */
  correction(group: Group, slabs: Slabs, row: number): Program {
    const kind = this.#kindOf(slabs, row);
    let program = group.corrections.get(kind);
    if (program === undefined) {
      const [stream, dir] = [this.shape.streams[Math.floor(kind / 3)] as 'call', DIRECTIONS[kind % 3] as string];
      const event = { stream, id: '', t: 0, dir };
      const own = [...group.triggered, ...group.readers].map((place) => this.plan.features[place] as PlanFeature);
      const features = own.filter(({ triggers }) => triggers.some((trigger) => matches(trigger, event)));
      program = this.program(group.keyType, this.shape.entityTypes[group.type] as EntityType, features, this.shape.layout(stream));
      group.corrections.set(kind, program);
    }
    return program;
  }

  #makeGroups(stream: string, dir: string): Group[] {
    // The plan looks at stream and direction only, and so does the key's own part in the event.
    const event = { stream: stream as 'call', id: '', t: 0, dir, phone: 'x' };
    return this.plan.of(event).map(({ keyType, triggered, readers }): Group => {
      const entityType = ENTITY_OF[keyType];
      assert(entityType !== undefined, `no index for keys of kind ${keyType}`);
      const all = [...triggered, ...readers];
      const sets = new Map<string, readonly TriggerPlace[]>();
      const triggersOf = all.map((feature) => {
        const places = this.#triggerPlaces(entityType, feature);
        const name = JSON.stringify(places);
        if (!sets.has(name)) sets.set(name, places);
        return [...sets.keys()].indexOf(name);
      });
      return {
        keyType,
        type: this.shape.entityTypes.indexOf(entityType),
        own: keyType !== 'number' || keyOf(event, keyType) !== null,
        triggered: Int32Array.from(triggered, (feature) => this.place(feature)),
        readers: Int32Array.from(readers, (feature) => this.place(feature)),
        triggers: [...sets.values()],
        triggersOf: Int32Array.from(triggersOf),
        program: this.program(keyType, entityType, triggered, this.shape.layout(stream)),
        corrections: new Map(),
      };
    });
  }

  #triggerPlaces(entityType: EntityType, feature: PlanFeature): TriggerPlace[] {
    return feature.triggers.flatMap(({ stream, dir }) => {
      const list = this.shape.lists(entityType).find(({ name }) => streamsBehind(name).includes(stream));
      return list === undefined
        ? []
        : [{ head: list.head, stream: this.streamIndex(stream), dir: dir === null ? -1 : this.dictionary.code(dir) }];
    });
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
      const make = compiled<(slabs: Slabs, helpers: Helpers, vector: Float64Array) => Program>(
        ['S', 'H', 'V'],
        `${writer.source()}\n//# sourceURL=skyeye-${keyType}-${current?.streams.join('+') ?? 'timer'}-${features.length}`,
      );
      this.#programs.set(key, (program = make(bound.slabs, bound.helpers, this.vector)));
    }
    return program;
  }
}
