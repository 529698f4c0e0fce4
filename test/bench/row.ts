import type { ServerName } from '@skyeye/testkit';

/** One measured number beside what DESIGN aims at. */
export interface Row {
  readonly name: string;
  /** Null: not measured, for the reason said. */
  readonly value: number | null;
  readonly unit: string;
  /**
   * The same number beside what the same process does when it only parses JSON lines of events: a rate divided by that rate, a
   * time as the number of events that are parsed meanwhile. A row in × is a ratio itself, of what its name says. Null where
   * there is nothing to compare with.
   */
  readonly ratio: number | null;
  readonly aim: number;
  /** Whether smaller is better. */
  readonly less: boolean;
  /** Why there is no value. */
  readonly reason?: string;
  /** Why the aim is missed whatever the value: it was measured under easier conditions than the aim is meant for. */
  readonly eased?: string;
}

export interface Benchmark {
  readonly name: string;
  readonly says: string;
  /** Without these on the machine it is left out, which is said. */
  readonly needs: readonly ServerName[];
  /** Names of its parts, each to be run alone by `--only`. */
  readonly parts?: readonly string[];
  run(options: BenchmarkOptions): Promise<readonly Row[]>;
}

export interface BenchmarkOptions {
  readonly seconds: number;
  /** One of the parts; all unless told. */
  readonly only?: string;
  /** Keys in the measurements with many. */
  readonly entities?: number;
  /** Takes each row once it is measured, so that a long run shows what it has. */
  readonly row?: (row: Row) => void;
}

const MS_OF: Readonly<Record<string, number>> = { µs: 0.001, ms: 1, s: 1_000 };

export const met = ({ value, aim, less, eased }: Row): boolean =>
  value !== null && eased === undefined && (less ? value <= aim : value >= aim);

/** A row for a time that should be short; `parsesPerSecond` is of the same run. */
export function timeRow(name: string, value: number, unit: 'µs' | 'ms', aim: number, parsesPerSecond: number): Row {
  return { name, value, unit, ratio: ((value * (MS_OF[unit] ?? 1)) / 1_000) * parsesPerSecond, aim, less: true };
}

/** A row of a number that says how many times something else it is. */
export const timesRow = (name: string, value: number, aim: number, less = false): Row => ({
  name,
  value,
  unit: '×',
  ratio: value,
  aim,
  less,
});

/** A row of what could not be measured. */
export const notMeasured = (name: string, unit: string, aim: number, reason: string): Row => ({
  name,
  value: null,
  unit,
  ratio: null,
  aim,
  less: false,
  reason,
});

/** A row as text: name, value, ratio, aim, and whether it was reached. */
export function lineOf(row: Row): string {
  const number = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3));
  if (row.value === null) return `${row.name.padEnd(66)}  not measured: ${row.reason ?? 'no reason given'}`;
  const isTime = MS_OF[row.unit] !== undefined;
  const ratio = row.ratio === null || row.unit === '×' ? '' : isTime ? `${number(row.ratio)} parses` : `${(row.ratio * 100).toFixed(1)} %`;
  return [
    row.name.padEnd(66),
    `${number(row.value)} ${row.unit}`.padStart(20),
    ratio.padStart(18),
    `${row.less ? '≤' : '≥'} ${number(row.aim)}`.padStart(12),
    met(row) ? 'met' : `missed${row.eased === undefined ? '' : ` (${row.eased})`}`,
  ].join('  ');
}

/** The value below which a share of the numbers lies; 0 for an empty list. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
