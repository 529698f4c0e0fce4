import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { CountyNews } from '@skyeye/county';
import { AnchoredClock, type ClockAnchor } from '@skyeye/foundation';
import {
  FolderCountyStore,
  httpFieldClient,
  httpHoldClient,
  runCounty,
  type FieldAccount,
  type RawMessage,
  type Scams,
} from '@skyeye/simulator';
import { createEmbeddedLog, type OutgoingMessage } from '@skyeye/stream';
import { createTelemetry, type LogLevel, type Telemetry } from '@skyeye/telemetry';
import { loadOrCreateMasterKey, tokenizer } from '@skyeye/vault';
import { LogFile } from '../log-file.ts';
import { runRoom } from '../room.ts';

/** What the main thread gives to the simulated county. */
export interface SimulatorRoomData {
  readonly folder: string;
  readonly anchor: ClockAnchor;
  readonly seed: number;
  readonly residents: number;
  readonly speed: number;
  readonly scams: Scams;
  readonly logLevel: LogLevel;
  readonly fieldBase: string;
  readonly bankBase: string;
  readonly accounts: readonly FieldAccount[];
  /** Units whose tasks are left to a person. */
  readonly humanUnits: readonly string[];
  readonly bankKeys: Readonly<Record<string, string>>;
}

/** What the main thread tells the county. */
export type ToSimulator = { readonly type: 'folded' } | CountyNews;

const wallNowMs = (): number => Date.now();

await runRoom<SimulatorRoomData>(async (data, say, hear) => {
  const { folder } = data;
  const destination = new LogFile(join(folder, 'log', 'simulator.log'));
  const telemetry: Telemetry[] = [];
  const telemetryOf = (service: string): Telemetry => {
    const made = createTelemetry({ service, level: data.logLevel, destination });
    telemetry.push(made);
    return made;
  };
  const log = createEmbeddedLog({ folder: join(folder, 'stream'), telemetry: telemetryOf('stream') });
  const producer = log.producer();
  const folded = Promise.withResolvers<undefined>();
  const send = async (messages: readonly RawMessage[]): Promise<void> => {
    const byTopic = new Map<string, OutgoingMessage[]>();
    for (const { topic, key, value } of messages) {
      const list = byTopic.get(topic);
      if (list === undefined) byTopic.set(topic, [{ key, value }]);
      else list.push({ key, value });
    }
    await Promise.all([...byTopic].map(([topic, list]) => producer.send(topic, list)));
  };
  let saidAtMs = 0;
  const county = runCounty({
    seed: data.seed,
    residents: data.residents,
    speed: data.speed,
    scams: data.scams,
    clock: new AnchoredClock(data.anchor, wallNowMs),
    wallNowMs,
    output: { send },
    banks: httpHoldClient({ base: data.bankBase, keys: data.bankKeys, fetch, wallNowMs, nonce: randomUUID }),
    field: httpFieldClient({ base: data.fieldBase, fetch }),
    fieldAccounts: data.accounts,
    humanUnits: () => new Set(data.humanUnits),
    store: new FolderCountyStore(join(folder, 'simulator')),
    labelsFolder: join(folder, 'simulator', 'labels'),
    telemetry: telemetryOf('simulator'),
    onProgress(sent, expected) {
      if (wallNowMs() - saidAtMs < 2_000 && sent < expected) return;
      saidAtMs = wallNowMs();
      say({
        type: 'progress',
        text: `导入居民、号码、账户与往来 register and past: ${sent.toLocaleString('en-US')} of about ${expected.toLocaleString('en-US')}`,
      });
    },
    afterImport() {
      say({ type: 'imported' });
      return folded.promise;
    },
    onAnchor: (anchor) => say({ type: 'anchor', anchor }),
  });

  /** Tokens of the people who live here, made when somebody is first visited by a person. */
  let clearOf: Map<string, string> | undefined;
  const master = await loadOrCreateMasterKey(join(folder, 'keys'));
  const clear = (token: string | null): string | null => {
    if (token === null) return null;
    if (clearOf === undefined) {
      // Each is asked for once: a cache would be another 100 MB for a large county.
      const { token: make } = tokenizer(master, 1);
      clearOf = new Map(
        county
          .identities()
          .flatMap(({ id, phone }) => [
            [make('person', id), id] as const,
            ...(phone === null ? [] : [[make('phone', phone), phone] as const]),
          ]),
      );
    }
    return clearOf.get(token) ?? null;
  };
  hear((message) => {
    const told = message as ToSimulator;
    if (told.type === 'folded') {
      folded.resolve(undefined);
      return;
    }
    const of = { person: clear(told.person), phone: clear(told.phone) };
    if (told.type === 'locate') county.requestLocation(of);
    else county.contact({ ...of, how: told.how });
  });
  county.finished.catch((error: unknown) =>
    say({ type: 'failed', code: 'COUNTY', message: error instanceof Error ? error.message : String(error) }),
  );
  return {
    // The county is ready when its import is folded; that is awaited by who listens for its first anchor.
    telemetry,
    ready: county.ready.then(() => ({})),
    async stop() {
      folded.resolve(undefined);
      await county.close();
      await producer.close();
      await log.close();
    },
  };
});
