import type { Context } from '../context.ts';
import type { StreamEvent } from '../event.ts';
import { number } from '../types.ts';
import type { FunctionEntry } from './entry.ts';
import { amountOf, edgesIn, edgesOut, peerOf, startOf } from './graph.ts';

const HOP = number('hop', true);

/** Paths of live transfers; the next edge is never earlier than the one before. */
export const GRAPH_PATHS: readonly FunctionEntry[] = [
  {
    name: 'hops_black',
    parameters: ['number', 'window'],
    graph: true,
    says: 'least number of hops, up to n, on which money of the account reaches a listed one',
    nothing: 'null',
    result: () => HOP,
    compile: (args) => {
      const hops = args.number(0);
      const window = args.window(1);
      return (context) => hopsToBlack(context, hops, startOf(window, context));
    },
  },
  {
    name: 'hops_victim',
    parameters: ['number', 'window'],
    graph: true,
    says: "least number of hops, up to n, on which a victim's money reached the account",
    nothing: 'null',
    result: () => HOP,
    compile: (args) => {
      const hops = args.number(0);
      const window = args.window(1);
      return (context) => hopsFromVictim(context, hops, startOf(window, context));
    },
  },
  {
    name: 'depth',
    parameters: ['number', 'gap', 'number', 'window'],
    graph: true,
    says: 'longest chain, up to n, of transfers ending with a credit of the account, each within the duration after the last and carrying r to 1/r of it',
    nothing: '0',
    result: () => HOP,
    compile: (args) => {
      const options = { hops: args.number(0), gapMs: args.gapMs(1), ratio: args.number(2) };
      const window = args.window(3);
      return (context) => longestChain(context, { ...options, afterMs: startOf(window, context) });
    },
  },
];

function hopsToBlack(context: Context, hops: number, startMs: number): number | null {
  let front = new Map([[context.key, startMs]]);
  for (let hop = 1; hop <= hops; hop++) {
    const next = new Map<string, number>();
    for (const [account, reachedMs] of front) {
      const afterMs = account === context.key ? startMs : Math.max(startMs, reachedMs - 1);
      for (const edge of edgesOut({ context, account, afterMs })) {
        if (edge.t < reachedMs) continue;
        const black = edge['peer_black'];
        if (typeof black === 'number' && black >= 1) return hop;
        const peer = peerOf(edge);
        if (peer !== undefined) next.set(peer, Math.min(next.get(peer) ?? edge.t, edge.t));
      }
    }
    front = next;
  }
  return null;
}

function hopsFromVictim(context: Context, hops: number, startMs: number): number | null {
  let front = new Map([[context.key, context.tMs]]);
  for (let hop = 1; hop <= hops; hop++) {
    const next = new Map<string, number>();
    for (const [account, leftMs] of front) {
      for (const edge of edgesIn({ context, account, afterMs: startMs })) {
        if (edge.t > leftMs) continue;
        if (edge['peer_victim'] === true) return hop;
        const peer = peerOf(edge);
        if (peer !== undefined) next.set(peer, Math.max(next.get(peer) ?? edge.t, edge.t));
      }
    }
    front = next;
  }
  return null;
}

interface ChainOptions {
  readonly hops: number;
  readonly gapMs: number;
  readonly ratio: number;
  readonly afterMs: number;
}

/** Remembers what is behind an edge, so that a busy account is walked once per length and not once per chain. */
function longestChain(context: Context, { hops, gapMs, ratio, afterMs }: ChainOptions): number {
  const known = new Map<string, number>();
  const behind = (edge: StreamEvent, left: number): number => {
    const payer = peerOf(edge);
    if (left === 0 || payer === undefined) return 0;
    const memoKey = `${left}\u0000${edge.id}`;
    const remembered = known.get(memoKey);
    if (remembered !== undefined) return remembered;
    let best = 0;
    const earlier = edgesIn({
      context,
      account: payer,
      afterMs: Math.max(afterMs, edge.t - gapMs - 1),
      asOf: { tMs: edge.t, id: edge.id },
      latest: Infinity,
    });
    for (const credit of earlier) {
      const carried = amountOf(edge) / amountOf(credit);
      if (edge.t - credit.t <= gapMs && ratio <= carried && carried <= 1 / ratio) best = Math.max(best, 1 + behind(credit, left - 1));
    }
    known.set(memoKey, best);
    return best;
  };
  let best = 0;
  for (const edge of edgesIn({ context, account: context.key, afterMs })) best = Math.max(best, 1 + behind(edge, hops - 1));
  return best;
}
