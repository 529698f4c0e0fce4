import { ruleParams, ruleStepBody } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { approveRule, countResidents } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { actOnRule, countsOf } from '../../rules.ts';

export const approveRuleRoute = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/rules/:rule/approve',
      says: 'approve the version of another person, by the numbers of its backtest and its shadow',
      access: ['leader'],
      perMinute: 30,
      audit: 'rule_approved',
      params: ruleParams,
      body: ruleStepBody,
    },
    async ({ params, body, session }) => {
      const count = (await countsOf(context))?.rules.find(({ id, version }) => id === params.rule && version === body.version);
      const seen = {
        personsPerDayMax: Math.max(0, ...(count?.days ?? []).map(({ persons }) => persons)),
        times: count?.times ?? 0,
        residents: await countResidents(context.ledger),
      };
      await actOnRule(context, { session, ruleId: params.rule, ...body }, async (act) => {
        await approveRule(context.ledger, act, { ...seen, scored: count !== undefined });
      });
      return undefined;
    },
  );
