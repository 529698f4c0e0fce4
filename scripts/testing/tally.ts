/** What one suite came to. Every number counts single tests. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** One line for each failure, which the end of a long output then still names, and for each skipped test. */
  readonly notes: readonly string[];
  readonly files: readonly { readonly path: string; readonly seconds: number }[];
}

interface VitestReport {
  readonly testResults?: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0, notes: [], files: [] };

/** A suite that says nothing of single tests: one failure with its reason. */
export const oneFailure = (reason: string): Tally => ({ ...NOTHING, failed: 1, notes: [reason] });

export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, next) => ({
      passed: sum.passed + next.passed,
      failed: sum.failed + next.failed,
      skipped: sum.skipped + next.skipped,
      notes: [...sum.notes, ...next.notes],
      files: [...sum.files, ...next.files],
    }),
    NOTHING,
  );
}

/**
 * Reads vitest's JSON report. Whatever is not plainly a passed test is a failure or is named as skipped: a file that did
 * not load, a file asked for that is not in the report, a report that cannot be read, no test at all, and an exit code
 * that no failed test explains (an unhandled error, a crash).
 * @param ending how the runner ended, as a sentence; undefined when it ended with 0
 */
export function tallyVitest({
  report,
  ending,
  asked,
  root,
}: {
  report: string | undefined;
  ending: string | undefined;
  asked: readonly string[];
  root: string;
}): Tally {
  let json: VitestReport;
  try {
    json = JSON.parse(report ?? '') as VitestReport;
  } catch (error) {
    return oneFailure(`vitest left no readable report (${ending ?? 'it ended well'}): ${(error as Error).message}`);
  }
  const local = (path: string): string => (path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path);
  const results = json.testResults ?? [];
  const perFile = results.map((file): Tally => {
    const count = (...statuses: readonly string[]): number => file.assertionResults.filter((test) => statuses.includes(test.status)).length;
    const passed = count('passed');
    const left = file.assertionResults.filter((test) => ['skipped', 'pending', 'todo', 'disabled'].includes(test.status));
    const fallen = file.assertionResults.filter((test) => test.status !== 'passed' && !left.includes(test));
    const failed = fallen.length;
    const empty = file.assertionResults.length === 0;
    const broken = failed === 0 && (file.status === 'failed' || empty);
    const reason = file.message?.trim().split('\n')[0];
    return {
      passed,
      failed: failed + (broken ? 1 : 0),
      skipped: left.length,
      notes: [
        ...(broken ? [`${local(file.name)} ${empty ? 'gave no test' : 'failed outside its tests'}${reason ? `: ${reason}` : ''}`] : []),
        ...fallen.map((test) => `failed: ${local(file.name)} › ${test.fullName}${firstLines(test.failureMessages?.[0])}`),
        ...left.map((test) => `left out by the test itself: ${local(file.name)} › ${test.fullName}`),
      ],
      files: [{ path: local(file.name), seconds: Math.max(0, file.endTime - file.startTime) / 1000 }],
    };
  });
  const seen = new Set(results.map((file) => local(file.name)));
  const lost = asked.filter((path) => !seen.has(path)).map((path) => oneFailure(`${path} is not in vitest's report`));
  const sum = addTallies([...perFile, ...lost]);
  if (ending !== undefined && sum.failed === 0)
    return addTallies([sum, oneFailure(`vitest ended ${ending} without a failed test: an unhandled error or a crash, see above`)]);
  if (sum.passed + sum.failed + sum.skipped === 0) return oneFailure('vitest ran no test at all');
  return sum;
}

/** The beginning of what a test failed with, on lines of their own. */
const firstLines = (message: string | undefined): string =>
  (message ?? '')
    .split('\n')
    .slice(0, 4)
    .map((line) => `\n      ${line.trimEnd().slice(0, 300)}`)
    .join('');

/** The closing report. Its last line stands alone: `N passed, N failed`. */
export function closingReport({
  tally,
  leftOut,
  installLine,
  strict,
}: {
  tally: Tally;
  leftOut: readonly { readonly label: string; readonly files: number }[];
  installLine: string | undefined;
  strict: boolean;
}): {
  readonly lines: readonly string[];
  readonly failed: number;
} {
  const failed = tally.failed + (strict ? tally.skipped : 0);
  const slowest = tally.files.toSorted((a, b) => b.seconds - a.seconds).slice(0, 10);
  const lines = [
    ...(slowest.length > 0
      ? ['', 'Slowest files:', ...slowest.map((file) => `  ${file.seconds.toFixed(1).padStart(6)} s  ${file.path}`)]
      : []),
    ...(tally.notes.length > 0 ? ['', 'To note:', ...tally.notes.map((note) => `  ${note}`)] : []),
    ...(leftOut.length > 0
      ? [
          '',
          `${strict ? 'Missing, and nothing may be left out here' : 'Left out on this machine'}:`,
          ...leftOut.map(({ label, files }) => `  ${files} test ${files === 1 ? 'file needs' : 'files need'} ${label}`),
        ]
      : []),
    ...(installLine === undefined ? [] : [`To run them too: ${installLine}`]),
    ...(tally.skipped > 0 ? ['', `${tally.skipped} skipped${strict ? ', which counts as failed here' : ''}`] : []),
    '',
    `${tally.passed} passed, ${failed} failed`,
  ];
  return { lines, failed };
}
