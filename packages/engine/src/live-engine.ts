import type { Reference, StreamEvent, Value } from '@skyeye/contracts';
import type { World } from '@skyeye/language';
import { erasing, type EntityKey } from './erasure.ts';
import { errors } from './errors.ts';
import { entityParts } from './fast/entity-parts.ts';
import { FastEngine, type FastEngineOptions } from './fast/fast-engine.ts';
import { heldWorld } from './fast/held-history.ts';
import type { Plan } from './plan.ts';
import type { CheckpointMark, CheckpointPart, Engine, EngineStats, Evaluation, Folded } from './port.ts';
import { explain, type Explanation } from './why.ts';

/** Where a value was, or would be, evaluated: at an event that is held, or at a time (minute clocks). */
export type WhyAt = { readonly eventId: string } | { readonly tMs: number };

/** The ceiling is looked at once for so many events. */
const LOOK_EVERY = 64;

export interface LiveEngineOptions extends FastEngineOptions {
  /**
   * Ceiling of `bytes`. At it `ingest` takes no more events: back-pressure, and never a crash. Slabs
   * grow a quarter at a time, and the process needs some hundred megabytes besides. Default: none.
   */
  readonly bytesMax?: number;
}

/** What an engine holds, in numbers. */
export interface LiveStats extends EngineStats {
  /** Keys by kind, as the language names kinds. */
  readonly entities: Readonly<Record<string, number>>;
  /** Bytes of the rows by stream; the lists of the keys, the tables and the texts are the rest of `bytes`. */
  readonly bytesByStream: Readonly<Record<string, number>>;
  readonly bytes: number;
  /** How often the oldest tenth was forgotten. */
  readonly evictions: number;
  /** Keys whose values may lack what was forgotten: all of them once the horizon has moved, before that the busy ones past their cap. */
  readonly approximate: number;
  readonly full: boolean;
}

/**
 * The compiled engine with what is asked of it while it runs: why a value is what it is, keys that move or are erased,
 * catalogues that change. What changes the state as a whole builds another one beside, step by step while events are
 * folded, and takes its place: no pause is longer than a step, and for that time there are two.
 */
export class LiveEngine implements Engine {
  #options: LiveEngineOptions;
  #core: FastEngine;
  #isRebuilding = false;
  #evictions = 0;

  constructor(options: LiveEngineOptions) {
    this.#options = options;
    this.#core = new FastEngine(options);
  }

  get plan(): Plan {
    return this.#options.plan;
  }

  learn(records: readonly Reference[]): void {
    this.#core.learn(records);
  }

  /** One entry per event taken: at the ceiling of memory fewer than were given, the first ones. */
  ingest(batch: readonly StreamEvent[], lanes?: readonly string[]): readonly Folded[] {
    const out: Folded[] = [];
    for (let from = 0; from < batch.length && !this.full; from += LOOK_EVERY) {
      const { horizonMs } = this.#core.stats();
      for (const folded of this.#core.ingest(batch.slice(from, from + LOOK_EVERY), lanes?.slice(from, from + LOOK_EVERY)))
        out.push(this.#core.warming.size === 0 ? folded : { ...folded, evaluations: this.#said(folded.evaluations) });
      if (this.#core.stats().horizonMs !== horizonMs) this.#evictions += 1;
    }
    return out;
  }

  /**
   * Bytes of events, keys, remembered contacts, attributes and texts. Not counted are reference records, which are kept as
   * objects for checkpoints: at a million keys a process held some 650 MB besides, these and its own among them.
   */
  get bytes(): number {
    return this.#core.bytes;
  }

  /** At the ceiling: nothing more is taken until keys are forgotten or the ceiling is raised. */
  get full(): boolean {
    return this.#options.bytesMax !== undefined && this.bytes >= this.#options.bytesMax;
  }

  peek(event: StreamEvent): Pick<Folded, 'event' | 'evaluations'> {
    const { event: stamped, evaluations } = this.#core.peek(event);
    return { event: stamped, evaluations: this.#said(evaluations) };
  }

  tick(nowMs: number): readonly Evaluation[] {
    return this.#said(this.#core.tick(nowMs));
  }

  /** Values of features that do not know all of their window say so. */
  #said(evaluations: readonly Evaluation[]): readonly Evaluation[] {
    const { warming } = this.#core;
    if (warming.size === 0) return evaluations;
    return evaluations.map((evaluation) => {
      const untilMs = warming.get(evaluation.feature) ?? 0;
      return evaluation.t < untilMs ? { ...evaluation, warmingUntil: untilMs } : evaluation;
    });
  }

  /** Features that warm up, with the event time from which on they know all of their window, ms. */
  get warming(): ReadonlyMap<string, number> {
    return this.#core.warming;
  }

  dims(keyType: string, key: string, tMs: number): Readonly<Record<string, Value>> {
    return this.#core.dims(keyType, key, tMs);
  }

  *checkpoint(since?: CheckpointMark): Generator<CheckpointPart, CheckpointMark> {
    const core = this.#core;
    const parts = core.checkpoint(since);
    for (let next = parts.next(); ; next = parts.next()) {
      if (next.done === true) return next.value;
      yield next.value;
      // Another state has taken its place: what is folded now is in that one only.
      if (this.#core !== core) throw errors.stateMoved();
    }
  }

  restore(parts: Iterable<CheckpointPart>): void {
    this.#core.restore(parts);
  }

  take(part: CheckpointPart): void {
    this.#core.take(part);
  }

  stats(): EngineStats {
    return this.#core.stats();
  }

  /** All numbers. */
  usage(): LiveStats {
    const stats = this.#core.stats();
    const { shape, slabs } = this.#core.held;
    const { tables, counts } = slabs();
    return {
      ...stats,
      entities: Object.fromEntries(shape.entityTypes.map((type, index) => [type, tables[index]?.live ?? 0])),
      bytesByStream: Object.fromEntries(
        shape.streams.map((stream, index) => [stream, (counts[index] as number) * shape.layout(stream).units * 8]),
      ),
      bytes: this.bytes,
      evictions: this.#evictions,
      approximate: stats.horizonMs > 0 ? stats.keys : (stats.approximate ?? 0),
      full: this.full,
    };
  }

  /**
   * The events that made a value, with how each counted, by the definition over the events held: the value is the one that
   * was said at that event, unless an event behind the time of correction came since. Nothing is changed. Cost: a rescan of
   * the key's history for each of at most 200 events. @throws ENGINE_NOT_HELD for an event or feature that is not there
   */
  why(feature: string, key: string, at: WhyAt): Explanation {
    const planned = this.plan.features.find(({ id }) => id === feature);
    if (planned === undefined) throw errors.notHeld({ feature });
    const { held } = this.#core;
    const worldOf = (hidden?: string): World => heldWorld(held, hidden);
    if (!('eventId' in at)) return explain(planned, key, at, worldOf);
    const row = held.slabs().events.find(at.eventId);
    if (row === 0) throw errors.notHeld({ eventId: at.eventId });
    return explain(planned, key, { event: held.read(row) }, worldOf);
  }

  /**
   * What is held of a key, for `importEntity` of another engine: reference data, remembered contacts, events with their
   * stamps. Events may be folded between two parts; none of the key's after the last one. Cost: a pass over the state in
   * steps of some milliseconds, since a key is named in more events than those under it.
   */
  exportEntity(keyType: string, key: string): Generator<CheckpointPart> {
    return entityParts(keyType, key, this.#core.held);
  }

  /**
   * Takes what another engine exported; repeating it changes nothing. The values of the key are then the same as there, as
   * far as they look at the key alone: what looks at others needs those, too. The lanes count as read as far as there: what
   * would have been late there is late here. Accounts stay what they are.
   */
  importEntity(parts: Iterable<CheckpointPart>): void {
    for (const part of parts) this.#core.add(part);
  }

  /**
   * Erases keys in steps: run through it, folding in between. Events of a key are gone; where it is the other side of
   * somebody else's event, a word that stands for nobody takes its place. Afterwards neither state nor dictionary nor the
   * next checkpoint, which is complete, has a trace of it. Cost: the state built anew. @throws ENGINE_REBUILDING (retry)
   */
  forget(keys: readonly EntityKey[]): Generator<void> {
    return this.#rebuild(this.#options, erasing(keys));
  }

  /**
   * Takes on another catalogue in steps: run through it, folding in between; its features are evaluated once it has ended.
   * They know what is held; a field that no feature read before is known from then on, and values that would need it from
   * earlier say `warmingUntil`. Cost: the state built anew. @throws ENGINE_REBUILDING (retry)
   */
  adopt(plan: Plan): Generator<void> {
    return this.#rebuild({ ...this.#options, plan }, (part) => part);
  }

  *#rebuild(options: LiveEngineOptions, change: (part: CheckpointPart) => CheckpointPart): Generator<void> {
    if (this.#isRebuilding) throw errors.rebuilding();
    this.#isRebuilding = true;
    try {
      const next = new FastEngine(options);
      let closing = false;
      for (const part of this.#core.checkpoint(undefined, 'records')) {
        next.take(change(part));
        closing ||= part.kind === 'closing';
        if (!closing) yield;
      }
      this.#core = next;
      this.#options = options;
    } finally {
      this.#isRebuilding = false;
    }
  }
}
