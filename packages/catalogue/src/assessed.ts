import { parseFire, parseFormula } from '@skyeye/language';
import type { Catalogue, Feature } from './catalogue.ts';

type Entry = Pick<Feature, 'id' | 'name' | 'question' | 'group' | 'fires' | 'definition' | 'hardNegatives'>;

/**
 * Signals of a person that no formula computes: what was said of the account that is paid or the number on the line. The value is
 * 2 where that stands at P1, 1 at P2. They are facts of rules and count in scores, and are inputs of no model.
 */
const ENTRIES: readonly Entry[] = [
  {
    id: 'payee_assessed',
    name: { zh: '收款账户被评为高风险', en: 'The account that is paid is at high risk' },
    question: 'Is or was an account paid that is held to be a mule’s?',
    group: 'H',
    fires: { when: '>= 1', weight: 3, reason: { zh: '正在向高风险账户转账', en: 'is paying an account held to be a mule’s' } },
    hardNegatives: { says: ['收款账户被误评'], scripts: [] },
    definition: '付款时或付款后24小时内,收款账户被本系统评为P1(值2)或P2(值1)',
  },
  {
    id: 'caller_assessed',
    name: { zh: '通话对方是高风险号码', en: 'The number on the line is at high risk' },
    question: 'Is or was there a call of a number held to be a scammer’s?',
    group: 'B',
    fires: { when: '>= 1', weight: 3, reason: { zh: '通话对方是高风险号码', en: 'a number held to be a scammer’s is on the line' } },
    hardNegatives: { says: ['来电号码被误评'], scripts: [] },
    definition: '通话时或通话后1小时内,对方号码被本系统评为P1(值2)或P2(值1)',
  },
];

export const ASSESSED_SIGNALS = { account: 'payee_assessed', number: 'caller_assessed' } as const;

const known = new WeakMap<Catalogue, Catalogue>();

/** The catalogue with these signals among what rules and scores may look up; `features`, which engines and models read, is as it was. */
export function withAssessed(catalogue: Catalogue): Catalogue {
  let made = known.get(catalogue);
  if (made !== undefined) return made;
  const byId = new Map(catalogue.byId);
  for (const [index, entry] of ENTRIES.entries())
    if (!byId.has(entry.id))
      byId.set(entry.id, {
        ...entry,
        keyedBy: 'person',
        trigger: 'fund',
        formula: 'null',
        type: 'int',
        unit: 'level',
        scams: 'all',
        timeliness: 'realtime',
        examples: [],
        order: catalogue.features.length + index,
        triggers: [],
        timerMs: null,
        ast: parseFormula('null'),
        valueType: { kind: 'number', unit: 'level', whole: true },
        fire: parseFire(entry.fires.when),
      });
  made = Object.freeze({ ...catalogue, byId });
  known.set(catalogue, made);
  return made;
}

/** The features of `withAssessed` that are not in `features`. */
export const assessedOf = (catalogue: Catalogue): readonly Feature[] =>
  ENTRIES.flatMap(({ id }) => withAssessed(catalogue).byId.get(id) ?? []);
