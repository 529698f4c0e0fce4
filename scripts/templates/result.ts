/** What `pnpm new` did: the files it wrote or changed and what the author does next, or why it did nothing. */
export type Result =
  | { readonly kind: 'written'; readonly written: readonly string[]; readonly next: string }
  | { readonly kind: 'refused'; readonly reason: string };

export const refused = (reason: string): Result => ({ kind: 'refused', reason });

/** `call-result` → `callResult`. */
export const camel = (kebab: string): string => kebab.replaceAll(/-(\w)/g, (_match, letter: string) => letter.toUpperCase());

export const isKebab = (name: string): boolean => /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name);

/**
 * Puts an item at the end of the list that a pattern finds (the pattern matches from the list's start to just before its
 * closing bracket). Undefined when the text has no such list.
 */
export function appendToList(text: string, list: RegExp, item: string): string | undefined {
  const match = list.exec(text);
  if (match === null) return undefined;
  const body = match[0].trimEnd().replace(/,$/, '');
  const separator = /[[{(]$/.test(body) ? ' ' : ', ';
  return `${text.slice(0, match.index)}${body}${separator}${item}${text.slice(match.index + match[0].trimEnd().length).replace(/^,/, '')}`;
}
