import { streamMessage, type Incident, type StreamMessage } from '@skyeye/contracts';
import { api } from '../api/routes.ts';
import { EventStreamParser, type ServerEvent } from './event-stream.ts';
import { EMPTY_FEED, withIncident, withList, withMessages, type FeedState } from './feed-state.ts';

export interface Connection {
  readonly state: 'loading' | 'live' | 'broken' | 'failed';
  /** Wall time since when the line is down. */
  readonly sinceMs: number;
  readonly error: unknown;
}

/** The server speaks at least every few seconds (the clock); a line silent for this long is dead. */
const SILENCE_MAX_MS = 30_000;
const BACKOFF_MIN_MS = 500;
const BACKOFF_MAX_MS = 10_000;

/**
 * The list and the stream behind it as one store. After a break it resumes by Last-Event-ID; where the server no longer has
 * that position it loads the list anew. Messages are folded once per frame, so 200 alerts a second cost 60 renders at most.
 */
export class Feed {
  #state: FeedState = EMPTY_FEED;
  #connection: Connection = { state: 'loading', sinceMs: Date.now(), error: null };
  readonly #listeners = new Set<() => void>();
  #waiting: StreamMessage[] = [];
  #frame: number | null = null;
  #wake: (() => void) | null = null;

  readonly getState = (): FeedState => this.#state;
  readonly getConnection = (): Connection => this.#connection;
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** A row that an answer carried; the stream will say the same later. */
  put(row: Incident): void {
    this.#set(withIncident(this.#state, row));
  }

  /** Tries again now instead of at the end of the pause. */
  readonly retry = (): void => this.#wake?.();

  start(): () => void {
    const stop = new AbortController();
    void this.#run(stop.signal);
    return () => {
      stop.abort();
      this.#wake?.();
    };
  }

  async #run(stop: AbortSignal): Promise<void> {
    let pauseMs = BACKOFF_MIN_MS;
    let listed = false;
    while (!stop.aborted) {
      try {
        if (!listed) this.#set(withList(this.#state, await api.incidents()));
        listed = true;
        await this.#listen(stop, () => {
          pauseMs = BACKOFF_MIN_MS;
          this.#setConnection({ state: 'live', sinceMs: Date.now(), error: null });
        });
      } catch (error) {
        if (stop.aborted) return;
        if (error instanceof PositionLost) listed = false;
        this.#broken(listed, error);
      }
      if (stop.aborted) return;
      this.#broken(listed, this.#connection.error);
      await this.#pause(pauseMs * (0.75 + Math.random() / 2));
      pauseMs = Math.min(pauseMs * 2, BACKOFF_MAX_MS);
    }
  }

  #broken(listed: boolean, error: unknown): void {
    const sinceMs = this.#connection.state === 'live' ? Date.now() : this.#connection.sinceMs;
    this.#setConnection({ state: listed || this.#state.seq >= 0 ? 'broken' : 'failed', sinceMs, error });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = window.setTimeout(resolve, ms);
      this.#wake = () => {
        window.clearTimeout(timer);
        resolve();
      };
    });
  }

  async #listen(stop: AbortSignal, opened: () => void): Promise<void> {
    const line = new AbortController();
    const abort = (): void => line.abort();
    stop.addEventListener('abort', abort);
    let timer = window.setTimeout(abort, SILENCE_MAX_MS);
    try {
      const response = await fetch('./api/stream', {
        headers: { accept: 'text/event-stream', 'last-event-id': String(this.#state.seq) },
        credentials: 'same-origin',
        signal: line.signal,
        cache: 'no-store',
      });
      if (response.status === 409 || response.status === 410) throw new PositionLost();
      if (!response.ok || response.body === null) throw new Error(`stream answered ${response.status}`);
      opened();
      const parser = new EventStreamParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        window.clearTimeout(timer);
        timer = window.setTimeout(abort, SILENCE_MAX_MS);
        for (const event of parser.push(part.value)) this.#take(event);
      }
    } finally {
      window.clearTimeout(timer);
      stop.removeEventListener('abort', abort);
      line.abort();
    }
  }

  #take(event: ServerEvent): void {
    if (event.event === 'reset') throw new PositionLost();
    const parsed = streamMessage.safeParse(JSON.parse(event.data));
    if (!parsed.success) {
      console.warn('a message of the stream breaks its contract', parsed.error.issues[0]?.path.join('.'));
      return;
    }
    this.#waiting.push(parsed.data);
    this.#frame ??= schedule(() => this.#fold());
  }

  #fold(): void {
    this.#frame = null;
    const messages = this.#waiting;
    this.#waiting = [];
    this.#set(withMessages(this.#state, messages, Date.now()));
  }

  #set(state: FeedState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  #setConnection(connection: Connection): void {
    const same =
      connection.state === this.#connection.state &&
      connection.sinceMs === this.#connection.sinceMs &&
      connection.error === this.#connection.error;
    if (same) return;
    this.#connection = connection;
    for (const listener of this.#listeners) listener();
  }
}

/** A hidden tab draws no frames, yet its queue has to stay true and its alarm has to sound. */
function schedule(run: () => void): number {
  return document.visibilityState === 'hidden' ? window.setTimeout(run, 100) : window.requestAnimationFrame(run);
}

class PositionLost extends Error {}
