import { join } from 'node:path';
import { app as bankGateway, httpScoring } from '@skyeye/bank-gateway';
import { counterTextsFor } from '@skyeye/catalogue';
import { app as commandCenter, httpErasing } from '@skyeye/command-center';
import { ALL_TOPICS, type County } from '@skyeye/contracts';
import { app as dispatcher, explorer, makeVapidKeys, webPushSender } from '@skyeye/dispatcher';
import { app as field } from '@skyeye/field';
import type { AnchoredClock } from '@skyeye/foundation';
import { createGeo } from '@skyeye/geo';
import { bankKeys, LOOPBACK_HOSTS, passwords, sqlAccounts } from '@skyeye/identity';
import { openLedger, type Ledger } from '@skyeye/ledger';
import { createMemoryStore } from '@skyeye/store';
import { createEmbeddedLog } from '@skyeye/stream';
import { mergedMetricsText, type MetricsJson, type Telemetry } from '@skyeye/telemetry';
import {
  drawDigest,
  auditReveals,
  madeOnce,
  quarantineSealer,
  tokenizer,
  vaultReader,
  vaultWriter,
  type MasterKey,
  type VaultUrls,
} from '@skyeye/vault';
import { onceOpen } from './once-open.ts';
import type { HealthParts } from './room.ts';

/** What the main thread runs: everything that people and banks talk to, and the dispatcher. */
export interface FrontOptions {
  readonly folder: string;
  readonly telemetryOf: (service: string) => Telemetry;
  /** What the rooms have counted, for the console's /metrics. */
  readonly roomMetrics: () => Promise<readonly MetricsJson[]>;
  /** What the rooms last said about their health, by room. */
  readonly roomHealth: () => Readonly<Record<string, HealthParts>>;
  readonly clock: AnchoredClock;
  readonly wallNowMs: () => number;
  readonly ledgerUrl: string;
  readonly vaultUrls: VaultUrls;
  readonly master: MasterKey;
  readonly county: County;
  /** Where the scorer answers; pending while it reads its state. */
  readonly scorerOrigin: Promise<string>;
  readonly serviceKey: string;
  readonly host: string;
  readonly ports: { readonly console: number; readonly field: number; readonly bank: number };
  readonly webFolders: { readonly console: string; readonly field: string };
  readonly demo: boolean;
  /** Visits that the county can make a day; undefined: no budget, and nobody is drawn to learn. */
  readonly visitsPerDay: number | undefined;
  readonly version: string;
}

/** How often the console takes over what the others say about their health, wall ms. */
const ADOPT_MS = 500;

export interface Front {
  /** Rejects when a part cannot go on. */
  readonly failed: Promise<never>;
  readonly ledger: Ledger;
  stop(deadlineMs: number): Promise<void>;
}

/** Opens the stores, builds the services and listens. */
export async function openFront(options: FrontOptions): Promise<Front> {
  const { folder, clock, wallNowMs, master, county, host, ports } = options;
  const all: Telemetry[] = [];
  const telemetryOf = (service: string): Telemetry => {
    const made = options.telemetryOf(service);
    all.push(made);
    return made;
  };
  const log = createEmbeddedLog({ folder: join(folder, 'stream'), telemetry: telemetryOf('stream') });
  // The engine room makes them too, beside us: whoever is first.
  await log.createTopics(ALL_TOPICS.map(({ name, partitions }) => ({ name, partitions })));
  const store = createMemoryStore({ folder: join(folder, 'store'), telemetry: telemetryOf('store') });
  const ledger = openLedger({ url: options.ledgerUrl, name: 'standalone', poolMax: 16, fanOut: store });
  const reader = vaultReader({
    url: options.vaultUrls.readerUrl,
    master,
    wallNowMs,
    audit: auditReveals(ledger, clock),
  });
  const writer = vaultWriter({ url: options.vaultUrls.writerUrl, master });
  const sealer = quarantineSealer(master);
  const accounts = sqlAccounts(ledger);
  const words = passwords();
  const isLoopback = host === '127.0.0.1' || host === '::1' || host === 'localhost';
  const web = { hosts: isLoopback ? LOOPBACK_HOSTS : null, secureCookie: !isLoopback, demo: options.demo, version: options.version };
  const vapid = pushKeys(join(folder, 'keys', 'web-push.json'));
  const shared = { clock, wallNowMs, ledger, vault: reader, store, log, accounts, passwords: words, county };

  const centerTelemetry: Telemetry = {
    ...telemetryOf('command-center'),
    // One process, one place to look: the console's /metrics has the sum of all services and rooms.
    metricsText: async () =>
      mergedMetricsText([...(await Promise.all(all.map((each) => each.metricsJson()))), ...(await options.roomMetrics())]),
  };
  const center = await commandCenter({
    ...shared,
    telemetry: centerTelemetry,
    quarantine: sealer,
    tokens: tokenizer(master),
    erasing: httpErasing({ origin: options.scorerOrigin, serviceKey: options.serviceKey }),
    options: { ...web, webFolder: options.webFolders.console },
  });
  const terminals = await field({
    ...shared,
    telemetry: telemetryOf('field'),
    options: { ...web, webFolder: options.webFolders.field, pushKey: vapid.publicKey },
  });
  const gatewayTelemetry = telemetryOf('bank-gateway');
  const gateway = await bankGateway({
    telemetry: gatewayTelemetry,
    clock,
    wallNowMs,
    ledger,
    store,
    keys: bankKeys(accounts),
    scoring: onceOpen(options.scorerOrigin, (origin) => httpScoring({ origin, serviceKey: options.serviceKey })),
    tokens: tokenizer(master),
    vault: writer,
    counterTexts: counterTextsFor,
    hosts: web.hosts,
  });
  const dispatch = dispatcher({
    log,
    ledger,
    telemetry: telemetryOf('dispatcher'),
    clock,
    wallNowMs,
    places: createGeo(county),
    seal: (bytes, id) => sealer.seal(bytes, id),
    explore: explorer(drawDigest(master), options.visitsPerDay ?? null),
    push: webPushSender({ ...vapid, subject: 'mailto:operator@localhost' }),
  });

  await dispatch.start();
  await center.start();
  await terminals.start();
  await Promise.all([
    center.http.listen({ host, port: ports.console }),
    terminals.http.listen({ host, port: ports.field }),
    gateway.listen({ host, port: ports.bank }),
  ]);
  gatewayTelemetry.health.ready(true);
  // One process, one place to look: the console's /health has the parts of all services and rooms.
  const adopt = (): void => {
    const { health } = centerTelemetry;
    for (const other of all) if (other.health !== health) health.adopt(other.service, other.health.parts);
    for (const [room, parts] of Object.entries(options.roomHealth())) health.adopt(room, parts);
  };
  adopt();
  const adopting = setInterval(adopt, ADOPT_MS);

  return {
    failed: Promise.race([dispatch.failed, center.failed]),
    ledger,
    async stop(deadlineMs) {
      clearInterval(adopting);
      gatewayTelemetry.health.ready(false);
      await Promise.all([gateway.close(), center.close(), terminals.close(), dispatch.stop(deadlineMs)]);
      await Promise.all([reader.close(), writer.close(), ledger.close(), log.close(), store.close()]);
    },
  };
}

/** The key pair of Web Push: subscriptions are bound to it, so it is kept. */
function pushKeys(path: string): { readonly publicKey: string; readonly privateKey: string } {
  return JSON.parse(madeOnce(path, () => JSON.stringify(makeVapidKeys())).toString('utf8')) as { publicKey: string; privateKey: string };
}
