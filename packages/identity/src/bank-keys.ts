import { createHash, randomBytes } from 'node:crypto';
import type { AccountStore } from './account.ts';

const KEY = /^[A-Za-z0-9_-]{20,100}$/;
const hashOf = (key: string): string => createHash('sha256').update(`bank key ${key}`).digest('base64url');

/** API keys of banks. They are random (256 bits), so a plain hash of them is enough to keep. */
export interface BankKeys {
  /** The bank's code, or undefined for a key that is not known. Looked up by hash: the time tells nothing about a key. */
  verify(key: string): Promise<string | undefined>;
  /** Makes a key, shown this once. */
  issue(bank: string): Promise<string>;
  /** Takes a key that was made elsewhere. */
  accept(bank: string, key: string): Promise<void>;
}

export function bankKeys(store: AccountStore): BankKeys {
  return {
    verify: (key) => (KEY.test(key) ? store.bankOfKey(hashOf(key)) : Promise.resolve(undefined)),
    async issue(bank) {
      const key = randomBytes(32).toString('base64url');
      await store.addBankKey(bank, hashOf(key));
      return key;
    },
    accept: (bank, key) => store.addBankKey(bank, hashOf(key)),
  };
}
