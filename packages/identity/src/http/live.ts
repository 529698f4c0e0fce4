import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Telemetry } from '@skyeye/telemetry';
import { HttpProblem, problems } from './problem.ts';
import { logEvents, metricEntries } from './tables.ts';

/** Wall time between two signs of life; proxies close what is silent for longer. */
export const HEARTBEAT_MS = 10_000;
/** A reader that does not take what was written within this time is closed; it comes back and resumes. */
const DRAIN_MS = 15_000;
const CLIENTS_MAX = 2_000;
/** Told to the browser: how long to wait before it comes back. */
const RETRY_MS = 2_000;

/** One message: its place in the stream, higher than that of the one before, and its body. A reader resumes after its place. */
export interface LiveMessage {
  readonly seq: number;
  readonly [field: string]: unknown;
}

export interface LiveBatch {
  readonly messages: readonly LiveMessage[];
  /** Place up to which the feed was read, also where nothing of it is for this reader. */
  readonly upTo: number;
  /** There is more: ask again at once. */
  readonly more: boolean;
}

export interface LiveOptions {
  readonly telemetry: Telemetry;
  /** Wall ms; shorter in tests. */
  readonly heartbeatMs?: number;
  readonly drainMs?: number;
}

export interface LiveReader {
  /** What follows a place in the feed for this reader, bounded. */
  readonly read: (afterSeq: number) => Promise<LiveBatch>;
  /** Sent at the beginning and as the sign of life. */
  readonly beat: (seq: number) => LiveMessage;
  /** Place to begin at when the reader names none. */
  readonly startSeq: () => Promise<number>;
  /** False when nothing can follow this place any more: the reader has to load anew (410). */
  readonly mayResume: (seq: number) => Promise<boolean>;
  /** False ends the stream at the next sign of life: the session is over. */
  readonly stillAllowed: () => Promise<boolean>;
}

/**
 * The readers of one live stream. Nothing is queued for a reader: each has a place in the feed, and takes the next batch
 * when the last one has left the socket. So memory is bounded by the number of readers, and a change that happens often
 * while a reader is slow reaches it once.
 */
export class LiveStreams {
  readonly #wakes = new Set<() => void>();
  readonly #options: LiveOptions;
  #closed = false;

  constructor(options: LiveOptions) {
    this.#options = options;
  }

  /** The feed has grown. */
  wake(): void {
    for (const wake of this.#wakes) wake();
  }

  /** Ends every stream; browsers come back by themselves. */
  close(): void {
    this.#closed = true;
    this.wake();
  }

  get size(): number {
    return this.#wakes.size;
  }

  /** Serves one reader until it goes, is too slow, or the service stops. Takes over the reply. */
  async serve(request: FastifyRequest, reply: FastifyReply, reader: LiveReader): Promise<void> {
    const { telemetry, heartbeatMs = HEARTBEAT_MS, drainMs = DRAIN_MS } = this.#options;
    const metrics = telemetry.metrics(metricEntries);
    if (this.#closed || this.#wakes.size >= CLIENTS_MAX) {
      metrics.streamDropped.add(1, { reason: 'limit' });
      throw problems.unavailable();
    }
    const named = resumeAfter(request);
    if (named !== undefined && !(await reader.mayResume(named))) throw positionLost();
    let seq = named ?? (await reader.startSeq());
    let wakeUp = (): void => undefined;
    let pending = true;
    const wake = (): void => {
      pending = true;
      wakeUp();
    };
    this.#wakes.add(wake);
    metrics.streamClients.set(this.#wakes.size);

    reply.hijack();
    const socket = reply.raw;
    let gone = false;
    socket.on('close', () => {
      gone = true;
      wake();
    });
    // A socket that breaks also closes; the event needs a listener.
    socket.on('error', () => undefined);
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) socket.setHeader(name, value as string);
    socket.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });

    const drop = (reason: 'slow' | 'failed', error?: unknown): void => {
      metrics.streamDropped.add(1, { reason });
      telemetry.log(logEvents).StreamClientDropped({ reason, requestId: request.id }, error);
      socket.destroy();
      gone = true;
    };
    const write = async (text: string): Promise<void> => {
      if (gone || socket.write(text)) return;
      if (!(await drained(socket, drainMs))) drop('slow');
    };

    try {
      await write(`retry: ${RETRY_MS}\n${frame(reader.beat(seq))}`);
      while (!gone && !this.#closed) {
        while (pending && !gone && !this.#closed) {
          pending = false;
          const batch = await reader.read(seq);
          const text = batch.messages.map(frame).join('');
          seq = batch.upTo;
          if (text !== '') await write(text);
          if (batch.more) pending = true;
        }
        if (gone || this.#closed) break;
        const woken = await new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(false), heartbeatMs);
          wakeUp = () => {
            clearTimeout(timer);
            resolve(true);
          };
          if (pending) wakeUp();
        });
        wakeUp = () => undefined;
        if (!woken) {
          if (!(await reader.stillAllowed())) break;
          await write(frame(reader.beat(seq)));
        }
      }
    } catch (error) {
      drop('failed', error);
    } finally {
      this.#wakes.delete(wake);
      metrics.streamClients.set(this.#wakes.size);
      if (!gone) socket.end();
    }
  }
}

const positionLost = (): HttpProblem =>
  new HttpProblem({
    status: 410,
    code: 'POSITION_LOST',
    message: 'the stream cannot be resumed from this place; load the list again and begin there',
  });

/** `id:` is the place, so that the browser names it when it comes back. */
function frame(message: LiveMessage): string {
  return `id: ${message.seq}\ndata: ${JSON.stringify(message)}\n\n`;
}

function resumeAfter(request: FastifyRequest): number | undefined {
  const header = request.headers['last-event-id'];
  const query = (request.query as Record<string, unknown>)['after'];
  const given = typeof header === 'string' ? header : typeof query === 'string' ? query : undefined;
  if (given === undefined) return undefined;
  if (!/^\d{1,15}$/.test(given)) throw problems.invalid([{ path: 'last-event-id', message: 'not a place in the feed' }]);
  return Number(given);
}

function drained(socket: FastifyReply['raw'], withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (isDrained: boolean): void => {
      clearTimeout(timer);
      socket.off('drain', onDrain);
      socket.off('close', onClose);
      resolve(isDrained);
    };
    const onDrain = (): void => done(true);
    // A reader that went away by itself is not slow.
    const onClose = (): void => done(true);
    const timer = setTimeout(() => done(false), withinMs);
    socket.once('drain', onDrain);
    socket.once('close', onClose);
  });
}
