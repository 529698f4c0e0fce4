import type { ServerName } from '@skyeye/testkit';

/** One measured number beside what DESIGN aims at. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /**
   * The same number beside what the same process does when it only parses JSON lines of events: a rate divided by that rate, a
   * time as the number of events that are parsed meanwhile. Null where there is nothing to compare with.
   */
  readonly ratio: number | null;
  readonly aim: number;
  /** Whether smaller is better. */
  readonly less: boolean;
}

export interface Benchmark {
  readonly name: string;
  readonly says: string;
  /** Without these on the machine it is left out, which is said. */
  readonly needs: readonly ServerName[];
  run(options: { readonly seconds: number }): Promise<readonly Row[]>;
}

const MS_OF: Readonly<Record<string, number>> = { µs: 0.001, ms: 1, s: 1_000 };

export const met = ({ value, aim, less }: Row): boolean => (less ? value <= aim : value >= aim);

/** A row for a time that should be short; `parsesPerSecond` is of the same run. */
export function timeRow(name: string, value: number, unit: 'µs' | 'ms', aim: number, parsesPerSecond: number): Row {
  return { name, value, unit, ratio: ((value * (MS_OF[unit] ?? 1)) / 1_000) * parsesPerSecond, aim, less: true };
}

/** A row as text: name, value, ratio, aim, and whether it was reached. */
export function lineOf(row: Row): string {
  const number = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3));
  const isTime = MS_OF[row.unit] !== undefined;
  const ratio = row.ratio === null ? '' : isTime ? `${number(row.ratio)} parses` : `${(row.ratio * 100).toFixed(1)} %`;
  return [
    row.name.padEnd(66),
    `${number(row.value)} ${row.unit}`.padStart(20),
    ratio.padStart(18),
    `${row.less ? '≤' : '≥'} ${number(row.aim)}`.padStart(12),
    met(row) ? 'met' : 'missed',
  ].join('  ');
}

/** The value below which a share of the numbers lies; 0 for an empty list. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
