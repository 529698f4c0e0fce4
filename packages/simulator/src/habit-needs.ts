import { mix } from './random.ts';
import type { Resident } from './population.ts';
import type { Habit } from './volumes.ts';

/** A quarter of those whose phone can tell share their screen now and then; for the others the first time is news. */
export const sharesScreen = (r: Resident): boolean => mix(r.index) % 4 === 0 && r.covered.includes('rctl') && r.covered.includes('app');

/** Who can have a habit at all: its volume is spread over these residents. */
export const NEEDS: Readonly<Record<Habit, (r: Resident) => boolean>> = {
  callOut: (r) => r.phone !== null,
  callFromOutside: (r) => r.phone !== null,
  sms: (r) => r.phone !== null,
  merchant: (r) => r.wallet !== null,
  p2p: (r) => r.wallet !== null,
  topUp: (r) => r.wallet !== null && r.accounts.length > 0,
  transfer: (r) => r.accounts.length > 0,
  login: (r) => r.accounts.some((account) => account.partner) && r.phone !== null,
  accountChange: (r) => r.accounts.some((account) => account.partner),
  withdraw: (r) => r.accounts.length > 0,
  deposit: (r) => r.accounts.length > 0,
  order: (r) => r.phone !== null,
  refund: (r) => r.phone !== null,
  gold: (r) => r.phone !== null && r.age > 20,
  parcelIn: (r) => r.phone !== null,
  parcelOut: (r) => r.phone !== null,
  errand: (r) => r.phone !== null,
  loan: (r) => r.accounts.length > 0 && r.age < 60,
  install: (r) => r.covered.includes('app'),
  web: (r) => r.covered.includes('web'),
  im: (r) => r.covered.includes('im'),
  share: sharesScreen,
  fence: (r) => r.covered.includes('loc'),
  numberChange: (r) => r.phone !== null && r.age > 16,
  notice: (r) => r.phone !== null,
  register: () => true,
};
