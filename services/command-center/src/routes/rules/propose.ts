import { compileRule, ruleEntry } from '@skyeye/catalogue';
import { proposeRuleBody } from '@skyeye/contracts';
import { problems, route, type Route } from '@skyeye/identity';
import { proposeRule } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { actOnRule, entryOf } from '../../rules.ts';

export const proposeRuleRoute = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/rules',
      says: 'keep a version of a rule as a draft',
      access: ['analyst', 'leader'],
      perMinute: 30,
      audit: 'rule_draft',
      body: proposeRuleBody,
    },
    async ({ body, session }) => {
      const read = ruleEntry.safeParse(body.rule);
      if (!read.success)
        throw problems.invalid(
          read.error.issues.slice(0, 20).map(({ path, message }) => ({ path: ['rule', ...path].map(String).join('.'), message })),
        );
      const { rule, mistakes } = compileRule(read.data);
      if (rule === null)
        throw problems.invalid(
          mistakes.slice(0, 20).map(({ path, message }) => ({ path: ['rule', ...path].join('.'), message: message.slice(0, 300) })),
        );
      const { id, version } = rule;
      await actOnRule(context, { session, ruleId: id, version, reason: body.reason }, (act) =>
        proposeRule(context.ledger, { ...act, entry: entryOf(rule) }),
      );
      return { id, version };
    },
  );
