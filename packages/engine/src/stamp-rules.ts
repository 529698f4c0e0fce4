import type { StreamEvent, StreamName, Value } from '@skyeye/contracts';
import { dayNumber, hourOfDay, isWorkingDay, pairKey, type HolidayTable } from '@skyeye/language';
import type { StampMemory } from './stamp-memory.ts';

const DAY_MS = 86_400_000;
const FAR_BACK_MS = 180 * DAY_MS;
/** Amounts under which transfers are kept, yuan: reporting and daily limits. */
const LIMITS_YUAN = [5000, 10_000, 20_000, 50_000, 200_000, 500_000] as const;

/** What the stamps ask of reference data. All answers are as of the event's own time. */
export interface StampReference {
  ownerOf(phone: string, tMs: number): string | null;
  holderOf(acct: string, tMs: number): string | null;
  isKin(person: string, other: string): boolean;
  phone(phone: string, tMs: number): { readonly openedMs: number | null } | null;
  acct(acct: string, tMs: number): { readonly openedMs: number | null } | null;
  domainRegisteredMs(domain: string): number | null;
  /** Highest valid intelligence level, 0 without any. */
  levelOf(key: string, tMs: number): number;
  /** Open alert or victim report in (tMs − 72 h, tMs]. */
  isVictim(person: string, tMs: number): boolean;
}

export interface StampWorld {
  readonly memory: StampMemory;
  /** null: nothing but the events is known; stamps that need more are left as they are. */
  readonly reference: StampReference | null;
  readonly holidays: HolidayTable;
  /** First four digits of the adcode that cash is expected to be drawn in. */
  readonly homePrefecture: string;
}

/** An event while it is stamped: its fields so far. */
export type Draft = Record<string, Value | undefined> & { readonly stream: StreamName; readonly id: string; readonly t: number };

export interface StampRule {
  readonly field: string;
  /** null: all streams. */
  readonly streams: readonly StreamName[] | null;
  /** Needs more than the events: not recomputed without reference data. */
  readonly reference: boolean;
  /** undefined: the inputs are missing, the field stays as it is. */
  readonly compute: (event: Draft, world: StampWorld) => Value | undefined;
}

export const text = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null);
const TEL: readonly StreamName[] = ['call', 'sms', 'callsig'];
const FUND: readonly StreamName[] = ['bank', 'pay'];
const rule = (field: string, streams: StampRule['streams'], compute: StampRule['compute'], reference = false): StampRule => ({
  field,
  streams,
  compute,
  reference,
});

/** A rule over reference data; without any the field stays as it is. */
function referenced(
  field: string,
  streams: StampRule['streams'],
  compute: (event: Draft, reference: StampReference) => Value | undefined,
): StampRule {
  return rule(field, streams, (event, world) => (world.reference === null ? undefined : compute(event, world.reference)), true);
}

/** In order: later rules read what earlier ones wrote (the person, the relation). */
export const STAMP_RULES: readonly StampRule[] = [
  rule('phone', ['acct'], (event) => text(event['rphone']) ?? undefined),
  referenced('person', null, personOf),
  rule('hod', null, (event) => hourOfDay(event.t)),
  rule('wday', null, (event, world) => isWorkingDay(dayNumber(event.t), world.holidays)),
  rule('start_t', ['call'], (event) => (typeof event['dur_s'] === 'number' ? event.t - event['dur_s'] * 1000 : undefined)),
  rule('np180', TEL, (event, world) => isNew(world, 'contact', pairOf(event, 'phone'), event.t)),
  rule('np180', FUND, (event, world) => isNew(world, 'payment', directed(event, 'acct'), event.t)),
  rule('np180p', FUND, (event, world) => isNew(world, 'personPayment', directed(event, 'person'), event.t)),
  referenced('rel', TEL, (event, reference) => {
    const peer = text(event['peer']);
    return peer === null ? undefined : relation(reference, text(event['person']), reference.ownerOf(peer, event.t));
  }),
  referenced('rel', FUND, (event, reference) => {
    const peer = text(event['peer']);
    return peer === null ? undefined : relation(reference, text(event['person']), reference.holderOf(peer, event.t));
  }),
  rule('stranger', [...TEL, ...FUND], (event) => {
    const rel = text(event['rel']);
    return rel === null ? undefined : rel === 'none' || rel === 'unknown';
  }),
  referenced('peer_black', ['call', 'sms', ...FUND], (event, reference) => levelOf(reference, event, 'peer')),
  referenced('peer_age_d', ['call'], (event, reference) => ageDays(reference.phone(text(event['peer']) ?? '', event.t)?.openedMs, event.t)),
  rule('peer_goip', ['call'], (event, world) => {
    const peer = text(event['peer']);
    return peer === null ? undefined : world.memory.hasBetween('goip', peer, event.t - 7 * DAY_MS, event.t);
  }),
  rule('peer_fan24', ['call'], (event, world) => {
    const [peer, phone] = [text(event['peer']), text(event['phone'])];
    return peer === null || phone === null || event['dir'] !== 'in'
      ? undefined
      : world.memory.fanOut(peer, { t: event.t, id: event.id, callee: phone });
  }),
  referenced('url_level', ['sms'], (event, reference) => levelOf(reference, event, 'domain') ?? null),
  referenced('level', ['app'], (event, reference) => levelOf(reference, event, 'pkg')),
  referenced('level', ['web'], (event, reference) => levelOf(reference, event, 'domain')),
  referenced('dom_age_d', ['web'], (event, reference) => ageDays(reference.domainRegisteredMs(text(event['domain']) ?? ''), event.t)),
  rule('first_inst', ['app'], firstInstall),
  rule('first_tool', ['rctl'], (event, world) => {
    const key = pairOf(event, 'phone', 'tool');
    return key === null ? undefined : !world.memory.hasBetween('tool', key, event.t - 365 * DAY_MS, event.t - 1);
  }),
  rule('live', FUND, (event) => (text(event['st']) === null ? undefined : event['st'] !== 'fail')),
  referenced('peer_victim', FUND, (event, reference) => {
    const holder = reference.holderOf(text(event['peer']) ?? '', event.t);
    return holder !== null && reference.isVictim(holder, event.t);
  }),
  referenced('peer_acct_age_d', FUND, (event, reference) => ageDays(reference.acct(text(event['peer']) ?? '', event.t)?.openedMs, event.t)),
  rule('known_dev', [...FUND, 'acct'], (event, world) => {
    const [acct, device] = [text(event['acct']), text(event['device'])];
    if (acct === null || device === null) return null;
    return world.memory.hasBetween('login', pairKey(acct, device), event.t - FAR_BACK_MS, event.t - DAY_MS);
  }),
  rule('drain', FUND, (event) => {
    const [amt, bal] = [event['amt'], event['bal']];
    return event['dir'] === 'out' && typeof amt === 'number' && typeof bal === 'number' && amt + bal !== 0 ? amt / (amt + bal) : null;
  }),
  rule('round1k', FUND, (event) => amountOf(event, (amt) => amt % 100_000 === 0)),
  rule('cents', FUND, (event) => amountOf(event, (amt) => amt % 100 !== 0)),
  rule('nearlim', FUND, (event) => amountOf(event, (amt) => LIMITS_YUAN.some((limit) => 0.98 * limit * 100 <= amt && amt <= limit * 100))),
  rule('far', ['cash'], (event, world) => {
    const region = text(event['region']);
    return region !== null && region.slice(0, 4) !== world.homePrefecture;
  }),
];

/** Puts into memory what later events, or earlier ones that come late, will ask for. */
export function remember(event: StreamEvent | Draft, { memory }: StampWorld): void {
  const { t } = event;
  switch (event.stream) {
    case 'call':
    case 'sms': {
      rememberAt(memory, 'contact', pairOf(event, 'phone'), t);
      const [peer, phone] = [text(event['peer']), text(event['phone'])];
      if (event.stream === 'call' && event['dir'] === 'in' && peer !== null && phone !== null)
        memory.called(peer, { t, id: event.id, callee: phone });
      return;
    }
    case 'bank':
    case 'pay':
      if (event['live'] !== true) return;
      rememberAt(memory, 'payment', directed(event, 'acct'), t);
      rememberAt(memory, 'personPayment', directed(event, 'person'), t);
      return;
    case 'acct':
      if (event['ev'] === 'login') rememberAt(memory, 'login', pairOf(event, 'acct', 'device'), t);
      return;
    case 'app':
      if (event['ev'] === 'install' || event['ev'] === 'first_open' || event['ev'] === 'open')
        rememberAt(memory, 'app', pairOf(event, 'phone', 'pkg'), t);
      return;
    case 'rctl':
      rememberAt(memory, 'tool', pairOf(event, 'phone', 'tool'), t);
      return;
    case 'goip':
      rememberAt(memory, 'goip', text(event['phone']), t);
      return;
    default:
  }
}

function rememberAt(memory: StampMemory, of: Parameters<StampMemory['remember']>[0], key: string | null, t: number): void {
  if (key !== null) memory.remember(of, key, t);
}

function pairOf(event: StreamEvent | Draft, own: 'phone' | 'acct', other = 'peer'): string | null {
  const [a, b] = [text(event[own]), text(event[other])];
  return a === null || b === null ? null : pairKey(a, b);
}

/** The pair with its direction: a payee of mine has not thereby paid me. */
export function directed(event: StreamEvent | Draft, own: 'acct' | 'person'): string | null {
  const [dir, a, b] = [text(event['dir']), text(event[own]), text(event['peer'])];
  return dir === null || a === null || b === null ? null : pairKey(`${dir}\u0000${a}`, b);
}

/** Nothing in (t − 180 d, t − 24 h]: repeats inside the first day stay new. */
function isNew(world: StampWorld, of: 'contact' | 'payment' | 'personPayment', key: string | null, t: number): boolean | undefined {
  return key === null ? undefined : !world.memory.hasBetween(of, key, t - FAR_BACK_MS, t - DAY_MS);
}

function personOf(event: Draft, reference: StampReference): Value | undefined {
  const [phone, acct] = [text(event['phone']), text(event['acct'])];
  const holder = acct === null ? null : reference.holderOf(acct, event.t);
  if (holder !== null) return holder;
  return phone === null ? undefined : (reference.ownerOf(phone, event.t) ?? `p:${phone}`);
}

function relation(reference: StampReference, person: string | null, other: string | null): string {
  if (person === null || other === null) return 'unknown';
  if (person === other) return 'self';
  return reference.isKin(person, other) ? 'kin' : 'none';
}

function levelOf(reference: StampReference, event: Draft, field: string): number | undefined {
  const key = text(event[field]);
  return key === null ? undefined : reference.levelOf(key, event.t);
}

/** No use before; an install and the first opening within the same day both count as first. */
function firstInstall(event: Draft, world: StampWorld): boolean | undefined {
  const key = pairOf(event, 'phone', 'pkg');
  if (key === null) return undefined;
  const start = event.t - 365 * DAY_MS;
  if (!world.memory.hasBetween('app', key, start, event.t - 1)) return true;
  return event['ev'] === 'first_open' && !world.memory.hasBetween('app', key, start, event.t - DAY_MS - 1);
}

function ageDays(sinceMs: number | null | undefined, t: number): number | null {
  return sinceMs === null || sinceMs === undefined ? null : (t - sinceMs) / DAY_MS;
}

function amountOf(event: Draft, holds: (amt: number) => boolean): boolean | undefined {
  const amt = event['amt'];
  return typeof amt === 'number' ? holds(amt) : undefined;
}
