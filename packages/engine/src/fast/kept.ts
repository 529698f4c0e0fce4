import { entityTypeOf, withoutPositions, type EntityType, type Expression, type Selector } from '@skyeye/language';
import type { PlanFeature } from '../plan.ts';
import { isDynamic } from './collect.ts';
import { HEAD_UNITS, type Shape } from './layout.ts';

const COUNTED: ReadonlySet<string> = new Set(['count', 'exists']);
const MEASURED: ReadonlySet<string> = new Set(['sum', 'avg', 'min', 'max']);

/** Where a measure finds what it counts. */
export interface Where {
  /** Place of the predicate word in a row, and bit; −1: every event counts. */
  readonly word: number;
  readonly mask: number;
  /** Known values of a field: numbers (1) or codes (2); rows (0). */
  readonly kind: 0 | 1 | 2;
  readonly at: number;
}

/** What is kept of the folded events of a list for one predicate and field. */
export interface Kept extends Where {
  /** The same in every engine and catalogue: predicate, field, and whether different values are counted. */
  readonly name: string;
  readonly distinct: boolean;
}

/** What is kept of the folded events of one list: what some formula counts, sums, or looks for the extremes of. */
export class KeptList {
  readonly all: readonly Kept[];
  readonly #places = new Map<string, number>();
  readonly #found = new WeakMap<Where, number>();

  constructor(all: readonly Kept[]) {
    this.all = all;
    for (const [index, kept] of all.entries()) this.#places.set(placeOf(kept, kept.distinct), index);
  }

  /** Number of a measure; −1 where it is not kept. @param of an object made once: it is remembered */
  index(of: Where, distinct: boolean): number {
    let index = this.#found.get(of);
    if (index === undefined) this.#found.set(of, (index = this.#places.get(placeOf(of, distinct)) ?? -1));
    return index;
  }
}

const placeOf = ({ word, mask, kind, at }: Where, distinct: boolean): string => `${word} ${mask} ${kind} ${at} ${distinct}`;

/** What is kept of each list when its events are folded, by kind of key and place of the list's header. */
export function keptLists(shape: Shape, features: readonly PlanFeature[]): (type: EntityType, head: number) => KeptList {
  const lists = new Map<string, Map<string, Kept>>();
  const add = (type: EntityType, selector: Selector, field: string | null, distinct: boolean): void => {
    const layout = shape.layout(selector.stream);
    const bit = selector.filter === null ? -1 : layout.findBit(selector.filter);
    const column = field === null ? undefined : layout.columns.get(field);
    if ((selector.filter !== null && bit < 0) || (field !== null && column === undefined)) return;
    const key = `${type} ${shape.list(type, selector.stream).head}`;
    const list = lists.get(key) ?? new Map<string, Kept>();
    lists.set(key, list);
    const name = JSON.stringify([withoutPositions(selector.filter), field, distinct]);
    list.set(name, {
      name,
      distinct,
      word: bit < 0 ? -1 : HEAD_UNITS * 2 + (bit >>> 5),
      mask: bit < 0 ? 0 : 1 << (bit & 31),
      kind: column === undefined ? 0 : column.kind === 'number' ? 1 : 2,
      at: column?.at ?? 0,
    });
  };
  const visit = (node: Expression, type: EntityType): void => {
    if (node.kind === 'and' || node.kind === 'or' || node.kind === 'compare' || node.kind === 'arithmetic') {
      visit(node.left, type);
      visit(node.right, type);
    } else if (node.kind === 'not' || node.kind === 'negative') visit(node.operand, type);
    else if (node.kind === 'of') {
      visit(node.key, type);
      visit(node.body, entityTypeOf(node.entityType) ?? type);
    } else if (node.kind === 'call') {
      const [first] = node.args;
      for (const argument of node.args) if (argument.kind === 'expression') visit(argument.expression, type);
      if (first?.kind !== 'selector' || isDynamic(first.filter)) return;
      if (COUNTED.has(node.name)) add(type, first, null, false);
      else if (MEASURED.has(node.name)) add(type, first, first.field, false);
      else if (node.name === 'distinct') add(type, first, first.field, true);
    }
  };
  for (const { formula, entityType } of features) visit(formula, entityType);
  const made = new Map<string, KeptList>();
  return (type, head) => {
    const key = `${type} ${head}`;
    const list = made.get(key) ?? new KeptList([...(lists.get(key)?.values() ?? [])]);
    made.set(key, list);
    return list;
  };
}
