import { createHash } from 'node:crypto';
import { SOURCES, TOPICS, type QuarantineRecord, type StreamEvent } from '@skyeye/contracts';
import type { SkyeyeError } from '@skyeye/foundation';
import type { Batch, Message, OutgoingMessage, Producer } from '@skyeye/stream';
import { NO_ACCOUNTS, type PartitionAccounts } from './accounts.ts';
import { errors } from './errors.ts';
import { parse, type Parsed } from './parse.ts';
import { keyOf, referenceIdOf, referenceKeyOf, tokeniseEvent, tokeniseReference, type Sighting, type Tokens } from './tokenise.ts';

/** Remembers which record used an id first. `position` makes a redelivered record recognise itself. */
export interface SeenIds {
  claim(entries: readonly { readonly key: string; readonly value: string }[]): Promise<readonly string[]>;
}

export interface StepPorts {
  readonly tokens: Tokens;
  readonly vault: { remember(sightings: readonly Sighting[]): Promise<void> };
  readonly seal: (bytes: Uint8Array, id: string) => string;
  readonly seen: SeenIds;
  readonly producer: Producer;
  readonly countyNowMs: () => number;
  readonly wallNowMs: () => number;
}

export interface StepResult {
  readonly accounts: PartitionAccounts;
  /** Delays of what was normalised, county ms, for the source page. */
  readonly delaysMs: readonly number[];
  readonly refused: readonly string[];
}

interface Out {
  readonly events: OutgoingMessage[];
  readonly reference: OutgoingMessage[];
  readonly quarantine: OutgoingMessage[];
}

/**
 * Takes one batch of a raw topic from bytes to normalised events. Order of effects: claims on ids, vault, outputs, then the
 * caller keeps the accounts, then the log commits the offset. A crash in between repeats the batch: a record that claimed its
 * id before recognises itself by its position, its outputs have the same ids and are dropped as duplicates further on, and
 * what the accounts have is left out by its offset (invariant 1).
 */
export async function takeBatch(batch: Batch, before: PartitionAccounts | undefined, ports: StepPorts): Promise<StepResult> {
  const fresh = batch.messages.filter((message) => message.offset >= (before?.nextOffset ?? 0));
  const parsed = fresh.map((message) => ({ message, result: parse(batch.topic, message.value) }));
  const verdicts = await claimIds(batch, parsed, ports.seen);
  const out: Out = { events: [], reference: [], quarantine: [] };
  const sightings: Sighting[] = [];
  const delaysMs: number[] = [];
  const refused: string[] = [];
  const counts = { ...(before ?? NO_ACCOUNTS) };
  const itMs = ports.countyNowMs();
  const wallMs = ports.wallNowMs();
  // Wall time of taking, and the raw partition: the scorer keeps a watermark for each.
  const headers = { w: String(wallMs), p: String(batch.partition) };
  const refuse = (message: Message, error: SkyeyeError): void => {
    counts.quarantined++;
    refused.push(error.code);
    out.quarantine.push(quarantined(batch, message, error, ports.seal, itMs));
  };

  parsed.forEach(({ message, result }, index) => {
    counts.accepted++;
    counts.nextOffset = message.offset + 1;
    const verdict = verdicts[index];
    if (result.kind === 'refused') return refuse(message, result.error);
    if (verdict === 'conflict') return refuse(message, errors.idConflict({ topic: batch.topic }));
    if (verdict === 'duplicate') {
      counts.duplicate++;
      return;
    }
    counts.normalised++;
    if (result.kind === 'record') {
      for (const event of SOURCES[result.stream].normalise(result.record)) {
        const tokenised = { ...tokeniseEvent(event, ports.tokens, sightings), it: itMs };
        out.events.push({ key: keyOf(tokenised), value: JSON.stringify(tokenised), headers });
      }
      delaysMs.push(itMs - result.record.t);
      counts.lastEventMs = Math.max(counts.lastEventMs ?? 0, result.record.t);
    } else {
      for (const reference of references(result, ports.tokens, sightings))
        out.reference.push({ key: referenceKeyOf(reference), value: JSON.stringify(reference) });
    }
  });

  counts.produced += out.events.length + out.reference.length;
  if (sightings.length > 0) await ports.vault.remember(sightings);
  if (out.quarantine.length > 0) await ports.producer.send(TOPICS.quarantine.name, out.quarantine);
  if (out.reference.length > 0) await ports.producer.send(TOPICS.reference.name, out.reference);
  if (out.events.length > 0) await ports.producer.send(TOPICS.events.name, out.events);
  return { accounts: counts, delaysMs, refused };
}

function references(
  parsed: Extract<Parsed, { kind: 'reference' }>,
  tokens: Tokens,
  seen: Sighting[],
): ReturnType<typeof tokeniseReference>[] {
  const { record } = parsed;
  if (record.kind !== 'history') return [tokeniseReference(record, tokens, seen)];
  const raw = SOURCES[record.stream].raw.parse(record.record);
  return SOURCES[record.stream].normalise(raw).map((event: StreamEvent, side) => ({
    id: `${referenceIdOf(record.id, tokens)}:${side}`,
    kind: 'history' as const,
    event: tokeniseEvent(event, tokens, seen),
  }));
}

/** 'first' for a record that owns its id, 'duplicate' for the same body again, 'conflict' for another body under the id. */
async function claimIds(
  batch: Batch,
  parsed: readonly { message: Message; result: Parsed }[],
  seen: SeenIds,
): Promise<readonly (string | undefined)[]> {
  const verdicts: (string | undefined)[] = parsed.map(() => undefined);
  const asked: { index: number; key: string; position: string; body: string; value: string }[] = [];
  parsed.forEach(({ message, result }, index) => {
    // A reference record is an upsert: saying it again, or saying it better, is not a duplicate.
    if (result.kind !== 'record') return;
    const body = createHash('sha256').update(message.value).digest('base64url').slice(0, 22);
    const position = `${batch.partition}:${message.offset}`;
    asked.push({ index, key: `${batch.topic}:${result.record.id}`, position, body, value: `${position}|${body}` });
  });
  const owners = await seen.claim(asked);
  asked.forEach(({ index, position, body }, at) => {
    const [ownerPosition, ownerBody] = (owners[at] ?? '').split('|');
    verdicts[index] = ownerPosition === position ? 'first' : ownerBody === body ? 'duplicate' : 'conflict';
  });
  return verdicts;
}

function quarantined(
  batch: Batch,
  message: Message,
  error: SkyeyeError,
  seal: (bytes: Uint8Array, id: string) => string,
  atMs: number,
): OutgoingMessage {
  const id = `${batch.topic}:${batch.partition}:${message.offset}`;
  const path = error.facts['path'];
  const record: QuarantineRecord = {
    id,
    topic: batch.topic,
    partition: batch.partition,
    offset: String(message.offset),
    code: error.code,
    reason:
      `${error.message}${path === undefined || path === '' ? '' : ` at "${String(path)}"`}${error.facts['problem'] === undefined ? '' : `: ${String(error.facts['problem'])}`}`.slice(
        0,
        500,
      ),
    sealed: seal(message.value.length > SEALED_BYTES_MAX ? message.value.subarray(0, SEALED_BYTES_MAX) : message.value, id),
    bytes: message.value.length,
    atMs,
  };
  return { key: id, value: JSON.stringify(record) };
}

/** Of a larger message only the beginning is kept, so that the sealed copy fits a message; its full length is recorded. */
const SEALED_BYTES_MAX = 512 * 1024;
