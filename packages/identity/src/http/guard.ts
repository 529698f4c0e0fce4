import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Role } from '@skyeye/contracts';
import { errors } from '../errors.ts';
import type { Session, Sessions } from '../session.ts';
import { problems } from './problem.ts';
import type { Access, RouteRow } from './route.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Row of the route table. */
    row?: RouteRow;
  }
  interface FastifyRequest {
    session: Session | null;
    sessionId: string | null;
  }
}

export interface GuardOptions {
  readonly sessions: Sessions | null;
  readonly cookieName: string;
  /** Host names under which the server answers, without port; null for all. */
  readonly hosts: readonly string[] | null;
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Denies everything that has no row, every other host's and other site's request, and every role that the row does not name. */
export function guard(app: FastifyInstance, { sessions, cookieName, hosts }: GuardOptions): void {
  app.decorateRequest('session', null);
  app.decorateRequest('sessionId', null);
  app.addHook('onRoute', ({ config, method, url }) => {
    const row = (config as { row?: RouteRow } | undefined)?.row;
    if (row === undefined) throw errors.routeUnlisted({ method: String(method), url });
  });
  app.addHook('onRequest', async (request) => {
    if (hosts !== null && !hosts.includes(hostName(request.headers.host ?? ''))) throw problems.otherHost();
    const row = request.routeOptions.config.row;
    if (row === undefined) throw problems.notFound();
    if (!SAFE.has(request.method) && row.access !== 'key') sameSite(request);
    const id = request.cookies[cookieName];
    if (id !== undefined && sessions !== null && needsSession(row.access)) {
      const session = await sessions.find(id);
      request.session = session ?? null;
      request.sessionId = session === undefined ? null : id;
    }
    allow(row.access, request);
  });
}

const needsSession = (access: Access): boolean => access !== 'key';

function allow(access: Access, request: FastifyRequest): void {
  const role: Role | undefined = request.session?.role;
  switch (access) {
    case 'public':
    case 'key':
      // The handler of a `key` route verifies the key itself: it names the bank.
      return;
    case 'local':
      if (role === 'operator' || isLoopback(request)) return;
      throw role === undefined ? problems.notSignedIn() : problems.notAllowed();
    default:
      if (role === undefined) throw problems.notSignedIn();
      if (!access.includes(role)) throw problems.notAllowed();
  }
}

/** A browser names the page that sends; it must be ours, port included. Programs that are no browser name none. */
function sameSite(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw problems.otherSite();
  if (origin === undefined) return;
  const parsed = URL.parse(origin);
  if (parsed === null || host === undefined || parsed.host !== host.toLowerCase()) throw problems.otherSite();
}

/** A proxy on this machine forwards strangers, so a forwarded request is never local. */
function isLoopback(request: FastifyRequest): boolean {
  const address = request.socket.remoteAddress ?? '';
  return (
    request.headers['x-forwarded-for'] === undefined &&
    request.headers['forwarded'] === undefined &&
    /^(?:127\.|::1$|::ffff:127\.)/.test(address)
  );
}

function hostName(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}
