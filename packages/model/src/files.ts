import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errors } from './errors.ts';
import { modelSignature, type ModelSignature, type Weights } from './port.ts';

/** Files of `models/<name>/<version>/` that count. The card beside them is for people. */
const FILES = ['signature.json', 'topology.json', 'weights.json', 'weights.bin', 'golden.json'] as const;
type FileName = (typeof FILES)[number];
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
const checksums = z.record(z.enum(FILES), z.string().regex(/^[0-9a-f]{64}$/));

export interface ModelFiles {
  readonly signature: ModelSignature;
  readonly weights: Weights;
  readonly golden: readonly GoldenRow[];
}

/**
 * Reads a model's folder and believes nothing: checksums first, then forms, sizes and every weight.
 * @throws MODEL_UNREADABLE, MODEL_CHECKSUM_WRONG, MODEL_MALFORMED, MODEL_NOT_FINITE
 */
export async function readModelFiles(folder: string): Promise<ModelFiles> {
  const stated = parsed(checksums, await bytesOf(folder, CHECKSUMS), CHECKSUMS);
  const bytes = new Map<FileName, Buffer>();
  for (const name of FILES) {
    const read = await bytesOf(folder, name);
    if (sha256(read) !== stated[name]) throw errors.checksumWrong({ file: name, bytes: read.length });
    bytes.set(name, read);
  }
  const of = (name: FileName): Buffer => bytes.get(name) ?? Buffer.alloc(0);
  const specs = parsed(weightSpecs, of('weights.json'), 'weights.json');
  const raw = of('weights.bin');
  const expected = specs.reduce((sum, { shape }) => sum + 4 * shape.reduce((product, size) => product * size, 1), 0);
  if (raw.length !== expected || raw.length > WEIGHTS_MAX_BYTES)
    throw errors.malformed({ file: 'weights.bin', bytes: raw.length, expected });
  const data = new ArrayBuffer(raw.length);
  new Uint8Array(data).set(raw);
  const bad = new Float32Array(data).findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) throw errors.notFinite({ file: 'weights.bin', index: bad });
  return {
    signature: parsed(modelSignature, of('signature.json'), 'signature.json'),
    weights: { topology: parsed(z.looseObject({}), of('topology.json'), 'topology.json'), specs, data },
    golden: parsed(z.array(goldenRow).min(1), of('golden.json'), 'golden.json'),
  };
}

/** Writes a model's folder with its checksums. Never over another model: a version is made once. */
export async function writeModelFiles(folder: string, { signature, weights, golden }: ModelFiles, card: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const texts: Readonly<Record<FileName, string | Uint8Array>> = {
    'signature.json': `${JSON.stringify(signature, undefined, 1)}\n`,
    'topology.json': `${JSON.stringify(weights.topology, undefined, 1)}\n`,
    'weights.json': `${JSON.stringify(weights.specs, undefined, 1)}\n`,
    'weights.bin': new Uint8Array(weights.data),
    'golden.json': `${JSON.stringify(golden, undefined, 1)}\n`,
  };
  const sums: Record<string, string> = {};
  for (const name of FILES) {
    sums[name] = sha256(texts[name]);
    await writeFile(join(folder, name), texts[name]);
  }
  await writeFile(join(folder, CHECKSUMS), `${JSON.stringify(sums, undefined, 1)}\n`);
  await writeFile(join(folder, 'card.md'), card);
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
