import { AMOUNTS } from './amounts.ts';
import { COUNTING } from './counting.ts';
import type { FunctionEntry } from './entry.ts';
import { GRAPH_PATHS } from './graph-paths.ts';
import { GRAPH_SHAPES } from './graph-shapes.ts';
import { LOTS } from './lots.ts';
import { PAIRS } from './pairs.ts';
import { PATTERNS } from './patterns.ts';
import { SCALARS } from './scalars.ts';
import { TAINT } from './taint.ts';

/** Every function besides `seq` and `of`, which have a grammar of their own. */
export const FUNCTIONS: ReadonlyMap<string, FunctionEntry> = new Map(
  [COUNTING, AMOUNTS, PATTERNS, PAIRS, SCALARS, LOTS, GRAPH_PATHS, TAINT, GRAPH_SHAPES].flat().map((entry) => [entry.name, entry]),
);
