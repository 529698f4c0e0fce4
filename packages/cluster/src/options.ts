import type { OptionEntries, OptionResult, optionTable } from '@skyeye/foundation';
import { LOOPBACK_HOSTS } from '@skyeye/identity';
import { z } from 'zod';

const VERSION = '0.1.0';

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);
const port = z.coerce.number({ error: 'not a number' }).int('not a whole number').min(0, 'below 0').max(65_535, 'above 65535');
const postgresUrl = z.string().startsWith('postgres', 'not a postgres:// address');

/**
 * Options that several processes of the cluster profile share. A main takes those it needs into its own table:
 * `optionTable({ kafka: clusterOptions.kafka, port: … })`, so that a name means the same everywhere.
 */
export const clusterOptions = {
  kafka: { type: z.string().min(3).pipe(list), says: 'brokers, host:port, separated by commas', range: '<brokers>' },
  redisUrl: {
    type: z.string().startsWith('redis', 'not a redis:// address'),
    says: 'the store, redis://user:password@host:port',
    range: '<url>',
    secret: true,
  },
  databaseUrl: { type: postgresUrl, says: 'the ledger, postgres://role:password@host:port/database', range: '<url>', secret: true },
  vaultReaderUrl: { type: postgresUrl, says: 'the vault, by the role that may read', range: '<url>', secret: true },
  vaultWriterUrl: { type: postgresUrl, says: 'the vault, by the role that may insert', range: '<url>', secret: true },
  vaultOwnerUrl: { type: postgresUrl, says: 'the vault, by the role that owns its database', range: '<url>', secret: true },
  keyFolder: { type: z.string().min(1), says: "folder with the vault's master key", range: '<folder>' },
  countyFile: {
    type: z.string().min(1).optional(),
    says: "the county's geography as JSON; the demonstration county without it",
    range: '<file>',
  },
  serviceKey: {
    type: z.string().min(16, 'shorter than 16 characters'),
    says: "secret of the scorer's private port, the same for scorer, bank gateway and command centre",
    range: '<secret>',
    secret: true,
  },
  scorerOrigin: {
    type: z.string().startsWith('http', 'not an http:// address'),
    says: "the scorer's private port, http://host:port",
    range: '<url>',
  },
  /** 127.0.0.1 on one machine; 0.0.0.0 inside a container whose port is published with care. */
  host: {
    type: z.string().min(1).default('127.0.0.1'),
    says: 'address to listen on; anything but loopback needs a proxy with TLS in front',
    range: '<address>',
  },
  hosts: {
    type: z.string().default('').pipe(list),
    says: 'host names that are answered, separated by commas; empty for all, on loopback for its own names',
    range: '<names>',
  },
  healthPort: { type: port.default(0), says: 'port of /health, /ready and /metrics; 0 for a free one', range: '0..65535' },
  checkpointSeconds: {
    type: z.coerce.number({ error: 'not a number' }).min(1, 'below 1').max(3_600, 'above 3600').default(20),
    says: 'wall seconds between two checkpoints of the state; a restart reads on from the last',
    range: '1..3600',
  },
  logLevel: {
    type: z.enum(['error', 'warn', 'info', 'debug'], 'one of error, warn, info, debug').default('info'),
    says: 'how much is logged, to standard output',
    range: 'error|warn|info|debug',
  },
} as const satisfies OptionEntries;

/** Options of the two services that people use in a browser. */
export const personOptions = {
  trustProxy: {
    type: z.string().default('').pipe(list),
    says: 'addresses of the proxy whose X-Forwarded-* is believed',
    range: '<addresses>',
  },
  insecureCookie: {
    type: z.boolean().default(false),
    says: 'send the session cookie without TLS too; only for a trial on an address that is not loopback',
  },
  demo: { type: z.boolean().default(false), says: 'say that this is a demonstration' },
} as const satisfies OptionEntries;

const isLoopback = (host: string): boolean => LOOPBACK_HOSTS.includes(host) || host === '::1';

/** Host names that a service answers: those given; on loopback its own names; else all (null), for a proxy is in front. */
export function answeredHosts({ host, hosts }: { readonly host: string; readonly hosts: readonly string[] }): readonly string[] | null {
  if (hosts.length > 0) return hosts;
  return isLoopback(host) ? LOOPBACK_HOSTS : null;
}

/** What such a service hands to its app. */
export function webOptions(values: {
  readonly host: string;
  readonly hosts: readonly string[];
  readonly trustProxy: readonly string[];
  readonly insecureCookie: boolean;
  readonly demo: boolean;
  readonly web: string;
}) {
  const { host, trustProxy, insecureCookie, demo, web } = values;
  return {
    hosts: answeredHosts(values),
    secureCookie: !isLoopback(host) && !insecureCookie,
    trustProxy,
    demo,
    version: VERSION,
    webFolder: web,
  };
}

/** A port to listen on, with the default of the service. */
export const portOption = (fallback: number) => ({
  type: port.default(fallback),
  says: 'port to listen on; 0 for a free one',
  range: '0..65535',
});

/**
 * For a main: the values of its table, from its arguments and `SKYEYE_*`. Ends the process with 0 after `--help` and with
 * 2 after mistakes, which are told all together.
 */
export function valuesOf<T extends OptionEntries>(table: ReturnType<typeof optionTable<T>>, program: string): ValuesOf<T> {
  const read = table.read({ argv: process.argv.slice(2), env: process.env });
  if (read.kind === 'values') return read.values;
  if (read.kind === 'help') process.stdout.write(`${table.help(program)}\n`);
  else process.stderr.write(`${read.mistakes.join('\n')}\nNothing was started; --help lists the options.\n`);
  return process.exit(read.kind === 'help' ? 0 : 2);
}

type ValuesOf<T extends OptionEntries> = Extract<OptionResult<T>, { kind: 'values' }>['values'];
