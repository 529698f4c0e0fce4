import { fileURLToPath } from 'node:url';
import { migrate, openDatabase, type Database } from '@skyeye/ledger';
import { errors } from './errors.ts';
import type { MasterKey } from './keys.ts';
import { sealer } from './sealer.ts';

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
const CHECK = 'skyeye vault';

export interface VaultUrls {
  /** The role that owns the vault's database; used for the set-up only. */
  readonly ownerUrl: string;
  /** For ingest: may insert, may not read. */
  readonly writerUrl: string;
  /** For the services that show and reveal: may read, may not write. */
  readonly readerUrl: string;
}

/**
 * The three addresses on an embedded server: `embeddedVault((name, role) => postgres.createDatabase(name, role))`. On a
 * server of the operator's own the three roles are made there, and the addresses are options.
 */
export async function embeddedVault(createDatabase: (name: string, role: string) => Promise<string>, name = 'vault'): Promise<VaultUrls> {
  const ownerUrl = await createDatabase(name, 'skyeye_vault');
  return {
    ownerUrl,
    writerUrl: await createDatabase(name, 'skyeye_vault_writer'),
    readerUrl: await createDatabase(name, 'skyeye_vault_reader'),
  };
}

/**
 * Brings the vault's database to the schema of this version and gives its two roles their rights. Safe to repeat.
 * @throws VAULT_KEY_MISMATCH when the vault was written with another master key
 */
export async function setUpVault({ ownerUrl, writerUrl, readerUrl, master }: VaultUrls & { readonly master: MasterKey }): Promise<void> {
  await migrate({ url: ownerUrl, folder: MIGRATIONS });
  const owner = openDatabase({ url: ownerUrl, poolMax: 1, name: 'vault set-up' });
  try {
    const database = quoted(decodeURIComponent(new URL(ownerUrl).pathname.slice(1)));
    const [writer, reader] = [roleOf(writerUrl), roleOf(readerUrl)];
    // Utility statements take no parameters; the names are checked.
    await owner.query(`grant connect on database ${database} to ${writer}, ${reader}`);
    await owner.query(`revoke all on identifier, profile, key_check from ${writer}, ${reader}`);
    await owner.query(`grant insert on identifier, profile to ${writer}`);
    await owner.query(`grant select on identifier, profile to ${reader}`);
    await checkKey(owner, master);
  } finally {
    await owner.close();
  }
}

async function checkKey(owner: Database, master: MasterKey): Promise<void> {
  const seal = sealer(master, 'key check');
  await owner.query('insert into key_check (sealed) values ($1) on conflict do nothing', [seal.seal(Buffer.from(CHECK), CHECK)]);
  const [row] = await owner.query<{ sealed: Uint8Array }>('select sealed from key_check');
  try {
    seal.open(row?.sealed ?? Buffer.alloc(0), CHECK);
  } catch (error) {
    throw errors.keyMismatch({}, error);
  }
}

const roleOf = (url: string): string => quoted(decodeURIComponent(new URL(url).username));

function quoted(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(name)) throw new RangeError('a name of a database or role has letters, digits, _ and -');
  return `"${name}"`;
}
