import { eventSchema, STREAM_NAMES, type Reference, type StreamEvent, type StreamName } from '@skyeye/contracts';
import type { Batch } from '@skyeye/stream';
import { errors } from './tables.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const KINDS = new Set<Reference['kind']>([
  'person',
  'phone',
  'acct',
  'kin',
  'contact',
  'payee',
  'device',
  'app',
  'domain',
  'merchant',
  'history',
]);

export interface TakenEvent {
  readonly event: StreamEvent;
  /** Wall time at which ingest took the record, epoch ms; null from a producer that does not say. */
  readonly ingestedAtMs: number | null;
  /** The partitions it came through, raw and normalised: what one of them says about time holds for it alone. */
  readonly lane: string;
}

/** Events of a batch. @throws SCORER_EVENT_CONTRACT (quarantine) at the first that is none: the loop isolates it */
export function readEvents({ topic, partition, messages }: Batch): TakenEvent[] {
  return messages.map(({ value, headers, offset }) => {
    const raw = json(value, () => errors.eventContract({ topic, offset }));
    const stream = (raw as { stream?: unknown } | null)?.stream;
    if (!STREAM_NAMES.includes(stream as StreamName)) throw errors.eventContract({ topic, offset, path: 'stream' });
    const parsed = eventSchema(stream as StreamName).safeParse(raw);
    if (!parsed.success) throw errors.eventContract({ topic, offset, path: parsed.error.issues[0]?.path.join('.') });
    const wall = Number(headers['w']);
    return {
      event: parsed.data,
      ingestedAtMs: Number.isFinite(wall) && wall > 0 ? wall : null,
      lane: `${partition}.${headers['p'] ?? ''}`,
    };
  });
}

/** Reference records of a batch, as ingest wrote them. @throws SCORER_REFERENCE_CONTRACT (quarantine) */
export function readReferences({ topic, messages }: Batch): Reference[] {
  return messages.map(({ value, offset }) => {
    const raw = json(value, () => errors.referenceContract({ topic, offset })) as { kind?: Reference['kind'] } | null;
    if (raw?.kind === undefined || !KINDS.has(raw.kind)) throw errors.referenceContract({ topic, offset, path: 'kind' });
    return raw as Reference;
  });
}

function json(value: Uint8Array, failure: () => Error): unknown {
  try {
    return JSON.parse(utf8.decode(value));
  } catch {
    // The parser's message quotes the text; the code and the position are enough.
    throw failure();
  }
}
