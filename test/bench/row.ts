/** One measured number beside what DESIGN aims at. */
export interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same number divided by what the same run did without us, or null where there is nothing to compare with. */
  readonly ratio: number | null;
  readonly aim: number;
  /** Whether smaller is better. */
  readonly less: boolean;
}

export interface Benchmark {
  readonly name: string;
  readonly says: string;
  run(options: { readonly seconds: number }): Promise<readonly Row[]>;
}

export const met = ({ value, aim, less }: Row): boolean => (less ? value <= aim : value >= aim);

/** A row as text: name, value, ratio, aim, and whether it was reached. */
export function lineOf(row: Row): string {
  const number = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3));
  const ratio = row.ratio === null ? '' : `${(row.ratio * 100).toFixed(1)} %`;
  return [
    row.name.padEnd(58),
    `${number(row.value)} ${row.unit}`.padStart(20),
    ratio.padStart(10),
    `${row.less ? '≤' : '≥'} ${number(row.aim)}`.padStart(12),
    met(row) ? 'met' : 'missed',
  ].join('  ');
}

/** The value below which a share of the numbers lies; 0 for an empty list. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
