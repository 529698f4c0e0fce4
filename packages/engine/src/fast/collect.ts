import { STREAM_ALIASES } from '@skyeye/contracts';
import { assert } from '@skyeye/foundation';
import { entityTypeOf, walk, type EntityType, type Expression, type Filter, type Selector } from '@skyeye/language';
import type { PlanFeature } from '../plan.ts';
import { keyFieldsOf, Shape, streamsBehind } from './layout.ts';
import { STAMP_INPUTS, STAMPS } from './stamp-fields.ts';

const field = (name: string, word: string): Filter => ({
  kind: 'compare',
  operator: '==',
  field: name,
  right: { kind: 'literal', value: word, unit: 'plain', at: 0 },
  at: 0,
});

/** The predicates that graph functions and lots walk by. */
export const EDGE_OUT: Filter = { kind: 'and', left: field('dir', 'out'), right: { kind: 'truth', field: 'live', at: 0 }, at: 0 };
export const EDGE_IN: Filter = field('dir', 'in');
export const STRANGER: Filter = { kind: 'truth', field: 'stranger', at: 0 };
export const WITHDRAWAL: Filter = field('ev', 'withdraw');
export const LOGIN: Filter = field('ev', 'login');

const GRAPH = new Set(['hops_black', 'hops_victim', 'taint', 'depth', 'scatter_gather', 'cycle', 'copayee']);
const LOTS = new Set(['fifo_share', 'fifo_med']);

/** Whether a filter looks at the current event or at the previous element of a sequence. */
export function isDynamic(filter: Filter | null): boolean {
  if (filter === null) return false;
  if (filter.kind === 'and' || filter.kind === 'or') return isDynamic(filter.left) || isDynamic(filter.right);
  if (filter.kind === 'not') return isDynamic(filter.operand);
  return filter.kind === 'compare' && filter.right.kind !== 'literal';
}

/** What the features need of events and keys. Cost: linear in the formulas. */
export function shapeOf(features: readonly PlanFeature[]): Shape {
  const aliases = new Set<string>();
  for (const { formula } of features) {
    walk(formula, (node) => {
      if (node.kind === 'selector' && Object.hasOwn(STREAM_ALIASES, node.stream)) aliases.add(node.stream);
      if (node.kind === 'call' && (GRAPH.has(node.name) || LOTS.has(node.name))) aliases.add('fund');
    });
  }
  const shape = new Shape(aliases);
  for (const feature of features) collect(shape, feature.formula, feature.entityType, feature);
  for (const { triggers, entityType } of features) for (const { stream } of triggers) shape.listWith(entityType, stream);
  for (const { reads, entityType } of features) for (const stream of reads) shape.read(entityType, stream);
  // Who called whom is asked when an event is handed back with its stamps.
  shape.list('peer', 'call');
  // Levels of objects are worked out from intelligence anew when events come out of a checkpoint.
  for (const name of ['ev', 'role', 'level', 'phone', 'acct', 'person', 'device', 'domain', 'pkg']) shape.layout('intel').need(name);
  for (const layout of shape.layouts) {
    for (const name of ['person', ...STAMP_INPUTS, ...STAMPS, ...shape.entityTypes.flatMap(keyFieldsOf)])
      if (name !== 'hod') layout.need(name);
    layout.seal();
  }
  return shape;
}

function collect(shape: Shape, node: Expression, entityType: EntityType, feature: PlanFeature): void {
  const again = (inner: Expression): void => collect(shape, inner, entityType, feature);
  const current = (name: string): void => {
    for (const { stream } of feature.triggers) shape.layout(stream).need(name);
  };
  const select = (selector: Selector): void => {
    shape.list(entityType, selector.stream);
    const layout = shape.layout(selector.stream);
    if (selector.field !== null) layout.need(selector.field);
    if (selector.filter === null) return;
    filterFields(selector.filter, {
      own: (name) => layout.need(name),
      current,
      previous: (name) => shape.layouts.forEach((other) => other.need(name)),
    });
    if (!isDynamic(selector.filter)) layout.bit(selector.filter);
  };
  switch (node.kind) {
    case 'current':
      current(node.field);
      return;
    case 'and':
    case 'or':
    case 'compare':
    case 'arithmetic':
      again(node.left);
      again(node.right);
      return;
    case 'not':
    case 'negative':
      again(node.operand);
      return;
    case 'of': {
      const inner = entityTypeOf(node.entityType);
      assert(inner !== undefined, `no entity type ${node.entityType}`);
      again(node.key);
      collect(shape, node.body, inner, feature);
      return;
    }
    case 'sequence':
      if (node.window.kind === 'since') current(node.window.field);
      for (const selector of [node.first, ...node.next.map((step) => step.selector)]) select(selector);
      return;
    case 'call':
      for (const argument of node.args) {
        if (argument.kind === 'selector') select(argument);
        if (argument.kind === 'expression') again(argument.expression);
        if (argument.kind === 'window' && argument.window.kind === 'since') current(argument.window.field);
        if (argument.kind === 'name' && node.name !== 'shared_black')
          for (const other of node.args) if (other.kind === 'selector') shape.layout(other.stream).need(argument.name);
      }
      implicit(shape, node.name, entityType);
      return;
    default:
  }
}

/** What functions read without saying so in their arguments. */
function implicit(shape: Shape, name: string, entityType: EntityType): void {
  if (GRAPH.has(name)) {
    shape.list('acct', 'fund');
    const fund = shape.layout('fund');
    for (const needed of ['dir', 'live', 'peer', 'amt', 'peer_black', 'peer_victim', 'txid']) fund.need(needed);
    fund.bit(EDGE_OUT);
    fund.bit(EDGE_IN);
  } else if (LOTS.has(name)) {
    for (const stream of ['fund', 'cash']) {
      shape.list(entityType, stream);
      for (const needed of ['dir', 'live', 'stranger', 'amt', 'ev']) shape.layout(stream).need(needed);
    }
    for (const filter of [EDGE_OUT, EDGE_IN, STRANGER]) shape.layout('fund').bit(filter);
    shape.layout('cash').bit(WITHDRAWAL);
  } else if (name === 'shared_black') {
    for (const type of [entityType, 'device', 'ip'] as const) shape.list(type, 'acct');
    for (const needed of ['ev', 'device', 'ip', 'acct']) shape.layout('acct').need(needed);
    shape.layout('acct').bit(LOGIN);
  }
}

interface FieldUse {
  readonly own: (name: string) => void;
  readonly current: (name: string) => void;
  readonly previous: (name: string) => void;
}

function filterFields(filter: Filter, use: FieldUse): void {
  switch (filter.kind) {
    case 'and':
    case 'or':
      filterFields(filter.left, use);
      filterFields(filter.right, use);
      return;
    case 'not':
      filterFields(filter.operand, use);
      return;
    case 'truth':
    case 'member':
    case 'compare':
      use.own(filter.field);
  }
  if (filter.kind === 'compare' && filter.right.kind === 'current') use.current(filter.right.field);
  if (filter.kind === 'compare' && filter.right.kind === 'previous') use.previous(filter.right.field);
}

/** Every word that a formula compares with. */
export function wordsOf(formula: Expression): readonly string[] {
  const words = ['', 'in', 'out', 'withdraw', 'login'];
  walk(formula, (node) => {
    if (node.kind === 'word') words.push(node.word);
    if (node.kind === 'member') for (const member of node.members) if (typeof member === 'string') words.push(member);
    if (node.kind === 'compare' && 'field' in node && node.right.kind === 'literal' && typeof node.right.value === 'string')
      words.push(node.right.value);
  });
  return words;
}

/** Kinds of key that are counted as such, by whichever event they come. */
const COUNTED: ReadonlySet<EntityType> = new Set<EntityType>(['person', 'phone', 'acct']);

/** The lists of each kind of key that an event of a stream is entered into. */
export function listsOfStream(
  shape: Shape,
  stream: string,
): { entityType: EntityType; fields: readonly string[]; lists: readonly number[] }[] {
  const layout = shape.layout(stream);
  return shape.entityTypes.flatMap((entityType) => {
    const fields = keyFieldsOf(entityType);
    if (!fields.every((name) => layout.columns.has(name))) return [];
    const lists = shape
      .lists(entityType)
      .filter((spec) => streamsBehind(spec.name).includes(stream))
      .map((spec) => spec.head);
    // A key of which nothing is kept is not looked for: that was a wait for memory, and a record of it.
    if (lists.length === 0 && !COUNTED.has(entityType) && !shape.isRead(entityType, stream)) return [];
    return [{ entityType, fields, lists }];
  });
}
