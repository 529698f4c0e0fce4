import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LEVELS, RESULTS, type ResultCode } from '@skyeye/contracts';
import { checkLevel, INCIDENT_STEPS, INCIDENT_TABLE, takeStep, type IncidentFacts, type StepInput } from './index.ts';

const start = (level: IncidentFacts['level']): IncidentFacts => ({
  state: 'CREATED',
  level,
  metMs: null,
  result: null,
  falseAlarmCause: null,
});
const results = Object.keys(RESULTS) as ResultCode[];
const anyStep = fc.record({
  step: fc.constantFrom(...INCIDENT_STEPS),
  atMs: fc.nat(1_000_000),
  result: fc.option(fc.constantFrom(...results), { nil: null }),
  falseAlarmCause: fc.constantFrom(null, 'house'),
});

/** The obvious model: what a station officer keeps in the head. */
class Model {
  closed = false;
  met = false;
  answered = false;
  result: ResultCode | null = null;
  cause: string | null = null;
}

function expected(model: Model, level: IncidentFacts['level'], input: StepInput): 'done' | 'refused' {
  if (model.closed && input.step !== 'realert') return 'refused';
  const result = input.result ?? (input.step === 'close' ? model.result : null);
  const cause = input.result === null || input.result === undefined ? model.cause : (input.falseAlarmCause ?? null);
  const coded =
    result !== null &&
    (result !== 'false_alarm' ||
      (input.step === 'close' ? (input.falseAlarmCause ?? model.cause) : (input.falseAlarmCause ?? null)) !== null);
  if (input.step === 'result' && !coded) return 'refused';
  if (input.step === 'follow_up' && !model.answered) return 'refused';
  if (input.step === 'close' && (!coded || ((level === 'P1' || level === 'P2') && !model.met))) return 'refused';
  if (input.step === 'realert') Object.assign(model, { closed: false, answered: false, result: null, cause: null });
  else {
    if (input.step === 'close') model.closed = true;
    if (input.step === 'meet') model.met = true;
    if (input.step === 'result') model.answered = true;
    if (input.result != null) Object.assign(model, { result: input.result, cause });
  }
  return 'done';
}

test('invariant 7: whatever the order of steps, P1 and P2 never close without a meeting since the last alert, and nothing closes without a coded result', () => {
  fc.assert(
    fc.property(fc.constantFrom(...LEVELS), fc.array(anyStep, { maxLength: 25 }), (level, steps) => {
      const model = new Model();
      let facts = start(level);
      for (const input of steps) {
        const before = facts;
        let outcome: 'done' | 'refused' = 'done';
        try {
          facts = takeStep(facts, input);
        } catch (error) {
          expect(error).toMatchObject({ handling: 'refuse' });
          outcome = 'refused';
        }
        // A re-alert after an answer asks for a new meeting.
        if (input.step === 'realert' && outcome === 'done' && facts.state === 'REOPENED') model.met = false;
        model.answered = before.state === 'RESULTED' || before.state === 'FOLLOWUP';
        expect([input.step, outcome]).toEqual([input.step, expected(model, level, input)]);
        expect(facts.metMs !== null).toBe(model.met);
        expect(facts.state === 'CLOSED').toBe(model.closed);
        if (facts.state === 'CLOSED') {
          expect(facts.result).not.toBeNull();
          if (level === 'P1' || level === 'P2') expect(facts.metMs).not.toBeNull();
        }
        if (outcome === 'refused') expect(facts).toBe(before);
      }
    }),
    { numRuns: 300 },
  );
});

test('a call alone does not undo a meeting, and a later dispatch does not either', () => {
  const met = takeStep(start('P1'), { step: 'meet', atMs: 5 });
  for (const step of ['try_call', 'phone_done', 'go', 'not_reached', 'sign', 'send'] as const)
    expect(takeStep(met, { step, atMs: 9 })).toEqual(met);
});

test('every state of the contract is reached by some row', () => {
  const reached = new Set<string>(['CREATED']);
  for (let round = 0; round < 5; round++) {
    for (const state of [...reached] as IncidentFacts['state'][]) {
      for (const step of INCIDENT_STEPS) {
        if (!INCIDENT_TABLE[step].from.includes(state)) continue;
        reached.add(takeStep({ ...start('P3'), state }, { step, atMs: 1, result: 'lost', falseAlarmCause: null }).state);
      }
    }
  }
  expect([...reached].toSorted()).toEqual([
    'CLOSED',
    'CONTACTING',
    'CREATED',
    'DISPATCHED',
    'FOLLOWUP',
    'LOCATING',
    'MET',
    'PHONE_DONE',
    'REOPENED',
    'RESULTED',
    'SIGNED',
    'UNREACHED',
  ]);
});

test('invariant 7: a level is lowered only by a person with a reason', () => {
  expect(checkLevel('P3', 'P1', { person: false, reason: '' })).toBe('raised');
  expect(() => checkLevel('P1', 'P3', { person: false, reason: 'score fell' })).toThrow(
    expect.objectContaining({ code: 'RESPONSE_MACHINE_CANNOT_LOWER' }),
  );
  expect(() => checkLevel('P1', 'P3', { person: true, reason: '  ' })).toThrow(
    expect.objectContaining({ code: 'RESPONSE_REASON_REQUIRED' }),
  );
  expect(checkLevel('P1', 'P3', { person: true, reason: '本人购房,已核实' })).toBe('lowered');
});
