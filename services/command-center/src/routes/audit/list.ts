import { z } from 'zod';
import { route, who, type Route } from '@skyeye/identity';
import { listAudit, verifyAudit } from '@skyeye/ledger';
import type { Context } from '../../deps.ts';
import { queryInt } from '../../params.ts';

const query = z.strictObject({ before: queryInt(0, Number.MAX_SAFE_INTEGER).optional(), limit: queryInt(1, 500).default(100) });

export const listAuditEntries = ({ ledger, clock }: Context): Route =>
  route(
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
      const result = await ledger.read(async (snapshot) => {
        const entries = await listAudit(snapshot, { limit, ...(before === undefined ? {} : { before }) });
        const { intact, brokenAt } = await verifyAudit(snapshot);
        return { entries, intact, brokenAt };
      });
      await ledger.tx(async ({ journal }) => {
        journal.audit({
          atMs: clock.nowMs(),
          by: who(session).account,
          kind: 'audit_read',
          subject: 'audit',
          facts: { entries: result.entries.length },
        });
      });
      return result;
    },
  );
