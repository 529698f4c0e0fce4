import type { PackedLayout, PackedTexts } from '../port.ts';
import type { Dictionary } from './dictionary.ts';
import type { FastPlan } from './fast-plan.ts';
import { HEAD_UNITS, type Column, type Layout } from './layout.ts';
import type { Slabs } from './slabs.ts';
import { Texts } from './texts.ts';

/** How the rows of an engine lie, for engines with another catalogue: fields by name. */
export const layoutsOf = ({ layouts, shape }: FastPlan): readonly PackedLayout[] =>
  shape.streams.map((stream, index) => {
    const layout = layouts[index] as Layout;
    return {
      stream,
      units: layout.units,
      columns: [...layout.columns.values()].filter(({ name }) => name !== 't').map(({ name, kind, at }) => ({ name, kind, at })),
      filters: JSON.stringify([...layout.filters.keys()]),
    };
  });

/** Texts by number from one on, as they lie. */
export function textsBetween(texts: Texts, from: number, to: number): PackedTexts {
  const first = texts.starts[from] as number;
  return {
    starts: texts.starts.slice(from, to + 1).map((start) => start - first),
    words: texts.words.slice(first, texts.starts[to]),
  };
}

/** The rows of some events, as they lie, with their ids. @param numbers of the events, those dropped among them */
export function rowsBetween(slabs: Slabs, { layouts }: FastPlan, from: number, to: number): { ids: PackedTexts; cells: Int32Array } {
  const { i32, events } = slabs;
  const unitsOf = (row: number): number => layouts[i32[row * 2 + 3] as number]?.units ?? 0;
  const ids = new Texts();
  let length = 0;
  for (let number = from; number < to; number++) {
    const row = events.rows[number] as number;
    if (row === 0) continue;
    length += unitsOf(row) * 2;
    const { starts, words } = events.texts;
    const start = starts[number] as number;
    ids.push(words, start, (starts[number + 1] as number) - start);
  }
  const cells = new Int32Array(length);
  let at = 0;
  for (let number = from; number < to; number++) {
    const row = events.rows[number] as number;
    if (row === 0) continue;
    const end = at + unitsOf(row) * 2;
    for (let cell = row * 2; at < end;) cells[at++] = i32[cell++] as number;
  }
  return { ids: textsBetween(ids, 0, ids.size), cells };
}

/** How a row of a stream becomes one of ours. */
interface Way {
  readonly units: number;
  /** Number of the stream here; −1: it is none any more. */
  readonly stream: number;
  /** The rows lie alike, predicates included. */
  readonly isSame: boolean;
  readonly columns: readonly { readonly from: number; readonly to: number; readonly kind: Column['kind'] }[];
  /** Places of codes in a row that lies alike. */
  readonly codes: readonly number[];
}

/** Reads packed parts: codes of the engine that wrote them become ours when something first has them, so that texts of nothing stay behind. */
export class PackedReader {
  readonly #plan: FastPlan;
  readonly #dictionary: Dictionary;
  readonly #ways: readonly Way[];
  readonly #texts = new Texts();
  #codes = new Int32Array(4_096).fill(-1);

  constructor(plan: FastPlan, layouts: readonly PackedLayout[]) {
    this.#plan = plan;
    this.#dictionary = plan.dictionary;
    const own = layoutsOf(plan);
    this.#ways = layouts.map((layout) => {
      const stream = plan.streamIndex(layout.stream);
      const columns = layout.columns.flatMap(({ name, kind, at }) => {
        const column = plan.layouts[stream]?.columns.get(name);
        return column?.kind === kind ? [{ from: at, to: column.at, kind }] : [];
      });
      const isSame = JSON.stringify(layout) === JSON.stringify(own[stream]);
      return { units: layout.units, stream, isSame, columns, codes: columns.flatMap(({ from, kind }) => (kind === 'code' ? [from] : [])) };
    });
  }

  /** Texts known so far: the next part begins there. */
  get size(): number {
    return this.#texts.size;
  }

  texts({ starts, words }: PackedTexts): void {
    const size = this.#texts.size + starts.length - 1;
    if (size > this.#codes.length) {
      const larger = new Int32Array(Math.max(size, this.#codes.length * 2)).fill(-1);
      larger.set(this.#codes);
      this.#codes = larger;
    }
    for (let index = 0; index + 1 < starts.length; index++)
      this.#texts.push(words, starts[index] as number, (starts[index + 1] as number) - (starts[index] as number));
  }

  /** Our code of one of theirs. */
  code(theirs: number): number {
    let code = this.#codes[theirs] as number;
    if (code >= 0) return code;
    const { starts, words } = this.#texts;
    const start = starts[theirs] as number;
    code = this.#dictionary.codeOf(words, start, (starts[theirs + 1] as number) - start);
    this.#codes[theirs] = code;
    return code;
  }

  /** Puts rows into the slabs. `entered` is told of each, in order. */
  rows(slabs: Slabs, { ids, cells }: { readonly ids: PackedTexts; readonly cells: Int32Array }, entered: (row: number) => void): void {
    let at = 0;
    for (let index = 0; index + 1 < ids.starts.length; index++) {
      const way = this.#ways[cells[at + 3] as number] as Way;
      if (way.stream >= 0) {
        const row = slabs.reserve(this.#plan.layouts[way.stream]?.units ?? 0);
        if (way.isSame) this.#same(slabs, row, way, cells, at);
        else this.#other(slabs, row, way, cells, at);
        const [start, end] = [ids.starts[index] as number, ids.starts[index + 1] as number];
        slabs.i32[row * 2 + 2] = slabs.events.pushWords(ids.words, start, end - start, row);
        slabs.i32[row * 2 + 3] = way.stream;
        if (!way.isSame) this.#plan.writers[way.stream]?.bits(slabs, row);
        slabs.enter(row);
        slabs.events.enter(slabs.i32[row * 2 + 2] as number);
        entered(row);
      }
      at += way.units * 2;
    }
  }

  #same({ i32 }: Slabs, row: number, { units, codes }: Way, cells: Int32Array, at: number): void {
    for (let cell = 0; cell < units * 2; cell++) i32[row * 2 + cell] = cells[at + cell] as number;
    for (const place of codes) {
      const theirs = cells[at + place] as number;
      if (theirs >= 0) i32[row * 2 + place] = this.code(theirs);
    }
  }

  #other({ i32, f64 }: Slabs, row: number, { stream, columns }: Way, cells: Int32Array, at: number): void {
    i32[row * 2] = cells[at] as number;
    i32[row * 2 + 1] = cells[at + 1] as number;
    i32.fill(0, (row + HEAD_UNITS) * 2, (row + (this.#plan.layouts[stream]?.units ?? HEAD_UNITS)) * 2);
    for (const { name, kind, at: place } of this.#plan.layouts[stream]?.columns.values() ?? []) {
      if (name === 't') continue;
      if (kind === 'number') f64[row + place] = Number.NaN;
      else i32[row * 2 + place] = -1;
    }
    for (const { from, to, kind } of columns) {
      if (kind === 'number') {
        i32[(row + to) * 2] = cells[at + from * 2] as number;
        i32[(row + to) * 2 + 1] = cells[at + from * 2 + 1] as number;
        continue;
      }
      const cell = cells[at + from] as number;
      i32[row * 2 + to] = kind === 'code' && cell >= 0 ? this.code(cell) : cell;
    }
  }
}
