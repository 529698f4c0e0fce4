import type { Reference, StreamEvent, Value } from '@skyeye/contracts';
import type { EntityType } from '@skyeye/language';
import type { Dictionary } from './dictionary.ts';
import { EntityTable } from './entity-table.ts';
import { Growing } from './growing.ts';

const DAY_MS = 86_400_000;
const START = 1024;
/** Words per code: cards of the phone, the account and the person; facts; the person standing in for an owner; phones of the person and persons of the phone. */
const WORDS = 8;
const [PHONE, ACCT, PERSON, FACTS, STAND_IN, PHONES, PERSONS] = [0, 1, 2, 3, 4, 5, 6];
/** Facts above the bits of the gated streams. */
const HAS_INTEL = 1 << 16;
const HAS_REPORTS = 1 << 17;
/** Numbers of a card. A key has one per version, the latest start first. */
const CARD = 8;
const [FROM, TO, OWNER, OPENED, A, B, NEXT, C] = [0, 1, 2, 3, 4, 5, 6, 7];
const [IOT, FULL_VIEW, CORPORATE, IN_SCOPE] = [1, 2, 4, 8];

interface IntelChange {
  readonly t: number;
  readonly id: string;
  /** Level from then on; 0 ends it. */
  readonly level: number;
}

/**
 * What `ReferenceState` knows, by dictionary code: owners, ages, coverage, intelligence, each with the time in which it
 * holds. Numbers in slabs, one line of cache per code and one per card, since most of the time of a stamp is waiting for
 * memory.
 */
export class Registry {
  readonly #dictionary: Dictionary;
  readonly #gated: ReadonlyMap<string, number>;
  readonly #wordBytes = new Growing(START * WORDS * 4);
  readonly #cardBytes = new Growing(START * CARD * 8);
  readonly #linkBytes = new Growing(START * 8);
  #words = new Int32Array(this.#wordBytes.buffer);
  #cards = new Float64Array(this.#cardBytes.buffer);
  #cardCount = 1;
  /** Who is linked with whom: a code, and the next link. */
  #links = new Int32Array(this.#linkBytes.buffer);
  #linkCount = 1;
  readonly #kin = new EntityTable(0);
  readonly #domains = new Map<number, number>();
  readonly #merchants = new Map<number, number>();
  readonly #intel = new Map<number, IntelChange[]>();
  readonly #reports = new Map<number, number[]>();

  constructor(dictionary: Dictionary, gated: ReadonlyMap<string, number>) {
    this.#dictionary = dictionary;
    this.#gated = gated;
  }

  #word(code: number, index: number): number {
    const at = code * WORDS + index;
    return at < this.#words.length ? (this.#words[at] as number) : 0;
  }

  #setWord(code: number, index: number, value: number): void {
    if ((code + 1) * WORDS > this.#words.length) this.#words = new Int32Array(this.#wordBytes.room((code + 1) * WORDS * 4));
    this.#words[code * WORDS + index] = value;
  }

  /** A card of a version; one with the same start is replaced. Its place. */
  #version(code: number, kind: number, fromMs: number, toMs: number): number {
    let before = 0;
    let card = this.#word(code, kind);
    while (card !== 0 && (this.#cards[card * CARD + FROM] as number) > fromMs) {
      before = card;
      card = this.#cards[card * CARD + NEXT] as number;
    }
    if (card === 0 || this.#cards[card * CARD + FROM] !== fromMs) {
      const added = this.#cardCount++;
      if (this.#cardCount * CARD > this.#cards.length) this.#cards = new Float64Array(this.#cardBytes.room(this.#cardCount * CARD * 8));
      this.#cards[added * CARD + NEXT] = card;
      if (before === 0) this.#setWord(code, kind, added);
      else this.#cards[before * CARD + NEXT] = added;
      card = added;
    }
    this.#cards[card * CARD + FROM] = fromMs;
    this.#cards[card * CARD + TO] = toMs;
    return card * CARD;
  }

  /** Place of the card that holds at a time; −1 without one. */
  #at(code: number, kind: number, tMs: number): number {
    if (code < 0) return -1;
    const cards = this.#cards;
    for (let card = this.#word(code, kind); card !== 0; card = cards[card * CARD + NEXT] as number) {
      if ((cards[card * CARD + FROM] as number) <= tMs && tMs < (cards[card * CARD + TO] as number)) return card * CARD;
    }
    return -1;
  }

  /** Takes what is not history or a last contact; those belong to the stamps. */
  learn(record: Reference): void {
    const code = (text: string | null): number => (text === null ? -1 : this.#dictionary.code(text));
    switch (record.kind) {
      case 'person': {
        const at = this.#version(code(record.person), PERSON, record.fromMs, record.toMs);
        this.#cards.set([code(record.sex), record.bornYear ?? Number.NaN, code(record.occ), truth(record.liveAlone)], at + OWNER);
        this.#cards[at + C] = truth(record.antifraudApp);
        return;
      }
      case 'phone': {
        const phone = code(record.phone);
        const at = this.#version(phone, PHONE, record.fromMs, record.toMs);
        const flags = (record.iot ? IOT : 0) | (record.fullView ? FULL_VIEW : 0);
        this.#cards.set([code(record.person), record.openedMs ?? Number.NaN, record.ownerNumCnt, flags], at + OWNER);
        this.#cover(phone, record.person === null ? -1 : code(record.person), record.covered);
        return;
      }
      case 'acct': {
        const at = this.#version(code(record.acct), ACCT, record.fromMs, record.toMs);
        const inScope = record.acctKind === 'personal' || record.acctKind === 'payacct' || record.acctKind === 'corp';
        const flags = (record.acctKind === 'corp' ? CORPORATE : 0) | (record.fullView ? FULL_VIEW : 0) | (inScope ? IN_SCOPE : 0);
        this.#cards.set([code(record.person), record.openedMs ?? Number.NaN, code(record.acctClass), flags], at + OWNER);
        this.#cards[at + C] = record.regionRisk;
        return;
      }
      case 'kin':
        this.#kin.findOrAdd(code(record.person), code(record.kin));
        this.#kin.findOrAdd(code(record.kin), code(record.person));
        return;
      case 'domain':
        this.#domains.set(code(record.domain), record.registeredMs);
        return;
      case 'merchant':
        this.#merchants.set(code(record.merchant), record.openedMs);
        return;
      case 'contact':
      case 'payee':
      case 'device':
      case 'app':
      case 'history':
    }
  }

  /** A person is covered by any of their phones. */
  #cover(phone: number, person: number, covered: readonly string[]): void {
    const bits = covered.reduce((sum, stream) => sum | (this.#gated.get(stream) ?? 0), 0);
    const mask = HAS_INTEL - 1;
    this.#setWord(phone, FACTS, (this.#word(phone, FACTS) & ~mask) | bits);
    if (person >= 0) {
      this.#link(person, PHONES, phone);
      this.#link(phone, PERSONS, person);
    }
    const links = this.#links;
    for (let at = this.#word(phone, PERSONS); at !== 0; at = links[at * 2 + 1] as number) {
      const owner = links[at * 2] as number;
      let all = 0;
      for (let of = this.#word(owner, PHONES); of !== 0; of = links[of * 2 + 1] as number)
        all |= this.#word(links[of * 2] as number, FACTS) & mask;
      this.#setWord(owner, FACTS, (this.#word(owner, FACTS) & ~mask) | all);
    }
  }

  #link(code: number, kind: number, other: number): void {
    const first = this.#word(code, kind);
    for (let at = first; at !== 0; at = this.#links[at * 2 + 1] as number) if (this.#links[at * 2] === other) return;
    const added = this.#linkCount++;
    if (this.#linkCount * 2 > this.#links.length) this.#links = new Int32Array(this.#linkBytes.room(this.#linkCount * 8));
    this.#links[added * 2] = other;
    this.#links[added * 2 + 1] = first;
    this.#setWord(code, kind, added);
  }

  /** Intelligence reaches the levels of the object it names, from its own time on. */
  observe(event: StreamEvent): void {
    if (event.stream !== 'intel') return;
    const kind = event['ev'];
    if (event['role'] === 'victim' || kind === 'victim_report' || kind === 'warn') {
      const person = event['person'];
      if (typeof person === 'string') this.#report(this.#dictionary.code(person), event.t);
    }
    if (event['role'] === 'victim') return;
    const level =
      kind === 'unblack' ? 0 : kind === 'black' || kind === 'case_report' || kind === 'prov_push' ? Number(event['level'] ?? 2) : null;
    if (level === null) return;
    for (const field of ['phone', 'acct', 'person', 'device', 'domain', 'pkg'] as const) {
      const key = event[field];
      if (typeof key !== 'string') continue;
      const code = this.#dictionary.code(key);
      const changes = this.#intel.get(code) ?? [];
      if (changes.some((change) => change.id === event.id)) continue;
      changes.push({ t: event.t, id: event.id, level });
      changes.sort((a, b) => a.t - b.t);
      this.#intel.set(code, changes);
      this.#setWord(code, FACTS, this.#word(code, FACTS) | HAS_INTEL);
    }
  }

  #report(person: number, tMs: number): void {
    const times = this.#reports.get(person) ?? [];
    if (!times.includes(tMs)) times.push(tMs);
    this.#reports.set(person, times);
    this.#setWord(person, FACTS, this.#word(person, FACTS) | HAS_REPORTS);
  }

  /** −1 without an owner. */
  ownerOf(phone: number, tMs: number): number {
    const at = this.#at(phone, PHONE, tMs);
    return at < 0 ? -1 : (this.#cards[at + OWNER] as number);
  }

  holderOf(acct: number, tMs: number): number {
    const at = this.#at(acct, ACCT, tMs);
    return at < 0 ? -1 : (this.#cards[at + OWNER] as number);
  }

  /** The person `p:` + phone, for a phone whose owner is not known. `keep`: false for a question, whose codes are given back. */
  standIn(phone: number, keep: boolean): number {
    const known = this.#word(phone, STAND_IN);
    if (known !== 0) return known - 1;
    const code = this.#dictionary.code(`p:${this.#dictionary.text(phone)}`);
    if (keep) this.#setWord(phone, STAND_IN, code + 1);
    return code;
  }

  /** Days from the opening of the number or account to a time; NaN when not known. */
  phoneAgeDays(phone: number, tMs: number): number {
    return this.#age(this.#at(phone, PHONE, tMs), tMs);
  }

  acctAgeDays(acct: number, tMs: number): number {
    return this.#age(this.#at(acct, ACCT, tMs), tMs);
  }

  #age(at: number, tMs: number): number {
    return at < 0 ? Number.NaN : (tMs - (this.#cards[at + OPENED] as number)) / DAY_MS;
  }

  domainAgeDays(domain: number, tMs: number): number {
    return (tMs - (this.#domains.get(domain) ?? Number.NaN)) / DAY_MS;
  }

  isKin(person: number, other: number): boolean {
    return this.#kin.find(person, other) >= 0;
  }

  isResident(person: number): boolean {
    return person >= 0 && this.#word(person, PERSON) !== 0;
  }

  /** Whether features of the key are for the county: a resident, a resident's phone, an account of a person or company. */
  isInScope(keyType: string, code: number, tMs: number): boolean {
    if (keyType === 'person') return this.isResident(code);
    if (keyType === 'phone') return this.isResident(this.ownerOf(code, tMs));
    if (keyType !== 'acct') return true;
    const at = this.#at(code, ACCT, tMs);
    return at >= 0 && ((this.#cards[at + B] as number) & IN_SCOPE) !== 0;
  }

  /** Bits of the gated streams observed for a phone, or for a person by any of their phones. */
  coverage(code: number): number {
    return this.#word(code, FACTS) & (HAS_INTEL - 1);
  }

  levelOf(code: number, tMs: number): number {
    if ((this.#word(code, FACTS) & HAS_INTEL) === 0) return 0;
    let level = 0;
    for (const change of this.#intel.get(code) ?? []) {
      if (change.t > tMs) break;
      level = change.level === 0 ? 0 : Math.max(level, change.level);
    }
    return level;
  }

  /** Whether the person reported, or was warned as, a victim in (tMs − 72 h, tMs]. */
  isVictim(person: number, tMs: number): boolean {
    if ((this.#word(person, FACTS) & HAS_REPORTS) === 0) return false;
    return (this.#reports.get(person) ?? []).some((t) => t > tMs - 3 * DAY_MS && t <= tMs);
  }

  /** An attribute of a key as a number: NaN when not known, words as codes. */
  dimension(type: EntityType, code: number, name: string, tMs: number): number {
    // Nobody lists a pair.
    if (name === 'black' && type !== 'merchant') return type === 'pair_acct' || type === 'pair_phone' ? 0 : this.levelOf(code, tMs);
    switch (type) {
      case 'phone':
        return this.#phoneDimension(this.#at(code, PHONE, tMs), name, tMs);
      case 'acct':
        return this.#acctDimension(this.#at(code, ACCT, tMs), name, tMs);
      case 'person':
        return this.#personDimension(code, name, tMs);
      case 'domain':
        return name === 'dom_age_d' ? this.domainAgeDays(code, tMs) : Number.NaN;
      case 'merchant':
        return name === 'merchant_age_d' ? (tMs - (this.#merchants.get(code) ?? Number.NaN)) / DAY_MS : Number.NaN;
      default:
        return Number.NaN;
    }
  }

  /** An attribute of a key as a value of the language. */
  valueAt(type: EntityType, key: string, name: string, tMs: number): Value {
    const code = this.#dictionary.find(key);
    const isPair = type === 'pair_acct' || type === 'pair_phone';
    const value = code < 0 || isPair ? (name === 'black' && type !== 'merchant' ? 0 : Number.NaN) : this.dimension(type, code, name, tMs);
    if (value !== value) return null;
    if (WORDS_OF.has(name)) return this.#dictionary.text(value);
    return TRUTHS.has(name) ? value === 1 : value;
  }

  /** Whether a gated stream is observed for a phone or person; any other stream is, and so is every other key. */
  covers(type: EntityType, code: number, stream: string): boolean {
    const bit = type === 'phone' || type === 'person' ? this.#gated.get(stream) : undefined;
    return bit === undefined || (code >= 0 && (this.coverage(code) & bit) !== 0);
  }

  #phoneDimension(at: number, name: string, tMs: number): number {
    if (at < 0) return Number.NaN;
    const flags = this.#cards[at + B] as number;
    switch (name) {
      case 'num_age_d':
        return this.#age(at, tMs);
      case 'owner_num_cnt':
        return this.#cards[at + A] as number;
      case 'iot':
        return (flags & IOT) === 0 ? 0 : 1;
      case 'full_view':
        return (flags & FULL_VIEW) === 0 ? 0 : 1;
      default:
        return this.#personDimension(this.#cards[at + OWNER] as number, name, tMs);
    }
  }

  #acctDimension(at: number, name: string, tMs: number): number {
    if (at < 0) return Number.NaN;
    const flags = this.#cards[at + B] as number;
    switch (name) {
      case 'acct_age_d':
        return this.#age(at, tMs);
      case 'acct_class':
        return this.#cards[at + A] as number;
      case 'holder_region_risk':
        return this.#cards[at + C] as number;
      case 'corp':
        return (flags & CORPORATE) === 0 ? 0 : 1;
      case 'full_view':
        return (flags & FULL_VIEW) === 0 ? 0 : 1;
      default:
        return this.#personDimension(this.#cards[at + OWNER] as number, name, tMs);
    }
  }

  #personDimension(code: number, name: string, tMs: number): number {
    const at = this.#at(code, PERSON, tMs);
    if (at < 0) return Number.NaN;
    const known = (value: number): number => (value < 0 ? Number.NaN : value);
    switch (name) {
      case 'age':
        return localYear(tMs) - (this.#cards[at + OPENED] as number);
      case 'sex':
        return known(this.#cards[at + OWNER] as number);
      case 'occ':
        return known(this.#cards[at + A] as number);
      case 'live_alone':
        return known(this.#cards[at + B] as number);
      case 'antifraud_app':
        return known(this.#cards[at + C] as number);
      default:
        return Number.NaN;
    }
  }

  get bytes(): number {
    return this.#words.byteLength + this.#cardCount * CARD * 8 + this.#linkCount * 8 + this.#kin.bytes;
  }
}

/** Attributes that are words, and those that are true or false. */
const WORDS_OF = new Set(['sex', 'occ', 'acct_class']);
const TRUTHS = new Set(['live_alone', 'antifraud_app', 'iot', 'full_view', 'corp']);

const truth = (value: boolean | null): number => (value === null ? -1 : Number(value));

let yearOf = { year: 0, fromMs: 0, toMs: 0 };

/** Year in Asia/Shanghai; the latest answer is kept, since nearly all questions are about one year. */
function localYear(tMs: number): number {
  if (tMs >= yearOf.fromMs && tMs < yearOf.toMs) return yearOf.year;
  const offsetMs = 8 * 3_600_000;
  const year = new Date(tMs + offsetMs).getUTCFullYear();
  yearOf = { year, fromMs: Date.UTC(year, 0, 1) - offsetMs, toMs: Date.UTC(year + 1, 0, 1) - offsetMs };
  return year;
}
