/** What a process of ours is told by its environment: `SKYEYE_` and the name in the list. */
export interface ServiceEntry {
  readonly name: string;
  /** Its program, from the repository's root. */
  readonly main: string;
  /** Addresses and secrets it gets: no more than it needs. */
  readonly env: readonly string[];
  /** The option that names the port on which it answers /ready. */
  readonly port: 'PORT' | 'HEALTH_PORT';
  /** What of the demonstration it takes part in. */
  readonly demo?: true;
}

/** Every process of the cluster profile, in the order of their start. `docker/compose.yaml` has the same; a test compares. */
export const SERVICES = [
  {
    name: 'scorer',
    main: 'services/scorer/src/main.ts',
    env: ['KAFKA', 'REDIS_URL', 'KEY_FOLDER', 'SERVICE_KEY', 'CHECKPOINT_SECONDS', 'LOG_LEVEL'],
    port: 'PORT',
  },
  {
    name: 'ingest',
    main: 'services/ingest/src/main.ts',
    env: ['KAFKA', 'REDIS_URL', 'VAULT_WRITER_URL', 'KEY_FOLDER', 'LOG_LEVEL'],
    port: 'HEALTH_PORT',
  },
  {
    name: 'dispatcher',
    main: 'services/dispatcher/src/main.ts',
    env: ['KAFKA', 'REDIS_URL', 'DATABASE_URL', 'KEY_FOLDER', 'VAPID_SUBJECT', 'VAPID_PUBLIC_KEY', 'VAPID_PRIVATE_KEY', 'LOG_LEVEL'],
    port: 'HEALTH_PORT',
  },
  {
    name: 'bank-gateway',
    main: 'services/bank-gateway/src/main.ts',
    env: ['KAFKA', 'REDIS_URL', 'DATABASE_URL', 'VAULT_WRITER_URL', 'KEY_FOLDER', 'SERVICE_KEY', 'SCORER_ORIGIN', 'HOST', 'LOG_LEVEL'],
    port: 'PORT',
  },
  {
    name: 'command-center',
    main: 'services/command-center/src/main.ts',
    env: [
      'KAFKA',
      'DATABASE_URL',
      'VAULT_READER_URL',
      'REDIS_URL',
      'KEY_FOLDER',
      'SERVICE_KEY',
      'SCORER_ORIGIN',
      'HOST',
      'WEB',
      'LOG_LEVEL',
    ],
    port: 'PORT',
    demo: true,
  },
  {
    name: 'field',
    main: 'services/field/src/main.ts',
    env: ['KAFKA', 'DATABASE_URL', 'VAULT_READER_URL', 'REDIS_URL', 'KEY_FOLDER', 'HOST', 'WEB', 'VAPID_PUBLIC_KEY', 'LOG_LEVEL'],
    port: 'PORT',
    demo: true,
  },
] as const satisfies readonly ServiceEntry[];

export type ServiceName = (typeof SERVICES)[number]['name'];

/** The simulated county: started last, stopped first, left out in a real one. */
export const COUNTY = {
  name: 'county',
  main: 'services/county/src/main.ts',
  env: [
    'KAFKA',
    'REDIS_URL',
    'DATABASE_URL',
    'KEY_FOLDER',
    'FOLDER',
    'FIELD_URL',
    'BANK_URL',
    'SEED',
    'RESIDENTS',
    'SPEED',
    'SCAMS',
    'LOG_LEVEL',
  ],
  port: 'HEALTH_PORT',
} as const satisfies ServiceEntry;
