import { BAR_KEY, barSeen, type BudgetSeen } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import { readVisits } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';

export const getBudget = ({ ledger, store, clock }: Context): Route =>
  route(
    {
      method: 'GET',
      path: '/api/budget',
      says: 'visits of today against the budget, where the bar of P1 and P2 stands, and how it moved',
      access: ['analyst', 'leader', 'auditor'],
      perMinute: 60,
      audit: null,
    },
    async (): Promise<BudgetSeen> => {
      const [text, visits] = await Promise.all([store.get(BAR_KEY), readVisits(ledger, clock.nowMs())]);
      return { bar: text === undefined ? null : barSeen.parse(JSON.parse(text)), ...visits };
    },
  );
