import { COMMON_FIELDS, DIMS, SOURCES, STREAM_ALIASES, type Field } from '@skyeye/contracts';
import type { FieldType, Schema } from '@skyeye/language';

/** Units of the contracts under the names the language gives them. */
const UNITS: Readonly<Record<string, string>> = { d: 'day' };

function fieldType(field: Pick<Field, 'type'> & { readonly unit?: string; readonly values?: readonly string[] }): FieldType {
  const unit = field.unit === undefined ? undefined : (UNITS[field.unit] ?? field.unit);
  return { type: field.type, ...(field.values === undefined ? {} : { values: field.values }), ...(unit === undefined ? {} : { unit }) };
}

const fieldsOf = (fields: Readonly<Record<string, Field>>): Record<string, FieldType> =>
  Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fieldType(field)]));

/** The 19 streams, the aliases and the attributes of the contracts, as the feature language takes them. */
export const languageSchema: Schema = {
  streams: Object.fromEntries(
    Object.values(SOURCES).map((source) => [
      source.stream,
      { id: { type: 'id' } as const, t: { type: 'ms' } as const, ...fieldsOf(COMMON_FIELDS), ...fieldsOf(source.fields) },
    ]),
  ),
  aliases: STREAM_ALIASES,
  dims: Object.fromEntries(Object.entries(DIMS).map(([name, dim]) => [name, fieldType(dim)])),
  gated: new Set(Object.values(SOURCES).flatMap((source) => (source.coverageGated ? [source.stream] : []))),
};
