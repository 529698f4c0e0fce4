import { feedSeq, getIncident, readFeed, type Ledger } from '@skyeye/ledger';
import type { ToSimulator } from './rooms/simulator-room.ts';

/** Results of a call in which somebody spoke with the person. */
const SPOKE = new Set(['answered_convinced', 'answered_refused']);

export interface ContactsOptions {
  readonly ledger: Ledger;
  /** Accounts that people play; what simulated officers do, the county knows already. */
  readonly humans: ReadonlySet<string>;
  readonly tell: (message: Exclude<ToSimulator, { type: 'folded' }>) => void;
}

/**
 * Tells the simulated county when a person called or met one of its residents, so that they live on accordingly, and when an
 * incident opens, so that the operators report where the phone is.
 */
export async function followContacts({ ledger, humans, tell }: ContactsOptions): Promise<() => Promise<void>> {
  let after = await feedSeq(ledger);
  let reading: Promise<void> = Promise.resolve();
  const read = async (): Promise<void> => {
    const rows = await readFeed(ledger, after);
    for (const row of rows) {
      after = row.seq;
      if (row.type !== 'action') continue;
      const { kind, by, facts } = row.action;
      if (kind === 'created') {
        const { person, phone } = await getIncident(ledger, row.incidentId);
        tell({ type: 'locate', person, phone });
      }
      const called = kind === 'called' && SPOKE.has(String(facts['result']));
      if (!called && !(kind === 'met' && humans.has(by))) continue;
      const incident = await getIncident(ledger, row.incidentId);
      tell({ type: 'contact', person: incident.person, phone: incident.phone, how: called ? 'call' : 'visit' });
    }
  };
  // A read that failed is made again with the next wake-up, at most a second later.
  return ledger.onFeed(() => {
    reading = reading.then(read, read);
    reading.catch(() => undefined);
  });
}
