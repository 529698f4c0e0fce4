import { SOURCES, type Reference, type StreamEvent, type StreamName, type Value } from '@skyeye/contracts';
import { assert } from '@skyeye/foundation';
import type { Dimensions, HolidayTable } from '@skyeye/language';
import { errors } from '../errors.ts';
import type { Plan } from '../plan.ts';
import type { Accounts, CheckpointMark, CheckpointPart, Engine, EngineStats, Evaluation, Folded } from '../port.ts';
import { ENTITY_OF } from '../scope.ts';
import { Bounds, KEY_EVENTS_MAX } from './bounds.ts';
import { Evaluator, type InScope } from './evaluator.ts';
import { EventReader } from './event-reader.ts';
import { FastPlan, type Program } from './fast-plan.ts';
import { HeldFields } from './held-fields.ts';
import type { Held } from './held.ts';
import { Helpers } from './helpers.ts';
import { Journal } from './journal.ts';
import { outsideOf } from './outside.ts';
import { PackedReader } from './packed-rows.ts';
import { Reaches } from './reaches.ts';
import { Registry } from './registry.ts';
import { RowStamper } from './row-stamper.ts';
import { Slabs } from './slabs.ts';
import { FORMAT, stateParts } from './state-parts.ts';
import { Watermarks } from './watermarks.ts';

const FORMATS: ReadonlySet<number> = new Set([1, 2, 3, 4, FORMAT]);
const DAY_MS = 86_400_000;
/** Reference data that lives on as remembered times and need not be kept besides. */
const STAMP_ONLY: ReadonlySet<Reference['kind']> = new Set<Reference['kind']>(['contact', 'payee', 'device', 'app']);
type Outcome = keyof Accounts;

export interface FastEngineOptions {
  readonly plan: Plan;
  readonly holidays: HolidayTable;
  /** Events held at most. Past it the oldest tenth is forgotten and `horizonMs` moves up. */
  readonly eventsMax?: number;
  /**
   * Events of one stream of one key at most, 16 or more; default 100,000. Past it the oldest are folded: windows that reach
   * behind those held say `approximate` and are as near as `Sketch` states.
   */
  readonly keyEventsMax?: number;
  /** Oldest event that a window can reach, ms before the newest; older ones are dropped. Default 190 days. */
  readonly reachMs?: number;
  /** `residents`: person, phone and account features for the county's own only. `all`: for every key. */
  readonly scope?: 'residents' | 'all';
  /** Attributes from elsewhere than reference data: files of attributes. */
  readonly dims?: Dimensions;
  /** Lists of a key from this length on keep cursors and blocks: 4 or more. Only the speed depends on it. */
  readonly hotAt?: number;
  /** Events carry their stamps already: none is added. Default false. */
  readonly stamped?: boolean;
  /** Events or records in one part of a checkpoint. Default 1,000: some milliseconds' work. */
  readonly partSize?: number;
}

/**
 * The compiled engine: events as rows of numbers, features as programs over them. Equal to the definition, value by
 * value, whatever the order of arrival within the allowed lateness.
 */
export class FastEngine implements Engine {
  readonly #plan: FastPlan;
  readonly #holidays: HolidayTable;
  readonly #registry: Registry;
  readonly #stamper: RowStamper;
  readonly #reader: EventReader;
  readonly #dims: Dimensions | undefined;
  readonly #eventsMax: number;
  readonly #reachMs: number;
  readonly #scope: 'residents' | 'all';
  readonly #stamped: boolean;
  readonly #hotAt: number | undefined;
  readonly #partSize: number;
  readonly #keyEventsMax: number;
  readonly #bounds: Bounds;
  readonly #latenessMs: readonly number[];
  #slabs: Slabs;
  #evaluator: Evaluator;
  readonly #references: Reference[] = [];
  /** Reference data since the last checkpoint; none before the first. */
  #journal: Journal | undefined;
  /** Another one once events have other numbers: a checkpoint then cannot add to the one before. */
  #epoch: object = {};
  readonly #fields: HeldFields;
  /** Of the checkpoint that is read, until something else is done. */
  #packed: PackedReader | undefined;
  readonly #watermarks: Watermarks;
  #newestMs = 0;
  #horizonMs = 0;
  /** Phones with an open call or sharing session. */
  readonly #sessions = new Set<string>();
  readonly #accounts: { -readonly [K in Outcome]: number } = { folded: 0, late: 0, duplicate: 0, tooLate: 0 };
  #timers: Program | undefined;

  constructor({
    plan,
    holidays,
    eventsMax = 4_000_000,
    keyEventsMax = KEY_EVENTS_MAX,
    reachMs = 190 * DAY_MS,
    scope = 'residents',
    dims,
    stamped = false,
    hotAt,
    partSize = 1_000,
  }: FastEngineOptions) {
    this.#plan = new FastPlan(plan);
    this.#watermarks = new Watermarks(this.#plan);
    const { shape, dictionary, gated } = this.#plan;
    this.#holidays = holidays;
    this.#registry = new Registry(dictionary, gated);
    this.#dims = dims;
    this.#eventsMax = eventsMax;
    this.#reachMs = reachMs;
    this.#keyEventsMax = keyEventsMax;
    this.#scope = scope;
    this.#stamped = stamped;
    this.#hotAt = hotAt;
    this.#partSize = partSize;
    this.#latenessMs = shape.streams.map((stream) => SOURCES[stream as StreamName].delay.allowedLatenessMs);
    this.#stamper = new RowStamper({ registry: this.#registry, slabs: () => this.#slabs, shape, dictionary, holidays });
    this.#reader = new EventReader(this.#plan, this.#stamper);
    this.#fields = new HeldFields(plan, shape);
    [this.#slabs, this.#evaluator] = this.#empty();
    this.#bounds = new Bounds({
      plan: this.#plan,
      slabs: () => this.#slabs,
      cap: keyEventsMax,
      reachMs,
      renumbered: () => (this.#epoch = {}),
    });
  }

  /** A new state, with the programs bound to it. */
  #empty(): [Slabs, Evaluator] {
    const { shape, dictionary } = this.#plan;
    const slabs = new Slabs(shape, dictionary, this.#hotAt);
    slabs.cap = this.#keyEventsMax;
    const outside = outsideOf(this.#plan, this.#registry, this.#dims, this.#scope);
    this.#plan.bind(slabs, new Helpers(slabs, shape, this.#holidays, outside));
    this.#timers = undefined;
    const inScope: InScope = (keyType, code, tMs) => this.#scope === 'all' || this.#registry.isInScope(keyType, code, tMs);
    const reaches = new Reaches(this.#plan, slabs);
    const approximation = (): Reaches | undefined => (this.#bounds.hasSketches ? reaches : undefined);
    return [slabs, new Evaluator(this.#plan, slabs, inScope, approximation)];
  }

  learn(records: readonly Reference[]): void {
    for (const record of records) {
      if (record.kind === 'history') {
        if (this.#slabs.events.find(record.event.id) !== 0 || record.event.t <= this.#horizonMs || this.#bounds.isFolded(record.event))
          continue;
        this.#keep(record.event);
        this.#openSession(record.event);
        continue;
      }
      this.#registry.learn(record);
      if (!this.#stamped) this.#stamper.learn(record);
      if (!STAMP_ONLY.has(record.kind)) this.#references.push(record);
      this.#journal?.push(record);
    }
  }

  ingest(batch: readonly StreamEvent[], lanes: readonly string[] = []): readonly Folded[] {
    const out = batch.map((event, index): Folded => {
      const outcome = this.fold(event, lanes[index]);
      if (outcome === 'duplicate' || outcome === 'tooLate') return { event, outcome, evaluations: [] };
      const row = this.#slabs.events.rows[this.#slabs.events.size - 1] as number;
      return {
        event: this.#stamped ? event : this.#reader.stamped(this.#slabs, row, event),
        outcome,
        evaluations: outcome === 'late' ? [] : this.#evaluator.evaluations(),
      };
    });
    if (this.#slabs.events.live > this.#eventsMax) this.#forget();
    return out;
  }

  /**
   * Folds one event and evaluates what it triggers, without making objects of the values: they stay in `values` until the
   * next call. The caller keeps below `eventsMax` by way of `ingest`, or accepts that nothing is forgotten.
   */
  fold(event: StreamEvent, lane = ''): Outcome {
    const outcome = this.#fold(event, lane);
    this.#accounts[outcome] += 1;
    return outcome;
  }

  /** The values of the latest fold: number, places in the plan's features, values (NaN: null). Overwritten by the next one. */
  get values(): Pick<Evaluator, 'count' | 'places' | 'values'> {
    return this.#evaluator;
  }

  #fold(event: StreamEvent, lane: string): Outcome {
    this.#packed = undefined;
    if (this.#slabs.events.find(event.id) !== 0) return 'duplicate';
    if (event.t <= Math.max(this.#horizonMs, this.#newestMs - this.#reachMs) || this.#bounds.isFolded(event)) return 'tooLate';
    const stream = this.#plan.streamIndex(event.stream);
    const watermarks = this.#watermarks.of(lane);
    const newest = watermarks[stream] as number;
    const row = this.#keep(event);
    if (event.t > newest) watermarks[stream] = event.t;
    if (event.t < newest - (this.#latenessMs[stream] as number)) return 'late';
    this.#openSession(event);
    this.#evaluator.evaluate(row);
    return 'folded';
  }

  #keep(event: StreamEvent): number {
    this.#bounds.settle(this.#newestMs);
    const row = this.#write(event, true);
    this.#slabs.enter(row);
    this.#slabs.events.enter(this.#slabs.events.size - 1);
    if (event.stream === 'intel') this.#registry.observe(this.#stamped ? event : this.#reader.read(this.#slabs, row));
    if (event.t > this.#newestMs) this.#newestMs = event.t;
    return row;
  }

  #write(event: StreamEvent, keep: boolean): number {
    const slabs = this.#slabs;
    const stream = this.#plan.streamIndex(event.stream);
    const writer = this.#plan.writers[stream];
    const row = slabs.reserve(this.#plan.layouts[stream]?.units ?? 0);
    slabs.f64[row] = event.t;
    slabs.i32[row * 2 + 2] = slabs.events.push(event.id, row);
    slabs.i32[row * 2 + 3] = stream;
    writer?.fields(slabs, row, event);
    if (!this.#stamped) this.#stamper.stamp(row, keep);
    writer?.bits(slabs, row);
    return row;
  }

  peek(event: StreamEvent): Pick<Folded, 'event' | 'evaluations'> {
    const slabs = this.#slabs;
    const { dictionary } = this.#plan;
    const [words, top] = [dictionary.size, slabs.top];
    const known = slabs.events.find(event.id) !== 0;
    const row = this.#write(event, false);
    const [newest, sizes] = [new Int32Array(slabs.tables.length), new Int32Array(slabs.tables.length)];
    slabs.remember(row, newest, sizes);
    try {
      const stamped = this.#stamped ? event : this.#reader.stamped(slabs, row, event);
      if (known) slabs.find(row);
      else slabs.enter(row);
      this.#evaluator.evaluate(row);
      return { event: stamped, evaluations: this.#evaluator.evaluations() };
    } finally {
      if (!known) slabs.leave(row, newest, sizes);
      slabs.events.pop();
      if (row >= top) slabs.top = top;
      else slabs.giveBack(row, this.#plan.layouts[this.#plan.streamIndex(event.stream)]?.units ?? 0);
      dictionary.truncate(words);
    }
  }

  #openSession(event: StreamEvent): void {
    if (event.stream !== 'callsig' && event.stream !== 'rctl') return;
    const kind = event['ev'];
    const opens = event.stream === 'callsig' ? kind === 'begin' : kind === 'share_start' || kind === 'remote_start';
    const phone = event['phone'];
    if (opens && typeof phone === 'string') this.#sessions.add(phone);
  }

  tick(nowMs: number): readonly Evaluation[] {
    const out: Evaluation[] = [];
    const { plan, shape, dictionary, vector } = this.#plan;
    const table = this.#slabs.tables[shape.entityTypes.indexOf('phone')];
    this.#timers ??= this.#plan.program('timer', 'phone', plan.timers, null);
    for (const phone of this.#sessions) {
      const code = dictionary.code(phone);
      // Whose phone it is may become known after the session began, so the scope is looked at here.
      if (this.#scope !== 'all' && !this.#registry.isInScope('phone', code, nowMs)) {
        this.#sessions.delete(phone);
        continue;
      }
      const owner = this.#registry.ownerOf(code, nowMs);
      const person = owner < 0 ? `p:${phone}` : dictionary.text(owner);
      const slot = table?.find(code, 0) ?? -1;
      this.#timers(slot, code, 0, nowMs, 0);
      let open = false;
      for (const feature of plan.timers) {
        const value = this.#evaluator.valueOf(feature, vector[this.#plan.place(feature)] as number);
        open ||= value !== null && value !== false;
        out.push({
          feature: feature.id,
          keyType: feature.keyType,
          key: phone,
          person,
          value,
          fires: feature.fires(value),
          t: nowMs,
          eventId: null,
          ...(this.#evaluator.isApproximate(this.#plan.place(feature), slot, 0, nowMs) ? { approximate: true } : {}),
        });
      }
      if (!open) this.#sessions.delete(phone);
    }
    return out;
  }

  dims(keyType: string, key: string, tMs: number): Readonly<Record<string, Value>> {
    const entityType = ENTITY_OF[keyType];
    if (entityType === undefined) return {};
    return Object.fromEntries(DIMS.map((name) => [name, this.#registry.valueAt(entityType, key, name, tMs)]));
  }

  /** @param as `records`: events and remembered times as objects, for those who change them; always complete */
  checkpoint(since?: CheckpointMark, as: 'packed' | 'records' = 'packed'): Generator<CheckpointPart, CheckpointMark> {
    this.#packed = undefined;
    const state = {
      plan: this.#plan,
      slabs: () => this.#slabs,
      contacts: this.#stamper.contacts,
      references: this.#references,
      journal: (this.#journal ??= new Journal()),
      epoch: () => this.#epoch,
      fields: this.#fields.since,
      folded: () => this.#bounds.records(),
      read: (row: number) => this.#reader.read(this.#slabs, row),
      head: () => this.#head(),
      partSize: this.#partSize,
    };
    return stateParts(state, as === 'packed' ? since : undefined, as);
  }

  #head(): CheckpointPart {
    return {
      kind: 'head',
      format: FORMAT,
      catalogue: this.#plan.plan.version,
      watermarks: this.#watermarks.record(),
      accounts: { ...this.#accounts },
      sessions: [...this.#sessions],
    };
  }

  restore(parts: Iterable<CheckpointPart>): void {
    if (this.#slabs.events.size > 0 || this.#references.length > 0) throw errors.notEmpty();
    for (const part of parts) this.take(part);
  }

  take(part: CheckpointPart): void {
    switch (part.kind) {
      case 'start':
        if (!FORMATS.has(part.format)) throw errors.formatUnknown({ format: part.format });
        if (part.full) {
          this.#fields.from(part.fields);
          this.#packed = part.rows === undefined ? undefined : new PackedReader(this.#plan, part.rows);
        }
        this.#bounds.pause();
        break;
      case 'head':
        if (!FORMATS.has(part.format)) throw errors.formatUnknown({ format: part.format });
        this.#watermarks.restore(part.watermarks);
        this.#sessions.clear();
        for (const phone of part.sessions) this.#sessions.add(phone);
        Object.assign(this.#accounts, part.accounts);
        this.#fields.missingUntil(this.#newestMs);
        this.#bounds.resume();
        break;
      case 'reference':
        this.learn(part.records);
        break;
      case 'stamps':
        for (const entry of part.entries) if (entry.kind === 'times') this.#stamper.contacts.restore(entry, this.#plan.dictionary);
        break;
      case 'events':
        for (const event of part.events) this.#restoreEvent(event, part.later === true);
        break;
      case 'texts': {
        const packed = this.#packedReader();
        assert(packed.size === part.from, 'parts come in their order');
        packed.texts(part.texts);
        break;
      }
      case 'times': {
        const packed = this.#packedReader();
        this.#stamper.contacts.restorePacked(part, (theirs) => packed.code(theirs));
        break;
      }
      case 'rows':
        this.#packedReader().rows(this.#slabs, part, (row) => this.#restored(row, part.later));
        break;
      case 'folded':
        for (const record of part.sketches) this.#bounds.restore(record);
        break;
      case 'watermarks':
        this.#watermarks.merge(part.watermarks);
        break;
      case 'closing':
    }
  }

  /** A part of what `export` gave, into an engine that holds something: what it has already stays. */
  add(part: CheckpointPart): void {
    if (part.kind !== 'events') {
      this.take(part);
      return;
    }
    for (const event of part.events) {
      if (this.#slabs.events.find(event.id) !== 0 || event.t <= this.#horizonMs || this.#bounds.isFolded(event)) continue;
      this.#restoreEvent(event, true);
      this.#openSession(event);
    }
  }

  /** What is held, for those who read it. */
  get held(): Held {
    return {
      shape: this.#plan.shape,
      dictionary: this.#plan.dictionary,
      slabs: () => this.#slabs,
      registry: this.#registry,
      contacts: this.#stamper.contacts,
      references: this.#references,
      folded: () => this.#bounds.records(),
      watermarks: () => this.#watermarks.record(),
      read: (row) => this.#reader.read(this.#slabs, row),
      isCovered: (type, key, stream) => this.#scope === 'all' || this.#registry.covers(type, this.#plan.dictionary.find(key), stream),
      dims: this.#dims ?? { valueAt: (type, key, name, tMs) => this.#registry.valueAt(type, key, name, tMs) },
      holidays: this.#holidays,
    };
  }

  /** Features that do not know all of their window, with the time from which on they do. */
  get warming(): ReadonlyMap<string, number> {
    return this.#fields.warming;
  }

  #packedReader(): PackedReader {
    assert(this.#packed !== undefined, 'packed parts come behind the start of their checkpoint');
    return this.#packed;
  }

  #restoreEvent(event: StreamEvent, later: boolean): void {
    const slabs = this.#slabs;
    const stream = this.#plan.streamIndex(event.stream);
    const row = slabs.reserve(this.#plan.layouts[stream]?.units ?? 0);
    slabs.f64[row] = event.t;
    const number = slabs.events.push(event.id, row);
    slabs.i32[row * 2 + 2] = number;
    slabs.i32[row * 2 + 3] = stream;
    this.#plan.writers[stream]?.fields(slabs, row, event);
    this.#plan.writers[stream]?.bits(slabs, row);
    slabs.enter(row);
    slabs.events.enter(number);
    this.#restored(row, later, event);
  }

  /** The row has its stamps. What it left behind is in the parts of the stamps; of a later one it is left now. */
  #restored(row: number, later: boolean, event?: StreamEvent): void {
    const slabs = this.#slabs;
    if (later && !this.#stamped) this.#stamper.remember(row);
    if (this.#plan.shape.streams[slabs.i32[row * 2 + 3] as number] === 'intel')
      this.#registry.observe(event ?? this.#reader.read(slabs, row));
    this.#newestMs = Math.max(this.#newestMs, slabs.f64[row] as number);
  }

  stats(): EngineStats {
    const { shape } = this.#plan;
    const keys = (['person', 'phone', 'acct'] as const).reduce(
      (sum, type) => sum + (this.#slabs.tables[shape.entityTypes.indexOf(type)]?.live ?? 0),
      0,
    );
    return { events: this.#slabs.events.live, keys, accounts: { ...this.#accounts }, horizonMs: this.#horizonMs, ...this.#bounds.stats };
  }

  /** Bytes of the slabs; the texts of ids and keys come besides. */
  get bytes(): number {
    return this.#slabs.bytes + this.#registry.bytes + this.#stamper.contacts.bytes + this.#plan.dictionary.bytes;
  }

  /** Forgets the oldest tenth. Features whose window reaches behind the horizon are approximate from then on. */
  #forget(): void {
    this.#epoch = {};
    const old = this.#slabs;
    const rows = old.events.rows.subarray(0, old.events.size).filter((row) => row !== 0);
    const folded = [...this.#bounds.records()];
    const times = Float64Array.from(rows, (row) => old.f64[row] as number).sort();
    this.#horizonMs = times[Math.floor(times.length / 10) - 1] ?? this.#horizonMs;
    [this.#slabs, this.#evaluator] = this.#empty();
    const slabs = this.#slabs;
    for (const row of rows) {
      if ((old.f64[row] as number) <= this.#horizonMs) continue;
      const units = this.#plan.layouts[old.i32[row * 2 + 3] as number]?.units ?? 0;
      const to = slabs.reserve(units);
      slabs.f64.set(old.f64.subarray(row, row + units), to);
      const number = slabs.events.push(old.idOf(row), to);
      slabs.i32[to * 2 + 2] = number;
      slabs.enter(to);
      slabs.events.enter(number);
    }
    for (const record of folded) this.#bounds.restore(record);
    this.#stamper.contacts.forgetBefore(this.#newestMs - 400 * DAY_MS);
  }
}

const DIMS = ['age', 'sex', 'occ', 'live_alone', 'antifraud_app', 'black', 'acct_age_d'] as const;
