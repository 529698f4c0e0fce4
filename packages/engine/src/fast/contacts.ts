import { REMEMBERED, type MemoryEntry, type Remembered } from '../stamp-memory.ts';
import type { Dictionary } from './dictionary.ts';
import { copied, EntityTable, KEY_WORDS } from './entity-table.ts';

/** Kinds of remembered times, payments with their direction. */
export const CONTACT = 0;
export const PAYMENT_IN = 1;
export const PAYMENT_OUT = 2;
export const PERSON_IN = 3;
export const PERSON_OUT = 4;
export const LOGIN_FROM = 5;
export const APP_USE = 6;
export const TOOL_USE = 7;
export const GOIP_SEEN = 8;
const KINDS: readonly Remembered[] = ['contact', 'payment', 'payment', 'personPayment', 'personPayment', 'login', 'app', 'tool', 'goip'];
const BACK_MS = KINDS.map((of) => REMEMBERED[of].backMs);
const SPAN_MS = KINDS.map((of) => REMEMBERED[of].backMs - REMEMBERED[of].gapMs);
/** Two words of a key are three numbers: the kind goes into the second, so codes must stay below 2^27. */
const KIND_ROOM = 16;

/** `StampMemory`'s times by dictionary codes: who was called, paid, used before. A list is a chain, the newest time first. */
export class Contacts {
  #keys = new EntityTable(1);
  #times = new Float64Array(2048);
  #next = new Int32Array(2048);
  #top = 1;
  #free = 0;

  remember(kind: number, a: number, b: number, tMs: number): void {
    const keys = this.#keys;
    const head = keys.findOrAdd(a, b * KIND_ROOM + kind) * keys.stride + KEY_WORDS;
    let before = 0;
    let node = keys.heads[head] as number;
    while (node !== 0 && (this.#times[node] as number) > tMs) {
      before = node;
      node = this.#next[node] as number;
    }
    if (node !== 0 && this.#times[node] === tMs) return;
    const added = this.#node(tMs, node);
    if (before === 0) keys.heads[head] = added;
    else this.#next[before] = added;
    this.#thin(keys.heads[head] as number, SPAN_MS[kind] as number);
  }

  /** Whether a time lies in (afterMs, untilMs]. */
  hasBetween(kind: number, a: number, b: number, afterMs: number, untilMs: number): boolean {
    const slot = this.#keys.find(a, b * KIND_ROOM + kind);
    if (slot < 0) return false;
    let node = this.#keys.heads[slot * this.#keys.stride + KEY_WORDS] as number;
    while (node !== 0 && (this.#times[node] as number) > untilMs) node = this.#next[node] as number;
    return node !== 0 && (this.#times[node] as number) > afterMs;
  }

  #node(tMs: number, next: number): number {
    let node = this.#free;
    if (node !== 0) this.#free = this.#next[node] as number;
    else {
      node = this.#top++;
      if (node === this.#times.length) {
        const larger = new Float64Array(node * 2);
        larger.set(this.#times);
        this.#times = larger;
        this.#next = copied(this.#next, node * 2);
      }
    }
    this.#times[node] = tMs;
    this.#next[node] = next;
    return node;
  }

  /** A time between two that lie closer together than the window is never the only answer. */
  #thin(newest: number, spanMs: number): void {
    let newer = newest;
    let node = this.#next[newer] as number;
    while (node !== 0 && this.#next[node] !== 0) {
      const older = this.#next[node] as number;
      if ((this.#times[newer] as number) - (this.#times[older] as number) < spanMs) {
        this.#next[newer] = older;
        this.#next[node] = this.#free;
        this.#free = node;
      } else newer = node;
      node = older;
    }
  }

  /** Drops what no event from `ms` on can see. */
  forgetBefore(ms: number): void {
    const [keys, times, next] = [this.#keys, this.#times, this.#next];
    [this.#keys, this.#times, this.#next, this.#top, this.#free] = [new EntityTable(1), new Float64Array(2048), new Int32Array(2048), 1, 0];
    for (let slot = 0; slot < keys.size; slot++) {
      const second = keys.word(slot, 1);
      const kind = second % KIND_ROOM;
      const newest = keys.heads[slot * keys.stride + KEY_WORDS] as number;
      if ((times[newest] as number) <= ms - (BACK_MS[kind] as number)) continue;
      for (let node = newest; node !== 0; node = next[node] as number)
        this.remember(kind, keys.word(slot, 0), Math.floor(second / KIND_ROOM), times[node] as number);
    }
  }

  *entries(dictionary: Dictionary): Iterable<MemoryEntry> {
    const keys = this.#keys;
    for (let slot = 0; slot < keys.size; slot++) {
      const second = keys.word(slot, 1);
      const kind = second % KIND_ROOM;
      const own = dictionary.text(keys.word(slot, 0));
      const pair = `${own}\u0000${dictionary.text(Math.floor(second / KIND_ROOM))}`;
      const times: number[] = [];
      for (let node = keys.heads[slot * keys.stride + KEY_WORDS] as number; node !== 0; node = this.#next[node] as number)
        times.unshift(this.#times[node] as number);
      const key =
        kind === GOIP_SEEN
          ? own
          : kind === PAYMENT_IN || kind === PERSON_IN
            ? `in\u0000${pair}`
            : kind === PAYMENT_OUT || kind === PERSON_OUT
              ? `out\u0000${pair}`
              : pair;
      yield { kind: 'times', of: KINDS[kind] as Remembered, key, times };
    }
  }

  restore({ of, key, times }: Extract<MemoryEntry, { kind: 'times' }>, dictionary: Dictionary): void {
    const parts = key.split('\u0000');
    const directed = of === 'payment' || of === 'personPayment';
    const kind = KINDS.indexOf(of) + (directed && parts[0] === 'out' ? 1 : 0);
    const [a, b] = directed ? parts.slice(1) : parts;
    if (a === undefined) return;
    for (const time of times) this.remember(kind, dictionary.code(a), b === undefined ? 0 : dictionary.code(b), time);
  }

  get bytes(): number {
    return this.#keys.bytes + this.#times.byteLength + this.#next.byteLength;
  }
}
