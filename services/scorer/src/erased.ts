/** Any value with every text that is one of some keys replaced: what others remember of it stays, without saying who. */
export function erased<T>(value: T, keys: ReadonlySet<string>): T {
  const replaced = (inner: unknown): unknown => {
    if (typeof inner === 'string') return keys.has(inner) ? 'erased' : inner;
    if (Array.isArray(inner)) return inner.map(replaced);
    if (inner instanceof Map) return new Map([...inner].map(([key, of]) => [replaced(key), replaced(of)]));
    if (inner instanceof Set) return new Set([...inner].map(replaced));
    if (inner === null || typeof inner !== 'object' || ArrayBuffer.isView(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, of]) => [keys.has(name) ? 'erased' : name, replaced(of)]));
  };
  return replaced(value) as T;
}
