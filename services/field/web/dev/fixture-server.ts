import type { FieldMessage, FieldTask, Me, Role } from '@skyeye/contracts';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { accepted, gridTasks, longTask, officerTasks } from './fixture-tasks.ts';

export type Scene = 'officer' | 'grid' | 'empty' | 'long' | 'failing' | 'loading' | 'analyst';

export interface Fixture {
  readonly url: string;
  readonly show: (scene: Scene) => void;
  /** A task out of nowhere, as the stream brings it. */
  readonly send: () => void;
  /** The next so many answers to acts are lost after the act was done, as a dropped connection does it. */
  readonly loseAnswers: (count: number) => void;
  /** Acts as they arrived, repetitions included, and as they counted. */
  readonly received: readonly string[];
  readonly counted: readonly string[];
  readonly close: () => Promise<void>;
}

/** As the services send it: what the build does has to be allowed by it. */
const CONTENT_SECURITY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'";
const COUNTY_START_MS = Date.UTC(2026, 8, 16, 8, 21, 48);
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

/** Serves the built terminal and answers its routes from invented tasks. For development and pictures; never part of a build. */
export async function startFixture({
  dist = null,
  port = 0,
}: { readonly dist?: string | null; readonly port?: number } = {}): Promise<Fixture> {
  const startedMs = Date.now();
  const countyNow = (): number => COUNTY_START_MS + (Date.now() - startedMs);
  const streams = new Set<ServerResponse>();
  const received: string[] = [];
  const counted: string[] = [];
  const seen = new Set<string>();
  let scene: Scene = 'officer';
  let signedIn = true;
  let lost = 0;
  let seq = 10;
  let tasks = new Map<string, FieldTask>();

  const fill = (): void => {
    const now = countyNow();
    const list = scene === 'officer' ? officerTasks(now) : scene === 'grid' ? gridTasks(now) : scene === 'long' ? [longTask(now)] : [];
    tasks = new Map(list.map((task) => [task.id, task]));
  };
  const role = (): Role => (scene === 'grid' ? 'grid' : scene === 'analyst' ? 'analyst' : 'officer');
  const push = (task: FieldTask): void => {
    tasks.set(task.id, task);
    const message: FieldMessage = { type: 'task', seq: (seq += 1), task };
    for (const stream of streams) stream.write(`id: ${seq}\ndata: ${JSON.stringify(message)}\n\n`);
  };
  const act = (task: FieldTask, verb: string): void => {
    const now = countyNow();
    const next = { ...task, version: task.version + 1 };
    if (verb === 'accept') push(accepted(task, now));
    if (verb === 'arrive') push({ ...next, state: 'arrived', arrivedMs: now });
    if (verb === 'meet') push({ ...next, state: 'met', metMs: now });
    if (verb === 'report') push({ ...next, state: 'resulted', resultedMs: now });
  };
  const me = (): Me => ({
    account: scene === 'grid' ? 'grid-01' : 'officer-01',
    name: '刘*',
    role: role(),
    unit: 's01',
    unitName: scene === 'grid' ? '人和社区二网格' : '人和所',
    clock: { countyMs: countyNow(), wallMs: Date.now(), speed: 1 },
    version: '0.1.0',
    county: '示范县',
    demo: true,
    pushKey: null,
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://fixture');
    const json = (status: number, body: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (!pathname.startsWith('/api/')) return file(dist, pathname, response);
    if (pathname === '/api/session') {
      const body = request.method === 'POST' ? await bodyOf(request) : {};
      if (request.method === 'POST' && body['password'] !== 'demo') return json(401, { code: 'IDENTITY_WRONG', message: '账号或密码不对' });
      signedIn = request.method === 'POST';
      return json(200, {});
    }
    if (!signedIn) return json(401, { code: 'IDENTITY_SIGNED_OUT', message: '请登录' });
    if (pathname === '/api/me') return json(200, me());
    if (scene === 'failing') return json(503, { code: 'LEDGER_UNREACHABLE', message: '数据库连不上' });
    if (scene === 'loading') return;
    if (pathname === '/api/tasks') return json(200, { tasks: [...tasks.values()], feedSeq: seq });
    if (pathname === '/api/stream') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(
        `data: ${JSON.stringify({ type: 'clock', seq, countyMs: countyNow(), wallMs: Date.now(), speed: 1 } satisfies FieldMessage)}\n\n`,
      );
      streams.add(response);
      request.on('close', () => streams.delete(response));
      return;
    }
    const [, id = '', verb = ''] = /^\/api\/tasks\/([^/]+)\/([^/]+)$/.exec(pathname) ?? [];
    const task = tasks.get(id);
    if (task === undefined) return json(404, { code: 'TASK_UNKNOWN', message: '没有这个任务' });
    const body = await bodyOf(request);
    received.push(`${id} ${verb}`);
    if (!seen.has(String(body['clientId']))) {
      seen.add(String(body['clientId']));
      counted.push(`${id} ${verb}`);
      act(task, verb);
    }
    if (lost > 0) {
      lost -= 1;
      response.destroy();
      return;
    }
    json(200, {});
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((cause: unknown) => response.writeHead(500).end(String(cause)));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  fill();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    counted,
    show: (next) => {
      scene = next;
      signedIn = true;
      lost = 0;
      received.length = 0;
      counted.length = 0;
      seen.clear();
      fill();
    },
    send: () =>
      push({ ...(officerTasks(countyNow())[0] as FieldTask), id: `t${seq}`, number: '20260916-0040', name: '孙*华', scam: 'gov' }),
    loseAnswers: (count) => {
      lost = count;
    },
    close: async () => {
      for (const stream of streams) stream.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

async function file(dist: string | null, pathname: string, response: ServerResponse): Promise<void> {
  const inside = normalize(pathname === '/' ? '/index.html' : pathname);
  if (dist === null || inside.includes('..')) return void response.writeHead(404).end();
  const content = await readFile(join(dist, inside)).catch(() => null);
  if (content === null) return void response.writeHead(404).end();
  response
    .writeHead(200, { 'content-type': TYPES[extname(inside)] ?? 'application/octet-stream', 'content-security-policy': CONTENT_SECURITY })
    .end(content);
}
