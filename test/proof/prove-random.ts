import { readFileSync } from 'node:fs';
import { FUNCTIONS } from '@skyeye/language';
import fc from 'fast-check';
import { Coverage, differenceIn } from './compare.ts';
import type { ProofCase } from './proof-case.ts';
import { randomCase } from './random-case.ts';

/** Every function of the language: those of the table and the two with a grammar of their own. */
export const ALL_FUNCTIONS: readonly string[] = [...FUNCTIONS.keys(), 'seq', 'of'];

export const KEPT_FILE = new URL('kept-cases.json', import.meta.url);

export interface KeptCase {
  /** What was wrong, as a sentence. */
  readonly name: string;
  readonly case: ProofCase;
}

/** Cases that once showed a fault, as small as they were made. */
export function keptCases(): readonly KeptCase[] {
  return JSON.parse(readFileSync(KEPT_FILE, 'utf8')) as readonly KeptCase[];
}

export interface RandomProof {
  /** null: the engines agree everywhere. */
  readonly failure: { readonly smallest: ProofCase; readonly difference: string; readonly seed: number } | null;
  readonly cases: number;
  readonly coverage: Coverage;
}

/** Compares the engines on random catalogues and streams; a failure is made as small as it gets. */
export function proveRandom({
  cases,
  seed,
  shrink = true,
  progress,
}: {
  cases: number;
  seed: number;
  shrink?: boolean;
  progress?: (done: number) => void;
}): RandomProof {
  const coverage = new Coverage();
  let done = 0;
  const property = fc.property(randomCase, (one) => {
    const difference = differenceIn(one, coverage);
    if (difference !== null) throw new Error(difference);
    done += 1;
    if (done % 1000 === 0) progress?.(done);
  });
  const found = fc.check(property, { numRuns: cases, seed, endOnFailure: !shrink });
  const [smallest] = found.counterexample ?? [];
  if (smallest === undefined) return { failure: null, cases: found.numRuns, coverage };
  return { failure: { smallest, difference: saysOf(smallest), seed }, cases: found.numRuns, coverage };
}

function saysOf(one: ProofCase): string {
  try {
    return differenceIn(one) ?? 'not there the second time';
  } catch (error) {
    return String(error);
  }
}

/** Functions of which nothing was compared, or nothing that says anything. */
export function untried(coverage: Coverage): readonly string[] {
  return ALL_FUNCTIONS.filter((name) => coverage.of(name).telling === 0);
}
