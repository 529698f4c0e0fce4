import type { Assessment, PaymentFacts } from '@skyeye/contracts';
import { loadPolicies } from '@skyeye/catalogue';
import { expect, test } from 'vitest';
import { decideHold, limitedCodes, type HoldFacts } from './hold-policy.ts';

const unknown: PaymentFacts = {
  newPayee: null,
  ownOrKin: null,
  payeeAccountAgeDays: null,
  payeeLevel: null,
  payeePaidByVictims: null,
  drain: null,
};
const at = (level: Assessment['level'], share = false): Assessment =>
  ({
    level,
    score: level === 'P4' || level === null ? 0.001 : 0.3,
    expectedLossFen: 100_000,
    live: { call: false, share, payment: true },
  }) as Assessment;
const nobody = { customer: 0, county: 0 };

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
  ['the payee’s account is held to be a mule’s', { payment: { payeeAssessed: 'P1' } }, 'hold', '3006'],
  ['the same of kin', { payment: { payeeAssessed: 'P1', ownOrKin: true } }, 'allow', '0000'],
  ['victims paid the payee', { payment: { payeePaidByVictims: true } }, 'hold', '3005'],
  ['a warning on the payee', { payment: { payeeLevel: 1 } }, 'hold', '3003'],
  ['P3, a first payment of 5,000 yuan', { assessment: at('P3'), payment: { newPayee: true }, amountFen: 500_000 }, 'delay', '7003'],
  [
    'P3, a small first payment that opens an episode',
    { assessment: at('P3'), payment: { newPayee: true }, amountFen: 20_000 },
    'delay',
    '7003',
  ],
  [
    'a first payment to an account of two months',
    { payment: { newPayee: true, payeeAccountAgeDays: 60 }, amountFen: 180_000 },
    'delay',
    '7005',
  ],
  [
    'a first payment to an account of a year',
    { payment: { newPayee: true, payeeAccountAgeDays: 365 }, amountFen: 180_000 },
    'allow',
    '0000',
  ],
  ['P4, a small first payment', { assessment: at('P4'), payment: { newPayee: true }, amountFen: 20_000 }, 'allow', '0000'],
  ['no level, but likely enough', { assessment: { ...at(null), score: 0.03 }, payment: { newPayee: true } }, 'delay', '7003'],
  [
    'everything into a week-old account',
    { payment: { newPayee: true, payeeAccountAgeDays: 7, drain: 0.95 }, amountFen: 3_000_000 },
    'delay',
    '7004',
  ],
])('%s', (_says, { payment, ...facts }, outcome, reasonCode) => {
  expect(
    decideHold({
      assessment: null,
      amountFen: 100_000,
      payeeKind: 'personal',
      disturbed: nobody,
      ...facts,
      payment: { ...unknown, ...payment },
    }),
  ).toMatchObject({ outcome, reasonCode });
});

const warned = (amountFen: number, disturbed = nobody): ReturnType<typeof decideHold> =>
  decideHold({ assessment: null, amountFen, payeeKind: 'personal', disturbed, payment: { ...unknown, payeeLevel: 1 } });

test('nobody is disturbed for less than it costs, and the code says so', () => {
  expect(warned(10_000)).toMatchObject({ outcome: 'hold', reasonCode: '3003', expectedLossFen: 3000 });
  expect(warned(9_900)).toMatchObject({ outcome: 'allow', reasonCode: '0001', expectedLossFen: 2970 });
});

test('a first small payment is weighed by what the episode takes, and nobody is delayed for a loss of nothing', () => {
  const first = (episodeLossFen: number) =>
    decideHold({
      assessment: { ...at('P3'), expectedLossFen: 0, episodeLossFen },
      amountFen: 10_000,
      payeeKind: 'personal',
      payment: { ...unknown, newPayee: true },
    });
  expect(first(500_000)).toMatchObject({ outcome: 'delay', expectedLossFen: 500_000 });
  expect(first(0)).toMatchObject({ outcome: 'allow', reasonCode: '0001' });
});

test('who insists on a held payment gets it a day later', () => {
  const held = decideHold({
    assessment: at('P1', true),
    amountFen: 100_000,
    payeeKind: 'personal',
    payment: { ...unknown, newPayee: true },
  });
  expect(held).toMatchObject({ outcome: 'fuse', insists: 'delay' });
});

test('a payment that is not worth a fuse may be worth a hold', () => {
  const involved = (amountFen: number): string =>
    decideHold({ assessment: null, amountFen, payeeKind: 'personal', disturbed: nobody, payment: { ...unknown, payeeLevel: 2 } }).outcome;
  expect([involved(6_700), involved(6_600), involved(3_400), involved(3_300)]).toEqual(['fuse', 'hold', 'hold', 'allow']);
});

test('at the limits of the day only what is certain enough is still stopped', () => {
  const { customerPerDay, countyPerDay } = loadPolicies().disturbance;
  for (const disturbed of [
    { customer: customerPerDay, county: 0 },
    { customer: 0, county: countyPerDay },
  ]) {
    expect(warned(100_000, disturbed)).toMatchObject({ outcome: 'allow', reasonCode: '0002' });
    const certain = { amountFen: 100_000, payeeKind: 'personal', disturbed } as const;
    expect(decideHold({ ...certain, assessment: null, payment: { ...unknown, payeeLevel: 2 } }).outcome).toBe('fuse');
    expect(decideHold({ ...certain, assessment: at('P1', true), payment: { ...unknown, newPayee: true } }).outcome).toBe('fuse');
  }
  expect(warned(100_000, { customer: customerPerDay - 1, county: countyPerDay - 1 }).outcome).toBe('hold');
  expect(limitedCodes()).toEqual(['3006', '3003', '7002', '7003', '7004', '7005']);
});

test('what a bank is told carries no telecom content', () => {
  const { holds, disturbance } = loadPolicies();
  const told = [...holds, ...Object.values(disturbance.spared)].map(({ reason }) => `${reason.zh} ${reason.en}`);
  for (const words of told)
    expect(words).not.toMatch(
      /通话|来电|号码|话单|信令|短信|基站|定位|共享|屏幕|远程|运营商|GOIP|\b(call|caller|phone|number|sms|message|screen|cell|sharing)\b/i,
    );
});
