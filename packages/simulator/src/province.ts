import { STREAM_NAMES } from '@skyeye/contracts';
import { z } from 'zod';
import data from '../data/provinces.json' with { type: 'json' };
import { script } from './scripts/script.ts';

const factor = z.number().positive();

const province = z.strictObject({
  id: z.string(),
  /** Volume of a habit against `PER_DAY`; 1 unless told. */
  habits: z.record(z.string(), factor),
  /** Hours by which the day begins and ends later. */
  hours_later: z.int().min(0).max(23),
  new_contact_share: z.number().min(0).max(1),
  new_payee_share: z.number().min(0).max(1),
  /** Ordinary payments against those of home. */
  everyday_amounts: factor,
  /** Amounts of a script against those written down, drawn once per case, evenly in their logarithm. */
  script_amounts: z.tuple([factor, factor]),
  /** Delays of a source against its planning delays; 1 unless told. */
  delays: z.partialRecord(z.enum(STREAM_NAMES), factor),
  /** Streams that nobody delivers. */
  missing: z.array(z.enum(STREAM_NAMES)),
  /** Scams that home does not know. */
  scripts: z.array(script),
});

/** How people live and how scams run in a province, as data. */
export type Province = z.infer<typeof province>;

const PROVINCES = z.strictObject({ note: z.string(), provinces: z.array(province) }).parse(data).provinces;

export type ProvinceName = 'home' | 'other';
export function provinceOf(name: ProvinceName): Province {
  const found = PROVINCES.find(({ id }) => id === name);
  if (found === undefined) throw new RangeError(`no province ${name}`);
  return found;
}
export const HOME = provinceOf('home');
