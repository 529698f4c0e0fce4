import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listAudit, migrate, openLedger, startEmbeddedPostgres, type EmbeddedPostgres, type Ledger } from '@skyeye/ledger';
import { bankKeys, passwords, sqlAccounts, type Account } from './index.ts';

let folder = '';
let server: EmbeddedPostgres;
let ledger: Ledger;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyeye-accounts-'));
  server = await startEmbeddedPostgres({ folder: join(folder, 'database') });
  await migrate({ url: server.ledgerUrl });
  ledger = openLedger({ url: server.ledgerUrl });
});
afterAll(async () => {
  try {
    await ledger.close();
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

test('accounts and keys of banks are kept in the ledger, and adding again changes nothing', async () => {
  const store = sqlAccounts(ledger);
  const account: Account = {
    account: 'officer-1',
    name: '社区民警',
    role: 'officer',
    unit: 'C0101',
    unitName: '凤栖社区',
    passwordHash: '$argon2id$x',
    disabled: false,
  };
  await store.add([account, { ...account, account: 'leader', role: 'leader', unit: null, unitName: null }]);
  await store.add([{ ...account, passwordHash: 'other' }]);
  expect(await store.find('officer-1')).toEqual(account);
  expect(await store.find("officer-1' or true --")).toBeUndefined();
  expect(await store.existing(['officer-1', 'nobody'])).toEqual(new Set(['officer-1']));
  expect([await store.setDisabled('leader', true), await store.setDisabled('nobody', true)]).toEqual([true, false]);
  expect(await store.find('leader')).toMatchObject({ disabled: true, unit: null });
  const keys = bankKeys(store);
  const key = await keys.issue('BK01');
  await keys.accept('BK02', key);
  expect(await keys.verify(key)).toBe('BK01');
});

// Every run is a process of its own: slow where others work too.
test('the command adds an account or a key and prints its secret once', { timeout: 120_000 }, async () => {
  const store = sqlAccounts(ledger);
  const command = fileURLToPath(new URL('../bin/account.ts', import.meta.url));
  const started = async (...args: string[]): Promise<string> => (await promisify(execFile)(process.execPath, [command, ...args])).stdout;
  const run = (...args: string[]): Promise<string> => started(...args, '--data', folder);
  const [, password = ''] = (await run('--account', 'zhang', '--role', 'officer', '--name', '张警官', '--unit', 'C0101'))
    .trim()
    .split('\t');
  expect(await passwords().verify((await store.find('zhang'))?.passwordHash, password)).toBe(true);
  await expect(run('--account', 'zhang', '--role', 'officer', '--name', '张警官')).rejects.toThrow('exists already');
  await expect(run('--account', 'li', '--role', 'chief')).rejects.toThrow('--role');
  expect(await bankKeys(store).verify((await run('--bank', 'BK03')).trim().split('\t')[1] ?? '')).toBe('BK03');
  expect(await started('--database-url', server.ledgerUrl, '--enable', 'zhang')).toBe('zhang\tenabled\n');
  await expect(started('--data', join(folder, 'elsewhere'), '--bank', 'BK04')).rejects.toThrow('no Skyeye runs');
  await expect(run('--disable', 'nobody')).rejects.toThrow('no account');
  expect(await run('--disable', 'zhang')).toBe('zhang\tdisabled\n');
  expect(await store.find('zhang')).toMatchObject({ disabled: true });
  expect((await listAudit(ledger)).map(({ kind, subject }) => `${kind} ${subject}`)).toEqual([
    'account_disabled zhang',
    'account_enabled zhang',
    'bank_key_added BK03',
    'account_added zhang',
  ]);
});
