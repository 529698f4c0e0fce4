import { fieldTaskList, me, problem, type Problem } from '@skyeye/contracts';

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

/** Long enough for a weak signal, short enough that the queue moves on. */
const DEADLINE_MS = 12_000;

async function send(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
  } catch (cause) {
    throw Object.assign(new ApiError(0, null), { cause });
  }
  if (!response.ok) {
    const parsed = problem.safeParse(await response.json().catch(() => null));
    throw new ApiError(response.status, parsed.success ? parsed.data : null);
  }
  const text = await response.text();
  return text === '' ? null : (JSON.parse(text) as unknown);
}

export const api = {
  signIn: (account: string, password: string) => send('POST', './api/session', { account, password }),
  signOut: () => send('DELETE', './api/session'),
  me: async () => me.parse(await send('GET', './api/me')),
  tasks: async () => fieldTaskList.parse(await send('GET', './api/tasks')),
  act: (taskId: string, verb: string, body: unknown) => send('POST', `./api/tasks/${encodeURIComponent(taskId)}/${verb}`, body),
  subscribe: (subscription: PushSubscriptionJSON) =>
    send('POST', './api/push-subscriptions', {
      endpoint: subscription.endpoint,
      keys: { p256dh: subscription.keys?.['p256dh'] ?? '', auth: subscription.keys?.['auth'] ?? '' },
    }),
};
