/** One event of a text/event-stream. */
export interface ServerEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/** An event larger than this is not one of ours: the stream is given up and read anew. */
const EVENT_MAX_CHARS = 2_000_000;

/** Cuts a text/event-stream into events, whatever the chunks; the rules of the HTML standard for id, event, data and comments. */
export class EventStreamParser {
  #rest = '';
  #id: string | null = null;
  #event = '';
  #data: string[] = [];

  push(chunk: string): ServerEvent[] {
    this.#rest += chunk;
    if (this.#rest.length > EVENT_MAX_CHARS) throw new Error('event too large');
    const events: ServerEvent[] = [];
    const lines = this.#rest.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = this.#line(line);
      if (event !== null) events.push(event);
    }
    return events;
  }

  #line(line: string): ServerEvent | null {
    if (line === '') {
      const event =
        this.#data.length === 0 ? null : { id: this.#id, event: this.#event === '' ? 'message' : this.#event, data: this.#data.join('\n') };
      this.#event = '';
      this.#data = [];
      return event;
    }
    const colon = line.indexOf(':');
    if (colon === 0) return null;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (name === 'id') this.#id = value;
    else if (name === 'event') this.#event = value;
    else if (name === 'data') this.#data.push(value);
    return null;
  }
}
