import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appendToList, camel, isKebab, refused, type Result } from './result.ts';

const route = (noun: string, verb: string, name: string): string => `import { z } from 'zod';
import { route, who, type Route } from '@skyeye/identity';

/** Says what the caller gets, what it changes, and what it refuses. */
export function ${name}(): Route {
  return route(
    {
      method: 'POST',
      path: '/api/${noun}/:id/${verb}',
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
  const services = globSync('services/*/package.json', { cwd: root }).map((path) => path.split('/')[1] ?? '');
  if (!services.includes(service)) return refused(`there is no service "${service}"; there are ${services.toSorted().join(', ')}`);
  const wrong = [noun, verb].find((name) => !isKebab(name));
  if (wrong !== undefined) return refused(`"${wrong}" is not a name for a file: small letters and digits, parts joined by -`);
  const folder = `services/${service}/src/routes`;
  const file = `${folder}/${noun}/${verb}.ts`;
  if (existsSync(join(root, file))) return refused(`${file} is there already`);
  const name = camel(`${verb}-${noun}`);
  const indexFile = `${folder}/index.ts`;
  const before = existsSync(join(root, indexFile))
    ? readFileSync(join(root, indexFile), 'utf8')
    : `import type { Route } from '@skyeye/identity';\n\n/** Every route of this service. */\nexport const routes = (): readonly Route[] => [];\n`;
  const index = appendToList(before, /routes\b[^;]*?(?:=>|return)\s*\[[^\]]*(?=\])/, `${name}()`);
  if (index === undefined)
    return refused(`no list of routes was found in ${indexFile}; it has to be a function "routes" that gives an array`);
  mkdirSync(join(root, folder, noun), { recursive: true });
  writeFileSync(join(root, file), route(noun, verb, name));
  writeFileSync(join(root, `${folder}/${noun}/${verb}.test.ts`), firstTest(verb, name));
  writeFileSync(join(root, indexFile), `import { ${name} } from './${noun}/${verb}.ts';\n${index}`);
  return {
    kind: 'written',
    written: [file, `${folder}/${noun}/${verb}.test.ts`, indexFile],
    next: `State its roles, its body (in contracts) and what it does, then: pnpm test:unit ${folder}/${noun}`,
  };
}
