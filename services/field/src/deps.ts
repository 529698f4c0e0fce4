import type { County } from '@skyeye/contracts';
import type { Clock } from '@skyeye/foundation';
import type { AccountStore, FeedHead, LiveStreams, Passwords, Session, Sessions } from '@skyeye/identity';
import type { FieldContext, Ledger } from '@skyeye/ledger';
import type { Store } from '@skyeye/store';
import type { Telemetry } from '@skyeye/telemetry';
import type { VaultReader } from '@skyeye/vault';

/** County time with its speed, for the clock that screens show. */
export interface CountyClock extends Clock {
  readonly speed: number;
}

/** What the service is given; it opens and closes none of it. */
export interface FieldDeps {
  readonly telemetry: Telemetry;
  readonly clock: CountyClock;
  readonly wallNowMs: () => number;
  readonly ledger: Ledger;
  readonly vault: Pick<VaultReader, 'masked' | 'reveal'>;
  readonly store: Pick<Store, 'get' | 'set' | 'delete'>;
  readonly accounts: AccountStore;
  readonly passwords: Passwords;
  readonly county: County;
  readonly options: FieldOptions;
}

export interface FieldOptions {
  /** Host names that are answered; null for all. */
  readonly hosts: readonly string[] | null;
  readonly secureCookie: boolean;
  readonly trustProxy?: readonly string[];
  readonly demo: boolean;
  readonly version: string;
  /** Folder of the built terminal app; null for an API without it. */
  readonly webFolder: string | null;
  /** Public key for Web Push; null where nothing is pushed through a browser's service. */
  readonly pushKey: string | null;
}

/** What the routes work with. */
export interface Context extends FieldDeps {
  readonly sessions: Sessions;
  readonly streams: LiveStreams;
  readonly head: FeedHead;
  /** Tasks as this person may see them. */
  readonly viewOf: (session: Session) => FieldContext;
}
