import type { County } from '@skyeye/contracts';
import type { Clock } from '@skyeye/foundation';
import type { Geo } from '@skyeye/geo';
import type { AccountStore, FeedHead, LiveStreams, Passwords, Sessions } from '@skyeye/identity';
import type { Ledger } from '@skyeye/ledger';
import type { Store } from '@skyeye/store';
import type { Log } from '@skyeye/stream';
import type { Telemetry } from '@skyeye/telemetry';
import type { QuarantineSealer, VaultReader } from '@skyeye/vault';
import type { Views } from './views.ts';

/** County time with its speed, for the clock that screens show. */
export interface CountyClock extends Clock {
  readonly speed: number;
}

/** What the service is given; it opens and closes none of it. */
export interface CommandCenterDeps {
  readonly telemetry: Telemetry;
  readonly clock: CountyClock;
  readonly wallNowMs: () => number;
  readonly ledger: Ledger;
  readonly vault: Pick<VaultReader, 'masked' | 'reveal'>;
  /** Opens sealed records for a replay. */
  readonly quarantine: Pick<QuarantineSealer, 'open'>;
  readonly store: Pick<Store, 'get' | 'set' | 'delete' | 'increment'>;
  readonly log: Log;
  readonly accounts: AccountStore;
  readonly passwords: Passwords;
  readonly county: County;
  readonly options: CommandCenterOptions;
}

export interface CommandCenterOptions {
  /** Host names that are answered; null for all. */
  readonly hosts: readonly string[] | null;
  readonly secureCookie: boolean;
  readonly trustProxy?: readonly string[];
  readonly demo: boolean;
  readonly version: string;
  /** Folder of the built console; null for an API without it. */
  readonly webFolder: string | null;
  /** Name of the log's consumer group; `command-center` by default. */
  readonly group?: string;
}

/** What the routes work with. */
export interface Context extends CommandCenterDeps {
  readonly geo: Geo;
  readonly sessions: Sessions;
  readonly streams: LiveStreams;
  readonly head: FeedHead;
  readonly views: Views;
}
