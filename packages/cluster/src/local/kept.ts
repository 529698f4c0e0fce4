import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { errors } from '../errors.ts';
import { pushKeys } from './push-keys.ts';

/** Written into every data folder; another number is another layout. */
const FORMAT = 1;
const FILE = 'cluster.json';

const keptSchema = z.strictObject({
  format: z.literal(FORMAT),
  seed: z.number(),
  residents: z.number(),
  /** 22 characters: the id of the Kafka cluster. */
  clusterId: z.string(),
  redisPassword: z.string(),
  serviceKey: z.string(),
  vapidPublicKey: z.string(),
  vapidPrivateKey: z.string(),
});
/** What a data folder of the cluster profile keeps from its first start. */
export type Kept = z.infer<typeof keptSchema>;

const secret = (): string => randomBytes(24).toString('base64url');

/**
 * Makes or opens the data folder: seed and residents are those of its first start, secrets are made there.
 * @throws CLUSTER_FOLDER_NOT_OURS for another layout or a broken file; nothing is changed
 */
export function openKept(
  folder: string,
  wanted: { readonly seed: number; readonly residents: number },
): Kept & { readonly first: boolean } {
  for (const sub of ['log', 'keys', 'redis', 'kafka', 'county']) mkdirSync(join(folder, sub), { recursive: true, mode: 0o700 });
  const file = join(folder, FILE);
  if (existsSync(file)) return { ...readKept(file), first: false };
  const { publicKey, privateKey } = pushKeys();
  const made: Kept = {
    format: FORMAT,
    seed: wanted.seed,
    residents: wanted.residents,
    // One that begins with a dash would be read as an option.
    clusterId: randomBytes(16).toString('base64url').replace(/^-/, 'A'),
    redisPassword: secret(),
    serviceKey: secret(),
    vapidPublicKey: publicKey,
    vapidPrivateKey: privateKey,
  };
  writeFileSync(`${file}.new`, `${JSON.stringify(made)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return { ...made, first: true };
}

function readKept(file: string): Kept {
  let body: unknown;
  try {
    body = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw errors.folderNotOurs({ file: FILE, reason: 'not readable' }, error);
  }
  const parsed = keptSchema.safeParse(body);
  if (!parsed.success) throw errors.folderNotOurs({ file: FILE, reason: 'of another version' }, parsed.error);
  return parsed.data;
}
