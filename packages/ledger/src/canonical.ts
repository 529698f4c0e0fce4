import { createHash } from 'node:crypto';

/** JSON with sorted keys and nothing left to taste: the same value is always the same bytes. Undefined fields are left out. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}

/** SM3 (GB/T 32905) as 64 hex digits. */
export const sm3 = (text: string): string => createHash('sm3').update(text).digest('hex');

/** Hash of a body, to tell a repeated request from another one under the same id. */
export const bodyHash = (body: unknown): string => sm3(canonicalJson(body));
