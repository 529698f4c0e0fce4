import {
  assessment,
  referenceKinds,
  subjectAssessment,
  TOPICS,
  type Assessment,
  type QuarantineRecord,
  type Reference,
} from '@skyeye/contracts';
import { handlingOf, SkyeyeError } from '@skyeye/foundation';
import { recordAssessment, recordSubjects, putReference, type Explore, type Ledger, type Recorded } from '@skyeye/ledger';
import type { Places } from '@skyeye/response';
import type { Batch, OutgoingMessage, PoisonedMessage } from '@skyeye/stream';
import { errors } from './tables.ts';

/** People of one batch that are worked on at the same time; the order per person holds. */
const PEOPLE_AT_ONCE = 4;

const utf8 = new TextDecoder('utf-8', { fatal: true });

function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch (error) {
    throw errors.assessmentContract({ problem: 'not JSON' }, error);
  }
}

/** @throws DISPATCHER_ASSESSMENT_CONTRACT (quarantine) */
export function readAssessment(bytes: Uint8Array): Assessment {
  const parsed = assessment.safeParse(json(bytes));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw errors.assessmentContract({ path: issue?.path.join('.') ?? '', problem: issue?.code ?? '' });
}

export interface Outcome extends Recorded {
  readonly assessment: Assessment;
}

/**
 * Takes a batch: per person in their order, one transaction each. What says nothing about anyone (no level, no open
 * incident) costs one question for the whole batch.
 */
export async function takeAssessments(
  ledger: Ledger,
  places: Places,
  batch: Batch,
  { nowMs, explore = null }: { readonly nowMs: () => number; readonly explore?: Explore | null },
): Promise<readonly Outcome[]> {
  const all = batch.messages.map((message) => readAssessment(message.value));
  const withLevel = new Set(all.filter((entry) => entry.level !== null).map((entry) => entry.person));
  const others = [...new Set(all.filter((entry) => !withLevel.has(entry.person)).map((entry) => entry.person))];
  const open =
    others.length === 0
      ? []
      : await ledger.query<{ person: string }>('select person from incidents where closed_ms is null and person = any($1)', [others]);
  const concerned = new Set([...withLevel, ...open.map((row) => row.person)]);
  const outcomes: Outcome[] = all
    .filter((entry) => !concerned.has(entry.person))
    .map((entry) => ({ assessment: entry, kind: 'ignore', incidentId: null, level: null }));
  const queues = [
    ...Map.groupBy(
      all.filter((entry) => concerned.has(entry.person)),
      (entry) => entry.person,
    ).values(),
  ];
  const worker = async (): Promise<void> => {
    for (let queue = queues.shift(); queue !== undefined; queue = queues.shift()) {
      for (const entry of queue) outcomes.push({ assessment: entry, ...(await recordAssessment(ledger, places, entry, nowMs(), explore)) });
    }
  };
  // All finish before the first failure is reported: a retried batch must not run beside its own first attempt.
  const ended = await Promise.allSettled(Array.from({ length: PEOPLE_AT_ONCE }, worker));
  const failures = ended.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  const worst = failures.find((error) => handlingOf(error) === 'crash') ?? failures[0];
  if (worst !== undefined) throw worst instanceof Error ? worst : new Error('an assessment failed', { cause: worst });
  return outcomes;
}

const KEPT = ['person', 'phone', 'acct', 'kin'] as const;

/** @throws DISPATCHER_REFERENCE_CONTRACT (quarantine) */
function readReference(bytes: Uint8Array): Reference | null {
  const value = json(bytes) as { kind?: unknown } | null;
  if (typeof value !== 'object' || value === null || typeof value.kind !== 'string') throw errors.referenceContract({ problem: 'no kind' });
  const kind = KEPT.find((known) => known === value.kind);
  if (kind === undefined) return null;
  const parsed = referenceKinds[kind].safeParse(value);
  if (!parsed.success)
    throw errors.referenceContract({ path: parsed.error.issues[0]?.path.join('.') ?? '', problem: parsed.error.issues[0]?.code ?? '' });
  return parsed.data;
}

/** Takes what is about residents; returns how many records. Idempotent. */
export async function takeReference(ledger: Ledger, batch: Batch): Promise<number> {
  const records = batch.messages.flatMap((message) => readReference(message.value) ?? []);
  if (records.length > 0) await ledger.tx((tx) => putReference(tx, records));
  return records.length;
}

/** Takes what was said of accounts and numbers; returns how many changed something. Idempotent. @throws DISPATCHER_SUBJECT_CONTRACT (quarantine) */
export async function takeSubjects(ledger: Ledger, batch: Batch): Promise<number> {
  const all = batch.messages.map(({ value }) => {
    const parsed = subjectAssessment.safeParse(json(value));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw errors.subjectContract({ path: issue?.path.join('.') ?? '', problem: issue?.code ?? '' });
  });
  return recordSubjects(ledger, all);
}

/** The quarantine record of a message that could not be taken, with its original bytes sealed. */
export function quarantined(
  { topic, partition, message }: PoisonedMessage,
  error: unknown,
  seal: (bytes: Uint8Array, id: string) => string,
  atMs: number,
): { topic: string; message: OutgoingMessage } {
  const id = `${topic}:${partition}:${message.offset}`;
  const facts = error instanceof SkyeyeError ? error.facts : {};
  const record: QuarantineRecord = {
    id,
    topic,
    partition,
    offset: String(message.offset),
    code: error instanceof SkyeyeError ? error.code : 'DISPATCHER_UNKNOWN',
    reason:
      `${error instanceof Error ? error.message : 'refused'}${facts['path'] === undefined || facts['path'] === '' ? '' : ` at "${String(facts['path'])}"`}`.slice(
        0,
        500,
      ),
    sealed: seal(message.value.subarray(0, SEALED_BYTES_MAX), id),
    bytes: message.value.length,
    atMs,
  };
  return { topic: TOPICS.quarantine.name, message: { key: id, value: JSON.stringify(record) } };
}
const SEALED_BYTES_MAX = 512 * 1024;
