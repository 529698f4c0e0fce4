import type { IncidentState, Level, ResultCode } from '@skyeye/contracts';
import { errors } from './errors.ts';

/** What the state machine looks at. */
export interface IncidentFacts {
  readonly state: IncidentState;
  readonly level: Level;
  /** Face to face meeting since the last alert, county ms. */
  readonly metMs: number | null;
  readonly result: ResultCode | null;
  readonly falseAlarmCause: string | null;
}

/** Steps of the procedure. `send`: the tiers were told · `return`: the command room of another district answers from now on · `go`: someone is on the way · `reach`/`fail`: outcome of a call · `realert`: a new alert on the same person. */
export const INCIDENT_STEPS = [
  'send',
  'return',
  'sign',
  'try_call',
  'phone_done',
  'go',
  'meet',
  'not_reached',
  'result',
  'follow_up',
  'close',
  'realert',
] as const;
export type IncidentStep = (typeof INCIDENT_STEPS)[number];

export interface StepInput {
  readonly step: IncidentStep;
  readonly atMs: number;
  readonly result?: ResultCode | null;
  readonly falseAlarmCause?: string | null;
}

interface Row {
  readonly from: readonly IncidentState[];
  /** Null keeps the state: the step is noted, but what was reached already stands. */
  readonly to: (facts: IncidentFacts, input: StepInput) => IncidentState | null;
  readonly guard?: (facts: IncidentFacts, input: StepInput) => void;
}

const OPEN: readonly IncidentState[] = [
  'CREATED',
  'DISPATCHED',
  'SIGNED',
  'CONTACTING',
  'LOCATING',
  'MET',
  'PHONE_DONE',
  'UNREACHED',
  'RESULTED',
  'FOLLOWUP',
  'REOPENED',
];
const BEFORE_MEETING: readonly IncidentState[] = [
  'CREATED',
  'DISPATCHED',
  'SIGNED',
  'CONTACTING',
  'LOCATING',
  'PHONE_DONE',
  'UNREACHED',
  'REOPENED',
];
/** States in which a first response is complete: a new alert opens the incident again. */
const ANSWERED: readonly IncidentState[] = ['MET', 'PHONE_DONE', 'UNREACHED', 'RESULTED', 'FOLLOWUP', 'CLOSED'];
const keepsAfterAnswer =
  (to: IncidentState) =>
  (facts: IncidentFacts): IncidentState | null =>
    BEFORE_MEETING.includes(facts.state) ? to : null;

/** THE state machine of an incident 工单, DOMAIN §1.3. A row: from which states, to which, under which guard. */
export const INCIDENT_TABLE: Readonly<Record<IncidentStep, Row>> = {
  send: { from: OPEN, to: ({ state }) => (state === 'CREATED' || state === 'REOPENED' ? 'DISPATCHED' : null) },
  return: { from: OPEN, to: ({ state }) => (['CREATED', 'SIGNED', 'REOPENED'].includes(state) ? 'DISPATCHED' : null) },
  sign: { from: OPEN, to: ({ state }) => (['CREATED', 'DISPATCHED', 'REOPENED'].includes(state) ? 'SIGNED' : null) },
  try_call: {
    from: OPEN,
    to: ({ state }) => (['CREATED', 'DISPATCHED', 'SIGNED', 'UNREACHED', 'REOPENED'].includes(state) ? 'CONTACTING' : null),
  },
  phone_done: { from: OPEN, to: keepsAfterAnswer('PHONE_DONE') },
  go: { from: OPEN, to: keepsAfterAnswer('LOCATING') },
  meet: { from: OPEN, to: keepsAfterAnswer('MET') },
  not_reached: { from: OPEN, to: keepsAfterAnswer('UNREACHED') },
  result: { from: OPEN, to: () => 'RESULTED', guard: (facts, input) => needResult(input.result ?? null, input.falseAlarmCause ?? null) },
  follow_up: { from: ['RESULTED', 'FOLLOWUP'], to: () => 'FOLLOWUP' },
  close: {
    from: OPEN,
    to: () => 'CLOSED',
    guard: (facts, input) => {
      needResult(input.result ?? facts.result, input.falseAlarmCause ?? facts.falseAlarmCause);
      if ((facts.level === 'P1' || facts.level === 'P2') && facts.metMs === null)
        throw errors.meetingRequired({ level: facts.level, state: facts.state });
    },
  },
  realert: { from: [...OPEN, 'CLOSED'], to: ({ state }) => (ANSWERED.includes(state) ? 'REOPENED' : null) },
};

function needResult(result: ResultCode | null, cause: string | null): void {
  if (result === null) throw errors.resultRequired();
  if (result === 'false_alarm' && cause === null) throw errors.causeRequired();
}

/**
 * The facts after a step.
 * @throws RESPONSE_STEP_NOT_ALLOWED, RESPONSE_MEETING_REQUIRED, RESPONSE_RESULT_REQUIRED, RESPONSE_CAUSE_REQUIRED
 */
export function takeStep(facts: IncidentFacts, input: StepInput): IncidentFacts {
  const row = INCIDENT_TABLE[input.step];
  if (!row.from.includes(facts.state)) throw errors.stepNotAllowed({ step: input.step, state: facts.state });
  row.guard?.(facts, input);
  const state = row.to(facts, input) ?? facts.state;
  if (input.step === 'realert')
    return { ...facts, state, metMs: state === 'REOPENED' ? null : facts.metMs, result: null, falseAlarmCause: null };
  return {
    ...facts,
    state,
    metMs: input.step === 'meet' ? (facts.metMs ?? input.atMs) : facts.metMs,
    result: input.result ?? facts.result,
    falseAlarmCause: input.result === undefined || input.result === null ? facts.falseAlarmCause : (input.falseAlarmCause ?? null),
  };
}

/**
 * Whether a level may be set.
 * @throws RESPONSE_MACHINE_CANNOT_LOWER, RESPONSE_REASON_REQUIRED, RESPONSE_LEVEL_UNCHANGED
 */
export function checkLevel(from: Level, to: Level, by: { readonly person: boolean; readonly reason: string }): 'raised' | 'lowered' {
  if (from === to) throw errors.levelUnchanged({ level: to });
  if (to < from) return 'raised';
  if (!by.person) throw errors.machineCannotLower({ from, to });
  if (by.reason.trim().length < 4) throw errors.reasonRequired({ from, to });
  return 'lowered';
}
