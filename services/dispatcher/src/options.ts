import { optionTable } from '@skyeye/foundation';
import { z } from 'zod';

/** Options of the dispatcher as a process of its own (cluster profile). */
export const options = optionTable({
  kafka: {
    type: z
      .string()
      .min(3)
      .transform((list) => list.split(',').map((broker) => broker.trim())),
    says: 'brokers, host:port, separated by commas',
    range: '<brokers>',
  },
  databaseUrl: {
    type: z.string().startsWith('postgres'),
    says: 'the ledger, postgres://role:password@host:port/database',
    range: '<url>',
    secret: true,
  },
  keyFolder: { type: z.string().min(1), says: "folder with the vault's master key, which seals quarantined messages", range: '<folder>' },
  countyFile: {
    type: z.string().min(1).optional(),
    says: "the county's geography as JSON; the demonstration county without it",
    range: '<file>',
  },
  healthPort: {
    type: z.coerce.number().int().min(0).max(65_535).default(0),
    says: 'port of /health, /ready and /metrics on loopback; 0 for a free one',
    range: '0..65535',
  },
  migrate: { type: z.boolean().default(false), says: 'bring the schema of the ledger to this version first' },
  vapidSubject: { type: z.string().default(''), says: 'mailto: or https: address of the operator, for Web Push', range: '<address>' },
  vapidPublicKey: {
    type: z.string().default(''),
    says: 'public key for Web Push; without it the live stream alone carries pushes',
    range: '<key>',
  },
  vapidPrivateKey: { type: z.string().default(''), says: 'private key for Web Push', range: '<key>', secret: true },
  logLevel: {
    type: z.enum(['error', 'warn', 'info', 'debug'], 'one of error, warn, info, debug').default('info'),
    says: 'how much is logged, to standard output',
    range: 'error|warn|info|debug',
  },
});
