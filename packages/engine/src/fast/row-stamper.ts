import { COMMON_FIELDS, SOURCES, type Reference, type StreamName } from '@skyeye/contracts';
import { dayNumber, hourOfDay, isWorkingDay, type HolidayTable } from '@skyeye/language';
import { APP_USE, CONTACT, Contacts, GOIP_SEEN, LOGIN_FROM, PAYMENT_IN, PAYMENT_OUT, PERSON_IN, PERSON_OUT, TOOL_USE } from './contacts.ts';
import type { Dictionary } from './dictionary.ts';
import type { Shape } from './layout.ts';
import type { Registry } from './registry.ts';
import type { Slabs } from './slabs.ts';
import { RARE_STAMPS, STAMP_INPUTS, STAMPS } from './stamp-fields.ts';

const DAY_MS = 86_400_000;
const FAR_BACK_MS = 180 * DAY_MS;
/** Amounts under which transfers are kept, fen: reporting and daily limits. */
const LIMITS_FEN = [500_000, 1_000_000, 2_000_000, 5_000_000, 20_000_000, 50_000_000];

type Name = (typeof STAMP_INPUTS)[number] | (typeof STAMPS)[number] | (typeof RARE_STAMPS)[number];
/** Offsets of fields in rows of a stream; −1 where it has none. Numbers count in 8-byte units, others in 4-byte units. */
type Places = Readonly<Record<Name, number>>;

/**
 * The stamps of `STAMP_RULES` on rows: a field that an event brought stays, the others are filled in. The order of the
 * rules is theirs; a property test holds the two together.
 */
export class RowStamper {
  readonly contacts = new Contacts();
  readonly #registry: Registry;
  readonly #slabs: () => Slabs;
  readonly #places: readonly Places[];
  readonly #streams: readonly string[];
  readonly #words: { readonly [word: string]: number };
  readonly #homePrefecture = '3715';
  readonly #dictionary: Dictionary;
  readonly #holidays: HolidayTable;
  /** Place of the list of calls among those of a number as the other side. */
  readonly #callsOf: number;
  #day = Number.NaN;
  #isWorking = false;

  constructor({
    registry,
    slabs,
    shape,
    dictionary,
    holidays,
  }: {
    registry: Registry;
    slabs: () => Slabs;
    shape: Shape;
    dictionary: Dictionary;
    holidays: HolidayTable;
  }) {
    this.#registry = registry;
    this.#slabs = slabs;
    this.#dictionary = dictionary;
    this.#holidays = holidays;
    this.#callsOf = shape.list('peer', 'call').head;
    this.#streams = shape.streams;
    this.#places = shape.streams.map((stream) => {
      const fields = { ...COMMON_FIELDS, ...SOURCES[stream as StreamName].fields };
      const place = (name: Name): number => (Object.hasOwn(fields, name) ? (shape.layout(stream).columns.get(name)?.at ?? -1) : -1);
      return Object.fromEntries([...STAMP_INPUTS, ...STAMPS, ...RARE_STAMPS].map((name) => [name, place(name)])) as Places;
    });
    this.#words = Object.fromEntries(
      ['in', 'out', 'fail', 'none', 'unknown', 'self', 'kin', 'login', 'install', 'first_open', 'open'].map((word) => [
        word,
        dictionary.code(word),
      ]),
    );
  }

  /** Fills in the stamps of a row. `keep`: remembers it, too, for later events. */
  stamp(row: number, keep: boolean): void {
    const { i32 } = this.#slabs();
    const stream = i32[row * 2 + 3] as number;
    const at = this.#places[stream] as Places;
    const name = this.#streams[stream];
    if (name === 'acct' && (i32[row * 2 + at.phone] as number) < 0 && at.rphone >= 0)
      i32[row * 2 + at.phone] = i32[row * 2 + at.rphone] as number;
    this.#person(row, at, keep);
    const isFund = name === 'bank' || name === 'pay';
    if (isFund && (i32[row * 2 + at.live] as number) < 0 && (i32[row * 2 + at.st] as number) >= 0)
      i32[row * 2 + at.live] = i32[row * 2 + at.st] === this.#word('fail') ? 0 : 1;
    if (keep) this.#remember(row, at, name ?? '');
    this.#common(row, at);
    if (isFund) this.#fund(row, at);
    else if (name === 'call' || name === 'sms' || name === 'callsig') this.#telephone(row, at, name);
    else this.#others(row, at, name ?? '');
  }

  #word(word: string): number {
    return this.#words[word] as number;
  }

  #person(row: number, at: Places, keep: boolean): void {
    const { i32, f64 } = this.#slabs();
    if ((i32[row * 2 + at.person] as number) >= 0) return;
    const t = f64[row] as number;
    const acct = i32[row * 2 + at.acct] as number;
    let person = acct < 0 ? -1 : this.#registry.holderOf(acct, t);
    if (person < 0) {
      const phone = i32[row * 2 + at.phone] as number;
      if (phone < 0) return;
      person = this.#registry.ownerOf(phone, t);
      if (person < 0) person = this.#registry.standIn(phone, keep);
    }
    i32[row * 2 + at.person] = person;
  }

  /** Puts into memory what later events, or earlier ones that come late, will ask for: of a row that has its stamps. */
  remember(row: number): void {
    const stream = this.#slabs().i32[row * 2 + 3] as number;
    this.#remember(row, this.#places[stream] as Places, this.#streams[stream] ?? '');
  }

  #remember(row: number, at: Places, name: string): void {
    const { i32, f64 } = this.#slabs();
    const t = f64[row] as number;
    const cell = (place: number): number => (place < 0 ? -1 : (i32[row * 2 + place] as number));
    const pair = (kind: number, a: number, b: number): void => {
      if (a >= 0 && b >= 0) this.contacts.remember(kind, a, b, t);
    };
    switch (name) {
      case 'call':
      case 'sms':
        pair(CONTACT, cell(at.phone), cell(at.peer));
        return;
      case 'bank':
      case 'pay': {
        const dir = cell(at.dir);
        if (cell(at.live) !== 1 || dir < 0) return;
        const out = dir === this.#word('out');
        pair(out ? PAYMENT_OUT : PAYMENT_IN, cell(at.acct), cell(at.peer));
        pair(out ? PERSON_OUT : PERSON_IN, cell(at.person), cell(at.peer));
        return;
      }
      case 'acct':
        if (cell(at.ev) === this.#word('login')) pair(LOGIN_FROM, cell(at.acct), cell(at.device));
        return;
      case 'app': {
        const ev = cell(at.ev);
        if (ev === this.#word('install') || ev === this.#word('first_open') || ev === this.#word('open'))
          pair(APP_USE, cell(at.phone), cell(at.pkg));
        return;
      }
      case 'rctl':
        pair(TOOL_USE, cell(at.phone), cell(at.tool));
        return;
      case 'goip':
        pair(GOIP_SEEN, cell(at.phone), 0);
        return;
      default:
    }
  }

  #common(row: number, at: Places): void {
    const { f64 } = this.#slabs();
    if (at.hod >= 0 && f64[row + at.hod] !== f64[row + at.hod]) f64[row + at.hod] = hourOfDay(f64[row] as number);
    if (at.wday >= 0) this.#setTruth(row, at.wday, this.isWorkingDay(f64[row] as number));
  }

  #setTruth(row: number, place: number, value: boolean): void {
    const { i32 } = this.#slabs();
    if (place >= 0 && (i32[row * 2 + place] as number) < 0) i32[row * 2 + place] = value ? 1 : 0;
  }

  #setNumber(row: number, place: number, value: number): void {
    const { f64 } = this.#slabs();
    if (place >= 0 && f64[row + place] !== f64[row + place]) f64[row + place] = value;
  }

  /** Nothing in (t − 180 d, t − 24 h]: repeats inside the first day stay new. */
  #isNew(kind: number, a: number, b: number, t: number): boolean {
    return !this.contacts.hasBetween(kind, a, b, t - FAR_BACK_MS, t - DAY_MS);
  }

  #relation(row: number, at: Places, other: number): void {
    const { i32 } = this.#slabs();
    if (at.rel >= 0 && (i32[row * 2 + at.rel] as number) < 0) {
      const person = i32[row * 2 + at.person] as number;
      const relation =
        person < 0 || other < 0 ? 'unknown' : person === other ? 'self' : this.#registry.isKin(person, other) ? 'kin' : 'none';
      i32[row * 2 + at.rel] = this.#word(relation);
    }
  }

  #stranger(row: number, at: Places): void {
    if (at.rel < 0) return;
    const rel = this.#slabs().i32[row * 2 + at.rel] as number;
    if (rel >= 0) this.#setTruth(row, at.stranger, rel === this.#word('none') || rel === this.#word('unknown'));
  }

  #telephone(row: number, at: Places, name: string): void {
    const { i32, f64 } = this.#slabs();
    const t = f64[row] as number;
    const [phone, peer] = [i32[row * 2 + at.phone] as number, i32[row * 2 + at.peer] as number];
    if (at.start_t >= 0) this.#setNumber(row, at.start_t, t - (f64[row + at.dur_s] as number) * 1000);
    if (at.np180 >= 0 && (i32[row * 2 + at.np180] as number) < 0 && phone >= 0 && peer >= 0)
      this.#setTruth(row, at.np180, this.#isNew(CONTACT, phone, peer, t));
    if (peer >= 0 && at.rel >= 0 && (i32[row * 2 + at.rel] as number) < 0) this.#relation(row, at, this.#registry.ownerOf(peer, t));
    this.#stranger(row, at);
    if (peer >= 0 && at.peer_black >= 0) this.#setNumber(row, at.peer_black, this.#registry.levelOf(peer, t));
    if (peer >= 0 && at.peer_goip >= 0) this.#setTruth(row, at.peer_goip, this.isGoip(peer, t));
    if (at.peer_fan24 >= 0) this.#setNumber(row, at.peer_fan24, this.fanOut(row));
    if (name === 'call' && at.peer_age_d >= 0) this.#setNumber(row, at.peer_age_d, this.#registry.phoneAgeDays(peer, t));
    if (name === 'sms' && at.url_level >= 0) {
      const domain = i32[row * 2 + at.domain] as number;
      if (domain >= 0) this.#setNumber(row, at.url_level, this.#registry.levelOf(domain, t));
    }
  }

  #fund(row: number, at: Places): void {
    const { i32, f64 } = this.#slabs();
    const t = f64[row] as number;
    const cell = (place: number): number => i32[row * 2 + place] as number;
    const [acct, peer, person, dir] = [cell(at.acct), cell(at.peer), cell(at.person), cell(at.dir)];
    const out = dir === this.#word('out');
    if (cell(at.np180) < 0 && dir >= 0 && acct >= 0 && peer >= 0)
      this.#setTruth(row, at.np180, this.#isNew(out ? PAYMENT_OUT : PAYMENT_IN, acct, peer, t));
    if (cell(at.np180p) < 0 && dir >= 0 && person >= 0 && peer >= 0)
      this.#setTruth(row, at.np180p, this.#isNew(out ? PERSON_OUT : PERSON_IN, person, peer, t));
    const holder = peer < 0 ? -1 : this.#registry.holderOf(peer, t);
    if (peer >= 0) this.#relation(row, at, holder);
    this.#stranger(row, at);
    if (peer >= 0) this.#setNumber(row, at.peer_black, this.#registry.levelOf(peer, t));
    this.#setTruth(row, at.peer_victim, holder >= 0 && this.#registry.isVictim(holder, t));
    this.#setNumber(row, at.peer_acct_age_d, this.#registry.acctAgeDays(peer, t));
    this.#knownDevice(row, at);
    const [amt, bal] = [f64[row + at.amt] as number, f64[row + at.bal] as number];
    if (out && amt === amt && bal === bal && amt + bal !== 0) this.#setNumber(row, at.drain, amt / (amt + bal));
    if (amt !== amt) return;
    this.#setTruth(row, at.round1k, amt % 100_000 === 0);
    this.#setTruth(row, at.cents, amt % 100 !== 0);
    this.#setTruth(
      row,
      at.nearlim,
      LIMITS_FEN.some((limit) => 0.98 * (limit / 100) * 100 <= amt && amt <= limit),
    );
  }

  #knownDevice(row: number, at: Places): void {
    const { i32, f64 } = this.#slabs();
    if (at.known_dev < 0 || (i32[row * 2 + at.known_dev] as number) >= 0) return;
    const [acct, device] = [i32[row * 2 + at.acct] as number, i32[row * 2 + at.device] as number];
    const t = f64[row] as number;
    if (acct >= 0 && device >= 0)
      this.#setTruth(row, at.known_dev, this.contacts.hasBetween(LOGIN_FROM, acct, device, t - FAR_BACK_MS, t - DAY_MS));
  }

  #others(row: number, at: Places, name: string): void {
    const { i32, f64 } = this.#slabs();
    const t = f64[row] as number;
    const cell = (place: number): number => (place < 0 ? -1 : (i32[row * 2 + place] as number));
    switch (name) {
      case 'app': {
        const [phone, pkg] = [cell(at.phone), cell(at.pkg)];
        if (pkg >= 0) this.#setNumber(row, at.level, this.#registry.levelOf(pkg, t));
        if (phone < 0 || pkg < 0 || cell(at.first_inst) >= 0) return;
        // An install and the first opening within the same day both count as first.
        const used = this.contacts.hasBetween(APP_USE, phone, pkg, t - 365 * DAY_MS, t - 1);
        const earlier = used && this.contacts.hasBetween(APP_USE, phone, pkg, t - 365 * DAY_MS, t - DAY_MS - 1);
        this.#setTruth(row, at.first_inst, !used || (cell(at.ev) === this.#word('first_open') && !earlier));
        return;
      }
      case 'web': {
        const domain = cell(at.domain);
        if (domain >= 0) this.#setNumber(row, at.level, this.#registry.levelOf(domain, t));
        this.#setNumber(row, at.dom_age_d, this.#registry.domainAgeDays(domain, t));
        return;
      }
      case 'rctl': {
        const [phone, tool] = [cell(at.phone), cell(at.tool)];
        if (phone >= 0 && tool >= 0)
          this.#setTruth(row, at.first_tool, !this.contacts.hasBetween(TOOL_USE, phone, tool, t - 365 * DAY_MS, t - 1));
        return;
      }
      case 'acct':
        this.#knownDevice(row, at);
        return;
      case 'cash': {
        const region = cell(at.region);
        this.#setTruth(row, at.far, region >= 0 && this.#dictionary.text(region).slice(0, 4) !== this.#homePrefecture);
        return;
      }
      default:
    }
  }

  /** Last contacts, payees, devices and apps from before the first day. */
  learn(record: Reference): void {
    const code = (text: string): number => this.#dictionary.code(text);
    switch (record.kind) {
      case 'contact':
        this.contacts.remember(CONTACT, code(record.phone), code(record.peer), record.lastMs);
        return;
      case 'payee': {
        const out = record.dir === 'out';
        const acct = code(record.acct);
        this.contacts.remember(out ? PAYMENT_OUT : PAYMENT_IN, acct, code(record.peer), record.lastMs);
        const holder = this.#registry.holderOf(acct, record.lastMs);
        if (holder >= 0) this.contacts.remember(out ? PERSON_OUT : PERSON_IN, holder, code(record.peer), record.lastMs);
        return;
      }
      case 'device':
        this.contacts.remember(LOGIN_FROM, code(record.acct), code(record.device), record.lastMs);
        return;
      case 'app':
        this.contacts.remember(record.tool ? TOOL_USE : APP_USE, code(record.phone), code(record.pkg), record.lastMs);
        return;
      default:
    }
  }

  /** Whether a detection of the number as GOIP lies in (t − 7 d, t]. */
  isGoip(number: number, tMs: number): boolean {
    return this.contacts.hasBetween(GOIP_SEEN, number, 0, tMs - 7 * DAY_MS, tMs);
  }

  /** Different numbers that the other side of an incoming call called in (t − 24 h, t], up to the call; NaN without one. */
  fanOut(row: number): number {
    const slabs = this.#slabs();
    const { i32, f64, refs } = slabs;
    const at = this.#places[i32[row * 2 + 3] as number] as Places;
    const cell = (of: number, place: number): number => i32[of * 2 + place] as number;
    const [phone, peer, incoming] = [cell(row, at.phone), cell(row, at.peer), this.#word('in')];
    if (phone < 0 || peer < 0 || cell(row, at.dir) !== incoming) return Number.NaN;
    const t = f64[row] as number;
    const callees = new Set([phone]);
    const table = slabs.tables[slabs.typeIndex('peer')];
    const slot = table?.find(peer, 0) ?? -1;
    if (slot < 0 || table === undefined) return callees.size;
    const head = slot * table.stride + this.#callsOf;
    const place = table.heads[head] as number;
    for (let index = slabs.end(place, table.heads[head + 1] as number, t, row) - 1; index >= 0; index--) {
      const other = refs[place + index] as number;
      if ((f64[other] as number) <= t - DAY_MS) break;
      const callee = cell(other, at.phone);
      if (callee >= 0 && cell(other, at.dir) === incoming) callees.add(callee);
    }
    return callees.size;
  }

  isWorkingDay(tMs: number): boolean {
    const day = dayNumber(tMs);
    if (day !== this.#day) {
      this.#day = day;
      this.#isWorking = isWorkingDay(day, this.#holidays);
    }
    return this.#isWorking;
  }
}
