import { EDGE_IN, EDGE_OUT, STRANGER, WITHDRAWAL } from './collect.ts';
import { bitOf, type Bit } from './graph.ts';
import type { Shape } from './layout.ts';
import type { Slabs } from './slabs.ts';

/** Credits as lots in posting order, debits and withdrawals consuming the oldest lot first; only strangers' lots are counted. */
export class Lots {
  readonly #slabs: Slabs;
  readonly #shape: Shape;
  readonly #fund: { readonly amount: number; readonly in: Bit; readonly out: Bit; readonly stranger: Bit };
  readonly #cash: { readonly amount: number; readonly withdrawal: Bit };
  /** Rows of the window in total order; those of cash negative. */
  #moves: number[] = [];
  #waits: { readonly waitedMs: number; readonly amountFen: number }[] = [];
  #strangerFen = 0;
  /** What the latest lots were worked out for: several features ask for the same. */
  readonly #latest = new Float64Array(7);

  constructor(slabs: Slabs, shape: Shape) {
    this.#slabs = slabs;
    this.#shape = shape;
    const [fund, cash] = [shape.layout('bank'), shape.layout('cash')];
    this.#fund = {
      amount: fund.columns.get('amt')?.at ?? -1,
      in: bitOf(fund, EDGE_IN),
      out: bitOf(fund, EDGE_OUT),
      stranger: bitOf(fund, STRANGER),
    };
    this.#cash = { amount: cash.columns.get('amt')?.at ?? -1, withdrawal: bitOf(cash, WITHDRAWAL) };
  }

  /** Share of strangers' credits that left within the time. */
  share(type: number, slot: number, tMs: number, current: number, low: number, untilMs: number, prior: boolean, withinMs: number): number {
    this.#allocate(type, slot, tMs, current, low, untilMs, prior);
    if (this.#strangerFen === 0) return Number.NaN;
    let left = 0;
    for (const { waitedMs, amountFen } of this.#waits) if (waitedMs <= withinMs) left += amountFen;
    return left / this.#strangerFen;
  }

  /** Median time, by amount, that strangers' credits stayed. */
  medianMs(type: number, slot: number, tMs: number, current: number, low: number, untilMs: number, prior: boolean): number {
    this.#allocate(type, slot, tMs, current, low, untilMs, prior);
    const half = this.#waits.reduce((sum, { amountFen }) => sum + amountFen, 0) / 2;
    let passed = 0;
    for (const { waitedMs, amountFen } of this.#waits.sort((a, b) => a.waitedMs - b.waitedMs || a.amountFen - b.amountFen)) {
      passed += amountFen;
      if (passed >= half) return waitedMs;
    }
    return Number.NaN;
  }

  #isSame(...what: readonly [number, number, number, number, number, number, boolean]): boolean {
    const latest = this.#latest;
    let isSame = latest[6] === this.#slabs.version;
    for (let index = 0; index < 6; index++) {
      isSame &&= latest[index] === what[index];
      latest[index] = what[index] as number;
    }
    latest[6] = what[6] ? -1 : this.#slabs.version;
    return isSame;
  }

  #allocate(type: number, slot: number, tMs: number, current: number, low: number, untilMs: number, prior: boolean): void {
    if (current !== 0 && this.#isSame(type, slot, tMs, current, low, untilMs, prior)) return;
    this.#moves = [];
    this.#waits = [];
    this.#strangerFen = 0;
    this.#gather('fund', 1, type, slot, tMs, current, low, untilMs, prior);
    this.#gather('cash', -1, type, slot, tMs, current, low, untilMs, prior);
    this.#moves.sort((a, b) => this.#slabs.compare(Math.abs(a), Math.abs(b)));
    const { f64, i32 } = this.#slabs;
    const has = (row: number, { at, mask }: Bit): boolean => ((i32[row * 2 + at] as number) & mask) !== 0;
    const lots: { t: number; leftFen: number; stranger: boolean }[] = [];
    let oldest = 0;
    for (const move of this.#moves) {
      const row = Math.abs(move);
      const t = f64[row] as number;
      const amount = f64[row + (move > 0 ? this.#fund.amount : this.#cash.amount)] as number;
      const amountFen = amount === amount ? amount : 0;
      if (move > 0 && has(row, this.#fund.in)) {
        const stranger = has(row, this.#fund.stranger);
        lots.push({ t, leftFen: amountFen, stranger });
        if (stranger) this.#strangerFen += amountFen;
      } else if (move > 0 ? has(row, this.#fund.out) : has(row, this.#cash.withdrawal)) {
        let dueFen = amountFen;
        for (let lot = lots[oldest]; dueFen > 0 && lot !== undefined; lot = lots[oldest]) {
          const taken = Math.min(dueFen, lot.leftFen);
          dueFen -= taken;
          lot.leftFen -= taken;
          if (lot.stranger) this.#waits.push({ waitedMs: t - lot.t, amountFen: taken });
          if (lot.leftFen === 0) oldest += 1;
        }
      }
    }
  }

  #gather(
    stream: string,
    sign: 1 | -1,
    type: number,
    slot: number,
    tMs: number,
    current: number,
    low: number,
    untilMs: number,
    prior: boolean,
  ): void {
    const table = this.#slabs.tables[type];
    const entityType = this.#shape.entityTypes[type];
    if (slot < 0 || table === undefined || entityType === undefined) return;
    const { refs, f64 } = this.#slabs;
    const head = slot * table.stride + this.#shape.list(entityType, stream).head;
    const place = table.heads[head] as number;
    for (let index = this.#slabs.end(place, table.heads[head + 1] as number, tMs, current) - 1; index >= 0; index--) {
      const row = refs[place + index] as number;
      const t = f64[row] as number;
      if (!(t > low)) break;
      if (t > untilMs || (prior && current !== 0 && this.#slabs.compare(row, current) === 0)) continue;
      this.#moves.push(sign * row);
    }
  }
}
