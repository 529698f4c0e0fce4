import type { Dimensions, EntityType } from '@skyeye/language';
import type { FastPlan } from './fast-plan.ts';
import type { Outside } from './helpers.ts';
import type { Registry } from './registry.ts';

/** Attributes and coverage of keys for the programs. @param dims attributes from elsewhere than reference data */
export function outsideOf(plan: FastPlan, registry: Registry, dims: Dimensions | undefined, scope: 'residents' | 'all'): Outside {
  const { dictionary, shape } = plan;
  return {
    dimension: (type, a, b, name, tMs) => {
      const entityType = shape.entityTypes[type] as EntityType;
      if (dims === undefined) return registry.dimension(entityType, a, name, tMs);
      const isPair = entityType === 'pair_acct' || entityType === 'pair_phone';
      const key = isPair ? `${dictionary.text(a)}\u0000${dictionary.text(b)}` : dictionary.text(a);
      const value = dims.valueAt(entityType, key, name, tMs);
      if (value === null) return Number.NaN;
      return typeof value === 'string' ? dictionary.code(value) : Number(value);
    },
    coverage: (_type, a) => (scope === 'all' ? -1 : registry.coverage(a)),
  };
}
