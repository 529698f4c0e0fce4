import type { Assessment, PaymentFacts } from '@skyeye/contracts';
import { expect, test } from 'vitest';
import { decideHold, type HoldFacts } from './hold-policy.ts';

const unknown: PaymentFacts = {
  newPayee: null,
  ownOrKin: null,
  payeeAccountAgeDays: null,
  payeeLevel: null,
  payeePaidByVictims: null,
  drain: null,
};
const at = (level: Assessment['level'], share = false): Assessment =>
  ({ level, live: { call: false, share, payment: true } }) as Assessment;

test.each<[string, Partial<Omit<HoldFacts, 'payment'>> & { payment?: Partial<PaymentFacts> }, string, string]>([
  ['nothing is known', {}, 'allow', '0000'],
  ['the payee is involved in a case', { payment: { payeeLevel: 2 } }, 'fuse', '3004'],
  ['the payee is the customer', { assessment: at('P2'), payment: { ownOrKin: true, payeeLevel: 2 } }, 'allow', '0000'],
  ['P1 while the screen is shared', { assessment: at('P1', true), payment: { newPayee: true } }, 'fuse', '7001'],
  ['P1', { assessment: at('P1'), payment: { newPayee: true } }, 'hold', '7001'],
  ['P1 and an own account', { assessment: at('P1', true), payment: { ownOrKin: true } }, 'delay', '7001'],
  ['P2 to a new payee', { assessment: at('P2'), payment: { newPayee: true } }, 'hold', '7002'],
  ['P2 to a payee of old', { assessment: at('P2'), payment: { newPayee: false } }, 'allow', '0000'],
  ['P2 at a licensed merchant', { assessment: at('P2'), payment: { newPayee: true }, payeeKind: 'merchant' }, 'allow', '0000'],
  ['victims paid the payee', { payment: { payeePaidByVictims: true } }, 'hold', '3005'],
  ['a warning on the payee', { payment: { payeeLevel: 1 } }, 'hold', '3003'],
  ['P3, a first payment of 5,000 yuan', { assessment: at('P3'), payment: { newPayee: true }, amountFen: 500_000 }, 'delay', '7003'],
  ['P3, a small first payment', { assessment: at('P3'), payment: { newPayee: true }, amountFen: 499_999 }, 'allow', '0000'],
  [
    'everything into a week-old account',
    { payment: { newPayee: true, payeeAccountAgeDays: 7, drain: 0.95 }, amountFen: 3_000_000 },
    'delay',
    '7004',
  ],
])('%s', (_says, { payment, ...facts }, outcome, reasonCode) => {
  expect(
    decideHold({ assessment: null, amountFen: 100_000, payeeKind: 'personal', ...facts, payment: { ...unknown, ...payment } }),
  ).toMatchObject({ outcome, reasonCode });
});
