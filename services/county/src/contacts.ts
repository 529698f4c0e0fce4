import { feedSeq, getIncident, readFeed, type Ledger } from '@skyeye/ledger';

/** Results of a call in which somebody spoke with the person. */
const SPOKE = new Set(['answered_convinced', 'answered_refused']);

/** Somebody of us spoke with a person. Both are tokens. */
export interface Contact {
  readonly person: string;
  readonly phone: string | null;
  readonly how: 'call' | 'visit';
}

export interface ContactsOptions {
  readonly ledger: Ledger;
  /** Accounts that people play; what simulated officers do, the county knows already. */
  readonly humans: ReadonlySet<string>;
  readonly tell: (contact: Contact) => void;
}

/** Tells the simulated county when a person called or met one of its residents, so that they live on accordingly. */
export async function followContacts({ ledger, humans, tell }: ContactsOptions): Promise<() => Promise<void>> {
  let after = await feedSeq(ledger);
  let reading: Promise<void> = Promise.resolve();
  const read = async (): Promise<void> => {
    for (const row of await readFeed(ledger, after)) {
      if (row.type === 'action') {
        const { kind, by, facts } = row.action;
        const called = kind === 'called' && SPOKE.has(String(facts['result']));
        if (called || (kind === 'met' && humans.has(by))) {
          const { person, phone } = await getIncident(ledger, row.incidentId);
          tell({ person, phone, how: called ? 'call' : 'visit' });
        }
      }
      after = row.seq;
    }
  };
  return ledger.onFeed(() => {
    reading = reading.then(read, read);
    // A read that failed is made again with the next wake-up, at most a second later.
    reading.catch(() => undefined);
  });
}
