import { languageSchema, type Catalogue, type Trigger } from '@skyeye/catalogue';
import { STREAM_ALIASES, type StreamEvent } from '@skyeye/contracts';
import { assert } from '@skyeye/foundation';
import { Compiler, needsOf, type EntityType, type Evaluate, type Expression, type FireCondition, type Type } from '@skyeye/language';
import { ENTITY_OF } from './scope.ts';

/** A feature ready to run. */
export interface PlanFeature {
  readonly id: string;
  /** Kind of key as the catalogue names it. */
  readonly keyType: string;
  readonly entityType: EntityType;
  readonly triggers: readonly Trigger[];
  /** Also evaluated by the minute clock while a session of its key is open. */
  readonly timer: boolean;
  /** Streams that the formula reads. */
  readonly reads: ReadonlySet<string>;
  readonly formula: Expression;
  readonly valueType: Type;
  readonly evaluate: Evaluate;
  readonly fires: FireCondition;
}

export function matches(trigger: Trigger, event: StreamEvent): boolean {
  return trigger.stream === event.stream && (trigger.dir === null || trigger.dir === event['dir']);
}

/** Features by what makes them run, so that an event touches only its own. */
export class Plan {
  readonly features: readonly PlanFeature[];
  readonly timers: readonly PlanFeature[];
  readonly version: string;
  readonly #byStream = new Map<
    string,
    { readonly keyType: string; readonly triggered: readonly PlanFeature[]; readonly readers: readonly PlanFeature[] }[]
  >();

  constructor(features: readonly PlanFeature[], version: string) {
    this.features = features;
    this.version = version;
    this.timers = features.filter((feature) => feature.timer);
  }

  /** For an event, per kind of key: the features it triggers, and those that only read its stream. */
  of(
    event: StreamEvent,
  ): readonly { readonly keyType: string; readonly triggered: readonly PlanFeature[]; readonly readers: readonly PlanFeature[] }[] {
    const dir = event['dir'];
    const name = `${event.stream}/${typeof dir === 'string' ? dir : ''}`;
    let groups = this.#byStream.get(name);
    if (groups === undefined) {
      groups = [...new Set(this.features.map((feature) => feature.keyType))]
        .map((keyType) => {
          const own = this.features.filter((feature) => feature.keyType === keyType);
          const triggered = own.filter((feature) => feature.triggers.some((trigger) => matches(trigger, event)));
          const readers = own.filter((feature) => feature.reads.has(event.stream) && !triggered.includes(feature));
          return { keyType, triggered, readers };
        })
        .filter((group) => group.triggered.length + group.readers.length > 0);
      this.#byStream.set(name, groups);
    }
    return groups;
  }
}

/** The catalogue as a plan. Cost: compiling some three hundred formulas, once. */
export function planOf(catalogue: Catalogue): Plan {
  const compiler = new Compiler(languageSchema);
  const features = catalogue.features.map((feature): PlanFeature => {
    const entityType = ENTITY_OF[feature.keyedBy];
    assert(entityType !== undefined, `no index for keys of kind ${feature.keyedBy}`);
    const reads = new Set(
      [...needsOf(feature.ast).streams].flatMap(
        (stream) => (STREAM_ALIASES as Readonly<Record<string, readonly string[]>>)[stream] ?? [stream],
      ),
    );
    return {
      id: feature.id,
      keyType: feature.keyedBy,
      entityType,
      triggers: feature.triggers,
      timer: feature.timerMs !== null,
      reads,
      formula: feature.ast,
      valueType: feature.valueType,
      evaluate: compiler.compile(feature.ast),
      fires: feature.fire,
    };
  });
  return new Plan(features, catalogue.version);
}
