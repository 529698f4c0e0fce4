import { loadCatalogue } from '@skyeye/catalogue';
import { TOPICS, unknownList, type Incident } from '@skyeye/contracts';
import { codedResults, putUnknowns } from '@skyeye/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PERSON, startDesk, T0, type Desk } from './testing/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
  // The desk's accounts live in memory; results are read beside those of the ledger, which know what is a person.
  for (const account of ['analyst', 'leader'])
    await desk.ledger.query("insert into accounts (account, name, role, password_hash) values ($1, $1, $1, '-')", [account]);
});
afterAll(() => desk.end());

const versionOf = async (id: string): Promise<number> =>
  ((await (await desk.as('analyst'))('GET', `/api/incidents/${id}`)).json() as Incident).version;

test('an appeal turns a result round within the day: not by whoever coded it, and on the topic for learning at once', async () => {
  const id = await desk.alert(41, { level: 'P3' });
  const [analyst, leader] = [await desk.as('analyst'), await desk.as('leader')];
  const review = async (ask: typeof leader, appeal: boolean) =>
    ask('POST', `/api/incidents/${id}/review`, {
      version: await versionOf(id),
      result: 'false_alarm',
      falseAlarmCause: 'house',
      appeal,
      reason: '本人申诉:系购房首付,合同已核',
    });
  expect((await review(leader, true)).json()).toMatchObject({ code: 'LEDGER_NOT_RESULTED' });
  await leader('POST', `/api/incidents/${id}/close`, { version: await versionOf(id), result: 'refused' });
  expect((await review(leader, true)).json()).toMatchObject({ code: 'LEDGER_REVIEW_OWN' });
  expect((await review(analyst, true)).statusCode).toBe(403);
  const own = await desk.alert(42, { level: 'P3' });
  await analyst('POST', `/api/incidents/${own}/close`, { version: await versionOf(own), result: 'refused' });
  const reply = await leader('POST', `/api/incidents/${own}/review`, {
    version: await versionOf(own),
    result: 'false_alarm',
    falseAlarmCause: 'house',
    appeal: true,
    reason: '本人申诉:系购房首付,合同已核',
  });
  expect([reply.statusCode, reply.json().result]).toEqual([200, 'false_alarm']);
  const coded = (await codedResults(desk.ledger, { fromMs: T0, toMs: T0 + 86_400_000 })).filter(({ incidentId }) => incidentId === own);
  expect(coded.map(({ kind, result }) => [kind, result])).toEqual([
    ['result', 'refused'],
    ['review', 'false_alarm'],
  ]);
  const sent: string[] = [];
  const consumer = await desk.log.consumer({
    group: 'test-review',
    topics: [TOPICS.feedback.name],
    from: 'earliest',
    onPoison: () => Promise.resolve(),
    onBatch: ({ messages }) => {
      for (const { value } of messages) {
        const said = JSON.parse(Buffer.from(value).toString()) as { incidentId: string; result: string };
        if (said.incidentId === own) sent.push(said.result);
      }
      return Promise.resolve();
    },
  });
  await expect.poll(() => sent, { timeout: 5_000 }).toEqual(['refused', 'false_alarm']);
  await consumer.close();
});

test('the list of what nobody has a rule for: twenty a day at most, masked, decided once with a trace', async () => {
  const line = (rank: number, day = '20260915') => ({
    day,
    rank,
    person: rank === 1 ? desk.person : `p_unknown${rank}`,
    z: 9 - rank / 10,
    outFen: 1_800_000,
    features: [{ id: loadCatalogue().features[0]?.id ?? '', share: 0.0004 }],
    foundMs: T0,
  });
  const all = Array.from({ length: 20 }, (_, index) => line(index + 1));
  expect([await putUnknowns(desk.ledger, all), await putUnknowns(desk.ledger, all)]).toEqual([20, 0]);
  await expect(putUnknowns(desk.ledger, [line(21)])).rejects.toThrow();
  const analyst = await desk.as('analyst');
  const { unknowns, lastRun } = unknownList.parse((await analyst('GET', '/api/unknowns')).json());
  expect(lastRun).toBeNull();
  expect(unknowns[0]).toMatchObject({ rank: 1, maskedName: '王*兰', age: 68, verdict: null });
  expect(unknowns[0]?.features[0]?.says.zh).toMatch(/\p{Script=Han}/u);
  const decide = (rank: number) =>
    analyst('POST', `/api/unknowns/20260915/${rank}/verdict`, { verdict: 'suspicious', note: '疑似新手法,电话 13800005521' });
  expect((await decide(1)).statusCode).toBe(204);
  expect((await decide(1)).json()).toMatchObject({ code: 'LEDGER_DECIDED_BEFORE' });
  expect((await analyst('POST', '/api/unknowns/20250101/1/verdict', { verdict: 'harmless', note: '没有' })).statusCode).toBe(404);
  expect((await (await desk.as('operator'))('GET', '/api/unknowns')).statusCode).toBe(403);
  const { body } = await analyst('GET', '/api/unknowns');
  expect(body).not.toContain(PERSON.phone);
  expect(unknownList.parse(JSON.parse(body)).unknowns[0]).toMatchObject({ verdict: 'suspicious', decidedBy: 'analyst' });
});
