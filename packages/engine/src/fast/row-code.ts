import type { StreamEvent } from '@skyeye/contracts';
import type { Dictionary } from './dictionary.ts';
import { cellOf, filterCode } from './filter-code.ts';
import { HEAD_UNITS, type Layout } from './layout.ts';
import type { Slabs } from './slabs.ts';

/** Writes the fields and predicate bits of an event into a reserved row. The head is the caller's. */
export type WriteRow = (slabs: Slabs, row: number, event: StreamEvent) => void;

/** Makes a function out of source text that this package has written itself: no part of it comes from an event. */
export function compiled<T>(parameters: readonly string[], body: string): T {
  // Generated once per plan: closures over the tree were measured at a fifth of the speed.
  // oxlint-disable-next-line eslint/no-new-func, typescript/no-implied-eval -- the text is made of the catalogue's checked trees
  return new Function(...parameters, body) as T;
}

export function rowWriter(layout: Layout, dictionary: Dictionary): WriteRow {
  const lines: string[] = ['"use strict";return function(S,row,event){const f64=S.f64,i32=S.i32;let v;'];
  const local = new Map<string, string>();
  let count = 0;
  for (const column of layout.columns.values()) {
    const name = `c${count++}`;
    local.set(column.name, name);
    lines.push(`v=event[${JSON.stringify(column.name)}];`);
    if (column.kind === 'number') lines.push(`const ${name}=typeof v==='number'?v:NaN;`);
    else if (column.kind === 'bool') lines.push(`const ${name}=v===true?1:v===false?0:-1;`);
    else lines.push(`const ${name}=typeof v==='string'?D.code(v):-1;`);
    lines.push(`${cellOf(column, 'row').code}=${name};`);
  }
  const words: string[][] = Array.from({ length: layout.words }, () => []);
  for (const { filter, bit } of layout.filters.values()) {
    const code = filterCode(
      filter,
      layout,
      { own: (column) => local.get(column.name) ?? 'NaN', current: () => null, previous: () => null },
      dictionary,
    );
    words[bit >>> 5]?.push(`(${code.yes}?${1 << (bit & 31)}:0)`);
  }
  for (const [index, bits] of words.entries()) lines.push(`i32[row*2+${HEAD_UNITS * 2 + index}]=${bits.join('|')};`);
  lines.push('};');
  return compiled<(dictionary: Dictionary) => WriteRow>(['D'], lines.join('\n'))(dictionary);
}
