import { RAW_TOPICS, type SourceStatus } from '@skyeye/contracts';
import type { Clock } from '@skyeye/foundation';
import type { Store } from '@skyeye/store';
import type { Log, TopicPartition } from '@skyeye/stream';
import { addAccounts, NO_ACCOUNTS, StreamPulse, type PartitionAccounts } from './accounts.ts';
import { STATUS_EVERY_MS } from './tables.ts';

/** Where the accounts of a partition are kept. */
export const accountsKey = ({ topic, partition }: TopicPartition): string => `ingest/accounts/${topic}/${partition}`;
/**
 * Where the pulse of a stream in one ingest is kept. Named by the lowest partition that this ingest owns of the topic: a
 * name that no other has at that time, and that everybody can look up.
 */
const pulseKey = ({ topic, partition }: TopicPartition): string => `ingest/pulse/${topic}/${partition}`;
/** An ingest that is gone, or whose partitions moved, is no longer counted after so long (wall). */
const PULSE_MS = 5 * STATUS_EVERY_MS;

interface Pulse {
  readonly perMinute: number;
  readonly delayMsP50: number | null;
  readonly delayMsP5?: number | null;
}

export interface SourceStatusesDeps {
  readonly log: Pick<Log, 'admin'>;
  readonly store: Pick<Store, 'get' | 'set'>;
  readonly clock: Clock;
  readonly wallNowMs: () => number;
  readonly groupOf: (topic: string) => string;
}

/** The state of every source over all ingests, whichever of them owns which partition: what each kept in the store, summed. */
export class SourceStatuses {
  readonly #deps: SourceStatusesDeps;
  readonly #pulses = new Map<string, StreamPulse>(RAW_TOPICS.map(({ name }) => [name, new StreamPulse()]));
  readonly #owned = new Map<string, Set<number>>(RAW_TOPICS.map(({ name }) => [name, new Set()]));

  constructor(deps: SourceStatusesDeps) {
    this.#deps = deps;
  }

  /** These partitions are, or are no longer, read by this ingest. */
  own(partitions: readonly TopicPartition[], isOwned: boolean): void {
    for (const { topic, partition } of partitions) {
      const owned = this.#owned.get(topic);
      if (isOwned) owned?.add(partition);
      else owned?.delete(partition);
    }
  }

  saw(topic: string, delaysMs: readonly number[]): void {
    const wallMs = this.#deps.wallNowMs();
    for (const delayMs of delaysMs) this.#pulses.get(topic)?.saw(delayMs, wallMs);
  }

  /** Tells the other ingests the pulse of this one and gives the sum of all. Cost: two reads of the store for each raw partition. */
  async read(): Promise<readonly SourceStatus[]> {
    await Promise.all(RAW_TOPICS.map(({ name }) => this.#tell(name)));
    return Promise.all(RAW_TOPICS.map(({ name }) => this.#statusOf(name)));
  }

  async #tell(topic: string): Promise<void> {
    const owned = this.#owned.get(topic) ?? new Set<number>();
    const pulse = this.#pulses.get(topic);
    if (owned.size === 0 || pulse === undefined) return;
    const value: Pulse = {
      perMinute: pulse.perMinute(this.#deps.wallNowMs()),
      delayMsP50: pulse.delayMs(0.5),
      delayMsP5: pulse.delayMs(0.05),
    };
    await this.#deps.store.set(pulseKey({ topic, partition: Math.min(...owned) }), JSON.stringify(value), { ttlMs: PULSE_MS });
  }

  async #statusOf(topic: string): Promise<SourceStatus> {
    const { log, store, clock, groupOf } = this.#deps;
    // The partitions as they are, which an operator may have raised, each with its lag.
    const partitions = await log.admin.lag(groupOf(topic), [topic]);
    const parsed = async (key: string): Promise<unknown> => {
      const text = await store.get(key);
      return text === undefined ? undefined : JSON.parse(text);
    };
    const kept = await Promise.all(
      partitions.map(async ({ partition }) => ({
        accounts: (await parsed(accountsKey({ topic, partition }))) as PartitionAccounts | undefined,
        pulse: (await parsed(pulseKey({ topic, partition }))) as Pulse | undefined,
      })),
    );
    const sum = kept.reduce((total, { accounts }) => addAccounts(total, accounts ?? NO_ACCOUNTS), NO_ACCOUNTS);
    const pulses = kept.flatMap(({ pulse }) => pulse ?? []);
    return {
      stream: topic.slice('raw.'.length),
      atMs: clock.nowMs(),
      accepted: sum.accepted,
      normalised: sum.normalised,
      duplicate: sum.duplicate,
      quarantined: sum.quarantined,
      lastEventMs: sum.lastEventMs,
      delayMsP50: medianByRate(pulses),
      delayMsP5: quickest(pulses),
      perMinute: Math.round(pulses.reduce((total, { perMinute }) => total + perMinute, 0) * 10) / 10,
      lag: partitions.reduce((total, { lag }) => total + lag, 0),
    };
  }
}

function quickest(pulses: readonly Pulse[]): number | null {
  const known = pulses.flatMap(({ delayMsP5 }) => delayMsP5 ?? []);
  return known.length === 0 ? null : Math.min(...known);
}

/** Of the ingests' medians the one below which half of what now comes in lies. */
function medianByRate(pulses: readonly Pulse[]): number | null {
  const known = pulses
    .flatMap(({ perMinute, delayMsP50 }) => (delayMsP50 === null ? [] : { perMinute, delayMsP50 }))
    .toSorted((a, b) => a.delayMsP50 - b.delayMsP50);
  const half = known.reduce((total, { perMinute }) => total + perMinute, 0) / 2;
  let below = 0;
  for (const { perMinute, delayMsP50 } of known) {
    below += perMinute;
    if (below >= half) return delayMsP50;
  }
  return null;
}
