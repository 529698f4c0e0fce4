import { subjectList, type SubjectAssessment } from '@skyeye/contracts';
import { listAudit, recordSubjects } from '@skyeye/ledger';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDesk, T0, type Desk } from './testing/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.end());

const made = (key: string, change: Partial<SubjectAssessment> = {}): SubjectAssessment => ({
  id: `su:account/${key}:e1`,
  kind: 'account',
  key,
  t: T0 - 60_000,
  causeEventId: 'e1',
  sinceMs: T0 - 60_000,
  score: 0.97,
  level: 'P2',
  scam: 'mule_ring',
  reasons: [
    {
      feature: 'dev_emulator_24h',
      says: { zh: '账户从模拟器登录', en: 'from an emulator' },
      contribution: 1,
      value: true,
      evidence: ['e1'],
    },
  ],
  actions: ['share', 'raise_hold'],
  counterparts: [{ key: 'a_1', person: desk.person, t: T0 - 90_000, amountFen: 600_000 }],
  scoredBy: 'model+rules',
  versions: { catalogue: 'c', rules: 'r', model: 'account/2', engine: 'fast' },
  ingestedAtMs: null,
  ...change,
});
const raised = (key: string): SubjectAssessment =>
  made(key, {
    id: `su:account/${key}:e2`,
    causeEventId: 'e2',
    t: T0,
    level: 'P1',
    actions: ['share', 'raise_hold', 'draft_stop_payment'],
    change: { kind: 'raised', from: 'P2', because: { zh: '账户从模拟器登录', en: 'from an emulator' } },
  });
const list = async (account: string) => subjectList.parse((await (await desk.as(account))('GET', '/api/subjects')).json()).subjects;
const audited = async (kind: string): Promise<number> =>
  (await listAudit(desk.ledger, { limit: 500 })).filter((entry) => entry.kind === kind).length;

test('an account is listed once in an episode, raised, with a draft that a leader orders; told again, nothing changes', async () => {
  await recordSubjects(desk.ledger, [made('m1'), raised('m1'), raised('m1'), made('m1')]);
  const [row] = await list('analyst');
  expect(row).toMatchObject({ kind: 'account', level: 'P1', counterparts: 1, residents: ['王*兰'], amountFen: 600_000 });
  expect(row).toMatchObject({ change: { kind: 'raised' }, draft: { kind: 'stop_payment', state: 'drafted', by: null } });
  expect(JSON.stringify(row)).not.toContain(desk.person);
  expect(await audited('subject_drafted')).toBe(1);
  const decide = async (account: string, decision: string) =>
    (await desk.as(account))('POST', `/api/subjects/${row?.id ?? ''}/draft`, { decision, reason: '已核实受害人报案' });
  expect((await decide('analyst', 'ordered')).statusCode).toBe(403);
  expect((await decide('leader', 'ordered')).statusCode).toBe(204);
  expect((await decide('leader', 'dismissed')).statusCode).toBe(404);
  await recordSubjects(desk.ledger, [raised('m1')]);
  expect((await list('leader'))[0]?.draft).toMatchObject({ state: 'ordered', reason: '已核实受害人报案' });
  expect(await audited('subject_ordered')).toBe(1);
});

test('a draft that nobody decided upon is dropped when what it rested on is withdrawn, and is shown as such', async () => {
  const withdrawn = made('m2', {
    id: 'su:account/m2:e3',
    t: T0 + 1,
    level: null,
    actions: [],
    reasons: [],
    change: { kind: 'withdrawn', from: 'P1', because: { zh: '后到记录更正,原有依据不成立', en: 'corrected' } },
  });
  await recordSubjects(desk.ledger, [raised('m2'), withdrawn]);
  const row = (await list('analyst')).find(({ change }) => change?.kind === 'withdrawn');
  expect(row).toMatchObject({ level: null, draft: { state: 'dropped' } });
});

test('who has nothing to do with accounts does not see them', async () => {
  expect((await (await desk.as('station'))('GET', '/api/subjects')).statusCode).toBe(403);
});
