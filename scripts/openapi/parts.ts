/**
 * Stands for everything a service is built from, but for what is given: routes are only listed here, never called, and
 * listing them asks their parts for nothing but more parts.
 */
export function anyParts<T>(given: Partial<T> = {}): T {
  const part: unknown = new Proxy(() => part, {
    get: (_target, name) => (name === Symbol.toPrimitive ? () => 'part' : part),
    apply: () => part,
  });
  return new Proxy(given, { get: (target, name) => (name in target ? target[name as keyof T] : part) }) as T;
}
