import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appendToList, camel, isKebab, refused, type Result } from './result.ts';

/** Where a service's routes lie; /api where it is not said. */
const PREFIXES: Readonly<Record<string, string>> = { 'bank-gateway': '/v1' };

const route = (prefix: string, noun: string, verb: string, name: string): string => `import { z } from 'zod';
import { route, who, type Route } from '@skyeye/identity';

/** Says what the caller gets, what it changes, and what it refuses. */
export function ${name}(): Route {
  return route(
    {
      method: 'POST',
      path: '${prefix}/${noun}/:id/${verb}',
      says: '${verb} of ${noun}',
      // Nobody may call it until the roles are stated.
      access: [],
      perMinute: 60,
      audit: '${noun.replaceAll('-', '_')}_${verb.replaceAll('-', '_')}',
      params: z.object({ id: z.string().min(1).max(64) }),
      body: z.object({}),
    },
    ({ params, session }) => ({ id: params.id, by: who(session).account }),
  );
}
`;

const firstTest = (verb: string, name: string): string => `import { expect, test } from 'vitest';
import { ${name} } from './${verb}.ts';

test('states who may call it', () => {
  expect(${name}().access).not.toHaveLength(0);
});
`;

/** Writes a route with its first failing test and names it in the service's list of routes. */
export function newRoute(root: string, [service = '', noun = '', verb = '']: readonly string[]): Result {
  // A list that is there is read by its service; one made here would be read by nobody.
  const services = globSync('services/*/src/routes/index.ts', { cwd: root }).map((path) => path.split('/')[1] ?? '');
  if (!services.includes(service))
    return refused(`no service "${service}" has a list of routes; these have: ${services.toSorted().join(', ')}`);
  const wrong = [noun, verb].find((name) => !isKebab(name));
  if (wrong !== undefined) return refused(`"${wrong}" is not a name for a file: small letters and digits, parts joined by -`);
  const folder = `services/${service}/src/routes`;
  const file = `${folder}/${noun}/${verb}.ts`;
  if (existsSync(join(root, file))) return refused(`${file} is there already`);
  const name = camel(`${verb}-${noun}`);
  const indexFile = `${folder}/index.ts`;
  const before = readFileSync(join(root, indexFile), 'utf8');
  const index = appendToList(before, /routes\b[^;]*?(?:=>|return)\s*\[[^\]]*(?=\])/, `${name}()`);
  if (index === undefined)
    return refused(`no list of routes was found in ${indexFile}; it has to be a function "routes" that gives an array`);
  mkdirSync(join(root, folder, noun), { recursive: true });
  writeFileSync(join(root, file), route(PREFIXES[service] ?? '/api', noun, verb, name));
  writeFileSync(join(root, `${folder}/${noun}/${verb}.test.ts`), firstTest(verb, name));
  writeFileSync(join(root, indexFile), `import { ${name} } from './${noun}/${verb}.ts';\n${index}`);
  return {
    kind: 'written',
    written: [file, `${folder}/${noun}/${verb}.test.ts`, indexFile],
    next: `State its roles, its body (in contracts), its reply (in scripts/openapi/services.ts) and what it does, then: pnpm contracts; pnpm test:unit ${folder}/${noun}`,
  };
}
