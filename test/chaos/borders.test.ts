import { BANK_KEY_HEADER, proofOf } from '@skyeye/contracts';
import { createConnection, type Socket } from 'node:net';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePorts, signIn, startCounty, temporaryFolder, until, type RunningCountyProcess } from '../lib/county.ts';

/** Bad input at the HTTP borders of the three addresses, against the real listening servers; each with its stated outcome. */
const folder = temporaryFolder('borders');
let county: RunningCountyProcess;
const cookies: Record<'console' | 'field', string> = { console: '', field: '' };

beforeAll(async () => {
  county = await startCounty({
    folder: join(folder.path, 'data'),
    port: await freePorts(),
    args: ['--residents', '200', '--seed', '3', '--speed', '1', '--scams', 'realistic'],
  });
  cookies.console = await cookieOf(county.console, 'analyst');
  cookies.field = await cookieOf(county.field, county.officer);
}, 200_000);

afterAll(async () => {
  await county?.kill();
  folder.remove();
});

async function cookieOf(base: string, account: string): Promise<string> {
  const reply = await fetch(`${base}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base },
    body: JSON.stringify({ account, password: county.password(account) }),
  });
  return (reply.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
}

interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}
interface Outcome {
  readonly status: number;
  readonly code: string | null;
}

/** Not `fetch`, which adds a content type by itself. A server that refuses may close before it has read the whole body. */
function send(base: string, { method = 'POST', path, headers = {}, body }: Sent): Promise<Outcome & { readonly text: string }> {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    let answered = false;
    const sent = request(
      {
        hostname,
        port,
        path,
        method,
        headers: { ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }), ...headers },
        agent: false,
      },
      (reply) => {
        answered = true;
        let text = '';
        reply.setEncoding('utf8').on('data', (part: string) => (text += part));
        reply.on('end', () => {
          let code: string | null = null;
          try {
            code = (JSON.parse(text) as { code?: string }).code ?? null;
          } catch {
            // Not every reply is JSON: the web application's pages are not.
          }
          resolve({ status: reply.statusCode ?? 0, code, text });
        });
      },
    );
    sent.on('error', (error) => {
      if (!answered) reject(error);
    });
    sent.end(body);
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };
const HOLD = {
  requestId: 'border-00000001',
  txid: 't1',
  payerAccount: '6217000000000001',
  payeeAccount: '6217000000000002',
  amountFen: 100,
  channel: 'mobile',
  initiatedMs: 1_789_542_000_000,
};
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** One row per kind of bad request: what is sent to each of the three, and what each answers. */
const BAD: readonly {
  readonly kind: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly status: number;
  readonly code: string;
}[] = [
  { kind: 'no content type', headers: {}, body: '{}', status: 415, code: 'NOT_JSON' },
  {
    kind: 'a form',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'account=analyst',
    status: 415,
    code: 'NOT_JSON',
  },
  { kind: 'plain text', headers: { 'content-type': 'text/plain' }, body: '{}', status: 415, code: 'NOT_JSON' },
  { kind: 'no body', headers: JSON_TYPE, status: 400, code: 'BAD_JSON' },
  { kind: 'not JSON', headers: JSON_TYPE, body: '{"account": analyst}', status: 400, code: 'BAD_JSON' },
  { kind: 'NaN', headers: JSON_TYPE, body: '{"amountFen": NaN}', status: 400, code: 'BAD_JSON' },
  { kind: 'half a body', headers: JSON_TYPE, body: '{"account": "ana', status: 400, code: 'BAD_JSON' },
  {
    kind: 'invalid UTF-8',
    headers: JSON_TYPE,
    body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
    status: 400,
    code: 'BAD_JSON',
  },
  { kind: '__proto__', headers: JSON_TYPE, body: '{"__proto__": {"role": "leader"}}', status: 400, code: 'BAD_JSON' },
  { kind: 'constructor', headers: JSON_TYPE, body: '{"constructor": {"prototype": {"role": "leader"}}}', status: 400, code: 'BAD_JSON' },
  { kind: 'nested 30,000 deep', headers: JSON_TYPE, body: `{"account": ${nested(30_000)}}`, status: 400, code: 'TOO_DEEP' },
  { kind: 'wrong types', headers: JSON_TYPE, body: '{"account": 7, "requestId": [], "version": "x"}', status: 400, code: 'INVALID' },
  { kind: 'an array', headers: JSON_TYPE, body: '[]', status: 400, code: 'INVALID' },
  { kind: 'null', headers: JSON_TYPE, body: 'null', status: 400, code: 'INVALID' },
  { kind: 'an unknown field', headers: JSON_TYPE, body: '{"role": "leader"}', status: 400, code: 'INVALID' },
];

for (const { kind, status, code, headers = {}, body } of BAD)
  test(`${kind} is answered with ${status} ${code} by all three, and nothing is changed`, async () => {
    const key = { [BANK_KEY_HEADER]: 'no-such-key' };
    const places = [
      [county.console, '/api/session', { origin: county.console }],
      [county.field, '/api/session', { origin: county.field }],
      [county.bank, '/v1/holds', key],
    ] as const;
    for (const [base, path, extra] of places) {
      const outcome = await send(base, { path, headers: { ...headers, ...extra }, ...(body === undefined ? {} : { body }) });
      expect({ base: base.slice(-1), status: outcome.status, code: outcome.code }).toEqual({ base: base.slice(-1), status, code });
      expect(outcome.text).not.toMatch(/node_modules|\.ts:\d/);
    }
  });

test('10 MB is answered with 413 TOO_LARGE by all three before it is read, announced or not', async () => {
  for (const [base, path] of [
    [county.console, '/api/session'],
    [county.field, '/api/session'],
    [county.bank, '/v1/holds'],
  ] as const) {
    for (const length of ['content-length: 10485760', 'transfer-encoding: chunked']) {
      const { hostname, port } = new URL(base);
      const reply = await new Promise<string>((resolve) => {
        const socket = createConnection({ host: hostname, port: Number(port) });
        let text = '';
        socket.setEncoding('utf8').on('data', (part: string) => {
          text += part;
          if (text.includes('requestId')) socket.destroy();
        });
        // A server that has said no does not read on: the rest of the body meets a closed door.
        socket.on('error', () => socket.destroy());
        socket.on('close', () => resolve(text));
        socket.write(
          `POST ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\norigin: ${base}\r\ncontent-type: application/json\r\n${BANK_KEY_HEADER}: none\r\n${length}\r\n\r\n`,
        );
        const part = ' '.repeat(16_384);
        for (let sent = 0; sent < 80; sent += 16) socket.write(length.startsWith('content') ? part : `4000\r\n${part}\r\n`);
      });
      expect(reply, `${base.slice(-1)} ${length}`).toMatch(/^HTTP\/1\.1 413 /);
      expect(reply).toContain('TOO_LARGE');
    }
  }
});

const NUMBERS: readonly { readonly kind: string; readonly field: string }[] = [
  { kind: '1e309', field: '"amountFen": 1e309' },
  { kind: 'a negative amount', field: '"amountFen": -1' },
  { kind: 'half a fen', field: '"amountFen": 0.5' },
  { kind: 'an unknown enum', field: '"channel": "pigeon"' },
  { kind: 'a time in 1970', field: '"initiatedMs": 0' },
  { kind: 'a time in 2100', field: '"initiatedMs": 4102444800000' },
  { kind: 'a missing id', field: '"requestId": ""' },
];

for (const { kind, field } of NUMBERS)
  test(`a hold question with ${kind} is refused with its place`, async () => {
    const name = /"(\w+)"/.exec(field)?.[1] ?? '';
    const body = JSON.stringify(HOLD).replace(new RegExp(`"${name}":[^,}]+`), field);
    const outcome = await send(county.bank, { path: '/v1/holds', headers: { ...JSON_TYPE, [BANK_KEY_HEADER]: 'no-such-key' }, body });
    expect({ status: outcome.status, code: outcome.code }).toEqual({ status: 400, code: 'INVALID' });
    expect(outcome.text).toContain(`body.${name}`);
  });

test('a right question with a wrong key is not answered, and a stranger learns nothing', async () => {
  const outcome = await send(county.bank, {
    path: '/v1/holds',
    headers: { ...JSON_TYPE, [BANK_KEY_HEADER]: 'no-such-key', ...proofOf(Date.now(), 'a-word-used-once') },
    body: JSON.stringify(HOLD),
  });
  expect(outcome.status).toBe(401);
  expect(outcome.text).not.toContain(HOLD.payerAccount);
});

test('what is not in a route table is not there, and what is there is denied by its row', async () => {
  const console_ = { cookie: cookies.console };
  const field = { cookie: cookies.field };
  const table: readonly (readonly [string, Sent, number, string | null])[] = [
    // unknown places, methods and forms of known ones
    [county.console, { method: 'GET', path: '/api/nothing', headers: console_ }, 404, 'NOT_FOUND'],
    [county.console, { method: 'DELETE', path: '/api/incidents', headers: { ...console_, origin: county.console } }, 404, 'NOT_FOUND'],
    [county.console, { method: 'GET', path: '/api/incidents/', headers: console_ }, 400, 'INVALID'],
    [county.bank, { method: 'GET', path: '/v1/holds' }, 404, 'NOT_FOUND'],
    [county.bank, { method: 'GET', path: '/api/incidents' }, 404, 'NOT_FOUND'],
    // paths that climb out of the web folder
    [county.console, { method: 'GET', path: '/../../../../etc/passwd' }, 404, null],
    [county.console, { method: 'GET', path: '/assets/..%2f..%2f..%2fpackage.json' }, 404, null],
    [county.field, { method: 'GET', path: '/%2e%2e/%2e%2e/package.json' }, 404, null],
    // nobody, and somebody of another role
    [county.console, { method: 'GET', path: '/api/incidents' }, 401, 'NOT_SIGNED_IN'],
    [county.console, { method: 'GET', path: '/api/audit', headers: console_ }, 403, 'NOT_ALLOWED'],
    [county.console, { method: 'GET', path: '/api/incidents', headers: field }, 401, 'NOT_SIGNED_IN'],
    [county.field, { method: 'GET', path: '/api/tasks', headers: console_ }, 401, 'NOT_SIGNED_IN'],
    // another site and another host
    [
      county.console,
      { path: '/api/incidents/i1/sign', headers: { ...console_, ...JSON_TYPE, origin: 'https://example.org' }, body: '{"version":1}' },
      403,
      'OTHER_SITE',
    ],
    [county.console, { method: 'GET', path: '/health', headers: { host: 'example.org' } }, 421, 'OTHER_HOST'],
    [county.bank, { method: 'GET', path: '/health', headers: { host: 'example.org' } }, 421, 'OTHER_HOST'],
  ];
  const outcomes: string[] = [];
  for (const [base, sent, status, code] of table) {
    const outcome = await send(base, { method: 'POST', ...sent });
    if (outcome.status !== status || (code !== null && outcome.code !== code))
      outcomes.push(
        `${sent.method ?? 'POST'} ${base.slice(-5)}${sent.path}: ${outcome.status} ${outcome.code ?? ''}, not ${status} ${code ?? ''}`,
      );
    expect(outcome.text).not.toMatch(/root:x:|"name": "skyeye"/);
  }
  expect(outcomes).toEqual([]);
});

test('headers of 20 kB are refused', async () => {
  const outcome = await send(county.console, { method: 'GET', path: '/health', headers: { 'x-long': 'x'.repeat(20_000) } });
  expect(outcome.status).toBe(431);
});

test('5,000 connections that never send do not keep others waiting, and are closed', { timeout: 180_000 }, async () => {
  const sockets: Socket[] = [];
  let open = 0;
  let refused = 0;
  const port = county.port;
  for (let batch = 0; batch < 50; batch++) {
    await Promise.all(
      Array.from(
        { length: 100 },
        () =>
          new Promise<void>((resolve) => {
            const socket = createConnection({ host: '127.0.0.1', port });
            sockets.push(socket);
            socket.once('connect', () => {
              open++;
              resolve();
            });
            socket.once('error', () => {
              refused++;
              resolve();
            });
            // Unread, the server's last word would keep the socket half open on our side.
            socket.resume();
            socket.once('close', () => open--);
          }),
      ),
    );
    if (batch % 10 === 0) expect((await fetch(`${county.console}/health`, { signal: AbortSignal.timeout(5_000) })).status).toBe(200);
  }
  const startedMs = performance.now();
  const analyst = await signIn(county.console, 'leader', county.password('leader'));
  await analyst.get('/api/incidents');
  const tookMs = performance.now() - startedMs;
  const openedMs = performance.now();
  await until('the server closed them all', 90_000, () => (open <= 0 ? true : undefined), 200);
  process.stdout.write(
    `5,000 silent connections (${refused} refused): a sign-in and a page in ${tookMs.toFixed(0)} ms meanwhile; all closed after ${((performance.now() - openedMs) / 1000).toFixed(1)} s\n`,
  );
  expect(tookMs).toBeLessThan(20_000);
  for (const socket of sockets) socket.destroy();
  await sleep(200);
  expect((await fetch(`${county.console}/health`)).status).toBe(200);
});

test('after all that the county still runs and its parts are well', async () => {
  for (const base of [county.console, county.field, county.bank]) expect((await fetch(`${base}/ready`)).status).toBe(200);
});
