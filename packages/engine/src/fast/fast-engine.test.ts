import { readFileSync } from 'node:fs';
import { loadCatalogue } from '@skyeye/catalogue';
import type { StreamEvent } from '@skyeye/contracts';
import { entityTypeOf, NO_HOLIDAYS, staticDimensions, type Dimensions, type EntityType, type Value } from '@skyeye/language';
import { expect, test } from 'vitest';
import { FastEngine, HistoryEngine, planOf, type Evaluation } from '../index.ts';

const plan = planOf(loadCatalogue());
const golden = (name: string): string => readFileSync(new URL(`../../../testkit/golden/${name}`, import.meta.url), 'utf8');
const SETS = ['svc', 'brush', 'mule_ring', 'probe_mule'];

function dimsOf(set: string): Dimensions {
  const rows = JSON.parse(golden(`${set}.dims.json`)) as [string, string, Record<string, Value>][];
  return staticDimensions(rows.map(([type, key, values]) => [entityTypeOf(type) as EntityType, key, values]));
}

function eventsOf(set: string): StreamEvent[] {
  const events = golden(`${set}.events.jsonl`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as StreamEvent);
  return events.sort((a, b) => a.t - b.t || (a.id < b.id ? -1 : 1));
}

const optionsOf = (set: string): ConstructorParameters<typeof FastEngine>[0] => ({
  plan,
  holidays: NO_HOLIDAYS,
  scope: 'all',
  dims: dimsOf(set),
});
const nameOf = (row: Evaluation): string => `${row.eventId} ${row.feature} ${row.keyType} ${row.key.replace('\u0000', '|')}`;

function equal(value: Value, text: string): boolean {
  if (typeof value === 'number' && text !== 'null') return Math.abs(value - Number(text)) <= 1e-9 * Math.max(1, Math.abs(value));
  return String(value) === text;
}

test.each(SETS)('every golden value of %s comes out of folding, the same of asking first, and the same as the definition', (set) => {
  const wanted = new Map(
    golden(`${set}.values.tsv`)
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => {
        const [event, , feature, keyType, key, value, fires] = line.split('\t');
        return [`${event} ${feature} ${keyType} ${key}`, { value: value ?? '', fires: fires === '1' }] as [
          string,
          { value: string; fires: boolean },
        ];
      }),
  );
  const engine = new FastEngine(optionsOf(set));
  const oracle = new HistoryEngine(optionsOf(set));
  const wrong: string[] = [];
  let compared = 0;
  for (const event of eventsOf(set)) {
    const asked = engine.peek(event);
    const folded = engine.ingest([event])[0];
    expect(asked.evaluations).toEqual(folded?.evaluations);
    expect(engine.peek(event).evaluations).toEqual(folded?.evaluations);
    expect(folded).toEqual(oracle.ingest([event])[0]);
    for (const row of folded?.evaluations ?? []) {
      const want = wanted.get(nameOf(row));
      if (want === undefined) continue;
      compared++;
      if (!equal(row.value, want.value) || row.fires !== want.fires)
        wrong.push(`${nameOf(row)}: ${String(row.value)}, wanted ${want.value}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(compared).toBe(wanted.size);
});
