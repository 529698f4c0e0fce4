import { ruleBacktestBody, ruleParams } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { stepRule } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { actOnRule } from '../../rules.ts';

export const backtestRule = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/rules/:rule/backtest',
      says: 'keep what a backtest of a version saw: its blast radius',
      access: ['analyst', 'leader'],
      perMinute: 30,
      audit: 'rule_backtested',
      params: ruleParams,
      body: ruleBacktestBody,
    },
    async ({ params, body: { numbers, ...body }, session }) => {
      await actOnRule(context, { session, ruleId: params.rule, ...body }, (act) =>
        stepRule(context.ledger, act, 'backtested', { ...numbers }),
      );
      return undefined;
    },
  );
