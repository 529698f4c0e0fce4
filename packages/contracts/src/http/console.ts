import { z } from 'zod';
import { evidenceItem, quarantineRecord, sourceStatus } from '../assessment.ts';
import { level, timeMs } from '../domain.ts';
import { action, callResult, falseAlarmCause, incident, incidentDetail, resultCode } from '../incident.ts';

/** One line of the activity panel: what was done, and about whom (masked). */
export const activityLine = z.object({ action, subjectName: z.string() });
export type ActivityLine = z.infer<typeof activityLine>;

/** GET /api/incidents?state=open|closed&level=&station=&limit=&before= */
export const incidentList = z.object({
  incidents: z.array(incident),
  counters: z.lazy(() => counters),
  /** The last actions up to `feedSeq`, newest first, at most 20; of the asked station only, whatever the other filters. */
  recent: z.array(activityLine),
  feedSeq: z.int(),
});
export type IncidentList = z.infer<typeof incidentList>;

export const counters = z.object({
  /** Being defrauded now: open P1 whom nobody has met, or who were met and still are on the phone or share the screen. */
  now: z.int(),
  unsigned: z.int(),
  longestUnsignedMs: z.int(),
  unitsOut: z.int(),
  unitsAll: z.int(),
  stoppedToday: z.int(),
  savedTodayFen: z.int(),
  lostTodayFen: z.int(),
  falseToday: z.int(),
  resultedToday: z.int(),
  holdsActive: z.int(),
  fallbackToday: z.int(),
  engineLatencyMsP50: z.number().nullable(),
});
export type Counters = z.infer<typeof counters>;

/** GET /api/stream (server-sent events). `id:` is the feed's sequence; Last-Event-ID resumes without a gap. */
export const streamMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('incident'), seq: z.int(), incident }),
  z.object({ type: z.literal('action'), seq: z.int(), action, subjectName: z.string() }),
  z.object({ type: z.literal('evidence'), seq: z.int(), incidentId: z.string(), evidence: z.array(evidenceItem) }),
  z.object({ type: z.literal('counters'), seq: z.int(), counters }),
  z.object({ type: z.literal('clock'), seq: z.int(), countyMs: timeMs, wallMs: timeMs, speed: z.number() }),
]);
export type StreamMessage = z.infer<typeof streamMessage>;

/** POST /api/incidents/:id/<verb>; all carry the version the actor saw, a stale one is refused with the present state. */
export const signBody = z.strictObject({ version: z.int() });
export const callBody = z.strictObject({ version: z.int(), result: callResult, note: z.string().max(500).default('') });
export const dispatchBody = z.strictObject({ version: z.int(), unit: z.string().min(1).max(32), note: z.string().max(500).default('') });
export const levelBody = z.strictObject({ version: z.int(), level, reason: z.string().min(4).max(500) });
/** Not of this station's district: the right one is named. */
export const returnBody = z.strictObject({
  version: z.int(),
  station: z.string().min(1).max(32),
  reason: z.string().min(4).max(500),
});
export const closeBody = z.strictObject({
  version: z.int(),
  result: resultCode,
  falseAlarmCause: falseAlarmCause.nullable().default(null),
  note: z.string().max(500).default(''),
});
/** A second look at a coded result, or an appeal that was upheld. */
export const reviewBody = z
  .strictObject({
    version: z.int(),
    result: resultCode,
    falseAlarmCause: falseAlarmCause.nullable().default(null),
    appeal: z.boolean(),
    reason: z.string().min(4).max(500),
  })
  .refine((body) => body.result !== 'false_alarm' || body.falseAlarmCause !== null, {
    message: 'a false alarm needs its cause',
    path: ['falseAlarmCause'],
  });
export const noteBody = z.strictObject({ text: z.string().min(1).max(500) });
export const unmaskBody = z.strictObject({ purpose: z.string().min(4).max(200) });
export const unmasked = z.object({
  name: z.string(),
  phone: z.string().nullable(),
  idNumber: z.string().nullable(),
  address: z.string().nullable(),
  untilMs: timeMs,
});
export type Unmasked = z.infer<typeof unmasked>;

/** GET /api/incidents/:id/units: who could go, nearest first. */
export const unitOption = z.object({
  code: z.string(),
  name: z.string(),
  kind: z.enum(['station', 'officer', 'team', 'grid']),
  lon: z.number(),
  lat: z.number(),
  distanceM: z.number(),
  etaMin: z.number(),
  onShift: z.boolean(),
  busy: z.int(),
});
export type UnitOption = z.infer<typeof unitOption>;

/** GET /api/sources */
export const sourceRow = sourceStatus.extend({
  source: z.string(),
  name: z.object({ zh: z.string(), en: z.string() }),
  state: z.enum(['ok', 'late', 'silent', 'never', 'clock']),
  /** With `clock`: how far the provider's clock is ahead of ours; behind is negative. */
  clockOffMs: z.int().nullable().optional(),
  allowedLatenessMs: z.int(),
  expectedDelayMsP50: z.int(),
  blind: z.string().nullable(),
});
export type SourceRow = z.infer<typeof sourceRow>;
/** A record in quarantine. Once sent to its topic again it stays listed, with when (county time) and by whom. */
const quarantinedRow = quarantineRecord.omit({ sealed: true }).extend({
  replayedMs: timeMs.nullable().optional(),
  replayedBy: z.string().nullable().optional(),
  /** What people call that account; left out where nobody of that account is known. */
  replayedByName: z.string().optional(),
});
export type QuarantinedRow = z.infer<typeof quarantinedRow>;
export const sourceList = z.object({ sources: z.array(sourceRow), quarantine: z.array(quarantinedRow) });

/** GET /api/audit?before=&limit= */
export const auditEntry = z.object({
  seq: z.int(),
  atMs: timeMs,
  by: z.string(),
  /** What people call that account; left out for a service. */
  byName: z.string().optional(),
  kind: z.string(),
  subject: z.string(),
  facts: z.record(z.string(), z.unknown()),
  hash: z.string(),
});
export const auditList = z.object({ entries: z.array(auditEntry), intact: z.boolean(), brokenAt: z.int().nullable() });

export { incidentDetail };
