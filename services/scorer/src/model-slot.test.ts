import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelAdapter, newReleaseKey, signModel, type Adapter } from '@skyeye/model';
import { silentTelemetry } from '@skyeye/telemetry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ModelSlot, type Offer } from './model-slot.ts';
import { sumModel, type SumModel } from './testing/sum-model.ts';

const key = newReleaseKey();
const expects = { transform: 'plain', inputs: ['a', 'b', 'c'] };
let adapter: Adapter;
let root = '';

const model = (version: string, more: Pick<SumModel, 'weights' | 'inputs' | 'abstain'>): Promise<Offer> =>
  sumModel(adapter, root, { version, privateKey: key.privateKey, ...more });

beforeAll(async () => {
  adapter = await modelAdapter('wasm');
  root = mkdtempSync(join(tmpdir(), 'skyeye-slot-'));
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const slotOf = (telemetry = silentTelemetry()): ModelSlot => new ModelSlot({ adapter, expects, keys: [key.publicKey], telemetry });
const rows = new Float32Array([1, 0, 0]);
const said = async (slot: ModelSlot): Promise<number> => (await slot.predict(rows))?.probabilities[0] ?? -1;

test('a truncated, swapped, unsigned or foreign model is refused, and the one before still decides', async () => {
  const slot = slotOf();
  expect([slot.version, await slot.predict(rows)]).toEqual(['none', null]);
  const first = await model('1', { weights: [3, 0, 0] });
  expect(await slot.offer(first)).toBe(true);
  const before = await said(slot);
  const truncated = { folder: join(root, 'truncated'), id: 'person/1' };
  cpSync(first.folder, truncated.folder, { recursive: true });
  writeFileSync(join(truncated.folder, 'plain.json'), '{"kind":');
  const unsigned = { folder: join(root, 'unsigned'), id: 'person/1' };
  cpSync(first.folder, unsigned.folder, { recursive: true });
  await signModel(unsigned.folder, newReleaseKey().privateKey);
  const foreign = await model('3', { weights: [1, 1, 0], inputs: ['a', 'z'] });
  for (const offered of [truncated, unsigned, foreign, { ...first, id: 'person/2' }, { folder: join(root, 'nowhere'), id: 'person/9' }]) {
    expect(await slot.offer(offered), offered.folder).toBe(false);
    expect([slot.version, await said(slot)]).toEqual(['person/1', before]);
  }
  expect(await slot.offer(await model('2', { weights: [-3, 0, 0] }))).toBe(true);
  expect(slot.version).toBe('person/2');
  expect(await said(slot)).toBeLessThan(0.1);
});

test('a challenger scores beside, is counted, and changes nothing that is said', async () => {
  const telemetry = silentTelemetry();
  const slot = slotOf(telemetry);
  await slot.offer(await model('11', { weights: [3, 0, 0] }));
  const before = await said(slot);
  expect(await slot.watch(await model('12', { weights: [-3, 0, 0] }))).toBe(true);
  expect(await said(slot)).toBe(before);
  await new Promise((resolve) => setImmediate(resolve));
  expect(await telemetry.metricsText()).toMatch(/scorer_challenger_total\{outcome="lower"\} 1\n/);
  expect([slot.version, await slot.watch({ folder: join(root, 'nowhere'), id: 'person/9' }), await slot.watch(null)]).toEqual([
    'person/11',
    false,
    true,
  ]);
});

test('an answer in the abstain band counts as its lower edge, and is counted', async () => {
  const telemetry = silentTelemetry();
  const slot = slotOf(telemetry);
  await slot.offer(await model('21', { weights: [0.1, 0, 0], abstain: { from: 0.4, to: 0.6 } }));
  expect(await said(slot)).toBeCloseTo(0.4, 6);
  expect(await telemetry.metricsText()).toMatch(/scorer_model_abstained_total(\{\})? 1\n/);
});
