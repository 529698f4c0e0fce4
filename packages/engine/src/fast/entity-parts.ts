import type { CheckpointPart } from '../port.ts';
import { ENTITY_OF } from '../scope.ts';
import type { MemoryEntry } from '../stamp-memory.ts';
import type { Held } from './held.ts';
import { keyFieldsOf } from './layout.ts';

/** Rows, records or entries looked at in one step: some milliseconds. */
const STEP = 20_000;

/** What is held of a key, a part for every step, many of them empty. Events come last: those folded meanwhile are among them. */
export function* entityParts(keyType: string, key: string, held: Held): Generator<CheckpointPart> {
  const sides = key.split('\u0000');
  const names = (text: unknown): boolean => typeof text === 'string' && (text === sides[0] || text === sides[1]);
  for (let from = 0; from < held.references.length; from += STEP)
    yield { kind: 'reference', records: held.references.slice(from, from + STEP).filter((record) => Object.values(record).some(names)) };
  let entries: MemoryEntry[] = [];
  let looked = 0;
  for (const entry of held.contacts.entries(held.dictionary)) {
    if (entry.kind === 'times' && entry.key.split('\u0000').some(names)) entries.push(entry);
    if (++looked % STEP !== 0) continue;
    yield { kind: 'stamps', entries };
    entries = [];
  }
  yield { kind: 'stamps', entries };
  const isNamed = rowsNaming(keyType, sides, held);
  const sketches = [...held.folded()].filter((record) => record.key.split('\u0000').some(names));
  // The number of events may grow, and the slabs be replaced, between two steps: an event that is left out twice is no event of the key.
  for (let from = 0; from < held.slabs().events.size; from += STEP) {
    const { rows, size } = held.slabs().events;
    const found = rows.subarray(from, Math.min(size, from + STEP)).filter((row) => row !== 0 && isNamed(row));
    yield { kind: 'events', later: true, events: Array.from(found, (row) => held.read(row)) };
  }
  yield { kind: 'folded', sketches };
  yield { kind: 'watermarks', watermarks: held.watermarks() };
}

/** Whether a row has the key in its place; for a pair both sides in theirs. */
function rowsNaming(keyType: string, sides: readonly string[], { shape, dictionary, slabs }: Held): (row: number) => boolean {
  const codes = sides.map((side) => dictionary.find(side));
  const entityType = ENTITY_OF[keyType];
  const fields = entityType === undefined ? [] : keyFieldsOf(entityType);
  const places = shape.streams.map((stream) => fields.map((name) => shape.layout(stream).columns.get(name)?.at ?? -1));
  return (row) => {
    const { i32 } = slabs();
    const own = places[i32[row * 2 + 3] as number] ?? [];
    return own.length > 0 && own.every((at, index) => at >= 0 && (codes[index] ?? -1) >= 0 && i32[row * 2 + at] === codes[index]);
  };
}
