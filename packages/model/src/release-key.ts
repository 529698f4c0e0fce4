import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errors } from './errors.ts';

/** Ed25519 over the bytes of checksums.json, in base64. The list names every file, so that one signature holds for all of them. */
export const SIGNATURE_FILE = 'checksums.sig';

/** @throws MODEL_UNSIGNED when none of the keys made the signature */
export function mustBeSigned(list: Buffer, signature: Buffer, keys: readonly string[]): void {
  const given = Buffer.from(signature.toString('utf8').trim(), 'base64');
  const bytes = new Uint8Array(list);
  if (!keys.some((pem) => verify(null, bytes, createPublicKey(pem), new Uint8Array(given)))) throw errors.unsigned({ keys: keys.length });
}

/** Signs a finished folder with a private key in PEM. What is changed afterwards is refused. */
export async function signModel(folder: string, privateKey: string): Promise<void> {
  const list = new Uint8Array(await readFile(join(folder, 'checksums.json')));
  await writeFile(join(folder, SIGNATURE_FILE), `${sign(null, list, createPrivateKey(privateKey)).toString('base64')}\n`);
}

/** A new pair in PEM. The private part stays with the person who releases; the public part goes into `models/keys/`. */
export function newReleaseKey(): { readonly privateKey: string; readonly publicKey: string } {
  const pair = generateKeyPairSync('ed25519');
  return {
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** The public part of a private key in PEM. */
export function publicPartOf(privateKey: string): string {
  return createPublicKey(createPrivateKey(privateKey)).export({ type: 'spki', format: 'pem' }).toString();
}

/** The public keys of a folder: `*.pem`, in order of name. */
export async function releaseKeys(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.pem')).toSorted();
  return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
}
