import { afterAll, beforeAll, expect, test } from 'vitest';
import { actionsOf, changeLevel, clocksOf, getIncident, putReference, recordAssessment, returnTo, sign, tasksOf } from '@skyeye/ledger';
import { planTiers } from '@skyeye/response';
import { turnClocks } from './clock-loop.ts';
import { assessment, geo, HOME, MINUTE, resident, T0, testLedger, type TestLedger } from './testing/dispatching.ts';

let it: TestLedger;
beforeAll(async () => {
  it = await testLedger();
  await it.ledger.tx((tx) => putReference(tx, ['a', 'b', 'c'].flatMap(resident)));
});
afterAll(() => it.end());

const open = async (person: string, level: 'P1' | 'P3' = 'P1') =>
  (await recordAssessment(it.ledger, geo, assessment(person, { level }), T0)).incidentId ?? '';
const stationsBut = (code: string) => geo.county.stations.filter((station) => station.code !== code);
const give = async (id: string, to: { code: string; name: string }, nowMs: number, byStation = true) => {
  const row = await getIncident(it.ledger, id);
  const actor = { account: `room-${row.station}`, unit: row.station };
  return returnTo(it.ledger, { incidentId: id, version: row.version, actor, nowMs, to, byStation, reason: '非本辖区住址' });
};
const stationTasks = async (id: string) =>
  (await tasksOf(it.ledger, [id])).filter(({ tier }) => tier === 'station').map(({ unit, state }) => `${unit} ${state}`);

test('an incident goes on from district to district, each station returns it once, and the last one keeps it', async () => {
  const id = await open('a');
  const first = (await getIncident(it.ledger, id)).station;
  const [second, third] = stationsBut(first);
  if (second === undefined || third === undefined) throw new Error('three stations are needed');
  expect(await give(id, second, T0 + 2 * MINUTE)).toMatchObject({ station: second.code, stationName: second.name, signedMs: null });
  expect(await give(id, third, T0 + 6 * MINUTE)).toMatchObject({ station: third.code });
  expect(await stationTasks(id)).toEqual([`${first} cancelled`, `${second.code} cancelled`, `${third.code} sent`]);
  expect((await clocksOf(it.ledger, [id])).get(id)?.find(({ step }) => step === 'sign')).toMatchObject({ dueMs: T0 + 7 * MINUTE });
  const back = { code: first, name: geo.county.stations.find(({ code }) => code === first)?.name ?? '' };
  expect(await give(id, back, T0 + 7 * MINUTE)).toMatchObject({ station: first });
  await expect(give(id, second, T0 + 8 * MINUTE)).rejects.toMatchObject({ code: 'RESPONSE_RETURNED_BEFORE', handling: 'refuse' });
  expect(await give(id, second, T0 + 60 * MINUTE, false)).toMatchObject({ station: second.code });
  const returns = (await actionsOf(it.ledger, id)).filter(({ kind }) => kind === 'returned');
  expect(returns.map(({ facts }) => `${String(facts['from'])}>${String(facts['to'])}`)).toEqual([
    `${first}>${second.code}`,
    `${second.code}>${third.code}`,
    `${third.code}>${first}`,
    `${first}>${second.code}`,
  ]);
});

test('a station returns within five minutes of being told, and names another one', async () => {
  const id = await open('b');
  const { station, stationName, version } = await getIncident(it.ledger, id);
  const [other] = stationsBut(station);
  if (other === undefined) throw new Error('two stations are needed');
  await expect(give(id, { code: station, name: stationName }, T0)).rejects.toMatchObject({ code: 'RESPONSE_RETURN_TO_SELF' });
  await expect(give(id, other, T0 + 5 * MINUTE + 1)).rejects.toMatchObject({ code: 'RESPONSE_RETURN_LATE' });
  expect(await getIncident(it.ledger, id)).toMatchObject({ station, version });
});

test('the machine does not choose again a station that returned the incident, and the signature of the county stays', async () => {
  const id = await open('c', 'P3');
  const { station, version } = await getIncident(it.ledger, id);
  const [other] = stationsBut(station);
  if (other === undefined) throw new Error('two stations are needed');
  const desk = { account: 'analyst1', unit: null };
  await sign(it.ledger, { incidentId: id, version, actor: desk, nowMs: T0 + MINUTE });
  expect(await give(id, other, T0 + 2 * MINUTE)).toMatchObject({ state: 'SIGNED', signedBy: 'analyst1' });
  await turnClocks(it.ledger, geo, T0 + 240 * MINUTE);
  expect(await stationTasks(id)).toEqual([`${other.code} sent`]);
  const home = { position: null, home: { lon: HOME.lon, lat: HOME.lat }, community: HOME.community, grid: HOME.grid };
  const plan = planTiers(geo, { level: 'P1', whereabouts: home, nowMs: T0 });
  expect(plan.station.code).toBe(station);
  const row = await getIncident(it.ledger, id);
  await changeLevel(it.ledger, {
    incidentId: id,
    version: row.version,
    actor: desk,
    nowMs: T0 + 241 * MINUTE,
    level: 'P2',
    reason: '再次来电求助',
    plan,
  });
  await recordAssessment(it.ledger, geo, assessment('c', { level: 'P1', t: T0 + 600 * MINUTE }), T0 + 600 * MINUTE);
  expect(await getIncident(it.ledger, id)).toMatchObject({ level: 'P1', station: other.code, stationName: other.name });
  expect((await stationTasks(id)).some((task) => task.startsWith(station))).toBe(false);
});
