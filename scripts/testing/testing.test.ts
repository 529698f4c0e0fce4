import { expect, test } from 'vitest';
import { installLine, NEEDS, needsOf, type NeedName } from './needs.ts';
import { planTests } from './plan.ts';
import { closingReport, tallyVitest } from './tally.ts';

const file = (name: string, statuses: readonly string[], status = 'passed', message = ''): object => ({
  name: `/r/${name}`,
  status,
  message,
  startTime: 1000,
  endTime: 3500,
  assertionResults: statuses.map((each, index) => ({ fullName: `t${index}`, status: each })),
});
const tally = (files: readonly object[], ending?: string, asked: readonly string[] = []): ReturnType<typeof tallyVitest> =>
  tallyVitest({ report: JSON.stringify({ testResults: files }), ending, asked, root: '/r' });

test('single tests are counted, and a file keeps its time', () => {
  expect(
    tally([file('a.test.ts', ['passed', 'passed', 'failed']), file('b.test.ts', ['passed', 'skipped', 'todo'])], 'with exit code 1'),
  ).toMatchObject({
    passed: 3,
    failed: 1,
    skipped: 2,
    files: [{ path: 'a.test.ts', seconds: 2.5 }, { path: 'b.test.ts' }],
  });
});

test('a failed test is named with the beginning of its message', () => {
  const failed = { fullName: 't', status: 'failed', failureMessages: ['Error: expected 1 to be 2\n    at a.test.ts:3'] };
  const { notes } = tally([{ ...file('a.test.ts', []), assertionResults: [failed] }], 'with exit code 1');
  expect(notes).toEqual(['failed: a.test.ts › t\n      Error: expected 1 to be 2\n          at a.test.ts:3']);
});

test.each([
  ['a file that did not load', tally([file('a.test.ts', [], 'failed', 'SyntaxError: x\n at y')], 'with exit code 1'), 'SyntaxError'],
  ['a file without a test', tally([file('a.test.ts', [])]), 'gave no test'],
  ['a hook that failed after passed tests', tally([file('a.test.ts', ['passed'], 'failed')], 'with exit code 1'), 'outside its tests'],
  ['an unhandled error', tally([file('a.test.ts', ['passed'])], 'with exit code 1'), 'unhandled'],
  ['a crash', tally([file('a.test.ts', ['passed'])], 'by SIGSEGV'), 'SIGSEGV'],
  [
    'a file that was asked for and never reported',
    tally([file('a.test.ts', ['passed'])], undefined, ['a.test.ts', 'b.test.ts']),
    'b.test.ts is not in',
  ],
  ['no test at all', tally([]), 'no test at all'],
  ['a broken report', tallyVitest({ report: '{"testRes', ending: undefined, asked: [], root: '/r' }), 'no readable report'],
  ['no report', tallyVitest({ report: undefined, ending: 'by SIGKILL', asked: [], root: '/r' }), 'no readable report'],
])('%s is a failure with a reason', (_what, result, reason) => {
  expect(result.failed).toBe(1);
  expect(result.notes.join('\n')).toContain(reason);
});

test('the words in a name say what a test needs', () => {
  expect(needsOf('packages/stream/src/log.kafka.test.ts')).toEqual(['kafka']);
  expect(needsOf('test/e2e/tour.cluster.browser.test.ts')).toEqual(['kafka', 'redis', 'postgres', 'browser']);
  expect(needsOf('packages/stream/src/adapter.conformance.test.ts')).toEqual([]);
});

test('what the machine lacks is left out and named, and the parts together are everything', () => {
  const files = ['a.test.ts', 'b.kafka.test.ts', 'test/e2e/c.browser.test.ts', 'test/simulation/d.test.ts'];
  const has = (name: NeedName): boolean => name === 'browser';
  expect(planTests(files, has)).toEqual({
    unit: ['a.test.ts', 'test/simulation/d.test.ts'],
    services: ['test/e2e/c.browser.test.ts'],
    leftOut: [{ file: 'b.kafka.test.ts', missing: ['kafka'] }],
  });
  const parts = (['unit', 'services', 'e2e'] as const).flatMap((part) => {
    const plan = planTests(files, () => true, part);
    return [...plan.unit, ...plan.services];
  });
  expect(parts.toSorted()).toEqual(files.toSorted());
});

test('says how to get what is missing on this kind of machine', () => {
  expect(installLine([], 'linux')).toBeUndefined();
  expect(installLine(['kafka', 'browser'], 'linux')).toBe('sudo apt-get install openjdk-17-jre-headless maven chromium fonts-noto-cjk');
  expect(installLine(['redis', 'browser'], 'darwin')).toBe('brew install redis && brew install --cask chromium');
});

test('the last line stands alone; a skipped test fails only where nothing may be left out', () => {
  const sum = tally([file('a.test.ts', ['passed', 'skipped'])]);
  const leftOut = [{ label: NEEDS.redis.label, files: 2 }];
  const relaxed = closingReport({ tally: sum, leftOut, installLine: 'x', strict: false });
  expect(relaxed.lines.at(-1)).toBe('1 passed, 0 failed');
  expect(relaxed.lines.join('\n')).toContain('2 test files need a Redis server');
  expect(closingReport({ tally: sum, leftOut, installLine: 'x', strict: true }).lines.at(-1)).toBe('1 passed, 1 failed');
});
