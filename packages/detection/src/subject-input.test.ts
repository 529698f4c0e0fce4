import { loadCatalogue } from '@skyeye/catalogue';
import type { Evaluation } from '@skyeye/engine';
import { expect, test } from 'vitest';
import { inputSignature, inputSigns, SubjectSignals, subjectSignature } from './index.ts';

const catalogue = loadCatalogue();
const HOUR_MS = 3_600_000;
const seen = (feature: string, key: string, t: number, fires = true, keyType = 'acct'): Evaluation => ({
  feature,
  keyType,
  key,
  person: null,
  value: 5,
  fires,
  t,
  eventId: `e${t}`,
});

test('an account has inputs of its own features alone, and a number of its own', () => {
  expect(subjectSignature(catalogue, 'account').inputs).toContain('mule_fanin_24h~');
  expect(subjectSignature(catalogue, 'account').inputs).not.toContain('svc_call_share_live');
  const numbers = subjectSignature(catalogue, 'number').inputs;
  expect(numbers.length).toBeGreaterThan(20);
  expect(numbers.some((name) => name.startsWith('mule_'))).toBe(false);
});

test('a row fades within a day and says whether the feature still fires', () => {
  const evaluations = [
    seen('mule_fanin_24h', 'a', 0),
    seen('mule_fanin_24h', 'a', 12 * HOUR_MS, false),
    seen('mule_fanout_24h', 'a', 6 * HOUR_MS),
    seen('mule_fanin_24h', 'b', HOUR_MS),
  ];
  const signals = new SubjectSignals({ catalogue, kind: 'account' });
  signals.observe(evaluations.toSorted((a, b) => a.t - b.t));
  const row = signals.row('a', 12 * HOUR_MS);
  const at = (name: string): number => row[subjectSignature(catalogue, 'account').inputs.indexOf(name)] ?? -1;
  expect([at('mule_fanin_24h'), at('mule_fanin_24h~'), at('mule_fanout_24h'), at('mule_fanout_24h~')]).toEqual([0.75, 0, 0.875, 1]);
});

test('who is asked about: subjects of which something fires now, each once; the one heard of longest ago is forgotten', () => {
  const signals = new SubjectSignals({ catalogue, kind: 'account', subjectsMax: 2 });
  expect(
    signals.observe([
      seen('mule_fanin_24h', 'a', 0),
      seen('mule_fanout_24h', 'a', 0),
      seen('mule_fanin_24h', 'b', 0, false),
      seen('mule_fanin_24h', 'p', 0, true, 'person'),
    ]),
  ).toEqual(['a']);
  signals.observe([seen('mule_fanin_24h', 'c', 1), seen('mule_fanin_24h', 'd', 2)]);
  expect(signals.row('a', 2).some((value) => value > 0)).toBe(false);
  expect(signals.row('d', 2).some((value) => value > 0)).toBe(true);
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
