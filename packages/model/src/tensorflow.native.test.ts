import { expect, test } from 'vitest';
import { modelAdapter, openModel } from './index.ts';
import { modelConformance } from './testing/model-conformance.ts';
import { releasedModels } from './testing/released.ts';
import { smallSet, smallSignature, trainSmall } from './testing/small-model.ts';

modelConformance(() => modelAdapter('native'), releasedModels());

test('native and wasm give the same to 1e-5', async () => {
  const [native, wasm] = [await modelAdapter('native'), await modelAdapter('wasm')];
  const weights = await trainSmall(native);
  const { rows } = smallSet(1000, 5);
  const answers = [];
  for (const adapter of [native, wasm]) {
    const model = await openModel(adapter, smallSignature, weights);
    answers.push(await model.predict(rows));
    model.dispose();
  }
  for (const head of ['probabilities', 'scams'] as const) {
    const [a, b] = answers.map((answer) => answer[head]);
    expect(a?.length).toBeGreaterThan(0);
    for (const [index, value] of (a ?? []).entries()) expect(Math.abs(value - (b?.[index] ?? 0))).toBeLessThan(1e-5);
  }
});
