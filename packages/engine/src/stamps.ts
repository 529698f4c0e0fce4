import { COMMON_FIELDS, SOURCES, STREAM_NAMES, type Reference, type StreamEvent, type StreamName } from '@skyeye/contracts';
import { NO_HOLIDAYS, pairKey, type HolidayTable } from '@skyeye/language';
import { StampMemory, type MemoryEntry } from './stamp-memory.ts';
import { remember, STAMP_RULES, type Draft, type StampReference, type StampRule, type StampWorld } from './stamp-rules.ts';

export type { MemoryEntry } from './stamp-memory.ts';
export type { StampReference } from './stamp-rules.ts';

export interface StamperOptions {
  /** Owners, kin, ages, intelligence; null when only the events are known. */
  readonly reference: StampReference | null;
  /** Empty when absent, as in the golden sets. Days are those of Asia/Shanghai. */
  readonly holidays?: HolidayTable;
  /** 'given' (default): a field already present stays. 'computed': recomputes every stamp whose inputs are there. */
  readonly mode?: 'given' | 'computed';
  /** Prefecture of residence, the first four digits of an adcode; Liaocheng when absent. */
  readonly homePrefecture?: string;
}

/**
 * Computes the fields of origin S and D. A stamp is a function of the events at or before the event's own time, not of
 * their arrival. np180, np180p and known_dev look at what is older than 24 hours, so that lateness below that never
 * changes a stamp already given; first_inst, first_tool, peer_goip and peer_fan24 look up to the event itself: when an
 * event comes late, `again` tells what a stored later event would be stamped now.
 */
export interface Stamper {
  /** Remembers the event and returns it with its stamps. Repeating an event changes nothing. Cost: a few look-ups. */
  stamp(event: StreamEvent): StreamEvent;
  /**
   * The stamps of an event without remembering it: what-if questions, and stored events after a late one. In mode
   * 'given' pass the bare event: stamps that it carries already stay.
   */
  again(event: StreamEvent): StreamEvent;
  /** Last contacts, payees, devices and apps from before the first day. */
  learn(record: Reference): void;
  /** Drops what no event from `ms` on can see. */
  forgetBefore(ms: number): void;
  /** Everything remembered, as structured-cloneable parts; and back, into any stamper. */
  memory(): Iterable<MemoryEntry>;
  restore(entry: MemoryEntry): void;
}

export function createStamper({ reference, holidays = NO_HOLIDAYS, mode = 'given', homePrefecture = '3715' }: StamperOptions): Stamper {
  const memory = new StampMemory();
  const world: StampWorld = { memory, reference, holidays, homePrefecture };
  const stamped = (event: StreamEvent, keep: boolean): StreamEvent => {
    const draft: Draft = { ...event };
    const rules = RULES_OF.get(event.stream) ?? [];
    // Fan-out counts the call itself, and what is remembered depends on stamps (live, person): those come first.
    for (const rule of rules)
      if (rule.field === 'live' || rule.field === 'person' || rule.field === 'phone') apply(rule, draft, world, mode);
    if (keep) remember(draft, world);
    for (const rule of rules) apply(rule, draft, world, mode);
    return draft;
  };
  return {
    stamp: (event) => stamped(event, true),
    again: (event) => stamped(event, false),
    learn: (record) => learn(record, memory, reference),
    forgetBefore: (ms) => memory.forgetBefore(ms),
    memory: () => memory.entries(),
    restore: (entry) => memory.restore(entry),
  };
}

const RULES_OF: ReadonlyMap<StreamName, readonly StampRule[]> = new Map(
  STREAM_NAMES.map((stream) => [
    stream,
    STAMP_RULES.filter(({ field, streams }) =>
      streams === null
        ? Object.hasOwn(COMMON_FIELDS, field)
        : streams.includes(stream) && (field === 'phone' || Object.hasOwn(SOURCES[stream].fields, field)),
    ),
  ]),
);

/** Who an event belongs to is what the source or ingest said; only a missing reference is filled in. */
const EGO = new Set(['phone', 'person']);

function apply(rule: StampRule, draft: Draft, world: StampWorld, mode: 'given' | 'computed'): void {
  const present = draft[rule.field];
  const known = present !== undefined && present !== null;
  if (known && (mode === 'given' || EGO.has(rule.field))) return;
  const value = rule.compute(draft, world);
  if (value !== undefined) draft[rule.field] = value;
}

function learn(record: Reference, memory: StampMemory, reference: StampReference | null): void {
  switch (record.kind) {
    case 'contact':
      memory.remember('contact', pairKey(record.phone, record.peer), record.lastMs);
      return;
    case 'payee': {
      memory.remember('payment', pairKey(`${record.dir}\u0000${record.acct}`, record.peer), record.lastMs);
      const holder = reference?.holderOf(record.acct, record.lastMs) ?? null;
      if (holder !== null) memory.remember('personPayment', pairKey(`${record.dir}\u0000${holder}`, record.peer), record.lastMs);
      return;
    }
    case 'device':
      memory.remember('login', pairKey(record.acct, record.device), record.lastMs);
      return;
    case 'app':
      memory.remember(record.tool ? 'tool' : 'app', pairKey(record.phone, record.pkg), record.lastMs);
      return;
    default:
  }
}
