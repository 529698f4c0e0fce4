import { ALL_TOPICS } from '@skyeye/contracts';
import { optionTable } from '@skyeye/foundation';
import { demoAccounts, installDemo, passwords, sqlAccounts } from '@skyeye/identity';
import { migrate as migrateLedger, openLedger } from '@skyeye/ledger';
import { createKafkaLog } from '@skyeye/stream';
import { silentTelemetry } from '@skyeye/telemetry';
import { demoSecret, loadOrCreateMasterKey, setUpVault } from '@skyeye/vault';
import { demoCounty } from '@skyeye/geo';
import { z } from 'zod';
import { clusterOptions } from './options.ts';
import { provision } from './provision.ts';

/** Options of `pnpm migrate`. */
export const migrateOptions = optionTable({
  databaseUrl: clusterOptions.databaseUrl,
  vaultOwnerUrl: clusterOptions.vaultOwnerUrl,
  vaultWriterUrl: clusterOptions.vaultWriterUrl,
  vaultReaderUrl: clusterOptions.vaultReaderUrl,
  keyFolder: clusterOptions.keyFolder,
  adminUrl: {
    type: z.string().startsWith('postgres', 'not a postgres:// address').optional(),
    says: 'superuser of the server: makes roles and databases that are missing; without it they must be there',
    range: '<url>',
    secret: true,
  },
  kafka: { ...clusterOptions.kafka, type: clusterOptions.kafka.type.optional(), says: 'brokers: makes topics that are missing' },
  replicas: {
    type: z.coerce.number({ error: 'not a number' }).int('not a whole number').min(1, 'below 1').max(9, 'above 9').default(1),
    says: 'copies of each topic that is made; 3 where nothing may be lost',
    range: '1..9',
  },
  demo: { type: z.boolean().default(false), says: 'make the demonstration accounts of the demonstration county' },
  down: {
    type: z.coerce.number({ error: 'not a number' }).int('not a whole number').min(0, 'below 0').max(100, 'above 100').default(0),
    says: 'take back so many migrations of the ledger instead, and do nothing else',
    range: '0..100',
  },
});

export type MigrateOptions = Extract<ReturnType<typeof migrateOptions.read>, { kind: 'values' }>['values'];

/**
 * Brings database server, ledger, vault and topics to what this version needs. Safe to repeat and to run twice at once.
 * @returns a sentence for each thing it did
 * @throws LEDGER_MIGRATION_FAILED (nothing was changed), VAULT_KEY_MISMATCH, STREAM_PARTITIONS_DIFFER
 */
export async function migrateAll(options: MigrateOptions): Promise<readonly string[]> {
  const { databaseUrl, vaultOwnerUrl, vaultWriterUrl, vaultReaderUrl, keyFolder, adminUrl, kafka, replicas, demo, down } = options;
  if (down > 0)
    return (await migrateLedger({ url: databaseUrl, direction: 'down', count: down })).map((name) => `ledger: took back ${name}`);
  const done: string[] = [];
  if (adminUrl !== undefined)
    done.push(...(await provision(adminUrl, { databaseUrl, vaultOwnerUrl, vaultWriterUrl, vaultReaderUrl })).map((what) => `made ${what}`));
  done.push(...(await migrateLedger({ url: databaseUrl })).map((name) => `ledger: ${name}`));
  const master = await loadOrCreateMasterKey(keyFolder);
  await setUpVault({ ownerUrl: vaultOwnerUrl, writerUrl: vaultWriterUrl, readerUrl: vaultReaderUrl, master });
  done.push('vault: schema, roles and key fit');
  if (kafka !== undefined) {
    const log = createKafkaLog({ brokers: kafka, clientId: 'migrate', telemetry: silentTelemetry(), replicas });
    try {
      await log.createTopics(ALL_TOPICS.map(({ name, partitions }) => ({ name, partitions })));
      done.push(`kafka: ${ALL_TOPICS.length} topics are there`);
    } finally {
      await log.close();
    }
  }
  if (demo) {
    const ledger = openLedger({ url: databaseUrl, name: 'migrate', poolMax: 2 });
    try {
      await installDemo(demoAccounts(demoCounty, demoSecret(master)), sqlAccounts(ledger), passwords());
      done.push('demonstration accounts are there');
    } finally {
      await ledger.close();
    }
  }
  return done;
}
