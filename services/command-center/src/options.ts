import { optionTable } from '@skyeye/foundation';
import { z } from 'zod';

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);

/** Options of the service as a process of its own (cluster profile). */
export const options = optionTable({
  kafka: { type: z.string().min(3).pipe(list), says: 'brokers, host:port, separated by commas', range: '<brokers>' },
  databaseUrl: {
    type: z.string().startsWith('postgres'),
    says: 'the ledger, postgres://role:password@host:port/database',
    range: '<url>',
    secret: true,
  },
  vaultReaderUrl: { type: z.string().startsWith('postgres'), says: 'the vault, by the role that may read', range: '<url>', secret: true },
  redisUrl: {
    type: z.string().startsWith('redis'),
    says: 'the store of sessions, redis://user:password@host:port',
    range: '<url>',
    secret: true,
  },
  keyFolder: { type: z.string().min(1), says: "folder with the vault's master key", range: '<folder>' },
  countyFile: {
    type: z.string().min(1).optional(),
    says: "the county's geography as JSON; the demonstration county without it",
    range: '<file>',
  },
  host: {
    type: z.string().min(1).default('127.0.0.1'),
    says: 'address to listen on; anything but loopback needs a proxy with TLS in front',
    range: '<address>',
  },
  port: { type: z.coerce.number().int().min(0).max(65_535).default(8600), says: 'port to listen on; 0 for a free one', range: '0..65535' },
  hosts: {
    type: z.string().default('').pipe(list),
    says: 'host names that are answered, separated by commas; empty for all, on loopback for its own names',
    range: '<names>',
  },
  trustProxy: {
    type: z.string().default('').pipe(list),
    says: 'addresses of the proxy whose X-Forwarded-* is believed',
    range: '<addresses>',
  },
  insecureCookie: {
    type: z.boolean().default(false),
    says: 'send the session cookie without TLS too; only for a trial on an address that is not loopback',
  },
  web: {
    type: z.string().min(1).default('services/command-center/web/dist'),
    says: 'folder of the built web application',
    range: '<folder>',
  },
  vaultOwnerUrl: {
    type: z.string().startsWith('postgres').optional(),
    says: 'with --migrate: the vault, by the role that owns its database',
    range: '<url>',
    secret: true,
  },
  vaultWriterUrl: {
    type: z.string().startsWith('postgres').optional(),
    says: 'with --migrate: the vault, by the role that may insert',
    range: '<url>',
    secret: true,
  },
  migrate: { type: z.boolean().default(false), says: 'bring the schemas of the ledger and the vault to this version first' },
  demo: { type: z.boolean().default(false), says: 'make the demonstration accounts and print their passwords' },
  logLevel: {
    type: z.enum(['error', 'warn', 'info', 'debug'], 'one of error, warn, info, debug').default('info'),
    says: 'how much is logged, to standard output',
    range: 'error|warn|info|debug',
  },
});
