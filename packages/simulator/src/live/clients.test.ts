import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BANK_KEY_HEADER, holdRequest, NONCE_HEADER, requestProof, type HoldReply } from '@skyeye/contracts';
import { SkyeyeError } from '@skyeye/foundation';
import { afterEach, expect, test } from 'vitest';
import type { Payment } from '../payment.ts';
import { BankDesk, type DeskOutcome } from './bank-desk.ts';
import { httpFieldClient, httpHoldClient } from './clients.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function serve(answer: (request: IncomingMessage, body: string, response: ServerResponse) => void): Promise<string> {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => answer(request, body, response));
  });
  const listening = server;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

const payment: Payment = {
  resident: 1,
  fund: { txid: 'z1.7', tMs: 1_789_542_000_000, amtFen: 980_000, stream: 'bank', scene: 'transfer', chan: 'mobile', purpose: 'none' },
  payer: { no: '6299100000000000000', bank: 'CHRCB', kind: 'personal', region: '371526', balFen: 100, seen: true, device: 'd' },
  payee: { no: '6299180000000000001', bank: 'BOC', kind: 'payacct', region: '530100', balFen: null, seen: false },
};
const reply = (requestId: string, outcome: HoldReply['outcome']): HoldReply => ({
  requestId,
  holdId: outcome === 'allow' ? null : 'h_1',
  outcome,
  reasonCode: '0',
  reason: '',
  decidedBy: 'engine',
  state: 'none',
  expiresMs: null,
  script: null,
  decidedInMs: 1,
});

let nonces = 0;
function desk(base: string, outcomes: DeskOutcome[]): BankDesk {
  return new BankDesk({
    seed: 1,
    client: httpHoldClient({
      base,
      keys: { CHRCB: 'secret' },
      fetch,
      wallNowMs: () => 1_789_560_000_000,
      nonce: () => `nonce-${String(++nonces).padStart(12, '0')}`,
    }),
    nowMs: () => payment.fund.tMs,
    onOutcome: (outcome) => outcomes.push(outcome),
    persuades: () => 'honest',
    decided: [],
  });
}

test('a line that breaks is tried again with the same id and body, and the answer is taken once', async () => {
  const bodies: string[] = [];
  const seen = new Set<unknown>();
  const base = await serve((request, body, response) => {
    bodies.push(body);
    seen.add(requestProof.parse(request.headers)[NONCE_HEADER]);
    expect(request.headers[BANK_KEY_HEADER]).toBe('secret');
    if (bodies.length === 1) request.socket.destroy();
    else
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify(reply((JSON.parse(body) as { requestId: string }).requestId, 'allow')));
  });
  const outcomes: DeskOutcome[] = [];
  const bank = desk(base, outcomes);
  expect(bank.gate(payment)).toEqual({ kind: 'wait' });
  expect(bank.gate(payment)).toEqual({ kind: 'wait' });
  await bank.settled();
  expect(bank.gate(payment)).toEqual({ kind: 'go', atMs: payment.fund.tMs });
  expect(bodies).toHaveLength(2);
  expect(bodies[0]).toBe(bodies[1]);
  expect(seen.size).toBe(2);
  expect(holdRequest.parse(JSON.parse(bodies[0] ?? '')).payeeKind).toBe('personal');
  expect(outcomes).toEqual(['allow']);
  expect(bank.takeNews()).toEqual([{ d: 'go', tx: 'z1.7', at: payment.fund.tMs }]);
});

test('a gateway that does not answer, or refuses, leaves the bank to its own rules: the payment goes, and it is counted', async () => {
  const base = await serve((_request, _body, response) => void response.writeHead(503).end());
  const outcomes: DeskOutcome[] = [];
  const bank = desk(base, outcomes);
  bank.gate(payment);
  await bank.settled();
  expect(bank.gate(payment).kind).toBe('go');
  expect(outcomes).toEqual(['unreachable']);
});

test('the field client signs in once, carries its cookie, and says which route refused without an id', async () => {
  const seen: string[] = [];
  const base = await serve((request, _body, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.cookie ?? ''}`);
    if (request.url === '/api/session') response.setHeader('set-cookie', 'field=abc; Path=/; HttpOnly').end('{}');
    else if (request.url === '/api/tasks') response.end(JSON.stringify({ tasks: [], feedSeq: 3 }));
    else response.writeHead(409).end('{}');
  });
  const client = httpFieldClient({ base, fetch });
  const session = await client.signIn({ account: 'a', password: 'p', role: 'officer', unit: 'C0101' });
  expect(await client.tasks(session)).toEqual([]);
  const refused = await client
    .step(session, 'task-77', 'accept', { clientId: 'sim-12345678', atMs: 1, lon: null, lat: null })
    .catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(SkyeyeError);
  expect(refused).toMatchObject({ code: 'SIMULATOR_FIELD_REFUSED', handling: 'refuse', facts: { route: 'POST /api/tasks', status: 409 } });
  expect(seen).toEqual(['POST /api/session ', 'GET /api/tasks field=abc', 'POST /api/tasks/task-77/accept field=abc']);
});
