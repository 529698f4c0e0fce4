import type { Clock } from '@skyeye/foundation';
import type { Ledger } from '@skyeye/ledger';
import type { RevealEntry } from './reader.ts';

/** Writes disclosures into the ledger's audit: who, why, which tokens. For {@link vaultReader}. */
export function auditReveals(ledger: Ledger, clock: Clock): (entry: RevealEntry) => Promise<void> {
  return ({ by, purpose, tokens, incidentId }) =>
    ledger.tx(async ({ journal }) => {
      journal.audit({ atMs: clock.nowMs(), by, kind: 'identifier_revealed', subject: incidentId ?? 'vault', facts: { purpose, tokens } });
    });
}
