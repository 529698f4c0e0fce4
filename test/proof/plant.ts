import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from './faults.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Above what all proofs of `judge.ts` need on a busy machine; a fault that makes the engine hang is caught, too. */
const JUDGE_LIMIT_MS = 180_000;

/** Edits whose text stands nowhere in the engine any more, in words. */
export function lostFaults(faults: readonly Fault[]): readonly string[] {
  return faults.flatMap(({ name, edits }) =>
    edits.flatMap(({ file, find }) => {
      const path = join(ROOT, 'packages/engine/src', file);
      return textOf(path).includes(find)
        ? []
        : [`"${name}": packages/engine/src/${file} has no ${JSON.stringify(find)} any more; write the fault anew`];
    }),
  );
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

/** Packages of a workspace as links to where they really are; the engine is the copy. */
function linkPackages(workspace: string, copy: string, engine: string): void {
  const from = join(ROOT, workspace, 'node_modules/@skyeye');
  const to = join(copy, workspace, 'node_modules/@skyeye');
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) symlinkSync(name === 'engine' ? engine : realpathSync(join(from, name)), join(to, name));
}

/** A copy of the engine with the proofs beside it, in a folder of its own; the checkout is not touched. */
export class Nursery {
  readonly #folder: string;
  readonly #engine: string;

  constructor() {
    this.#folder = mkdtempSync(join(tmpdir(), 'skyeye-faults-'));
    this.#engine = join(this.#folder, 'packages/engine');
    for (const part of [
      'packages/engine/package.json',
      'packages/engine/src',
      'test/package.json',
      'test/proof',
      'test/lib',
      'package.json',
    ])
      cpSync(join(ROOT, part), join(this.#folder, part), { recursive: true });
    linkPackages('packages/engine', this.#folder, this.#engine);
    linkPackages('test', this.#folder, this.#engine);
    mkdirSync(join(this.#folder, 'packages/testkit'));
    symlinkSync(join(ROOT, 'packages/testkit/golden'), join(this.#folder, 'packages/testkit/golden'));
    symlinkSync(realpathSync(join(ROOT, 'node_modules')), join(this.#folder, 'node_modules'));
  }

  /** What the proofs say of the engine with the fault: the one that caught it, null when none did. `null`: without a fault. */
  async judge(fault: Fault | null): Promise<string | null> {
    const before = new Map<string, string>();
    for (const { file, find, replace } of fault?.edits ?? []) {
      const path = join(this.#engine, 'src', file);
      const text = readFileSync(path, 'utf8');
      if (!before.has(path)) before.set(path, text);
      writeFileSync(
        path,
        text.replace(find, () => replace),
      );
    }
    try {
      return await run(join(this.#folder, 'test/proof/judge.ts'));
    } finally {
      for (const [path, text] of before) writeFileSync(path, text);
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function run(judge: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [judge], { stdio: ['ignore', 'pipe', 'pipe'], timeout: JUDGE_LIMIT_MS });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(null);
      else
        resolve(
          output.split('\n').find((line) => line.startsWith('caught by ')) ??
            `caught by a crash: ${output.trim().split('\n').at(-1) ?? ''}`,
        );
    });
  });
}
