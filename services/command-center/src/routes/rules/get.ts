import { ruleParams } from '@skyeye/contracts';
import { problems, route, type Route } from '@skyeye/identity';
import { listRules, ruleSteps } from '@skyeye/ledger';
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
      const counts = await countsOf(context);
      return { rules: rows.map((row) => listed(row, counts)), steps: await ruleSteps(context.ledger, params.rule) };
    },
  );
