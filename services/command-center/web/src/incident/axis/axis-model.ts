import type { Action, Bilingual, EvidenceItem, Hold, IncidentDetail } from '@skyeye/contracts';
import { isBeingDefrauded } from '../../queue/order.ts';
import { payeeOf } from '../payee.ts';

export const LANES = ['call', 'screen', 'message', 'account', 'money', 'other', 'action'] as const;
export type Lane = (typeof LANES)[number];
type HoldOutcome = Hold['outcome'];

/** One thing on the axis, on event time. */
export interface AxisItem {
  readonly id: string;
  readonly lane: Lane;
  readonly fromMs: number;
  readonly toMs: number;
  readonly span: boolean;
  /** Still going on: it ends at now. */
  readonly open: boolean;
  readonly says: Bilingual;
  readonly amountFen: number | null;
  /** Ingest minus event time; null for our own acts. */
  readonly delayMs: number | null;
  readonly late: boolean;
  readonly stream: string | null;
  /** Who acted, of our own acts. */
  readonly by: string | null;
  /** More than one: equal positions of one phone, one after the other, `says` and `id` of the first. */
  readonly times: number;
  /** The last place of those, as the operator names it. */
  readonly place: string | null;
  /** Our own act: its kind, what it went to, and what a bank did, for the short label. */
  readonly act: { readonly kind: Action['kind']; readonly to: string | null; readonly outcome: HoldOutcome | null } | null;
  readonly tone: 'P1' | 'P2' | 'P3' | 'P4' | 'ok' | 'soft';
}

const LANE_OF: Readonly<Record<string, Lane>> = {
  call: 'call',
  callsig: 'call',
  rctl: 'screen',
  sms: 'message',
  app: 'message',
  web: 'message',
  im: 'message',
  acct: 'account',
  num: 'account',
  loan: 'account',
  bank: 'money',
  pay: 'money',
  cash: 'money',
  shop: 'money',
  parcel: 'money',
};
const TONE_OF: Readonly<Record<Lane, AxisItem['tone']>> = {
  call: 'P1',
  screen: 'P2',
  message: 'P3',
  account: 'P4',
  money: 'P4',
  other: 'soft',
  action: 'ok',
};

/** Lanes whose tone depends on who is at the other end. */
const OURS = new Set(['kin', 'self']);

/**
 * Red is only what goes on now under an open P1: the unknown caller on the line, money on its way to a stranger. The same
 * of another incident is orange; payments that the person makes anyway, and calls of the family, are quiet.
 */
function toneOf(item: EvidenceItem, lane: Lane, span: boolean, open: boolean, detail: IncidentDetail): AxisItem['tone'] {
  const grave = isBeingDefrauded(detail) ? 'P1' : 'P2';
  if (lane === 'money') {
    const payee = payeeOf(item);
    return payee === 'stranger' ? grave : payee === 'habit' ? 'soft' : 'P4';
  }
  if (lane !== 'call') return TONE_OF[lane];
  if (item.facts['cli_kind'] === 'police') return 'ok';
  if (OURS.has(String(item.facts['rel']))) return 'soft';
  return span && open ? grave : 'P2';
}

const OPENS = new Set(['begin', 'share_start', 'remote_start']);
const CLOSES = new Set(['end', 'share_stop', 'remote_stop']);

/** Three minutes: what came later than this could not have helped while it happened, so it is drawn hollow. */
export const LATE_AFTER_MS = 180_000;

/** Two sources that tell of one moment differ by less than this. */
const SAME_MS = 60_000;

const laneOf = (item: EvidenceItem): Lane => LANE_OF[item.stream] ?? 'other';
const eventOf = (item: EvidenceItem): string => String(item.facts['ev'] ?? '');

function itemOf(detail: IncidentDetail, item: EvidenceItem, fromMs: number, toMs: number, open: boolean): AxisItem {
  const lane = laneOf(item);
  return {
    id: item.eventId,
    lane,
    fromMs,
    toMs,
    span: toMs > fromMs,
    open,
    says: item.says,
    amountFen: item.amountFen,
    delayMs: item.delayMs,
    late: (item.delayMs ?? 0) > LATE_AFTER_MS,
    stream: item.stream,
    times: 1,
    place: item.stream === 'loc' && typeof item.facts['cell'] === 'string' ? item.facts['cell'] : null,
    by: null,
    act: null,
    tone: toneOf(item, lane, toMs > fromMs, open, detail),
  };
}

/** Evidence of the page and of the stream behind it as one list in event time, an id once. */
export function mergeEvidence(first: readonly EvidenceItem[], more: readonly EvidenceItem[]): EvidenceItem[] {
  const byId = new Map([...first, ...more].map((item) => [item.eventId, item]));
  return [...byId.values()].sort((a, b) => a.t - b.t || a.eventId.localeCompare(b.eventId));
}

/**
 * The axis of one incident. A begin and its end become one span; a begin without end is open while the person is still on
 * the phone or shares the screen, and a moment otherwise (the end was lost).
 */
export function axisItems(detail: IncidentDetail, evidence: readonly EvidenceItem[], nowMs: number): AxisItem[] {
  const opened = new Map<string, EvidenceItem>();
  const spans = new Map<string, AxisItem>();
  const items: AxisItem[] = [];
  const keyOf = (item: EvidenceItem): string => `${laneOf(item)}:${item.peer ?? ''}`;
  const add = (key: string, made: AxisItem): void => {
    items.push(made);
    if (made.span) spans.set(key, made);
  };
  for (const item of evidence) {
    const ev = eventOf(item);
    const key = keyOf(item);
    const begun = opened.get(key);
    const last = spans.get(key);
    if (OPENS.has(ev) && item.startMs === null) {
      if (begun !== undefined) add(key, itemOf(detail, begun, begun.t, begun.t, false));
      opened.set(key, item);
    } else if (item.startMs !== null) {
      // The record of a call comes after its signalling and says the same: one bar, in the words of the record.
      if (begun !== undefined && Math.abs(begun.t - item.startMs) < SAME_MS) opened.delete(key);
      if (last !== undefined && Math.abs(last.fromMs - item.startMs) < SAME_MS) items.splice(items.indexOf(last), 1);
      add(key, itemOf(detail, item, item.startMs, item.t, false));
    } else if (CLOSES.has(ev) && begun !== undefined) {
      opened.delete(key);
      add(key, { ...itemOf(detail, item, begun.t, item.t, false), says: begun.says });
    } else if (!CLOSES.has(ev) || last === undefined || Math.abs(last.toMs - item.t) >= SAME_MS) {
      add(key, itemOf(detail, item, item.t, item.t, false));
    }
  }
  for (const item of opened.values()) {
    const lane = laneOf(item);
    const open = (lane === 'call' && detail.live.call) || (lane === 'screen' && detail.live.share);
    items.push(itemOf(detail, item, item.t, open ? Math.max(nowMs, item.t) : item.t, open));
  }
  const unitNames = new Map((detail.tasks ?? []).map((task) => [task.unit, task.unitName]));
  for (const action of detail.actions) {
    const bad = action.kind === 'clock_missed' || action.kind === 'escalated';
    items.push({
      id: `action:${action.seq}`,
      lane: 'action',
      fromMs: action.atMs,
      toMs: action.atMs,
      span: false,
      open: false,
      says: action.says,
      amountFen: null,
      delayMs: null,
      late: false,
      stream: null,
      times: 1,
      place: null,
      by: action.byName ?? null,
      act: { kind: action.kind, to: targetOf(action, unitNames), outcome: outcomeOf(action) },
      tone: bad ? 'P2' : 'ok',
    });
  }
  return foldPositions(items.sort((a, b) => a.fromMs - b.fromMs || a.id.localeCompare(b.id)));
}

/**
 * A phone under an alert tells its cell every two minutes. Positions of the same words that no other thing of their lane
 * parts are one: how many, from when to when, and the last place.
 */
function foldPositions(items: readonly AxisItem[]): AxisItem[] {
  const folded: AxisItem[] = [];
  let at: number | undefined;
  for (const item of items) {
    const run = at === undefined ? undefined : folded[at];
    if (item.stream === 'loc' && at !== undefined && run?.stream === 'loc' && run.says.zh === item.says.zh) {
      const [toMs, delayMs] = [item.toMs, item.delayMs];
      folded[at] = { ...run, toMs, span: toMs > run.fromMs, times: run.times + 1, place: item.place, delayMs, late: item.late };
      continue;
    }
    if (item.lane === 'other') at = folded.length;
    folded.push(item);
  }
  return folded;
}

const OUTCOMES: ReadonlySet<unknown> = new Set<HoldOutcome>(['allow', 'delay', 'hold', 'fuse']);

/** What the bank did, of an act that tells of it. */
const outcomeOf = ({ facts }: Action): HoldOutcome | null => (OUTCOMES.has(facts['outcome']) ? (facts['outcome'] as HoldOutcome) : null);

/** What an act went to: a unit by its name, or a level. */
function targetOf({ facts }: Action, unitNames: ReadonlyMap<string, string>): string | null {
  const unit = facts['unit'];
  if (typeof unit === 'string') return unitNames.get(unit) ?? null;
  const level = facts['to'] ?? facts['level'];
  return typeof level === 'string' ? level : null;
}

export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

const MARGIN = 0.03;
const RANGE_MIN_MS = 60_000;
/** A longer pause before the alert separates what led to it from what was there anyway. */
const PAUSE_MS = 30 * RANGE_MIN_MS;
const SHOWN_MIN_MS = 10 * RANGE_MIN_MS;

const withAir = (fromMs: number, toMs: number): Range => {
  const air = (toMs - fromMs) * MARGIN;
  return { fromMs: fromMs - air, toMs: toMs + air };
};

/** Everything up to `endMs`, with a little air on both sides. */
export function wholeRange(items: readonly AxisItem[], endMs: number): Range {
  return withAir(Math.min(endMs - SHOWN_MIN_MS, ...items.map((item) => item.fromMs)), Math.max(endMs, ...items.map((item) => item.toMs)));
}

/**
 * What the axis shows first: back from the alert to the last pause of half an hour. Quiet things (a habitual payment, a
 * position) neither begin it nor bridge a pause.
 */
export function episodeRange(items: readonly AxisItem[], endMs: number): Range {
  const whole = wholeRange(items, endMs);
  const alertMs = items.find((item) => item.act?.kind === 'created')?.fromMs;
  if (alertMs === undefined) return whole;
  let fromMs = Math.min(alertMs, endMs - SHOWN_MIN_MS);
  const led = items.filter((item) => item.lane !== 'action' && item.tone !== 'soft' && item.fromMs <= alertMs);
  for (const item of led.sort((a, b) => b.toMs - a.toMs)) {
    if (item.toMs < fromMs - PAUSE_MS) break;
    fromMs = Math.min(fromMs, item.fromMs);
  }
  return withAir(fromMs, Math.max(endMs, ...items.map((item) => item.toMs)));
}

/** The range after zooming by `factor` around a moment, kept within the whole and not under a minute. */
export function zoomed(range: Range, whole: Range, factor: number, aroundMs: number): Range {
  const length = Math.min(whole.toMs - whole.fromMs, Math.max(RANGE_MIN_MS, (range.toMs - range.fromMs) * factor));
  const share = (aroundMs - range.fromMs) / (range.toMs - range.fromMs);
  return shifted({ fromMs: aroundMs - share * length, toMs: aroundMs + (1 - share) * length }, whole, 0);
}

export function shifted(range: Range, whole: Range, byMs: number): Range {
  const length = range.toMs - range.fromMs;
  const fromMs = Math.max(whole.fromMs, Math.min(whole.toMs - length, range.fromMs + byMs));
  return { fromMs, toMs: fromMs + length };
}

const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440, 2880].map((minutes) => minutes * 60_000);

/** Round moments for the ticks, at most `count` of them. */
export function ticks(range: Range, count: number): number[] {
  const step = STEPS_MS.find((ms) => (range.toMs - range.fromMs) / ms <= count) ?? 7 * 86_400_000;
  const first = Math.ceil(range.fromMs / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((range.toMs - first) / step) + 1) }, (_, index) => first + index * step);
}
