import { SOURCES, STREAM_ALIASES, type Reference, type StreamEvent, type Value } from '@skyeye/contracts';
import { assert } from '@skyeye/foundation';
import {
  compareEvents,
  Context,
  History,
  type Dimensions,
  type EntityEvents,
  type EntityType,
  type HolidayTable,
  type World,
} from '@skyeye/language';
import { errors } from './errors.ts';
import { matches, type Plan, type PlanFeature } from './plan.ts';
import type { Accounts, CheckpointPart, Engine, EngineStats, Evaluation, Folded } from './port.ts';
import { ReferenceState } from './reference-state.ts';
import { ENTITY_OF, keyOf } from './scope.ts';
import type { MemoryEntry } from './stamp-memory.ts';
import { createStamper, type Stamper } from './stamps.ts';

const FORMAT = 1;
const DAY_MS = 86_400_000;
/** A late event corrects evaluations at most this long after it. */
const CORRECTION_MS = DAY_MS;
/** Events or records in one part of a checkpoint. */
const PART_SIZE = 20_000;
/** Reference data that lives on as remembered times and need not be kept besides. */
const STAMP_ONLY: ReadonlySet<Reference['kind']> = new Set<Reference['kind']>(['contact', 'payee', 'device', 'app']);

export interface HistoryEngineOptions {
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
}

/** The first engine: per-key history, every window rescanned. Exact and simple; its cost grows with history. */
export class HistoryEngine implements Engine {
  readonly #plan: Plan;
  readonly #history: History;
  readonly #reference = new ReferenceState();
  readonly #stamper: Stamper;
  readonly #world: World;
  readonly #eventsMax: number;
  readonly #reachMs: number;
  readonly #scope: 'residents' | 'all';
  #events: StreamEvent[] = [];
  #references: Reference[] = [];
  /** Newest event time per lane and stream. */
  readonly #watermarks = new Map<string, number>();
  #newestMs = 0;
  #horizonMs = 0;
  /** Phones with an open call or sharing session. */
  readonly #sessions = new Set<string>();
  #accounts: Accounts = { folded: 0, late: 0, duplicate: 0, tooLate: 0 };

  constructor({ plan, holidays, eventsMax = 4_000_000, reachMs = 190 * DAY_MS, scope = 'residents', dims }: HistoryEngineOptions) {
    this.#plan = plan;
    this.#history = new History({ aliases: STREAM_ALIASES });
    this.#stamper = createStamper({ reference: this.#reference, holidays });
    this.#world = {
      history: this.#history,
      dims: dims ?? this.#reference,
      coverage: (type, key, stream) => scope === 'all' || this.#reference.covers(type, key, stream),
      holidays,
    };
    this.#eventsMax = eventsMax;
    this.#reachMs = reachMs;
    this.#scope = scope;
  }

  learn(records: readonly Reference[]): void {
    for (const record of records) {
      if (record.kind === 'history') {
        if (this.#history.has(record.event.id) || record.event.t <= this.#horizonMs) continue;
        this.#keep(this.#stamper.stamp(record.event));
        this.#openSession(record.event);
        continue;
      }
      this.#reference.learn(record);
      this.#stamper.learn(record);
      if (!STAMP_ONLY.has(record.kind)) this.#references.push(record);
    }
  }

  ingest(batch: readonly StreamEvent[], lanes: readonly string[] = []): readonly Folded[] {
    const out = batch.map((event, index) => this.#fold(event, lanes[index] ?? ''));
    if (this.#events.length > this.#eventsMax) this.#forget();
    return out;
  }

  #fold(event: StreamEvent, lane: string): Folded {
    if (this.#history.has(event.id)) return this.#count({ event, outcome: 'duplicate', evaluations: [] });
    if (event.t <= Math.max(this.#horizonMs, this.#newestMs - this.#reachMs))
      return this.#count({ event, outcome: 'tooLate', evaluations: [] });
    const newestName = `${lane}/${event.stream}`;
    const newestMs = this.#watermarks.get(newestName) ?? 0;
    const stamped = this.#stamper.stamp(event);
    this.#keep(stamped);
    this.#watermarks.set(newestName, Math.max(newestMs, event.t));
    if (event.t < newestMs - SOURCES[event.stream].delay.allowedLatenessMs)
      return this.#count({ event: stamped, outcome: 'late', evaluations: [] });
    this.#openSession(stamped);
    return this.#count({ event: stamped, outcome: 'folded', evaluations: this.#evaluate(stamped) });
  }

  #count(folded: Folded): Folded {
    this.#accounts = { ...this.#accounts, [folded.outcome]: this.#accounts[folded.outcome] + 1 };
    return folded;
  }

  #keep(event: StreamEvent): void {
    this.#history.add(event);
    this.#events.push(event);
    this.#reference.observe(event);
    this.#newestMs = Math.max(this.#newestMs, event.t);
  }

  peek(event: StreamEvent): Pick<Folded, 'event' | 'evaluations'> {
    const stamped = this.#stamper.again(event);
    if (this.#history.has(event.id)) return { event: stamped, evaluations: this.#evaluate(stamped) };
    this.#history.add(stamped);
    try {
      return { event: stamped, evaluations: this.#evaluate(stamped) };
    } finally {
      this.#history.remove(stamped);
    }
  }

  /** Features that the event triggers, each at the latest as-of point that its key has reached (DOMAIN §4.1 rule 5). */
  #evaluate(event: StreamEvent): Evaluation[] {
    const out: Evaluation[] = [];
    for (const { keyType, triggered, readers } of this.#plan.of(event)) {
      const key = keyOf(event, keyType);
      if (key === null || !this.#inScope(keyType, key, event.t)) continue;
      const entityType = ENTITY_OF[keyType];
      assert(entityType !== undefined, `no index for keys of kind ${keyType}`);
      const entity = this.#history.entity(entityType, key);
      const contexts = new Map<StreamEvent, Context>();
      for (const feature of triggered)
        out.push(this.#at(latestTrigger(feature, entity, event) ?? event, feature, entityType, key, contexts));
      for (const feature of readers) {
        const later = latestTrigger(feature, entity, event);
        if (later !== null) out.push(this.#at(later, feature, entityType, key, contexts));
      }
    }
    return out;
  }

  #at(event: StreamEvent, feature: PlanFeature, entityType: EntityType, key: string, contexts: Map<StreamEvent, Context>): Evaluation {
    let context = contexts.get(event);
    if (context === undefined) contexts.set(event, (context = new Context(this.#world, entityType, key, event)));
    const value = feature.evaluate(context);
    const person = event['person'];
    return {
      feature: feature.id,
      keyType: feature.keyType,
      key,
      person: typeof person === 'string' ? person : null,
      value,
      fires: feature.fires(value),
      t: event.t,
      eventId: event.id,
    };
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
    for (const phone of this.#sessions) {
      // Whose phone it is may become known after the session began, so the scope is looked at here.
      if (!this.#inScope('phone', phone, nowMs)) {
        this.#sessions.delete(phone);
        continue;
      }
      const person = this.#reference.ownerOf(phone, nowMs) ?? `p:${phone}`;
      const context = new Context(this.#world, 'phone', phone, { tMs: nowMs });
      let open = false;
      for (const feature of this.#plan.timers) {
        const value = feature.evaluate(context);
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

  /** Always complete, and of one moment: nothing may be folded before its end. */
  *checkpoint(): Generator<CheckpointPart, null> {
    yield { kind: 'closing' };
    yield {
      kind: 'head',
      format: FORMAT,
      catalogue: this.#plan.version,
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
    for (let from = 0; from < this.#events.length; from += PART_SIZE)
      yield { kind: 'events', events: this.#events.slice(from, from + PART_SIZE) };
    return null;
  }

  restore(parts: Iterable<CheckpointPart>): void {
    if (this.#events.length > 0 || this.#references.length > 0) throw errors.notEmpty();
    for (const part of parts) this.take(part);
  }

  take(part: CheckpointPart): void {
    switch (part.kind) {
      case 'head':
        if (part.format !== FORMAT) throw errors.formatUnknown({ format: part.format });
        for (const [name, ms] of Object.entries(part.watermarks)) this.#watermarks.set(name, ms);
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
        break;
      case 'start':
        throw errors.formatUnknown({ format: part.format });
      case 'texts':
      case 'times':
      case 'rows':
      case 'folded':
      case 'watermarks':
      case 'closing':
    }
  }

  stats(): EngineStats {
    return {
      events: this.#events.length,
      keys: this.#history.count('person') + this.#history.count('phone') + this.#history.count('acct'),
      accounts: this.#accounts,
      horizonMs: this.#horizonMs,
    };
  }

  /** Forgets the oldest tenth. Features whose window reaches behind the horizon are approximate from then on. */
  #forget(): void {
    this.#events.sort(compareEvents);
    const count = Math.floor(this.#events.length / 10);
    this.#horizonMs = this.#events[count - 1]?.t ?? this.#horizonMs;
    this.#events = this.#events.filter((event) => event.t > this.#horizonMs);
    this.#history.forgetBefore(this.#horizonMs);
    this.#stamper.forgetBefore(this.#newestMs - 400 * DAY_MS);
  }
}

/** The newest event behind `event` that triggers the feature for the key, if one came already. */
function latestTrigger(feature: PlanFeature, entity: EntityEvents, event: StreamEvent): StreamEvent | null {
  let latest: StreamEvent | null = null;
  for (const trigger of feature.triggers) {
    const events = entity.of(trigger.stream) as readonly StreamEvent[];
    for (let index = events.length - 1; index >= 0; index--) {
      const candidate = events[index] as StreamEvent;
      if (compareEvents(candidate, event) <= 0 || candidate.t > event.t + CORRECTION_MS) break;
      if (!matches(trigger, candidate)) continue;
      if (latest === null || compareEvents(candidate, latest) > 0) latest = candidate;
      break;
    }
  }
  return latest;
}
