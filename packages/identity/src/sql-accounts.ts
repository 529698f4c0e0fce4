import type { Queries } from '@skyeye/ledger';
import { role } from '@skyeye/contracts';
import { z } from 'zod';
import type { Account, AccountStore } from './account.ts';

const row = z.object({
  account: z.string(),
  name: z.string(),
  role: role.exclude(['bank']),
  unit: z.string().nullable(),
  unit_name: z.string().nullable(),
  password_hash: z.string(),
  disabled: z.boolean(),
});

/** Accounts and keys of banks in the ledger's database. Cost: one round trip each. */
export function sqlAccounts(queries: Queries): AccountStore {
  return {
    async find(account) {
      const [found] = await queries.query(
        'select account, name, role, unit, unit_name, password_hash, disabled from accounts where account = $1',
        [account],
      );
      if (found === undefined) return undefined;
      const { unit_name: unitName, password_hash: passwordHash, ...rest } = row.parse(found);
      return { ...rest, unitName, passwordHash };
    },
    async existing(accounts) {
      const rows = await queries.query<{ account: string }>('select account from accounts where account = any($1::text[])', [accounts]);
      return new Set(rows.map(({ account }) => account));
    },
    async add(accounts) {
      const column = (pick: (account: Account) => string | null): (string | null)[] => accounts.map(pick);
      await queries.query(
        `insert into accounts (account, name, role, unit, unit_name, password_hash, disabled)
         select *, false from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) on conflict do nothing`,
        [
          column((a) => a.account),
          column((a) => a.name),
          column((a) => a.role),
          column((a) => a.unit),
          column((a) => a.unitName),
          column((a) => a.passwordHash),
        ],
      );
    },
    async setDisabled(account, disabled) {
      const changed = await queries.query('update accounts set disabled = $2 where account = $1 returning account', [account, disabled]);
      return changed.length > 0;
    },
    async bankOfKey(keyHash) {
      const [found] = await queries.query<{ bank: string }>('select bank from bank_keys where key_hash = $1', [keyHash]);
      return found?.bank;
    },
    async addBankKey(bank, keyHash) {
      await queries.query('insert into bank_keys (key_hash, bank) values ($1, $2) on conflict do nothing', [keyHash, bank]);
    },
  };
}
