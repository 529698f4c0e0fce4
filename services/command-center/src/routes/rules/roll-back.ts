import { ruleParams, ruleRollBackBody } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { rollBackRule } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { actOnRule } from '../../rules.ts';

export const rollBackRuleRoute = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/rules/:rule/roll-back',
      says: 'take the live version back at once: the one before it is live again, or none',
      access: ['analyst', 'leader'],
      perMinute: 30,
      audit: 'rule_rolled_back',
      params: ruleParams,
      body: ruleRollBackBody,
    },
    async ({ params, body, session }) => {
      let version: string | null = null;
      await actOnRule(context, { session, ruleId: params.rule, version: '', ...body }, async (act) => {
        version = await rollBackRule(context.ledger, act);
      });
      return { live: version };
    },
  );
