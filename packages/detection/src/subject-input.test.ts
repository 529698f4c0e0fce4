import { loadCatalogue } from '@skyeye/catalogue';
import { expect, test } from 'vitest';
import { inputSignature, inputSigns, subjectSignature } from './index.ts';
import type { Signal } from './signal.ts';
import { subjectRow } from './subject-input.ts';

const catalogue = loadCatalogue();
const HOUR_MS = 3_600_000;
const signal = (feature: string, firedMs: number, stillFires = true): Signal => ({
  feature,
  keyType: 'acct',
  key: 'a',
  firedMs,
  firedId: 'e1',
  value: 5,
  latestMs: firedMs,
  latestId: 'e1',
  stillFires,
});

test('an account has inputs of its own features and its devices, a number of its own; where a holder comes from is none', () => {
  const accounts = subjectSignature(catalogue, 'account').inputs;
  expect(accounts).toEqual(expect.arrayContaining(['mule_fanin_24h~', 'dev_acct_cnt_7d', 'ip_acct_cnt_24h']));
  expect(accounts).not.toContain('svc_call_share_live');
  expect(accounts).not.toContain('holder_region_risk');
  const numbers = subjectSignature(catalogue, 'number').inputs;
  expect(numbers).toEqual(expect.arrayContaining(['num_age_d', 'dev_sim_cnt_7d~']));
  expect(numbers.some((name) => name.startsWith('mule_') || name.startsWith('dev_acct'))).toBe(false);
});

test('a row fades within a day and says whether the feature still fires', () => {
  const { inputs } = subjectSignature(catalogue, 'account');
  const places = new Map(inputs.map((name, at) => [name, at]));
  const row = subjectRow(
    [signal('mule_fanin_24h', 0, false), signal('mule_fanout_24h', 6 * HOUR_MS), signal('mule_density_1h', -13 * HOUR_MS)],
    {
      places,
      width: inputs.length,
      nowMs: 12 * HOUR_MS,
      memoryMs: 24 * HOUR_MS,
    },
  );
  const at = (name: string): number => row[inputs.indexOf(name)] ?? -1;
  expect([at('mule_fanin_24h'), at('mule_fanin_24h~'), at('mule_fanout_24h'), at('mule_fanout_24h~'), at('mule_density_1h')]).toEqual([
    0.75, 0, 0.875, 1, 0,
  ]);
});

test('confirmed evidence may only raise, mitigation only lower, and what speaks of offenders is free for a victim', () => {
  const { inputs } = inputSignature(catalogue);
  const person = inputSigns(catalogue, inputs, 'person');
  const signOf = (name: string): number => person[inputs.indexOf(name)] ?? Number.NaN;
  expect([signOf('svc_call_share_live'), signOf('svc_call_share_live~'), signOf('mit_payee_kin_self'), signOf('mule_fanin_24h')]).toEqual([
    1, 1, -1, 0,
  ]);
  expect([...inputSigns(catalogue, ['mule_victim_payer_24h'], 'account')]).toEqual([
    catalogue.byId.get('mule_victim_payer_24h')?.fires.weight === 3 ? 1 : 0,
  ]);
});
