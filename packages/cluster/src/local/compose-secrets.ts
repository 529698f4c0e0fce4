import { randomBytes } from 'node:crypto';
import { pushKeys } from './push-keys.ts';

/** Every secret that `docker/compose.yaml` wants from its environment file. */
export const COMPOSE_SECRETS = [
  'POSTGRES_ADMIN_PASSWORD',
  'LEDGER_PASSWORD',
  'VAULT_OWNER_PASSWORD',
  'VAULT_WRITER_PASSWORD',
  'VAULT_READER_PASSWORD',
  'REDIS_PASSWORD',
  'SKYEYE_SERVICE_KEY',
] as const;

/** The text of a new environment file: random secrets, a Kafka cluster id, a key pair for Web Push. */
export function composeSecrets(): string {
  const { publicKey, privateKey } = pushKeys();
  return [
    '# Secrets of one installation. Keep a copy apart from the data; never commit it.',
    ...COMPOSE_SECRETS.map((name) => `${name}=${randomBytes(24).toString('base64url')}`),
    `KAFKA_CLUSTER_ID=${randomBytes(16).toString('base64url').replace(/^-/, 'A')}`,
    `SKYEYE_VAPID_PUBLIC_KEY=${publicKey}`,
    `SKYEYE_VAPID_PRIVATE_KEY=${privateKey}`,
    '',
  ].join('\n');
}
