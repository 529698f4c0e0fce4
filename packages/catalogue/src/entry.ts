import { bilingual, SCAMS, type Scam } from '@skyeye/contracts';
import { z } from 'zod';

/** Kinds of key as the catalogue names them. */
export const KEY_TYPES = [
  'person',
  'phone',
  'number',
  'acct',
  'pair_aa',
  'device',
  'ip',
  'domain',
  'app',
  'merchant',
  'addr',
  'to_addr',
] as const;
export type KeyType = (typeof KEY_TYPES)[number];

const scamId = z.enum(Object.keys(SCAMS) as [Scam, ...Scam[]]);
const scalar = z.union([z.number(), z.boolean(), z.string(), z.null()]);

/** A worked example: these events, evaluated at this moment, give this value. See `examples/event-text.ts` for the lines. */
export const exampleEntry = z.strictObject({
  says: z.string().min(1),
  given: z.array(z.string().min(1)).max(20),
  at: z.string(),
  /** A number in the feature's unit, `700y` for yuan, true, false or null. */
  gives: scalar,
  /** Attributes of the key. */
  dims: z.record(z.string(), scalar).optional(),
  /** Attributes of other accounts. */
  others: z.array(z.strictObject({ acct: z.string(), black: z.int() })).optional(),
  /** Streams that are not observed for the key. */
  uncovered: z.array(z.string()).optional(),
});
export type ExampleEntry = z.infer<typeof exampleEntry>;

/** One feature as an analyst writes it. */
export const featureEntry = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]{2,60}$/),
  name: bilingual,
  /** What the value answers, as a question. */
  question: z.string().endsWith('?'),
  keyedBy: z.enum(KEY_TYPES),
  /** `;`-separated streams, with `[dir=…]` where one direction counts, and `timer:30s`. */
  trigger: z.string().min(1),
  formula: z.string().min(1).max(2000),
  type: z.enum(['amount_fen', 'bool', 'duration_d', 'duration_h', 'duration_min', 'duration_s', 'float', 'int', 'ratio']),
  unit: z.string(),
  fires: z.strictObject({
    when: z.string(),
    /** 1 to 3; negative for what speaks against fraud. */
    weight: z.int().min(-3).max(3),
    /** A clause an officer would say. `{value}` is the value in words; `call[s]` loses the s at one. */
    reason: bilingual,
  }),
  /** Types of scam it speaks for. */
  scams: z.union([z.literal('all'), z.array(scamId).min(1)]),
  /** Innocent people in whom it fires: in words, and the scripts of the simulator that show it. */
  hardNegatives: z.strictObject({ says: z.array(z.string()), scripts: z.array(z.string()) }),
  /** By the slowest stream it reads: realtime ≤ 10 s, near ≤ 5 min, late beyond. */
  timeliness: z.enum(['realtime', 'near', 'late']),
  /** The measure in one Chinese sentence, for the glossary. */
  definition: z.string().min(1),
  rationale: z.string().optional(),
  examples: z.array(exampleEntry).min(1),
});
export type FeatureEntry = z.infer<typeof featureEntry>;

export const GROUPS = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N'] as const;
export type GroupCode = (typeof GROUPS)[number];

/** One line of `features/index.yaml`. */
export const familyEntry = z.strictObject({ file: z.string(), group: z.enum(GROUPS), name: bilingual });
export type FamilyEntry = z.infer<typeof familyEntry>;
