import { ALL_TOPICS, RAW_TOPICS, TOPICS, type SourceStatus } from '@skyeye/contracts';
import type { Clock } from '@skyeye/foundation';
import type { Store } from '@skyeye/store';
import type { Batch, Consumer, Log, TopicPartition } from '@skyeye/stream';
import type { Telemetry } from '@skyeye/telemetry';
import type { QuarantineSealer, Tokenizer, VaultWriter } from '@skyeye/vault';
import { NO_ACCOUNTS, StreamPulse, type PartitionAccounts } from './accounts.ts';
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
  /** Durable accounts of a raw topic, summed over its partitions. */
  accounts(topic: string): PartitionAccounts;
  /** Rejects when a consumer crashed. Not looking at it lets a crash end the process. */
  readonly finished: Promise<void>;
  stop(): Promise<void>;
}

const GROUP = 'ingest';
const accountsKey = ({ topic, partition }: TopicPartition): string => `ingest/accounts/${topic}/${partition}`;

/** Starts ingest: reads every raw topic, writes events, reference data and quarantine, keeps the accounts. */
export async function app(deps: IngestDeps): Promise<Ingest> {
  const { log, store, telemetry, clock, wallNowMs } = deps;
  const lines = telemetry.log(logEvents);
  const metrics = telemetry.metrics(metricEntries);
  await log.createTopics(ALL_TOPICS.map(({ name, partitions }) => ({ name, partitions })));
  const producer = log.producer();
  let stopping = false;
  const byPartition = new Map<string, PartitionAccounts>();
  const pulses = new Map<string, StreamPulse>(RAW_TOPICS.map(({ name }) => [name, new StreamPulse()]));

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
    for (const place of partitions) {
      const stored = await store.get(accountsKey(place));
      if (stored !== undefined) byPartition.set(accountsKey(place), JSON.parse(stored) as PartitionAccounts);
    }
  };
  /** What another member now counts is not ours to show or to overwrite. */
  const unload = async (partitions: readonly TopicPartition[]): Promise<void> => {
    for (const place of partitions) if (!stopping) byPartition.delete(accountsKey(place));
  };
  const onBatch = async (batch: Batch): Promise<void> => {
    const startedMs = performance.now();
    const key = accountsKey(batch);
    const before = byPartition.get(key);
    const { accounts, delaysMs, refused } = await takeBatch(batch, before, ports);
    await store.set(key, JSON.stringify(accounts));
    byPartition.set(key, accounts);
    const wallMs = wallNowMs();
    for (const delayMs of delaysMs) pulses.get(batch.topic)?.saw(delayMs, wallMs);
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
    await consumerOf(['raw.reference'], `${GROUP}-reference`, deps.batchMax ?? 2_000),
  ];

  const sumOf = (topic: string): PartitionAccounts => {
    let sum = NO_ACCOUNTS;
    for (const [key, accounts] of byPartition) if (key.startsWith(`ingest/accounts/${topic}/`)) sum = add(sum, accounts);
    return sum;
  };
  const statusOf = async (topic: string): Promise<SourceStatus> => {
    const sum = sumOf(topic);
    const lag = (await log.admin.lag(topic === 'raw.reference' ? `${GROUP}-reference` : GROUP, [topic])).reduce(
      (total, partition) => total + partition.lag,
      0,
    );
    const pulse = pulses.get(topic);
    return {
      stream: topic.slice('raw.'.length),
      atMs: clock.nowMs(),
      accepted: sum.accepted,
      normalised: sum.normalised,
      duplicate: sum.duplicate,
      quarantined: sum.quarantined,
      lastEventMs: sum.lastEventMs,
      delayMsP50: pulse?.delayMsP50() ?? null,
      perMinute: Math.round((pulse?.perMinute(wallNowMs()) ?? 0) * 10) / 10,
      lag,
    };
  };
  const publish = async (): Promise<void> => {
    const statuses = await Promise.all(RAW_TOPICS.map(({ name }) => statusOf(name)));
    await producer.send(
      TOPICS.sourceStatus.name,
      statuses.map((status) => ({ key: status.stream, value: JSON.stringify(status) })),
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

function add(a: PartitionAccounts, b: PartitionAccounts): PartitionAccounts {
  return {
    nextOffset: a.nextOffset + b.nextOffset,
    accepted: a.accepted + b.accepted,
    normalised: a.normalised + b.normalised,
    duplicate: a.duplicate + b.duplicate,
    quarantined: a.quarantined + b.quarantined,
    produced: a.produced + b.produced,
    lastEventMs: a.lastEventMs === null ? b.lastEventMs : Math.max(a.lastEventMs, b.lastEventMs ?? 0),
  };
}
