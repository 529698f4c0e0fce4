import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { freePorts, runToEnd, startCounty, temporaryFolder, until, type RunningCountyProcess } from '../lib/county.ts';

/** What the start command says and leaves alone when it cannot start, and how it ends. One county serves the tests that need one. */
// A refused start is a second's work; the machine that runs all tests at once may be busy.
vi.setConfig({ testTimeout: 180_000 });
const COUNTY = ['--residents', '300', '--seed', '5', '--speed', '10'];
const folders: { remove(): void }[] = [];
const fresh = (name: string): string => {
  const made = temporaryFolder(name);
  folders.push(made);
  return made.path;
};
let county: RunningCountyProcess | undefined;
const undo: (() => void)[] = [];

afterEach(() => {
  for (const step of undo.splice(0)) step();
});
afterAll(async () => {
  await county?.kill();
  for (const folder of folders) folder.remove();
});

/** A refused start: one clear sentence on stderr, exit code 1, no stack. */
function refused({ code, stderr, stdout }: { code: number | null; stderr: string; stdout: string }, says: RegExp): void {
  expect(stderr).toMatch(says);
  expect(stderr).toMatch(/Nothing was (changed|started)/);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stdout).not.toMatch(/Ctrl\+C/);
  expect(code).toBe(1);
}

test('--help names every option, starts nothing and ends well', async () => {
  const { code, stdout, stderr } = await runToEnd(['--help']);
  expect(code).toBe(0);
  const text = stdout + stderr;
  for (const option of [
    '--port',
    '--host',
    '--data',
    '--seed',
    '--residents',
    '--speed',
    '--scams',
    '--without-simulator',
    '--log-level',
    '--options-file',
  ])
    expect(text).toContain(option);
});

test('all mistakes in options are told together, and nothing is started', async () => {
  const folder = join(fresh('mistakes'), 'data');
  const { code, stderr } = await runToEnd(['--data', folder, '--port', '99999', '--speed', 'fast', '--scams', 'some', '--colour', 'red'], {
    env: { SKYEYE_RESIDENTS: '3' },
  });
  expect(code).toBe(2);
  for (const wrong of [/port/, /speed/, /scams/, /colour/, /RESIDENTS/]) expect(stderr).toMatch(wrong);
  expect(stderr).toContain('--help');
  expect(() => readdirSync(folder)).toThrow();
});

test('an options file that is missing or not JSON is told in a sentence', async () => {
  const file = join(fresh('options'), 'options.json');
  writeFileSync(file, '{"port": ');
  for (const path of [file, `${file}.none`]) {
    const { code, stderr } = await runToEnd(['--options-file', path]);
    expect(code).toBe(2);
    expect(stderr).toContain(path);
    expect(stderr).not.toMatch(/\n\s+at /);
  }
});

test('a taken port is named before anything is made', async () => {
  const port = await freePorts();
  const taken: Server = createServer();
  await new Promise<void>((resolve) => taken.listen(port + 1, '127.0.0.1', resolve));
  undo.push(() => taken.close());
  const folder = fresh('port');
  refused(await runToEnd(['--data', folder, '--port', String(port), ...COUNTY]), new RegExp(`port ${port + 1} .*taken.*--port`));
  expect(readdirSync(folder)).not.toContain('database');
});

test('a data folder that cannot be written is refused', async () => {
  const folder = fresh('file');
  writeFileSync(join(folder, 'data'), 'a file of somebody');
  refused(await runToEnd(['--data', join(folder, 'data'), '--port', String(await freePorts())]), /cannot be written.*--data/);
  expect(readFileSync(join(folder, 'data'), 'utf8')).toBe('a file of somebody');
});

/** A small file system of its own, where mounting is permitted. */
function mounted(folder: string, options: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', folder], { stdio: 'pipe' });
  } catch {
    // No right to mount, or no such command: the caller has another way to the same refusal.
    return false;
  }
  undo.push(() => execFileSync('umount', [folder]));
  return true;
}

test('a folder on a read-only disk is refused', async () => {
  const folder = fresh('read-only');
  const isMounted = mounted(folder, 'ro,size=1m');
  // Without a mount: a folder without the right to write in it, which stops everybody but root, or a place below a file.
  const isRoot = process.getuid?.() === 0;
  if (!isMounted && isRoot) writeFileSync(join(folder, 'file'), '');
  else if (!isMounted) {
    chmodSync(folder, 0o500);
    undo.push(() => chmodSync(folder, 0o700));
  }
  const data = isMounted ? folder : join(folder, isRoot ? 'file/data' : 'data');
  const code = isMounted ? 'EROFS' : isRoot ? 'ENOTDIR' : 'EACCES';
  refused(await runToEnd(['--data', data, '--port', String(await freePorts())]), new RegExp(`cannot be written \\(${code}\\).*--data`));
});

/** For a process that shall believe its disk to be full: 4 MB are left, whatever is asked. */
const NO_ROOM = `data:text/javascript,${encodeURIComponent(
  "import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module'; fs.statfsSync = () => ({ bavail: 4, bsize: 1e6 }); syncBuiltinESMExports();",
)}`;

test('a full disk is refused, and nothing is written on it', async () => {
  const folder = fresh('full');
  const env: Record<string, string> = mounted(folder, 'size=4m') ? {} : { NODE_OPTIONS: `--import=${NO_ROOM}` };
  const ended = await runToEnd(['--data', folder, '--port', String(await freePorts())], { env });
  refused(ended, /has \d MB left; \d+ MB are needed/);
  expect(readdirSync(folder)).toEqual([]);
});

test('a data folder of another version is refused and left as it was', async () => {
  const folder = fresh('version');
  const text = '{"format":999,"seed":1,"residents":500}\n';
  writeFileSync(join(folder, 'skyeye.json'), text);
  refused(await runToEnd(['--data', folder, '--port', String(await freePorts())]), /layout 999.*--data/);
  expect(readFileSync(join(folder, 'skyeye.json'), 'utf8')).toBe(text);
});

test(
  'a running county: a second instance is refused, a stop drains within 10 s, the next start goes on',
  { timeout: 240_000 },
  async () => {
    const folder = fresh('county');
    const port = await freePorts();
    county = await startCounty({ folder, port, args: COUNTY });
    const first = county;
    for (const address of [first.console, first.field]) expect((await fetch(address)).status).toBe(200);
    expect((await fetch(`${first.bank}/ready`)).status).toBe(200);
    expect(first.output()).toContain('演示账号');
    for (const account of ['analyst', 'leader', 'operator', 'auditor', first.officer])
      expect(first.password(account)).toMatch(/^[a-z]{4}-[a-z]{6}$/);

    refused(
      await runToEnd(['--data', folder, '--port', String(await freePorts()), ...COUNTY]),
      /another Skyeye runs on this data folder.*--data/,
    );
    expect((await fetch(`${first.console}/health`)).status).toBe(200);

    const stoppedMs = performance.now();
    expect(await first.stop(), first.output()).toBe(0);
    const tookMs = performance.now() - stoppedMs;
    expect(tookMs).toBeLessThan(10_000);
    const clockMs = (): number => (JSON.parse(readFileSync(join(folder, 'clock.json'), 'utf8')) as { countyMs: number }).countyMs;
    const clockBefore = clockMs();

    const startedMs = performance.now();
    county = await startCounty({ folder, port, args: COUNTY, readyMs: 30_000 });
    const page = await fetch(county.console);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('<div id="root">');
    process.stdout.write(
      `first start ${(first.startMs / 1000).toFixed(1)} s, stop ${(tookMs / 1000).toFixed(1)} s, second start to a usable page ${((performance.now() - startedMs) / 1000).toFixed(1)} s\n`,
    );
    // The pages do not wait for the engine and the county, and both lines say what was true when they were printed.
    const said = /pages usable after ([\d.]+) s[^]*everything runs after ([\d.]+) s/.exec(county.output());
    expect(Number(said?.[1]), county.output()).toBeLessThan(Number(said?.[2]));
    expect(county.password('analyst')).toBe(first.password('analyst'));
    const second = county;
    expect(clockMs()).toBeGreaterThanOrEqual(clockBefore);
    await until('county time goes on', 30_000, () => (clockMs() > clockBefore ? true : undefined));
    expect(await second.stop()).toBe(0);
    county = undefined;
    expect(clockMs()).toBeGreaterThan(clockBefore);
  },
);
