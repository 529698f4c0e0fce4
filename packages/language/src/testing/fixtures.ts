import type { Schema } from '../schema.ts';
import features from './features.json' with { type: 'json' };
import schema from './schema.json' with { type: 'json' };

/** The 19 streams as the first catalogue was written against. */
export const SCHEMA: Schema = { ...(schema as unknown as Omit<Schema, 'gated'>), gated: new Set(schema.gated) };

export interface CatalogueRow {
  readonly id: string;
  readonly entityKey: string;
  /** `;`-separated streams, optionally with `[dir=…]`, and timers. */
  readonly trigger: string;
  readonly formula: string;
  readonly unit: string;
  readonly fire: string;
}

/** Formulas of the first catalogue: the language's acceptance set. */
export const ROWS: readonly CatalogueRow[] = features;

/** Streams that trigger a row. */
export function triggersOf(row: CatalogueRow): string[] {
  return row.trigger.split(';').flatMap((trigger) => (trigger.startsWith('timer') ? [] : [trigger.replace(/\[.*$/, '')]));
}
