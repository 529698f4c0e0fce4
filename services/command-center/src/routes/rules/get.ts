import { ruleParams } from '@skyeye/contracts';
import { problems, route, type Route } from '@skyeye/identity';
import { latestBacktests, listRules, ruleSteps } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { countsOf } from '../../rules.ts';
import { listed } from './list.ts';

export const getRule = (context: Context): Route =>
  route(
    {
      method: 'GET',
      path: '/api/rules/:rule',
      says: 'every version of a rule and every step of its life',
      access: ['analyst', 'leader', 'auditor'],
      perMinute: 60,
      audit: null,
      params: ruleParams,
    },
    async ({ params }) => {
      const rows = await listRules(context.ledger, params.rule);
      if (rows.length === 0) throw problems.notFound();
      const [counts, backtests, steps] = await Promise.all([
        countsOf(context),
        latestBacktests(context.ledger, params.rule),
        ruleSteps(context.ledger, params.rule),
      ]);
      return { rules: rows.map((row) => listed(row, counts, backtests)), steps };
    },
  );
