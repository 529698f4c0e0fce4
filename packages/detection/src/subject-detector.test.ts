import { loadCatalogue, loadPolicies, loadRules } from '@skyeye/catalogue';
import { subjectAssessment, type StreamEvent, type SubjectAssessment } from '@skyeye/contracts';
import type { Evaluation } from '@skyeye/engine';
import { expect, test } from 'vitest';
import { Detector, RuleBook, SubjectDetector, type Cause } from './index.ts';

const catalogue = loadCatalogue();
const policies = loadPolicies();
const MIN_MS = 60_000;
const NONE = { account: null, number: null } as const;
const made = (): SubjectDetector =>
  new SubjectDetector({
    catalogue,
    policies,
    rules: new RuleBook({ live: loadRules(), shadow: [] }),
    versions: { account: 'a1', number: 'n1', engine: 'fast' },
  });

let serial = 0;
const seen = (
  feature: string,
  key: string,
  { keyType = 'acct', value = 5 as Evaluation['value'], fires = true, t = 0, id = '' } = {},
): Evaluation => ({
  feature,
  keyType,
  key,
  person: null,
  value,
  fires,
  t,
  eventId: id === '' ? `e${t}` : id,
});
const event = (
  stream: StreamEvent['stream'],
  t: number,
  fields: Readonly<Record<string, string | number | boolean | null>>,
): StreamEvent => ({
  stream,
  id: `${stream}${t}.${serial++}`,
  t,
  ...fields,
});
const login = (account: string, t: number, evaluations: readonly Evaluation[]): Cause => ({
  event: event('acct', t, { acct: account, device: 'd1', ev: 'login' }),
  evaluations,
});
/** As the engine evaluates for the county's own. */
const own = (person: string, t: number): Evaluation => ({ ...seen('out_cnt_1h', person, { keyType: 'person', fires: false, t }), person });
const pays = (payer: string, payee: string, t: number): Cause => ({
  event: event('bank', t, { acct: `acct-${payer}`, person: payer, peer: payee, dir: 'out', amt: 600_000, stranger: true, live: true }),
  evaluations: [own(payer, t)],
});
const run = (subjects: SubjectDetector, causes: readonly Cause[]) => subjects.weave(causes, subjects.observe(causes), NONE);
const gang = (t: number): Cause[] => [
  login('m0', t, []),
  login('m1', t + MIN_MS, [
    seen('dev_emulator_24h', 'm1', { value: true, t: t + MIN_MS }),
    seen('dev_acct_cnt_7d', 'd1', { keyType: 'device', t: t + MIN_MS }),
  ]),
];

test('what is true of a device counts for every account on it: a card is found before anybody pays it', () => {
  const { said } = run(made(), gang(0));
  expect(said.map(({ kind, key, level, scoredBy }) => [kind, key, level, scoredBy])).toEqual([
    ['account', 'm1', 'P2', 'rules'],
    ['account', 'm0', 'P2', 'rules'],
  ]);
  expect(said[0]?.actions).toEqual(['share', 'raise_hold']);
  expect(said[0]?.reasons.map(({ feature }) => feature)).toEqual(['dev_acct_cnt_7d', 'dev_emulator_24h']);
  expect(said[0]?.rules?.[0]).toMatchObject({ id: 'mule_gang_phone', level: 'P2' });
  expect(said.map((one) => subjectAssessment.parse(one))).toEqual(said);
});

test('one episode: the same level is said once, a higher one as raised, with who paid', () => {
  const subjects = made();
  run(subjects, gang(0));
  const again = run(subjects, gang(20 * MIN_MS));
  expect(again.said).toEqual([]);
  const row = (t: number): Cause => ({
    event: event('bank', t, { acct: 'm0', dir: 'in', peer: 'x1', stranger: true, amt: 5 }),
    evaluations: [],
  });
  const causes = [pays('V', 'm0', 30 * MIN_MS), row(31 * MIN_MS)];
  const { said } = subjects.weave(causes, subjects.observe(causes), { account: Float32Array.of(0.95, 0.95), number: null });
  expect(said).toHaveLength(1);
  expect(said[0]).toMatchObject({ key: 'm0', level: 'P1', change: { kind: 'raised', from: 'P2' }, scoredBy: 'model+rules' });
  expect(said[0]?.actions).toContain('draft_stop_payment');
  expect(said[0]?.counterparts).toEqual([{ key: 'acct-V', person: 'V', t: 30 * MIN_MS, amountFen: 600_000 }]);
});

test('the next payer is marked with the payment itself, who paid before is told at once, and kin are left alone', () => {
  const subjects = made();
  const before = run(subjects, [pays('E', 'm0', 0)]);
  expect(before.causes[0]?.evaluations).toEqual([own('E', 0)]);
  const { causes } = run(subjects, gang(MIN_MS));
  const told = causes.filter(({ event: of }) => of === null).flatMap(({ evaluations }) => evaluations);
  expect(told).toEqual([expect.objectContaining({ feature: 'payee_assessed', person: 'E', value: 1, t: 2 * MIN_MS })]);
  const next = run(subjects, [pays('V', 'm0', 10 * MIN_MS)]).causes[0]?.evaluations.slice(1) ?? [];
  expect(next).toEqual([expect.objectContaining({ feature: 'payee_assessed', person: 'V', fires: true })]);
  expect(subjects.levelOf('account', 'm0', 10 * MIN_MS)).toBe('P2');
  const kin = pays('K', 'm0', 11 * MIN_MS);
  const marked = subjects.marked({ ...kin, event: { ...(kin.event as StreamEvent), stranger: false } });
  expect(marked.evaluations).toHaveLength(1);
  const outsider = pays('X', 'm0', 12 * MIN_MS);
  expect(run(subjects, [{ ...outsider, evaluations: [] }]).causes).toEqual([{ ...outsider, evaluations: [] }]);
});

test('the payer of a high-risk account is P2 or P3 at once, with that reason', () => {
  const subjects = made();
  run(subjects, gang(0));
  const detector = new Detector({
    catalogue,
    policies,
    rules: new RuleBook({ live: loadRules(), shadow: [] }),
    versions: { model: 'none', engine: 'fast' },
  });
  const [cause] = run(subjects, [pays('V', 'm0', 10 * MIN_MS)]).causes;
  const said = detector.conclude(detector.observe(cause === undefined ? [] : [cause]), null);
  expect(['P2', 'P3']).toContain(said[0]?.level);
  expect(said[0]?.reasons[0]?.says.zh).toBe('正在向高风险账户转账');
});

test('a new number in turning handsets that dials in sequence is found within its first calls; a courier is not', () => {
  const subjects = made();
  const call = (key: string, t: number, features: readonly [string, Evaluation['value']][]): Cause => ({
    event: event('call', t, { phone: key, dir: 'out', peer: 'c' }),
    evaluations: features.map(([feature, value]) => seen(feature, key, { keyType: 'number', value, t })),
  });
  const { said } = run(subjects, [
    call('goip', 0, [
      ['num_age_d', 12],
      ['num_imei_cnt_7d', 5],
    ]),
    call('courier', 1, [
      ['num_fanout_24h', 110],
      ['num_in_out_ratio_7d', 0.01],
      ['num_fanout_ratio_24h', 0.97],
    ]),
    call('goip', 2, [['num_seq_dial_24h', 0.9]]),
  ]);
  const urgent = said.filter(({ level }) => level === 'P1' || level === 'P2');
  expect(urgent.map(({ key, actions }) => [key, actions])).toEqual([['goip', ['share', 'warn_callees']]]);
});

test('evidence that a correction takes back withdraws what was said of it, with the reason', () => {
  const subjects = made();
  const t = 5 * MIN_MS;
  run(subjects, [
    login('s', t, [
      seen('dev_emulator_24h', 's', { value: true, t, id: 'a' }),
      seen('mule_victim_payer_24h', 's', { value: 1, t, id: 'a' }),
      seen('mule_otc_out_24h', 's', { value: 1, t, id: 'a' }),
    ]),
  ]);
  expect(subjects.levelOf('account', 's', t)).not.toBeNull();
  const { said } = run(subjects, [
    login('s', t + 1, [
      seen('mule_victim_payer_24h', 's', { value: 0, fires: false, t, id: 'a' }),
      seen('mule_otc_out_24h', 's', { value: 0, fires: false, t, id: 'a' }),
    ]),
  ]);
  expect(said[0]).toMatchObject({
    level: null,
    actions: [],
    change: { kind: 'withdrawn', because: { zh: '后到记录更正,原有依据不成立' } },
  });
  expect(subjects.levelOf('account', 's', t + 1)).toBeNull();
});

test('what is said depends on the causes, not on how they are cut; and a state given to another goes on as it was', () => {
  const causes = [pays('E', 'm0', 0), ...gang(MIN_MS), pays('V', 'm0', 3 * MIN_MS), ...gang(30 * MIN_MS), pays('W', 'm1', 40 * MIN_MS)];
  const whole = run(made(), causes);
  const cut = made();
  const pieces: SubjectAssessment[] = [];
  const woven: Cause[] = [];
  let current = cut;
  for (const cause of causes) {
    const { said, causes: next } = run(current, [cause]);
    pieces.push(...said);
    woven.push(...next);
    const restored = made();
    restored.restore(structuredClone(current.state()));
    current = restored;
  }
  expect(pieces).toEqual(whole.said);
  expect(woven).toEqual(whole.causes);
});

test('an erased key is nowhere in the state any more, and memory is bounded', () => {
  const subjects = new SubjectDetector({ catalogue, policies, versions: { account: '', number: '', engine: '' }, subjectsMax: 10 });
  run(subjects, [pays('E', 'm0', 0), ...gang(MIN_MS)]);
  subjects.forget(new Set(['m0', 'E']));
  expect(JSON.stringify(subjects.state())).not.toMatch(/"m0"|account\/m0|"E"/);
  for (let n = 0; n < 50; n++) run(subjects, [login(`x${n}`, n, [seen('mule_fanin_24h', `x${n}`, { t: n })])]);
  expect(subjects.subjects).toBe(10);
  subjects.sweep(30 * 86_400_000);
  expect(subjects.subjects).toBe(0);
});
