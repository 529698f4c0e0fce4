import { createHmac, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errors } from './errors.ts';
import { madeOnce } from './made-once.ts';

/** Bytes of the master key. */
export const MASTER_KEY_BYTES = 32;
const FILE = 'vault.key';
const KEY_LINE = /^[0-9a-f]{64}\n?$/;

/** The root of every key of the vault. It never leaves this package except as derived keys. */
export type MasterKey = KeyObject;

/**
 * Reads `<folder>/vault.key`, or makes it (mode 0600, flushed) on the first start. Losing this file makes every token
 * irreversible and new tokens different: it belongs into the operator's backup, apart from the database.
 * @throws VAULT_KEY_FILE_OPEN when group or others may read it, VAULT_KEY_FILE_BROKEN when it is not 64 hex digits
 */
export async function loadOrCreateMasterKey(folder: string): Promise<MasterKey> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, FILE);
  const text = madeOnce(path, () => `${randomBytes(MASTER_KEY_BYTES).toString('hex')}\n`).toString('utf8');
  if (((await stat(path)).mode & 0o077) !== 0) throw errors.keyFileOpen({ file: FILE });
  if (!KEY_LINE.test(text)) throw errors.keyFileBroken({ file: FILE });
  return masterKeyFrom(Buffer.from(text.trim(), 'hex'));
}

/** A master key from bytes: for tests, and for operators who keep it in a key service. */
export function masterKeyFrom(bytes: Uint8Array): MasterKey {
  if (bytes.length !== MASTER_KEY_BYTES) throw errors.keyFileBroken({ bytes: bytes.length });
  return createSecretKey(bytes);
}

/** One key per purpose: HKDF with HMAC-SM3 (RFC 5869), the purpose as its info. */
export function deriveKey(master: MasterKey, purpose: string, bytes = MASTER_KEY_BYTES): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sm3', master, 'skyeye vault', purpose, bytes)));
}

/** A keyed digest in hex: of the same id always the same, and without the key nobody can tell it. For drawing at random who is visited. */
export function drawDigest(master: MasterKey): (id: string) => string {
  const key = deriveKey(master, 'exploration');
  return (id) => createHmac('sm3', key).update(id).digest('hex');
}

/** A secret from which the passwords of a demonstration are made, so that every process of an installation has the same. */
export function demoSecret(master: MasterKey): Buffer {
  return deriveKey(master, 'demo accounts').export();
}
