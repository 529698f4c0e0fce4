import { entityTypeOf, impliedStreams, windowMs, type EntityType, type Expression } from '@skyeye/language';
import type { FastPlan } from './fast-plan.ts';
import type { Slabs } from './slabs.ts';

/** A list that a feature reads, and how far back. */
interface Read {
  readonly type: number;
  readonly head: number;
  readonly reachMs: number;
  /** The field of the current event that names the key; null: the feature's own key. */
  readonly keyField: string | null;
}

/**
 * Which values reach behind the events held of a key. Exact for what a feature reads of its own key and of one that a field
 * names; of the accounts that a walk over the money graph comes by, whose newest 200 edges it takes, nothing is said.
 */
export class Reaches {
  readonly #plan: FastPlan;
  readonly #slabs: Slabs;
  readonly #reads: (readonly Read[] | undefined)[] = [];

  constructor(plan: FastPlan, slabs: Slabs) {
    this.#plan = plan;
    this.#slabs = slabs;
  }

  /** @param place of the feature; `row` 0 for a timer */
  isApproximate(place: number, slot: number, row: number, tMs: number): boolean {
    return (this.#reads[place] ??= this.#readsOf(place)).some(({ type, head, reachMs, keyField }) => {
      const table = this.#slabs.tables[type];
      const own = keyField === null ? slot : this.#named(type, keyField, row);
      if (table === undefined || own < 0 || !table.isFolded(own)) return false;
      const sketch = table.sketches.get(own * table.stride + head);
      return sketch !== undefined && tMs - reachMs < sketch.untilMs;
    });
  }

  #named(type: number, field: string, row: number): number {
    const slabs = this.#slabs;
    const column = row === 0 ? undefined : this.#plan.layouts[slabs.i32[row * 2 + 3] as number]?.columns.get(field);
    const code = column?.kind === 'code' ? (slabs.i32[row * 2 + column.at] as number) : -1;
    return code < 0 ? -1 : (slabs.tables[type]?.find(code, 0) ?? -1);
  }

  #readsOf(place: number): readonly Read[] {
    const feature = this.#plan.plan.features[place];
    const reads: Read[] = [];
    if (feature !== undefined) this.#collect(feature.formula, feature.entityType, null, reads);
    return reads;
  }

  #collect(node: Expression, entityType: EntityType, keyField: string | null, reads: Read[]): void {
    const { shape } = this.#plan;
    const again = (inner: Expression): void => this.#collect(inner, entityType, keyField, reads);
    const read = (streams: Iterable<string>, reachMs: number): void => {
      for (const stream of new Set(streams)) {
        const spec = shape.lists(entityType).find(({ name }) => name === stream);
        if (spec !== undefined) reads.push({ type: shape.entityTypes.indexOf(entityType), head: spec.head, reachMs, keyField });
      }
    };
    switch (node.kind) {
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
      case 'of':
        again(node.key);
        this.#collect(node.body, entityTypeOf(node.entityType) ?? entityType, node.key.kind === 'current' ? node.key.field : null, reads);
        return;
      case 'sequence': {
        const gapsMs = node.next.reduce((sum, { gapMs }) => sum + gapMs, 0);
        read([node.first.stream, ...node.next.map(({ selector }) => selector.stream)], windowMs(node.window, Infinity) + gapsMs);
        return;
      }
      case 'call': {
        const window = node.args.find((argument) => argument.kind === 'window');
        const selectors = node.args.flatMap((argument) => (argument.kind === 'selector' ? [argument.stream] : []));
        for (const argument of node.args) if (argument.kind === 'expression') again(argument.expression);
        if (window !== undefined) read([...selectors, ...impliedStreams(node.name)], windowMs(window.window, Infinity));
        return;
      }
      default:
    }
  }
}
