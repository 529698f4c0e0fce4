import { needsOf, type NeedName } from './needs.ts';

/** Which part of the suite is run. */
export type Part = 'all' | 'unit' | 'services' | 'e2e';

export interface Plan {
  /** Files that need nothing, or only what npm brings: run side by side. */
  readonly unit: readonly string[];
  /** Files that start servers or a browser: one after the other, so that they do not take each other's time. */
  readonly services: readonly string[];
  readonly leftOut: readonly { readonly file: string; readonly missing: readonly NeedName[] }[];
}

const isEndToEnd = (file: string): boolean => file.startsWith('test/') && needsOf(file).length > 0;

/** Sorts test files by what they need and by what is there. */
export function planTests(files: readonly string[], has: (name: NeedName) => boolean, part: Part = 'all'): Plan {
  const wanted = files.filter((file) => {
    if (part === 'all') return true;
    if (part === 'e2e') return isEndToEnd(file);
    return part === 'unit' ? needsOf(file).length === 0 : needsOf(file).length > 0 && !isEndToEnd(file);
  });
  const missingOf = (file: string): readonly NeedName[] => needsOf(file).filter((name) => !has(name));
  const runnable = wanted.filter((file) => missingOf(file).length === 0);
  return {
    unit: runnable.filter((file) => needsOf(file).length === 0),
    services: runnable.filter((file) => needsOf(file).length > 0),
    leftOut: wanted.flatMap((file) => (missingOf(file).length > 0 ? [{ file, missing: missingOf(file) }] : [])),
  };
}
