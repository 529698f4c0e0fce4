import { languageSchema } from '@skyeye/catalogue';
import { checkFormula, LanguageError, formatError, parseFormula, type Expression, type Type } from '@skyeye/language';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { errors } from './errors.ts';

const column = z.string().min(1);

/** What a feature is counted for: who pays, who is paid (a terminal, a shop, an account), or the two together. */
const KEYS = { payer: 'acct', payee: 'merchant', pair: 'pair_aa' } as const;

const shape = z.strictObject({
  columns: z.strictObject({
    time: z.union([column, z.strictObject({ column, as: z.enum(['text', 'epoch_s', 'epoch_ms']) })]),
    payer: column,
    payee: column,
    /** `yuan` is any currency's main unit: it is kept in hundredths. */
    amount: z.union([column, z.strictObject({ column, unit: z.enum(['yuan', 'fen']) })]),
    /** `fraud`: the cell's texts that mean fraud. */
    label: z.union([column, z.strictObject({ column, fraud: z.array(z.coerce.string()).min(1) })]),
  }),
  features: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z][a-z0-9_]{1,60}$/, 'small letters, digits and _'),
        keyedBy: z.enum(['payer', 'payee', 'pair']),
        formula: z.string().min(1).max(2000),
        says: z.string().min(1).optional(),
      }),
    )
    .min(1)
    .max(1000),
});

export interface MappedFeature {
  readonly id: string;
  /** Kind of key of the language: acct, merchant, pair_aa. */
  readonly keyType: (typeof KEYS)[keyof typeof KEYS];
  readonly formula: string;
  readonly ast: Expression;
  readonly type: Type;
}

/** Which column is what, and what is computed from them. */
export interface Mapping {
  readonly columns: {
    readonly time: { readonly column: string; readonly as: 'text' | 'epoch_s' | 'epoch_ms' };
    readonly payer: string;
    readonly payee: string;
    readonly amount: { readonly column: string; readonly unit: 'yuan' | 'fen' };
    readonly label: { readonly column: string; readonly fraud: ReadonlySet<string> };
  };
  readonly features: readonly MappedFeature[];
}

/** Streams that a formula of a mapping may read. A payment is `pay`; what became of it arrives `--delay-days` later as `shop`. */
export const PAYMENT = 'pay';
export const OUTCOME = 'shop';

/**
 * Reads a mapping file's text. Everything is checked: form, ids, formulas with their units.
 * @throws BENCHMARK_MAPPING_INVALID, BENCHMARK_FORMULA_INVALID with the place and the reason
 */
export function parseMapping(text: string): Mapping {
  let data: unknown;
  try {
    data = parse(text);
  } catch (error) {
    if (error instanceof YAMLParseError) throw errors.mappingInvalid({ reason: error.message }, error);
    throw error;
  }
  const read = shape.safeParse(data);
  if (!read.success) throw errors.mappingInvalid({ reason: z.prettifyError(read.error) });
  const { columns, features } = read.data;
  const seen = new Set<string>();
  for (const { id } of features) {
    if (seen.has(id)) throw errors.mappingInvalid({ reason: `the feature ${id} stands there twice` });
    seen.add(id);
  }
  const { time, amount, label } = columns;
  return {
    columns: {
      ...columns,
      time: typeof time === 'string' ? { column: time, as: 'text' } : time,
      amount: typeof amount === 'string' ? { column: amount, unit: 'yuan' } : amount,
      label:
        typeof label === 'string'
          ? { column: label, fraud: new Set(['1', 'true']) }
          : { column: label.column, fraud: new Set(label.fraud) },
    },
    features: features.map(({ id, keyedBy, formula }) => ({ id, keyType: KEYS[keyedBy], formula, ...checked(id, formula) })),
  };
}

function checked(id: string, formula: string): Pick<MappedFeature, 'ast' | 'type'> {
  try {
    const ast = parseFormula(formula);
    const type = checkFormula(ast, { schema: languageSchema, source: formula, triggers: [PAYMENT] });
    if (type.kind !== 'number' && type.kind !== 'boolean')
      throw errors.formulaInvalid({ feature: id, reason: 'it is neither a number nor true or false' });
    return { ast, type };
  } catch (error) {
    if (error instanceof LanguageError) throw errors.formulaInvalid({ feature: id, reason: formatError(formula, error) }, error);
    throw error;
  }
}
