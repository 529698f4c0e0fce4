import { assert } from '@skyeye/foundation';
import type { Window } from '../ast.ts';
import type { Context } from '../context.ts';
import { firstAfter, firstBehind, type AsOf, type StreamEvent } from '../event.ts';
import { LIMITS } from '../limits.ts';

/** Exclusive start of a graph function's window; the checker admits plain windows only. */
export function startOf(window: Window, context: Context): number {
  assert(window.kind === 'last', 'a graph function has a plain window');
  return context.tMs - window.ms;
}

export interface EdgeQuery {
  readonly context: Context;
  readonly account: string;
  /** Exclusive. */
  readonly afterMs: number;
  /** Inclusive; the context's own as-of point when absent. */
  readonly asOf?: AsOf;
  /** Only the latest this many; `LIMITS.edgesPerNode` when absent. */
  readonly latest?: number;
}

/** Live transfers out of an account, in total order. */
export function edgesOut(query: EdgeQuery): StreamEvent[] {
  return latestEdges(query, (event) => event['dir'] === 'out' && event['live'] === true);
}

/** Credits of an account, in total order. */
export function edgesIn(query: EdgeQuery): StreamEvent[] {
  return latestEdges(query, (event) => event['dir'] === 'in');
}

function latestEdges(
  { context, account, afterMs, asOf = context, latest = LIMITS.edgesPerNode }: EdgeQuery,
  isEdge: (event: StreamEvent) => boolean,
): StreamEvent[] {
  const events = context.world.history.entity('acct', account).of('fund');
  const from = firstAfter(events, afterMs);
  const found: StreamEvent[] = [];
  for (let index = firstBehind(events, asOf, true) - 1; index >= from && found.length < latest; index--) {
    const event = events[index] as StreamEvent;
    if (isEdge(event)) found.push(event);
  }
  return found.reverse();
}

export function peerOf(event: StreamEvent): string | undefined {
  const peer = event['peer'];
  return typeof peer === 'string' ? peer : undefined;
}

export function amountOf(event: StreamEvent): number {
  const amount = event['amt'];
  return typeof amount === 'number' ? amount : 0;
}
