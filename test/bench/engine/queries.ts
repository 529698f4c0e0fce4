import type { StreamEvent } from '@skyeye/contracts';
import type { Filter, PlainFeature } from './plain-features.ts';

type ColumnType = 'string' | 'number' | 'boolean';

/** A stream as a table: its columns with their types. The key's field is a column, too. */
export interface Table {
  readonly name: string;
  readonly streams: readonly string[];
  readonly columns: ReadonlyMap<string, ColumnType>;
}

/** Features of one table, key and window: one statement computes them together, which is the best that EPL and SQL offer. */
export interface Statement {
  readonly table: Table;
  readonly key: string;
  readonly windowMs: number;
  readonly features: readonly PlainFeature[];
}

function filterColumns(filter: Filter | null): readonly [string, ColumnType][] {
  if (filter === null) return [];
  switch (filter.kind) {
    case 'and':
    case 'or':
      return [...filterColumns(filter.left), ...filterColumns(filter.right)];
    case 'not':
      return filterColumns(filter.operand);
    case 'truth':
      return [[filter.field, 'boolean']];
    case 'member':
      return [[filter.field, typeof filter.members[0] as ColumnType]];
    case 'compare':
      return [[filter.field, typeof (filter.right as { readonly value: unknown }).value as ColumnType]];
  }
}

export function tablesOf(features: readonly PlainFeature[]): readonly Table[] {
  const tables = new Map<string, { name: string; streams: readonly string[]; columns: Map<string, ColumnType> }>();
  for (const feature of features) {
    const table = tables.get(feature.stream) ?? { name: `s_${feature.stream}`, streams: feature.streams, columns: new Map() };
    tables.set(feature.stream, table);
    table.columns.set(feature.key, 'string');
    for (const [field, type] of filterColumns(feature.filter)) table.columns.set(field, type);
    if (feature.column !== null && !table.columns.has(feature.column))
      table.columns.set(feature.column, feature.function === 'distinct' ? 'string' : 'number');
  }
  return [...tables.values()];
}

export function statementsOf(features: readonly PlainFeature[]): readonly Statement[] {
  const tables = tablesOf(features);
  const groups = Map.groupBy(features, ({ stream, key, windowMs }) => `${stream} ${key} ${windowMs}`);
  return [...groups.values()].map((group) => {
    const first = group[0] as PlainFeature;
    const table = tables.find(({ name }) => name === `s_${first.stream}`) as Table;
    return { table, key: first.key, windowMs: first.windowMs, features: group };
  });
}

const literal = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value));

/** A filter as EPL and SQL both write it. */
function condition(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return `(${condition(filter.left)} ${filter.kind} ${condition(filter.right)})`;
    case 'not':
      return `(not ${condition(filter.operand)})`;
    case 'truth':
      return `(f_${filter.field} = true)`;
    case 'member':
      return `(f_${filter.field} in (${filter.members.map(literal).join(', ')}))`;
    case 'compare': {
      const operator = filter.operator === '==' ? '=' : filter.operator === '!=' ? '<>' : filter.operator;
      return `(f_${filter.field} ${operator} ${literal((filter.right as { readonly value: unknown }).value)})`;
    }
  }
}

/** Esper: aggregates with a filter of their own over one time window, grouped by the key. */
export function epl({ table, key, windowMs, features }: Statement): string {
  const aggregates = features.map((feature) => {
    const filter = feature.filter === null ? '' : `, filter: ${condition(feature.filter)}`;
    const column = `f_${feature.column}`;
    switch (feature.function) {
      case 'count':
      case 'exists':
        return `count(*${filter})`;
      case 'distinct':
        return `count(distinct ${column}${filter})`;
      default:
        return `${feature.function}(${column}${filter})`;
    }
  });
  const named = aggregates.map((text, index) => `${text} as a${index}`).join(', ');
  return `select f_${key}, ${named} from ${table.name}(f_${key} is not null)#time(${windowMs / 1000} seconds) group by f_${key}`;
}

const DAY_MS = 86_400_000;

/** Flink: OVER windows. Theirs include the start, ours does not: a millisecond shorter. */
export function sql({ table, key, windowMs, features }: Statement): string {
  const aggregates = features.map((feature) => {
    const when = (then: string): string =>
      feature.filter === null
        ? then
        : `case when ${condition(feature.filter)} then ${then} else cast(null as ${then === '1' ? 'int' : feature.function === 'distinct' ? 'string' : 'double'}) end`;
    const column = `f_${feature.column}`;
    switch (feature.function) {
      case 'count':
      case 'exists':
        return `count(${when('1')}) over w`;
      case 'distinct':
        return `count(distinct ${when(column)}) over w`;
      default:
        return `${feature.function}(${when(column)}) over w`;
    }
  });
  const shorter = windowMs - 1;
  const clock = new Date(shorter % DAY_MS).toISOString().slice(11, 23);
  const range = `interval '${Math.floor(shorter / DAY_MS)} ${clock}' day(3) to second(3) preceding`;
  return `select n, f_${key}, ${aggregates.join(', ')} from ${table.name} where f_${key} is not null window w as (partition by f_${key} order by rt range between ${range} and current row)`;
}

/** What the Java programs read: `table`, `statement` and `event` lines, tab-separated; an event's null is \N. */
export function javaInput(features: readonly PlainFeature[], events: readonly StreamEvent[], write: (line: string) => void): void {
  const tables = tablesOf(features);
  for (const table of tables) write(`table\t${table.name}\t${[...table.columns].map(([name, type]) => `f_${name}:${type}`).join('\t')}`);
  for (const statement of statementsOf(features))
    write(`statement\t${statement.table.name}\tf_${statement.key}\t${epl(statement)}\t${sql(statement)}`);
  events.forEach((event, number) => {
    const index = tables.findIndex(({ streams }) => streams.includes(event.stream));
    if (index < 0) return;
    const cells = [...(tables[index] as Table).columns.keys()].map((name) => {
      const value = event[name];
      return value === null || value === undefined ? '\\N' : String(value);
    });
    write(`event\t${index}\t${number}\t${event.t}\t${cells.join('\t')}`);
  });
}
