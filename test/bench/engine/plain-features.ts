import { loadCatalogue, type Catalogue, type Feature } from '@skyeye/catalogue';
import { STREAM_ALIASES, type StreamEvent } from '@skyeye/contracts';

/** How many of the catalogue's features the comparisons run. */
const FEATURES = 80;
const FUNCTIONS = ['count', 'exists', 'sum', 'avg', 'min', 'max', 'distinct'] as const;
/** Keys that are a field of the event and hold for every event of the stream: a number has features for calls it makes only. */
const KEYS: ReadonlySet<string> = new Set(['phone', 'acct', 'person', 'device', 'ip']);

type Selector = Extract<Extract<Feature['ast'], { kind: 'call' }>['args'][number], { kind: 'selector' }>;
export type Filter = NonNullable<Selector['filter']>;

/** One aggregate over one stream and one window, with a filter on the event's own fields: what SQL and EPL can say exactly. */
export interface PlainFeature {
  readonly id: string;
  /** The stream's name in the language; `fund` is two. */
  readonly stream: string;
  readonly streams: readonly string[];
  /** Field of the event that is the key. */
  readonly key: string;
  readonly function: (typeof FUNCTIONS)[number];
  readonly column: string | null;
  readonly filter: Filter | null;
  readonly windowMs: number;
}

function plainOf(feature: Feature): PlainFeature | null {
  const { ast } = feature;
  if (ast.kind !== 'call' || !KEYS.has(feature.keyedBy)) return null;
  const [selector, window] = ast.args;
  const name = FUNCTIONS.find((one) => one === ast.name);
  if (name === undefined || selector?.kind !== 'selector' || window?.kind !== 'window' || window.window.kind !== 'last') return null;
  if (selector.filter !== null && !fieldsOf(selector.filter).every((field) => field !== null && field !== 'hod')) return null;
  return {
    id: feature.id,
    stream: selector.stream,
    streams: (STREAM_ALIASES as Readonly<Record<string, readonly string[]>>)[selector.stream] ?? [selector.stream],
    key: feature.keyedBy,
    function: name,
    column: selector.field,
    filter: selector.filter,
    windowMs: window.window.ms,
  };
}

/** Fields that a filter looks at; null for what is not the event's own. */
export function fieldsOf(filter: Filter): readonly (string | null)[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return [...fieldsOf(filter.left), ...fieldsOf(filter.right)];
    case 'not':
      return fieldsOf(filter.operand);
    case 'compare':
      return [filter.right.kind === 'literal' ? filter.field : null];
    case 'truth':
    case 'member':
      return [filter.field];
  }
}

/** Three-valued: null is unknown. */
export function passes(filter: Filter | null, event: StreamEvent): boolean | null {
  if (filter === null) return true;
  switch (filter.kind) {
    case 'and': {
      const [left, right] = [passes(filter.left, event), passes(filter.right, event)];
      return left === false || right === false ? false : left === null || right === null ? null : true;
    }
    case 'or': {
      const [left, right] = [passes(filter.left, event), passes(filter.right, event)];
      return left === true || right === true ? true : left === null || right === null ? null : false;
    }
    case 'not': {
      const is = passes(filter.operand, event);
      return is === null ? null : !is;
    }
    default: {
      const value = event[filter.field] as string | number | boolean | null | undefined;
      if (value === null || value === undefined) return null;
      if (filter.kind === 'truth') return value === true;
      if (filter.kind === 'member') return filter.members.includes(value);
      const other = (filter.right as { readonly value: string | number | boolean }).value;
      switch (filter.operator) {
        case '==':
          return value === other;
        case '!=':
          return value !== other;
        case '<':
          return value < other;
        case '<=':
          return value <= other;
        case '>':
          return value > other;
        case '>=':
          return value >= other;
      }
    }
  }
}

/** The catalogue with nothing but these, each evaluated at every event of its stream. */
export function plainCatalogue(): { readonly catalogue: Catalogue; readonly features: readonly PlainFeature[] } {
  const catalogue = loadCatalogue();
  const features = catalogue.features.flatMap((feature) => plainOf(feature) ?? []).slice(0, FEATURES);
  const of = new Map(features.map((plain) => [plain.id, plain]));
  return {
    features,
    catalogue: {
      ...catalogue,
      features: catalogue.features.flatMap((feature) => {
        const plain = of.get(feature.id);
        if (plain === undefined) return [];
        return [{ ...feature, timerMs: null, triggers: plain.streams.map((stream) => ({ stream, dir: null })) as Feature['triggers'] }];
      }),
    },
  };
}
