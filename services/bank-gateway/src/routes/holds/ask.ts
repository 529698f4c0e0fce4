import { holdRequest } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import type { Callers } from '../../caller.ts';
import type { HoldDesk } from '../../decide.ts';

/** POST /v1/holds: may this payment of the bank's own customer go out? */
export const askHold = (desk: HoldDesk, callers: Callers): Route =>
  route(
    {
      method: 'POST',
      path: '/v1/holds',
      says: 'asks about a pending payment',
      access: 'key',
      perMinute: 60_000,
      audit: 'hold_decided',
      body: holdRequest,
    },
    async ({ body, request }) => {
      const startedMs = performance.now();
      return desk.ask(await callers.bankOf(request), body, startedMs);
    },
  );
