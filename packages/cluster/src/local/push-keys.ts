import { createECDH } from 'node:crypto';

const PRIVATE_BYTES = 32;

/** A key pair for Web Push (VAPID, P-256), as base64url. */
export function pushKeys(): { readonly publicKey: string; readonly privateKey: string } {
  const keys = createECDH('prime256v1');
  const publicKey = keys.generateKeys('base64url');
  const made = keys.getPrivateKey();
  // One key in 256 begins with a zero byte, which is left out here and missed by whoever reads it.
  const padded = Buffer.concat([Buffer.alloc(PRIVATE_BYTES - made.length), made]);
  return { publicKey, privateKey: padded.toString('base64url') };
}
