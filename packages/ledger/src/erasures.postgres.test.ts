import { afterAll, beforeAll, expect, test } from 'vitest';
import { approveErasure, askErasure, ERASURE_WAITS_MS, finishErasure, listAudit, listErasures, refuseErasure } from './index.ts';
import { testLedger, T0, type TestLedger } from './testing/ledger.ts';

let it: TestLedger;
beforeAll(async () => void (it = await testLedger()));
afterAll(() => it.end());

const KEYS = [{ keyType: 'person' as const, key: 'p_of_nobody' }];
const ask = (id: string, nowMs = T0): Promise<void> => askErasure(it.ledger, { id, keys: KEYS, reason: 'asked for', by: 'ann', nowMs });
const one = async (id: string, nowMs = T0) => (await listErasures(it.ledger, nowMs)).find((row) => row.id === id);
const keysKept = async (): Promise<number> => (await it.ledger.query('select 1 from erasures where keys is not null')).length;

test('a request is approved by a second person, done once, and then nobody can tell whose it was', async () => {
  await ask('e1');
  await expect(approveErasure(it.ledger, { id: 'e1', by: 'ann', nowMs: T0 })).rejects.toMatchObject({ code: 'LEDGER_ERASURE_OWN' });
  for (let time = 0; time < 2; time++) expect(await approveErasure(it.ledger, { id: 'e1', by: 'ben', nowMs: T0 + 1 })).toEqual(KEYS);
  expect(await one('e1')).toMatchObject({ state: 'approved', decidedBy: 'ben', receipt: null });
  for (let time = 0; time < 2; time++) await finishErasure(it.ledger, { id: 'e1', by: 'ben', nowMs: T0 + 2 });
  expect(await keysKept()).toBe(0);
  const entry = (await listAudit(it.ledger)).filter(({ subject, kind }) => subject === 'e1' && kind === 'erasure_done');
  expect(entry).toHaveLength(1);
  expect(await one('e1')).toMatchObject({ state: 'done', doneMs: T0 + 2, receipt: { seq: entry[0]?.seq, hash: entry[0]?.hash } });
  await expect(approveErasure(it.ledger, { id: 'e1', by: 'ben', nowMs: T0 })).rejects.toMatchObject({ code: 'LEDGER_NOT_FOUND' });
});

test('a refusal carries its reason, and a request that nobody decides upon expires; whose they were is dropped', async () => {
  await ask('e2');
  await refuseErasure(it.ledger, { id: 'e2', by: 'ben', reason: 'an open case', nowMs: T0 });
  expect(await one('e2')).toMatchObject({ state: 'refused', refusal: 'an open case', decidedBy: 'ben' });
  await ask('e3');
  const late = T0 + ERASURE_WAITS_MS + 1;
  expect(await one('e3', late)).toMatchObject({ state: 'expired' });
  await ask('e4', late);
  await expect(approveErasure(it.ledger, { id: 'e3', by: 'ben', nowMs: late })).rejects.toMatchObject({ code: 'LEDGER_NOT_FOUND' });
  expect(await keysKept()).toBe(1);
});
