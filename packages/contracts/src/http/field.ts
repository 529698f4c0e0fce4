import { z } from 'zod';
import { bilingual, level, position, scam, timeMs } from '../domain.ts';
import { task } from '../incident.ts';

/** A task as the terminal shows it. A grid worker gets no account numbers, no call records and no score (fields null). */
export const fieldTask = task.extend({
  number: z.string(),
  level,
  scam: scam.nullable(),
  /** In clear for the officer who accepted, masked before and for others. */
  name: z.string(),
  sex: z.enum(['m', 'f']).nullable(),
  age: z.int().nullable(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  community: z.string().nullable(),
  liveAlone: z.boolean().nullable(),
  why: bilingual.nullable(),
  /** The person is on the phone or shares the screen at this moment. */
  live: z.object({ call: z.boolean(), share: z.boolean(), payment: z.boolean() }).nullable(),
  position: position.nullable(),
  home: z.object({ lon: z.number(), lat: z.number() }).nullable(),
  alternatives: z.array(z.object({ name: z.string(), distanceM: z.number() })),
  kin: z.array(z.object({ relation: z.string(), name: z.string(), phone: z.string().nullable() })),
  talkTrack: z.object({ openers: z.array(z.string()), scammerSays: z.array(z.string()), lookFor: z.array(z.string()) }),
  gridTask: z.string().nullable(),
  /** Which follow-up 回访 this task is, from 1; null for the first response. */
  followUp: z.int().nullable(),
  version: z.int(),
});
export type FieldTask = z.infer<typeof fieldTask>;
export const fieldTaskList = z.object({ tasks: z.array(fieldTask), feedSeq: z.int() });

/** POST /api/tasks/:id/<accept|arrive|meet|request-stop>; `clientId` makes a repeated sending harmless. */
export const taskStep = z.strictObject({
  clientId: z.string().min(8).max(64),
  atMs: timeMs,
  lon: z.number().nullable().default(null),
  lat: z.number().nullable().default(null),
});
export type TaskStep = z.infer<typeof taskStep>;

/** GET /api/stream of the field service. */
export const fieldMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('task'), seq: z.int(), task: fieldTask }),
  z.object({ type: z.literal('clock'), seq: z.int(), countyMs: timeMs, wallMs: timeMs, speed: z.number() }),
]);
export type FieldMessage = z.infer<typeof fieldMessage>;

export const pushSubscription = z.strictObject({
  endpoint: z.url().max(1000),
  keys: z.strictObject({ p256dh: z.string().max(200), auth: z.string().max(100) }),
});
