import type { Adapter, ModelSignature, TrainingSet, Weights } from '../port.ts';

export const smallSignature: ModelSignature = {
  name: 'small',
  version: '1',
  transform: 'plain',
  inputs: ['a', 'b', 'c', 'd'],
  scams: ['svc', 'gov'],
  catalogue: 'none',
};

/** Fraud is a and b together; the type is c. Made by counting, the same each time. */
export function smallSet(rows: number, from: number): TrainingSet {
  const set = {
    rows: new Float32Array(rows * 4),
    labels: new Float32Array(rows),
    scams: new Int32Array(rows),
    weights: new Float32Array(rows).fill(1),
  };
  for (let row = 0; row < rows; row++) {
    const bits = (row * 7 + from) % 16;
    for (let bit = 0; bit < 4; bit++) set.rows[row * 4 + bit] = (bits >> bit) & 1;
    const fraud = (bits & 3) === 3;
    set.labels[row] = fraud ? 1 : 0;
    set.scams[row] = fraud ? (bits >> 2) & 1 : -1;
  }
  return set;
}

export async function trainSmall(adapter: Adapter, losses: number[] = []): Promise<Weights> {
  return adapter.train({
    signature: smallSignature,
    train: smallSet(512, 0),
    validate: smallSet(64, 3),
    epochsMax: 60,
    patience: 10,
    seed: 7,
    onEpoch: (_epoch, _train, validation) => losses.push(validation),
  });
}
