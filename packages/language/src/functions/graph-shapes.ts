import type { Window } from '../ast.ts';
import type { Context } from '../context.ts';
import { boundsOf, rangeOf } from '../selection.ts';
import { firstAfter, firstBehind } from '../event.ts';
import { COUNT, number } from '../types.ts';
import type { FunctionEntry } from './entry.ts';
import { amountOf, edgesIn, edgesOut, peerOf, startOf } from './graph.ts';

/** Shapes of the money graph around an account. */
export const GRAPH_SHAPES: readonly FunctionEntry[] = [
  {
    name: 'scatter_gather',
    parameters: ['window'],
    graph: true,
    says: 'most intermediaries between the account and one other account that gathers what it scattered',
    nothing: '0',
    result: () => COUNT,
    compile: (args) => {
      const window = args.window(0);
      return (context) => scatterGather(context, startOf(window, context));
    },
  },
  {
    name: 'cycle',
    parameters: ['number', 'number', 'window'],
    graph: true,
    says: "least length, 2 to n, of a cycle back to the account whose edges carry at least r of the first edge's amount",
    nothing: 'null',
    result: () => number('hop', true),
    compile: (args) => {
      const [hops, ratio] = [args.number(0), args.number(1)];
      const window = args.window(2);
      return (context) => shortestCycle(context, { hops, ratio, afterMs: startOf(window, context) });
    },
  },
  {
    name: 'copayee',
    parameters: ['window'],
    graph: true,
    says: 'number of other accounts paid by at least two of the payers of the account',
    nothing: '0',
    result: () => COUNT,
    compile: (args) => {
      const window = args.window(0);
      return (context) => copayees(context, startOf(window, context));
    },
  },
  {
    name: 'shared_black',
    parameters: ['name', 'window'],
    graph: true,
    says: 'number of listed accounts that logged in with a device or ip the account used too',
    nothing: '0',
    result: () => COUNT,
    refuses: ([by]) =>
      by?.kind === 'name' && by.name !== 'device' && by.name !== 'ip'
        ? { argument: 0, says: `"${by.name}" is neither device nor ip` }
        : undefined,
    compile: (args) => {
      const by = args.name(0) === 'ip' ? 'ip' : 'device';
      const window = args.window(1);
      return (context) => sharedWithListed(context, by, window);
    },
  },
];

function scatterGather(context: Context, afterMs: number): number {
  const firstMs = new Map<string, number>();
  for (const edge of edgesOut({ context, account: context.key, afterMs })) {
    const peer = peerOf(edge);
    if (peer !== undefined && !firstMs.has(peer)) firstMs.set(peer, edge.t);
  }
  const intermediaries = new Map<string, Set<string>>();
  for (const [account, reachedMs] of firstMs) {
    for (const edge of edgesOut({ context, account, afterMs })) {
      const sink = peerOf(edge);
      if (sink === undefined || edge.t < reachedMs || sink === context.key) continue;
      const known = intermediaries.get(sink);
      if (known === undefined) intermediaries.set(sink, new Set([account]));
      else known.add(account);
    }
  }
  let best = 0;
  for (const accounts of intermediaries.values()) best = Math.max(best, accounts.size);
  return best;
}

/**
 * Per first edge, breadth first with the earliest arrival per account: the shortest cycle never visits an account
 * twice, since leaving out the loop keeps the times in order, so nothing is lost against trying all paths.
 */
function shortestCycle(context: Context, { hops, ratio, afterMs }: { hops: number; ratio: number; afterMs: number }): number | null {
  let best: number | null = null;
  for (const first of edgesOut({ context, account: context.key, afterMs })) {
    const payee = peerOf(first);
    if (payee === undefined) continue;
    const least = ratio * amountOf(first);
    let front = new Map([[payee, first.t]]);
    for (let length = 2; length <= hops && (best === null || length < best); length++) {
      const next = new Map<string, number>();
      for (const [account, reachedMs] of front) {
        for (const edge of edgesOut({ context, account, afterMs })) {
          const peer = peerOf(edge);
          if (peer === undefined || edge.t < reachedMs || amountOf(edge) < least) continue;
          if (peer === context.key) best = length;
          else next.set(peer, Math.min(next.get(peer) ?? edge.t, edge.t));
        }
      }
      front = next;
    }
  }
  return best;
}

function copayees(context: Context, afterMs: number): number {
  const payers = new Set(edgesIn({ context, account: context.key, afterMs }).flatMap((edge) => peerOf(edge) ?? []));
  const paidBy = new Map<string, number>();
  for (const account of payers) {
    const payees = new Set(edgesOut({ context, account, afterMs }).flatMap((edge) => peerOf(edge) ?? []));
    payees.delete(context.key);
    for (const payee of payees) paidBy.set(payee, (paidBy.get(payee) ?? 0) + 1);
  }
  return [...paidBy.values()].filter((count) => count >= 2).length;
}

function sharedWithListed(context: Context, by: 'device' | 'ip', window: Window): number | null {
  const bounds = boundsOf(window, context);
  if (bounds === null) return null;
  const own = context.entity.of('acct');
  const used = new Set<string>();
  for (const event of own.slice(...rangeOf(own, bounds, context))) {
    const tool = event[by];
    if (event['ev'] === 'login' && typeof tool === 'string') used.add(tool);
  }
  const listed = new Set<string>();
  for (const tool of used) {
    const events = context.world.history.entity(by, tool).of('acct');
    for (const event of events.slice(firstAfter(events, bounds.afterMs), firstBehind(events, context, true))) {
      const account = event['acct'];
      if (event['ev'] !== 'login' || typeof account !== 'string' || account === context.key || listed.has(account)) continue;
      const black = context.world.dims.valueAt('acct', account, 'black', context.tMs);
      if (typeof black === 'number' && black >= 1) listed.add(account);
    }
  }
  return listed.size;
}
