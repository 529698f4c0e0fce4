import type { Reference, StreamEvent } from '@skyeye/contracts';

/** Words that are not names of anybody: they stay the same in every copy. */
const SAME: ReadonlySet<string> = new Set([
  'stream',
  'kind',
  'cell',
  'region',
  'peer_region',
  'ip_region',
  'to_region',
  'peer_bank',
  'bank',
  'tool',
  'pkg',
  'lender',
]);
/** Names are long or have a digit; the words of an enumeration have neither. */
const isName = (text: string): boolean => /\d/.test(text) && text.length > 2;

/** The same thing of another county: everybody in it has another name. */
export function copyOf<T extends StreamEvent | Reference>(one: T, copy: number): T {
  return (copy === 0 ? one : renamed(one, `~${copy}`)) as T;
}

function renamed(value: unknown, suffix: string, field = ''): unknown {
  if (typeof value === 'string') return !SAME.has(field) && isName(value) ? value + suffix : value;
  if (Array.isArray(value)) return value.map((item) => renamed(item, suffix, field));
  if (value === null || typeof value !== 'object') return value;
  const out: Record<string, unknown> = {};
  for (const name in value) out[name] = renamed((value as Record<string, unknown>)[name], suffix, name);
  return out;
}
