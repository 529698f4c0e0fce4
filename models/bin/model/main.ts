/**
 * `pnpm model`: what a scorer would ask of a model's folder, its signature, and the steps of its life by the command centre's API.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadCatalogue } from '@skyeye/catalogue';
import { inputSignature, subjectSignature } from '@skyeye/detection';
import { loadModel, modelAdapter, newReleaseKey, publicPartOf, readModelFiles, releaseKeys, signModel } from '@skyeye/model';
import { act, ACTS, listed, Refusal } from './act.ts';

const KEYS = join(import.meta.dirname, '..', '..', 'keys');
const USAGE = `pnpm --silent model <command>

  check <folder>               everything that a scorer asks of it, and what it is
  sign <folder> --key <file>   signs a finished folder
  keygen --key <file>          makes a pair: the private part into the file, the public part on the screen
  list                         what decides, watches and was proposed, with tables and what the scorer counted
  propose <folder> --table t.json
                               keeps it with the numbers that pnpm backtest --model <folder> --json t.json wrote
  watch|promote|retire <name>/<version>
                               lets it watch beside the one that decides; take its place (a second person, after a day); ends it
  roll-back <name>             takes the promoted one back at once

  list and the steps of its life take --at http://127.0.0.1:8600 --account analyst --reason '…'; the password is read from
  SKYEYE_PASSWORD. The exit code is 0 when done, 1 when a folder is refused, 2 when the command was refused.`;

const OPTIONS = {
  key: { type: 'string' },
  table: { type: 'string' },
  at: { type: 'string', default: 'http://127.0.0.1:8600' },
  account: { type: 'string' },
  reason: { type: 'string' },
} as const;

/** Runs a command of `pnpm model`. @returns the exit code */
export async function main([command = '--help', ...argv]: readonly string[]): Promise<number> {
  try {
    const { positionals, values } = parseArgs({ args: [...argv], options: OPTIONS, strict: true, allowPositionals: true });
    const [target] = positionals;
    const { key } = values;
    if (command === 'check' && target !== undefined) return await check(resolve(target));
    if (command === 'sign' && target !== undefined && key !== undefined) return await sign(resolve(target), key);
    if (command === 'keygen' && key !== undefined) return keygen(key);
    const options = { ...values, password: process.env['SKYEYE_PASSWORD'] };
    if (command === 'list') return say(await listed(options));
    const step = ACTS.find((known) => known === command);
    if (step !== undefined && target !== undefined) return say(await act(step, target, options));
    process.stderr.write(`${USAGE}\n`);
    return command === '--help' || command === '-h' ? 0 : 2;
  } catch (error) {
    if (!(error instanceof Refusal) && !(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

async function sign(folder: string, key: string): Promise<number> {
  const privateKey = readFileSync(key, 'utf8');
  await signModel(folder, privateKey);
  return say(`signed; checked against models/keys by a scorer. Public part:\n${publicPartOf(privateKey)}`);
}

function keygen(path: string): number {
  if (existsSync(path)) throw new Refusal(`${path} exists; a key is not overwritten`);
  const { privateKey, publicKey } = newReleaseKey();
  writeFileSync(path, privateKey, { mode: 0o600 });
  return say(publicKey);
}

async function check(folder: string): Promise<number> {
  try {
    const { signature } = await readModelFiles(folder);
    const catalogue = loadCatalogue();
    const subject = signature.subject ?? 'person';
    const expects = subject === 'person' ? inputSignature(catalogue) : subjectSignature(catalogue, subject);
    const model = await loadModel(folder, { adapter: await modelAdapter('wasm'), expects, keys: await releaseKeys(KEYS) });
    say(`${model.id}: ${subject}, ${signature.inputs.length} inputs, ${signature.kind ?? 'net'}, catalogue ${signature.catalogue}: sound`);
    model.dispose();
    return 0;
  } catch (error) {
    const { code, facts } = error as { readonly code?: string; readonly facts?: unknown };
    process.stderr.write(`${code === undefined ? String(error) : `refused: ${code} ${JSON.stringify(facts)}`}\n`);
    return 1;
  }
}
