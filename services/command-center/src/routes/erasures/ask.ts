import { randomUUID } from 'node:crypto';
import { ERASED_KEYS_MAX, erasureAsk, type ErasureAsked } from '@skyeye/contracts';
import { problems, route, who, type Route } from '@skyeye/identity';
import { accountsOf, askErasure, phonesOf } from '@skyeye/ledger';
import { redactTyped } from '@skyeye/telemetry';
import type { Context } from '../../deps.ts';

export const askErasureRoute = ({ ledger, clock, tokens }: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/erasures',
      says: 'a person asks to be erased from the scoring state; nothing happens until a duty leader approves',
      access: ['operator'],
      perMinute: 10,
      audit: 'erasure_asked',
      body: erasureAsk,
    },
    async ({ body, session }): Promise<ErasureAsked> => {
      const id = randomUUID();
      const named = body.identifiers.map(({ kind, value }) => ({ keyType: kind, key: tokens.token(kind, value) }));
      const people = named.filter(({ keyType }) => keyType === 'person').map(({ key }) => key);
      const linked = [
        ...[...(await phonesOf(ledger, people)).values()].flat().map((key) => ({ keyType: 'phone' as const, key })),
        ...(await accountsOf(ledger, people)).map((key) => ({ keyType: 'acct' as const, key })),
      ];
      const keys = [...new Map([...named, ...linked].map((key) => [`${key.keyType} ${key.key}`, key])).values()];
      if (keys.length > ERASED_KEYS_MAX)
        throw problems.invalid([
          { path: 'body.identifiers', message: `more than ${ERASED_KEYS_MAX} keys with the phones and accounts linked to them` },
        ]);
      await askErasure(ledger, { id, keys, reason: redactTyped(body.reason), by: who(session).account, nowMs: clock.nowMs() });
      return { id, keys: keys.length };
    },
  );
