import type { Reference, StreamEvent } from '@skyeye/contracts';
import type { CheckpointMark, CheckpointPart } from '../port.ts';
import { errors } from '../errors.ts';
import type { MemoryEntry } from '../stamp-memory.ts';
import type { Contacts } from './contacts.ts';
import type { FastPlan } from './fast-plan.ts';
import type { Journal } from './journal.ts';
import { layoutsOf, rowsBetween, textsBetween } from './packed-rows.ts';
import type { SketchRecord } from './sketch.ts';
import type { Slabs } from './slabs.ts';

/** Written. Older ones are read as well: 1, the first engine's, keeps fan-outs besides the events they come from; 2 has no later parts, 3 no folded events, 4 events as objects. */
export const FORMAT = 5;
/** Texts, or remembered pairs, in a part for every event in one. */
const SMALL = 4;

/** What a checkpoint is made of. */
export interface State {
  readonly plan: FastPlan;
  readonly slabs: () => Slabs;
  readonly contacts: Contacts;
  readonly references: readonly Reference[];
  readonly journal: Journal;
  /** Another one once events have other numbers. */
  readonly epoch: () => object;
  readonly fields: Readonly<Record<string, number>>;
  readonly folded: () => Iterable<SketchRecord>;
  readonly read: (row: number) => StreamEvent;
  readonly head: () => CheckpointPart;
  readonly partSize: number;
}

/** How events, remembered times and texts are written: as they lie, or as objects for those who change them. */
interface Written {
  readonly texts: () => Iterable<CheckpointPart>;
  readonly times: () => Iterable<CheckpointPart>;
  readonly events: (from: number, to: number, later: boolean) => CheckpointPart;
}

/** The parts of a checkpoint. @param as `records`: nothing packed, and complete */
export function* stateParts(
  state: State,
  since: CheckpointMark | undefined,
  as: 'packed' | 'records',
): Generator<CheckpointPart, CheckpointMark> {
  const { plan, slabs, journal, partSize } = state;
  const { dictionary } = plan;
  if (slabs().events.isPacking) throw errors.stateMoved();
  const epoch = state.epoch();
  const isLater = since?.of === epoch && journal.has(since.references);
  let { events, references } = isLater ? since : { events: slabs().events.size, references: journal.end };
  const written = { texts: isLater ? (since.texts ?? 0) : 0 };
  const form = as === 'packed' ? packed(state, written) : records(state);
  const checked = function* (parts: Iterable<CheckpointPart>): Generator<CheckpointPart, void> {
    for (const part of parts) {
      yield part;
      if (state.epoch() !== epoch || !journal.has(references)) throw errors.stateMoved();
    }
  };
  /** The texts that a part needs come before it; what is folded meanwhile may need more. */
  const withTexts = function* (part: CheckpointPart): Generator<CheckpointPart, void> {
    yield* form.texts();
    yield part;
  };
  yield {
    kind: 'start',
    format: FORMAT,
    catalogue: plan.plan.version,
    full: !isLater,
    fields: state.fields,
    ...(isLater ? {} : { rows: layoutsOf(plan) }),
  };
  if (isLater) journal.dropUntil(references);
  else {
    const end = state.references.length;
    for (let from = 0; from < end; from += partSize)
      yield* checked([{ kind: 'reference', records: state.references.slice(from, Math.min(end, from + partSize)) }]);
    // They are read while they grow. What is added meanwhile comes from events and records that follow, and adding it twice changes nothing.
    for (const part of form.times()) yield* checked(withTexts(part));
    for (let from = 0; from < events; from += partSize)
      yield* checked(withTexts(form.events(from, Math.min(events, from + partSize), false)));
  }
  while (journal.end - references > partSize)
    yield* checked([{ kind: 'reference', records: journal.between(references, (references += partSize)) }]);
  while (slabs().events.size - events > partSize) yield* checked(withTexts(form.events(events, (events += partSize), true)));
  yield* checked([{ kind: 'closing' }]);
  const { size } = slabs().events;
  yield { kind: 'reference', records: journal.between(references, journal.end) };
  yield* withTexts(form.events(events, size, true));
  for (const record of state.folded()) yield { kind: 'folded', sketches: [record] };
  yield state.head();
  return { of: epoch, events: size, references: journal.end, texts: Math.min(written.texts, dictionary.size) };
}

function packed({ plan, slabs, contacts, partSize }: State, written: { texts: number }): Written {
  const { dictionary } = plan;
  return {
    *texts() {
      for (const end = dictionary.size; written.texts < end;) {
        const from = written.texts;
        written.texts = Math.min(end, from + partSize * SMALL);
        yield { kind: 'texts', from, texts: textsBetween(dictionary.packed, from, written.texts) };
      }
    },
    *times() {
      for (let slot = 0, end = contacts.slots; slot < end; slot += partSize * SMALL)
        yield { kind: 'times', ...contacts.packed(slot, Math.min(end, slot + partSize * SMALL)) };
    },
    events: (from, to, later) => ({ kind: 'rows', later, ...rowsBetween(slabs(), plan, from, to) }),
  };
}

function records({ plan, slabs, contacts, partSize, read }: State): Written {
  return {
    texts: () => [],
    *times() {
      let entries: MemoryEntry[] = [];
      for (const entry of contacts.entries(plan.dictionary)) {
        entries.push(entry);
        if (entries.length < partSize) continue;
        yield { kind: 'stamps', entries };
        entries = [];
      }
      yield { kind: 'stamps', entries };
    },
    events(from, to, later) {
      const rows = slabs()
        .events.rows.subarray(from, to)
        .filter((row) => row !== 0);
      return { kind: 'events', events: Array.from(rows, (row) => read(row)), ...(later ? { later } : {}) };
    },
  };
}
