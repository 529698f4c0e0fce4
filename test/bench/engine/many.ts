import { deserialize, serialize } from 'node:v8';
import type { FastEngine } from '@skyeye/engine';
import { openPiece, sealPiece } from '@skyeye/engine';
import { timesRow, type Row } from '../row.ts';
import { copyOf } from './copies.ts';
import { countyOf, DAY_MS, engineOf, foldMicroseconds, heldBytes } from './county.ts';
import type { Part } from './part.ts';

const RESIDENTS = 1_000;
const AIM_ENTITIES = 5_000_000;
const AIM_GB = 8;
const FEW = 50_000;
const CHECKPOINT_KEYS = 1_000_000;

/** Many keys: copies of a county of a thousand, each with other names and a lane of its own. Two days of it, of which the second is measured. */
export const many: Part = {
  name: 'many',
  run({ seconds, entities }) {
    const { references, events } = countyOf(seconds < 1 ? 30 : RESIDENTS, 2);
    const startMs = events.reduce((least, { t }) => Math.min(least, t), Infinity);
    const first = events.filter(({ t }) => t < startMs + DAY_MS);
    const second = events.filter(({ t }) => t >= startMs + DAY_MS);
    const grow = (engine: FastEngine, until: number, from = 0): number => {
      let copy = from;
      for (; engine.stats().keys < until || copy === 0; copy++) {
        const lane = String(copy);
        engine.learn(references.map((record) => copyOf(record, copy)));
        for (const event of first) engine.fold(copyOf(event, copy), lane);
      }
      return copy;
    };
    /** Every event goes to another copy than the one before. */
    const timed = (engine: FastEngine, copies: number, round: number): number => {
      const count = Math.max(200, Math.min(second.length >> 1, seconds * 5_000));
      const of = (index: number): number => (index * 7_919) % copies;
      const chosen = second.slice(round * count, (round + 1) * count).map((event, index) => copyOf(event, of(index)));
      const half = count >> 1;
      foldMicroseconds(engine, chosen.slice(0, half), (index) => String(of(index)));
      return foldMicroseconds(engine, chosen.slice(half), (index) => String(of(half + index)));
    };
    const target = seconds < 1 ? 1 : entities;
    const small = engineOf([]);
    const smallCopies = grow(small, Math.min(FEW, target));
    timed(small, smallCopies, 0);
    const empty = heldBytes();
    const large = engineOf([]);
    const copies = grow(large, target);
    const gigabytes = (heldBytes() - empty) / 1e9;
    const { keys } = large.stats();
    // The first round of each compiles and is left out.
    timed(large, copies, 0);
    const fewUs = timed(small, smallCopies, 1);
    const manyUs = timed(large, copies, 1);
    const of = `${keys.toLocaleString('en-US')} keys`;
    return [
      {
        name: `engine: memory of the process for ${of}, a day of history`,
        value: gigabytes,
        unit: 'GB',
        ratio: null,
        aim: (AIM_GB * keys) / AIM_ENTITIES,
        less: true,
      },
      timesRow(`engine: ${of} against ${small.stats().keys.toLocaleString('en-US')}, time per event`, manyUs / fewUs, 1.5, true),
      ...checkpoints(large, keys),
    ];
  },
};

/** A complete checkpoint as bytes with checksums, and an engine that takes it. */
function checkpoints(engine: FastEngine, keys: number): readonly Row[] {
  const pieces: Uint8Array[] = [];
  const startedMs = performance.now();
  let [lastMs, longest] = [startedMs, 0];
  for (const part of engine.checkpoint()) {
    pieces.push(sealPiece(serialize(part), { checkpoint: 1, piece: pieces.length }));
    const nowMs = performance.now();
    longest = Math.max(longest, nowMs - lastMs);
    lastMs = nowMs;
  }
  const madeMs = performance.now() - startedMs;
  const restored = engineOf([]);
  const againMs = performance.now();
  for (const [piece, bytes] of pieces.entries())
    restored.take(deserialize(openPiece(bytes, { checkpoint: 1, piece }).content) as Parameters<FastEngine['take']>[0]);
  const restoreMs = performance.now() - againMs;
  if (restored.stats().events !== engine.stats().events) throw new Error('a restored engine has other events');
  const of = `${keys.toLocaleString('en-US')} keys, ${engine.stats().events.toLocaleString('en-US')} events`;
  const bytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const aimMs = (10_000 * keys) / CHECKPOINT_KEYS;
  return [
    { name: `engine: complete checkpoint, ${of}`, value: madeMs, unit: 'ms', ratio: null, aim: aimMs, less: true },
    { name: 'engine: longest part of that checkpoint', value: longest, unit: 'ms', ratio: null, aim: 50, less: true },
    { name: 'engine: bytes of that checkpoint per key', value: bytes / keys, unit: 'B', ratio: null, aim: 1_000, less: true },
    { name: 'engine: restore of it', value: restoreMs, unit: 'ms', ratio: null, aim: aimMs, less: true },
  ];
}
