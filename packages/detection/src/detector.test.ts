import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { loadCatalogue, loadPolicies } from '@skyeye/catalogue';
import type { StreamEvent } from '@skyeye/contracts';
import type { Evaluation } from '@skyeye/engine';
import { expect, test } from 'vitest';
import { scored } from './probability.ts';
import { evidenceOf } from './describe-event.ts';
import { Detector, type Cause, type Pending } from './detector.ts';
import { scriptRuns } from './testing/scripts.ts';

const T = Date.UTC(2026, 8, 16, 2);
const options = { catalogue: loadCatalogue(), policies: loadPolicies(), versions: { model: 'none', engine: 'test' } };
const svc =
  scriptRuns(gunzipSync(readFileSync(new URL('../fixtures/scripts.jsonl.gz', import.meta.url))).toString('utf8')).find(
    ({ script }) => script === 'svc',
  )?.causes ?? [];

const scoreOf = (pendings: readonly Pending[], id: string | null | undefined): number =>
  pendings.find(({ event }) => event?.id === id)?.rule.probability ?? Number.NaN;

function cause(t: number, fires: readonly string[], event: Partial<StreamEvent> = {}): Cause {
  const made: StreamEvent = {
    stream: 'bank',
    id: `S09:${t}`,
    t,
    person: 'p1',
    acct: 'a1',
    dir: 'out',
    amt: 100_000,
    st: 'ok',
    live: true,
    stranger: true,
    np180p: true,
    peer: 'a9',
    ...event,
  };
  const evaluations = fires.map((feature): Evaluation => ({
    feature,
    keyType: 'person',
    key: 'p1',
    person: String(made['person']),
    value: true,
    fires: true,
    t,
    eventId: made.id,
  }));
  return { event: made, evaluations };
}

test('nobody is scored while nothing has fired', () => {
  const detector = new Detector(options);
  expect(detector.observe([cause(T, [])])).toEqual([]);
});

test('a signal lives two hours after it fired last, and not a millisecond longer', () => {
  const memory = 7_200_000;
  for (const [later, expected] of [
    [memory - 1, 1],
    [memory, 0],
  ] as const) {
    const detector = new Detector(options);
    detector.observe([cause(T, ['x_share_open_at_transfer'])]);
    expect(detector.observe([cause(T + later, [])]).length).toBe(expected);
  }
});

test('without the model the rules decide and the assessment says so', () => {
  const detector = new Detector(options);
  const pendings = detector.observe(svc);
  const alone = detector.conclude(pendings, null);
  expect(new Set(alone.map(({ scoredBy }) => scoredBy))).toEqual(new Set(['rules']));
  const other = new Detector(options);
  const again = other.observe(svc);
  const broken = other.conclude(again, { probabilities: new Float32Array(again.length).fill(Number.NaN) });
  expect(broken).toEqual(alone);
});

test('with the model the score is mixed', () => {
  const detector = new Detector(options);
  const pendings = detector.observe(svc);
  const said = detector.conclude(pendings, { probabilities: new Float32Array(pendings.length).fill(1) });
  const alone = new Detector(options);
  const byRules = alone.conclude(alone.observe(svc), null);
  expect(new Set(said.map(({ scoredBy }) => scoredBy))).toEqual(new Set(['model+rules']));
  expect(said[0]?.score).toBeCloseTo(scored(scoreOf(pendings, said[0]?.causeEventId), 1, options.policies).score, 6);
  expect(said.some(({ level }) => level === 'P1') && byRules.some(({ level }) => level === 'P1')).toBe(true);
});

test('an id is made of person and cause', () => {
  const detector = new Detector(options);
  const [first] = detector.conclude(detector.observe(svc), null);
  expect(first?.id).toBe(`as:V:${first?.causeEventId}`);
});

test('the holder of an account that is not the county’s is followed, and nobody is sent', () => {
  const detector = new Detector(options);
  const made = cause(T, [
    'mule_fanin_new_24h',
    'mule_passthru_24h',
    'mule_fifo30m_24h',
    'gf_depth_2h',
    'gf_copayee_24h',
    'mule_victim_payer_24h',
  ]);
  const ofAccount = { ...made, evaluations: made.evaluations.map((each) => ({ ...each, keyType: 'acct', key: 'a1' })) };
  expect(detector.observe([ofAccount])).toEqual([]);
  const [own] = detector.observe([cause(T + 1, ['vul_student'])]);
  expect(own?.rule.offenderPoints).toBeGreaterThan(14);
});

test('a hold question changes nothing', () => {
  const detector = new Detector(options);
  detector.conclude(detector.observe(svc.slice(0, 34)), null);
  const before = structuredClone(detector.state());
  const pending = detector.peek(
    cause(Math.max(...svc.slice(0, 34).map(({ event }) => event?.t ?? 0)) + 1000, ['x_call_open_at_transfer'], {
      person: 'V',
      st: 'init',
      txid: 'x1',
    }),
  );
  if (pending === undefined) throw new Error('the question was about a person with signals');
  expect(detector.judge(pending, null)).toMatchObject({ level: 'P1', live: { payment: true } });
  expect(structuredClone(detector.state())).toEqual(before);
});

test('a payment that waits makes the loss due now, and one that was decided does not', () => {
  const detector = new Detector(options);
  const [waiting] = detector.observe([cause(T, ['x_share_open_at_transfer'], { st: 'init', txid: 'x1' })]);
  expect(waiting).toMatchObject({ pendingFen: 100_000, lostFen: 0, live: { payment: true } });
  const [decided] = detector.observe([cause(T + 60_000, ['x_share_open_at_transfer'], { st: 'ok', txid: 'x1' })]);
  expect(decided).toMatchObject({ pendingFen: 0, lostFen: 100_000, live: { payment: false } });
});

test('every row has the length of the signature', () => {
  const detector = new Detector(options);
  const pendings = detector.observe(svc);
  expect(detector.inputs(pendings).length).toBe(pendings.length * detector.signature.inputs.length);
  expect(detector.inputs(pendings).every((value) => value >= 0 && value <= 1)).toBe(true);
});

test('beyond its limit the detector forgets who was seen longest ago', () => {
  const detector = new Detector({ ...options, personsMax: 2 });
  for (const [index, person] of ['p1', 'p2', 'p3'].entries()) detector.observe([cause(T + index, [], { person })]);
  expect(detector.state().persons.map(([person]) => person)).toEqual(['p2', 'p3']);
});

test('a sweep forgets those of whom nothing was heard for long', () => {
  const detector = new Detector(options);
  detector.observe([cause(T, [])]);
  detector.sweep(T + 5 * 3_600_000);
  expect(detector.persons).toBe(1);
  detector.sweep(T + 7 * 3_600_000);
  expect(detector.persons).toBe(0);
});

test('a report of a cell is said, with the cell, for a person under an alert', () => {
  const detector = new Detector(options);
  detector.conclude(detector.observe(svc), null);
  const t = Math.max(...svc.map(({ event }) => event?.t ?? 0)) + 120_000;
  const report = cause(t, [], { stream: 'loc', id: 'S18:l1', person: 'V', ev: 'cell', cell: '3715-0101' });
  const [said] = detector.conclude(detector.observe([report]), null);
  expect(said?.evidence).toMatchObject([{ eventId: 'S18:l1', stream: 'loc', t, facts: { ev: 'cell', cell: '3715-0101' } }]);
});

test('an item of the axis says whether money went to an account of the person itself', () => {
  const { event } = cause(T, [], { rel: 'self', stranger: false });
  if (event === null) throw new Error('the cause is an event');
  expect(evidenceOf(event)).toMatchObject({ amountFen: 100_000, facts: { dir: 'out', rel: 'self' } });
});

test("another person's event under a shared key leaves one's own phone, account, money and axis alone", () => {
  const detector = new Detector(options);
  const strong = ['x_share_login_newpayee_30m', 'x_call_open_at_transfer', 'svc_refund_transfer_2h'].filter((id) =>
    options.catalogue.byId.has(id),
  );
  detector.observe([cause(T, strong, { phone: 'n1' })]);
  const { event, evaluations } = cause(T + 1000, [], {
    id: 'S06:2',
    stream: 'web',
    person: 'p2',
    phone: 'n2',
    acct: 'a2',
    domain: 'bad.example',
  });
  const shared: Evaluation = {
    feature: strong[0] ?? '',
    keyType: 'domain',
    key: 'bad.example',
    person: 'p1',
    value: true,
    fires: true,
    t: T + 1000,
    eventId: 'S06:2',
  };
  const pending = detector.observe([{ event, evaluations: [...evaluations, shared] }]).find(({ person }) => person === 'p1');
  expect(pending).toMatchObject({ phone: 'n1', acct: 'a1' });
});

test('a bar that rose drops a case to P3, unless the phone is watched while a transfer waits or the case stands already', () => {
  const strict = { ...options, visitsPerDay: 1 };
  const crowd = (from: number): Cause[] =>
    svc.map(({ event, evaluations }) => {
      const shifted = (t: number): number => t + from;
      return {
        event: event === null ? null : { ...event, t: shifted(event.t), person: `${String(event['person'])}${from}` },
        evaluations: evaluations.map((each) => ({
          ...each,
          t: shifted(each.t),
          person: each.person === null ? null : `${each.person}${from}`,
        })),
      };
    });
  const level = (said: readonly { level: string | null }[]): string => said.map((made) => made.level ?? 'none').toSorted()[0] ?? 'none';
  const detector = new Detector(strict);
  const first = detector.conclude(detector.observe(svc), null);
  expect(level(first)).toBe('P1');
  for (let hour = 1; hour <= 24; hour++) detector.conclude(detector.observe(crowd(hour * 3_600_000)), null);
  const { barFen } = detector.bar;
  expect(barFen).toBeGreaterThan(1_000_000);
  // Small money: below the bar, but for the floor.
  const poor = crowd(25 * 3_600_000).map(({ event, evaluations }) => ({
    event: event === null ? null : { ...event, bal: 100_000 },
    evaluations,
  }));
  const quiet = poor.map(({ event, evaluations }) => ({
    event,
    evaluations: evaluations.filter(({ feature }) => !feature.startsWith('rctl_share_on') && !feature.startsWith('rctl_remote_on')),
  }));
  const apart = detector.conclude(detector.observe(quiet), null);
  expect(level(apart)).toBe('P3');
  const last = Math.max(...quiet.map(({ event }) => event?.t ?? 0));
  const person = `V${25 * 3_600_000}`;
  const shared: Evaluation = {
    feature: 'rctl_share_on_now',
    keyType: 'person',
    key: person,
    person,
    value: true,
    fires: true,
    t: last + 1000,
    eventId: 'S08:x',
  };
  const waiting = cause(last + 1000, [], { id: 'S08:x', person, st: 'init', txid: 'w1', bal: 100_000, amt: 5000 });
  const floor = detector.conclude(detector.observe([{ event: waiting.event, evaluations: [shared] }]), null);
  expect(level(floor)).toBe('P1');
  const over = { ...shared, fires: false, value: false, t: last + 60_000, eventId: 'S08:y' };
  const after = cause(last + 60_000, [], { id: 'S08:y', person, st: 'ok', txid: 'w1', bal: 100_000, amt: 5000 });
  const standing = detector.conclude(detector.observe([{ event: after.event, evaluations: [over] }]), null);
  expect(['P1', 'P2']).toContain(level(standing));
});

const taken = (made: Cause, t: number, features: readonly string[]): Cause => ({
  event: cause(t, [], { id: `S09:${t}:late`, amt: 100 }).event,
  evaluations: made.evaluations.map((each) => (features.includes(each.feature) ? { ...each, fires: false, value: false } : each)),
});

test('a correction that takes all evidence back withdraws what was said, once, with the reason; new evidence is an alert again', () => {
  const detector = new Detector(options);
  const features = ['x_share_open_at_transfer', 'x_call_open_at_transfer', 'app_black_7d'];
  const made = cause(T, features);
  const [said] = detector.conclude(detector.observe([made]), null);
  expect(said?.level).not.toBeNull();
  const late = taken(made, T + 60_000, features);
  const [withdrawn, ...others] = detector.conclude(detector.observe([late]), null);
  expect(others).toEqual([]);
  expect(withdrawn).toMatchObject({ level: null, score: 0, change: { kind: 'withdrawn', from: said?.level } });
  expect(withdrawn?.change?.because.zh).toContain(options.catalogue.byId.get('app_black_7d')?.name.zh);
  expect(detector.conclude(detector.observe([cause(T + 120_000, [])]), null)).toEqual([]);
  const [again] = detector.conclude(detector.observe([cause(T + 180_000, features)]), null);
  expect(again).toMatchObject({ level: said?.level });
  expect(again?.change).toBeUndefined();
});

test('a correction of a part lowers what was said, and more evidence raises it again, with the reason', () => {
  const detector = new Detector(options);
  const features = ['x_share_open_at_transfer', 'x_call_open_at_transfer', 'app_black_7d', 'rctl_share_on_now'];
  const made = cause(T, features);
  const [said] = detector.conclude(detector.observe([made]), null);
  const [corrected] = detector.conclude(detector.observe([taken(made, T + 60_000, ['app_black_7d'])]), null);
  expect(corrected?.change).toMatchObject({ kind: 'corrected', from: said?.level });
  const [raised] = detector.conclude(detector.observe([cause(T + 120_000, features)]), null);
  expect(raised?.change).toMatchObject({ kind: 'raised', from: corrected?.level });
});

test('evidence that grows old takes nothing back, and neither does a correction of one firing of two', () => {
  const detector = new Detector(options);
  const features = ['x_share_open_at_transfer', 'x_call_open_at_transfer', 'app_black_7d'];
  detector.conclude(detector.observe([cause(T, features)]), null);
  const second = cause(T + 60_000, features);
  detector.conclude(detector.observe([second]), null);
  expect(detector.conclude(detector.observe([taken(second, T + 120_000, features)]), null).some(({ change }) => change !== undefined)).toBe(
    false,
  );
  expect(detector.conclude(detector.observe([cause(T + 7_300_000, [])]), null)).toEqual([]);
});
