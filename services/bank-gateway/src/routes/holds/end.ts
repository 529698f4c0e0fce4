import { holdEnd, requestProof, type Hold, type HoldEnd } from '@skyeye/contracts';
import { problems, route, type Route } from '@skyeye/identity';
import { bodyHash, endHold, getHold, holdOf, onceWithBody, type LedgerTx } from '@skyeye/ledger';
import { moveHold, type HoldMove } from '@skyeye/orders';
import { redactTyped } from '@skyeye/telemetry';
import { z } from 'zod';
import type { Context, GatewayDeps } from '../../deps.ts';

const params = z.strictObject({ id: z.string().regex(/^h_[A-Za-z0-9_-]{24}$/, 'no id of a hold') });

/** POST /v1/holds/{id}/confirmations and /releases: how the bank ended a hold, with the reason and the customer's answers. */
export function endRoutes({ callers, nonces, ...deps }: Context): readonly Route[] {
  const end = (path: string, says: string, move: Exclude<HoldMove, 'expire'>, state: 'confirmed' | 'released'): Route =>
    route(
      { method: 'POST', path, says, access: 'key', perMinute: 6_000, audit: `hold_${state}`, params, body: holdEnd, headers: requestProof },
      async ({ params: { id }, body, headers, request }): Promise<Hold> => {
        const bank = await callers.bankOf(request);
        await nonces.take(bank, headers);
        await expireIfDue(deps, id, bank);
        const { reason, counter } = withoutIdentifiers(body);
        return deps.ledger.tx(async (tx) => {
          const present = await ownHold(tx, id, bank);
          const nowMs = deps.clock.nowMs();
          const fresh = await onceWithBody(tx, {
            kind: 'hold_end',
            id: `${bank}/${body.requestId}`,
            atMs: nowMs,
            hash: bodyHash({ id, move, ...body }),
          });
          // The same end again is the same answer: a bank whose line broke sends it twice.
          if (!fresh || present.state === state) return present;
          moveHold({
            state: present.state === 'none' ? 'expired' : present.state,
            move,
            reason,
            nowMs,
            expiresMs: present.expiresMs ?? nowMs,
          });
          const { hold } = await endHold(tx, {
            id,
            state,
            atMs: nowMs,
            by: bank,
            reason,
            counter,
          });
          // Another end came in between: this one changed nothing, and is told so.
          if (hold.state !== state)
            moveHold({ state: hold.state === 'none' ? 'expired' : hold.state, move, reason, nowMs, expiresMs: nowMs });
          return holdOf(hold);
        });
      },
    );
  return [
    end(
      '/v1/holds/:id/confirmations',
      'the payment does not go out: refused by the bank or given up by the customer',
      'confirm',
      'confirmed',
    ),
    end('/v1/holds/:id/releases', 'the payment goes out after the counter script', 'release', 'released'),
    route(
      { method: 'GET', path: '/v1/holds/:id', says: 'state of a hold', access: 'key', perMinute: 6_000, audit: null, params },
      async ({ params: { id }, request }) => {
        const bank = await callers.bankOf(request);
        const hold = await deps.ledger.read((queries) => ownHold(queries, id, bank));
        return isDue(hold, deps.clock.nowMs()) ? { ...hold, state: 'expired', endedMs: hold.expiresMs } : hold;
      },
    ),
  ];
}

/** Whoever types at a counter may write down a customer's number: it goes no further than this (invariant 8). */
function withoutIdentifiers({ reason, operator, answers }: HoldEnd): { readonly reason: string; readonly counter: Record<string, string> } {
  const said = Object.entries(answers).map(([question, answer]) => [redactTyped(question), redactTyped(answer)] as const);
  return { reason: redactTyped(reason), counter: { ...Object.fromEntries(said), operator: redactTyped(operator) } };
}

const isDue = ({ state, expiresMs }: Hold, nowMs: number): boolean => state === 'active' && expiresMs !== null && expiresMs <= nowMs;

/** A hold ends at its time though whoever else watches the clock is down (invariant 4). */
async function expireIfDue({ ledger, clock }: GatewayDeps, id: string, bank: string): Promise<void> {
  await ledger.tx(async (tx) => {
    const nowMs = clock.nowMs();
    if (isDue(await ownHold(tx, id, bank), nowMs))
      await endHold(tx, { id, state: 'expired', atMs: nowMs, by: 'bank-gateway', reason: '30 分钟期满' });
  });
}

/** Another bank's hold is not found, as one that never was. */
async function ownHold(queries: Pick<LedgerTx, 'query'>, id: string, bank: string): Promise<Hold> {
  const [row] = await queries.query<{ bank: string }>('select bank from holds where id = $1', [id]);
  if (row?.bank !== bank) throw problems.notFound();
  return holdOf(await getHold(queries, id));
}
