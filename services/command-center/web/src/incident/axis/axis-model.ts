import type { Bilingual, EvidenceItem, IncidentDetail } from '@skyeye/contracts';

export const LANES = ['call', 'screen', 'message', 'account', 'money', 'other', 'action'] as const;
export type Lane = (typeof LANES)[number];

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

/** Red is money that leaves for strangers and the call behind it; a moment in the lane of calls is less than the call. */
function toneOf(item: EvidenceItem, lane: Lane, span: boolean): AxisItem['tone'] {
  if (lane === 'money' && item.facts['dir'] === 'out' && item.facts['rel'] !== 'self') return 'P1';
  return lane === 'call' && !span ? 'P2' : TONE_OF[lane];
}

const OPENS = new Set(['begin', 'share_start', 'remote_start']);
const CLOSES = new Set(['end', 'share_stop', 'remote_stop']);

/** Three minutes: what came later than this could not have helped while it happened, so it is drawn hollow. */
export const LATE_AFTER_MS = 180_000;

/** Two sources that tell of one moment differ by less than this. */
const SAME_MS = 60_000;

const laneOf = (item: EvidenceItem): Lane => LANE_OF[item.stream] ?? 'other';
const eventOf = (item: EvidenceItem): string => String(item.facts['ev'] ?? '');

function itemOf(item: EvidenceItem, fromMs: number, toMs: number, open: boolean): AxisItem {
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
    tone: toneOf(item, lane, toMs > fromMs),
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
      if (begun !== undefined) add(key, itemOf(begun, begun.t, begun.t, false));
      opened.set(key, item);
    } else if (item.startMs !== null) {
      // The record of a call comes after its signalling and says the same: one bar, in the words of the record.
      if (begun !== undefined && Math.abs(begun.t - item.startMs) < SAME_MS) opened.delete(key);
      if (last !== undefined && Math.abs(last.fromMs - item.startMs) < SAME_MS) items.splice(items.indexOf(last), 1);
      add(key, itemOf(item, item.startMs, item.t, false));
    } else if (CLOSES.has(ev) && begun !== undefined) {
      opened.delete(key);
      add(key, { ...itemOf(item, begun.t, item.t, false), says: begun.says });
    } else if (!CLOSES.has(ev) || last === undefined || Math.abs(last.toMs - item.t) >= SAME_MS) {
      add(key, itemOf(item, item.t, item.t, false));
    }
  }
  for (const item of opened.values()) {
    const lane = laneOf(item);
    const open = (lane === 'call' && detail.live.call) || (lane === 'screen' && detail.live.share);
    items.push(itemOf(item, item.t, open ? Math.max(nowMs, item.t) : item.t, open));
  }
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
      tone: bad ? 'P2' : 'ok',
    });
  }
  return items.sort((a, b) => a.fromMs - b.fromMs || a.id.localeCompare(b.id));
}

export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
}

const MARGIN = 0.03;
const RANGE_MIN_MS = 60_000;

/** Everything up to now, with a little air on both sides. */
export function wholeRange(items: readonly AxisItem[], nowMs: number): Range {
  const fromMs = Math.min(nowMs - 10 * RANGE_MIN_MS, ...items.map((item) => item.fromMs));
  const toMs = Math.max(nowMs, ...items.map((item) => item.toMs));
  const air = (toMs - fromMs) * MARGIN;
  return { fromMs: fromMs - air, toMs: toMs + air };
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
