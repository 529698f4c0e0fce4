import type { Queries } from './database.ts';

/** What people call accounts. A service, and an account that is gone, has no name here. One statement. */
export async function namesOf(queries: Queries, accounts: readonly (string | null)[]): Promise<ReadonlyMap<string, string>> {
  const asked = [...new Set(accounts.filter((account) => account !== null))];
  if (asked.length === 0) return new Map();
  const rows = await queries.query<{ account: string; name: string }>('select account, name from accounts where account = any($1)', [
    asked,
  ]);
  return new Map(rows.map(({ account, name }) => [account, name]));
}
