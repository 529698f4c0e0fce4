import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Calibration } from './calibration.ts';
import { errors } from './errors.ts';
import { calibrationForm, plainForm, type PlainWeights } from './plain-weights.ts';
import { modelSignature, type ModelSignature, type Weights } from './port.ts';
import { mustBeSigned, SIGNATURE_FILE } from './release-key.ts';

/** Files of `models/<name>/<version>/` that count, by kind of model. The card beside them is for people, and is sealed too. */
const NET_FILES = ['topology.json', 'weights.json', 'weights.bin'] as const;
const ALL_FILES = ['signature.json', ...NET_FILES, 'plain.json', 'calibration.json', 'golden.json', 'card.md'] as const;
type FileName = (typeof ALL_FILES)[number];
const CHECKSUMS = 'checksums.json';
const WEIGHTS_MAX_BYTES = 64_000_000;

/** Rows whose answers were written down when the model was signed off. A row lists its inputs that are not 0. */
const goldenRow = z.strictObject({
  says: z.string(),
  inputs: z.record(z.string(), z.number()),
  probability: z.number(),
  scams: z.array(z.number()),
});
export type GoldenRow = z.infer<typeof goldenRow>;

const weightSpecs = z
  .array(z.strictObject({ name: z.string(), shape: z.array(z.int().min(1)).max(4), dtype: z.literal('float32') }))
  .min(1);
const checksums = z.partialRecord(z.enum(ALL_FILES), z.string().regex(/^[0-9a-f]{64}$/));

export interface ModelFiles {
  readonly signature: ModelSignature;
  /** A net for TensorFlow, or sums and trees as plain numbers. */
  readonly weights: Weights | PlainWeights;
  /** Absent: the model's own answer is taken for the probability. */
  readonly calibration?: Calibration | null;
  readonly golden: readonly GoldenRow[];
}

/**
 * Reads a model's folder and believes nothing: the release's signature and the checksums first, then forms, sizes and every
 * weight. `keys`: public keys in PEM, one of which must have signed; left out, anybody may have.
 * @throws MODEL_UNREADABLE, MODEL_UNSIGNED, MODEL_CHECKSUM_WRONG, MODEL_MALFORMED, MODEL_NOT_FINITE
 */
export async function readModelFiles(folder: string, { keys }: { readonly keys?: readonly string[] } = {}): Promise<ModelFiles> {
  const list = await bytesOf(folder, CHECKSUMS);
  if (keys !== undefined) mustBeSigned(list, await bytesOf(folder, SIGNATURE_FILE), keys);
  const stated = parsed(checksums, list, CHECKSUMS);
  const read = async (name: FileName): Promise<Buffer> => {
    const bytes = await bytesOf(folder, name);
    if (sha256(bytes) !== stated[name]) throw errors.checksumWrong({ file: name, bytes: bytes.length });
    return bytes;
  };
  const signature = parsed(modelSignature, await read('signature.json'), 'signature.json');
  // Older lists do not name the card.
  if (stated['card.md'] !== undefined) await read('card.md');
  return {
    signature,
    weights: signature.kind === 'plain' ? parsed(plainForm(signature), await read('plain.json'), 'plain.json') : await readNet(read),
    calibration: signature.calibrated === true ? parsed(calibrationForm, await read('calibration.json'), 'calibration.json') : null,
    golden: parsed(z.array(goldenRow).min(1), await read('golden.json'), 'golden.json'),
  };
}

async function readNet(read: (name: FileName) => Promise<Buffer>): Promise<Weights> {
  const specs = parsed(weightSpecs, await read('weights.json'), 'weights.json');
  const raw = await read('weights.bin');
  const expected = specs.reduce((sum, { shape }) => sum + 4 * shape.reduce((product, size) => product * size, 1), 0);
  if (raw.length !== expected || raw.length > WEIGHTS_MAX_BYTES)
    throw errors.malformed({ file: 'weights.bin', bytes: raw.length, expected });
  const data = new ArrayBuffer(raw.length);
  new Uint8Array(data).set(raw);
  const bad = new Float32Array(data).findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw errors.notFinite({ file: 'weights.bin', index: bad });
  return { topology: parsed(z.looseObject({}), await read('topology.json'), 'topology.json'), specs, data };
}

/** Names the content of a model's folder: the SHA-256 of its checksums. @throws MODEL_UNREADABLE */
export async function modelDigest(folder: string): Promise<string> {
  return sha256(await bytesOf(folder, CHECKSUMS));
}

/** Writes a model's folder with its checksums, unsigned. Never over another model: a version is made once. */
export async function writeModelFiles(
  folder: string,
  { signature, weights, calibration, golden }: ModelFiles,
  card: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const json = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;
  const body: Partial<Record<FileName, string | Uint8Array>> =
    'kind' in weights
      ? { 'plain.json': `${JSON.stringify(weights)}\n` }
      : { 'topology.json': json(weights.topology), 'weights.json': json(weights.specs), 'weights.bin': new Uint8Array(weights.data) };
  const whole = {
    ...signature,
    ...('kind' in weights ? { kind: 'plain' as const } : {}),
    ...(calibration === undefined || calibration === null ? {} : { calibrated: true }),
  };
  const texts: Partial<Record<FileName, string | Uint8Array>> = {
    'signature.json': json(whole),
    ...body,
    ...(whole.calibrated === true ? { 'calibration.json': json(calibration) } : {}),
    'golden.json': json(golden),
    'card.md': card,
  };
  const sums: Record<string, string> = {};
  for (const [name, text] of Object.entries(texts)) {
    sums[name] = sha256(text);
    await writeFile(join(folder, name), text);
  }
  await writeFile(join(folder, CHECKSUMS), json(sums));
}

async function bytesOf(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    throw errors.unreadable({ file: name }, error);
  }
}

function parsed<T>(schema: z.ZodType<T>, bytes: Buffer, file: string): T {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw errors.malformed({ file, reason: 'not JSON' }, error);
  }
  const read = schema.safeParse(value);
  if (!read.success) throw errors.malformed({ file, reason: z.prettifyError(read.error).slice(0, 300) });
  return read.data;
}

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
