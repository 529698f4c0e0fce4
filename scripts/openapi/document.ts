import { jsonSchemaOf, problem, type Schema } from '../../packages/contracts/src/index.ts';
import type { Route } from '../../packages/identity/src/index.ts';
import type { DocumentedService } from './services.ts';

type Json = Record<string, unknown>;
type Reply = DocumentedService['replies'][string];

const schemaOf = (schema: Schema, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = jsonSchemaOf(schema, io);
  return rest;
};
const content = (schema: unknown): Json => ({ 'application/json': { schema } });

/** The refusals that a route can answer, by its row. */
function refusals({ access, params, query, body, method }: Route): readonly (readonly [status: string, says: string])[] {
  return [
    ...(params !== undefined || query !== undefined || body !== undefined
      ? [['400', 'does not match its contract; nothing was changed'] as const]
      : []),
    ...(access === 'public' ? [] : [['401', 'no session, or no known key; nothing was changed'] as const]),
    ...(Array.isArray(access) ? [['403', 'the role may not do this; nothing was changed'] as const] : []),
    ...(params === undefined ? [] : [['404', 'not there, or not yours to see'] as const]),
    ...(method === 'GET' || body === undefined
      ? []
      : [['409', 'the same id with another body, a stale version, or a state that does not allow it; nothing was changed'] as const]),
    ...(body === undefined
      ? []
      : [['413', 'the body is larger than 64 kB'] as const, ['415', 'the body must be application/json'] as const]),
    ['429', 'too many requests; Retry-After says when'],
    ['503', 'a part does not answer; send the same again'],
  ];
}

function success(reply: Reply): Json {
  if (reply === null) return { 204: { description: 'done' } };
  if (reply === 'stream')
    return {
      200: {
        description: 'server-sent events; Last-Event-ID resumes without a gap',
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      },
    };
  return { 200: { description: 'done', content: content(schemaOf(reply, 'output')) } };
}

function parametersOf(schema: Schema | undefined, place: 'path' | 'query' | 'header'): readonly Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, type]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: type,
  }));
}

function operation(route: Route, reply: Reply): Json {
  const { says, access, perMinute, audit, params, query, body, headers } = route;
  const parameters = [...parametersOf(params, 'path'), ...parametersOf(query, 'query'), ...parametersOf(headers, 'header')];
  return {
    summary: says,
    description: `Access: ${Array.isArray(access) ? access.join(', ') : String(access)}. At most ${perMinute} a minute. ${audit === null ? 'Leaves no audit entry.' : `Audit: ${audit}.`}`,
    security: access === 'public' ? [] : access === 'key' ? [{ bankKey: [] }] : [{ session: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: content(schemaOf(body, 'input')) } }),
    responses: {
      ...success(reply),
      ...Object.fromEntries(
        refusals(route).map(([status, description]) => [
          status,
          { description, content: content({ $ref: '#/components/schemas/Problem' }) },
        ]),
      ),
    },
  };
}

/** The OpenAPI 3.1 document of one service. @throws Error for a route without a stated reply, and for a reply without a route */
export function openApiOf({ title, says, routes, replies }: DocumentedService, version: string): Json {
  const paths: Record<string, Json> = {};
  const unused = new Set(Object.keys(replies));
  for (const route of routes) {
    const name = `${route.method} ${route.path}`;
    const reply = replies[name];
    if (reply === undefined) throw new Error(`${name} does not say what it replies (scripts/openapi/services.ts)`);
    unused.delete(name);
    const path = route.path.replaceAll(/:([A-Za-z]+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(route, reply);
  }
  if (unused.size > 0) throw new Error(`no such route: ${[...unused].join(', ')} (scripts/openapi/services.ts)`);
  return {
    openapi: '3.1.0',
    info: { title, description: says, version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: {
      schemas: { Problem: schemaOf(problem, 'output') },
      securitySchemes: {
        bankKey: { type: 'apiKey', in: 'header', name: 'x-skyeye-key' },
        session: { type: 'apiKey', in: 'cookie', name: 'session' },
      },
    },
  };
}
