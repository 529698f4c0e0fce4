import { parseRule } from '@skyeye/catalogue';
import { ruleParams, ruleStepBody } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { listRules, stepRule } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { actOnRule } from '../../rules.ts';

export const checkRule = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/rules/:rule/check',
      says: 'check a draft against this catalogue: its condition, and every worked example',
      access: ['analyst', 'leader'],
      perMinute: 30,
      audit: 'rule_checked',
      params: ruleParams,
      body: ruleStepBody,
    },
    async ({ params, body, session }) => {
      await actOnRule(context, { session, ruleId: params.rule, ...body }, async (act) => {
        const row = (await listRules(context.ledger, act.ruleId)).find(({ version }) => version === act.version);
        // A draft of another release may read features that are gone; it is refused with the reason.
        const numbers = row === undefined ? {} : { examples: parseRule(row.entry).examples.length };
        await stepRule(context.ledger, act, 'checked', numbers);
      });
      return undefined;
    },
  );
