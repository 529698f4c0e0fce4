import { unmaskBody, type Unmasked } from '@skyeye/contracts';
import { HttpProblem, route, who, type Route } from '@skyeye/identity';
import { redactTyped } from '@skyeye/telemetry';
import { noteUnmasked, phonesOf } from '@skyeye/ledger';
import { DESK, ownIncident } from '../../acts.ts';
import type { Context } from '../../deps.ts';
import { incidentParams } from '../../params.ts';

/** How long the screen shows it, county time does not matter here: wall ms. */
const SHOWN_MS = 60_000;
/** Disclosures of one account in a day without the duty leader. */
export const UNMASK_PER_DAY = 20;
const DAY_MS = 86_400_000;

const overLimit = (): HttpProblem =>
  new HttpProblem({
    status: 403,
    code: 'UNMASK_LIMIT',
    message: 'more than 20 identities in a day are for the duty leader; nothing was shown; ask the duty leader',
  });

export const unmaskIncident = (context: Context): Route =>
  route(
    {
      method: 'POST',
      path: '/api/incidents/:id/unmask',
      says: 'the person in clear, for a stated purpose',
      access: DESK,
      perMinute: 30,
      audit: 'unmasked',
      params: incidentParams,
      body: unmaskBody,
    },
    async ({ params, body, session }): Promise<Unmasked> => {
      const { account, unit, role } = who(session);
      const { ledger, vault, store, clock, wallNowMs } = context;
      const purpose = redactTyped(body.purpose);
      const row = await ownIncident(context, who(session), params.id);
      const used = await store.increment(`unmask:${account}:${Math.floor(wallNowMs() / DAY_MS)}`, { ttlMs: DAY_MS });
      if (used > UNMASK_PER_DAY && role !== 'leader') throw overLimit();
      const phone = row.phone ?? (await phonesOf(ledger, [row.person])).get(row.person)?.[0] ?? null;
      await noteUnmasked(ledger, { incidentId: row.id, actor: { account, unit }, nowMs: clock.nowMs(), purpose });
      const clear = await vault.reveal([row.person, ...(phone === null ? [] : [phone])], {
        by: account,
        purpose,
        incidentId: row.id,
      });
      const person = clear.get(row.person);
      return {
        name: person?.name ?? '',
        phone: phone === null ? null : (clear.get(phone)?.clear ?? null),
        idNumber: person?.kind === 'person' ? person.clear : null,
        address: person?.address ?? null,
        untilMs: wallNowMs() + SHOWN_MS,
      };
    },
  );
