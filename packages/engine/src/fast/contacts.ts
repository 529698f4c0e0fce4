import { REMEMBERED, type MemoryEntry, type Remembered } from '../stamp-memory.ts';
import type { Dictionary } from './dictionary.ts';
import { EntityTable, KEY_WORDS } from './entity-table.ts';
import { Growing } from './growing.ts';

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
const START = 2_048;
/** Slots looked at per time remembered while old ones are forgotten. */
const LOOKS = 16;

/** `StampMemory`'s times by dictionary codes: who was called, paid, used before. A list is a chain, the newest time first. */
export class Contacts {
  readonly #keys = new EntityTable(1);
  readonly #timeBytes = new Growing(START * 8);
  readonly #nextBytes = new Growing(START * 4);
  #times = new Float64Array(this.#timeBytes.buffer);
  #next = new Int32Array(this.#nextBytes.buffer);
  #top = 1;
  #free = 0;
  /** What is to be forgotten, and the slots that are still to be looked at. */
  #forgottenMs = -Infinity;
  #hand = 0;

  remember(kind: number, a: number, b: number, tMs: number): void {
    if (this.#hand > 0) this.#forgetSome();
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
        const [times, next] = [this.#timeBytes.room((node + 1) * 8), this.#nextBytes.room((node + 1) * 4)];
        this.#next = new Int32Array(next);
        this.#times = new Float64Array(times, 0, Math.min(times.byteLength >> 3, this.#next.length));
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

  /** Drops, a few at each time that is remembered, what no event from `ms` on can see. */
  forgetBefore(ms: number): void {
    this.#forgottenMs = ms;
    this.#hand = this.#keys.size;
  }

  #forgetSome(): void {
    const keys = this.#keys;
    for (const end = Math.max(0, this.#hand - LOOKS); this.#hand > end;) {
      const slot = --this.#hand;
      if (slot >= keys.size || keys.word(slot, 0) === -1) continue;
      let node = keys.heads[slot * keys.stride + KEY_WORDS] as number;
      if ((this.#times[node] as number) > this.#forgottenMs - (BACK_MS[keys.word(slot, 1) % KIND_ROOM] as number)) continue;
      while (node !== 0) {
        const next = this.#next[node] as number;
        this.#next[node] = this.#free;
        this.#free = node;
        node = next;
      }
      keys.remove(slot);
    }
  }

  *entries(dictionary: Dictionary): Iterable<MemoryEntry> {
    const keys = this.#keys;
    for (let slot = 0; slot < keys.size; slot++) {
      if (keys.word(slot, 0) === -1) continue;
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

  get slots(): number {
    return this.#keys.size;
  }

  /** The pairs of some slots as numbers: both words and how many times each, and the times, the newest first. */
  packed(from: number, to: number): { readonly pairs: Int32Array; readonly times: Float64Array } {
    const keys = this.#keys;
    const pairs: number[] = [];
    const times: number[] = [];
    for (let slot = from; slot < Math.min(to, keys.size); slot++) {
      if (keys.word(slot, 0) === -1) continue;
      const before = times.length;
      for (let node = keys.heads[slot * keys.stride + KEY_WORDS] as number; node !== 0; node = this.#next[node] as number)
        times.push(this.#times[node] as number);
      pairs.push(keys.word(slot, 0), keys.word(slot, 1), times.length - before);
    }
    return { pairs: Int32Array.from(pairs), times: Float64Array.from(times) };
  }

  /** @param code of one of their codes */
  restorePacked({ pairs, times }: { readonly pairs: Int32Array; readonly times: Float64Array }, code: (theirs: number) => number): void {
    let end = 0;
    for (let at = 0; at < pairs.length; at += 3) {
      const [a, second, count] = [pairs[at] as number, pairs[at + 1] as number, pairs[at + 2] as number];
      const kind = second % KIND_ROOM;
      const [own, other] = [code(a), kind === GOIP_SEEN ? 0 : code(Math.floor(second / KIND_ROOM))];
      for (let index = end + count - 1; index >= end; index--) this.remember(kind, own, other, times[index] as number);
      end += count;
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
    return this.#keys.bytes + this.#top * 12;
  }
}
