import { counterTextsFor } from '@skyeye/catalogue';
import { BANK_KEY_HEADER, proofOf, type HoldRequestInput, type PeekReply, type StreamEvent } from '@skyeye/contracts';
import { ManualClock } from '@skyeye/foundation';
import { bankKeys, memoryAccounts, type Route } from '@skyeye/identity';
import { migrate, openLedger, startEmbeddedPostgres, type EmbeddedPostgres, type Ledger } from '@skyeye/ledger';
import { createMemoryStore, type Store } from '@skyeye/store';
import { silentTelemetry } from '@skyeye/telemetry';
import type { FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { app, gatewayRoutes, type Scoring } from '../index.ts';
import type { GatewayDeps } from '../deps.ts';
import type { Deadlines } from '../tables.ts';

/** 2026-09-16 10:00 in Shanghai. */
export const T0 = Date.UTC(2026, 8, 16, 2);

/** A scorer with behaviour: says what it is told, after the time it is told, or fails. */
export class FakeScoring implements Scoring {
  says: 'allow' | 'delay' | 'hold' | 'fuse' = 'allow';
  delayMs = 0;
  failure: Error | null = null;
  asked: StreamEvent[] = [];

  async peek(event: StreamEvent): Promise<PeekReply> {
    this.asked.push(event);
    if (this.delayMs > 0) await sleep(this.delayMs);
    if (this.failure !== null) throw this.failure;
    const payment = { newPayee: true, ownOrKin: false, payeeAccountAgeDays: 3, payeeLevel: 0, payeePaidByVictims: false, drain: 0.95 };
    switch (this.says) {
      case 'allow':
        return { person: 'p_a', assessment: null, payment: { ...payment, newPayee: false, payeeAccountAgeDays: 900, drain: 0.1 } };
      case 'delay':
        return { person: 'p_a', assessment: null, payment };
      case 'hold':
        return { person: 'p_a', assessment: null, payment: { ...payment, payeePaidByVictims: true } };
      case 'fuse':
        return { person: 'p_a', assessment: null, payment: { ...payment, payeeLevel: 3 } };
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

export const question = (change: Partial<HoldRequestInput> = {}): HoldRequestInput => ({
  requestId: 'request-0001',
  txid: 'tx1',
  payerAccount: '6217000000000001',
  payeeAccount: '6222000000000002',
  amountFen: 5_000_000,
  balanceAfterFen: 100,
  channel: 'mobile',
  initiatedMs: T0,
  ...change,
});

/** Headers of a request that is made now, and of no other. */
export const proof = (): Record<string, string> => proofOf(Date.now(), randomUUID());

export interface Desk {
  readonly http: FastifyInstance;
  readonly routes: readonly Route[];
  readonly origin: string;
  readonly ledger: Ledger;
  readonly store: Store;
  readonly server: EmbeddedPostgres;
  readonly clock: ManualClock;
  readonly scoring: FakeScoring;
  readonly keys: { readonly own: string; readonly other: string };
  /** POSTs a body as bank `b1`, or with the headers given; the proof is made anew unless the headers have one. */
  post(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  get(path: string, key?: string): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  metrics(): Promise<string>;
  end(): Promise<void>;
}

const lettersOnly = (kind: string, clear: string): string =>
  `${kind}_${clear.replaceAll(/./g, (letter) => String.fromCharCode(97 + (letter.charCodeAt(0) % 26)))}`;

/** For tests that are not about lateness: a busy machine must not turn an answer into a fallback. */
const PATIENT: Deadlines = { answerMs: 10_000, scoringMs: 1_000, commitGraceMs: 10 };

/** The gateway on a real PostgreSQL in a folder of its own, asking the fake scorer or the one given. */
export async function openDesk({
  through,
  deadlines = PATIENT,
  token = lettersOnly,
}: { through?: Scoring; deadlines?: Deadlines; token?: (kind: string, clear: string) => string } = {}): Promise<Desk> {
  const folder = await mkdtemp(join(tmpdir(), 'skyeye-gateway-'));
  const server = await startEmbeddedPostgres({ folder });
  await migrate({ url: server.ledgerUrl });
  const ledger = openLedger({ url: server.ledgerUrl });
  const telemetry = silentTelemetry();
  const clock = new ManualClock(T0);
  const store = createMemoryStore({ telemetry });
  const scoring = new FakeScoring();
  const keys = bankKeys(memoryAccounts());
  const [own, other] = [await keys.issue('b1'), await keys.issue('b2')];
  const deps: GatewayDeps = {
    deadlines,
    telemetry,
    clock,
    ledger,
    store,
    keys,
    hosts: null,
    wallNowMs: () => Date.now(),
    scoring: through ?? scoring,
    tokens: { token },
    vault: { remember: () => Promise.resolve() },
    counterTexts: counterTextsFor,
  };
  const http = await app(deps);
  const origin = await http.listen({ host: '127.0.0.1', port: 0 });
  const send = async (path: string, init: RequestInit): Promise<{ status: number; body: Record<string, unknown> }> => {
    const response = await fetch(`${origin}${path}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    http,
    routes: gatewayRoutes(deps),
    origin,
    ledger,
    store,
    server,
    clock,
    scoring,
    keys: { own, other },
    post: (path, body, headers = { 'content-type': 'application/json', [BANK_KEY_HEADER]: own }) =>
      send(path, { method: 'POST', headers: { ...proof(), ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) }),
    get: (path, key = own) => send(path, { headers: { [BANK_KEY_HEADER]: key } }),
    metrics: () => telemetry.metricsText(),
    async end() {
      await http.close();
      await ledger.close();
      await store.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
