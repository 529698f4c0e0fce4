/**
 * What a county does in a day, per resident (children included): DOMAIN §3, volumes per million residents divided by a
 * million. Amounts are means in yuan: payments 265 (third-party institutions, 2023), bank transfers 3,000 (mobile payments of
 * banks, 2023); the heavy tail is the log-normal's.
 */
export const PER_DAY = {
  callOut: { stream: 'call', perResident: 2.5, says: 'originating calls' },
  callFromOutside: { stream: 'call', perResident: 0.9, says: 'calls from outside the county' },
  sms: { stream: 'sms', perResident: 3.5, says: 'short messages, mostly from application ports' },
  merchant: { stream: 'pay', perResident: 2.05, says: 'payments to merchants' },
  p2p: { stream: 'pay', perResident: 0.4, says: 'payments between people' },
  topUp: { stream: 'pay', perResident: 0.05, says: 'wallet filled from the own card' },
  transfer: { stream: 'bank', perResident: 0.4, says: 'bank transfers' },
  login: { stream: 'acct', perResident: 1.25, says: 'logins' },
  accountChange: { stream: 'acct', perResident: 0.003, says: 'payee added, limit changed, account opened' },
  withdraw: { stream: 'cash', perResident: 0.012, says: 'cash withdrawals' },
  deposit: { stream: 'cash', perResident: 0.0095, says: 'cash deposits' },
  order: { stream: 'shop', perResident: 0.25, says: 'orders' },
  refund: { stream: 'shop', perResident: 0.0175, says: 'refunds' },
  gold: { stream: 'shop', perResident: 0.00075, says: 'gold and gift cards' },
  parcelIn: { stream: 'parcel', perResident: 0.3, says: 'parcels received' },
  parcelOut: { stream: 'parcel', perResident: 0.05, says: 'parcels sent' },
  errand: { stream: 'parcel', perResident: 0.0075, says: 'errands' },
  loan: { stream: 'loan', perResident: 0.0075, says: 'loan applications' },
  install: { stream: 'app', perResident: 0.3, says: 'app installs' },
  web: { stream: 'web', perResident: 0.06, says: 'risky visits delivered' },
  im: { stream: 'im', perResident: 0.003, says: 'messenger risk notices' },
  share: { stream: 'rctl', perResident: 0.0125, says: 'screen sharing sessions' },
  fence: { stream: 'loc', perResident: 0.03, says: 'fence and cell reports' },
  numberChange: { stream: 'num', perResident: 0.0025, says: 'number status changes' },
  notice: { stream: 'intel', perResident: 0.002, says: 'intelligence' },
  register: { stream: 'popev', perResident: 0.0005, says: 'population register' },
} as const;
export type Habit = keyof typeof PER_DAY;
export const HABITS = Object.keys(PER_DAY) as Habit[];

/** Mean amounts in yuan that a test compares with what is generated. */
export const MEAN_YUAN = { pay: 265, bank: 3000 } as const;
/** Mean seconds of an answered call: 4.3 minutes a day at 1.7 minutes each. */
export const MEAN_CALL_S = 102;

/** Share of the day's activity in each local hour, for those who keep shop hours and for those who sit up late. Each sums to 1. */
const normalise = (hours: readonly number[]): readonly number[] => {
  const sum = hours.reduce((total, value) => total + value, 0);
  return hours.map((value) => value / sum);
};
export const HOUR_SHARES: readonly (readonly number[])[] = [
  normalise([1, 0.5, 0.3, 0.3, 0.6, 2, 5, 8, 10, 11, 11, 9, 8, 7, 8, 9, 9, 9, 9, 8, 6, 4, 2, 1]),
  normalise([4, 2, 1, 0.5, 0.4, 0.6, 1.5, 4, 6, 7, 7, 8, 9, 8, 7, 7, 7, 8, 9, 10, 11, 11, 10, 7]),
];
