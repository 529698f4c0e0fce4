import type { Role } from '@skyeye/contracts';

/** A person or room that signs in. The name of the account is lower case; `unit` is a code of the county's geography. */
export interface Account {
  readonly account: string;
  readonly name: string;
  readonly role: Exclude<Role, 'bank'>;
  readonly unit: string | null;
  readonly unitName: string | null;
  readonly passwordHash: string;
  readonly disabled: boolean;
}

/** Where accounts and the keys of banks live. Two adapters: SQL, and memory for tests. */
export interface AccountStore {
  find(account: string): Promise<Account | undefined>;
  /** Names that exist already, of those given. */
  existing(accounts: readonly string[]): Promise<ReadonlySet<string>>;
  /** Adds accounts; those whose name exists stay as they are. */
  add(accounts: readonly Account[]): Promise<void>;
  /** Locks an account out, its running sessions too, or lets it in again. False when there is no such account. */
  setDisabled(account: string, disabled: boolean): Promise<boolean>;
  /** The bank whose key has this hash, or undefined. */
  bankOfKey(keyHash: string): Promise<string | undefined>;
  addBankKey(bank: string, keyHash: string): Promise<void>;
}

export function memoryAccounts(): AccountStore {
  const accounts = new Map<string, Account>();
  const keys = new Map<string, string>();
  return {
    find: (account) => Promise.resolve(accounts.get(account)),
    existing: (names) => Promise.resolve(new Set(names.filter((name) => accounts.has(name)))),
    add(added) {
      for (const account of added) if (!accounts.has(account.account)) accounts.set(account.account, account);
      return Promise.resolve();
    },
    setDisabled(name, disabled) {
      const account = accounts.get(name);
      if (account !== undefined) accounts.set(name, { ...account, disabled });
      return Promise.resolve(account !== undefined);
    },
    bankOfKey: (keyHash) => Promise.resolve(keys.get(keyHash)),
    addBankKey(bank, keyHash) {
      if (!keys.has(keyHash)) keys.set(keyHash, bank);
      return Promise.resolve();
    },
  };
}
