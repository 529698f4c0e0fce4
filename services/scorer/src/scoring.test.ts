import { silentTelemetry } from '@skyeye/telemetry';
import { serialize } from 'node:v8';
import { expect, test } from 'vitest';
import type { Predictor, Scoring } from './index.ts';
import { isTransfer, scoringOf, svcCase } from './testing/case.ts';

const events = svcCase();
const firstTransfer = events.findIndex(isTransfer);
const bytesOf = ({ engine, detector }: Scoring): Buffer => serialize([[...engine.checkpoint()], detector.state()]);

test('the victim of the scripted case is P1 before the first transfer', async () => {
  const scoring = scoringOf();
  const before = await scoring.fold(events.slice(0, firstTransfer));
  const last = before.filter(({ person }) => person === 'V').at(-1);
  expect(firstTransfer).toBeGreaterThan(0);
  expect(last).toMatchObject({ level: 'P1', scam: 'svc', scoredBy: 'rules', live: { call: true } });
  expect(last?.reasons.length).toBeGreaterThanOrEqual(3);
  expect(last?.picture?.zh).toMatch(/^\d\d:\d\d 起与陌生号码通话 \d+ 分钟未断, /);
  expect(last?.id).toBe(`as:V:${last?.causeEventId}`);
  expect(last?.evidence.map(({ eventId }) => eventId)).toContain(last?.causeEventId);
});

test('a question leaves no trace: neither in the bytes of the state nor in anything said later', async () => {
  const asked = scoringOf();
  const quiet = scoringOf();
  await asked.fold(events.slice(0, firstTransfer));
  await quiet.fold(events.slice(0, firstTransfer));
  const before = bytesOf(asked);
  const transfer = events[firstTransfer];
  if (transfer === undefined) throw new Error('the case has a transfer');
  const reply = await asked.peek({ ...transfer, id: 'S09:hold:b:question1', st: 'init' });
  expect(reply).toMatchObject({ person: 'V', assessment: { level: 'P1', person: 'V' }, payment: { newPayee: true } });
  expect(bytesOf(asked).equals(before)).toBe(true);
  expect(await asked.fold(events.slice(firstTransfer))).toEqual(await quiet.fold(events.slice(firstTransfer)));
  expect(asked.engine.stats()).toEqual(quiet.engine.stats());
});

test('invariant 5: when the model fails, rules decide, every assessment says so, and it is counted', async () => {
  const telemetry = silentTelemetry();
  const broken: Predictor = { version: 'm1', predict: () => Promise.reject(new Error('no weights')) };
  const made = await scoringOf({ predictor: broken, telemetry }).fold(events.slice(0, firstTransfer));
  expect(made.length).toBeGreaterThan(0);
  expect(new Set(made.map(({ scoredBy }) => scoredBy))).toEqual(new Set(['rules']));
  expect(made.at(-1)?.versions.model).toBe('m1');
  expect(await telemetry.metricsText()).toMatch(new RegExp(`scorer_rules_alone_total(\\{\\})? ${made.length}\\n`));
});

test('a model that answers is part of the score, and the assessment says so', async () => {
  const sure: Predictor = { version: 'm1', predict: (_rows, count) => Promise.resolve({ probabilities: new Float32Array(count).fill(1) }) };
  const made = await scoringOf({ predictor: sure }).fold(events.slice(0, firstTransfer));
  expect(new Set(made.map(({ scoredBy }) => scoredBy))).toEqual(new Set(['model+rules']));
});

test('what is said depends on the events, not on how they are cut into batches', async () => {
  const whole = await scoringOf().fold(events);
  const cut = scoringOf();
  const pieces = [];
  for (const event of events) pieces.push(...(await cut.fold([event])));
  expect(pieces).toEqual(whole);
});

test('where the county can hardly visit anybody the bar rises, is logged and counted; without a budget it stays at nothing', async () => {
  const barOf = async (visitsPerDay: number | null): Promise<number> => {
    const telemetry = silentTelemetry();
    const scoring = scoringOf({ telemetry, visitsPerDay });
    await scoring.fold(events);
    const said = Number(/scorer_visit_bar_fen(?:\{\})? (\d+)/.exec(await telemetry.metricsText())?.[1] ?? 0);
    expect(said).toBe(scoring.detector.barFen);
    return said;
  };
  expect(await barOf(0.1)).toBeGreaterThan(0);
  expect(await barOf(null)).toBe(0);
});
