import { TOPICS, ALL_TOPICS } from '@skyeye/contracts';
import type { Accounts } from '@skyeye/engine';
import { openLedger, startEmbeddedPostgres, type Ledger } from '@skyeye/ledger';
import { Checkpoints, type LoadedCheckpoint } from '@skyeye/scorer';
import { createMemoryStore, type Store } from '@skyeye/store';
import { createEmbeddedLog, type Log, type Message } from '@skyeye/stream';
import { silentTelemetry } from '@skyeye/telemetry';
import { join } from 'node:path';
import { expect } from 'vitest';

/** Everything that a county left in its folder, opened by a test after the process has gone. */
export interface LeftBehind {
  readonly log: Log;
  readonly store: Store;
  readonly ledger: Ledger;
  /** Address of the vault's database, owner's role. */
  readonly vaultUrl: string;
  close(): Promise<void>;
}

/** @throws when the process still runs: its locks are the operating system's */
export async function openLeftBehind(folder: string): Promise<LeftBehind> {
  const telemetry = silentTelemetry();
  const log = createEmbeddedLog({ folder: join(folder, 'stream'), telemetry, sweepEveryMs: 3_600_000 });
  const store = createMemoryStore({ folder: join(folder, 'store'), telemetry });
  const postgres = await startEmbeddedPostgres({ folder: join(folder, 'database') });
  const ledger = openLedger({ url: postgres.ledgerUrl, poolMax: 4 });
  return {
    log,
    store,
    ledger,
    vaultUrl: postgres.vaultUrl,
    async close() {
      await ledger.close();
      await store.close();
      await log.close();
      await postgres.stop();
    },
  };
}

export interface Placed extends Message {
  readonly partition: number;
}

/** Every message of a topic, each partition in its order. The group it reads with is forgotten afterwards. */
export async function readTopic(log: Log, topic: string): Promise<readonly Placed[]> {
  const ends = await log.admin.endOffsets(topic);
  const wanted = new Map(ends.filter(({ offset }) => offset > 0).map(({ partition, offset }) => [partition, offset]));
  const found: Placed[] = [];
  if (wanted.size === 0) return found;
  const group = `look-${topic}`;
  const done = Promise.withResolvers<undefined>();
  const consumer = await log.consumer({
    group,
    topics: [topic],
    from: 'earliest',
    maxBatch: 2_000,
    commit: 'explicit',
    onBatch: async ({ partition, messages }) => {
      for (const message of messages) found.push({ ...message, partition });
      if ((messages.at(-1)?.offset ?? 0) + 1 >= (wanted.get(partition) ?? 0)) wanted.delete(partition);
      if (wanted.size === 0) done.resolve(undefined);
    },
    onPoison: (_poisoned, error) => Promise.reject(error instanceof Error ? error : new Error(String(error))),
  });
  consumer.finished.then(() => undefined, done.reject);
  await done.promise;
  await consumer.close();
  await log.admin.forgetGroup(group);
  return found;
}

export const jsonOf = <T>({ value }: Message): T => JSON.parse(Buffer.from(value).toString('utf8')) as T;

/** What the scorer's last checkpoint says: positions, and what became of every event up to them. */
export async function scorerCheckpoint(
  store: Store,
): Promise<{ readonly positions: LoadedCheckpoint['state']['positions']; readonly accounts: Accounts }> {
  for await (const { state, parts } of new Checkpoints(store).newestFirst((error) => expect.unreachable(String(error)))) {
    let accounts: Accounts | undefined;
    for await (const part of parts()) if (part.kind === 'head') ({ accounts } = part);
    if (accounts !== undefined) return { positions: state.positions, accounts };
  }
  throw new Error('the scorer left no checkpoint');
}

/** Topics in which no identifier may stand in clear. */
export const TOKEN_TOPICS: readonly string[] = ALL_TOPICS.map(({ name }) => name).filter((name) => !name.startsWith('raw.'));
export const RAW_TOPIC_NAMES: readonly string[] = ALL_TOPICS.map(({ name }) => name).filter((name) => name.startsWith('raw.'));
export const EVENTS_TOPIC: string = TOPICS.events.name;
export const ASSESSMENTS_TOPIC: string = TOPICS.assessments.name;
