import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentTelemetry } from '@skyeye/telemetry';
import { afterEach, expect, test } from 'vitest';
import { createMemoryStore } from './adapters/memory.ts';
import { storeConformance } from './store.conformance.ts';

const telemetry = silentTelemetry();
const folders: string[] = [];
const folderFor = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'skyeye-store-test-'));
  folders.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

storeConformance('the memory store on a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'skyeye-store-test-'));
  return { open: async () => createMemoryStore({ folder, telemetry }), stop: async () => rmSync(folder, { recursive: true, force: true }) };
});

test('without a folder it keeps keys and snapshots until it is closed, and shares nothing', async () => {
  const [a, b] = [createMemoryStore({ telemetry }), createMemoryStore({ telemetry })];
  await a.set('k', 'v');
  await a.putSnapshot('s', Buffer.from('bytes'));
  expect([await a.get('k'), await b.get('k')]).toEqual(['v', undefined]);
  expect(Buffer.from((await a.getSnapshot('s'))?.bytes ?? []).toString()).toBe('bytes');
  await a.close();
  await b.close();
});

test('a damaged snapshot falls back to the one before, and two damaged ones are an error, not an empty state', async () => {
  const folder = folderFor();
  const store = createMemoryStore({ folder, telemetry });
  await store.putSnapshot('s', Buffer.from('one'));
  await store.putSnapshot('s', Buffer.from('two'));
  const files = readdirSync(join(folder, 'snapshots')).sort();
  expect(files).toEqual(['s.1', 's.2']);
  const damage = (file: string): void => {
    const path = join(folder, 'snapshots', file);
    const bytes = readFileSync(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(path, bytes);
  };
  damage('s.2');
  const read = await store.getSnapshot('s');
  expect([Buffer.from(read?.bytes ?? []).toString(), read?.isPrevious]).toEqual(['one', true]);
  damage('s.1');
  await expect(store.getSnapshot('s')).rejects.toMatchObject({ code: 'STORE_SNAPSHOT_DAMAGED' });
  await store.close();
});

test('invariant 6: a key that was acknowledged is there after kill −9', async () => {
  const folder = folderFor();
  const script = join(folder, 'child.ts');
  writeFileSync(
    script,
    `import { createMemoryStore } from ${JSON.stringify(join(import.meta.dirname, 'adapters/memory.ts'))};
     const events = () => new Proxy({}, { get: () => () => undefined });
     const metrics = (t) => Object.fromEntries(Object.keys(t).map((k) => [k, { add() {}, set() {}, observe() {} }]));
     const store = createMemoryStore({ folder: ${JSON.stringify(join(folder, 'data'))}, telemetry: { log: events, metrics } });
     for (let i = 0; ; i++) { await store.set('request:' + i, 'reply ' + i, { onlyIfAbsent: true }); process.stdout.write(i + '\\n'); }`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.split('\n').length > 50) {
        child.kill('SIGKILL');
        resolve();
      }
    });
  });
  await new Promise((resolve) => child.once('close', resolve));
  const last = Number(out.trimEnd().split('\n').at(-1));
  const store = createMemoryStore({ folder: join(folder, 'data'), telemetry });
  for (let i = 0; i <= last; i++) expect(await store.get(`request:${i}`)).toBe(`reply ${i}`);
  expect(await store.set('request:0', 'again', { onlyIfAbsent: true })).toBe(false);
  await store.close();
});

test('sets of one turn, each answered for itself, stand when what is asked after them is done', async () => {
  const store = createMemoryStore({ folder: folderFor(), telemetry });
  const answers = [
    store.set('a', '1', { onlyIfAbsent: true }),
    store.set('a', '2', { onlyIfAbsent: true }),
    store.set('b', '1'),
    store.set('b', '2'),
    store.delete('a'),
  ];
  expect(await Promise.all([store.get('b'), ...answers])).toEqual(['2', true, false, true, true, true]);
  expect(await store.get('a')).toBeUndefined();
  await store.close();
});
