import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEvents, Refusal } from '../packages/engine/bin/feature/files.ts';

const root = join(import.meta.dirname, '..');
const golden = (name: string): string => join(root, 'packages/testkit/golden', name);
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'skyeye-golden-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function values(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, 'packages/engine/bin/feature.ts'), 'values', ...args], {
    encoding: 'utf8',
    maxBuffer: 64_000_000,
    timeout: 60_000,
  });
}

interface Row {
  readonly value: string;
  readonly rest: string;
}

/** Rows by event, feature, kind of key and key. */
function rowsOf(table: string): Map<string, Row> {
  const [header, ...lines] = table.trimEnd().split('\n');
  expect(header).toBe('event_id\tt\tfeature\tkey_type\tkey\tvalue\tfires');
  return new Map(
    lines.map((line) => {
      const [eventId, t, feature, keyType, key, value, fires] = line.split('\t');
      return [[eventId, feature, keyType, key].join('\t'), { value: value ?? '', rest: `${t} ${fires}` }];
    }),
  );
}

function equal(a: Row | undefined, b: Row): boolean {
  if (a === undefined || a.rest !== b.rest) return false;
  return a.value === b.value || Math.abs(Number(a.value) - Number(b.value)) <= 1e-9 * Math.max(1, Math.abs(Number(b.value)));
}

test.each(
  ['svc', 'brush', 'mule_ring', 'probe_mule'].flatMap((set) =>
    (['given', 'computed'] as const).flatMap((stamps) => [[set, stamps, 'fast'] as const, [set, stamps, 'slow'] as const]),
  ),
)('every golden value of %s comes out with %s stamps of the %s engine', (set, stamps, engine) => {
  const { status, stdout, stderr } = values(
    '--events',
    golden(`${set}.events.jsonl`),
    '--dims',
    golden(`${set}.dims.json`),
    '--stamps',
    stamps,
    '--engine',
    engine,
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const found = rowsOf(stdout);
  const wanted = rowsOf(readFileSync(golden(`${set}.values.tsv`), 'utf8'));
  const wrong = [...wanted]
    .filter(([key, row]) => !equal(found.get(key), row))
    .map(([key, row]) => `${key}: ${found.get(key)?.value}, wanted ${row.value}`);
  expect(wanted.size).toBeGreaterThan(1900);
  expect(wrong).toEqual([]);
});

const EVENTS = readFileSync(golden('svc.events.jsonl'), 'utf8').trim().split('\n');
const DIMS = golden('svc.dims.json');

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('neither the order of the lines nor doubled or blank lines change the table', () => {
  const straight = values('--events', file('a.jsonl', EVENTS.join('\n')), '--dims', DIMS);
  const shuffled = values(
    '--events',
    file('b.jsonl', [...EVENTS.slice(300).reverse(), '', ...EVENTS, '  '].join('\r\n')),
    '--dims',
    DIMS,
    '--engine',
    'slow',
  );
  expect(straight.status).toBe(0);
  expect(shuffled.stdout).toBe(straight.stdout);
  const order = straight.stdout
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split('\t')[1]));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

const GOOD = EVENTS[0] ?? '';
const changed = (change: Record<string, unknown>): string =>
  JSON.stringify({ ...(JSON.parse(GOOD) as object), id: 'S01:other', ...change });

test.each([
  ['not JSON', '{"stream":', 'not JSON'],
  ['a list', '[]', 'not a JSON object'],
  ['a number', '7', 'not a JSON object'],
  ['null', 'null', 'not a JSON object'],
  ['no stream', changed({ stream: undefined }), 'stream is missing'],
  ['an unknown stream', changed({ stream: 'cal' }), 'did you mean "call"?'],
  ['a stream named like a property', changed({ stream: '__proto__' }), 'there is no stream'],
  ['no id', changed({ id: undefined }), 'id is missing'],
  ['an empty id', changed({ id: '' }), 'id is missing'],
  ['an id with a tab', changed({ id: 'a\tb' }), 'id is missing'],
  ['no time', changed({ t: undefined }), 't is missing'],
  ['a time as text', changed({ t: '1789374840000' }), 't is missing'],
  ['a time of 1970', changed({ t: 5 }), 't is missing'],
  ['a time of 2100', changed({ t: Date.UTC(2100, 1, 1) }), 't is missing'],
  ['a broken millisecond', changed({ t: 1_789_374_840_000.5 }), 't is missing'],
  ['NaN', GOOD.replace('"dur_s": 19', '"dur_s": NaN'), 'not JSON'],
  ['1e309', GOOD.replace('"dur_s": 19', '"dur_s": 1e309'), 'call.dur_s is'],
  ['a negative duration', changed({ dur_s: -1 }), 'call.dur_s is -1'],
  ['a wrong type', changed({ answered: 'yes' }), 'call.answered is "yes"'],
  ['an object for a value', changed({ peer: { a: 1 } }), 'call.peer is an object'],
  ['an unknown enum member', changed({ cli_kind: 'satellite' }), 'call.cli_kind is "satellite"'],
  ['deep nesting', `{"stream":"call","id":"x","t":1789374840000,"peer":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 'call.peer is a list'],
  ['the same id with another body', GOOD.replace('"dur_s": 19', '"dur_s": 20'), 'stands in line 1 with another content'],
  ['a line over the limit', `{"stream":"${'x'.repeat(1_000_001)}"}`, 'longer than'],
])('a broken line is named with its reason: %s', (_name, line, reason) => {
  const path = file('broken.jsonl', `${GOOD}\n\n${line}\n${EVENTS[1]}\n`);
  expect(refusalOf(path)).toContain('line 3: ');
  expect(refusalOf(path)).toContain(reason);
});

/** What the command would print: the reading alone, since starting the command for each line is slow. */
function refusalOf(path: string): string {
  try {
    readEvents(path);
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
  return 'accepted';
}

test('for a broken line the command ends with 2 and prints nothing', () => {
  const path = file('broken.jsonl', `${EVENTS.join('\n')}\n{`);
  const { status, stdout, stderr } = values('--events', path, '--dims', DIMS);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(`${path}, line ${EVENTS.length + 1}: not JSON`);
});

test('bytes that are no UTF-8 are named by their line', () => {
  const path = file('bytes.jsonl', Buffer.concat([Buffer.from(`${GOOD}\n`), Buffer.from([0x7b, 0xff, 0xfe, 0x7d])]));
  expect(refusalOf(path)).toBe(`${path}, line 2: not valid UTF-8`);
});

test.each([
  [['--dims', DIMS], '--events is missing'],
  [['--events', 'x', '--engine', 'quick', '--stamps', 'none'], '--engine quick: may be slow or fast'],
  [['--events', '/nowhere/x', '--dims', DIMS], 'cannot be read'],
  [['--evnts', 'x'], "Unknown option '--evnts'"],
])('a wrong call is refused in words: %j', (args, words) => {
  const { status, stdout, stderr } = values(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(words);
});

test('a holiday table moves working-day windows, and a broken one is refused', () => {
  const event = { stream: 'acct', ev: 'open', acct: 'A', person: 'V', bank: 'B' };
  const day = (date: string): number => Date.parse(`${date}T12:00:00+08:00`);
  const events = file(
    'days.jsonl',
    ['2026-09-30', '2026-10-08'].map((date, index) => JSON.stringify({ ...event, id: `S11:${index}`, t: day(date) })).join('\n'),
  );
  const dims = file('none.json', '[]');
  const count = (...more: string[]): string | undefined =>
    values('--events', events, '--dims', dims, ...more)
      .stdout.split('\n')
      .find((line) => line.startsWith('S11:1\t') && line.includes('\tacct_open_5wd\t'))
      ?.split('\t')[5];
  const holidays = file(
    'holidays.json',
    JSON.stringify({ holidays: ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'], workdays: [] }),
  );
  expect(count()).toBe('1');
  expect(count('--holidays', holidays)).toBe('2');
  expect(values('--events', events, '--dims', dims, '--holidays', file('bad.json', '{"holidays":["1 October"]}')).stderr).toContain(
    'no day as YYYY-MM-DD',
  );
});
