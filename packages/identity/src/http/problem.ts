import { SkyeyeError } from '@skyeye/foundation';
import type { Problem } from '@skyeye/contracts';
import { inWords } from './words.ts';

/** A refusal of a route. `message` says what happened, what was kept and what to do; it never names a person. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly status: number;
  readonly code: string;
  readonly details: Problem['details'];
  /** Further fields of the body, e.g. the present state after a stale version. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly retryAfterMs: number | undefined;

  constructor({ status, code, message, details, extra = {}, retryAfterMs, cause }: HttpProblemOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.code = code;
    this.details = details;
    this.extra = extra;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface HttpProblemOptions {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: Problem['details'];
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** The refusals that every service has. */
export const problems = {
  notFound: () => new HttpProblem({ status: 404, code: 'NOT_FOUND', message: 'nothing is at this address; nothing was changed' }),
  notSignedIn: () =>
    new HttpProblem({
      status: 401,
      code: 'NOT_SIGNED_IN',
      message: 'no session, or it has ended; nothing was changed; sign in and send it again',
    }),
  notAllowed: () =>
    new HttpProblem({ status: 403, code: 'NOT_ALLOWED', message: 'your role may not do this; nothing was changed; ask the duty leader' }),
  otherSite: () => new HttpProblem({ status: 403, code: 'OTHER_SITE', message: 'the request came from another site; nothing was changed' }),
  otherHost: () =>
    new HttpProblem({ status: 421, code: 'OTHER_HOST', message: 'this server does not answer under this host name; nothing was changed' }),
  notJson: () =>
    new HttpProblem({ status: 415, code: 'NOT_JSON', message: 'the body must be sent as application/json; nothing was changed' }),
  badJson: (cause?: unknown) =>
    new HttpProblem({ status: 400, code: 'BAD_JSON', message: 'the body is not valid JSON; nothing was changed', cause }),
  tooDeep: () => new HttpProblem({ status: 400, code: 'TOO_DEEP', message: 'the body is nested too deeply; nothing was changed' }),
  tooLarge: () => new HttpProblem({ status: 413, code: 'TOO_LARGE', message: 'the body is larger than 64 kB; nothing was changed' }),
  invalid: (details: NonNullable<Problem['details']>) =>
    new HttpProblem({
      status: 400,
      code: 'INVALID',
      message: 'the request does not match its contract; nothing was changed; see details',
      details,
    }),
  tooMany: (retryAfterMs: number) =>
    new HttpProblem({
      status: 429,
      code: 'TOO_MANY',
      message: 'too many requests; nothing was changed; wait and send it again',
      retryAfterMs,
    }),
  unavailable: (cause?: unknown) =>
    new HttpProblem({
      status: 503,
      code: 'UNAVAILABLE',
      message: 'a part of the system does not answer; whether the change was kept is not known; send the same again',
      retryAfterMs: 1000,
      cause,
    }),
  internal: (cause?: unknown) =>
    new HttpProblem({
      status: 500,
      code: 'INTERNAL',
      message: 'the server failed on this request; it was logged; tell the operator the request id',
      cause,
    }),
} as const;

/** Fastify's own errors, by their code. */
const FASTIFY: Readonly<Record<string, (cause: unknown) => HttpProblem>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: problems.notJson,
  FST_ERR_CTP_EMPTY_JSON_BODY: problems.badJson,
  FST_ERR_CTP_INVALID_JSON_BODY: problems.badJson,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: problems.badJson,
  FST_ERR_CTP_BODY_TOO_LARGE: problems.tooLarge,
};

/** The reply to anything thrown. Errors of ours that the caller caused become 409, those that pass become 503, the rest 500. */
export function problemOf(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof SkyeyeError) {
    if (error.handling === 'retry') return problems.unavailable(error);
    if (error.handling === 'refuse')
      return new HttpProblem({ status: 409, code: error.code, message: `${error.message}; nothing was changed`, cause: error });
    return problems.internal(error);
  }
  const { code, statusCode } = (error ?? {}) as { code?: string; statusCode?: number };
  const known = FASTIFY[code ?? ''];
  if (known !== undefined) return known(error);
  if (statusCode === 400) return problems.badJson(error);
  if (statusCode === 413) return problems.tooLarge();
  if (statusCode === 415) return problems.notJson();
  if (statusCode === 403 || statusCode === 404) return problems.notFound();
  return problems.internal(error);
}

export function problemBody({ code, message, details, extra }: HttpProblem, requestId: string): Record<string, unknown> {
  return { ...extra, code, message: inWords(code, message), ...(details === undefined ? {} : { details }), requestId };
}
