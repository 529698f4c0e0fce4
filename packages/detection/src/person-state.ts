import type { Level, StreamEvent } from '@skyeye/contracts';
import type { Evaluation } from '@skyeye/engine';
import { isNoteworthy } from './describe-event.ts';
import { isBehind, mergeSignal, type Signal } from './signal.ts';

/** Limits per person; beyond them the oldest goes. */
export const PERSON_LIMITS = { signals: 600, events: 100, outflows: 50, accounts: 8 } as const;

const HOUR_MS = 3_600_000;
/** How far back the axis shows what happened before the first signal. */
export const EVENTS_MS = 6 * HOUR_MS;
/** One episode: the window in which an incident merges. */
export const EPISODE_MS = 72 * HOUR_MS;
/** A call or a sharing session is taken for ended after four hours. */
const SESSION_MS = 4 * HOUR_MS;
/** A pending payment is decided or has lapsed after half an hour. */
const PENDING_MS = 30 * 60_000;

/** Features whose newest value says that something is open now. */
const CALL_OPEN = 'call_unk_active_s';
const REMOTE_OPEN = 'rctl_remote_on_now';
const SHARE_OPEN: ReadonlySet<string> = new Set(['rctl_share_on_now', REMOTE_OPEN]);

interface Outflow {
  readonly id: string;
  readonly t: number;
  readonly amountFen: number;
  readonly st: string;
  readonly txid: string | null;
  readonly newPayee: boolean;
  readonly cash: boolean;
  /** Days since the payee's account was opened; absent when nobody says, and in checkpoints of before. */
  readonly payeeAgeDays?: number;
}
interface Open {
  readonly tMs: number;
  readonly id: string | null;
  readonly sinceMs: number | null;
}
/** What was said of the person last, to tell news from repetition. */
export interface Said {
  readonly level: Level;
  readonly live: string;
  readonly scam: string | null;
  readonly features: readonly string[];
  /** When P1 or P2 was said last; absent before, and in checkpoints of before. */
  readonly urgentMs?: number;
}

/** All that detection remembers of one person. Plain data: structured-cloneable. */
export interface PersonState {
  readonly signals: Map<string, Signal>;
  /** Events for the axis, in total order. */
  events: StreamEvent[];
  /** Ids of those that an assessment has carried. */
  sent: readonly string[];
  outflows: Outflow[];
  readonly balances: Map<string, { readonly t: number; readonly fen: number }>;
  readonly open: Map<string, Open>;
  phone: string | null;
  acct: string | null;
  /**
   * A person-level or phone-level feature was evaluated, as the engine does for the county's own only. Accounts of others are
   * followed because money goes there, but nobody is sent to their holders.
   */
  inScope: boolean;
  /** Newest event time seen. */
  newestMs: number;
  /** When the first signal of the episode fired, and the last; null before the first. */
  episode: { readonly fromMs: number; readonly lastMs: number } | null;
  said: Said | null;
  /** Features whose firing a correction took back since something was said last. Absent in checkpoints of before. */
  retracted?: readonly string[];
}

export function newPerson(): PersonState {
  return {
    signals: new Map(),
    events: [],
    sent: [],
    outflows: [],
    balances: new Map(),
    open: new Map(),
    phone: null,
    acct: null,
    inScope: false,
    newestMs: 0,
    episode: null,
    said: null,
  };
}

/** Enough of a copy that folding into it leaves the original as it was. */
export function copyPerson(state: PersonState): PersonState {
  return {
    ...state,
    signals: new Map(state.signals),
    events: [...state.events],
    outflows: [...state.outflows],
    balances: new Map(state.balances),
    open: new Map(state.open),
  };
}

export function foldEvaluations(state: PersonState, evaluations: readonly Evaluation[]): void {
  for (const seen of evaluations) {
    state.inScope ||= seen.keyType === 'person' || seen.keyType === 'phone';
    if (seen.feature === CALL_OPEN || SHARE_OPEN.has(seen.feature)) foldOpen(state, seen);
    // Most values do not fire and are of a feature that never did: making a name for each took half of folding them.
    if (!seen.fires && !mayHave(state.signals, seen.feature)) continue;
    const name = `${seen.feature}/${seen.keyType}/${seen.key}`;
    const known = state.signals.get(name);
    const merged = mergeSignal(known, seen);
    if (merged === undefined) {
      if (known !== undefined) retract(state, name, seen.feature);
      continue;
    }
    if (state.retracted?.includes(seen.feature) === true && seen.fires)
      state.retracted = state.retracted.filter((id) => id !== seen.feature);
    state.signals.set(name, merged);
    if (seen.fires) foldEpisode(state, seen.t);
    if (state.signals.size > PERSON_LIMITS.signals) dropOldest(state.signals);
  }
}

/** Above so many, looking through them costs more than a name. */
const LOOKED_THROUGH = 16;

/** False: there is no signal of this feature. */
function mayHave(signals: ReadonlyMap<string, Signal>, feature: string): boolean {
  if (signals.size > LOOKED_THROUGH) return true;
  for (const signal of signals.values()) if (signal.feature === feature) return true;
  return false;
}

function retract(state: PersonState, name: string, feature: string): void {
  state.signals.delete(name);
  state.retracted = [...new Set([...(state.retracted ?? []), feature])].slice(-RETRACTED_MAX);
}
const RETRACTED_MAX = 20;

function foldEpisode(state: PersonState, tMs: number): void {
  const { episode } = state;
  const continues = episode !== null && tMs - episode.lastMs < EPISODE_MS;
  state.episode = continues
    ? { fromMs: Math.min(episode.fromMs, tMs), lastMs: Math.max(episode.lastMs, tMs) }
    : { fromMs: tMs, lastMs: tMs };
}

function foldOpen({ open }: PersonState, { feature, key, value, t, eventId }: Evaluation): void {
  const name = `${feature}/${key}`;
  const known = open.get(name);
  if (known !== undefined && isBehind(known.tMs, known.id, t, eventId)) return;
  const isOpen = feature === CALL_OPEN ? typeof value === 'number' : value === true;
  const since = feature === CALL_OPEN && typeof value === 'number' ? t - value * 1000 : (known?.sinceMs ?? t);
  if (isOpen || known !== undefined) open.set(name, { tMs: t, id: eventId, sinceMs: isOpen ? since : null });
}

function dropOldest(signals: Map<string, Signal>): void {
  let oldest: [string, Signal] | undefined;
  for (const entry of signals) if (oldest === undefined || entry[1].latestMs < oldest[1].latestMs) oldest = entry;
  if (oldest !== undefined) signals.delete(oldest[0]);
}

/** Takes in what the event itself says: axis, money, phone and account. `fired`: it made a feature fire. */
export function foldEvent(state: PersonState, event: StreamEvent, fired: boolean): void {
  state.newestMs = Math.max(state.newestMs, event.t);
  if (typeof event['phone'] === 'string') state.phone = event['phone'];
  if (typeof event['acct'] === 'string') state.acct = event['acct'];
  if (fired || isNoteworthy(event)) insert(state, event);
  if (event.stream === 'bank' || event.stream === 'pay') foldMoney(state, event);
  else if (event.stream === 'cash' && event['ev'] === 'withdraw') addOutflow(state, event, false);
}

function insert(state: PersonState, event: StreamEvent): void {
  const { events } = state;
  if (events.some(({ id }) => id === event.id)) return;
  let at = events.length;
  while (at > 0 && isBehind((events[at - 1] as StreamEvent).t, (events[at - 1] as StreamEvent).id, event.t, event.id)) at--;
  events.splice(at, 0, event);
  const from = state.newestMs - EVENTS_MS;
  while (events.length > PERSON_LIMITS.events || (events[0]?.t ?? from) < from) events.shift();
}

function foldMoney(state: PersonState, event: StreamEvent): void {
  const { acct, bal } = event;
  if (typeof acct === 'string' && typeof bal === 'number') {
    const known = state.balances.get(acct);
    if (known === undefined || known.t <= event.t) state.balances.set(acct, { t: event.t, fen: Math.max(0, bal) });
    if (state.balances.size > PERSON_LIMITS.accounts) state.balances.delete([...state.balances.keys()][0] ?? '');
  }
  if (event['dir'] === 'out' && event['live'] !== false && event['stranger'] !== false && event['peer_kind'] !== 'merchant')
    addOutflow(state, event, event['np180p'] === true);
}

function addOutflow(state: PersonState, event: StreamEvent, newPayee: boolean): void {
  if (typeof event['amt'] !== 'number' || state.outflows.some(({ id }) => id === event.id)) return;
  const txid = event['txid'];
  state.outflows.push({
    id: event.id,
    t: event.t,
    amountFen: event['amt'],
    st: typeof event['st'] === 'string' ? event['st'] : 'ok',
    txid: typeof txid === 'string' ? txid : null,
    newPayee,
    cash: event.stream === 'cash',
    ...(typeof event['peer_acct_age_d'] === 'number' ? { payeeAgeDays: event['peer_acct_age_d'] } : {}),
  });
  state.outflows = state.outflows.filter(({ t }) => state.newestMs - t < EPISODE_MS).slice(-PERSON_LIMITS.outflows);
}

/** What is open at a time, and since when. */
export interface LiveState {
  readonly call: boolean;
  readonly share: boolean;
  readonly payment: boolean;
  readonly callSinceMs: number | null;
  readonly shareSinceMs: number | null;
  /** What is open is control of the screen, not only a look at it. */
  readonly remote: boolean;
}

export function liveAt(state: PersonState, nowMs: number): LiveState {
  const openNow = (prefix: (feature: string) => boolean): Open | undefined =>
    [...state.open].find(
      ([name, { sinceMs }]) =>
        prefix(name.slice(0, name.indexOf('/'))) && sinceMs !== null && sinceMs <= nowMs && nowMs - sinceMs < SESSION_MS,
    )?.[1];
  const call = openNow((feature) => feature === CALL_OPEN);
  const share = openNow((feature) => SHARE_OPEN.has(feature));
  return {
    call: call !== undefined,
    share: share !== undefined,
    payment: pendingFen(state, nowMs) > 0,
    callSinceMs: call?.sinceMs ?? null,
    shareSinceMs: share?.sinceMs ?? null,
    remote: openNow((feature) => feature === REMOTE_OPEN) !== undefined,
  };
}

/** A payment as an officer speaks of it. */
export interface PaymentSaid {
  readonly tMs: number;
  readonly amountFen: number;
  readonly pending: boolean;
  readonly cash: boolean;
  readonly newPayee: boolean;
  readonly payeeAgeDays: number | null;
}

/** The payment to speak of: the largest that waits, else the newest that left to a new payee or was taken as cash since a time. */
export function paymentSaid({ outflows }: PersonState, fromMs: number, nowMs: number): PaymentSaid | null {
  const waits = isWaiting(outflows, nowMs);
  const [chosen] = outflows
    .filter(
      (outflow) =>
        waits(outflow) || (outflow.st === 'ok' && (outflow.newPayee || outflow.cash) && outflow.t >= fromMs && outflow.t <= nowMs),
    )
    .toSorted(
      (a, b) => Number(waits(b)) - Number(waits(a)) || (waits(a) ? b.amountFen - a.amountFen : 0) || b.t - a.t || (a.id < b.id ? -1 : 1),
    );
  if (chosen === undefined) return null;
  const { t, amountFen, cash, newPayee, payeeAgeDays } = chosen;
  return { tMs: t, amountFen, pending: waits(chosen), cash, newPayee, payeeAgeDays: payeeAgeDays ?? null };
}

/** Payments that wait for a decision. One that is reported again under its txid waits no more. */
export function pendingFen({ outflows }: PersonState, nowMs: number): number {
  const waits = isWaiting(outflows, nowMs);
  return outflows.reduce((sum, outflow) => (waits(outflow) ? sum + outflow.amountFen : sum), 0);
}

function isWaiting(outflows: readonly Outflow[], nowMs: number): (outflow: Outflow) => boolean {
  const done = new Set(outflows.flatMap(({ st, txid }) => (st === 'init' || txid === null ? [] : [txid])));
  return ({ st, t, txid }) => st === 'init' && t <= nowMs && nowMs - t < PENDING_MS && (txid === null || !done.has(txid));
}

/** Money that left to new payees since a time. */
export function lostFen({ outflows }: PersonState, fromMs: number, nowMs: number): number {
  return outflows.reduce(
    (sum, { st, t, newPayee, amountFen }) => (st === 'ok' && newPayee && t >= fromMs && t <= nowMs ? sum + amountFen : sum),
    0,
  );
}

const JUST_PAID_MS = 10 * 60_000;
/** Cash takes longer to be handed over. */
const CASH_IN_HAND_MS = 30 * 60_000;

/** Whether money left to a new payee, or was taken as cash, lately. */
export function justPaid({ outflows }: PersonState, nowMs: number): boolean {
  return outflows.some(
    ({ newPayee, cash, t }) => t <= nowMs && ((newPayee && nowMs - t < JUST_PAID_MS) || (cash && nowMs - t < CASH_IN_HAND_MS)),
  );
}

/** Balances seen last, all accounts together; null when none was seen. */
export function balanceFen({ balances }: PersonState): number | null {
  return balances.size === 0 ? null : [...balances.values()].reduce((sum, { fen }) => sum + fen, 0);
}

/** Forgets what no score can see any more. @returns whether there was any */
export function prune(state: PersonState, memoryMs: number): boolean {
  const before = state.signals.size + state.open.size;
  for (const [name, { firedMs }] of state.signals) if (state.newestMs - firedMs >= EPISODE_MS + memoryMs) state.signals.delete(name);
  for (const [name, { tMs }] of state.open) if (state.newestMs - tMs >= SESSION_MS) state.open.delete(name);
  return state.signals.size + state.open.size < before;
}
