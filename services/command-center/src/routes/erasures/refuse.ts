import { z } from 'zod';
import { erasureRefusal } from '@skyeye/contracts';
import { route, who, type Route } from '@skyeye/identity';
import { refuseErasure } from '@skyeye/ledger';
import { redactTyped } from '@skyeye/telemetry';
import { refusable } from '../../acting.ts';
import type { Context } from '../../deps.ts';

const params = z.object({ id: z.uuid() });

export const refuseErasureRoute = ({ ledger, clock }: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/erasures/:id/refuse',
      says: 'refuse an erasure that somebody else asked for, with the reason that the person is told',
      access: ['leader'],
      perMinute: 30,
      audit: 'erasure_refused',
      params,
      body: erasureRefusal,
    },
    async ({ params: { id }, body: { reason }, session }) => {
      await refusable(() => refuseErasure(ledger, { id, by: who(session).account, reason: redactTyped(reason), nowMs: clock.nowMs() }));
      return undefined;
    },
  );
