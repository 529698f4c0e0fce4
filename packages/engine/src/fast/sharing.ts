import { languageSchema } from '@skyeye/catalogue';
import { printFormula, walk, type Expression, type Selector } from '@skyeye/language';
import type { Plan, PlanFeature } from '../plan.ts';
import { isDynamic, shapeOf } from './collect.ts';
import { isWalkable } from './walk-code.ts';

/** How a part of a formula is computed, cheapest first. */
export type Way = 'bit' | 'walk' | 'gather' | 'sequence' | 'graph';

/** A part of a formula that features share. */
export interface SharedPart {
  readonly way: Way;
  /** Kind of key (none for predicate bits) and text: equal parts of one kind of key are computed once per event and key. */
  readonly text: string;
  /** Ids of the features that have it. */
  readonly features: readonly string[];
}

export interface Sharing {
  readonly features: number;
  /** Uses of parts in formulas, all features together. */
  readonly uses: number;
  readonly parts: readonly SharedPart[];
  readonly layouts: readonly { readonly streams: readonly string[]; readonly bytes: number; readonly bits: number }[];
  readonly lists: number;
}

const GRAPH = /^(hops_black|hops_victim|taint|depth|scatter_gather|cycle|copayee|shared_black|fifo_share|fifo_med)$/;

/** What the compiled plan shares between features. Cost: linear in the formulas. */
export function sharingOf(plan: Plan): Sharing {
  const shape = shapeOf(plan.features);
  const parts = new Map<string, { way: Way; text: string; features: Set<string> }>();
  let uses = 0;
  for (const feature of plan.features) {
    walk(feature.formula, (node) => {
      const found = partOf(node as Expression | Selector, feature);
      if (found === null) return;
      uses += 1;
      const key = `${found.way} ${found.text}`;
      const known = parts.get(key);
      if (known === undefined) parts.set(key, { ...found, features: new Set([feature.id]) });
      else known.features.add(feature.id);
    });
  }
  return {
    features: plan.features.length,
    uses,
    parts: [...parts.values()].map(({ way, text, features }) => ({ way, text, features: [...features] })),
    layouts: shape.layouts.map(({ streams, units, filters }) => ({ streams, bytes: units * 8, bits: filters.size })),
    lists: shape.entityTypes.reduce((sum, type) => sum + shape.lists(type).length, 0),
  };
}

function partOf(node: Expression | Selector, feature: PlanFeature): { way: Way; text: string } | null {
  if (node.kind === 'selector') {
    if (node.filter === null || isDynamic(node.filter)) return null;
    const text = printFormula({ kind: 'call', name: '', args: [{ ...node, field: null }], at: 0 });
    return { way: 'bit', text: text.slice(1, -1) };
  }
  if (node.kind === 'sequence') return { way: 'sequence', text: `${feature.entityType}: ${printFormula(node)}` };
  if (node.kind !== 'call') return null;
  const [selector, second] = node.args;
  if (GRAPH.test(node.name)) return { way: 'graph', text: `${feature.entityType}: ${printFormula(node)}` };
  if (selector?.kind !== 'selector') return null;
  const type = selector.field === null ? undefined : languageSchema.streams[shapeStream(selector.stream)]?.[selector.field]?.type;
  const whole = type === 'int' || type === 'ms' || type === 'fen';
  const walked =
    node.args.length === 2 &&
    !isDynamic(selector.filter) &&
    isWalkable(node.name, second?.kind === 'window' ? second.window : undefined, whole);
  return { way: walked ? 'walk' : 'gather', text: `${feature.entityType}: ${printFormula(node)}` };
}

const shapeStream = (name: string): string => languageSchema.aliases[name]?.[0] ?? name;
