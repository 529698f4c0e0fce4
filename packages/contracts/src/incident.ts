import { z } from 'zod';
import { evidenceItem, reason } from './assessment.ts';
import { bilingual, fen, level, position, scam, timeMs, token } from './domain.ts';

/** States of an incident 工单, DOMAIN §1.3. */
export const INCIDENT_STATES = [
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
  'CLOSED',
  'REOPENED',
] as const;
export const incidentState = z.enum(INCIDENT_STATES);
export type IncidentState = z.infer<typeof incidentState>;

/** Coded result of dissuasion, DOMAIN §1.4. */
export const RESULTS = {
  stopped_before: { zh: '成功劝阻,未转账', en: 'Stopped before any transfer' },
  stopped_loss: { zh: '成功止损', en: 'Stopped further loss' },
  partial_loss: { zh: '部分损失', en: 'Partial loss' },
  refused: { zh: '拒绝劝阻', en: 'Refused' },
  lost: { zh: '已被骗', en: 'Already lost' },
  false_alarm: { zh: '误报-正常行为', en: 'False alarm' },
  not_holder: { zh: '非本人号码', en: 'Not the holder' },
  not_found: { zh: '未找到', en: 'Not found' },
} as const;
export type ResultCode = keyof typeof RESULTS;
export const resultCode = z.enum(Object.keys(RESULTS) as [ResultCode, ...ResultCode[]]);

/** Coded cause of a false alarm; the only label source for precision. */
export const FALSE_ALARM_CAUSES = {
  work_call: { zh: '工作通话', en: 'Work call' },
  house: { zh: '购房', en: 'House purchase' },
  kin: { zh: '亲友往来', en: 'Kin or friends' },
  shop_owner: { zh: '网店经营', en: 'Runs a shop' },
  real_service: { zh: '真实客服', en: 'Real customer service' },
  medical: { zh: '就医', en: 'Medical' },
  test: { zh: '测试', en: 'Test' },
  other: { zh: '其他', en: 'Other' },
} as const;
export const falseAlarmCause = z.enum(Object.keys(FALSE_ALARM_CAUSES) as [keyof typeof FALSE_ALARM_CAUSES]);

export const CALL_RESULTS = {
  answered_convinced: { zh: '接通,已劝住', en: 'Answered, convinced' },
  answered_refused: { zh: '接通,不配合', en: 'Answered, refuses' },
  answered_kin: { zh: '亲属接听', en: 'Kin answered' },
  busy: { zh: '占线', en: 'Busy' },
  no_answer: { zh: '无人接听', en: 'No answer' },
  off: { zh: '关机或停机', en: 'Switched off' },
} as const;
export const callResult = z.enum(Object.keys(CALL_RESULTS) as [keyof typeof CALL_RESULTS]);

/** The three tiers that work side by side. */
export const TIERS = ['station', 'officer', 'grid'] as const;
export const tier = z.enum(TIERS);
export type Tier = z.infer<typeof tier>;

/** `sent`: pushed · `accepted` · `arrived` · `met` · `resulted` · `cancelled` (merged, closed or reassigned). */
export const TASK_STATES = ['sent', 'accepted', 'arrived', 'met', 'resulted', 'cancelled'] as const;
export const taskState = z.enum(TASK_STATES);
export type TaskState = z.infer<typeof taskState>;

/** A clock of DOMAIN §1.2: which step is due by when, and whether it was kept. */
export const stepClock = z.object({
  step: z.enum(['sign', 'first_call', 'dispatch', 'at_door', 'feedback', 'escalate_county', 'escalate_city', 'follow_up']),
  dueMs: timeMs,
  doneMs: timeMs.nullable(),
  /** Missed and escalated. */
  missed: z.boolean(),
});
export type StepClock = z.infer<typeof stepClock>;

export const task = z.object({
  id: z.string(),
  incidentId: z.string(),
  tier,
  /** Code of the unit (station, community, grid or team) and of the person who accepted. */
  unit: z.string(),
  unitName: z.string(),
  assignee: z.string().nullable(),
  /** What people call that account; left out where nobody of that account is known. */
  assigneeName: z.string().optional(),
  state: taskState,
  createdMs: timeMs,
  dueMs: timeMs,
  acceptedMs: timeMs.nullable(),
  arrivedMs: timeMs.nullable(),
  metMs: timeMs.nullable(),
  resultedMs: timeMs.nullable(),
  etaMin: z.number().nullable(),
});
export type Task = z.infer<typeof task>;

/** Outcome of the question about a pending payment. fuse 熔断: stopped in mid-transfer, before the payee has it. */
export const HOLD_OUTCOMES = ['allow', 'delay', 'hold', 'fuse'] as const;
export const holdOutcome = z.enum(HOLD_OUTCOMES);
export const HOLD_STATES = ['none', 'active', 'confirmed', 'released', 'expired'] as const;
export const holdState = z.enum(HOLD_STATES);

export const hold = z.object({
  id: z.string(),
  requestId: z.string(),
  bank: z.string(),
  person: token.nullable(),
  acct: token,
  peer: token,
  amountFen: fen,
  outcome: holdOutcome,
  state: holdState,
  reasonCode: z.string(),
  /** Money that was expected to leave if nothing was done; null or absent: of before, or nobody could say. */
  expectedLossFen: fen.nullish(),
  /** What the bank reported of the counter: which checks, answers, reminder. */
  counter: z.record(z.string(), z.string()).nullable(),
  createdMs: timeMs,
  /** County time at which an active hold ends by itself: 30 minutes. */
  expiresMs: timeMs.nullable(),
  endedMs: timeMs.nullable(),
  endedBy: z.string().nullable(),
  endedReason: z.string().nullable(),
});
export type Hold = z.infer<typeof hold>;

/** What we did, on the time axis and in the feed. */
export const ACTION_KINDS = [
  'created',
  'raised',
  'lowered',
  'merged',
  'signed',
  'called',
  'dispatched',
  'returned',
  'task_sent',
  'task_accepted',
  'arrived',
  'met',
  'resulted',
  'result_reviewed',
  'hold_asked',
  'hold_placed',
  'hold_confirmed',
  'hold_released',
  'hold_expired',
  'escalated',
  'unmasked',
  'closed',
  'reopened',
  'clock_missed',
  'note',
  'withdrawn',
] as const;
export const action = z.object({
  seq: z.int(),
  incidentId: z.string(),
  kind: z.enum(ACTION_KINDS),
  atMs: timeMs,
  /** Account of the person who acted, or the name of the service. */
  by: z.string(),
  /** What people call that account; left out for a service. */
  byName: z.string().optional(),
  says: bilingual,
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
});
export type Action = z.infer<typeof action>;

/** Who it is about, masked. */
export const subject = z.object({
  person: token,
  maskedName: z.string(),
  sex: z.enum(['m', 'f']).nullable(),
  age: z.int().nullable(),
  maskedPhone: z.string().nullable(),
  town: z.string().nullable(),
  community: z.string().nullable(),
  communityName: z.string().nullable(),
  liveAlone: z.boolean().nullable(),
  position: position.nullable(),
});
export type Subject = z.infer<typeof subject>;

/** A row of the queue. */
export const incident = z.object({
  id: z.string(),
  /** Human number, e.g. 20260916-0031. */
  number: z.string(),
  subject,
  level,
  state: incidentState,
  scam: scam.nullable(),
  score: z.number(),
  expectedLossFen: fen,
  lostFen: fen,
  /** Money that holds kept. */
  savedFen: fen,
  lossAtMs: timeMs,
  /** One line, the words of an officer. */
  why: bilingual,
  sources: z.array(z.string()),
  live: z.object({ call: z.boolean(), share: z.boolean(), payment: z.boolean() }),
  alerts: z.int(),
  station: z.string(),
  stationName: z.string(),
  signedBy: z.string().nullable(),
  /** What people call that account. */
  signedByName: z.string().optional(),
  signedMs: timeMs.nullable(),
  createdMs: timeMs,
  updatedMs: timeMs,
  closedMs: timeMs.nullable(),
  result: resultCode.nullable(),
  clocks: z.array(stepClock),
  tasks: z.array(task),
  hold: hold.nullable(),
  calls: z.int(),
  scoredBy: z.enum(['model+rules', 'rules']),
  /** Below the bar, and drawn at random to be visited: to learn what the bar leaves out. */
  exploration: z.boolean().optional(),
  /** Raised by every change; a reader that has a lower one is stale. */
  version: z.int(),
});
export type Incident = z.infer<typeof incident>;

/** Everything on the incident page. */
export const incidentDetail = incident.extend({
  reasons: z.array(reason),
  evidence: z.array(evidenceItem),
  actions: z.array(action),
  holds: z.array(hold),
  kin: z.array(z.object({ maskedName: z.string(), relation: z.string(), maskedPhone: z.string().nullable(), person: token })),
  talkTrack: z.object({ openers: z.array(z.string()), scammerSays: z.array(z.string()), lookFor: z.array(z.string()) }).nullable(),
  versions: z.record(z.string(), z.string()),
});
export type IncidentDetail = z.infer<typeof incidentDetail>;

/** The form of DOMAIN §1.4, coded. `clientId` makes a repeated sending harmless. */
export const report = z
  .strictObject({
    clientId: z.string().min(8).max(64),
    result: resultCode,
    falseAlarmCause: falseAlarmCause.nullable().default(null),
    scam: scam.nullable().default(null),
    metWho: z.enum(['self', 'kin', 'other', 'nobody']),
    meeting: z.enum(['face', 'video', 'phone', 'kin', 'none']),
    transferred: z.boolean(),
    transferredFen: fen.default(0),
    stillOnCall: z.boolean().default(false),
    appRemoved: z.boolean().default(false),
    antifraudApp: z.boolean().default(false),
    notes: z.string().max(500).default(''),
    /** County time on the phone when the form was filled in. */
    filledMs: timeMs,
  })
  .refine((form) => form.result !== 'false_alarm' || form.falseAlarmCause !== null, {
    message: 'a false alarm needs its cause',
    path: ['falseAlarmCause'],
  })
  .refine((form) => !['lost', 'partial_loss'].includes(form.result) || form.transferredFen > 0, {
    message: 'a loss needs its amount',
    path: ['transferredFen'],
  });
export type Report = z.infer<typeof report>;

/** A coded result for learning, on the topic `feedback`. */
export const feedback = z.object({
  id: z.string(),
  incidentId: z.string(),
  person: token,
  result: resultCode,
  falseAlarmCause: falseAlarmCause.nullable(),
  scam: scam.nullable(),
  level,
  atMs: timeMs,
});
export type Feedback = z.infer<typeof feedback>;
