import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readModelFiles, writeModelFiles } from '../files.ts';
import { goldenInputs, loadModel, openModel } from '../load-model.ts';
import type { Adapter, Weights } from '../port.ts';
import { smallSet, smallSignature, trainSmall } from './small-model.ts';

/** What every adapter keeps. `models`: folders of released models, whose golden rows it must meet. */
export function modelConformance(makeAdapter: () => Promise<Adapter>, models: readonly string[]): void {
  let adapter: Adapter;
  let weights: Weights;
  let folder = '';
  const losses: number[] = [];

  beforeAll(async () => {
    adapter = await makeAdapter();
    weights = await trainSmall(adapter, losses);
    folder = mkdtempSync(join(tmpdir(), 'skyeye-model-'));
    const model = await openModel(adapter, smallSignature, weights);
    const inputs = { a: 1, b: 1, c: 1 };
    const { probabilities, scams } = await model.predict(goldenInputs(smallSignature, { inputs }));
    await writeModelFiles(
      folder,
      { signature: smallSignature, weights, golden: [{ says: 'a and b', inputs, probability: probabilities[0] ?? 0, scams: [...scams] }] },
      '# small\n',
    );
    model.dispose();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('it learns what is to be learnt', async () => {
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
    const model = await openModel(adapter, smallSignature, weights);
    const set = smallSet(16, 0);
    const { probabilities, scams } = await model.predict(set.rows);
    for (const [row, label] of set.labels.entries()) {
      expect(Math.round(probabilities[row] ?? -1), `row ${row}`).toBe(label);
      const type = set.scams[row] ?? -1;
      if (type >= 0) expect(scams[row * 2 + type]).toBeGreaterThan(0.5);
    }
    model.dispose();
  });

  test('a row has the same answer alone and in any batch', async () => {
    const model = await loadModel(folder, { adapter });
    const { rows } = smallSet(300, 1);
    const { probabilities } = await model.predict(rows);
    for (const row of [0, 7, 299]) {
      const alone = await model.predict(rows.slice(row * 4, row * 4 + 4));
      expect(alone.probabilities[0]).toBeCloseTo(probabilities[row] ?? -1, 6);
    }
    expect((await model.predict(new Float32Array(0))).probabilities.length).toBe(0);
    model.dispose();
  });

  test('half a row is our bug, and says so', async () => {
    const model = await loadModel(folder, { adapter });
    await expect(model.predict(new Float32Array(6))).rejects.toMatchObject({ code: 'MODEL_BATCH_INVALID' });
    model.dispose();
  });

  test('an input that is no number gets no answer', async () => {
    const model = await loadModel(folder, { adapter });
    await expect(model.predict(new Float32Array([Number.NaN, 0, 0, 0]))).rejects.toMatchObject({ code: 'MODEL_BATCH_INVALID' });
    model.dispose();
  });

  test('a model for other inputs is refused', async () => {
    await expect(loadModel(folder, { adapter, expects: { transform: 'plain', inputs: ['a', 'b', 'e', 'f'] } })).rejects.toMatchObject({
      code: 'MODEL_FOREIGN',
      facts: { unknown: 2, inputs: 'c d' },
    });
    await expect(loadModel(folder, { adapter, id: 'small/2' })).rejects.toMatchObject({ code: 'MODEL_FOREIGN' });
    await expect(loadModel(folder, { adapter, expects: { transform: 'squared', inputs: smallSignature.inputs } })).rejects.toMatchObject({
      code: 'MODEL_FOREIGN',
    });
    (await loadModel(folder, { adapter, expects: smallSignature })).dispose();
  });

  test('a model takes its inputs by name out of what is fed, in any order and with others between', async () => {
    const [plain, moved] = [
      await loadModel(folder, { adapter }),
      await loadModel(folder, { adapter, expects: { transform: 'plain', inputs: ['d', 'x', 'b', 'a', 'c'] } }),
    ];
    const own = await plain.predict(new Float32Array([1, 1, 0, 0.5]));
    expect(await moved.predict(new Float32Array([0.5, 9, 1, 1, 0]))).toEqual(own);
    await expect(moved.predict(new Float32Array(4))).rejects.toMatchObject({ code: 'MODEL_BATCH_INVALID' });
    plain.dispose();
    moved.dispose();
  });

  test.each<[string, string, (bytes: Buffer) => Buffer, boolean, string]>([
    ['truncated weights', 'weights.bin', (bytes) => bytes.subarray(0, -4), false, 'MODEL_CHECKSUM_WRONG'],
    ['truncated weights with a matching checksum', 'weights.bin', (bytes) => bytes.subarray(0, -4), true, 'MODEL_MALFORMED'],
    [
      'one bit turned',
      'weights.bin',
      (bytes) => Buffer.concat([Buffer.from([(bytes[0] ?? 0) ^ 1]), bytes.subarray(1)]),
      false,
      'MODEL_CHECKSUM_WRONG',
    ],
    [
      'a weight that is no number',
      'weights.bin',
      (bytes) => Buffer.concat([Buffer.from([0, 0, 0xc0, 0x7f]), bytes.subarray(4)]),
      true,
      'MODEL_NOT_FINITE',
    ],
    ['other weights', 'weights.bin', (bytes) => Buffer.alloc(bytes.length), true, 'MODEL_GOLDEN_WRONG'],
    [
      'another signature',
      'signature.json',
      (bytes) => Buffer.from(bytes.toString('utf8').replace('"1"', '"2"')),
      false,
      'MODEL_CHECKSUM_WRONG',
    ],
    ['a signature that is not JSON', 'signature.json', () => Buffer.from('{'), true, 'MODEL_MALFORMED'],
    ['a topology of something else', 'topology.json', () => Buffer.from('{"a":1}'), true, 'MODEL_MALFORMED'],
    ['no golden row', 'golden.json', () => Buffer.from('[]'), true, 'MODEL_MALFORMED'],
  ])('%s: refused', async (_says, file, change, withChecksum, code) => {
    const copy = mkdtempSync(join(tmpdir(), 'skyeye-model-'));
    try {
      await writeModelFiles(copy, await readModelFiles(folder), '');
      const broken = change(readFileSync(join(copy, file)));
      writeFileSync(join(copy, file), new Uint8Array(broken));
      if (withChecksum) {
        const sums = JSON.parse(readFileSync(join(copy, 'checksums.json'), 'utf8')) as Record<string, string>;
        writeFileSync(join(copy, 'checksums.json'), JSON.stringify({ ...sums, [file]: createHash('sha256').update(broken).digest('hex') }));
      }
      await expect(loadModel(copy, { adapter })).rejects.toMatchObject({ code });
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });

  test('a missing folder is refused', async () => {
    await expect(loadModel(join(folder, 'nowhere'), { adapter })).rejects.toMatchObject({ code: 'MODEL_UNREADABLE' });
  });

  test.each(models)('%s loads and gives its golden answers', async (path) => {
    const model = await loadModel(path, { adapter });
    expect(model.id).toMatch(/^[a-z-]+\/\d+$/);
    model.dispose();
  });
}
