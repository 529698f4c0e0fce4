import { holdRequest, requestProof } from '@skyeye/contracts';
import { route, type Route } from '@skyeye/identity';
import type { Context } from '../../deps.ts';

/** POST /v1/holds: may this payment of the bank's own customer go out? */
export const askHold = ({ desk, callers, nonces }: Pick<Context, 'desk' | 'callers' | 'nonces'>): Route =>
  route(
    {
      method: 'POST',
      path: '/v1/holds',
      says: 'asks about a pending payment',
      access: 'key',
      perMinute: 60_000,
      audit: 'hold_decided',
      body: holdRequest,
      headers: requestProof,
    },
    async ({ body, headers, request }) => {
      const startedMs = performance.now();
      const bank = await callers.bankOf(request);
      await nonces.take(bank, headers);
      return desk.ask(bank, body, startedMs);
    },
  );
