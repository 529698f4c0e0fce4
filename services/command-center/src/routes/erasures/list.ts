import { route, type Route } from '@skyeye/identity';
import { listErasures } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';

export const listErasuresRoute = ({ ledger, clock }: Context): Route =>
  route(
    {
      method: 'GET',
      path: '/api/erasures',
      says: 'requests to be erased, newest first, each with where it stands and its receipt',
      access: ['operator', 'leader', 'auditor'],
      perMinute: 60,
      audit: null,
    },
    async () => ({ erasures: await listErasures(ledger, clock.nowMs()) }),
  );
