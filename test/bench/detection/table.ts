import type { Measured } from './interval.ts';

/** A row of what detection is worth. */
export interface DetectionRow extends Measured {
  readonly name: string;
  readonly unit: '%' | 'min' | 'ms' | 'per 10,000 a day' | '';
  /** Null: shown, with nothing to reach. */
  readonly aim: number | null;
  /** Whether smaller is better. */
  readonly less: boolean;
  /** Adding up the weights of the catalogue, in the same counties; null where it has no such number. */
  readonly baseline: number | null;
}

type Aim = Pick<DetectionRow, 'unit' | 'aim' | 'less'>;
const AIMS: readonly (readonly [start: string, aim: Aim])[] = [
  ['victims stopped before the first loss, signal', { unit: '%', aim: 0.95, less: false }],
  ['victims stopped before the first loss, all', { unit: '%', aim: null, less: false }],
  ['money that leaves, county', { unit: '%', aim: 0.15, less: true }],
  ['money that leaves, signalling', { unit: '%', aim: 0.08, less: true }],
  ['false P1/P2', { unit: 'per 10,000 a day', aim: 1, less: true }],
  ['look-alike', { unit: '%', aim: 0.03, less: true }],
  ['precision', { unit: '%', aim: 0.6, less: false }],
  ['median lead', { unit: 'min', aim: 15, less: false }],
  ['mule accounts', { unit: '%', aim: 0.8, less: false }],
  ['scam callers', { unit: '%', aim: 0.9, less: false }],
  ['time of accounts', { unit: '%', aim: null, less: true }],
  ['first cards', { unit: '%', aim: null, less: false }],
  ['honest accounts', { unit: '%', aim: 0.03, less: true }],
  ['honest numbers', { unit: '%', aim: 0.03, less: true }],
  ['accounts of ordinary life', { unit: 'per 10,000 a day', aim: 1, less: true }],
  ['numbers of ordinary life', { unit: 'per 10,000 a day', aim: 1, less: true }],
  ['calibration', { unit: '', aim: null, less: true }],
  ['honest payments', { unit: '%', aim: null, less: true }],
  ['stopped share against home', { unit: '%', aim: 0.85, less: false }],
  ['silent', { unit: '%', aim: 0.25, less: true }],
  ['event', { unit: 'ms', aim: 20, less: true }],
];

/** What is to be reached, by how a row's name begins. */
export function aimsOf(name: string, province: string): Aim {
  if (name.startsWith('ECE')) return { unit: '', aim: province === 'home' ? 0.02 : 0.05, less: true };
  const found = AIMS.find(([start]) => name.startsWith(start));
  if (found === undefined) throw new RangeError(`no aim for "${name}"`);
  return found[1];
}

const shown = (value: number, unit: DetectionRow['unit']): string => {
  if (Number.isNaN(value)) return 'none';
  if (!Number.isFinite(value)) return value > 0 ? 'unbounded' : 'never';
  if (unit === '%') return `${(100 * value).toFixed(1)} %`;
  return `${unit === '' ? value.toFixed(3) : value >= 100 ? value.toFixed(0) : value.toFixed(1)}${unit === '' ? '' : ` ${unit === 'per 10,000 a day' ? '' : unit}`}`.trim();
};

export function lineOf({ name, value, low, high, of, unit, aim, less, baseline }: DetectionRow): string {
  const met = aim === null || Number.isNaN(value) ? '' : (less ? value <= aim : value >= aim) ? 'met' : 'missed';
  return [
    `  ${name.padEnd(66)}`,
    shown(value, unit).padStart(10),
    `(${shown(low, unit)} to ${shown(high, unit)})`.padStart(24),
    `[${of}]`.padStart(8),
    (aim === null ? '' : `${less ? '≤' : '≥'} ${shown(aim, unit)}`).padStart(12),
    met.padEnd(6),
    baseline === null ? '' : shown(baseline, unit).padStart(10),
  ].join(' ');
}
