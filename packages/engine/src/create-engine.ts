import { HistoryEngine } from './history-engine.ts';
import { LiveEngine, type LiveEngineOptions } from './live-engine.ts';
import type { Engine } from './port.ts';

/** Kinds of engine, with the version that assessments name. They give the same values. */
export const ENGINE_VERSIONS = { fast: 'fast-1', history: 'history-1' } as const;
export type EngineKind = keyof typeof ENGINE_VERSIONS;

type EngineOptions = Omit<LiveEngineOptions, 'stamped'>;

/** An empty engine. `fast` is compiled; `history` rescans every window: the definition, to compare with. */
export function createEngine(options: EngineOptions & { readonly kind?: 'fast' }): LiveEngine;
export function createEngine(options: EngineOptions & { readonly kind?: EngineKind }): Engine;
export function createEngine({ kind = 'fast', ...options }: EngineOptions & { readonly kind?: EngineKind }): Engine {
  return kind === 'fast' ? new LiveEngine(options) : new HistoryEngine(options);
}
