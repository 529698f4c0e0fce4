import { fillReason, yuanText } from '@skyeye/catalogue';
import type { Bilingual } from '@skyeye/contracts';
import type { LiveState, PaymentSaid } from './person-state.ts';
import type { Weighed } from './rule-score.ts';

export interface PictureFacts {
  readonly nowMs: number;
  readonly live: LiveState;
  readonly payment: PaymentSaid | null;
  /** What decided, strongest first: said where nothing is open. */
  readonly strongest: readonly Weighed[];
}

/** Groups that an open call, an open screen and a payment say already. */
const SAID_BY_CALL = new Set(['A', 'C', 'L']);
const SAID_BY_SHARE = new Set(['E', 'L']);
const SAID_BY_PAYMENT = new Set(['F', 'G', 'H', 'I', 'J']);
/** Reasons that speak of what is open now: untrue once it is over. */
const SAYS_NOW = new Set(['call_unk_active_s', 'rctl_share_on_now', 'rctl_remote_on_now']);
const PARTS_MAX = 4;
const COUNTY_OFFSET_MS = 8 * 3_600_000;
/** A payee's account of at most so many days is said to be newly opened. */
const NEW_ACCOUNT_DAYS = 30;

/**
 * What is going on, in one sentence with times and amounts, as an officer says it at the door: the call and the screen that are
 * open, then what else speaks and the money in their order, a payment that waits last. Without identifiers. Null when there is nothing to say.
 */
export function pictureOf({ nowMs, live, payment, strongest }: PictureFacts): Bilingual | null {
  const open = [...callPart(live, nowMs), ...sharePart(live)];
  const said = new Set([
    ...(live.callSinceMs === null ? [] : SAID_BY_CALL),
    ...(live.shareSinceMs === null ? [] : SAID_BY_SHARE),
    ...(payment === null ? [] : SAID_BY_PAYMENT),
  ]);
  const others = strongest
    .filter(
      ({ feature, signal }) => feature.fires.weight > 0 && !said.has(feature.group) && (signal.stillFires || !SAYS_NOW.has(feature.id)),
    )
    .slice(0, Math.max(0, PARTS_MAX - open.length - (payment === null ? 0 : 1)))
    .map(({ signal, feature }) => ({
      tMs: signal.firedMs,
      says: timed(signal.firedMs, fillReason(feature.fires.reason, signal.value, feature.unit)),
    }));
  const money = payment === null ? [] : [{ tMs: payment.pending ? Infinity : payment.tMs, says: paymentPart(payment) }];
  const parts = [...open, ...[...others, ...money].toSorted((a, b) => a.tMs - b.tMs).map(({ says }) => says)];
  if (parts.length === 0) return null;
  const en = parts.map((part) => part.en).join(', ');
  return { zh: parts.map((part) => part.zh).join(', '), en: en.slice(0, 1).toUpperCase() + en.slice(1) };
}

function callPart({ callSinceMs }: LiveState, nowMs: number): Bilingual[] {
  if (callSinceMs === null) return [];
  const minutes = Math.floor((nowMs - callSinceMs) / 60_000);
  if (minutes < 1) return [{ zh: `${clock(callSinceMs)} 起与陌生号码通话`, en: `on a call with a stranger since ${clock(callSinceMs)}` }];
  return [
    {
      zh: `${clock(callSinceMs)} 起与陌生号码通话 ${minutes} 分钟未断`,
      en: `on a call with a stranger since ${clock(callSinceMs)}, ${minutes} min without a break`,
    },
  ];
}

function sharePart({ shareSinceMs, remote }: LiveState): Bilingual[] {
  if (shareSinceMs === null) return [];
  return remote
    ? [{ zh: `${clock(shareSinceMs)} 开始被远程控制手机`, en: `phone under remote control since ${clock(shareSinceMs)}` }]
    : [{ zh: `${clock(shareSinceMs)} 开始共享屏幕`, en: `sharing the screen since ${clock(shareSinceMs)}` }];
}

function paymentPart({ tMs, amountFen, pending, cash, newPayee, payeeAgeDays }: PaymentSaid): Bilingual {
  const sum = yuanText(amountFen);
  const yuan = `${sum.slice(1)} 元`;
  if (cash) return { zh: `${clock(tMs)} 取现 ${yuan}`, en: `${sum} taken in cash at ${clock(tMs)}` };
  const days = payeeAgeDays === null ? null : Math.max(0, Math.floor(payeeAgeDays));
  const [zh, en] =
    days !== null && days <= NEW_ACCOUNT_DAYS
      ? days === 0
        ? ['当天新开的账户', 'an account opened today']
        : [`${days} 天前新开的账户`, `an account opened ${days} ${days === 1 ? 'day' : 'days'} ago`]
      : newPayee
        ? ['首次收款的账户', 'an account never paid before']
        : ['他人账户', "somebody else's account"];
  return pending
    ? { zh: `正向${days !== null && days > 0 && days <= NEW_ACCOUNT_DAYS ? ' ' : ''}${zh}转 ${yuan}`, en: `now paying ${sum} to ${en}` }
    : {
        zh: `${clock(tMs)} 已向${days !== null && days > 0 && days <= NEW_ACCOUNT_DAYS ? ' ' : ''}${zh}转出 ${yuan}`,
        en: `${sum} sent to ${en} at ${clock(tMs)}`,
      };
}

const timed = (tMs: number, { zh, en }: Bilingual): Bilingual => ({ zh: `${clock(tMs)} ${zh}`, en: `${clock(tMs)} ${en}` });

/** Time of day in the county. */
function clock(tMs: number): string {
  return new Date(tMs + COUNTY_OFFSET_MS).toISOString().slice(11, 16);
}
