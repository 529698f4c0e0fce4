import { ALL_TOPICS, RAW_TOPICS, TOPICS } from '@skyeye/contracts';
import type { Clock } from '@skyeye/foundation';
import type { Store } from '@skyeye/store';
import type { Batch, Consumer, Log, TopicPartition } from '@skyeye/stream';
import type { Telemetry } from '@skyeye/telemetry';
import type { QuarantineSealer, Tokenizer, VaultWriter } from '@skyeye/vault';
import { addAccounts, NO_ACCOUNTS, type PartitionAccounts } from './accounts.ts';
import { accountsKey, SourceStatuses } from './status.ts';
import { takeBatch, type StepPorts } from './step.ts';
import { ID_TTL_MS, logEvents, metricEntries, STATUS_EVERY_MS } from './tables.ts';

export interface IngestDeps {
  readonly log: Log;
  readonly store: Store;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly wallNowMs: () => number;
  readonly tokenizer: Tokenizer;
  readonly vault: VaultWriter;
  readonly sealer: QuarantineSealer;
  /** Records of one batch at most; 500 unless a test wants to be interrupted more often. */
  readonly batchMax?: number;
}

export interface Ingest {
  /** Durable accounts of a raw topic, summed over the partitions that this ingest owns. */
  accounts(topic: string): PartitionAccounts;
  /** Rejects when a consumer crashed. Not looking at it lets a crash end the process. */
  readonly finished: Promise<void>;
  stop(): Promise<void>;
}

const GROUP = 'ingest';
const REFERENCE_GROUP = `${GROUP}-reference`;

/** Starts ingest: reads every raw topic, writes events, reference data and quarantine, keeps the accounts. */
export async function app(deps: IngestDeps): Promise<Ingest> {
  const { log, store, telemetry, clock, wallNowMs } = deps;
  const lines = telemetry.log(logEvents);
  const metrics = telemetry.metrics(metricEntries);
  await log.createTopics(ALL_TOPICS.map(({ name, partitions }) => ({ name, partitions })));
  const producer = log.producer();
  let stopping = false;
  const byPartition = new Map<string, PartitionAccounts>();
  const statuses = new SourceStatuses({
    log,
    store,
    clock,
    wallNowMs,
    groupOf: (topic) => (topic === 'raw.reference' ? REFERENCE_GROUP : GROUP),
  });

  const ports: StepPorts = {
    tokens: {
      token: (kind, clear) => deps.tokenizer.token(kind, clear),
      dial: (caller, callee, tMs) => deps.tokenizer.dial(caller, callee, tMs),
    },
    vault: { remember: (sightings) => deps.vault.remember(sightings) },
    seal: (bytes, id) => deps.sealer.seal(bytes, id),
    seen: { claim: (entries) => store.claim(entries, { ttlMs: ID_TTL_MS }) },
    producer,
    countyNowMs: () => clock.nowMs(),
    wallNowMs,
  };

  const load = async (partitions: readonly TopicPartition[]): Promise<void> => {
    statuses.own(partitions, true);
    for (const place of partitions) {
      const stored = await store.get(accountsKey(place));
      if (stored !== undefined) byPartition.set(accountsKey(place), JSON.parse(stored) as PartitionAccounts);
    }
  };
  /** What another member now counts is not ours to show or to overwrite. */
  const unload = async (partitions: readonly TopicPartition[]): Promise<void> => {
    statuses.own(partitions, false);
    for (const place of partitions) if (!stopping) byPartition.delete(accountsKey(place));
  };
  const onBatch = async (batch: Batch): Promise<void> => {
    const startedMs = performance.now();
    const key = accountsKey(batch);
    const before = byPartition.get(key);
    const { accounts, delaysMs, refused } = await takeBatch(batch, before, ports);
    await store.set(key, JSON.stringify(accounts));
    byPartition.set(key, accounts);
    statuses.saw(batch.topic, delaysMs);
    const stream = batch.topic.slice('raw.'.length);
    for (const outcome of ['normalised', 'duplicate', 'quarantined'] as const)
      metrics.records.add(accounts[outcome] - (before?.[outcome] ?? 0), { stream, outcome });
    if (refused.length > 0) lines.RecordsQuarantined({ topic: batch.topic, records: refused.length, code: refused[0] ?? '' });
    metrics.batchMs.observe(performance.now() - startedMs);
  };
  const consumerOf = (topics: readonly string[], group: string, maxBatch: number): Promise<Consumer> =>
    log.consumer({
      group,
      topics,
      from: 'committed',
      maxBatch,
      onBatch,
      onAssigned: load,
      onRevoked: unload,
      // What a record itself does wrong is quarantined inside the step; nothing else is the fault of one message.
      onPoison: (_poisoned, error) => Promise.reject(error instanceof Error ? error : new Error(String(error))),
    });
  // Reference data has a consumer of its own, so that a first day's import does not stand before live records.
  const live = RAW_TOPICS.map(({ name }) => name).filter((name) => name !== 'raw.reference');
  const consumers = [
    await consumerOf(live, GROUP, deps.batchMax ?? 500),
    await consumerOf(['raw.reference'], REFERENCE_GROUP, deps.batchMax ?? 2_000),
  ];

  const sumOf = (topic: string): PartitionAccounts => {
    let sum = NO_ACCOUNTS;
    for (const [key, accounts] of byPartition) if (key.startsWith(`ingest/accounts/${topic}/`)) sum = addAccounts(sum, accounts);
    return sum;
  };
  const publish = async (): Promise<void> => {
    const all = await statuses.read();
    await producer.send(
      TOPICS.sourceStatus.name,
      all.map((status) => ({ key: status.stream, value: JSON.stringify(status) })),
    );
  };
  // One at a time: while the log is away, statuses do not pile up behind it.
  let publishing: Promise<void> | undefined;
  const timer = setInterval(() => {
    publishing ??= publish()
      .catch((error: unknown) => lines.StatusNotSent({}, error))
      .finally(() => (publishing = undefined));
  }, STATUS_EVERY_MS);
  telemetry.health.ready(true);

  return {
    accounts: sumOf,
    finished: Promise.all(consumers.map((consumer) => consumer.finished)).then(() => undefined),
    async stop() {
      stopping = true;
      telemetry.health.ready(false);
      clearInterval(timer);
      await Promise.all(consumers.map((consumer) => consumer.close()));
      await publishing;
      await producer.close();
    },
  };
}
