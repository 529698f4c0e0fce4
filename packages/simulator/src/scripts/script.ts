import { z } from 'zod';
import data from '../../data/scenarios.json' with { type: 'json' };

const range = z.union([z.number(), z.tuple([z.number(), z.number()])]);
const parameter = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.tuple([z.number(), z.number()]),
  z.object({ any: z.array(z.union([z.string(), z.number()])) }),
]);
export type Parameter = z.infer<typeof parameter>;

/** One step of a script. `gap` and `at` in minutes, see the note in data/scenarios.json. */
const step = z.strictObject({
  do: z.enum([
    'im',
    'pay',
    'app',
    'bank',
    'shop',
    'call',
    'rctl',
    'sms',
    'acct',
    'loc',
    'num',
    'web',
    'loan',
    'cash',
    'parcel',
    'fan_in',
    'many_calls',
    'intel',
  ]),
  gap: z.tuple([z.number(), z.number()]).default([0, 0]),
  at: z.tuple([z.number(), z.number()]).optional(),
  after: z.string().optional(),
  id: z.string().optional(),
  prob: z.number().optional(),
  /** A call that the following steps do not wait for. */
  wait: z.boolean().default(true),
  p: z.record(z.string(), parameter).default({}),
  repeat: z.strictObject({ n: range, gap: range.optional(), grow: range.optional() }).optional(),
});
export type ScriptStep = z.infer<typeof step>;

const launder = z.strictObject({ layers: z.int(), delay_min: range, split: range, keep: range, exit: z.enum(['cash', 'otc']) });
export type Launder = z.infer<typeof launder>;

export const script = z.strictObject({
  id: z.string(),
  name_zh: z.string(),
  label: z.enum(['fraud', 'benign']),
  params: z.string(),
  victim: z
    .strictObject({
      age: z.tuple([z.number(), z.number()]).optional(),
      occ: z.string().optional(),
      live_alone: z.boolean().optional(),
      bal1: range.optional(),
      bal2: range.optional(),
    })
    .default({}),
  mule: z.strictObject({ age_d: range, kind: z.string() }).optional(),
  launder: launder.optional(),
  corp_payer: z.boolean().default(false),
  start_h: z.number().optional(),
  pre_accts: z.array(z.string()).default([]),
  hist_callers: z.array(z.string()).default([]),
  hist_fan_in: z.number().default(0),
  steps: z.array(step),
});
export type Script = z.infer<typeof script>;

/** The 14 scam scripts and the 16 hard negatives of DOMAIN §5. */
export const SCRIPTS: readonly Script[] = z.strictObject({ note: z.string(), scenarios: z.array(script) }).parse(data).scenarios;
export const scriptById = (id: string): Script => {
  const found = SCRIPTS.find((entry) => entry.id === id);
  if (found === undefined) throw new RangeError(`no script ${id}`);
  return found;
};

/** What one contact does: the probability that the person believes us and stops. From the cases of DOMAIN §1.8: people under
 * 公检法 and 杀猪盘 are coached to refuse, and have to be visited again. */
export interface Persuasion {
  /** The teller with the three checks. */
  readonly counter: number;
  readonly call: number;
  readonly visit: number;
}
const PERSUASION: Readonly<Record<string, Persuasion>> = {
  svc: { counter: 0.65, call: 0.5, visit: 0.9 },
  gov: { counter: 0.4, call: 0.25, visit: 0.65 },
  credit: { counter: 0.6, call: 0.5, visit: 0.9 },
  romance: { counter: 0.3, call: 0.2, visit: 0.55 },
  invest: { counter: 0.4, call: 0.3, visit: 0.7 },
  elder: { counter: 0.55, call: 0.4, visit: 0.85 },
  cash_delivery: { counter: 0.5, call: 0.3, visit: 0.75 },
};
export const persuasionOf = (scriptId: string): Persuasion => PERSUASION[scriptId] ?? { counter: 0.6, call: 0.45, visit: 0.85 };
