import { z } from 'zod';
import type { ErasureState } from '@skyeye/contracts';
import { problems, route, who, type Route } from '@skyeye/identity';
import type { Context } from '../../deps.ts';
import { askedErasure, ERASURE_WAITS_MS, erasureKey, type AskedErasure } from '../../erasing.ts';

const params = z.object({ id: z.uuid() });

export const approveErasure = ({ ledger, store, clock, erasing }: Context): Route =>
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
      const text = await store.get(erasureKey(id));
      if (text === undefined) throw problems.notFound();
      const asked = askedErasure.parse(JSON.parse(text));
      const { account } = who(session);
      if (asked.by === account) throw problems.notAllowed();
      const note = (kind: string): Promise<void> =>
        ledger.tx(async (tx) =>
          tx.journal.audit({ atMs: clock.nowMs(), by: account, kind, subject: id, facts: { keys: asked.keys.length, askedBy: asked.by } }),
        );
      if (asked.approvedBy === null) {
        await note('erasure_approved');
        const approved: AskedErasure = { ...asked, approvedBy: account };
        await store.set(erasureKey(id), JSON.stringify(approved), { ttlMs: ERASURE_WAITS_MS });
      }
      const state = await erasing.forget({ id, keys: asked.keys });
      // Of two who hear that it is done, one writes it down.
      if (state === 'done' && (await store.delete(erasureKey(id)))) await note('erasure_done');
      return { state };
    },
  );
