import type { Reference, StreamEvent, Value } from '@skyeye/contracts';
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
}

/** What became of one event: each event is exactly one of these, and the counts add up (invariant 1). */
export interface Accounts {
  /** Folded into state and evaluated. */
  readonly folded: number;
  /** Folded, but behind the watermark: no new evaluation. */
  readonly late: number;
  /** The id was folded before. */
  readonly duplicate: number;
  /** Older than every window: dropped. */
  readonly tooLate: number;
}

/** An event with the stamps it was given, and what it caused. */
export interface Folded {
  readonly event: StreamEvent;
  readonly outcome: keyof Accounts;
  readonly evaluations: readonly Evaluation[];
}

/** One part of a checkpoint; parts are structured-cloneable and restored in any order of chunks within a kind. */
export type CheckpointPart =
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
  | { readonly kind: 'events'; readonly events: readonly StreamEvent[] };

export interface EngineStats {
  readonly events: number;
  readonly keys: number;
  readonly accounts: Accounts;
  /** Oldest event time still held, ms; features whose window reaches further are approximate. */
  readonly horizonMs: number;
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
  /** State as parts of bounded size; no event may be folded between the first and the last. Cost: linear in events held. */
  checkpoint(): Iterable<CheckpointPart>;
  /** Takes the parts of a checkpoint into an empty engine. @throws ENGINE_FORMAT_UNKNOWN */
  restore(parts: Iterable<CheckpointPart>): void;
  /** The attributes known of a key at a time: for the reasons and the expected loss. */
  dims(keyType: string, key: string, tMs: number): Readonly<Record<string, Value>>;
  stats(): EngineStats;
}
