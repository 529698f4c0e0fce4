/** A labelled table in columns, in order of time; rows of one millisecond stand as they were given. */
export interface Transactions {
  /** Event time, epoch ms; a time without a zone was read as county time. */
  readonly timesMs: Float64Array;
  /** Number of the payer and of the payee of each row in the lists of names. */
  readonly payers: Int32Array;
  readonly payees: Int32Array;
  readonly payerNames: readonly string[];
  readonly payeeNames: readonly string[];
  readonly amountsFen: Float64Array;
  /** 1 fraud, 0 not. */
  readonly labels: Uint8Array;
}

/** Texts as small numbers, in the order of their first coming. */
export class Names {
  readonly list: string[] = [];
  readonly #codes = new Map<string, number>();

  code(name: string): number {
    let code = this.#codes.get(name);
    if (code === undefined) {
      code = this.list.length;
      this.#codes.set(name, code);
      this.list.push(name);
    }
    return code;
  }
}

/** Rows as they come, in any order; `sorted` gives the table. */
export class TransactionsBuilder {
  readonly #payerNames = new Names();
  readonly #payeeNames = new Names();
  readonly #timesMs: number[] = [];
  readonly #payers: number[] = [];
  readonly #payees: number[] = [];
  readonly #amountsFen: number[] = [];
  readonly #labels: number[] = [];

  get size(): number {
    return this.#timesMs.length;
  }

  add(row: {
    readonly timeMs: number;
    readonly payer: string;
    readonly payee: string;
    readonly amountFen: number;
    readonly fraud: boolean;
  }): void {
    this.#timesMs.push(row.timeMs);
    this.#payers.push(this.#payerNames.code(row.payer));
    this.#payees.push(this.#payeeNames.code(row.payee));
    this.#amountsFen.push(row.amountFen);
    this.#labels.push(row.fraud ? 1 : 0);
  }

  /** Cost: a sort. */
  sorted(): Transactions {
    const times = this.#timesMs;
    const order = Int32Array.from(times, (_, index) => index).sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
    const pick = (from: readonly number[]) => (_: unknown, at: number) => from[order[at] as number] as number;
    const { length } = order;
    return {
      timesMs: Float64Array.from({ length }, pick(times)),
      payers: Int32Array.from({ length }, pick(this.#payers)),
      payees: Int32Array.from({ length }, pick(this.#payees)),
      payerNames: this.#payerNames.list,
      payeeNames: this.#payeeNames.list,
      amountsFen: Float64Array.from({ length }, pick(this.#amountsFen)),
      labels: Uint8Array.from({ length }, pick(this.#labels)),
    };
  }
}
