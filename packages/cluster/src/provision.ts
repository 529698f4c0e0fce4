import { openDatabase, type Queries } from '@skyeye/ledger';

/** Addresses of roles and databases that are to exist. */
export interface Wanted {
  /** The ledger: its role owns its database. */
  readonly databaseUrl: string;
  readonly vaultOwnerUrl: string;
  /** Two more roles of the vault's server. What they may do there, `setUpVault` says. */
  readonly vaultWriterUrl: string;
  readonly vaultReaderUrl: string;
}

/** Letters, digits and signs that need no quoting in a statement: utility statements take no parameters. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;
const PASSWORD = /^[A-Za-z0-9_.~-]{12,200}$/;

interface Role {
  readonly name: string;
  readonly password: string;
  readonly database: string;
}

/** @throws RangeError for an address that cannot be made from here */
export function roleOf(url: string): Role {
  const { username, password, pathname } = new URL(url);
  const role = { name: decodeURIComponent(username), password: decodeURIComponent(password), database: pathname.slice(1) };
  if (!NAME.test(role.name) || !NAME.test(role.database))
    throw new RangeError('a role and a database are named with letters, digits and _');
  if (!PASSWORD.test(role.password)) throw new RangeError('a password has 12 to 200 letters, digits and _.~-');
  return role;
}

/**
 * Makes the roles and databases that are missing, as the server's superuser. A role that exists gets the password of its
 * address, so that changing the environment and running it again changes the password. Safe to repeat.
 * @returns what was made
 */
export async function provision(adminUrl: string, wanted: Wanted): Promise<readonly string[]> {
  const [ledger, owner] = [roleOf(wanted.databaseUrl), roleOf(wanted.vaultOwnerUrl)];
  const admin = openDatabase({ url: adminUrl, poolMax: 1, statementTimeoutMs: 60_000, name: 'skyeye provision' });
  const made: string[] = [];
  try {
    for (const role of [ledger, owner, roleOf(wanted.vaultWriterUrl), roleOf(wanted.vaultReaderUrl)])
      if (await makeRole(admin, role)) made.push(`role ${role.name}`);
    for (const { name, database } of [ledger, owner]) {
      const [found] = await admin.query('select 1 from pg_database where datname = $1', [database]);
      if (found === undefined) {
        await admin.query(`create database "${database}" owner "${name}" encoding 'UTF8' template template0`);
        made.push(`database ${database}`);
      }
      await admin.query(`revoke all on database "${database}" from public`);
    }
    return made;
  } finally {
    await admin.close();
  }
}

async function makeRole(admin: Queries, { name, password }: Role): Promise<boolean> {
  const [found] = await admin.query('select 1 from pg_roles where rolname = $1', [name]);
  await admin.query(`${found === undefined ? 'create' : 'alter'} role "${name}" login password '${password}'`);
  return found === undefined;
}
