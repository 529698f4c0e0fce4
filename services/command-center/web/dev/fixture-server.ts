import type { Action, ActivityLine, Counters, Incident, IncidentList, Me, Role, StreamMessage, UnitOption } from '@skyeye/contracts';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fixtureCounty } from './fixture-county.ts';
import { fixtureActions, fixtureDetail } from './fixture-detail.ts';
import { fixtureIncident } from './fixture-incidents.ts';
import { fixtureAudit, fixtureSources } from './fixture-sources.ts';
import { fixtureBudget, fixtureErasures, fixtureModels, fixtureRule, fixtureRules } from './fixture-steering.ts';
import { fixtureSubjects } from './fixture-subjects.ts';
import { fixtureUnknowns } from './fixture-unknowns.ts';

export type Scene = 'normal' | 'empty' | 'loading' | 'failing' | 'many' | 'long' | 'busy' | 'forbidden';

export interface Fixture {
  readonly url: string;
  /** Changes what the next page shows. */
  readonly show: (scene: Scene, role?: Role) => void;
  /** A new alert out of nowhere, as the stream brings it. */
  readonly alert: (level: 'P1' | 'P2') => void;
  /** Cuts every stream and refuses new ones until `mend`. */
  readonly cut: () => void;
  readonly mend: () => void;
  /** Streams that are open. */
  readonly listening: () => number;
  /** Requests that changed something, in order. */
  readonly changes: readonly string[];
  readonly close: () => Promise<void>;
}

/** As the services send it: what the build does has to be allowed by it. */
const CONTENT_SECURITY =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'";
/** A moment that is always the same, so pictures can be compared: 16:21:48 in the county. */
const COUNTY_START_MS = Date.UTC(2026, 8, 16, 8, 21, 48);
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};
const CLOCK_EVERY_MS = 2_000;

/** Serves the built console and answers its routes from invented data. For development and pictures; never part of a build. */
export async function startFixture({
  dist = null,
  port = 0,
}: { readonly dist?: string | null; readonly port?: number } = {}): Promise<Fixture> {
  const startedMs = Date.now();
  const countyNow = (): number => COUNTY_START_MS + (Date.now() - startedMs);
  const streams = new Set<ServerResponse>();
  const changes: string[] = [];
  const replayed = new Map<string, number>();
  const drafts = new Map<string, { decision: 'ordered' | 'dismissed'; reason: string }>();
  const decided = new Map<string, { verdict: 'harmless' | 'suspicious'; note: string }>();
  let scene: Scene = 'normal';
  let role: Role = 'analyst';
  let signedIn = true;
  let broken = false;
  let seq = 1_000;
  let rows = new Map<string, Incident>();
  const log: StreamMessage[] = [];

  const fill = (): void => {
    const nowMs = countyNow();
    const count = scene === 'empty' ? 0 : scene === 'many' ? 500 : scene === 'busy' ? 30 : 8;
    const long = scene === 'long' ? { stationName: '鱼邱湖街道办事处文化路北段派出所综合指挥室' } : {};
    rows = new Map(
      Array.from({ length: count }, (_, index) =>
        fixtureIncident(index, nowMs, { ...long, ...(scene === 'busy' && index % 8 < 5 ? { level: 'P1' as const } : {}) }),
      ).map((row) => [row.id, row]),
    );
    if (scene !== 'long') return;
    for (const [id, row] of rows)
      rows.set(id, {
        ...row,
        subject: {
          ...row.subject,
          maskedName: '阿卜杜热合曼·买买提*****依明江·吐尔逊',
          communityName: '鱼邱湖街道办事处文化路北段金色家园小区社区居民委员会',
        },
        why: { zh: row.why.zh.repeat(4), en: row.why.en.repeat(4) },
        expectedLossFen: 1_234_567_890_00,
      });
  };
  const counters = (): Counters => {
    const open = [...rows.values()].filter((row) => row.state !== 'CLOSED');
    const unsigned = open.filter((row) => row.signedMs === null);
    return {
      now: open.filter((row) => row.level === 'P1').length,
      unsigned: unsigned.length,
      longestUnsignedMs: Math.max(0, ...unsigned.map((row) => countyNow() - row.createdMs)),
      unitsOut: open.length > 0 ? 5 : 0,
      unitsAll: 11,
      stoppedToday: 9,
      savedTodayFen: 73_420_000,
      lostTodayFen: 2_710_000,
      falseToday: 2,
      resultedToday: 11,
      holdsActive: open.length > 0 ? 1 : 0,
      fallbackToday: 0,
      engineLatencyMsP50: 210,
    };
  };
  const recent = (): ActivityLine[] => {
    const first = rows.get('i0001');
    if (first === undefined) return [];
    return fixtureActions(first, countyNow())
      .map((action) => ({ action, subjectName: first.subject.maskedName }))
      .toReversed();
  };
  const push = (message: StreamMessage): void => {
    log.push(message);
    for (const stream of streams) stream.write(`id: ${message.seq}\ndata: ${JSON.stringify(message)}\n\n`);
  };
  const change = (row: Incident, kind: Action['kind'], zh: string, en: string): Incident => {
    rows.set(row.id, row);
    push({ type: 'incident', seq: (seq += 1), incident: row });
    push({
      type: 'action',
      seq: (seq += 1),
      subjectName: row.subject.maskedName,
      action: { seq, incidentId: row.id, kind, atMs: countyNow(), by: 'analyst', says: { zh, en }, facts: {} },
    });
    push({ type: 'counters', seq: (seq += 1), counters: counters() });
    return row;
  };
  const clock = (): StreamMessage => ({ type: 'clock', seq, countyMs: countyNow(), wallMs: Date.now(), speed: 1 });
  const timer = setInterval(() => streams.forEach((stream) => stream.write(`data: ${JSON.stringify(clock())}\n\n`)), CLOCK_EVERY_MS);

  const units = (): UnitOption[] =>
    fixtureCounty()
      .teams.slice(0, 6)
      .map((team, index) => ({
        code: team.code,
        name: index === 0 ? '人和所 民警 2 人' : team.name,
        kind: index === 0 ? 'station' : 'team',
        lon: team.lon,
        lat: team.lat,
        distanceM: 620 + index * 880,
        etaMin: 3 + index * 2.4,
        onShift: index !== 3,
        busy: index === 1 ? 2 : 0,
      }));
  const meNow = (): Me => ({
    account: 'analyst',
    name: '李*',
    role,
    unit: null,
    unitName: null,
    clock: { countyMs: countyNow(), wallMs: Date.now(), speed: 1 },
    version: '0.1.0',
    county: '示范县',
    demo: true,
    pushKey: null,
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fixture');
    const json = (status: number, body: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(body === null ? undefined : JSON.stringify(body));
    const refuse = (status: number, code: string, message: string): void => json(status, { code, message });
    if (!pathname.startsWith('/api/')) return file(dist, pathname, response);
    if (request.method !== 'GET') changes.push(`${request.method} ${pathname}`);
    const body = request.method === 'POST' ? await bodyOf(request) : {};
    if (pathname === '/api/session') {
      if (request.method === 'POST' && body['password'] !== 'demo') return refuse(401, 'IDENTITY_WRONG', '账号或密码不对');
      signedIn = request.method === 'POST';
      return json(200, {});
    }
    if (!signedIn) return refuse(401, 'IDENTITY_SIGNED_OUT', '请登录');
    if (pathname === '/api/me') return json(200, meNow());
    if (broken || scene === 'failing') return refuse(503, 'LEDGER_UNREACHABLE', '数据库连不上,未作任何更改');
    if (scene === 'forbidden') return refuse(403, 'IDENTITY_FORBIDDEN', '没有权限');
    if (scene === 'loading') return;
    const id = /^\/api\/incidents\/([^/]+)(?:\/([^/]+))?$/.exec(pathname);
    const row = rows.get(id?.[1] ?? '');
    if (pathname === '/api/incidents')
      return json(200, { incidents: [...rows.values()], counters: counters(), recent: recent(), feedSeq: seq } satisfies IncidentList);
    if (pathname === '/api/county') return json(200, fixtureCounty());
    if (pathname === '/api/sources') return json(200, fixtureSources(countyNow(), replayed));
    const shown = { empty: scene === 'empty', many: scene === 'many', long: scene === 'long', refused: scene === 'long' };
    const count = shown.empty ? 0 : shown.many ? 500 : 8;
    if (pathname === '/api/rules') return json(200, fixtureRules(countyNow(), { ...shown, count }));
    if (pathname === '/api/models') return json(200, fixtureModels(countyNow(), shown));
    if (pathname === '/api/budget') return json(200, fixtureBudget(countyNow(), shown));
    if (pathname === '/api/erasures')
      return json(200, request.method === 'POST' ? { id: 'e0', keys: 3 } : fixtureErasures(countyNow(), { ...shown, count }));
    if (/^\/api\/erasures\/[^/]+\/approve$/.test(pathname)) return json(200, { state: 'running' });
    const steered = /^\/api\/(rules|models|erasures)\/([^/]+)(?:\/[^/]+)?$/.exec(pathname);
    if (steered !== null && request.method === 'POST')
      return body['reason'] === '被拒' ? refuse(409, 'LEDGER_RULE_NUMBERS', 'the numbers do not allow approval') : json(204, null);
    if (steered?.[1] === 'rules') {
      const rule = fixtureRule(steered[2] ?? '', countyNow(), shown.long);
      return rule === null ? refuse(404, 'NOT_FOUND', '没有这条规则') : json(200, rule);
    }
    if (pathname === '/api/subjects') {
      const count = scene === 'empty' ? 0 : scene === 'many' ? 200 : 14;
      return json(200, fixtureSubjects(countyNow(), { count, long: scene === 'long', decided: drafts }));
    }
    const draft = /^\/api\/subjects\/([^/]+)\/draft$/.exec(pathname)?.[1];
    if (draft !== undefined) {
      drafts.set(draft, { decision: body['decision'] as 'ordered', reason: String(body['reason']) });
      return json(204, null);
    }
    if (pathname === '/api/unknowns') {
      const count = scene === 'empty' ? 0 : scene === 'many' ? 200 : 12;
      return json(200, fixtureUnknowns(countyNow(), { count, long: scene === 'long', decided }));
    }
    const verdict = /^\/api\/unknowns\/(\d+)\/(\d+)\/verdict$/.exec(pathname);
    if (verdict !== null) {
      decided.set(`${verdict[1]}/${verdict[2]}`, { verdict: body['verdict'] as 'harmless', note: String(body['note']) });
      return json(204, null);
    }
    if (pathname === '/api/audit')
      return json(200, fixtureAudit(countyNow(), searchParams.has('before') ? Number(searchParams.get('before')) : null));
    const replay = /^\/api\/quarantine\/([^/]+)\/replay$/.exec(pathname)?.[1];
    if (replay !== undefined) {
      replayed.set(replay, countyNow());
      return json(200, {});
    }
    if (pathname === '/api/stream') return stream(request, response);
    if (row === undefined) return refuse(404, 'INCIDENT_UNKNOWN', '没有这个工单');
    const verb = id?.[2];
    if (verb === undefined) return json(200, fixtureDetail(row, countyNow()));
    if (verb === 'units') return json(200, { units: units() });
    if (verb === 'unmask')
      return json(200, {
        name: '王玉兰',
        phone: '13800005521',
        idNumber: '371526196303050000',
        address: '人和街道 3 号楼 2 单元 402',
        untilMs: Date.now() + 300_000,
      });
    if (body['version'] !== undefined && body['version'] !== row.version) return refuse(409, 'INCIDENT_STALE', '已被他人更新');
    const next = { ...row, version: row.version + 1, updatedMs: countyNow() };
    if (verb === 'sign')
      return json(200, change({ ...next, signedBy: 'analyst', signedMs: countyNow(), state: 'SIGNED' }, 'signed', '李* 签收', 'Li signed'));
    if (verb === 'calls') return json(200, change({ ...next, calls: row.calls + 1 }, 'called', '拨打电话', 'called'));
    if (verb === 'dispatches') return json(200, change({ ...next, state: 'DISPATCHED' }, 'dispatched', '派警', 'dispatched'));
    if (verb === 'level')
      return json(200, change({ ...next, level: body['level'] as Incident['level'] }, 'lowered', '级别调整', 'level changed'));
    if (verb === 'close') return json(200, change({ ...next, state: 'CLOSED', closedMs: countyNow() }, 'closed', '结案', 'closed'));
    return json(200, {});
  };

  const stream = (request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const after = Number(request.headers['last-event-id'] ?? seq);
    response.write(`data: ${JSON.stringify(clock())}\n\n`);
    for (const message of log) if (message.seq > after) response.write(`id: ${message.seq}\ndata: ${JSON.stringify(message)}\n\n`);
    streams.add(response);
    request.on('close', () => streams.delete(response));
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((cause: unknown) => response.writeHead(500).end(String(cause)));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const each of streams) each.destroy();
    streams.clear();
  };
  fill();
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    changes,
    show: (next, as = 'analyst') => {
      scene = next;
      role = as;
      signedIn = true;
      broken = false;
      cut();
      log.length = 0;
      changes.length = 0;
      replayed.clear();
      decided.clear();
      drafts.clear();
      fill();
    },
    alert: (level) => {
      const row = fixtureIncident(rows.size, countyNow(), {
        level,
        signedMs: null,
        signedBy: null,
        state: 'CREATED',
        createdMs: countyNow(),
        lossAtMs: countyNow() + 30_000,
        version: 1,
      });
      change(row, 'created', `预警生成 ${level}`, `Alert created, ${level}`);
    },
    cut: () => {
      broken = true;
      cut();
    },
    mend: () => {
      broken = false;
    },
    listening: () => streams.size,
    close: async () => {
      clearInterval(timer);
      cut();
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
