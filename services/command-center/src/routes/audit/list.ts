import { z } from 'zod';
import { route, who, type Route } from '@skyeye/identity';
import { listAudit, verifyAudit } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { queryInt } from '../../params.ts';

const query = z.strictObject({ before: queryInt(0, Number.MAX_SAFE_INTEGER).optional(), limit: queryInt(1, 500).default(100) });

/** The whole chain is recomputed at most once in this time (wall); its cost grows with the audit, 100,000 entries a second. */
const VERIFIED_MS = 15_000;

type Verified = Awaited<ReturnType<typeof verifyAudit>>;

export const listAuditEntries = ({ ledger, clock, wallNowMs }: Context): Route => {
  let verified: { readonly result: Promise<Verified>; readonly atMs: number } | undefined;
  const verify = (): Promise<Verified> => {
    if (verified !== undefined && wallNowMs() - verified.atMs < VERIFIED_MS) return verified.result;
    const result = ledger.read((snapshot) => verifyAudit(snapshot));
    verified = { result, atMs: wallNowMs() };
    // A failure is the reader's that waits for it; the next one verifies anew.
    result.catch(() => (verified = undefined));
    return result;
  };
  return route(
    {
      method: 'GET',
      path: '/api/audit',
      says: 'the audit trail, newest first, and whether its chain is whole',
      access: ['auditor', 'leader'],
      perMinute: 30,
      audit: 'audit_read',
      query,
    },
    async ({ query: { before, limit }, session }) => {
      const entries = await listAudit(ledger, { limit, ...(before === undefined ? {} : { before }) });
      const { intact, brokenAt } = await verify();
      await ledger.tx(async ({ journal }) => {
        journal.audit({
          atMs: clock.nowMs(),
          by: who(session).account,
          kind: 'audit_read',
          subject: 'audit',
          facts: { entries: entries.length },
        });
      });
      return { entries, intact, brokenAt };
    },
  );
};
