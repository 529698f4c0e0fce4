import type { RuleBacktest, RuleCounts } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { countResidents, latestBacktests, listRules, rulesSeq, type RuleRow } from '@skyeye/ledger';
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
      const { ledger } = context;
      const [seq, rows, backtests, counts, residents] = await Promise.all([
        rulesSeq(ledger),
        listRules(ledger, null),
        latestBacktests(ledger, null),
        countsOf(context),
        countResidents(ledger),
      ]);
      return { seq, atScorerSeq: counts?.seq ?? null, residents, rules: rows.map((row) => listed(row, counts, backtests)) };
    },
  );

/** A version as the wire has it. */
export function listed({ ruleId, ...row }: RuleRow, counts: RuleCounts | null, backtests: ReadonlyMap<string, RuleBacktest>): object {
  const count = counts?.rules.find(({ id, version }) => id === ruleId && version === row.version);
  return {
    id: ruleId,
    ...row,
    backtest: backtests.get(`${ruleId}@${row.version}`) ?? null,
    count:
      count === undefined
        ? null
        : { times: count.times, days: count.days, personsPerDayMax: Math.max(0, ...count.days.map(({ persons }) => persons)) },
  };
}
