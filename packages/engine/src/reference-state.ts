import type { Reference, StreamEvent, Value } from '@skyeye/contracts';
import type { Dimensions, EntityType } from '@skyeye/language';
import { Links } from './links.ts';

const DAY_MS = 86_400_000;

type Of<K extends Reference['kind']> = Extract<Reference, { kind: K }>;

interface IntelChange {
  readonly t: number;
  readonly id: string;
  /** Level from then on; 0 ends it. */
  readonly level: number;
}

/** Owners, kin, ages, intelligence: what is known of the world besides the events, each with the time in which it holds. */
export class ReferenceState implements Dimensions {
  readonly #persons = new Links<Of<'person'>>();
  readonly #phones = new Links<Of<'phone'>>();
  readonly #accts = new Links<Of<'acct'>>();
  readonly #kin = new Map<string, Set<string>>();
  readonly #covered = new Map<string, ReadonlySet<string>>();
  readonly #phonesOf = new Map<string, Set<string>>();
  readonly #domains = new Map<string, number>();
  readonly #merchants = new Map<string, number>();
  readonly #intel = new Map<string, IntelChange[]>();
  readonly #victims = new Map<string, number[]>();

  /** Takes what is not history or a last contact; those belong to the stamps. */
  learn(record: Reference): void {
    switch (record.kind) {
      case 'person':
        this.#persons.set(record.person, { value: record, fromMs: record.fromMs, toMs: record.toMs });
        return;
      case 'phone':
        this.#phones.set(record.phone, { value: record, fromMs: record.fromMs, toMs: record.toMs });
        this.#covered.set(record.phone, new Set<string>(record.covered));
        if (record.person !== null) addTo(this.#phonesOf, record.person, record.phone);
        return;
      case 'acct':
        this.#accts.set(record.acct, { value: record, fromMs: record.fromMs, toMs: record.toMs });
        return;
      case 'kin':
        addTo(this.#kin, record.person, record.kin);
        addTo(this.#kin, record.kin, record.person);
        return;
      case 'domain':
        this.#domains.set(record.domain, record.registeredMs);
        return;
      case 'merchant':
        this.#merchants.set(record.merchant, record.openedMs);
        return;
      case 'contact':
      case 'payee':
      case 'device':
      case 'app':
      case 'history':
    }
  }

  /** Intelligence reaches the levels of the object it names, from its own time on. */
  observe(event: StreamEvent): void {
    if (event.stream !== 'intel') return;
    const kind = event['ev'];
    if (event['role'] === 'victim' || kind === 'victim_report' || kind === 'warn') {
      const person = event['person'];
      if (typeof person === 'string') insertSorted(this.#victims, person, event.t);
    }
    if (event['role'] === 'victim') return;
    const level =
      kind === 'unblack' ? 0 : kind === 'black' || kind === 'case_report' || kind === 'prov_push' ? Number(event['level'] ?? 2) : null;
    if (level === null) return;
    for (const field of ['phone', 'acct', 'person', 'device', 'domain', 'pkg'] as const) {
      const key = event[field];
      if (typeof key !== 'string') continue;
      const changes = this.#intel.get(key) ?? [];
      if (changes.some((change) => change.id === event.id)) continue;
      changes.push({ t: event.t, id: event.id, level });
      changes.sort((a, b) => a.t - b.t);
      this.#intel.set(key, changes);
    }
  }

  ownerOf(phone: string, tMs: number): string | null {
    return this.#phones.at(phone, tMs)?.person ?? null;
  }

  holderOf(acct: string, tMs: number): string | null {
    return this.#accts.at(acct, tMs)?.person ?? null;
  }

  phone(phone: string, tMs: number): Of<'phone'> | null {
    return this.#phones.at(phone, tMs);
  }

  acct(acct: string, tMs: number): Of<'acct'> | null {
    return this.#accts.at(acct, tMs);
  }

  isKin(person: string, other: string): boolean {
    return this.#kin.get(person)?.has(other) === true;
  }

  /** A registered resident: person-level features are for them (DOMAIN §4.1 rule 4). */
  isResident(person: string): boolean {
    return this.#persons.has(person);
  }

  /** Highest level that intelligence gives the object at a time since the last clearing; 0 without any. */
  levelOf(key: string, tMs: number): number {
    let level = 0;
    for (const change of this.#intel.get(key) ?? []) {
      if (change.t > tMs) break;
      level = change.level === 0 ? 0 : Math.max(level, change.level);
    }
    return level;
  }

  /** Whether the person reported, or was warned as, a victim in (tMs − 72 h, tMs]. */
  isVictim(person: string, tMs: number): boolean {
    return (this.#victims.get(person) ?? []).some((t) => t > tMs - 3 * DAY_MS && t <= tMs);
  }

  domainRegisteredMs(domain: string): number | null {
    return this.#domains.get(domain) ?? null;
  }

  /** Whether a coverage-gated stream is observed for a key: by a phone's own list, for a person by any of their phones'. */
  covers(entityType: EntityType, key: string, stream: string): boolean {
    if (entityType === 'phone') return this.#covered.get(key)?.has(stream) === true;
    if (entityType !== 'person') return true;
    for (const phone of this.#phonesOf.get(key) ?? []) if (this.#covered.get(phone)?.has(stream) === true) return true;
    return false;
  }

  phonesOf(person: string): ReadonlySet<string> {
    return this.#phonesOf.get(person) ?? NONE;
  }

  valueAt(entityType: EntityType, key: string, name: string, tMs: number): Value {
    switch (entityType) {
      case 'phone':
        return this.#phoneDim(key, name, tMs);
      case 'acct':
        return this.#acctDim(key, name, tMs);
      case 'person':
        return name === 'black' ? this.levelOf(key, tMs) : this.#personDim(key, name, tMs);
      case 'domain':
        return name === 'dom_age_d' ? ageDays(this.#domains.get(key), tMs) : name === 'black' ? this.levelOf(key, tMs) : null;
      case 'merchant':
        return name === 'merchant_age_d' ? ageDays(this.#merchants.get(key), tMs) : null;
      default:
        return name === 'black' ? this.levelOf(key, tMs) : null;
    }
  }

  #phoneDim(key: string, name: string, tMs: number): Value {
    if (name === 'black') return this.levelOf(key, tMs);
    const phone = this.#phones.at(key, tMs);
    if (phone === null) return null;
    switch (name) {
      case 'num_age_d':
        return ageDays(phone.openedMs, tMs);
      case 'owner_num_cnt':
        return phone.ownerNumCnt;
      case 'iot':
        return phone.iot;
      case 'full_view':
        return phone.fullView;
      default:
        return phone.person === null ? null : this.#personDim(phone.person, name, tMs);
    }
  }

  #acctDim(key: string, name: string, tMs: number): Value {
    if (name === 'black') return this.levelOf(key, tMs);
    const acct = this.#accts.at(key, tMs);
    if (acct === null) return null;
    switch (name) {
      case 'acct_age_d':
        return ageDays(acct.openedMs, tMs);
      case 'acct_class':
        return acct.acctClass;
      case 'holder_region_risk':
        return acct.regionRisk;
      case 'corp':
        return acct.acctKind === 'corp';
      case 'full_view':
        return acct.fullView;
      default:
        return acct.person === null ? null : this.#personDim(acct.person, name, tMs);
    }
  }

  #personDim(key: string, name: string, tMs: number): Value {
    const person = this.#persons.at(key, tMs);
    if (person === null) return null;
    switch (name) {
      case 'age':
        return person.bornYear === null ? null : localYear(tMs) - person.bornYear;
      case 'sex':
        return person.sex;
      case 'occ':
        return person.occ;
      case 'live_alone':
        return person.liveAlone;
      case 'antifraud_app':
        return person.antifraudApp;
      default:
        return null;
    }
  }
}

const NONE: ReadonlySet<string> = new Set();

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}

function ageDays(sinceMs: number | null | undefined, tMs: number): number | null {
  return sinceMs === null || sinceMs === undefined ? null : (tMs - sinceMs) / DAY_MS;
}

/** Year in Asia/Shanghai. */
function localYear(tMs: number): number {
  return new Date(tMs + 8 * 3_600_000).getUTCFullYear();
}

function insertSorted(map: Map<string, number[]>, key: string, t: number): void {
  const times = map.get(key) ?? [];
  if (!times.includes(t)) times.push(t);
  times.sort((a, b) => a - b);
  map.set(key, times);
}
