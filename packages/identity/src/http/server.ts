import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import { randomUUID } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import type { Problem } from '@skyeye/contracts';
import type { Telemetry } from '@skyeye/telemetry';
import { errors } from '../errors.ts';
import type { Sessions } from '../session.ts';
import { guard } from './guard.ts';
import { readJson } from './json.ts';
import { operationRoutes } from './operations.ts';
import { problemBody, problemOf, problems } from './problem.ts';
import { HANDLED, type Route } from './route.ts';
import { HTTP_LIMITS, logEvents, metricEntries } from './tables.ts';
import { prepareWeb, webRoute } from './web.ts';

export interface HttpOptions {
  readonly telemetry: Telemetry;
  readonly routes: readonly Route[];
  /** Null for a service without people, e.g. the bank's. */
  readonly sessions: Sessions | null;
  /** One per service: browsers share cookies between the ports of a host. */
  readonly cookieName: string;
  /** Host names that are answered, without port; null for all. A server on loopback answers LOOPBACK_HOSTS only. */
  readonly hosts?: readonly string[] | null;
  /** Body bytes at most; 64 kB unless a service has a reason. */
  readonly bodyBytes?: number;
  /** Whether `X-Forwarded-*` of a proxy in front is believed: a list of its addresses. */
  readonly trustProxy?: readonly string[];
  /** Folder of the built web application; null or left out for a service without one. */
  readonly webFolder?: string | null;
  /** Shorter limits for tests. */
  readonly limits?: { readonly headersMs?: number; readonly checkEveryMs?: number };
}

export const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

const CONTENT_SECURITY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self' blob:",
  "manifest-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), payment=(), geolocation=(self)',
};

/**
 * The HTTP side that every service has: the routes of its table and nothing else, bodies by contract, refusals as
 * problems, limits of time and size, `/health`, `/ready` and `/metrics`. Listen with `app.listen`, stop with `app.close`.
 */
export async function createHttp({
  telemetry,
  routes,
  sessions,
  cookieName,
  hosts = null,
  bodyBytes = HTTP_LIMITS.bodyBytes,
  trustProxy,
  webFolder = null,
  limits = {},
}: HttpOptions): Promise<FastifyInstance> {
  const log = telemetry.log(logEvents);
  const metrics = telemetry.metrics(metricEntries);
  const app = fastify({
    logger: false,
    bodyLimit: bodyBytes,
    connectionTimeout: HTTP_LIMITS.idleMs,
    requestTimeout: HTTP_LIMITS.requestMs,
    keepAliveTimeout: HTTP_LIMITS.keepAliveMs,
    maxRequestsPerSocket: 10_000,
    forceCloseConnections: true,
    return503OnClosing: true,
    trustProxy: trustProxy === undefined ? false : [...trustProxy],
    routerOptions: { maxParamLength: HTTP_LIMITS.urlParamChars, ignoreTrailingSlash: false },
    exposeHeadRoutes: false,
    genReqId: () => randomUUID(),
    http: {
      headersTimeout: limits.headersMs ?? HTTP_LIMITS.headersMs,
      connectionsCheckingInterval: limits.checkEveryMs ?? HTTP_LIMITS.checkEveryMs,
      maxHeaderSize: HTTP_LIMITS.headerBytes,
    },
  });
  app.server.maxConnections = HTTP_LIMITS.connections;

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, readJson(body as Buffer));
    } catch (error) {
      done(problemOf(error));
    }
  });
  await app.register(cookie);
  guard(app, { sessions, cookieName, hosts });
  await app.register(rateLimit, {
    global: true,
    hook: 'preParsing',
    cache: 10_000,
    max: (request) => request.routeOptions.config.row?.perMinute ?? 60,
    timeWindow: 60_000,
    keyGenerator: (request) => `${request.routeOptions.url ?? ''} ${request.method} ${request.session?.account ?? request.ip}`,
    errorResponseBuilder: (_request, { ttl }) => problems.tooMany(ttl),
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
  });

  app.addHook('onSend', (request, reply, payload, done) => {
    for (const [name, value] of Object.entries(HEADERS)) reply.header(name, value);
    reply.header('x-request-id', request.id);
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    done(null, payload);
  });
  app.addHook('onResponse', (_request, reply, done) => {
    metrics.requests.add(1, { class: `${Math.floor(reply.statusCode / 100)}xx` as '2xx' });
    if (!String(reply.raw.getHeader('content-type')).startsWith('text/event-stream')) metrics.durationMs.observe(reply.elapsedTime);
    done();
  });

  const fail = (error: unknown, requestId: string, path: string | undefined, reply: FastifyReply): void => {
    const problem = problemOf(error);
    const facts = { requestId, route: path ?? 'none', code: problem.code };
    if (problem.status >= 500) log.RequestFailed(facts, problem.cause ?? problem);
    else log.RequestRefused(facts);
    if (problem.retryAfterMs !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(problem.retryAfterMs / 1000))));
    reply
      .status(problem.status)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(problemBody(problem, requestId)));
  };
  app.setErrorHandler((error, request, reply) => fail(error, request.id, request.routeOptions.url, reply));
  app.setNotFoundHandler((request, reply) => fail(problems.notFound(), request.id, undefined, reply));

  const listed = new Set<string>();
  if (webFolder !== null) await prepareWeb(app, webFolder);
  for (const row of [...operationRoutes(telemetry), ...routes, ...(webFolder === null ? [] : [webRoute(webFolder)])]) {
    const key = `${row.method} ${row.path}`;
    if (listed.has(key)) throw errors.routeTwice({ route: key });
    listed.add(key);
    register(app, row);
  }
  return app;
}

function register(app: FastifyInstance, row: Route): void {
  app.route({
    method: row.method,
    url: row.path,
    config: { row },
    handler: async (request, reply) => {
      if (row.body !== undefined && request.body === undefined)
        throw request.headers['content-type'] === undefined ? problems.notJson() : problems.badJson();
      const result = await row.handle({
        params: parse(row.params, request.params, 'path'),
        query: parse(row.query, request.query, 'query'),
        body: parse(row.body, request.body, 'body'),
        headers: parse(row.headers, request.headers, 'header'),
        session: request.session,
        request,
        reply,
      });
      if (result === HANDLED) return reply;
      if (result === undefined) return reply.status(204).send();
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(result));
    },
  });
}

function parse(schema: Route['body'], value: unknown, place: string): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const details: Problem['details'] = parsed.error.issues
    .slice(0, 10)
    .map(({ path, message }) => ({ path: [place, ...path].map(String).join('.').slice(0, 200), message: message.slice(0, 200) }));
  throw problems.invalid(details);
}
