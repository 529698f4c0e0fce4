import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Role } from '@skyeye/contracts';
import type { z } from 'zod';
import type { Session } from '../session.ts';

/** Who may call a route. `public`: anybody; `local`: anybody on this machine, else the operator; `key`: a bank by its API key. */
export type Access = 'public' | 'local' | 'key' | readonly Role[];

/** What the route table says of a route. A route without such a row cannot be reached. */
export interface RouteRow {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly says: string;
  readonly access: Access;
  /** Requests of one account (or address) per minute. */
  readonly perMinute: number;
  /** Kind of the audit entry that a success leaves; null for a route that changes and discloses nothing. */
  readonly audit: string | null;
}

export interface Handled<P, Q, B, H> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly headers: H;
  /** Who is signed in: the caller of a route with roles, null on a public one without a session. */
  readonly session: Session | null;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A row with its schemas and its handler. What the handler returns is the body; undefined is 204, `HANDLED` a reply already sent. */
export interface Route extends RouteRow {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Headers that the route needs besides the usual ones; names in lower case. */
  readonly headers?: z.ZodType;
  readonly handle: (handled: Handled<unknown, unknown, unknown, unknown>) => unknown;
}

export const HANDLED = Symbol('the reply was sent by the handler');

interface Schemas<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, H extends z.ZodType> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly headers?: H;
}

/** One route: its row, its schemas, and a handler that gets what the schemas made of the request. */
export function route<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  H extends z.ZodType = z.ZodUndefined,
>(row: RouteRow & Schemas<P, Q, B, H>, handle: (handled: Handled<z.output<P>, z.output<Q>, z.output<B>, z.output<H>>) => unknown): Route {
  return { ...row, handle: handle as Route['handle'] };
}

/** The session of a route that only signed-in roles reach. */
export function who(session: Session | null): Session {
  if (session === null) throw new Error('a route with roles was reached without a session');
  return session;
}

/** The rows of routes, for documents and for the test that walks them. */
export function routeTable(routes: readonly Route[]): readonly RouteRow[] {
  return routes.map(({ method, path, says, access, perMinute, audit }) => ({ method, path, says, access, perMinute, audit }));
}
