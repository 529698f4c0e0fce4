import type { Reference, StreamEvent } from '@skyeye/contracts';

/** Something that reached us, in the order in which it did. */
export type Arrival =
  | { readonly kind: 'event'; readonly atMs: number; readonly event: StreamEvent }
  | { readonly kind: 'reference'; readonly atMs: number; readonly records: readonly Reference[] };
