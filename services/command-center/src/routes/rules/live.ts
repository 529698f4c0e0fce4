import { ruleParams, ruleStepBody } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { stepRule } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { actOnRule } from '../../rules.ts';

export const makeRuleLive = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/rules/:rule/live',
      says: 'let an approved version alert; the one before it retires',
      access: ['leader'],
      perMinute: 30,
      audit: 'rule_live',
      params: ruleParams,
      body: ruleStepBody,
    },
    async ({ params, body, session }) => {
      await actOnRule(context, { session, ruleId: params.rule, ...body }, (act) => stepRule(context.ledger, act, 'live'));
      return undefined;
    },
  );
