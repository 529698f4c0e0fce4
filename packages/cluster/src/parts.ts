import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { county as countySchema, TOPICS, type County } from '@skyeye/contracts';
import { demoCounty } from '@skyeye/geo';
import { openLedger, type Ledger } from '@skyeye/ledger';
import { createRedisStore, type Store } from '@skyeye/store';
import { createKafkaLog, followClockTopic, type FollowedClock, type Log } from '@skyeye/stream';
import { createTelemetry, runUntilSignal, type LogLevel, type Telemetry } from '@skyeye/telemetry';
import {
  auditReveals,
  loadOrCreateMasterKey,
  vaultReader,
  vaultWriter,
  type MasterKey,
  type VaultReader,
  type VaultWriter,
} from '@skyeye/vault';
import { listenForHealth } from './health-server.ts';

/** What a process of the cluster profile is built from. Each is opened when it is asked for, and closed in reverse order. */
export interface Parts {
  readonly telemetry: Telemetry;
  readonly wallNowMs: () => number;
  log(brokers: readonly string[]): Log;
  /** @throws STORE_UNREACHABLE */
  store(redisUrl: string): Promise<Store>;
  /** `store` wakes the readers of the feed in other processes; who neither writes nor follows it does without. */
  ledger(databaseUrl: string, store?: Store): Ledger;
  /** @throws VAULT_KEY_FILE_OPEN, VAULT_KEY_FILE_BROKEN */
  master(keyFolder: string): Promise<MasterKey>;
  vaultWriter(url: string, master: MasterKey): VaultWriter;
  /** Every reveal is an entry of the ledger's audit. */
  vaultReader(url: string, master: MasterKey, audit: { readonly ledger: Ledger; readonly clock: FollowedClock }): VaultReader;
  /** County time: of the topic `clock` when a simulator writes it, wall time otherwise. */
  countyClock(log: Log): Promise<FollowedClock>;
  /** The geography in the file, or the demonstration county. @throws ZodError for a file that is none */
  county(file: string | undefined): Promise<County>;
  /** /health, /ready and /metrics for a process without HTTP of its own. @returns the port */
  health(at: { readonly host: string; readonly port: number }): Promise<number>;
  /**
   * Waits for a stop signal (or for `failed` to reject), calls `stop`, then closes the parts. Exit code 0 after a drain,
   * 1 when it failed or was late.
   */
  runUntilSignal(run: { readonly failed?: Promise<unknown>; stop(deadlineMs: number): Promise<unknown> }): void;
}

/** `service` names the process in logs, metrics, broker and database. */
export function openParts(service: string, { logLevel }: { readonly logLevel: LogLevel }): Parts {
  const telemetry = createTelemetry({ service, level: logLevel });
  const wallNowMs = (): number => Date.now();
  const closers: (() => Promise<unknown>)[] = [];
  const kept = <T extends { close(): Promise<unknown> }>(part: T): T => {
    closers.push(() => part.close());
    return part;
  };
  return {
    telemetry,
    wallNowMs,
    log: (brokers) => kept(createKafkaLog({ brokers, clientId: service, telemetry })),
    store: async (url) => kept(await createRedisStore({ url, telemetry })),
    ledger: (url, fanOut) => kept(openLedger({ url, name: service, ...(fanOut === undefined ? {} : { fanOut }) })),
    master: loadOrCreateMasterKey,
    vaultWriter: (url, master) => kept(vaultWriter({ url, master })),
    vaultReader: (url, master, { ledger, clock }) => kept(vaultReader({ url, master, wallNowMs, audit: auditReveals(ledger, clock) })),
    async countyClock(log) {
      const { clock } = kept(
        await followClockTopic(log, { topic: TOPICS.clock.name, group: `clock-${service}-${hostname()}-${process.pid}`, wallNowMs }),
      );
      return clock;
    },
    county: async (file) => (file === undefined ? demoCounty : countySchema.parse(JSON.parse(await readFile(file, 'utf8')))),
    async health(at) {
      return kept(await listenForHealth(telemetry, at)).port;
    },
    runUntilSignal({ failed, stop }) {
      runUntilSignal({
        telemetry,
        ...(failed === undefined ? {} : { failed }),
        async drain(deadlineMs) {
          await stop(deadlineMs);
          for (const close of closers.toReversed()) await close();
        },
      });
    },
  };
}
