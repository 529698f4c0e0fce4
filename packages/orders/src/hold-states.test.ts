import { expect, test } from 'vitest';
import { HOLD_MOVES, moveHold, type HoldMove, type HoldState } from './index.ts';

const states: readonly HoldState[] = ['active', 'confirmed', 'released', 'expired'];
const at = { reason: '客户已核实收款人', nowMs: 2_000_000, expiresMs: 1_800_000 };

test('only an active hold moves, and nothing moves twice', () => {
  for (const state of states) {
    for (const move of Object.keys(HOLD_MOVES) as HoldMove[]) {
      if (state === 'active') expect(moveHold({ ...at, state, move })).toBe(HOLD_MOVES[move].to);
      else expect(() => moveHold({ ...at, state, move })).toThrow('ended already');
    }
  }
});

test('a person who ends a hold says why', () => {
  expect(() => moveHold({ ...at, state: 'active', move: 'release', reason: ' ' })).toThrow('reason');
  expect(() => moveHold({ ...at, state: 'active', move: 'confirm', reason: null })).toThrow('reason');
});

test('the clock ends a hold at its end and not before', () => {
  expect(moveHold({ ...at, state: 'active', move: 'expire', reason: null })).toBe('expired');
  expect(() => moveHold({ ...at, state: 'active', move: 'expire', reason: null, nowMs: 1_799_999 })).toThrow('not reached its end');
});
