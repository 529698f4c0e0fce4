import { assert } from '@skyeye/foundation';
import type { Filter } from '@skyeye/language';
import type { Column, Layout } from './layout.ts';
import type { Dictionary } from './dictionary.ts';

/** How the code of a filter names the rows it looks at, and the fields of the current and the previous event. */
export interface RowNames {
  /** Expression of a field of the event itself, as it lies in the row. */
  readonly own: (column: Column) => string;
  readonly current: (field: string) => Cell | null;
  readonly previous: (field: string) => Cell | null;
}

/** An expression with the kind of cell it reads; numbers are NaN and others negative when not known. */
export interface Cell {
  readonly code: string;
  readonly kind: Column['kind'];
}

/** Where a column lies, given the name of the row. */
export function cellOf(column: Column, row: string): Cell {
  return { kind: column.kind, code: column.kind === 'number' ? `f64[${row}+${column.at}]` : `i32[${row}*2+${column.at}]` };
}

const isKnown = ({ code, kind }: Cell): string => (kind === 'number' ? `${code}===${code}` : `${code}>=0`);

/**
 * A filter as two expressions, when it is true and when it is false; where neither holds it is not known (DOMAIN §4.1
 * rule 6). An event passes only where the first holds.
 */
export function filterCode(
  filter: Filter,
  layout: Layout,
  names: RowNames,
  dictionary: Dictionary,
): { readonly yes: string; readonly no: string } {
  const again = (inner: Filter): { readonly yes: string; readonly no: string } => filterCode(inner, layout, names, dictionary);
  switch (filter.kind) {
    case 'and': {
      const [left, right] = [again(filter.left), again(filter.right)];
      return { yes: `(${left.yes}&&${right.yes})`, no: `(${left.no}||${right.no})` };
    }
    case 'or': {
      const [left, right] = [again(filter.left), again(filter.right)];
      return { yes: `(${left.yes}||${right.yes})`, no: `(${left.no}&&${right.no})` };
    }
    case 'not': {
      const { yes, no } = again(filter.operand);
      return { yes: no, no: yes };
    }
    case 'truth': {
      const cell = own(filter.field, layout, names);
      if (cell.kind === 'number') return { yes: `(${isKnown(cell)}&&${cell.code}!==0)`, no: `${cell.code}===0` };
      const empty = cell.kind === 'code' ? dictionary.code('') : 0;
      return { yes: `(${cell.code}>=0&&${cell.code}!==${empty})`, no: `${cell.code}===${empty}` };
    }
    case 'member': {
      const cell = own(filter.field, layout, names);
      const members = filter.members.flatMap((member) => literal(member, cell.kind, dictionary) ?? []);
      const yes = members.length === 0 ? 'false' : `(${members.map((member) => `${cell.code}===${member}`).join('||')})`;
      return { yes, no: `(${isKnown(cell)}&&!${yes})` };
    }
    case 'compare':
      return compareCode(filter, own(filter.field, layout, names), names, dictionary);
  }
}

function own(field: string, layout: Layout, names: RowNames): Cell {
  const column = layout.columns.get(field);
  assert(column !== undefined, `no column ${field}`);
  return { kind: column.kind, code: names.own(column) };
}

function literal(value: string | number | boolean, kind: Column['kind'], dictionary: Dictionary): string | undefined {
  if (kind === 'code') return typeof value === 'string' ? String(dictionary.code(value)) : undefined;
  if (kind === 'bool') return typeof value === 'boolean' ? String(Number(value)) : undefined;
  return typeof value === 'number' ? `(${value})` : undefined;
}

function compareCode(
  filter: Extract<Filter, { kind: 'compare' }>,
  left: Cell,
  names: RowNames,
  dictionary: Dictionary,
): { yes: string; no: string } {
  const { right: value } = filter;
  let right: Cell | null;
  if (value.kind === 'literal') {
    const kind = typeof value.value === 'string' ? 'code' : 'number';
    right = { kind, code: typeof value.value === 'string' ? String(dictionary.code(value.value)) : `(${Number(value.value)})` };
  } else right = value.kind === 'current' ? names.current(value.field) : names.previous(value.field);
  if (right === null) return { yes: 'false', no: 'false' };
  const known = value.kind === 'literal' ? isKnown(left) : `${isKnown(left)}&&${isKnown(right)}`;
  const operator = filter.operator === '==' ? '===' : filter.operator === '!=' ? '!==' : filter.operator;
  if ((left.kind === 'code') !== (right.kind === 'code')) {
    // A word and a number are never equal, and neither comes before the other.
    if (filter.operator === '==') return { yes: 'false', no: `(${known})` };
    return filter.operator === '!=' ? { yes: `(${known})`, no: 'false' } : { yes: 'false', no: 'false' };
  }
  assert(left.kind !== 'code' || filter.operator === '==' || filter.operator === '!=', 'words have no order');
  return { yes: `(${known}&&${left.code}${operator}${right.code})`, no: `(${known}&&!(${left.code}${operator}${right.code}))` };
}
