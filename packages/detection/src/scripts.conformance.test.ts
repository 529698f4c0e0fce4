import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { loadCatalogue, loadPolicies } from '@skyeye/catalogue';
import { assessment, type Assessment, type Level } from '@skyeye/contracts';
import { expect, test } from 'vitest';
import { Detector, type Cause } from './detector.ts';
import { scriptRuns, type ScriptRun } from './testing/scripts.ts';

const RANK: Readonly<Record<Level | 'none', number>> = { P1: 4, P2: 3, P3: 2, P4: 1, none: 0 };

interface Outcome {
  readonly run: ScriptRun;
  readonly before: Level | 'none';
  readonly highest: Level | 'none';
  readonly scam: string;
  readonly said: readonly Assessment[];
}

const isOutflow = ({ event }: Cause): boolean =>
  event !== null &&
  (((event.stream === 'bank' || event.stream === 'pay') &&
    event['dir'] === 'out' &&
    event['np180p'] === true &&
    event['stranger'] === true) ||
    (event.stream === 'cash' && event['ev'] === 'withdraw'));

/** The rules alone: no model. */
function play(run: ScriptRun): Outcome {
  const detector = new Detector({ catalogue: loadCatalogue(), policies: loadPolicies(), versions: { model: 'none', engine: 'reference' } });
  const said: Assessment[] = [];
  let before: Level | 'none' = 'none';
  let left = false;
  for (const cause of run.causes) {
    left ||= isOutflow(cause);
    for (const made of detector.conclude(detector.observe([cause]), null)) {
      said.push(made);
      if (!left) before = higher(before, made.level ?? 'none');
    }
  }
  const highest = said.reduce<Level | 'none'>((level, made) => higher(level, made.level ?? 'none'), 'none');
  return { run, before, highest, scam: said.at(-1)?.scam ?? '-', said };
}
const higher = (a: Level | 'none', b: Level | 'none'): Level | 'none' => (RANK[b] > RANK[a] ? b : a);

const outcomes = scriptRuns(gunzipSync(readFileSync(new URL('../fixtures/scripts.jsonl.gz', import.meta.url))).toString('utf8')).map(play);

test('the levels reached, rules alone', () => {
  const lines = outcomes.map(({ run, before, highest, scam, said }) =>
    [run.script.padEnd(18), run.seed, run.label.padEnd(7), before.padEnd(19), highest.padEnd(8), scam.padEnd(13), said.length].join(' '),
  );
  console.log(['script          seed label   before first outflow highest  type          assessments', ...lines].join('\n'));
  expect(lines.length).toBe(60);
});

test.each(['svc', 'gov', 'credit'])('%s is P1 before the first transfer', (script) => {
  for (const { run, before } of outcomes) if (run.script === script) expect(before, `seed ${run.seed}`).toBe('P1');
});

test.each(['brush', 'invest', 'svc', 'gov', 'loan', 'boss', 'romance', 'shopping', 'credit', 'game', 'elder', 'cash_delivery'])(
  '%s is at least P3, and named',
  (script) => {
    for (const { run, highest, said } of outcomes) {
      if (run.script !== script) continue;
      expect(RANK[highest], `${script} ${run.seed}`).toBeGreaterThanOrEqual(RANK.P3);
      expect(said.map(({ scam }) => scam)).toContain(script);
    }
  },
);

test('no innocent script reaches P1 or P2', () => {
  const wrong = outcomes.filter(({ run, highest }) => run.label === 'benign' && RANK[highest] > RANK.P3);
  expect(wrong.map(({ run, highest }) => `${run.script} ${run.seed}: ${highest}`)).toEqual([]);
});

test('a line that works for scammers is P3: a visit, not a rescue', () => {
  for (const { run, highest } of outcomes) if (run.script === 'scam_caller') expect(highest).toBe('P3');
});

test('everything said has the form of an assessment, with reasons in words and no identifier in them', () => {
  for (const { said, run } of outcomes) {
    const identifiers = new Set(
      run.causes
        .flatMap(({ event }) => (event === null ? [] : [event['phone'], event['acct'], event['peer'], event['person']]))
        .filter((id): id is string => typeof id === 'string' && id.length > 2 && id !== '96110'),
    );
    for (const made of said) {
      assessment.parse(made);
      expect(made.reasons.length).toBeGreaterThan(0);
      const { zh = '', en = '' } = made.picture ?? {};
      const words = [zh, en, ...[...made.reasons, ...made.evidence].map(({ says }) => `${says.zh} ${says.en}`)].join(' ');
      for (const id of identifiers) expect(words.includes(id), `${id} in ${words}`).toBe(false);
    }
  }
});

test('what the reasons bring, the other signals and the model add up to the score of a victim', () => {
  for (const { said } of outcomes) {
    for (const { reasons, rest, score } of said) {
      if (rest === undefined) continue;
      const sum = reasons.reduce((total, { contribution }) => total + contribution, rest.model + rest.signals);
      expect(sum).toBeCloseTo(score, 10);
    }
  }
});

test('a victim on the line is described as an officer would, with times and amounts', () => {
  const svc = outcomes.filter(({ run }) => run.script === 'svc').flatMap(({ said }) => said);
  const pictures = svc.flatMap(({ picture }) => (picture === undefined ? [] : [picture]));
  expect(pictures.some(({ zh }) => /^\d\d:\d\d 起与陌生号码通话 \d+ 分钟未断, \d\d:\d\d 开始共享屏幕, .*转出? [\d,]+ 元$/.test(zh))).toBe(
    true,
  );
});

test('the same causes in one batch or one by one say the same', () => {
  for (const { run, said } of outcomes) {
    const detector = new Detector({
      catalogue: loadCatalogue(),
      policies: loadPolicies(),
      versions: { model: 'none', engine: 'reference' },
    });
    expect(detector.conclude(detector.observe(run.causes), null)).toEqual(said);
  }
});

test('a detector restored in the middle says what the other would have said', () => {
  for (const { run, said } of outcomes) {
    const options = { catalogue: loadCatalogue(), policies: loadPolicies(), versions: { model: 'none', engine: 'reference' } };
    const first = new Detector(options);
    const half = Math.floor(run.causes.length / 2);
    const head = first.conclude(first.observe(run.causes.slice(0, half)), null);
    const second = new Detector(options);
    second.restore(structuredClone(first.state()));
    expect([...head, ...second.conclude(second.observe(run.causes.slice(half)), null)]).toEqual(said);
  }
});
