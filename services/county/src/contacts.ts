import { feedSeq, getIncident, readFeed, type Ledger } from '@skyeye/ledger';

/** Results of a call in which somebody spoke with the person. */
const SPOKE = new Set(['answered_convinced', 'answered_refused']);
/** What makes a case ask where the phone is: it opened, or something happened in it that a team on its way needs a place for. */
const LOCATES = new Set(['created', 'reopened', 'merged', 'raised']);

/** One of us spoke with the person, or the operators are asked where the phone is. */
type Event = { readonly type: 'contact'; readonly how: 'call' | 'visit' } | { readonly type: 'locate' };

/** What the simulated county hears of the work on its residents. Person and phone are tokens. */
export type CountyNews = Event & { readonly person: string; readonly phone: string | null };

export interface ContactsOptions {
  readonly ledger: Ledger;
  /** Accounts that people play; what simulated officers do, the county knows already. */
  readonly humans: ReadonlySet<string>;
  readonly tell: (news: CountyNews) => void;
}

/**
 * Tells the simulated county when a person called or met one of its residents, so that they live on accordingly, and when an
 * incident opens or grows, so that the operators report where the phone is. Resolves with how to end it.
 */
export async function followContacts({ ledger, humans, tell }: ContactsOptions): Promise<() => Promise<void>> {
  let after = await feedSeq(ledger);
  let reading: Promise<void> = Promise.resolve();
  const read = async (): Promise<void> => {
    for (const row of await readFeed(ledger, after)) {
      if (row.type === 'action') {
        const event = eventOf(row.action, humans);
        if (event !== null) {
          const { person, phone } = await getIncident(ledger, row.incidentId);
          tell({ ...event, person, phone });
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

function eventOf(
  { kind, by, facts }: { readonly kind: string; readonly by: string; readonly facts: Readonly<Record<string, unknown>> },
  humans: ReadonlySet<string>,
): Event | null {
  if (LOCATES.has(kind)) return { type: 'locate' };
  if (kind === 'called' && SPOKE.has(String(facts['result']))) return { type: 'contact', how: 'call' };
  if (kind === 'met' && humans.has(by)) return { type: 'contact', how: 'visit' };
  return null;
}
