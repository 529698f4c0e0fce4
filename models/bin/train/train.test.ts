import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadCatalogue, loadPolicies } from '@skyeye/catalogue';
import type { StreamEvent, Value } from '@skyeye/contracts';
import { Detector, inputSignature, inputSigns, namedScams, subjectSignature, type Cause } from '@skyeye/detection';
import { loadModel, modelAdapter } from '@skyeye/model';
import { expect, test } from 'vitest';
import { collect, SCAM_NAMES, trainingSet, type Example } from './collect.ts';
import { measure } from './measure.ts';
import { split } from './split.ts';

test('the released model takes what detection gives, and knows a swindled person from an ordinary one', async () => {
  const expects = inputSignature(loadCatalogue());
  const model = await loadModel(join(import.meta.dirname, '../../person/3'), { adapter: await modelAdapter('wasm'), expects });
  const ordinary = new Float32Array(expects.inputs.length);
  const swindled = Float32Array.from(expects.inputs, (name) =>
    Number(
      ['rctl_share_on_now', 'svc_call_share_live', 'x_longcall_app_60m', 'call_unk_active_s', 'x_source_kinds_2h'].includes(
        name.replace('~', ''),
      ),
    ),
  );
  const [none = 1] = (await model.predict(ordinary)).probabilities;
  const [live = 0] = (await model.predict(swindled)).probabilities;
  expect([none < 0.3, live > 0.8]).toEqual([true, true]);
  model.dispose();
});

interface Line {
  readonly script: string;
  readonly label: string;
  readonly seed: number;
  readonly causes: readonly {
    readonly e?: StreamEvent;
    readonly t?: number;
    readonly v: readonly (readonly [string, string, string, Value, 0 | 1, string?])[];
  }[];
}

/** The runs of detection's own fixture: other code made their values than trained the model. */
function scriptLines(): Line[] {
  const packed = readFileSync(join(import.meta.dirname, '../../../packages/detection/fixtures/scripts.jsonl.gz'));
  return gunzipSync(packed)
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

function causeOf({ e: event, t = event?.t ?? 0, v }: Line['causes'][number]): Cause {
  const own = event?.['person'];
  const ownPerson = typeof own === 'string' ? own : null;
  return {
    event: event ?? null,
    evaluations: v.map(([feature, keyType, key, value, fires, person]) => ({
      feature,
      keyType,
      key,
      value,
      t,
      person: person ?? ownPerson,
      fires: fires === 1,
      eventId: event?.id ?? null,
    })),
  };
}

test('more confirmed evidence never lowers the answer of a released model, and mitigation never raises it', async () => {
  const catalogue = loadCatalogue();
  for (const [path, subject] of [
    ['person/3', 'person'],
    ['account/2', 'account'],
    ['number/2', 'number'],
  ] as const) {
    const { inputs } = subject === 'person' ? inputSignature(catalogue) : subjectSignature(catalogue, subject);
    const model = await loadModel(join(import.meta.dirname, '../..', path), { adapter: await modelAdapter('wasm') });
    const signs = inputSigns(catalogue, model.signature.inputs, subject);
    const width = signs.length;
    expect(inputs).toEqual(expect.arrayContaining(model.signature.inputs));
    let state = 5;
    const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 4_294_967_296;
    const rows = Float32Array.from({ length: 200 * width }, () => (random() < 0.9 ? 0 : 0.5 + random() / 2));
    const before = (await model.predict(rows)).probabilities;
    for (const [input, sign] of signs.entries()) {
      if (sign === 0) continue;
      const raised = rows.slice();
      for (let at = input; at < raised.length; at += width) raised[at] = 1;
      const after = (await model.predict(raised)).probabilities;
      expect(
        after.every((value, row) => sign * (value - (before[row] ?? 0)) >= -1e-6),
        `${path} ${model.signature.inputs[input]}`,
      ).toBe(true);
    }
    model.dispose();
  }
});

test('with the model, no innocent script reaches P1 or P2, and fake service, police and lender are P1', async () => {
  const catalogue = loadCatalogue();
  const model = await loadModel(join(import.meta.dirname, '../../person/3'), {
    adapter: await modelAdapter('wasm'),
    expects: inputSignature(catalogue),
  });
  const reached: { script: string; label: string; level: string; score: number }[] = [];
  for (const { script, label, causes } of scriptLines()) {
    const detector = new Detector({ catalogue, policies: loadPolicies(), versions: { model: model.id, engine: 'reference' } });
    const pendings = detector.observe(causes.map(causeOf));
    const { probabilities, scams } = await model.predict(detector.inputs(pendings));
    const said = detector.conclude(pendings, { probabilities, scams: namedScams(scams, model.signature.scams) });
    reached.push({
      script,
      label,
      level: said.map(({ level }) => level ?? 'none').toSorted()[0] ?? 'none',
      score: Math.max(0, ...said.map(({ score }) => score)),
    });
  }
  console.log(
    reached
      .map(({ script, label, level, score }) => `${script.padEnd(18)} ${label.padEnd(7)} ${level.padEnd(5)} ${score.toFixed(2)}`)
      .join('\n'),
  );
  expect(reached.filter(({ label, level }) => label === 'benign' && (level === 'P1' || level === 'P2'))).toEqual([]);
  for (const name of ['svc', 'gov', 'credit'])
    expect(reached.filter(({ script }) => script === name).map(({ level }) => level)).toEqual(['P1', 'P1']);
  model.dispose();
});

test('a small county gives judgements of persons, accounts and numbers, the same each time', () => {
  const county = { seed: 11, residents: 150, days: 0.1, scams: 'dense', everyMs: 600_000 } as const;
  const collected = collect(county);
  const set = trainingSet(collected.person, inputSignature(loadCatalogue()).inputs.length);
  expect(set.labels.includes(1)).toBe(true);
  expect(set.rows.length).toBe(set.labels.length * inputSignature(loadCatalogue()).inputs.length);
  for (const [index, type] of set.scams.entries()) expect(type >= 0 && type < SCAM_NAMES.length).toBe(set.labels[index] === 1);
  for (const kind of ['account', 'number'] as const) {
    expect(
      collected[kind].some(({ scam }) => scam !== null),
      kind,
    ).toBe(true);
    expect(collected[kind][0]?.row.length).toBe(subjectSignature(loadCatalogue(), kind).inputs.length);
  }
  expect(collect(county)).toEqual(collected);
});

const example = (scam: 'svc' | null, more: Partial<Example> = {}): Example => ({
  row: new Float32Array(0),
  scam,
  negative: 'life',
  ruleProbability: 0.5,
  t: 0,
  subject: 'p',
  settledMs: 0,
  lostHourFen: 0,
  weight: 1,
  groups: {},
  ...more,
});

test('measures of a perfect and of a blind answer', () => {
  const examples = [example('svc'), example(null), example('svc'), example(null)];
  const types = new Float32Array(4 * SCAM_NAMES.length).map((_, index) => Number(index % SCAM_NAMES.length === SCAM_NAMES.indexOf('svc')));
  const perfect = measure(examples, { probabilities: new Float32Array([0.9, 0.1, 0.8, 0.2]), scams: types });
  expect(perfect).toMatchObject({ auc: 1, rulesAuc: 0.5, averagePrecision: 1, typeRight: 1, positives: 2 });
  expect(perfect.at[1]).toEqual({ threshold: 0.5, precision: 1, recall: 1 });
  expect(measure(examples, { probabilities: new Float32Array(4).fill(0.5), scams: types })).toMatchObject({
    auc: 0.5,
    averagePrecision: 0.5,
    ece: 0,
  });
});

test('a judgement trains only when its label was known on the day of training, and is measured only after it', () => {
  const hour = 3_600_000;
  const examples = [
    example('svc', { subject: 'known', t: hour, settledMs: 2 * hour }),
    example(null, { subject: 'too young', t: 20 * hour, settledMs: 20 * hour }),
    example('svc', { subject: 'still runs', t: hour, settledMs: 40 * hour }),
    example(null, { subject: 'later', t: 25 * hour, settledMs: 25 * hour }),
  ];
  const parts = split(
    { train: examples, fit: [], test: examples },
    { startMs: 0, trainingDay: 1, delayDays: 0.5, fitDays: 1, openCases: 'drop' },
  );
  expect(parts.train.map(({ subject }) => subject)).toEqual(['known']);
  expect(parts.test.map(({ subject }) => subject)).toEqual(['later']);
  expect(parts.open).toBe(1);
});
