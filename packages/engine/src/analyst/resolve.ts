import { languageSchema, type Feature, type Trigger } from '@skyeye/catalogue';
import { diagnoseFormula, needsOf, streamsOf, type Expression, type LanguageError, type Type } from '@skyeye/language';

/** An ad-hoc formula, read and checked. */
export interface Formula {
  readonly ast: Expression;
  readonly type: Type;
  readonly triggers: readonly Trigger[];
}

/**
 * Reads a formula that is no feature. It is evaluated at every event of the streams it reads, or of those that have the
 * fields of the current event it asks for.
 * @param on streams whose events evaluate it, instead
 * @param keyType kind of key, as the catalogue names it; not looked at when absent
 */
export function readFormula(
  source: string,
  on?: readonly string[],
  keyType?: string,
): { readonly formula: Formula | null; readonly errors: readonly LanguageError[] } {
  const keyed = keyType === undefined ? {} : { keyType };
  const first = diagnoseFormula(source, { schema: languageSchema, ...keyed, ...(on === undefined ? {} : { triggers: on }) });
  if (first.ast === null || first.type === null) return { formula: null, errors: first.errors };
  const names = on ?? triggersFor(first.ast);
  const { ast, type, errors } = diagnoseFormula(source, { schema: languageSchema, triggers: names, ...keyed });
  if (ast === null || type === null) return { formula: null, errors };
  const streams = new Set(names.flatMap((name) => streamsOf(languageSchema, name) ?? []));
  return { formula: { ast, type, triggers: [...streams].map((stream) => ({ stream, dir: null })) }, errors };
}

function triggersFor(ast: Expression): readonly string[] {
  const { streams, currentFields } = needsOf(ast);
  const has = (name: string): boolean =>
    (streamsOf(languageSchema, name) ?? []).every((stream) =>
      [...currentFields].every((field) => Object.hasOwn(languageSchema.streams[stream] ?? {}, field)),
    );
  const read = [...streams].filter(has);
  return read.length > 0 ? read : Object.keys(languageSchema.streams).filter(has);
}

/** The feature with another formula. */
export function withFormula(
  feature: Feature,
  source: string,
): { readonly feature: Feature | null; readonly errors: readonly LanguageError[] } {
  const triggers = feature.triggers.map(({ stream }) => stream);
  const { ast, type, errors } = diagnoseFormula(source, { schema: languageSchema, triggers, keyType: feature.keyedBy });
  return ast === null || type === null
    ? { feature: null, errors }
    : { feature: { ...feature, formula: source, ast, valueType: type }, errors };
}
