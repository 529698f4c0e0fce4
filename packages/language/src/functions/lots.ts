import type { Window } from '../ast.ts';
import type { Context } from '../context.ts';
import { compareEvents, type StreamEvent } from '../event.ts';
import { boundsOf, rangeOf } from '../selection.ts';
import { number } from '../types.ts';
import type { FunctionEntry } from './entry.ts';

interface Allocation {
  /** How long this part of a stranger's credit stayed on the account. */
  readonly waitedMs: number;
  readonly amountFen: number;
}

interface Allocated {
  readonly parts: Allocation[];
  readonly strangerCreditFen: number;
}

/** Credits as lots in posting order, debits and withdrawals consuming the oldest lot first. */
export const LOTS: readonly FunctionEntry[] = [
  {
    name: 'fifo_share',
    parameters: ['gap', 'window'],
    says: "share of strangers' credits that left within the duration, first in first out",
    nothing: 'null',
    result: () => number('ratio', false),
    compile: (args) => {
      const withinMs = args.gapMs(0);
      const window = args.window(1);
      return (context) => {
        const allocated = allocate(window, context);
        if (allocated === null || allocated.strangerCreditFen === 0) return null;
        let left = 0;
        for (const part of allocated.parts) if (part.waitedMs <= withinMs) left += part.amountFen;
        return left / allocated.strangerCreditFen;
      };
    },
  },
  {
    name: 'fifo_med',
    parameters: ['window'],
    says: "median time, by amount, that strangers' credits stayed, first in first out",
    nothing: 'null',
    result: () => number('ms', true),
    compile: (args) => {
      const window = args.window(0);
      return (context) => {
        const allocated = allocate(window, context);
        return allocated === null ? null : medianMs(allocated.parts);
      };
    },
  },
];

function medianMs(parts: Allocation[]): number | null {
  const half = parts.reduce((sum, part) => sum + part.amountFen, 0) / 2;
  let passed = 0;
  for (const part of parts.sort((a, b) => a.waitedMs - b.waitedMs || a.amountFen - b.amountFen)) {
    passed += part.amountFen;
    if (passed >= half) return part.waitedMs;
  }
  return null;
}

/** Own and kin credits absorb debits like any other; only strangers' lots enter the statistics. */
function allocate(window: Window, context: Context): Allocated | null {
  const bounds = boundsOf(window, context);
  if (bounds === null) return null;
  const lots: { t: number; leftFen: number; stranger: boolean }[] = [];
  let oldest = 0;
  const parts: Allocation[] = [];
  let strangerCreditFen = 0;
  const moves = ['fund', 'cash'].flatMap((stream) => {
    const events = context.entity.of(stream);
    return events.slice(...rangeOf(events, bounds, context));
  });
  for (const event of moves.sort(compareEvents)) {
    const amountFen = amountOf(event);
    if (event.stream !== 'cash' && event['dir'] === 'in') {
      const stranger = event['stranger'] === true;
      lots.push({ t: event.t, leftFen: amountFen, stranger });
      if (stranger) strangerCreditFen += amountFen;
    } else if (isDebit(event)) {
      let dueFen = amountFen;
      for (let lot = lots[oldest]; dueFen > 0 && lot !== undefined; lot = lots[oldest]) {
        const taken = Math.min(dueFen, lot.leftFen);
        dueFen -= taken;
        lot.leftFen -= taken;
        if (lot.stranger) parts.push({ waitedMs: event.t - lot.t, amountFen: taken });
        if (lot.leftFen === 0) oldest += 1;
      }
    }
  }
  return { parts, strangerCreditFen };
}

function isDebit(event: StreamEvent): boolean {
  return event.stream === 'cash' ? event['ev'] === 'withdraw' : event['dir'] === 'out' && event['live'] === true;
}

function amountOf(event: StreamEvent): number {
  const amount = event['amt'];
  return typeof amount === 'number' ? amount : 0;
}
