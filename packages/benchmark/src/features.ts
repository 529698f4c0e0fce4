import type { StreamEvent } from '@skyeye/contracts';
import { languageSchema } from '@skyeye/catalogue';
import { FastEngine, Plan, type PlanFeature } from '@skyeye/engine';
import { assert } from '@skyeye/foundation';
import { Compiler, dayNumber, hourOfDay, NO_HOLIDAYS, needsOf, isWorkingDay } from '@skyeye/language';
import { OUTCOME, PAYMENT, type Mapping, type MappedFeature } from './mapping.ts';
import type { Transactions } from './transactions.ts';

/** Values of the features for some rows of the table: row after row, NaN for null. */
export interface Matrix {
  readonly names: readonly string[];
  readonly values: Float32Array;
  /** Place of a table's row among the rows of the matrix; −1: it has none. */
  readonly placeOf: Int32Array;
}

const ENTITY = { acct: 'acct', merchant: 'merchant', pair_aa: 'pair_acct' } as const;

function planFor(features: readonly MappedFeature[]): Plan {
  const compiler = new Compiler(languageSchema);
  return new Plan(
    features.map(({ id, keyType, ast, type }): PlanFeature => ({
      id,
      keyType,
      entityType: ENTITY[keyType],
      triggers: [{ stream: PAYMENT, dir: null }],
      timer: false,
      reads: needsOf(ast).streams,
      formula: ast,
      valueType: type,
      evaluate: compiler.compile(ast),
      fires: () => false,
    })),
    'mapping',
  );
}

/** The engine's events of a row: the payment at its time, and its outcome when it becomes known. */
function paymentOf(table: Transactions, row: number): StreamEvent {
  const t = table.timesMs[row] as number;
  const payee = table.payeeNames[table.payees[row] as number] as string;
  return {
    stream: PAYMENT,
    id: `p${row}`,
    t,
    acct: `a${table.payerNames[table.payers[row] as number] as string}`,
    merchant: payee,
    peer: `m${payee}`,
    amt: table.amountsFen[row] as number,
    dir: 'out',
    hod: hourOfDay(t),
    wday: isWorkingDay(dayNumber(t), NO_HOLIDAYS),
  };
}

function outcomeOf(table: Transactions, row: number, delayMs: number): StreamEvent {
  const { stream: _stream, hod: _hod, wday: _wday, dir: _dir, ...rest } = paymentOf(table, row);
  return {
    ...rest,
    stream: OUTCOME,
    id: `o${row}`,
    t: (table.timesMs[row] as number) + delayMs,
    ev: table.labels[row] === 1 ? 'complaint' : 'pay',
  };
}

/** Folds without evaluating. */
function remember(engine: FastEngine, event: StreamEvent): void {
  engine.learn([{ kind: 'history', id: event.id, event }]);
}

/**
 * Computes the mapping's features for the rows with a time in [fromMs, toMs). The engine gets every payment at its time and
 * its label `delayMs` later as an event of its own, so that a value can only contain labels that were known by then.
 * Cost: about that of folding twice the rows up to `toMs`.
 */
export function computeFeatures(
  table: Transactions,
  mapping: Mapping,
  { fromMs, toMs, delayMs }: { readonly fromMs: number; readonly toMs: number; readonly delayMs: number },
): Matrix {
  const plan = planFor(mapping.features);
  const engine = new FastEngine({ plan, holidays: NO_HOLIDAYS, scope: 'all', stamped: true, reachMs: Infinity });
  const { timesMs } = table;
  const width = mapping.features.length;
  const placeOf = new Int32Array(timesMs.length).fill(-1);
  let rows = 0;
  for (let row = 0; row < timesMs.length; row++)
    if ((timesMs[row] as number) >= fromMs && (timesMs[row] as number) < toMs) placeOf[row] = rows++;
  const values = new Float32Array(rows * width).fill(Number.NaN);
  let outcome = 0;
  for (let row = 0; row < timesMs.length && (timesMs[row] as number) < toMs; row++) {
    const t = timesMs[row] as number;
    for (; (timesMs[outcome] as number) + delayMs <= t; outcome++) remember(engine, outcomeOf(table, outcome, delayMs));
    const event = paymentOf(table, row);
    const place = placeOf[row] as number;
    if (place < 0) {
      remember(engine, event);
      continue;
    }
    assert(engine.fold(event) === 'folded', 'payments come in order of time');
    const { count, places, values: found } = engine.values;
    for (let index = 0; index < count; index++) values[place * width + (places[index] as number)] = found[index] as number;
  }
  return { names: mapping.features.map(({ id }) => id), values, placeOf };
}
