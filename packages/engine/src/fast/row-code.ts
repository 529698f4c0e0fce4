import type { StreamEvent } from '@skyeye/contracts';
import type { Dictionary } from './dictionary.ts';
import { cellOf, filterCode } from './filter-code.ts';
import { HEAD_UNITS, type Column, type Layout } from './layout.ts';
import type { Slabs } from './slabs.ts';

/** Makes a function out of source text that this package has written itself: no part of it comes from an event. */
export function compiled<T>(parameters: readonly string[], body: string): T {
  // Generated once per plan: closures over the tree were measured at a fifth of the speed.
  // oxlint-disable-next-line eslint/no-new-func, typescript/no-implied-eval -- the text is made of the catalogue's checked trees
  return new Function(...parameters, body) as T;
}

/** Fields first, bits after the stamps are in. */
export interface RowWriter {
  readonly fields: (slabs: Slabs, row: number, event: StreamEvent) => void;
  readonly bits: (slabs: Slabs, row: number) => void;
}

export function rowWriter(layout: Layout, dictionary: Dictionary): RowWriter {
  const fields: string[] = [];
  const bits: string[] = [];
  const local = new Map<string, string>();
  for (const column of layout.columns.values()) {
    const name = `c${local.size}`;
    const { code } = cellOf(column, 'row');
    local.set(column.name, name);
    fields.push(`v=event[${JSON.stringify(column.name)}];`);
    if (column.kind === 'number') fields.push(`${code}=typeof v==='number'?v:NaN;`);
    else if (column.kind === 'bool') fields.push(`${code}=v===true?1:v===false?0:-1;`);
    else fields.push(`${code}=typeof v==='string'?D.code(v):-1;`);
  }
  const used = new Set<string>();
  const words: string[][] = Array.from({ length: layout.words }, () => []);
  const own = (column: Column): string => {
    used.add(column.name);
    return local.get(column.name) ?? 'NaN';
  };
  for (const { filter, bit } of layout.filters.values()) {
    const code = filterCode(filter, layout, { own, current: () => null, previous: () => null }, dictionary);
    words[bit >>> 5]?.push(`(${code.yes}?${1 << (bit & 31)}:0)`);
  }
  for (const name of used) bits.push(`const ${local.get(name)}=${cellOf(layout.columns.get(name) as Column, 'row').code};`);
  for (const [index, of] of words.entries()) bits.push(`i32[row*2+${HEAD_UNITS * 2 + index}]=${of.join('|')};`);
  const body = `"use strict";return {fields(S,row,event){const f64=S.f64,i32=S.i32;let v;${fields.join('')}},bits(S,row){const f64=S.f64,i32=S.i32;${bits.join('')}}};`;
  return compiled<(dictionary: Dictionary) => RowWriter>(['D'], body)(dictionary);
}
