import { COMMON_FIELDS, SOURCES, type StreamEvent, type StreamName, type Value } from '@skyeye/contracts';
import { hourOfDay } from '@skyeye/language';
import type { FastPlan } from './fast-plan.ts';
import type { Column } from './layout.ts';
import type { RowStamper } from './row-stamper.ts';
import type { Slabs } from './slabs.ts';
import { STAMPS } from './stamp-fields.ts';

/** Stamps that are written as null, and not left out, where they are not known. */
const NULLABLE: Readonly<Partial<Record<StreamName, readonly string[]>>> = {
  call: ['peer_age_d'],
  sms: ['url_level'],
  web: ['dom_age_d'],
  bank: ['peer_acct_age_d', 'known_dev', 'drain'],
  pay: ['peer_acct_age_d', 'known_dev', 'drain'],
  acct: ['known_dev'],
};

/** Rows as events again. */
export class EventReader {
  readonly #plan: FastPlan;
  readonly #stamper: RowStamper;
  /** By stream: the columns that stamps write, and the names that are null when not known. */
  readonly #stamps: readonly { readonly columns: readonly Column[]; readonly nullable: readonly string[] }[];
  readonly #callPeer: number;

  constructor(plan: FastPlan, stamper: RowStamper) {
    this.#plan = plan;
    this.#stamper = stamper;
    this.#callPeer = plan.shape.layout('call').columns.get('peer')?.at ?? 0;
    this.#stamps = plan.shape.streams.map((stream) => {
      const fields = { ...COMMON_FIELDS, ...SOURCES[stream as StreamName].fields };
      const names = [...STAMPS, 'person', 'phone'].filter((name) => Object.hasOwn(fields, name));
      return {
        columns: names.flatMap((name) => plan.shape.layout(stream).columns.get(name) ?? []),
        nullable: NULLABLE[stream as StreamName] ?? [],
      };
    });
  }

  /** The event behind a row, with the fields that rows keep: all that some feature or stamp reads. */
  read(slabs: Slabs, row: number): StreamEvent {
    const stream = slabs.i32[row * 2 + 3] as number;
    const event = this.#head(slabs, row, stream);
    for (const column of (this.#plan.layouts[stream]?.columns ?? new Map<string, Column>()).values()) {
      const value = this.#cell(slabs, row, column);
      if (value !== null) event[column.name] = value;
    }
    return event;
  }

  #head(slabs: Slabs, row: number, stream: number): Record<string, Value> & { stream: StreamName; id: string; t: number } {
    return { stream: this.#plan.shape.streams[stream] as StreamName, id: slabs.idOf(row), t: slabs.f64[row] as number };
  }

  #cell({ f64, i32 }: Slabs, row: number, { kind, at }: Column): Value {
    const cell = kind === 'number' ? (f64[row + at] as number) : (i32[row * 2 + at] as number);
    if (cell !== cell || (kind !== 'number' && cell < 0)) return null;
    // A small whole number as such, however this code was compiled: the bytes of two checkpoints are compared.
    if (kind === 'number') return (cell | 0) === cell ? cell | 0 : cell;
    return kind === 'bool' ? cell === 1 : this.#plan.dictionary.text(cell);
  }

  /** An event with the stamps of its row, before later events change what they would be. */
  stamped(slabs: Slabs, row: number, event: StreamEvent): StreamEvent {
    const draft: Record<string, Value | undefined> & { stream: StreamName; id: string; t: number } = { ...event };
    const { columns, nullable } = this.#stamps[slabs.i32[row * 2 + 3] as number] ?? { columns: [], nullable: [] };
    for (const column of columns) {
      if (draft[column.name] !== undefined && draft[column.name] !== null) continue;
      const value = this.#cell(slabs, row, column);
      if (value !== null) draft[column.name] = value;
    }
    for (const name of nullable) draft[name] ??= null;
    draft['hod'] ??= hourOfDay(event.t);
    draft['wday'] ??= this.#stamper.isWorkingDay(event.t);
    if (event.stream === 'call') this.#caller(slabs, row, draft);
    return draft;
  }

  /** What is known of the other side of a call as a caller. */
  #caller(slabs: Slabs, row: number, draft: Record<string, Value | undefined>): void {
    const peer = slabs.i32[row * 2 + this.#callPeer] as number;
    if (peer < 0) return;
    draft['peer_goip'] ??= this.#stamper.isGoip(peer, slabs.f64[row] as number);
    const fanOut = this.#stamper.fanOut(row);
    if (fanOut === fanOut) draft['peer_fan24'] ??= fanOut;
  }
}
