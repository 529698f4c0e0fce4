import { expect, test } from 'vitest';
import type { County } from '@skyeye/contracts';
import { ARGON2, bankKeys, demoAccounts, installDemo, memoryAccounts, passwords } from './index.ts';

const county: County = {
  code: 'c',
  name: { zh: '示例县', en: 'Sample' },
  towns: [],
  fences: [],
  cells: [],
  roads: [],
  stations: [{ code: 'ST01', name: '城关派出所', nameEn: 'Chengguan', lon: 115, lat: 36, town: 't' }],
  communities: [{ code: 'CO0101', name: '东街社区', town: 't', lon: 115, lat: 36, radiusM: 800 }],
  grids: [{ code: 'G010101', name: '第一网格', community: 'CO0101', lon: 115, lat: 36 }],
  teams: [{ code: 'RT01', name: '红袖标一队', nameEn: 'Team 1', station: 'ST01', lon: 115, lat: 36, shifts: [] }],
  banks: [{ code: 'B1', name: '农商行', branches: [] }],
};
const secret = Buffer.alloc(32, 3);

test('a demonstration has an account for every role and unit, with the same passwords at every start of one installation', () => {
  const demo = demoAccounts(county, secret);
  expect(demo.accounts.map(({ account, role, unit }) => [account, role, unit])).toEqual([
    ['analyst', 'analyst', null],
    ['leader', 'leader', null],
    ['operator', 'operator', null],
    ['auditor', 'auditor', null],
    ['station-st01', 'station', 'ST01'],
    ['officer-co0101', 'officer', 'CO0101'],
    ['team-rt01', 'team', 'RT01'],
    ['grid-g010101', 'grid', 'G010101'],
  ]);
  expect(demoAccounts(county, secret)).toEqual(demo);
  expect(new Set(demo.accounts.map(({ password }) => password)).size).toBe(demo.accounts.length);
  expect(demoAccounts(county, Buffer.alloc(32, 4)).accounts[0]?.password).not.toBe(demo.accounts[0]?.password);
});

test('installing twice adds nothing and keeps a changed password', async () => {
  const cheap = passwords({ memoryCost: 64, timeCost: 1, parallelism: 1 });
  const store = memoryAccounts();
  const demo = demoAccounts(county, secret);
  await installDemo(demo, store, cheap);
  const before = await store.find('analyst');
  await installDemo(demo, store, cheap);
  expect(await store.find('analyst')).toEqual(before);
  expect(await cheap.verify(before?.passwordHash, demo.accounts[0]?.password ?? '')).toBe(true);
  expect(await bankKeys(store).verify(demo.bankKeys[0]?.key ?? '')).toBe('B1');
});

test('a password is kept as argon2id with the stated parameters', async () => {
  const real = passwords();
  const hash = await real.hash('correct horse');
  expect(hash).toMatch(new RegExp(`^\\$argon2id\\$v=19\\$m=${ARGON2.memoryCost},t=${ARGON2.timeCost},p=${ARGON2.parallelism}\\$`));
  expect([
    await real.verify(hash, 'correct horse'),
    await real.verify(hash, 'wrong'),
    await real.verify(undefined, 'no account has this password'),
  ]).toEqual([true, false, false]);
});

test('too many verifications at a time are told to come back instead of growing memory', async () => {
  const cheap = passwords({ memoryCost: 64, timeCost: 1, parallelism: 1 });
  const hash = await cheap.hash('x');
  const outcomes = await Promise.all(Array.from({ length: 100 }, () => cheap.verify(hash, 'x')));
  expect(outcomes.filter((outcome) => outcome === 'busy')).toHaveLength(36);
  expect(await cheap.verify(hash, 'x')).toBe(true);
});

test('a key of a bank is kept as its hash', async () => {
  const store = memoryAccounts();
  const keys = bankKeys(store);
  const key = await keys.issue('B1');
  expect(await keys.verify(key)).toBe('B1');
  expect(await keys.verify(`${key}x`)).toBeUndefined();
  expect(await keys.verify('')).toBeUndefined();
  expect(await store.bankOfKey(key)).toBeUndefined();
});
