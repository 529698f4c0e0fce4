import type { FeedHead, LiveStreams, PeopleDeps, PeopleOptions, Session, Sessions } from '@skyeye/identity';
import type { FieldContext } from '@skyeye/ledger';
import type { VaultReader } from '@skyeye/vault';

/** What the service is given; it opens and closes none of it. */
export interface FieldDeps extends PeopleDeps {
  readonly vault: Pick<VaultReader, 'masked' | 'reveal'>;
  readonly options: FieldOptions;
}

export interface FieldOptions extends PeopleOptions {
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
