import { z } from 'zod';
import { assessment, quarantineRecord, sourceStatus } from './assessment.ts';
import { eventSchema } from './event.ts';
import { feedback } from './incident.ts';
import { referenceKinds, rawReference } from './reference.ts';
import { STREAM_NAMES } from './source.ts';
import { SOURCES } from './sources/index.ts';
import { subjectAssessment } from './subject.ts';
import { RAW_TOPICS, rawTopic, TOPICS } from './topics.ts';

const { person, phone, acct, kin, contact, payee, device, app, domain, merchant } = referenceKinds;
const id = z.string().min(1).max(128);

/** On `reference`: what ingest made of a record of `raw.reference`. Tokens, no name, no address; history as the stream's events. */
export const referenceRecord = z.union([
  person.omit({ name: true, address: true }),
  phone,
  acct,
  kin,
  contact,
  payee,
  device,
  app,
  domain,
  merchant,
  z.strictObject({ id, kind: z.literal('history'), event: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])) }),
]);

/** On `clock`: where county time stood at one moment of wall time, and how fast it runs. */
export const clockAnchor = z.strictObject({ countyMs: z.number(), wallMs: z.number(), speed: z.number().min(0).max(600) });

/** The schema of every topic's messages, by the topic's name. A function, so that a screen that imports this package does not build them. */
export const topicBodies = (): Readonly<Record<string, z.ZodType>> => ({
  ...Object.fromEntries(RAW_TOPICS.map(({ name }) => [name, rawReference as z.ZodType])),
  ...Object.fromEntries(STREAM_NAMES.map((stream) => [rawTopic(stream), SOURCES[stream].raw as z.ZodType])),
  [TOPICS.events.name]: z.union(STREAM_NAMES.map(eventSchema)),
  [TOPICS.reference.name]: referenceRecord,
  [TOPICS.quarantine.name]: quarantineRecord,
  [TOPICS.assessments.name]: assessment,
  [TOPICS.subjects.name]: subjectAssessment,
  [TOPICS.feedback.name]: feedback,
  [TOPICS.sourceStatus.name]: sourceStatus,
  [TOPICS.clock.name]: clockAnchor,
});
