import { SOURCES, type Reference, type StreamEvent, type StreamName, type Value } from '@skyeye/contracts';
import type { Dimensions, EntityType, HolidayTable } from '@skyeye/language';
import { errors } from '../errors.ts';
import type { Plan, PlanFeature } from '../plan.ts';
import type { Accounts, CheckpointPart, Engine, EngineStats, Evaluation, Folded } from '../port.ts';
import { ReferenceState } from '../reference-state.ts';
import { ENTITY_OF, keyOf } from '../scope.ts';
import type { MemoryEntry } from '../stamp-memory.ts';
import { createStamper, type Stamper } from '../stamps.ts';
import { FastPlan, type Group } from './fast-plan.ts';
import { Helpers } from './helpers.ts';
import { streamsBehind } from './layout.ts';
import { Slabs } from './slabs.ts';

const FORMAT = 1;
const DAY_MS = 86_400_000;
/** A late event corrects evaluations at most this long after it. */
const CORRECTION_MS = DAY_MS;
/** Events or records in one part of a checkpoint. */
const PART_SIZE = 20_000;
/** Reference data that lives on as remembered times and need not be kept besides. */
const STAMP_ONLY: ReadonlySet<Reference['kind']> = new Set<Reference['kind']>(['contact', 'payee', 'device', 'app']);

export interface FastEngineOptions {
  readonly plan: Plan;
  readonly holidays: HolidayTable;
  /** Events held at most. Past it the oldest tenth is forgotten and `horizonMs` moves up. */
  readonly eventsMax?: number;
  /** Oldest event that a window can reach, ms before the newest. Default 190 days. */
  readonly reachMs?: number;
  /** `residents`: person, phone and account features for the county's own only. `all`: for every key. */
  readonly scope?: 'residents' | 'all';
  /** Attributes from elsewhere than reference data: files of attributes. */
  readonly dims?: Dimensions;
  /** Events carry their stamps already: none is added. Default false. */
  readonly stamped?: boolean;
}

const UNCHANGED: Stamper = {
  stamp: (event) => event,
  again: (event) => event,
  learn: () => {},
  forgetBefore: () => {},
  memory: () => [],
  restore: () => {},
};

/** The compiled engine: events as rows of numbers, features as programs over them. Equal to the definition, value by value. */
export class FastEngine implements Engine {
  readonly #plan: FastPlan;
  readonly #holidays: HolidayTable;
  readonly #reference = new ReferenceState();
  readonly #stamper: Stamper;
  readonly #dims: Dimensions;
  readonly #eventsMax: number;
  readonly #reachMs: number;
  readonly #scope: 'residents' | 'all';
  #slabs: Slabs;
  /** Rows by event id. */
  #rows = new Map<string, number>();
  #references: Reference[] = [];
  readonly #watermarks = new Map<string, number>();
  #newestMs = 0;
  #horizonMs = 0;
  /** Phones with an open call or sharing session. */
  readonly #sessions = new Set<string>();
  #accounts: Accounts = { folded: 0, late: 0, duplicate: 0, tooLate: 0 };
  #timers: ((slot: number, phone: number, tMs: number) => void) | undefined;

  constructor({
    plan,
    holidays,
    eventsMax = 4_000_000,
    reachMs = 190 * DAY_MS,
    scope = 'residents',
    dims,
    stamped = false,
  }: FastEngineOptions) {
    this.#plan = new FastPlan(plan);
    this.#holidays = holidays;
    this.#stamper = stamped ? UNCHANGED : createStamper({ reference: this.#reference, holidays });
    this.#dims = dims ?? this.#reference;
    this.#eventsMax = eventsMax;
    this.#reachMs = reachMs;
    this.#scope = scope;
    this.#slabs = this.#empty();
  }

  /** A new state, with the programs bound to it. */
  #empty(): Slabs {
    const { shape, dictionary } = this.#plan;
    const slabs = new Slabs(shape, dictionary);
    const helpers = new Helpers(slabs, shape, this.#holidays, {
      dimension: (type, a, b, name, tMs) => this.#dimension(type, a, b, name, tMs),
      coverage: (type, a, b) => this.#coverage(type, a, b),
    });
    this.#plan.bind(slabs, helpers);
    this.#timers = undefined;
    return slabs;
  }

  #keyText(a: number, b: number, type: number): string {
    const entityType = this.#plan.shape.entityTypes[type];
    const { dictionary } = this.#plan;
    return entityType === 'pair_acct' || entityType === 'pair_phone'
      ? `${dictionary.text(a)}\u0000${dictionary.text(b)}`
      : dictionary.text(a);
  }

  #dimension(type: number, a: number, b: number, name: string, tMs: number): number {
    const value = this.#dims.valueAt(this.#plan.shape.entityTypes[type] as EntityType, this.#keyText(a, b, type), name, tMs);
    if (value === null) return Number.NaN;
    return typeof value === 'string' ? this.#plan.dictionary.code(value) : Number(value);
  }

  #coverage(type: number, a: number, b: number): number {
    if (this.#scope === 'all') return -1;
    const key = this.#keyText(a, b, type);
    let bits = 0;
    for (const [stream, bit] of this.#plan.gated)
      if (this.#reference.covers(this.#plan.shape.entityTypes[type] as EntityType, key, stream)) bits |= bit;
    return bits;
  }

  learn(records: readonly Reference[]): void {
    for (const record of records) {
      if (record.kind === 'history') {
        if (this.#rows.has(record.event.id) || record.event.t <= this.#horizonMs) continue;
        this.#keep(this.#stamper.stamp(record.event));
        this.#openSession(record.event);
        continue;
      }
      this.#reference.learn(record);
      this.#stamper.learn(record);
      if (!STAMP_ONLY.has(record.kind)) this.#references.push(record);
    }
  }

  ingest(batch: readonly StreamEvent[]): readonly Folded[] {
    const out = batch.map((event) => this.#fold(event));
    if (this.#slabs.ids.length > this.#eventsMax) this.#forget();
    return out;
  }

  #fold(event: StreamEvent): Folded {
    if (this.#rows.has(event.id)) return this.#count({ event, outcome: 'duplicate', evaluations: [] });
    if (event.t <= Math.max(this.#horizonMs, this.#newestMs - this.#reachMs))
      return this.#count({ event, outcome: 'tooLate', evaluations: [] });
    const watermark = (this.#watermarks.get(event.stream) ?? 0) - SOURCES[event.stream].delay.allowedLatenessMs;
    const stamped = this.#stamper.stamp(event);
    const row = this.#keep(stamped);
    this.#watermarks.set(event.stream, Math.max(this.#watermarks.get(event.stream) ?? 0, event.t));
    if (event.t < watermark) return this.#count({ event: stamped, outcome: 'late', evaluations: [] });
    this.#openSession(stamped);
    return this.#count({ event: stamped, outcome: 'folded', evaluations: this.#evaluate(stamped, row) });
  }

  #count(folded: Folded): Folded {
    this.#accounts = { ...this.#accounts, [folded.outcome]: this.#accounts[folded.outcome] + 1 };
    return folded;
  }

  #keep(event: StreamEvent): number {
    const row = this.#write(event);
    this.#slabs.enter(row);
    this.#rows.set(event.id, row);
    this.#reference.observe(event);
    this.#newestMs = Math.max(this.#newestMs, event.t);
    return row;
  }

  #write(event: StreamEvent): number {
    const slabs = this.#slabs;
    const { layout, write } = this.#plan.writer(event.stream);
    const row = slabs.reserve(layout.units);
    slabs.f64[row] = event.t;
    slabs.i32[row * 2 + 2] = slabs.ids.length;
    slabs.i32[row * 2 + 3] = this.#plan.shape.streams.indexOf(event.stream);
    slabs.ids.push(event.id);
    write(slabs, row, event);
    return row;
  }

  peek(event: StreamEvent): Pick<Folded, 'event' | 'evaluations'> {
    const stamped = this.#stamper.again(event);
    const slabs = this.#slabs;
    const { dictionary } = this.#plan;
    const [words, top] = [dictionary.size, slabs.top];
    const known = this.#rows.has(event.id);
    const row = this.#write(stamped);
    const [newest, sizes] = [new Int32Array(slabs.tables.length), new Int32Array(slabs.tables.length)];
    slabs.remember(row, newest, sizes);
    try {
      if (known) slabs.find(row);
      else slabs.enter(row);
      return { event: stamped, evaluations: this.#evaluate(stamped, row) };
    } finally {
      if (!known) slabs.leave(row, newest, sizes);
      slabs.ids.pop();
      slabs.top = top;
      dictionary.truncate(words);
    }
  }

  /** Features that the event triggers, each at the latest as-of point that its key has reached (DOMAIN §4.1 rule 5). */
  #evaluate(event: StreamEvent, row: number): Evaluation[] {
    const out: Evaluation[] = [];
    const dir = event['dir'];
    for (const group of this.#plan.groups(event.stream, typeof dir === 'string' ? dir : '')) {
      const key = keyOf(event, group.keyType);
      if (key === null || !this.#inScope(group.keyType, key, event.t)) continue;
      const slot = this.#slabs.slots[group.type] as number;
      if (this.#slabs.latest[group.type] === 1) this.#run(group, group.triggered, slot, row, key, out);
      else this.#corrected(group, slot, row, key, out);
    }
    return out;
  }

  #run(group: Group, places: readonly number[], slot: number, row: number, key: string, out: Evaluation[]): void {
    const table = this.#slabs.tables[group.type];
    const { f64 } = this.#slabs;
    const t = f64[row] as number;
    const { dictionary, vector, plan } = this.#plan;
    if (slot >= 0 && table !== undefined) group.program(slot, table.word(slot, 0), table.word(slot, 1), t, row);
    else group.program(-1, dictionary.code(key), 0, t, row);
    const person = this.#personOf(row);
    const eventId = this.#slabs.idOf(row);
    for (const place of places) {
      const feature = plan.features[place] as PlanFeature;
      const value = this.#valueOf(feature, vector[place] as number);
      out.push({ feature: feature.id, keyType: group.keyType, key, person, value, fires: feature.fires(value), t, eventId });
    }
  }

  #valueOf(feature: PlanFeature, value: number): Value {
    if (value !== value) return null;
    const { kind } = feature.valueType;
    if (kind === 'boolean') return value !== 0;
    return kind === 'number' || kind === 'null' ? value : this.#plan.dictionary.text(value);
  }

  #personOf(row: number): string | null {
    const { i32 } = this.#slabs;
    const stream = this.#plan.shape.streams[i32[row * 2 + 3] as number] as string;
    const at = this.#plan.shape.layout(stream).columns.get('person')?.at;
    const code = at === undefined ? -1 : (i32[row * 2 + at] as number);
    return code < 0 ? null : this.#plan.dictionary.text(code);
  }

  #dirOf(row: number): string {
    const { i32 } = this.#slabs;
    const stream = this.#plan.shape.streams[i32[row * 2 + 3] as number] as string;
    const at = this.#plan.shape.layout(stream).columns.get('dir')?.at;
    const code = at === undefined ? -1 : (i32[row * 2 + at] as number);
    return code < 0 ? '' : this.#plan.dictionary.text(code);
  }

  /** The key has events behind this one: each feature is evaluated at the latest that triggers it. */
  #corrected(group: Group, slot: number, row: number, key: string, out: Evaluation[]): void {
    const rows = [
      ...group.triggered.map((place) => ({ place, row: this.#latestTrigger(place, group, slot, row) || row })),
      ...group.readers.map((place) => ({ place, row: this.#latestTrigger(place, group, slot, row) })).filter((reader) => reader.row !== 0),
    ];
    const values = new Map<number, Map<string, Evaluation>>();
    for (const { place, row: at } of rows) {
      let found = values.get(at);
      if (found === undefined) {
        found = new Map();
        values.set(at, found);
        const stream = this.#plan.shape.streams[this.#slabs.i32[at * 2 + 3] as number] as string;
        const own = this.#plan.groups(stream, this.#dirOf(at)).find(({ keyType }) => keyType === group.keyType);
        const evaluations: Evaluation[] = [];
        if (own !== undefined) this.#run(own, own.triggered, slot, at, key, evaluations);
        for (const evaluation of evaluations) found.set(evaluation.feature, evaluation);
      }
      const evaluation = found.get((this.#plan.plan.features[place] as PlanFeature).id);
      if (evaluation !== undefined) out.push(evaluation);
    }
  }

  /** The newest event behind `row` that triggers the feature for the key, if one came already; 0 without one. */
  #latestTrigger(place: number, group: Group, slot: number, row: number): number {
    const slabs = this.#slabs;
    const table = slabs.tables[group.type];
    if (slot < 0 || table === undefined) return 0;
    const { refs, f64, i32 } = slabs;
    const { shape } = this.#plan;
    const untilMs = (f64[row] as number) + CORRECTION_MS;
    let latest = 0;
    for (const trigger of (this.#plan.plan.features[place] as PlanFeature).triggers) {
      const list = shape.lists(group.entityType).find(({ name }) => streamsBehind(name).includes(trigger.stream));
      if (list === undefined) continue;
      const head = slot * table.stride + list.index * 2;
      const from = table.heads[head] as number;
      const stream = shape.streams.indexOf(trigger.stream);
      for (let index = (table.heads[head + 1] as number) - 1; index >= 0; index--) {
        const candidate = refs[from + index] as number;
        if (slabs.compare(candidate, row) <= 0) break;
        if (i32[candidate * 2 + 3] !== stream) continue;
        if ((f64[candidate] as number) > untilMs) break;
        if (trigger.dir !== null && trigger.dir !== this.#dirOf(candidate)) continue;
        if (latest === 0 || slabs.compare(candidate, latest) > 0) latest = candidate;
        break;
      }
    }
    return latest;
  }

  #inScope(keyType: string, key: string, tMs: number): boolean {
    if (this.#scope === 'all') return true;
    if (keyType === 'person') return this.#reference.isResident(key);
    if (keyType === 'phone') return this.#residentOf(this.#reference.ownerOf(key, tMs));
    if (keyType !== 'acct') return true;
    const acct = this.#reference.acct(key, tMs);
    return acct !== null && (acct.acctKind === 'personal' || acct.acctKind === 'payacct' || acct.acctKind === 'corp');
  }

  #residentOf(person: string | null): boolean {
    return person !== null && this.#reference.isResident(person);
  }

  #openSession(event: StreamEvent): void {
    const kind = event['ev'];
    const opens =
      (event.stream === 'callsig' && kind === 'begin') || (event.stream === 'rctl' && (kind === 'share_start' || kind === 'remote_start'));
    const phone = event['phone'];
    if (opens && typeof phone === 'string') this.#sessions.add(phone);
  }

  tick(nowMs: number): readonly Evaluation[] {
    const out: Evaluation[] = [];
    const { plan, shape, dictionary, vector } = this.#plan;
    const type = shape.entityTypes.indexOf('phone');
    if (this.#timers === undefined) {
      const program = this.#plan.program('timer', 'phone', plan.timers, null);
      this.#timers = (slot, phone, tMs) => program(slot, phone, 0, tMs, 0);
    }
    for (const phone of this.#sessions) {
      // Whose phone it is may become known after the session began, so the scope is looked at here.
      if (!this.#inScope('phone', phone, nowMs)) {
        this.#sessions.delete(phone);
        continue;
      }
      const person = this.#reference.ownerOf(phone, nowMs) ?? `p:${phone}`;
      const code = dictionary.code(phone);
      this.#timers(this.#slabs.tables[type]?.find(code, 0) ?? -1, code, nowMs);
      let open = false;
      for (const feature of plan.timers) {
        const value = this.#valueOf(feature, vector[this.#plan.place(feature)] as number);
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
        });
      }
      if (!open) this.#sessions.delete(phone);
    }
    return out;
  }

  dims(keyType: string, key: string, tMs: number): Readonly<Record<string, Value>> {
    const entityType = ENTITY_OF[keyType];
    if (entityType === undefined) return {};
    return Object.fromEntries(
      ['age', 'sex', 'occ', 'live_alone', 'antifraud_app', 'black', 'acct_age_d'].map((name) => [
        name,
        this.#reference.valueAt(entityType, key, name, tMs),
      ]),
    );
  }

  *checkpoint(): Iterable<CheckpointPart> {
    yield {
      kind: 'head',
      format: FORMAT,
      catalogue: this.#plan.plan.version,
      watermarks: Object.fromEntries(this.#watermarks),
      accounts: this.#accounts,
      sessions: [...this.#sessions],
    };
    for (let from = 0; from < this.#references.length; from += PART_SIZE)
      yield { kind: 'reference', records: this.#references.slice(from, from + PART_SIZE) };
    let entries: MemoryEntry[] = [];
    for (const entry of this.#stamper.memory()) {
      entries.push(entry);
      if (entries.length < PART_SIZE) continue;
      yield { kind: 'stamps', entries };
      entries = [];
    }
    yield { kind: 'stamps', entries };
    let events: StreamEvent[] = [];
    for (const row of this.#rows.values()) {
      events.push(this.#eventOf(row));
      if (events.length < PART_SIZE) continue;
      yield { kind: 'events', events };
      events = [];
    }
    if (events.length > 0) yield { kind: 'events', events };
  }

  /** The event behind a row, with the fields that some feature reads. */
  #eventOf(row: number): StreamEvent {
    const { f64, i32 } = this.#slabs;
    const stream = this.#plan.shape.streams[i32[row * 2 + 3] as number] as StreamName;
    const event: Record<string, Value> & { stream: StreamName; id: string; t: number } = {
      stream,
      id: this.#slabs.idOf(row),
      t: f64[row] as number,
    };
    for (const { name, kind, at } of this.#plan.shape.layout(stream).columns.values()) {
      const cell = kind === 'number' ? (f64[row + at] as number) : (i32[row * 2 + at] as number);
      if (cell !== cell || (kind !== 'number' && cell < 0)) continue;
      event[name] = kind === 'number' ? cell : kind === 'bool' ? cell === 1 : this.#plan.dictionary.text(cell);
    }
    return event;
  }

  restore(parts: Iterable<CheckpointPart>): void {
    if (this.#rows.size > 0 || this.#references.length > 0) throw errors.notEmpty();
    for (const part of parts) {
      switch (part.kind) {
        case 'head':
          if (part.format !== FORMAT) throw errors.formatUnknown({ format: part.format });
          for (const [stream, ms] of Object.entries(part.watermarks)) this.#watermarks.set(stream as StreamName, ms);
          for (const phone of part.sessions) this.#sessions.add(phone);
          this.#accounts = part.accounts;
          break;
        case 'reference':
          this.learn(part.records);
          break;
        case 'stamps':
          for (const entry of part.entries) this.#stamper.restore(entry);
          break;
        case 'events':
          for (const event of part.events) this.#keep(event);
      }
    }
  }

  stats(): EngineStats {
    const { shape } = this.#plan;
    const keys = (['person', 'phone', 'acct'] as const).reduce(
      (sum, type) => sum + (this.#slabs.tables[shape.entityTypes.indexOf(type)]?.size ?? 0),
      0,
    );
    return { events: this.#rows.size, keys, accounts: this.#accounts, horizonMs: this.#horizonMs };
  }

  /** Forgets the oldest tenth. Features whose window reaches behind the horizon are approximate from then on. */
  #forget(): void {
    const old = this.#slabs;
    const times = Float64Array.from(this.#rows.values(), (row) => old.f64[row] as number).sort();
    this.#horizonMs = times[Math.floor(times.length / 10) - 1] ?? this.#horizonMs;
    const kept = [...this.#rows.values()].filter((row) => (old.f64[row] as number) > this.#horizonMs);
    const slabs = this.#empty();
    this.#rows = new Map();
    for (const row of kept) {
      const { layout } = this.#plan.writer(this.#plan.shape.streams[old.i32[row * 2 + 3] as number] as string);
      const to = slabs.reserve(layout.units);
      slabs.f64.set(old.f64.subarray(row, row + layout.units), to);
      slabs.i32[to * 2 + 2] = slabs.ids.length;
      slabs.ids.push(old.idOf(row));
      slabs.enter(to);
      this.#rows.set(old.idOf(row), to);
    }
    this.#slabs = slabs;
    this.#stamper.forgetBefore(this.#newestMs - 400 * DAY_MS);
  }
}
