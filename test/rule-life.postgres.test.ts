import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { RULE_KEYS, RULE_SHADOW_MS, rulesInForce } from '@skyeye/contracts';
import { demoCounty } from '@skyeye/geo';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { main } from '../packages/backtest/bin/rule/main.ts';
import { readRuleFile } from '../packages/catalogue/src/index.ts';
import { demoAccounts } from '../packages/identity/src/index.ts';
import { startDesk, T0, type Desk } from '../services/command-center/src/testing/desk.ts';

const ROOT = join(import.meta.dirname, '..');
const accounts = demoAccounts(demoCounty, Buffer.alloc(32, 9)).accounts;
let desk: Desk;
let folder: string;
let file: string;
let events: string;
let version: string;

beforeAll(async () => {
  desk = await startDesk();
  folder = await mkdtemp(join(tmpdir(), 'skyeye-rule-'));
  const shipped = await readFile(join(ROOT, 'packages/catalogue/rules/svc.yaml'), 'utf8');
  const text = shipped.slice(0, shipped.indexOf('\n- id: ', 1)).replace('svc_share_call_pay', 'by_command');
  file = join(folder, 'rule.yaml');
  await writeFile(file, `${text}\n`);
  version = readRuleFile(text).rules[0]?.version ?? '';
  const runs = gunzipSync(await readFile(join(ROOT, 'packages/detection/fixtures/scripts.jsonl.gz')))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { script: string; seed: number; causes: { e?: object }[] });
  const causes = runs.find(({ script, seed }) => script === 'svc' && seed === 1)?.causes ?? [];
  events = join(folder, 'events.jsonl');
  await writeFile(events, causes.flatMap(({ e }) => (e === undefined ? [] : `${JSON.stringify(e)}\n`)).join(''));
}, 60_000);
afterAll(async () => {
  await desk.end();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

async function run(...argv: string[]): Promise<{ readonly code: number; readonly text: string }> {
  let text = '';
  const keep = (chunk: unknown): boolean => ((text += String(chunk)), true);
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  const code = await main(argv);
  vi.restoreAllMocks();
  return { code, text };
}
const step = (name: string, role: string, ...more: string[]) => {
  const account = accounts.find((entry) => entry.role === role);
  vi.stubEnv('SKYEYE_PASSWORD', account?.password ?? '');
  return run(name, file, '--at', desk.base, '--account', account?.account ?? '', '--reason', 'a test', ...more);
};
const inForce = async (): Promise<string[]> =>
  rulesInForce
    .parse(JSON.parse((await desk.store.get(RULE_KEYS.inForce)) ?? '{}'))
    .rules.filter(({ id }) => id === 'by_command')
    .map(({ state }) => state);

test('a rule is checked, tried and backtested on a file of events; the numbers are the same twice', async () => {
  expect(await run('check', file)).toMatchObject({ code: 0, text: expect.stringContaining('3 examples hold') as string });
  const tried = await run('try', file, '--events', events);
  expect(tried.text).toMatch(/^2026-09-16T10:\d\d:\d\d V P1 陌生通话没挂/);
  const json = join(folder, 'numbers.json');
  const first = await run('backtest', file, '--events', events, '--residents', '20000', '--json', json);
  expect(first).toMatchObject({ code: 0, text: expect.stringContaining('below it') as string });
  expect((await run('backtest', file, '--events', events, '--residents', '20000')).text).toBe(first.text);
});

test('a mistake is told with its line, and the exit code is 2', async () => {
  const broken = join(folder, 'broken.yaml');
  await writeFile(broken, (await readFile(file, 'utf8')).replace('call_unk_active_s', 'call_unk_active_z'));
  const { code, text } = await run('check', broken);
  expect(code).toBe(2);
  expect(text).toMatch(/broken\.yaml:4:\d+: there is no fact "call_unk_active_z"/);
});

test('the whole life by command: nobody approves before the numbers are there, and it is taken back in one act', async () => {
  expect(await step('propose', 'analyst')).toMatchObject({ code: 0 });
  expect(await step('shadow', 'analyst')).toMatchObject({ code: 2, text: expect.stringContaining('LEDGER_RULE_STEP') as string });
  expect(await step('check-draft', 'analyst')).toMatchObject({ code: 0 });
  expect(await step('record-backtest', 'analyst', '--numbers', join(folder, 'numbers.json'))).toMatchObject({ code: 0 });
  expect(await step('shadow', 'analyst')).toMatchObject({ code: 0 });
  expect(await inForce()).toEqual(['shadow']);
  desk.clock.set(T0 + RULE_SHADOW_MS);
  expect(await step('approve', 'leader')).toMatchObject({ code: 2, text: expect.stringContaining('no scorer has counted') as string });
  const counted = { id: 'by_command', version, state: 'shadow', times: 1, days: [{ day: 20_000, persons: 1 }] };
  await desk.store.set(RULE_KEYS.counts, JSON.stringify({ seq: 1, atMs: T0, rules: [counted] }));
  expect(await step('approve', 'analyst')).toMatchObject({ code: 2, text: expect.stringContaining('403') as string });
  expect(await step('approve', 'leader')).toMatchObject({ code: 0 });
  expect(await step('live', 'leader')).toMatchObject({ code: 0 });
  expect(await inForce()).toEqual(['live']);
  expect(await step('roll-back', 'analyst')).toMatchObject({ code: 0 });
  expect(await inForce()).toEqual([]);
}, 60_000);
