import { BANK_KEY_HEADER, fieldTaskList, holdReply, proofOf, type HoldReply } from '@skyeye/contracts';
import type { SkyeyeError } from '@skyeye/foundation';
import { errors } from '../errors.ts';
import type { FieldClient, HoldClient } from './ports.ts';

/** The part of `fetch` that is used; undici's and the runtime's both fit. */
export type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; signal: AbortSignal },
) => Promise<{ readonly status: number; readonly headers: { getSetCookie(): string[] }; text(): Promise<string> }>;

/** Wall ms after which a request is given up. The gateway's own promise is 200 ms. */
const BANK_TIMEOUT_MS = 3000;
const FIELD_TIMEOUT_MS = 8000;

type Refusals = {
  readonly refused: (facts: Record<string, string | number>) => SkyeyeError;
  readonly unreachable: (facts: Record<string, string | number>, cause?: unknown) => SkyeyeError;
};

async function call(
  fetch: Fetch,
  refusals: Refusals,
  request: { base: string; path: string; method: string; headers: Record<string, string>; body?: unknown; timeoutMs: number },
): Promise<{ body: unknown; cookies: string[] }> {
  const { base, path, method, headers, body, timeoutMs } = request;
  // Ids of tasks and holds stay out of what is logged.
  const facts = { route: `${method} ${path.split('/').slice(0, 3).join('/')}` };
  let status: number;
  let text: string;
  let cookies: string[];
  try {
    const response = await fetch(new URL(path, base).href, {
      method,
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    status = response.status;
    cookies = response.headers.getSetCookie();
    text = await response.text();
  } catch (cause) {
    throw refusals.unreachable(facts, cause);
  }
  if (status >= 500 || status === 429) throw refusals.unreachable({ ...facts, status });
  if (status >= 400) throw refusals.refused({ ...facts, status });
  return { body: text === '' ? null : JSON.parse(text), cookies };
}

/** Talks to the bank gateway over HTTP, each bank with its own key. */
export function httpHoldClient(options: {
  readonly base: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly fetch: Fetch;
  readonly wallNowMs: () => number;
  /** A word never given before: each sending has its own, also of the same request. */
  readonly nonce: () => string;
}): HoldClient {
  const refusals = { refused: errors.bankRefused, unreachable: errors.bankUnreachable };
  const post = async (bank: string, path: string, body: unknown): Promise<unknown> =>
    (
      await call(options.fetch, refusals, {
        base: options.base,
        path,
        method: 'POST',
        headers: { [BANK_KEY_HEADER]: options.keys[bank] ?? '', ...proofOf(options.wallNowMs(), options.nonce()) },
        body,
        timeoutMs: BANK_TIMEOUT_MS,
      })
    ).body;
  return {
    async ask(bank, request): Promise<HoldReply> {
      const parsed = holdReply.safeParse(await post(bank, '/v1/holds', request));
      if (!parsed.success) throw errors.bankRefused({ route: 'POST /v1/holds' }, parsed.error);
      return parsed.data;
    },
    async end(bank, holdId, how, body): Promise<void> {
      await post(bank, `/v1/holds/${encodeURIComponent(holdId)}/${how}`, body);
    },
  };
}

/** Talks to the field service over HTTP; the session is its cookie. */
export function httpFieldClient(options: { readonly base: string; readonly fetch: Fetch }): FieldClient {
  const refusals = { refused: errors.fieldRefused, unreachable: errors.fieldUnreachable };
  const send = (method: string, path: string, cookie: string | null, body?: unknown): Promise<{ body: unknown; cookies: string[] }> =>
    call(options.fetch, refusals, {
      base: options.base,
      path,
      method,
      headers: cookie === null ? {} : { cookie },
      ...(body === undefined ? {} : { body }),
      timeoutMs: FIELD_TIMEOUT_MS,
    });
  return {
    async signIn({ account, password }): Promise<string> {
      const { cookies } = await send('POST', '/api/session', null, { account, password });
      const cookie = cookies.map((line) => line.split(';')[0] ?? '').find((pair) => pair.includes('='));
      if (cookie === undefined) throw errors.fieldRefused({ route: 'POST /api/session' });
      return cookie;
    },
    async tasks(session) {
      const parsed = fieldTaskList.safeParse((await send('GET', '/api/tasks', session)).body);
      if (!parsed.success) throw errors.fieldRefused({ route: 'GET /api/tasks' }, parsed.error);
      return parsed.data.tasks;
    },
    async step(session, taskId, step, body): Promise<void> {
      await send('POST', `/api/tasks/${encodeURIComponent(taskId)}/${step}`, session, body);
    },
    async report(session, taskId, body): Promise<void> {
      await send('POST', `/api/tasks/${encodeURIComponent(taskId)}/report`, session, body);
    },
  };
}
