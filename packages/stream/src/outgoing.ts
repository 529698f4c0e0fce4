import { errors } from './errors.ts';
import { MESSAGE_BYTES_MAX, type OutgoingMessage } from './port.ts';

/** A message ready to be written: bytes, headers and their size. */
export interface ReadyMessage {
  readonly key: string;
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestampMs: number;
  readonly bytes: number;
}

/**
 * Turns messages to bytes and checks every size before anything is sent.
 * @throws STREAM_MESSAGE_TOO_LARGE for the first that is over the limit
 */
export function readyMessages(topic: string, messages: readonly OutgoingMessage[], nowMs: number): readonly ReadyMessage[] {
  return messages.map(({ key, value, headers = {}, timestampMs = nowMs }, index) => {
    const valueBytes = typeof value === 'string' ? Buffer.from(value) : value;
    let bytes = Buffer.byteLength(key) + valueBytes.length;
    for (const [name, text] of Object.entries(headers)) bytes += Buffer.byteLength(name) + Buffer.byteLength(text);
    if (bytes > MESSAGE_BYTES_MAX) throw errors.messageTooLarge({ topic, index, bytes, bytesMax: MESSAGE_BYTES_MAX });
    return { key, value: valueBytes, headers, timestampMs, bytes };
  });
}
