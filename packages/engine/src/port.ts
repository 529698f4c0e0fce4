import type { Reference, StreamEvent, Value } from '@skyeye/contracts';
import type { SketchRecord } from './fast/sketch.ts';
import type { MemoryEntry } from './stamp-memory.ts';

/** One feature's value for one key at one as-of point. */
export interface Evaluation {
  readonly feature: string;
  /** Kind of key as the catalogue names it: person, phone, number, acct, pair_aa, device, ip, domain, app, merchant, addr, to_addr. */
  readonly keyType: string;
  readonly key: string;
  /** The person behind the event that caused it; null where nobody is linked. */
  readonly person: string | null;
  readonly value: Value;
  /** Null and not-evaluated features never fire. */
  readonly fires: boolean;
  /** As-of point: event time, ms, and the event's id; null for a minute clock. */
  readonly t: number;
  readonly eventId: string | null;
  /** The feature is new and does not know all of its window: until this event time its value may be too low. Absent: it does. */
  readonly warmingUntil?: number;
  /** The window reaches behind the events held of a busy key: counts, sums, extremes and different values are within stated bounds, all else sees only the newest events. Absent: exact. */
  readonly approximate?: true;
}

/** What became of one event: each event is exactly one of these, and the counts add up (invariant 1). */
export interface Accounts {
  /** Folded into state and evaluated. */
  readonly folded: number;
  /** Folded, but behind the watermark: no new evaluation. */
  readonly late: number;
  /** The id was folded before. */
  readonly duplicate: number;
  /** Older than every window, or than the events held of a busy key: dropped. */
  readonly tooLate: number;
}

/** An event with the stamps it was given, and what it caused. */
export interface Folded {
  readonly event: StreamEvent;
  readonly outcome: keyof Accounts;
  readonly evaluations: readonly Evaluation[];
}

/**
 * One part of a checkpoint; parts are structured-cloneable. A complete one begins with `start` and ends with `head`; later
 * ones that begin with `start` and `full: false` add to it what came since. Formats 1 and 2 begin with the head; up to 4
 * events and remembered times are objects.
 */
export type CheckpointPart =
  | {
      readonly kind: 'start';
      readonly format: number;
      readonly catalogue: string;
      /** Everything held, or what came since the checkpoint before. */
      readonly full: boolean;
      /** Fields that the events carry, `<stream>.<field>`, with the event time from which on they were kept, ms; 0: always. */
      readonly fields: Readonly<Record<string, number>>;
      /** How packed rows lie, by number of the stream; in complete ones from format 5 on. */
      readonly rows?: readonly PackedLayout[];
    }
  | {
      readonly kind: 'head';
      readonly format: number;
      readonly catalogue: string;
      /** Newest event time per lane and stream, `<lane>/<stream>`. */ readonly watermarks: Readonly<Record<string, number>>;
      readonly accounts: Accounts;
      readonly sessions: readonly string[];
    }
  | { readonly kind: 'reference'; readonly records: readonly Reference[] }
  | { readonly kind: 'stamps'; readonly entries: readonly MemoryEntry[] }
  /** `later`: what the stamps remember of them is in no other part. */
  | { readonly kind: 'events'; readonly events: readonly StreamEvent[]; readonly later?: boolean }
  /**
   * Format 5 writes what lies in slabs as it lies, in the codes of the engine that wrote it, whose texts come in parts before:
   * texts from a code on; remembered times, three numbers a pair (both sides, the second times 16 with the kind added, and how
   * many times) and the times, the newest first; rows one behind the other, with the ids of their events.
   */
  | { readonly kind: 'texts'; readonly from: number; readonly texts: PackedTexts }
  | { readonly kind: 'times'; readonly pairs: Int32Array; readonly times: Float64Array }
  | { readonly kind: 'rows'; readonly ids: PackedTexts; readonly cells: Int32Array; readonly later: boolean }
  /** What is left of the oldest events of busy keys. */
  | { readonly kind: 'folded'; readonly sketches: readonly SketchRecord[] }
  /** Of an exported key: how far the lanes were read where it was held. */
  | { readonly kind: 'watermarks'; readonly watermarks: Readonly<Record<string, number>> }
  /** What follows is few, and of one moment: nothing may be folded until the last part is made. */
  | { readonly kind: 'closing' };

/** Texts one behind the other: the first word of each and of what is behind the last. */
export interface PackedTexts {
  readonly starts: Int32Array;
  readonly words: Int32Array;
}

/** Rows of a stream: numbers at an offset in units of eight bytes, others in units of four. */
export interface PackedLayout {
  readonly stream: string;
  readonly units: number;
  readonly columns: readonly { readonly name: string; readonly kind: 'number' | 'code' | 'bool'; readonly at: number }[];
  /** What the predicate words say, as text: the same text, the same bits. */
  readonly filters: string;
}

/** Up to where a checkpoint says everything; only for the engine that made it. */
export interface CheckpointMark {
  readonly of: object;
  readonly events: number;
  readonly references: number;
  /** Texts that it has; absent: none. */
  readonly texts?: number;
}

export interface EngineStats {
  readonly events: number;
  readonly keys: number;
  readonly accounts: Accounts;
  /** Oldest event time still held, ms; features whose window reaches further are approximate. */
  readonly horizonMs: number;
  /** People, phones and accounts whose oldest events are folded. Absent: none. */
  readonly approximate?: number;
}

/**
 * The engine: events in, feature values out. Pure: no clock, no I/O; time is the events' own. Values depend only on the
 * set of events and the as-of point, whatever the order of arrival within the allowed lateness (invariant 2).
 */
export interface Engine {
  /** Reference data, valid from then on for every stamp and dim. Repeating a record changes nothing. */
  learn(records: readonly Reference[]): void;
  /**
   * Folds a micro-batch; one entry per event, in the order given. `lanes` names for each event the partition it came
   * through: watermarks are per lane and stream, so that a partition read behind another is not late. Cost: the history of
   * the touched keys, per triggered feature.
   */
  ingest(batch: readonly StreamEvent[], lanes?: readonly string[]): readonly Folded[];
  /** What the features would be if this event had happened now. Nothing is kept. */
  peek(event: StreamEvent): Pick<Folded, 'event' | 'evaluations'>;
  /** The minute clock: features with a timer trigger, for every key with an open session. At most every 30 s of county time. */
  tick(nowMs: number): readonly Evaluation[];
  /**
   * State as parts of bounded size: all of it, or with `since` what came after that mark where the engine still can tell.
   * Events may be folded between two parts up to the part `closing`: the state is the one in which the last part is made.
   * Cost: linear in events held, or in those since the mark. @throws ENGINE_STATE_MOVED (retry) when old events were
   * forgotten meanwhile
   */
  checkpoint(since?: CheckpointMark): Generator<CheckpointPart, CheckpointMark | null>;
  /** Takes the parts of a checkpoint into an empty engine, those of the later ones behind it. @throws ENGINE_FORMAT_UNKNOWN */
  restore(parts: Iterable<CheckpointPart>): void;
  /** One part of those, in their order: so that a start need not hold them all at once. */
  take(part: CheckpointPart): void;
  /** The attributes known of a key at a time: for the reasons and the expected loss. */
  dims(keyType: string, key: string, tMs: number): Readonly<Record<string, Value>>;
  stats(): EngineStats;
}
