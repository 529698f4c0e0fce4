import { z } from 'zod';
import { bilingual, fen, level, scam, timeMs, token } from './domain.ts';
import { STREAM_NAMES } from './source.ts';

/** One event as the time axis of an incident shows it. Identifiers are tokens. */
export const evidenceItem = z.object({
  eventId: z.string(),
  stream: z.enum(STREAM_NAMES),
  t: timeMs,
  /** Ingest time minus event time; a late item is drawn hollow. */
  delayMs: z.int().nullable(),
  /** Start of a span (a call, a sharing session); null for a moment. */
  startMs: timeMs.nullable().default(null),
  /** What happened, in the words of the screen, without identifiers. */
  says: bilingual,
  /** The counterparty, if there is one. */
  peer: token.nullable().default(null),
  amountFen: fen.nullable().default(null),
  /** What an analyst may filter by, none of it an identifier: ev, dir, cls, cat, st, chan, rel, np180p, stranger, peer_kind, cli_kind, cell. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).default({}),
});
export type EvidenceItem = z.infer<typeof evidenceItem>;

export const reason = z.object({
  feature: z.string(),
  says: bilingual,
  /**
   * How much of the score this reason brings: what the score loses without it, averaged over the orders in which signals can
   * come. With `rest` the contributions add up to the score. Of an offender: its share of the points.
   */
  contribution: z.number(),
  value: z.union([z.number(), z.string(), z.boolean(), z.null()]),
  evidence: z.array(z.string()).max(20),
  /** The value rests on events of a busy key that are folded: near, within the bounds that the engine states, and not exact. */
  approximate: z.literal(true).optional(),
});
export type Reason = z.infer<typeof reason>;

/** What the scorer says about one person after one event. The id is made of person and cause, so a replay says it again, not anew. */
export const assessment = z.object({
  id: z.string(),
  person: token,
  /** The phone and account through which the cause came, if any. */
  phone: token.nullable(),
  acct: token.nullable(),
  /** As-of point: event time and id of the cause; id null for a minute clock. */
  t: timeMs,
  causeEventId: z.string().nullable(),
  /** Probability of being defrauded now, 0..1. */
  score: z.number().min(0).max(1),
  level: level.nullable(),
  /** Money expected to leave within 60 minutes. */
  expectedLossFen: fen,
  /** Money expected to leave until the episode is over, if nobody steps in. Absent in assessments of before. */
  episodeLossFen: fen.optional(),
  /** Money that has left already in this episode, to strangers. */
  lostFen: fen,
  /** County time at which money is expected to leave; the queue is sorted by it. */
  lossAtMs: timeMs,
  scam: scam.nullable(),
  /** The three to five that decided, strongest first. */
  reasons: z.array(reason).max(5),
  /** The parts of the score that no reason here carries: the model's, and that of all other signals, mitigation included. */
  rest: z.object({ model: z.number(), signals: z.number() }).optional(),
  /**
   * What became of what was said of the person before: raised, or, when a later record showed that evidence had never been
   * (not: when it grew old), corrected to a lower level, or withdrawn. A withdrawn one has no level; nothing is deleted.
   */
  change: z.object({ kind: z.enum(['raised', 'corrected', 'withdrawn']), from: level, because: bilingual }).optional(),
  /** What is going on in one sentence with times and amounts, as an officer says it at the door. No identifiers. */
  picture: bilingual.optional(),
  /** Events since the last assessment of this person, at most 100. */
  evidence: z.array(evidenceItem).max(100),
  /** A call or a screen sharing is open, a payment is pending. */
  live: z.object({ call: z.boolean(), share: z.boolean(), payment: z.boolean() }),
  /** 'rules' where the model was late or failed (invariant 5). */
  scoredBy: z.enum(['model+rules', 'rules']),
  versions: z.object({ catalogue: z.string(), rules: z.string(), model: z.string(), engine: z.string() }),
  /** Live rules that fired, the highest level first: which version, and its sentence with the values filled in. */
  rules: z
    .array(z.object({ id: z.string(), version: z.string(), level, says: bilingual }))
    .max(20)
    .optional(),
  /** Ingest time of the cause (wall epoch ms), for the latency from record to alert. */
  ingestedAtMs: timeMs.nullable(),
});
export type Assessment = z.infer<typeof assessment>;

/** One record that could not be taken: why, where it stood, and the original bytes (sealed: only the vault's role reads them). */
export const quarantineRecord = z.object({
  id: z.string(),
  topic: z.string(),
  partition: z.int(),
  offset: z.string(),
  code: z.string(),
  /** Path and message of the first problems, without values. */
  reason: z.string().max(500),
  sealed: z.string(),
  bytes: z.int(),
  atMs: timeMs,
});
export type QuarantineRecord = z.infer<typeof quarantineRecord>;

/** One line of the accounts of ingest per stream. accepted = events + duplicate + quarantined holds at every commit. */
export const sourceStatus = z.object({
  stream: z.string(),
  atMs: timeMs,
  accepted: z.int(),
  normalised: z.int(),
  duplicate: z.int(),
  quarantined: z.int(),
  /** Event time of the newest record, and the median delay of the last thousand. */
  lastEventMs: timeMs.nullable(),
  delayMsP50: z.int().nullable(),
  /** Of the quickest twentieth: a backlog leaves it, a clock that is off moves it with the median. */
  delayMsP5: z.int().nullable().optional(),
  perMinute: z.number(),
  lag: z.int(),
});
export type SourceStatus = z.infer<typeof sourceStatus>;
