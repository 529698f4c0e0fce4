import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { role } from '@skyeye/contracts';
import { optionTable } from '@skyeye/foundation';
import { openLedger, runningLedgerUrl } from '@skyeye/ledger';
import { bankKeys, passwords, sqlAccounts } from '../src/index.ts';

/**
 * Adds an account, or a bank's key, and prints the secret this once; or locks an account out and lets it in again. Each
 * leaves an entry in the audit:
 * `pnpm account --data data --account zhang --role officer --name 张警官 --unit C0101`
 * `pnpm account --database-url postgres://… --bank BK01`
 * `pnpm account --data data --disable zhang`
 */
const accountName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{1,63}$/, 'a name of lower-case letters and digits')
  .optional();
const options = optionTable({
  databaseUrl: {
    type: z.string().startsWith('postgres').optional(),
    says: 'the ledger of a cluster, postgres://role:password@host:port/database',
    range: '<url>',
    secret: true,
  },
  data: {
    type: z.string().min(1).default('data'),
    says: 'data folder of a running npm start, when no database is named',
    range: '<folder>',
  },
  account: { type: accountName, says: 'name to sign in with', range: '<name>' },
  role: { type: role.exclude(['bank']).optional(), says: 'what the person may do', range: role.exclude(['bank']).options.join('|') },
  name: { type: z.string().min(1).max(64).optional(), says: 'name shown on screens', range: '<text>' },
  unit: { type: z.string().max(32).optional(), says: 'code of the station, community, team or grid', range: '<code>' },
  unitName: { type: z.string().max(64).optional(), says: 'name of that unit', range: '<text>' },
  disable: { type: accountName, says: 'name of an account to lock out; its sessions end within seconds', range: '<name>' },
  enable: { type: accountName, says: 'name of a locked account to let in again', range: '<name>' },
  bank: { type: z.string().min(1).max(32).optional(), says: 'code of a bank: a key is made for it instead of an account', range: '<code>' },
});

const fail = (text: string): never => {
  process.stderr.write(`${text}\n`);
  process.exit(2);
};

const read = options.read({ argv: process.argv.slice(2), env: process.env });
if (read.kind === 'help') {
  process.stdout.write(`${read.text}\n`);
  process.exit(0);
}
const values = read.kind === 'values' ? read.values : fail(read.mistakes.join('\n'));
const url =
  values.databaseUrl ??
  (await runningLedgerUrl(join(values.data, 'database'))) ??
  fail(
    `no Skyeye runs on the data folder ${values.data}; nothing was changed. Start it, then try again, or give another folder with --data.`,
  );
const ledger = openLedger({ url, poolMax: 1, name: 'accounts' });
const store = sqlAccounts(ledger);
/** On a machine that is administered, county time is wall time. */
const note = (kind: string, subject: string, facts: Readonly<Record<string, string>> = {}): Promise<void> =>
  ledger.tx(({ journal }) => Promise.resolve(journal.audit({ atMs: Date.now(), by: 'account-command', kind, subject, facts })));
const lock = values.disable ?? values.enable;
try {
  if (values.disable !== undefined && values.enable !== undefined) fail('--disable and --enable do not go together');
  if (lock !== undefined) {
    const disabled = values.disable !== undefined;
    if (!(await store.setDisabled(lock, disabled))) fail(`there is no account ${lock}; nothing was changed`);
    await note(disabled ? 'account_disabled' : 'account_enabled', lock);
    process.stdout.write(`${lock}\t${disabled ? 'disabled' : 'enabled'}\n`);
  } else if (values.bank !== undefined) {
    await note('bank_key_added', values.bank);
    process.stdout.write(`${values.bank}\t${await bankKeys(store).issue(values.bank)}\n`);
  } else {
    const { account, role: given, name } = values;
    if (account === undefined || given === undefined || name === undefined) fail('--account, --role and --name are needed, or --bank');
    else if ((await store.existing([account])).has(account)) fail(`the account ${account} exists already; nothing was changed`);
    else {
      const password = randomBytes(12).toString('base64url');
      await store.add([
        {
          account,
          role: given,
          name,
          unit: values.unit ?? null,
          unitName: values.unitName ?? null,
          passwordHash: await passwords().hash(password),
          disabled: false,
        },
      ]);
      await note('account_added', account, { role: given });
      process.stdout.write(`${account}\t${password}\n`);
    }
  }
} finally {
  await ledger.close();
}
