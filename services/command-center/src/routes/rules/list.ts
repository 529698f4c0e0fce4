import type { RuleCounts } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { listRules, rulesSeq, type RuleRow } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { countsOf } from '../../rules.ts';

export const listRulesRoute = (context: Context): Route =>
  route(
    {
      method: 'GET',
      path: '/api/rules',
      says: 'the versions that are not retired, with what scorers counted',
      access: ['analyst', 'leader', 'auditor'],
      perMinute: 60,
      audit: null,
    },
    async () => {
      const [seq, rows, counts] = await Promise.all([rulesSeq(context.ledger), listRules(context.ledger, null), countsOf(context)]);
      return { seq, atScorerSeq: counts?.seq ?? null, rules: rows.map((row) => listed(row, counts)) };
    },
  );

/** A version as the wire has it. */
export function listed({ ruleId, ...row }: RuleRow, counts: RuleCounts | null): object {
  const count = counts?.rules.find(({ id, version }) => id === ruleId && version === row.version);
  return {
    id: ruleId,
    ...row,
    count:
      count === undefined
        ? null
        : { times: count.times, days: count.days, personsPerDayMax: Math.max(0, ...count.days.map(({ persons }) => persons)) },
  };
}
