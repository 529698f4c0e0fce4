import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase, startEmbeddedPostgres } from './index.ts';

const run = promisify(execFile);
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyeye-embedded-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const CHILD = `
import { startEmbeddedPostgres, openDatabase } from ${JSON.stringify(fileURLToPath(new URL('./index.ts', import.meta.url)))};
const server = await startEmbeddedPostgres({ folder: process.argv[1] });
const database = openDatabase({ url: server.ledgerUrl });
await database.query('create table if not exists kept (n int)');
await database.query('insert into kept values (1)');
console.log(server.pid());
process.kill(process.pid, 'SIGKILL');
`;
const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('a server left behind by a killed process is stopped at the next start, and every committed row is there', async () => {
  const died = (await run(process.execPath, ['--input-type=module', '-e', CHILD, folder]).catch((error: unknown) => error)) as {
    stdout: string;
    signal: string;
  };
  const orphan = Number(died.stdout.trim());
  expect([died.signal, alive(orphan)]).toEqual(['SIGKILL', true]);
  const server = await startEmbeddedPostgres({ folder });
  expect(server.pid()).not.toBe(orphan);
  // A zombie that nobody reaps still answers to a signal; the lock file says whose the cluster is.
  expect((await readFile(join(folder, 'cluster/postmaster.pid'), 'utf8')).split('\n')[0]).toBe(String(server.pid()));
  const database = openDatabase({ url: server.ledgerUrl });
  expect(await database.query('select n from kept')).toEqual([{ n: 1 }]);
  await database.close();
  await server.stop();
});

test('a server that is killed comes back on the same port with every committed row', async () => {
  const server = await startEmbeddedPostgres({ folder });
  const database = openDatabase({ url: server.ledgerUrl });
  await database.query('insert into kept values (2)');
  const before = server.pid() ?? 0;
  process.kill(before, 'SIGKILL');
  await expect
    .poll(
      async () => {
        try {
          return (await database.query<{ n: number }>('select max(n)::int as n from kept'))[0]?.n;
        } catch (error) {
          return (error as { code: string }).code;
        }
      },
      { timeout: 15_000 },
    )
    .toBe(2);
  await expect.poll(() => server.pid(), { timeout: 10_000 }).not.toBe(before);
  await database.close();
  await server.stop();
  expect(alive(server.pid() ?? 0)).toBe(false);
});

test('invariant 8: only the role of the vault may connect to the vault, and passwords are for the owner alone', async () => {
  const server = await startEmbeddedPostgres({ folder });
  const wrong = openDatabase({ url: server.ledgerUrl.replace(/\/ledger$/, '/vault') });
  await expect(wrong.query('select 1')).rejects.toMatchObject({ code: 'LEDGER_ACCESS_REFUSED' });
  await wrong.close();
  const right = openDatabase({ url: server.vaultUrl });
  expect(await right.query('select current_user::text as role')).toEqual([{ role: 'skyeye_vault' }]);
  await right.close();
  expect((await stat(join(folder, 'passwords.json'))).mode & 0o777).toBe(0o600);
  await server.stop();
});

test('a second process on the folder of a living one is refused and harms nothing', async () => {
  const server = await startEmbeddedPostgres({ folder });
  const second = (await run(process.execPath, ['--input-type=module', '-e', CHILD, folder]).catch((error: unknown) => error)) as {
    stderr: string;
    code: number;
  };
  expect(second.code).toBe(1);
  expect(second.stderr).toContain('LEDGER_FOLDER_UNUSABLE');
  const database = openDatabase({ url: server.ledgerUrl });
  expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
  await database.close();
  await server.stop();
});

test('an unreachable server is a retry, a slow statement too, and a wrong statement is our bug', async () => {
  const nobody = openDatabase({ url: 'postgres://a:b@127.0.0.1:9/x' });
  await expect(nobody.query('select 1')).rejects.toMatchObject({ code: 'LEDGER_UNREACHABLE', handling: 'retry' });
  await nobody.close();
  const server = await startEmbeddedPostgres({ folder });
  const database = openDatabase({ url: server.ledgerUrl, statementTimeoutMs: 100 });
  await expect(database.query('select pg_sleep(2)')).rejects.toMatchObject({ code: 'LEDGER_TIMEOUT', handling: 'retry' });
  await expect(database.query('select * from nowhere')).rejects.toMatchObject({ code: 'LEDGER_SCHEMA_MISSING', handling: 'crash' });
  await expect(database.query('select 1 where $1 = $1', ['a\0b'])).rejects.toMatchObject({
    code: 'LEDGER_TEXT_REFUSED',
    handling: 'refuse',
  });
  await database.close();
  await server.stop();
});
