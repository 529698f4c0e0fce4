import { problem, type Problem } from '@skyeye/contracts';

/** A request that ended without a useful answer. `status` 0: it never arrived. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem | null;
  constructor(status: number, body: Problem | null) {
    super(body?.message ?? `http ${status}`);
    this.status = status;
    this.problem = body;
  }
}

const DEADLINE_MS = 15_000;

interface Sent {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly body?: string;
}

async function send(path: string, { method, body }: Sent): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
  } catch (cause) {
    throw Object.assign(new ApiError(0, null), { cause });
  }
  if (!response.ok) throw new ApiError(response.status, await problemOf(response));
  return response;
}

async function problemOf(response: Response): Promise<Problem | null> {
  const body: unknown = await response.json().catch(() => null);
  const parsed = problem.safeParse(body);
  return parsed.success ? parsed.data : null;
}

/** GET, parsed against its contract: an answer that breaks it is an error here, not a blank screen later. */
export async function get<T>(path: string, schema: { readonly parse: (body: unknown) => T }): Promise<T> {
  const response = await send(path, { method: 'GET' });
  return schema.parse(await response.json());
}

/** POST or DELETE with a JSON body; the parsed answer, or null where there is none. */
export async function change(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
  const response = await send(path, body === undefined ? { method } : { method, body: JSON.stringify(body) });
  const text = await response.text();
  return text === '' ? null : (JSON.parse(text) as unknown);
}
