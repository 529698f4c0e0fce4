import { readFileSync } from 'node:fs';
import { loadCatalogue } from '@skyeye/catalogue';
import type { StreamEvent, Value } from '@skyeye/contracts';
import { FastEngine, HistoryEngine, planOf, type Evaluation } from '@skyeye/engine';
import { compareEvents, entityTypeOf, NO_HOLIDAYS, staticDimensions, type Dimensions, type EntityType } from '@skyeye/language';
import { Chance } from '../../packages/engine/src/fast/testing/random-events.ts';
import { stored } from './compare.ts';

export const GOLDEN_SETS = ['svc', 'brush', 'mule_ring', 'probe_mule'] as const;
export type GoldenSet = (typeof GOLDEN_SETS)[number];

/** Events of one block stand in no order; every source may be this late at least. */
const BLOCK_MS = 120_000;
const BLOCK_EVENTS = 8;

const plan = planOf(loadCatalogue());
const textOf = (name: string): string => readFileSync(new URL(`../../packages/testkit/golden/${name}`, import.meta.url), 'utf8').trim();

interface Wanted {
  readonly value: string;
  readonly fires: boolean;
}

export interface Golden {
  readonly dims: Dimensions;
  /** In total order, with all stamps. */
  readonly events: readonly StreamEvent[];
  /** By event, feature, kind of key and key. */
  readonly wanted: ReadonlyMap<string, Wanted>;
}

export function goldenSet(set: GoldenSet): Golden {
  const rows = JSON.parse(textOf(`${set}.dims.json`)) as [string, string, Record<string, Value>][];
  const dims = staticDimensions(rows.map(([type, key, values]) => [entityTypeOf(type) as EntityType, key, values]));
  const given = textOf(`${set}.events.jsonl`)
    .split('\n')
    .map((line) => JSON.parse(line) as StreamEvent)
    .toSorted(compareEvents);
  // Stamps look at what came before, so they are taken from the straight order.
  const oracle = new HistoryEngine({ plan, holidays: NO_HOLIDAYS, scope: 'all', dims });
  const events = given.flatMap((event) => oracle.ingest([event])[0]?.event ?? []);
  const wanted = new Map<string, Wanted>();
  for (const line of textOf(`${set}.values.tsv`).split('\n').slice(1)) {
    const [event, , feature, keyType, key, value = '', fires] = line.split('\t');
    wanted.set(`${event} ${feature} ${keyType} ${key}`, { value, fires: fires === '1' });
  }
  return { dims, events, wanted };
}

const nameOf = (row: Evaluation): string => `${row.eventId} ${row.feature} ${row.keyType} ${row.key.replace('\u0000', '|')}`;

function equal({ value, fires }: Evaluation, wanted: Wanted): boolean {
  if (fires !== wanted.fires) return false;
  if (typeof value !== 'number' || wanted.value === 'null') return String(value) === wanted.value;
  return Math.abs(value - Number(wanted.value)) <= 1e-9 * Math.max(1, Math.abs(value));
}

/** Neighbours in time that arrive in any order; `single`: one event each. */
function blocksOf(events: readonly StreamEvent[], chance: Chance, single: boolean): StreamEvent[][] {
  const blocks: StreamEvent[][] = [];
  for (let from = 0; from < events.length;) {
    const first = events[from] as StreamEvent;
    const most = single ? 1 : 1 + chance.below(BLOCK_EVENTS);
    let to = from + 1;
    while (to < events.length && to - from < most && (events[to] as StreamEvent).t - first.t < BLOCK_MS) to += 1;
    blocks.push(events.slice(from, to));
    from = to;
  }
  return blocks;
}

function shuffled<T>(list: readonly T[], chance: Chance): T[] {
  return list
    .map((item) => ({ item, at: chance.below(1_000_000) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

export interface GoldenProof {
  readonly wrong: readonly string[];
  /** Golden values that were compared at least once. */
  readonly compared: ReadonlySet<string>;
}

/**
 * Folds a golden set in an order of its own, within lateness, with repeated events, in batches and over checkpoints, and
 * compares every value as soon as everything up to its as-of point is there. `seed` 0: in order, one by one.
 */
export function proveGolden({ dims, events, wanted }: Golden, seed: number): GoldenProof {
  const options = { plan, holidays: NO_HOLIDAYS, scope: 'all', dims, stamped: true, ...(seed % 2 === 1 ? { hotAt: 4 } : {}) } as const;
  let engine = new FastEngine(options);
  const chance = new Chance(seed);
  const wrong: string[] = [];
  const compared = new Set<string>();
  const compare = (rows: readonly Evaluation[], how: string): void => {
    for (const row of rows) {
      const want = wanted.get(nameOf(row));
      if (want === undefined) continue;
      compared.add(nameOf(row));
      if (!equal(row, want)) wrong.push(`${nameOf(row)} by ${how}, seed ${seed}: ${String(row.value)}, wanted ${want.value}`);
    }
  };
  const seen: StreamEvent[] = [];
  for (const block of blocksOf(events, chance, seed === 0)) {
    // What has not come yet is asked about where nothing of its block has: the answer is the one to come.
    const [only] = block;
    if (only !== undefined && (block.length === 1 || chance.below(4) === 0)) {
      const first = block.toSorted(compareEvents)[0] as StreamEvent;
      compare(
        engine.peek(first).evaluations.filter(({ eventId }) => eventId === first.id),
        'question',
      );
    }
    const arriving = shuffled(block, chance).flatMap((event) => (seed > 0 && chance.below(5) === 0 ? [event, event] : [event]));
    if (seed > 0 && seen.length > 0 && chance.below(5) === 0) arriving.splice(chance.below(arriving.length), 0, chance.pick(seen));
    while (arriving.length > 0) {
      const folded = engine.ingest(arriving.splice(0, 1 + chance.below(4)));
      for (const { event, outcome, evaluations } of folded) {
        if (outcome !== 'folded' && outcome !== 'duplicate') wrong.push(`${event.id}, seed ${seed}: ${outcome}`);
        if (block.length === 1) compare(evaluations, 'fold');
      }
    }
    seen.push(...block);
    if (chance.below(60) === 0) {
      const parts = stored(engine);
      engine = new FastEngine(options);
      engine.restore(parts);
    }
    for (const event of block) compare(engine.peek(event).evaluations, 'fold and question');
  }
  return { wrong, compared };
}
