import type { ModelsInForce, RulesInForce } from '@skyeye/contracts';
import type { Geo } from '@skyeye/geo';
import type { FeedHead, LiveStreams, PeopleDeps, PeopleOptions, Sessions } from '@skyeye/identity';
import type { Store } from '@skyeye/store';
import type { Log } from '@skyeye/stream';
import type { QuarantineSealer, Tokenizer, VaultReader } from '@skyeye/vault';
import type { Erasing } from './erasing.ts';
import type { Publisher } from './publisher.ts';
import type { Views } from './views.ts';

/** What the service is given; it opens and closes none of it. */
export interface CommandCenterDeps extends PeopleDeps {
  readonly vault: Pick<VaultReader, 'masked' | 'reveal'>;
  /** Opens sealed records for a replay. */
  readonly quarantine: Pick<QuarantineSealer, 'open'>;
  /** Makes tokens of what a person who asks to be erased is called. */
  readonly tokens: Pick<Tokenizer, 'token'>;
  readonly erasing: Erasing;
  readonly store: Pick<Store, 'get' | 'set' | 'delete' | 'increment' | 'publish'>;
  readonly log: Log;
  readonly options: CommandCenterOptions;
}

export interface CommandCenterOptions extends PeopleOptions {
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
  readonly rules: Publisher<RulesInForce>;
  readonly models: Publisher<ModelsInForce>;
}
