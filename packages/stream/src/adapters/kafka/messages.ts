import { SkyeyeError } from '@skyeye/foundation';
import { errors } from '../../errors.ts';
import type { Message } from '../../port.ts';

/** What we use of a message that the client fetched. */
export interface FetchedMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestamp: string;
  readonly offset: string;
  readonly headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
}

/** Fetched messages from an index on, up to the limits but at least one. */
export function sliceOf(messages: readonly FetchedMessage[], from: number, maxMessages: number, maxBytes: number): Message[] {
  const slice: Message[] = [];
  let bytes = 0;
  for (let i = from; i < messages.length && slice.length < maxMessages; i++) {
    const message = messages[i];
    if (message === undefined) break;
    bytes += (message.value?.length ?? 0) + (message.key?.length ?? 0);
    if (slice.length > 0 && bytes > maxBytes) break;
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(message.headers ?? {})) headers[name] = String(Array.isArray(value) ? value[0] : value);
    slice.push({
      offset: Number(message.offset),
      key: message.key?.toString() ?? '',
      value: message.value ?? new Uint8Array(),
      headers,
      timestampMs: Number(message.timestamp),
    });
  }
  return slice;
}

const FENCED = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS', 'FENCED_INSTANCE_ID']);

/** An error of kafkajs as one of ours; causes are looked through, because it wraps what it retried. */
export function mapped(error: unknown, group = ''): unknown {
  if (error instanceof SkyeyeError) return error;
  for (let inner: unknown = error, depth = 0; inner instanceof Error && depth < 4; inner = inner.cause, depth++) {
    if (!('type' in inner)) continue;
    if (inner.type === 'MESSAGE_TOO_LARGE' || inner.type === 'RECORD_LIST_TOO_LARGE') return errors.messageTooLarge({}, error);
    if (inner.type === 'UNKNOWN_TOPIC_OR_PARTITION') return errors.unknownTopic({}, error);
    if (typeof inner.type === 'string' && FENCED.has(inner.type)) return errors.fenced({ group }, error);
  }
  return error instanceof Error && error.name.startsWith('KafkaJS') ? errors.brokerUnreachable({ group }, error) : error;
}
