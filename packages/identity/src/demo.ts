import { createHmac } from 'node:crypto';
import type { County, Role } from '@skyeye/contracts';
import type { Account, AccountStore } from './account.ts';
import { bankKeys } from './bank-keys.ts';
import type { Passwords } from './password.ts';

/** An account of a demonstration with its password in clear, for the line that the start command prints. */
export interface DemoAccount {
  readonly account: string;
  readonly password: string;
  readonly role: Exclude<Role, 'bank'>;
  readonly name: string;
  readonly unit: string | null;
  readonly unitName: string | null;
}
export interface DemoAccounts {
  readonly accounts: readonly DemoAccount[];
  readonly bankKeys: readonly { readonly bank: string; readonly key: string }[];
}

const CONSONANTS = 'bdfghjkmnprstvwz';
const VOWELS = 'aeiou';
/** Hashes made at a time at the first start. */
const BATCH = 8;

/** Five syllables from the installation's secret and the account: easy to type, 32 bits, other on every installation. */
export function demoPassword(secret: Uint8Array, account: string): string {
  const digest = createHmac('sm3', secret).update(`demo password ${account}`).digest();
  let word = '';
  for (let index = 0; index < 5; index++) {
    word +=
      (CONSONANTS[(digest[index * 2] ?? 0) % CONSONANTS.length] ?? 'b') + (VOWELS[(digest[index * 2 + 1] ?? 0) % VOWELS.length] ?? 'a');
  }
  return `${word.slice(0, 4)}-${word.slice(4)}`;
}

/**
 * The accounts of a demonstration: one analyst, one duty leader, a room per station, an officer per community, every team
 * and grid, an operator, an auditor, and a key per bank. Call it only where the operator asked for a demonstration.
 * `secret` is kept by the installation (32 random bytes), so that every start prints the same passwords.
 */
export function demoAccounts(county: County, secret: Uint8Array): DemoAccounts {
  const of = (
    account: string,
    role: DemoAccount['role'],
    name: string,
    unit: string | null = null,
    unitName: string | null = null,
  ): DemoAccount => ({
    account,
    role,
    name,
    unit,
    unitName,
    password: demoPassword(secret, account),
  });
  const slug = (code: string): string => code.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return {
    accounts: [
      of('analyst', 'analyst', '反诈中心值班员'),
      of('leader', 'leader', '值班长'),
      of('operator', 'operator', '系统运维'),
      of('auditor', 'auditor', '审计员'),
      ...county.stations.map(({ code, name }) => of(`station-${slug(code)}`, 'station', `${name}综合指挥室`, code, name)),
      ...county.communities.map(({ code, name }) =>
        of(`officer-${slug(code)}`, 'officer', `${name.replace(/社区$/, '')}社区民警`, code, name),
      ),
      ...county.teams.map(({ code, name }) => of(`team-${slug(code)}`, 'team', name, code, name)),
      ...county.grids.map(({ code, name }) => of(`grid-${slug(code)}`, 'grid', `${name}网格员`, code, name)),
    ],
    bankKeys: county.banks.map(({ code }) => ({
      bank: code,
      key: createHmac('sm3', secret).update(`demo bank key ${code}`).digest('base64url'),
    })),
  };
}

/** Adds those accounts that are missing; hashing 300 of them takes about five seconds, once. */
export async function installDemo({ accounts, bankKeys: keys }: DemoAccounts, store: AccountStore, passwords: Passwords): Promise<void> {
  const existing = await store.existing(accounts.map(({ account }) => account));
  const missing = accounts.filter(({ account }) => !existing.has(account));
  for (let start = 0; start < missing.length; start += BATCH) {
    const batch = missing.slice(start, start + BATCH);
    await store.add(
      await Promise.all(
        batch.map(async ({ password, ...account }): Promise<Account> => ({
          ...account,
          passwordHash: await passwords.hash(password),
          disabled: false,
        })),
      ),
    );
  }
  const issuer = bankKeys(store);
  for (const { bank, key } of keys) await issuer.accept(bank, key);
}
