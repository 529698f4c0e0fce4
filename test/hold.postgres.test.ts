import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ALL_TOPICS, holdReply, rawReference, type StreamEvent } from '@skyeye/contracts';
import { ManualClock } from '@skyeye/foundation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMemoryStore, type Store } from '../packages/store/src/index.ts';
import { createEmbeddedLog, type Log } from '../packages/stream/src/index.ts';
import { silentTelemetry } from '../packages/telemetry/src/index.ts';
import { httpScoring } from '../services/bank-gateway/src/index.ts';
import { openDesk, question, type Desk } from '../services/bank-gateway/src/testing/desk.ts';
import { app, type Scorer } from '../services/scorer/src/index.ts';
import { isTransfer, scoringOf, svcCase } from '../services/scorer/src/testing/case.ts';

const KEY = 'a key of sixteen and more';
/** The accounts in clear, as the bank knows them, and their tokens in the scripted case. */
const TOKENS: Readonly<Record<string, string>> = { '6217000000000001': 'A1', '6222000000000002': '' };
const events = svcCase();
const first = events.findIndex(isTransfer);
const transfer = events[first] as StreamEvent;
let folder: string;
let log: Log;
let store: Store;
let scorer: Scorer;
let desk: Desk;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skyeye-hold-'));
  const telemetry = silentTelemetry();
  log = createEmbeddedLog({ folder: join(folder, 'log'), telemetry });
  store = createMemoryStore({ folder: join(folder, 'store'), telemetry });
  await log.createTopics(ALL_TOPICS.map(({ name, partitions }) => ({ name, partitions })));
  scorer = await app({
    log,
    store,
    telemetry,
    clock: new ManualClock(0),
    wallNowMs: () => 1_000,
    scoring: () => scoringOf(),
    seal: () => '',
    serviceKey: KEY,
    host: '127.0.0.1',
    port: 0,
  });
  desk = await openDesk({
    through: httpScoring({ origin: scorer.origin, serviceKey: KEY }),
    token: (_kind, clear) => TOKENS[clear] || String(transfer['peer']),
  });
  desk.clock.set(transfer.t);
}, 60_000);
afterAll(async () => {
  await desk.end();
  await scorer.stop();
  await log.close();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const payment = (requestId: string) =>
  question({
    requestId,
    payerAccount: '6217000000000001',
    payeeAccount: '6222000000000002',
    payeeKind: 'personal',
    amountFen: Number(transfer['amt']),
    balanceAfterFen: Number(transfer['bal']),
    initiatedMs: transfer.t,
  });

test(
  'the payment that a swindler asks for is stopped at the bank, because of what happened on the phone before',
  { timeout: 60_000 },
  async () => {
    const before = holdReply.parse((await desk.post('/v1/holds', payment('before-the-call'))).body);
    expect(before.decidedBy).toBe('engine');
    expect(['hold', 'fuse']).not.toContain(before.outcome);

    const links = [
      { id: 'r1', kind: 'acct', acct: 'A1', person: 'V' },
      { id: 'r2', kind: 'phone', phone: 'PV', person: 'V' },
    ];
    await log.producer().send(
      'reference',
      links.map((link) => ({ key: 'V', value: JSON.stringify(rawReference.parse(link)) })),
    );
    while ((await scorer.lag()) > 0) await sleep(20);
    await log.producer().send(
      'events',
      events.slice(0, first).map((event) => ({ key: 'V', value: JSON.stringify(event) })),
    );
    while ((await scorer.lag()) > 0) await sleep(20);
    const during = holdReply.parse((await desk.post('/v1/holds', payment('during-the-call'))).body);
    expect(during).toMatchObject({
      outcome: 'fuse',
      reasonCode: '7001',
      decidedBy: 'engine',
      state: 'active',
      expiresMs: transfer.t + 1_800_000,
    });
    expect(during.script?.checks[0]?.known.join()).toContain('可能正受他人指引');
    // Neither the question nor its answer tells the bank from what we know it.
    expect(JSON.stringify(during)).not.toMatch(/PV|UNK|话单|信令|屏幕共享/);

    await scorer.stop();
    const without = holdReply.parse((await desk.post('/v1/holds', payment('without-a-scorer'))).body);
    expect(without).toMatchObject({ outcome: 'allow', reasonCode: '9001', decidedBy: 'fallback' });
    expect(holdReply.parse((await desk.post('/v1/holds', payment('during-the-call'))).body)).toEqual(during);
  },
);
