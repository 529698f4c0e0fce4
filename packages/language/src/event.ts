/** A value of the language. A number is finite; null is "not known" and never fires. */
export type Value = number | boolean | string | null;

/** An event as the language sees it: any fields, null or absent meaning not known. */
export interface StreamEvent {
  readonly stream: string;
  /** Globally unique; ties in time are ordered by its UTF-8 bytes. */
  readonly id: string;
  /** Event time, epoch ms. */
  readonly t: number;
  readonly [field: string]: Value | undefined;
}

/** Compares identifiers by their UTF-8 bytes. JavaScript's own order is UTF-16, which differs above U+FFFF. */
export function compareIds(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const x = a.charCodeAt(index);
    const y = b.charCodeAt(index);
    if (x !== y) return codePointRank(x) - codePointRank(y);
  }
  return a.length - b.length;
}

/** Surrogates stand for code points above every other unit, so they move behind U+E000–U+FFFF. */
function codePointRank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** The total order of the semantics: event time, then id. */
export function compareEvents(a: StreamEvent, b: StreamEvent): number {
  return a.t - b.t || compareIds(a.id, b.id);
}

/** Index of the first event with t > `ms`. */
export function firstAfter(events: readonly StreamEvent[], ms: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle] as StreamEvent).t > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** An as-of point. Without an id it lies behind every event of its millisecond: a timer. */
export interface AsOf {
  readonly tMs: number;
  readonly id: string | undefined;
}

/** Index of the first event behind the as-of point, or at it when `inclusive` is false. */
export function firstBehind(events: readonly StreamEvent[], asOf: AsOf, inclusive: boolean): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const event = events[middle] as StreamEvent;
    const order = event.t - asOf.tMs || (asOf.id === undefined ? -1 : compareIds(event.id, asOf.id));
    if (order > 0 || (order === 0 && !inclusive)) high = middle;
    else low = middle + 1;
  }
  return low;
}
