import { z } from 'zod';
import type { ErasureState } from '@skyeye/contracts';
import { route, who, type Route } from '@skyeye/identity';
import { approveErasure, finishErasure } from '@skyeye/ledger';
import { refusable } from '../../acting.ts';
import type { Context } from '../../deps.ts';

const params = z.object({ id: z.uuid() });

export const approveErasureRoute = ({ ledger, clock, erasing }: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/erasures/:id/approve',
      says: 'approve an erasure that somebody else asked for; sent again it tells how far it is',
      access: ['leader'],
      perMinute: 120,
      audit: 'erasure_approved',
      params,
    },
    async ({ params: { id }, session }): Promise<ErasureState> => {
      const act = { id, by: who(session).account, nowMs: clock.nowMs() };
      const keys = await refusable(() => approveErasure(ledger, act));
      const state = await erasing.forget({ id, keys: [...keys] });
      if (state === 'done') await finishErasure(ledger, act);
      return { state };
    },
  );
