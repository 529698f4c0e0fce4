import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  loadModel,
  modelAdapter,
  newReleaseKey,
  openModel,
  publicPartOf,
  signModel,
  trainLinear,
  writeModelFiles,
  type Adapter,
  type ModelSignature,
  type PlainWeights,
} from './index.ts';
import { smallSet, smallSignature } from './testing/small-model.ts';

const signature: ModelSignature = { ...smallSignature, kind: 'plain', calibrated: true, lossHourFen: [100_000, 300_000] };
const key = newReleaseKey();
let adapter: Adapter;
let root = '';
let folder = '';

beforeAll(async () => {
  adapter = await modelAdapter('wasm');
  root = mkdtempSync(join(tmpdir(), 'skyeye-model-'));
  folder = join(root, 'signed');
  const set = smallSet(512, 0);
  const training = { rows: set.rows, width: 4, weights: set.weights, ridge: 1e-5 };
  const weights: PlainWeights = {
    kind: 'linear',
    trees: null,
    linear: trainLinear({ ...training, labels: set.labels, outputs: 1 }),
    types: trainLinear({ ...training, labels: set.scams.map((type) => Math.max(0, type)), outputs: 2 }),
  };
  const calibration = { raw: [0.2, 0.8], calibrated: [0.1, 0.9], abstain: { from: 0.4, to: 0.6 } };
  const model = await openModel(adapter, signature, weights, calibration);
  const { probabilities, scams } = await model.predict(new Float32Array([1, 1, 1, 0]));
  const golden = [{ says: 'a, b, c', inputs: { a: 1, b: 1, c: 1 }, probability: probabilities[0] ?? 0, scams: [...scams] }];
  await writeModelFiles(folder, { signature, weights, calibration, golden }, '# small\n');
  await signModel(folder, key.privateKey);
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

test('a signed folder loads, calibrates, abstains between and says the money of the hour', async () => {
  const model = await loadModel(folder, { adapter, keys: [newReleaseKey().publicKey, publicPartOf(key.privateKey)], id: 'small/1' });
  expect(model.abstain).toEqual({ from: 0.4, to: 0.6 });
  const { probabilities, lossHourFen } = await model.predict(new Float32Array([1, 1, 1, 0, 0, 0, 0, 0]));
  expect([...probabilities].map((value) => Number(value.toFixed(3)))).toEqual([0.9, 0.1]);
  expect(lossHourFen?.[0]).toBeGreaterThan(0.8 * 300_000);
  expect(lossHourFen?.[1]).toBeLessThan(0.2 * 300_000);
});

const json = (path: string): Record<string, unknown> => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;

/** As a careful attacker would: the checksum list is made to fit. */
function rewrite(copy: string, file: string, change: (bytes: string) => string): void {
  const text = change(readFileSync(join(copy, file), 'utf8'));
  writeFileSync(join(copy, file), text);
  const list = join(copy, 'checksums.json');
  writeFileSync(list, JSON.stringify({ ...json(list), [file]: createHash('sha256').update(text).digest('hex') }));
}

test.each<[string, (copy: string) => void | Promise<void>, string]>([
  [
    'unsigned',
    (copy) => {
      rmSync(join(copy, 'checksums.sig'));
    },
    'MODEL_UNREADABLE',
  ],
  ['signed by somebody else', (copy) => signModel(copy, newReleaseKey().privateKey), 'MODEL_UNSIGNED'],
  [
    'a signature that is none',
    (copy) => {
      writeFileSync(join(copy, 'checksums.sig'), 'none');
    },
    'MODEL_UNSIGNED',
  ],
  [
    'weights swapped with a checksum that fits',
    (copy) => {
      rewrite(copy, 'plain.json', (text) => text.replace('"width":4', '"width":5'));
    },
    'MODEL_UNSIGNED',
  ],
  [
    'truncated weights',
    (copy) => {
      writeFileSync(join(copy, 'plain.json'), readFileSync(join(copy, 'plain.json'), 'utf8').slice(0, 40));
    },
    'MODEL_CHECKSUM_WRONG',
  ],
  [
    'a card that says something else',
    (copy) => {
      writeFileSync(join(copy, 'card.md'), '# better\n');
    },
    'MODEL_CHECKSUM_WRONG',
  ],
  [
    'no calibration',
    (copy) => {
      rmSync(join(copy, 'calibration.json'));
    },
    'MODEL_UNREADABLE',
  ],
])('%s: refused', async (says, change, code) => {
  const copy = join(root, says.replaceAll(/\W/g, '-'));
  cpSync(folder, copy, { recursive: true });
  await change(copy);
  await expect(loadModel(copy, { adapter, keys: [key.publicKey] })).rejects.toMatchObject({ code });
});

test.each<[string, string, (text: string) => string, string]>([
  ['a weight that is NaN', 'plain.json', (text) => text.replace(/"weights":\[[^,]+,/, '"weights":[null,'), 'MODEL_MALFORMED'],
  ['a weight beyond all bounds', 'plain.json', (text) => text.replace(/"weights":\[[^,]+,/, '"weights":[1e999,'), 'MODEL_MALFORMED'],
  ['weights of another size', 'plain.json', (text) => text.replace('"width":4', '"width":5'), 'MODEL_MALFORMED'],
  ['calibration that falls', 'calibration.json', (text) => text.replace('0.1', '0.95'), 'MODEL_MALFORMED'],
  ['calibration of another model', 'calibration.json', (text) => text.replace('0.9', '0.8'), 'MODEL_GOLDEN_WRONG'],
])('%s, signed by the right key: refused all the same', async (says, file, change, code) => {
  const copy = join(root, says.replaceAll(/\W/g, '-'));
  cpSync(folder, copy, { recursive: true });
  rewrite(copy, file, change);
  await signModel(copy, key.privateKey);
  await expect(loadModel(copy, { adapter, keys: [key.publicKey] })).rejects.toMatchObject({ code });
});

test('a sound folder in the wrong place is refused: it is another version', async () => {
  await expect(loadModel(folder, { adapter, keys: [key.publicKey], id: 'small/2' })).rejects.toMatchObject({ code: 'MODEL_FOREIGN' });
});
