/**
 * Looks after model folders: `pnpm model check <folder>`, `pnpm model sign <folder> --key <pem>`, `pnpm model keygen --key <pem>`.
 * The private key stays with the person who releases; its public part is `models/keys/<name>.pem`, which is reviewed like code.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadCatalogue } from '@skyeye/catalogue';
import { inputSignature, subjectSignature } from '@skyeye/detection';
import { loadModel, modelAdapter, newReleaseKey, publicPartOf, readModelFiles, releaseKeys, signModel } from '@skyeye/model';

const KEYS = join(import.meta.dirname, '..', 'keys');
const USAGE = `pnpm model check <folder>              everything that a scorer asks of it, and what it is
pnpm model sign <folder> --key <file>  signs a finished folder
pnpm model keygen --key <file>         makes a pair: the private part into the file, the public part on the screen`;

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({ allowPositionals: true, strict: false, options: { key: { type: 'string' } } });
  const [command, folder] = positionals;
  const key = typeof values['key'] === 'string' ? values['key'] : null;
  if (command === 'check' && folder !== undefined) return check(resolve(folder));
  if (command === 'sign' && folder !== undefined && key !== null) {
    const privateKey = readFileSync(key, 'utf8');
    await signModel(resolve(folder), privateKey);
    console.log(`signed; checked against models/keys by a scorer. Public part:\n${publicPartOf(privateKey)}`);
    return 0;
  }
  if (command === 'keygen' && key !== null) return keygen(key);
  console.error(USAGE);
  return 2;
}

function keygen(path: string): number {
  if (existsSync(path)) {
    console.error(`${path} exists; a key is not overwritten`);
    return 2;
  }
  const { privateKey, publicKey } = newReleaseKey();
  writeFileSync(path, privateKey, { mode: 0o600 });
  console.log(publicKey);
  return 0;
}

async function check(folder: string): Promise<number> {
  try {
    const { signature } = await readModelFiles(folder);
    const catalogue = loadCatalogue();
    const subject = signature.subject ?? 'person';
    const expects = subject === 'person' ? inputSignature(catalogue) : subjectSignature(catalogue, subject);
    const model = await loadModel(folder, { adapter: await modelAdapter('wasm'), expects, keys: await releaseKeys(KEYS) });
    console.log(`${model.id}: ${subject}, ${signature.inputs.length} inputs, ${signature.kind ?? 'net'}, catalogue ${signature.catalogue}: sound`);
    model.dispose();
    return 0;
  } catch (error) {
    const { code, facts } = error as { readonly code?: string; readonly facts?: unknown };
    console.error(code === undefined ? String(error) : `refused: ${code} ${JSON.stringify(facts)}`);
    return 1;
  }
}

process.exitCode = await main();
