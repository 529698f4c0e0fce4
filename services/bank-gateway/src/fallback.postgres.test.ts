import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEADLINES, errors } from './tables.ts';
import { openDesk, question, type Desk } from './testing/desk.ts';

const FALLBACK = { outcome: 'allow', reasonCode: '9001', decidedBy: 'fallback', state: 'none', script: null };
/** Longer than any machine is busy, so that only the deadline can have ended the wait. */
const LATE_MS = 3_000;
let desk: Desk;
let serial = 0;
beforeAll(async () => void (desk = await openDesk({ deadlines: DEADLINES })));
afterAll(() => desk.end());
beforeEach(() => {
  desk.scoring.delayMs = 0;
  desk.scoring.failure = null;
  desk.scoring.says = 'fuse';
});
const next = (): string => `late-${String(++serial).padStart(6, '0')}`;
const counted = async (): Promise<number> =>
  Number(
    (
      await desk.ledger.query<{ value: number }>(
        "select coalesce(sum(value), 0)::int as value from service_numbers where name = 'fallbacks'",
      )
    )[0]?.value,
  );

test('the shares of the deadline fit into the 200 ms that a bank waits', () => {
  expect(DEADLINES.answerMs + DEADLINES.commitGraceMs).toBeLessThan(200);
  expect(DEADLINES.scoringMs).toBeLessThan(DEADLINES.answerMs);
});

test.each([
  ['late', null, LATE_MS],
  ['failed', errors.scoringRefused(), 0],
] as const)('invariant 5: when the scorer is %s the answer is the stated fallback, counted and stored', async (_says, failure, delayMs) => {
  desk.scoring.delayMs = delayMs;
  desk.scoring.failure = failure;
  const before = await counted();
  const startedMs = performance.now();
  const body = question({ requestId: next() });
  const [first, ...twins] = await Promise.all(Array.from({ length: 5 }, () => desk.post('/v1/holds', body)));
  expect(performance.now() - startedMs).toBeLessThan(LATE_MS / 2);
  expect(first).toMatchObject({ status: 200, body: FALLBACK });
  for (const twin of twins) expect(twin).toEqual(first);
  await until(async () => (await counted()) === before + 1);
  // What the scorer says after all does not replace what the bank was told.
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  desk.scoring.delayMs = 0;
  desk.scoring.failure = null;
  expect((await desk.post('/v1/holds', body)).body).toEqual(first?.body);
  expect(await desk.ledger.query("select 1 from holds where request_id = $1 and outcome = 'allow'", [body.requestId])).toHaveLength(1);
  expect(await counted()).toBe(before + 1);
  expect(await desk.metrics()).toMatch(/gateway_holds_decided_total\{outcome="allow",decidedBy="fallback"\} [1-9]/);
});

test('a question of the same id and another body is a conflict also while the first is being decided', async () => {
  desk.scoring.delayMs = 60;
  const body = question({ requestId: next() });
  const first = desk.post('/v1/holds', body);
  await until(() => Promise.resolve(desk.scoring.asked.some(({ id }) => id.endsWith(body.requestId))));
  expect((await desk.post('/v1/holds', { ...body, amountFen: 1 })).status).toBe(409);
  expect((await first).status).toBe(200);
});

test.each(['hold', 'delay'] as const)(
  'a %s that was committed after the bank had been answered does not stand, and a retry hears what the bank was told',
  async (says) => {
    desk.scoring.says = says;
    const body = question({ requestId: next() });
    const { tx } = desk.ledger;
    // The commit is there, its confirmation comes a second later.
    const slow: typeof tx = async (work, options) => {
      const done = await tx(work, options);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return done;
    };
    desk.ledger.tx = slow;
    const first = await desk.post('/v1/holds', body);
    desk.ledger.tx = tx;
    expect(first).toMatchObject({ status: 200, body: FALLBACK });
    const stored = () =>
      desk.ledger.query<{ state: string; reply: object }>('select state, outcome, reason_code, reply from holds where request_id = $1', [
        body.requestId,
      ]);
    await until(async () => (await stored())[0]?.reply !== undefined && JSON.stringify((await stored())[0]?.reply).includes('9001'));
    expect((await stored())[0]).toMatchObject({ state: says === 'hold' ? 'released' : 'none', outcome: 'allow', reason_code: '9001' });
    expect(await desk.post('/v1/holds', body)).toEqual(first);
    const after = await desk.get(`/v1/holds/${String(first.body['holdId'])}`);
    expect(after.body).toMatchObject({ outcome: 'allow', reasonCode: '9001' });
  },
);

test('invariant 5: while the ledger is away the bank gets the stated fallback, not an error', async () => {
  await desk.post('/v1/holds', question({ requestId: next() }));
  await desk.server.stop();
  const requestId = next();
  const startedMs = performance.now();
  const { status, body } = await desk.post('/v1/holds', question({ requestId }));
  expect(performance.now() - startedMs).toBeLessThan(LATE_MS / 2);
  expect({ status, ...body }).toMatchObject({ status: 200, ...FALLBACK });
  expect((await desk.get(`/v1/holds/h_${'A'.repeat(24)}`)).status).toBe(503);
});

async function until(what: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come to be within four seconds');
}
