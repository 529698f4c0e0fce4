import { MODEL_WATCH_MS, type ModelTable } from '@skyeye/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  listAudit,
  listModels,
  modelsOf,
  modelsSeq,
  modelSteps,
  promoteModel,
  proposeModel,
  retireModel,
  rollBackModel,
  watchModel,
  type ModelAct,
} from './index.ts';
import { testLedger, T0, type TestLedger } from './testing/ledger.ts';

let it: TestLedger;
beforeAll(async () => void (it = await testLedger()));
afterAll(() => it.end());

const side = (model: string) => ({
  model,
  persons: 9,
  caught: 6,
  caughtFen: 100,
  lostFen: 200,
  urgent: 8,
  falseUrgent: 2,
  falsePerShift: 0.1,
  leadMinutes: 12,
});
const TABLE: ModelTable = { events: 10, fromMs: T0, untilMs: T0 + 1, live: side('person/1'), candidate: side('x'), gained: 1, lost: 0 };
const SEEN = { agrees: 90, higher: 5, lower: 5, failed: 0, passedOver: 3 };
const LATER = T0 + MODEL_WATCH_MS;
const act = (name: string, version: string, by: string, nowMs = T0): ModelAct => ({ name, version, by, nowMs, reason: 'a test' });
const digest = (version: string): string => version.padStart(64, '0');
const propose = (name: string, version: string, by: string): Promise<void> =>
  proposeModel(it.ledger, { ...act(name, version, by), digest: digest(version), table: TABLE });
async function watched(name: string, version: string, by: string): Promise<void> {
  await propose(name, version, by);
  await watchModel(it.ledger, act(name, version, by));
}
const inForce = async (name: string) => (await modelsOf(it.ledger)).models.find((model) => model.name === name);

test('a model is proposed with its table, watches, is promoted by a second person, and is taken back in one act', async () => {
  const before = await modelsSeq(it.ledger);
  await watched('whole', '2', 'ann');
  expect(await inForce('whole')).toEqual({ name: 'whole', champion: null, challenger: { version: '2', digest: digest('2') } });
  await promoteModel(it.ledger, act('whole', '2', 'ben', LATER), SEEN);
  await watched('whole', '3', 'ann');
  await promoteModel(it.ledger, act('whole', '3', 'ben', LATER), SEEN);
  expect(await inForce('whole')).toMatchObject({ champion: { version: '3' }, challenger: null });
  const { name, by, nowMs, reason } = act('whole', '', 'ann');
  expect(await rollBackModel(it.ledger, { name, by, nowMs, reason })).toBe('2');
  expect(await inForce('whole')).toMatchObject({ champion: { version: '2' } });
  // The release's own decides when there is none before.
  expect(await rollBackModel(it.ledger, { name, by, nowMs, reason })).toBeNull();
  expect(await inForce('whole')).toBeUndefined();
  await expect(rollBackModel(it.ledger, { name, by, nowMs, reason })).rejects.toMatchObject({ code: 'LEDGER_MODEL_STEP' });
  expect(await modelsSeq(it.ledger)).toBe(before + 6);
  const steps = (await modelSteps(it.ledger)).filter((step) => step.name === 'whole' && step.version === '2');
  expect(steps.map((step) => `${step.step} ${step.by}`)).toEqual([
    'proposed ann',
    'challenger ann',
    'champion ben',
    'retired ben',
    'champion ann',
    'rolled_back ann',
  ]);
  expect(steps[0]?.numbers).toEqual({ digest: digest('2'), table: TABLE });
  await expect(it.ledger.query("update model_steps set by = 'x'")).rejects.toThrow();
});

test('who proposed a version does not promote it, and two people do not promote each other’s; the refusal is in the audit', async () => {
  await watched('eyes', '1', 'dan');
  await expect(promoteModel(it.ledger, act('eyes', '1', 'dan', LATER), SEEN)).rejects.toMatchObject({ code: 'LEDGER_MODEL_OWN' });
  await promoteModel(it.ledger, act('eyes', '1', 'eve', LATER), SEEN);
  await watched('other', '1', 'eve');
  await expect(promoteModel(it.ledger, act('other', '1', 'dan', LATER), SEEN)).rejects.toMatchObject({ code: 'LEDGER_MODEL_MUTUAL' });
  const [entry] = await listAudit(it.ledger, { limit: 1 });
  expect(entry).toMatchObject({ kind: 'model_promotion_refused', by: 'dan', facts: { code: 'LEDGER_MODEL_MUTUAL' } });
  await promoteModel(it.ledger, act('other', '1', 'fay', LATER), SEEN);
});

test('nothing is promoted without a day of watching that a scorer counted', async () => {
  await propose('numbers', '1', 'ann');
  const promote = (nowMs: number, seen: typeof SEEN | null) => promoteModel(it.ledger, act('numbers', '1', 'ben', nowMs), seen);
  await expect(promote(LATER, SEEN)).rejects.toMatchObject({ code: 'LEDGER_MODEL_STEP' });
  await watchModel(it.ledger, act('numbers', '1', 'ann'));
  for (const [nowMs, seen, why] of [
    [LATER - 1, SEEN, 'less than a day of watching'],
    [LATER, null, 'no scorer has counted it'],
    [LATER, { ...SEEN, agrees: 0, higher: 0, lower: 0 }, 'it has judged nobody'],
    [LATER, { ...SEEN, failed: 5 }, 'too many judgements failed'],
  ] as const)
    await expect(promote(nowMs, seen)).rejects.toMatchObject({ code: 'LEDGER_MODEL_NUMBERS', facts: { why } });
});

test('another content under a known version is refused; one watches at a time; what ended may be proposed anew', async () => {
  await watched('places', '1', 'ann');
  await expect(proposeModel(it.ledger, { ...act('places', '1', 'ben'), digest: digest('9'), table: TABLE })).rejects.toMatchObject({
    code: 'LEDGER_MODEL_KNOWN',
  });
  await watched('places', '2', 'ann');
  const states = async () =>
    (await listModels(it.ledger))
      .filter(({ name }) => name === 'places')
      .map(({ version, state }) => `${version} ${state}`)
      .toSorted();
  expect(await states()).toEqual(['1 proposed', '2 challenger']);
  await retireModel(it.ledger, act('places', '2', 'ann'));
  expect(await states()).toEqual(['1 proposed']);
  await propose('places', '2', 'ben');
  expect(await states()).toEqual(['1 proposed', '2 proposed']);
  await expect(retireModel(it.ledger, act('places', '7', 'ann'))).rejects.toMatchObject({ code: 'LEDGER_NOT_FOUND' });
});
