import { ruleParams, ruleStepBody } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { stepRule } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { actOnRule } from '../../rules.ts';

export const retireRule = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/rules/:rule/retire',
      says: 'end a version, in whatever state',
      access: ['analyst', 'leader'],
      perMinute: 30,
      audit: 'rule_retired',
      params: ruleParams,
      body: ruleStepBody,
    },
    async ({ params, body, session }) => {
      await actOnRule(context, { session, ruleId: params.rule, ...body }, (act) => stepRule(context.ledger, act, 'retired'));
      return undefined;
    },
  );
