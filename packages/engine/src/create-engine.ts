import { FastEngine, type FastEngineOptions } from './fast/fast-engine.ts';
import { HistoryEngine } from './history-engine.ts';
import type { Engine } from './port.ts';

/** Kinds of engine, with the version that assessments name. They give the same values. */
export const ENGINE_VERSIONS = { fast: 'fast-1', history: 'history-1' } as const;
export type EngineKind = keyof typeof ENGINE_VERSIONS;

/** An empty engine. `fast` is compiled; `history` rescans every window: the definition, to compare with. */
export function createEngine({ kind = 'fast', ...options }: Omit<FastEngineOptions, 'stamped'> & { readonly kind?: EngineKind }): Engine {
  return kind === 'fast' ? new FastEngine(options) : new HistoryEngine(options);
}
