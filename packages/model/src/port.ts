import { z } from 'zod';

/** What goes in and what comes out. A model and the code that feeds it must name the same inputs in the same order. */
export const modelSignature = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/),
  version: z.string().regex(/^\d+$/),
  /** How a value becomes a number, by name; the meaning lives with the code that feeds the model. */
  transform: z.string().min(1),
  inputs: z.array(z.string()).min(1).max(20_000),
  /** What an input is measured in, where not all are plain shares: text for people. A changed feature has a new id (catalogue). */
  units: z.string().optional(),
  /** Whose state it judges. Absent: a person's. */
  subject: z.enum(['person', 'account', 'number']).optional(),
  /** 'net' for TensorFlow, 'plain' for sums and trees. Absent: a net. */
  kind: z.enum(['net', 'plain']).optional(),
  /** Whether `calibration.json` belongs to it. */
  calibrated: z.boolean().optional(),
  /** Types of scam of the second head, in order; empty without one. */
  scams: z.array(z.string()).max(100),
  /** Money that leaves within the hour in a scam of each type of `scams`, mean, fen. Absent: no expected loss comes out. */
  lossHourFen: z.array(z.number().min(0)).optional(),
  /** Content of the catalogue it was trained on, for the record. */
  catalogue: z.string(),
});
export type ModelSignature = z.infer<typeof modelSignature>;

/** Answers for the rows of a batch, in order. */
export interface Predictions {
  /** Probability that the person is being defrauded (the account or number works for it), calibrated, 0..1, one per row. */
  readonly probabilities: Float32Array;
  /** Distribution over `signature.scams`, row after row; empty without the second head. */
  readonly scams: Float32Array;
  /** Money expected to leave within the next hour, fen: probability × types × their mean. Absent where the model does not say. */
  readonly lossHourFen?: Float32Array;
}

/** One loaded model. The adapter behind it does not matter: all give the same to 1e-5. */
export interface Model {
  /** `<name>/<version>`, as an assessment names it. */
  readonly id: string;
  readonly signature: ModelSignature;
  /** Answers in here are not sure either way; who asks takes the lower edge. Null: it always answers. */
  readonly abstain: { readonly from: number; readonly to: number } | null;
  /**
   * @param batch rows one after the other, each as long as what the caller feeds; an empty batch gives empty answers
   * @throws MODEL_BATCH_INVALID (our bug), MODEL_ANSWER_INVALID
   */
  predict(batch: Float32Array): Promise<Predictions>;
  dispose(): void;
}

/** Topology and weights in TensorFlow.js's layers format, as the loader verified them. */
export interface Weights {
  readonly topology: object;
  readonly specs: readonly { readonly name: string; readonly shape: number[]; readonly dtype: 'float32' }[];
  readonly data: ArrayBuffer;
}

/** Examples of one training or validation set. */
export interface TrainingSet {
  readonly rows: Float32Array;
  /** 1 being defrauded, 0 not; one per row. */
  readonly labels: Float32Array;
  /** Index in `scams`, or -1 where no type applies; one per row. */
  readonly scams: Int32Array;
  /** How much a row counts. */
  readonly weights: Float32Array;
}

export interface TrainingOptions {
  readonly signature: ModelSignature;
  readonly train: TrainingSet;
  readonly validate: TrainingSet;
  readonly epochsMax: number;
  /** Epochs without a better validation loss before it stops. */
  readonly patience: number;
  readonly seed: number;
  readonly onEpoch: (epoch: number, trainLoss: number, validationLoss: number) => void;
}

/** What a model needs of TensorFlow. Two adapters give it. */
export interface Adapter {
  readonly name: 'wasm' | 'native';
  /** Makes the net of verified weights. */
  open(
    weights: Weights,
  ): Promise<{ run(batch: Float32Array, rows: number, width: number): Promise<readonly Float32Array[]>; dispose(): void }>;
  /** Trains the dense net of the first models; the weights of the best epoch. Cost: minutes for a hundred thousand rows. */
  train(options: TrainingOptions): Promise<Weights>;
}
