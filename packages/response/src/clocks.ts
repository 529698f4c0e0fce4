import type { Level, ResultCode, StepClock } from '@skyeye/contracts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type ClockStep = StepClock['step'];
/** Who is told when a clock was missed: the next one who answers for it. */
export type EscalateTo = 'leader' | 'station' | 'county' | 'city';

export interface ClockRule {
  readonly step: ClockStep;
  /** Due so long after the start; at the door the way decides. */
  readonly afterMs: number | { readonly urbanMs: number; readonly ruralMs: number };
  /** Missed, and escalated, when still not done so long after it was due. */
  readonly graceMs: number;
  readonly startsAt: 'alert' | 'met' | 'result';
  readonly escalateTo: EscalateTo;
}

const rule = (step: ClockStep, afterMs: ClockRule['afterMs'], escalateTo: EscalateTo, more: Partial<ClockRule> = {}): ClockRule => ({
  step,
  afterMs,
  graceMs: 0,
  startsAt: 'alert',
  escalateTo,
  ...more,
});

/** Time limits of DOMAIN §1.2, per level. A step that is not listed has no limit at that level. */
export const CLOCK_RULES: Readonly<Record<Level, readonly ClockRule[]>> = {
  P1: [
    rule('sign', 60 * SECOND, 'leader', { graceMs: 30 * SECOND }),
    rule('first_call', 2 * MINUTE, 'leader'),
    rule('dispatch', 2 * MINUTE, 'station'),
    rule('at_door', { urbanMs: 5 * MINUTE, ruralMs: 15 * MINUTE }, 'station'),
    rule('escalate_county', 15 * MINUTE, 'county'),
    rule('escalate_city', 30 * MINUTE, 'city'),
    rule('feedback', 30 * MINUTE, 'station', { startsAt: 'met' }),
    rule('follow_up', DAY, 'station', { startsAt: 'result' }),
  ],
  P2: [
    rule('sign', 3 * MINUTE, 'leader', { graceMs: 2 * MINUTE }),
    rule('first_call', 10 * MINUTE, 'leader'),
    rule('dispatch', 10 * MINUTE, 'station'),
    rule('at_door', { urbanMs: 60 * MINUTE, ruralMs: 90 * MINUTE }, 'station'),
    rule('escalate_county', 2 * HOUR, 'county'),
    rule('feedback', 2 * HOUR, 'station', { startsAt: 'met' }),
    rule('follow_up', DAY, 'station', { startsAt: 'result' }),
  ],
  P3: [
    rule('sign', 15 * MINUTE, 'leader', { graceMs: 15 * MINUTE }),
    rule('first_call', 2 * HOUR, 'leader'),
    rule('dispatch', 4 * HOUR, 'station'),
    rule('at_door', DAY, 'station'),
    rule('escalate_county', DAY, 'county'),
    rule('feedback', DAY, 'station', { startsAt: 'met' }),
    rule('follow_up', 7 * DAY, 'station', { startsAt: 'result' }),
  ],
  P4: [rule('first_call', DAY, 'station')],
};

/** After a call that did not settle it the next one is due so long later, until so many were made; a meeting ends it. */
const CALL_AGAIN: Readonly<Partial<Record<Level, { readonly afterMs: number; readonly callsMax: number }>>> = {
  P1: { afterMs: 2 * MINUTE, callsMax: Number.POSITIVE_INFINITY },
  P2: { afterMs: 10 * MINUTE, callsMax: 3 },
  P3: { afterMs: 2 * HOUR, callsMax: 2 },
};

/** The clock of the next call after `calls` were made; null when no further one is asked for. The step keeps its name. */
export function nextCall(level: Level, calls: number, atMs: number): DueClock | null {
  const again = CALL_AGAIN[level];
  return again === undefined || calls >= again.callsMax
    ? null
    : { step: 'first_call', dueMs: atMs + again.afterMs, graceMs: 0, escalateTo: 'leader' };
}

/** Of the results at P4 one in so many is followed up: DOMAIN's sample of 5 %. */
const SAMPLED_ONE_IN = 20;

/**
 * Whether an incident of P4 is in the sample of the follow-ups. Decided by its id: the same after every restart, and nobody
 * who reports can know or choose it.
 */
export function isSampled(incidentId: string): boolean {
  // FNV-1a: spreads ids that differ in one letter.
  let hash = 0x811c9dc5;
  for (let index = 0; index < incidentId.length; index++) hash = Math.imul(hash ^ incidentId.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % SAMPLED_ONE_IN === 0;
}

/** Times of the follow-ups 回访 after the result; the clock `follow_up` walks along the list that {@link followUpsMs} gives. */
const FOLLOW_UPS_MS: Readonly<Record<Level, readonly number[]>> = {
  P1: [DAY, 3 * DAY, 7 * DAY],
  P2: [DAY, 7 * DAY],
  P3: [7 * DAY],
  /** Of the sample only. */
  P4: [7 * DAY],
};

/** A loss from which on a person is asked once more after a month: 10,000 yuan. */
export const LARGE_LOSS_FEN = 1_000_000;
/** Who refused, or lost money already, is swindled again: DOMAIN §1.2. */
const AGAIN_AFTER_A_MONTH: readonly ResultCode[] = ['refused', 'lost'];

/** When, after the result, a person is asked again, in order. At P1 once more after 30 days for those most at risk; at P4 a sample only. */
export function followUpsMs(
  level: Level,
  { id, result, lostFen }: { readonly id: string; readonly result: ResultCode | null; readonly lostFen: number },
): readonly number[] {
  if (level === 'P4' && !isSampled(id)) return [];
  const month = level === 'P1' && ((result !== null && AGAIN_AFTER_A_MONTH.includes(result)) || lostFen >= LARGE_LOSS_FEN);
  return month ? [...FOLLOW_UPS_MS[level], 30 * DAY] : FOLLOW_UPS_MS[level];
}

export interface DueClock {
  readonly step: ClockStep;
  readonly dueMs: number;
  readonly graceMs: number;
  readonly escalateTo: EscalateTo;
}

/** The clocks that start at a moment. Reaching the door takes longer in the country. */
export function clocksStarting(level: Level, startsAt: ClockRule['startsAt'], atMs: number, urban: boolean): readonly DueClock[] {
  return CLOCK_RULES[level]
    .filter((entry) => entry.startsAt === startsAt)
    .map(({ step, afterMs, graceMs, escalateTo }) => ({
      step,
      graceMs,
      escalateTo,
      dueMs: atMs + (typeof afterMs === 'number' ? afterMs : urban ? afterMs.urbanMs : afterMs.ruralMs),
    }));
}

/** Which clocks a step of the procedure stops. */
export const STOPS: Readonly<Record<'sign' | 'call' | 'send' | 'go' | 'arrive' | 'meet' | 'result' | 'close', readonly ClockStep[]>> = {
  sign: ['sign'],
  call: ['sign', 'first_call'],
  send: ['dispatch'],
  go: ['dispatch'],
  arrive: ['dispatch', 'at_door'],
  meet: ['sign', 'first_call', 'dispatch', 'at_door', 'escalate_county', 'escalate_city'],
  result: ['sign', 'first_call', 'dispatch', 'at_door', 'escalate_county', 'escalate_city', 'feedback'],
  close: ['sign', 'first_call', 'dispatch', 'at_door', 'escalate_county', 'escalate_city', 'feedback', 'follow_up'],
};
/** A result without a meeting leaves these running at P1 and P2: the person must still be met. */
export const RUN_UNTIL_MET: readonly ClockStep[] = ['at_door', 'escalate_county', 'escalate_city'];
