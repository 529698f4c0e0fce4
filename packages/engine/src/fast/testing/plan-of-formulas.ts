import { languageSchema, type Catalogue } from '@skyeye/catalogue';
import type { StreamName } from '@skyeye/contracts';
import { checkFormula, parseFire, parseFormula } from '@skyeye/language';
import { planOf, type Plan } from '../../plan.ts';

/** Formulas as features f0, f1, … of one kind of key, evaluated by one stream. */
export function planOfFormulas(keyType: string, stream: StreamName, formulas: readonly string[]): Plan {
  const entries = formulas.map((formula, order) => {
    const ast = parseFormula(formula);
    return {
      id: `f${order}`,
      order,
      keyedBy: keyType,
      formula,
      triggers: [{ stream, dir: null }],
      timerMs: null,
      fire: parseFire('>=1'),
      ast,
      valueType: checkFormula(ast, { schema: languageSchema, source: formula, triggers: [stream] }),
    };
  });
  return planOf({ version: 'formulas', features: entries, groups: [], byId: new Map() } as unknown as Catalogue);
}
