import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { main } from '../../bin/feature/main.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const GOLDEN = join(ROOT, 'packages/testkit/golden');
const FACTS = ['--events', join(GOLDEN, 'svc.events.jsonl'), '--dims', join(GOLDEN, 'svc.dims.json')];
const folder = mkdtempSync(join(tmpdir(), 'feature-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command and takes what it prints. */
async function feature(...argv: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const into = (lines: string[]) => (chunk: string | Uint8Array) => lines.push(String(chunk)) > 0;
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(into(out)),
    vi.spyOn(process.stderr, 'write').mockImplementation(into(err)),
  ];
  try {
    const status = await main(argv);
    return { status, stdout: out.join(''), stderr: err.join('') };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** An entry of the catalogue in a file of its own, with one text replaced. */
function file(name: string, from = '', to = ''): string {
  const text = readFileSync(join(ROOT, 'packages/catalogue/features/transfers-out-amounts.yaml'), 'utf8');
  const [first = ''] = text.split(/\n(?=- id: )/);
  expect(first).toContain(from);
  writeFileSync(join(folder, name), first.replace(from, to));
  return join(folder, name);
}

test('explain says a feature in both languages', async () => {
  const { status, stdout } = await feature('explain', 'x_share_login_newpayee_30m');
  expect(status).toBe(0);
  expect(stdout).toContain('先有开始共享屏幕,其后30分钟内有登录账户');
  expect(stdout).toContain('start of screen sharing, then login within 30 minutes');
});

test('check says type, cost and overlap of a sound file, and of a broken one every mistake with its place', async () => {
  const sound = await feature('check', file('sound.yaml'));
  expect(sound).toMatchObject({ status: 0, stderr: '' });
  expect(sound.stdout).toMatch(/cost +about \d+ ns/);
  const path = file('broken.yaml', 'formula:', 'timelines: near\n  formula:');
  const broken = await feature('check', path);
  expect(broken).toMatchObject({ status: 1, stdout: '' });
  expect(broken.stderr).toMatch(/broken\.yaml:\d+:3: an entry has no "timelines"; did you mean "timeliness"\?\n +timelines: near\n +\^~~~/);
});

test('trace shows when a value came about and by which events, and draws it', async () => {
  const svg = join(folder, 'trace.svg');
  const { status, stdout } = await feature('trace', 'x_share_login_newpayee_30m', 'V', ...FACTS, '--last', '4h', '--svg', svg);
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /true {2}FIRES {2}at S09:000683\n.*= true\n.*start of screen sharing.*\n.*login.*\n.*bank transfer out ¥9,841 to MUs0/,
  );
  const picture = readFileSync(svg, 'utf8');
  expect(picture).toMatch(/^<svg xmlns[\s\S]*<\/svg>\n$/);
  expect(picture).not.toMatch(/NaN|undefined|Infinity/);
  expect(picture.match(/#c62828/g)?.length).toBeGreaterThanOrEqual(3);
});

test('try gives type, words and values of a formula that is no feature', async () => {
  const { status, stdout } = await feature('try', 'sum(fund[dir=out & live].amt, 24h)', '--of', 'V', '--key', 'person', ...FACTS);
  expect(status).toBe(0);
  expect(stdout).toContain('a number in fen; 近24小时内有效转出的金额合计');
  expect(stdout).toMatch(/2026-09-16 10:37:20 {2}V +¥65,867 +S09:000716/);
});

test('diff shows where two versions differ, by formula and by file', async () => {
  const changed = await feature('diff', 'out_sum_24h', 'out_sum_24h@sum(fund[dir=out & live].amt, 24h)', ...FACTS);
  expect(changed.status).toBe(1);
  expect(changed.stdout).toMatch(/^out_sum_24h: \d+ differ in \d+ evaluations\n/);
  expect(changed.stdout).toMatch(/ V {2}¥0 → ¥[\d.,]+ {2}at /);
  expect(await feature('diff', file('old.yaml'), file('new.yaml'), ...FACTS)).toMatchObject({ status: 0 });
});

test('plan estimates what a feature costs and measures it when asked', async () => {
  const { status, stdout } = await feature('plan', 'out_sum_24h', '--measure', ...FACTS);
  expect(status).toBe(0);
  expect(stdout).toMatch(
    /estimated: about \d+ ns an evaluation, \d+ ns if nothing were shared\nmeasured: \d+ ns an event, \d+ ns an evaluation/,
  );
});

test.each([
  ['an unknown command', ['chekc'], 'there is no command "chekc"; did you mean "check"?'],
  ['an unknown feature', ['explain', 'out_sum_24'], 'there is no feature "out_sum_24"; did you mean "out_sum_24h"?'],
  ['a missing word', ['trace', 'out_sum_24h'], '<entity> is missing'],
  ['a word too many', ['explain', 'a', 'b'], '"b" is one argument too many'],
  ['a missing file', ['check', '/nowhere.yaml'], '/nowhere.yaml cannot be read'],
  ['missing events', ['try', 'count(call, 1h)'], '--events is missing'],
  ['an unknown option', ['explain', 'x', '--evnts', 'f'], "Unknown option '--evnts'"],
  ['a broken formula', ['try', 'count(cal, 1h)', ...FACTS], 'did you mean "call"?\n  count(cal, 1h)\n        ^~~'],
  ['an unknown kind of key', ['try', 'count(call, 1h)', '--key', 'persn', ...FACTS], 'did you mean "person"?'],
  ['versions of unlike keys', ['diff', 'out_sum_24h', 'sms_otp_cnt_1h', ...FACTS], 'their values cannot be compared'],
  ['a duration that is none', ['trace', 'out_sum_24h', 'V', '--last', 'soon', ...FACTS], '--last soon: a duration such as 30m'],
])('%s is refused with words and nothing half printed', async (_says, argv, words) => {
  const { status, stdout, stderr } = await feature(...argv);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(words);
  expect(stderr).not.toContain('    at ');
});

test('a key without an evaluation is 1, with the nearest key', async () => {
  expect(await feature('trace', 'sms_otp_cnt_1h', 'PVV', ...FACTS)).toEqual({
    status: 1,
    stdout: '',
    stderr: 'no event has the phone "PVV"; did you mean "PV"?\n',
  });
});

test.each(['check', 'explain', 'trace', 'try', 'diff', 'plan', 'values'])('%s --help says how it is used', async (name) => {
  const { status, stdout } = await feature(name, '--help');
  expect(status).toBe(0);
  expect(stdout).toContain(`pnpm --silent feature ${name}`);
});
