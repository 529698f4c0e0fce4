import { readFileSync } from 'node:fs';
import { COMMON_FIELDS, DIMS, SOURCES, STREAM_ALIASES, STREAM_NAMES, type StreamEvent } from '@skyeye/contracts';
import { checkFormula, Compiler, parseFire, parseFormula, streamsOf, type Evaluate, type FieldType, type FireCondition, type Schema, type Type } from '@skyeye/language';

const UNITS: Readonly<Record<string, string>> = { d: 'day' };

function fieldType(field: { readonly type: FieldType['type']; readonly unit?: string; readonly values?: readonly string[] }): FieldType {
  const unit = field.unit === undefined ? undefined : (UNITS[field.unit] ?? field.unit);
  return { type: field.type, ...(unit === undefined ? {} : { unit }), ...(field.values === undefined ? {} : { values: field.values }) };
}

/** The contracts' streams as the language sees them. */
export const SCHEMA: Schema = {
  streams: Object.fromEntries(
    STREAM_NAMES.map((stream) => [
      stream,
      Object.fromEntries([
        ['id', { type: 'id' } as const],
        ['t', { type: 'ms' } as const],
        ...Object.entries({ ...COMMON_FIELDS, ...SOURCES[stream].fields }).map(([name, field]) => [name, fieldType(field)] as const),
      ]),
    ]),
  ),
  aliases: STREAM_ALIASES,
  dims: Object.fromEntries(Object.entries(DIMS).map(([name, field]) => [name, fieldType(field)])),
  gated: new Set(STREAM_NAMES.filter((stream) => SOURCES[stream].coverageGated)),
};

export interface CompiledFeature {
  readonly id: string;
  readonly keyType: string;
  readonly type: Type;
  readonly evaluate: Evaluate;
  readonly fires: FireCondition;
  /** Stream, and `dir=…` where the trigger names one. */
  readonly triggers: readonly { readonly stream: string; readonly dir: string | null }[];
}

interface Row {
  readonly id: string;
  readonly entityKey: string;
  readonly trigger: string;
  readonly formula: string;
  readonly fire: string;
}

const compiler = new Compiler(SCHEMA);
const FEATURES = (JSON.parse(readFileSync(new URL('../../../language/src/testing/features.json', import.meta.url), 'utf8')) as Row[]).map(compiled);

function compiled(row: Row): CompiledFeature {
  const triggers = row.trigger.split(';').flatMap((trigger) => {
    const match = /^(\w+)(?:\[dir=(\w+)\])?$/.exec(trigger);
    return match === null ? [] : (streamsOf(SCHEMA, match[1] ?? '') ?? []).map((stream) => ({ stream, dir: match[2] ?? null }));
  });
  const ast = parseFormula(row.formula);
  const type = checkFormula(ast, { schema: SCHEMA, source: row.formula, triggers: triggers.map(({ stream }) => stream) });
  return { id: row.id, keyType: row.entityKey, type, evaluate: compiler.compile(ast), fires: parseFire(row.fire), triggers };
}

/** Features that an event triggers, in catalogue order. */
export function triggeredBy(event: StreamEvent): CompiledFeature[] {
  return FEATURES.filter(({ triggers }) => triggers.some(({ stream, dir }) => stream === event.stream && (dir === null || dir === event['dir'])));
}
