import { languageSchema, type Catalogue } from '@skyeye/catalogue';
import { STREAM_ALIASES, type Reference, type StreamEvent } from '@skyeye/contracts';
import { planOf, type Plan } from '@skyeye/engine';
import { checkFormula, parseFire, parseFormula, walk, type Expression } from '@skyeye/language';

/** A feature of a random catalogue. */
export interface ProofFeature {
  /** Kind of key. */
  readonly key: string;
  /** Streams that evaluate it, perhaps of one direction. */
  readonly triggers: readonly { readonly stream: string; readonly dir: string | null }[];
  /** Evaluated by the clock besides. */
  readonly timer: boolean;
  readonly formula: string;
}

/** Everything that a comparison of the two engines needs. Plain JSON, so that a failure can be kept. */
export interface ProofCase {
  readonly features: readonly ProofFeature[];
  readonly scope: 'residents' | 'all';
  readonly references: readonly Reference[];
  /** In the order in which they arrive, late and repeated ones included. */
  readonly events: readonly StreamEvent[];
  /** Sizes of the batches, over and over. */
  readonly batches: readonly number[];
  /** Numbers of events after which the state goes through a checkpoint into an empty engine. */
  readonly checkpoints: readonly number[];
  /** The first checkpoint is kept, and the next adds to it what came since. */
  readonly layered?: boolean;
  /** Before every how manieth batch its first event is asked about; 0: never. */
  readonly peekEvery: number;
  /** After every how manieth batch the clock ticks; 0: never. */
  readonly tickEvery: number;
  /** Events held at most; null: all. */
  readonly eventsMax: number | null;
  /** Length from which a list is a long one; the engine's own when absent. */
  readonly hotAt?: number;
}

export function streamsOfTriggers(triggers: ProofFeature['triggers']): string[] {
  return triggers.flatMap(({ stream }) => (STREAM_ALIASES as Readonly<Record<string, readonly string[]>>)[stream] ?? [stream]);
}

/** @throws LanguageError when the formula makes no sense for its triggers */
export function checked({ formula, triggers }: Pick<ProofFeature, 'formula' | 'triggers'>): {
  readonly ast: Expression;
  readonly valueType: ReturnType<typeof checkFormula>;
} {
  const ast = parseFormula(formula);
  return { ast, valueType: checkFormula(ast, { schema: languageSchema, source: formula, triggers: streamsOfTriggers(triggers) }) };
}

/** The features as the engine takes a catalogue; of an entry it reads no more than this. */
export function planFor(features: readonly ProofFeature[]): Plan {
  const entries = features.map((feature, order) => ({
    id: `f${order}`,
    order,
    keyedBy: feature.key,
    formula: feature.formula,
    triggers: feature.triggers,
    timerMs: feature.timer ? 30_000 : null,
    fire: parseFire('>=1'),
    ...checked(feature),
  }));
  return planOf({ version: 'proof', features: entries, groups: [], byId: new Map() } as unknown as Catalogue);
}

/** Names of the functions in a formula, `seq` and `of` among them. */
export function functionsIn(formula: Expression): ReadonlySet<string> {
  const names = new Set<string>();
  walk(formula, (node) => {
    if (node.kind === 'call') names.add(node.name);
    else if (node.kind === 'sequence') names.add('seq');
    else if (node.kind === 'of') names.add('of');
  });
  return names;
}
