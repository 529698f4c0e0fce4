import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrate, openLedger, startEmbeddedPostgres } from '@skyeye/ledger';
import { bankKeys, sqlAccounts, type Account } from './index.ts';

test('accounts and keys of banks are kept in the ledger, and adding again changes nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skyeye-accounts-'));
  const server = await startEmbeddedPostgres({ folder });
  await migrate({ url: server.ledgerUrl });
  const ledger = openLedger({ url: server.ledgerUrl });
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
  await ledger.query("update accounts set disabled = true where account = 'leader'");
  expect(await store.find('leader')).toMatchObject({ disabled: true, unit: null });
  const keys = bankKeys(store);
  const key = await keys.issue('BK01');
  await keys.accept('BK02', key);
  expect(await keys.verify(key)).toBe('BK01');
  await ledger.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});
