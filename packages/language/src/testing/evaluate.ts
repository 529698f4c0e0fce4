import { NO_HOLIDAYS } from '../calendar.ts';
import { checkFormula } from '../checker.ts';
import { compileFormula } from '../compiler.ts';
import { Context, COVERED, staticDimensions, type Coverage } from '../context.ts';
import type { StreamEvent, Value } from '../event.ts';
import { History } from '../history.ts';
import { parseFormula } from '../parser.ts';
import type { EntityType } from '../schema.ts';
import { SCHEMA } from './fixtures.ts';

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;
/** The as-of time of most tests. */
export const T = 1_800_000_000_000;

export function event(id: string, stream: string, t: number, fields: Readonly<Record<string, Value>> = {}): StreamEvent {
  return { ...fields, id, stream, t };
}

/** A live debit of account K to P from a stranger's point of view, unless told otherwise. */
export function transfer(id: string, t: number, amt: number, fields: Readonly<Record<string, Value>> = {}): StreamEvent {
  return event(id, 'bank', t, { acct: 'K', dir: 'out', peer: 'P', amt, live: true, st: 'ok', stranger: true, txid: id, ...fields });
}

/** Both sides of a transfer from p to q, the credit a millisecond later. */
export function edge(
  id: string,
  t: number,
  p: string,
  q: string,
  amt: number,
  more: { black?: number; victim?: boolean } = {},
): StreamEvent[] {
  return [
    transfer(`${id}o`, t, amt, { acct: p, peer: q, txid: id, peer_black: more.black ?? 0 }),
    transfer(`${id}i`, t + 1, amt, { acct: q, peer: p, dir: 'in', txid: id, peer_victim: more.victim ?? false }),
  ];
}

export interface At {
  readonly entityType?: EntityType;
  readonly key?: string;
  readonly current?: StreamEvent;
  readonly tMs?: number;
  readonly coverage?: Coverage;
  readonly dims?: Readonly<Record<string, Value>>;
}

/** Value of a formula for key K over the events, checked and compiled as in production. */
export function valueOf(formula: string, events: readonly StreamEvent[], at: At = {}): Value {
  const { entityType = 'acct', key = 'K', current, tMs = current?.t ?? T, coverage = COVERED, dims = {} } = at;
  const history = new History({ aliases: SCHEMA.aliases });
  for (const one of events) history.add(one);
  const ast = parseFormula(formula);
  checkFormula(ast, { schema: SCHEMA, source: formula });
  const world = { history, dims: staticDimensions([[entityType, key, dims]]), coverage, holidays: NO_HOLIDAYS };
  return compileFormula(ast, SCHEMA)(new Context(world, entityType, key, { tMs, current }));
}
