import type { County } from '@skyeye/contracts';
import { cardNumber, fixedNumber, walletNumber } from './numbers.ts';
import { firmName } from './names.ts';
import { Random } from './random.ts';

/** Banks outside the partnership: seen only where they are the counterparty. */
export const OTHER_BANKS = ['ICBC', 'ABC', 'CCB', 'BOC', 'PSBC', 'CMB'] as const;
export const PAYMENT_INSTITUTIONS = ['ALIPAY', 'TENPAY'] as const;
export const OUTSIDE_REGIONS = ['440300', '530100', '450100', '350200', '420100', '110000', '320100'] as const;

/** A counterparty that is not a resident. */
export interface OutsideAccount {
  readonly no: string;
  readonly name: string;
  readonly bank: string;
  readonly kind: 'personal' | 'corp' | 'merchant' | 'payinst' | 'otc' | 'gov' | 'payacct';
  readonly region: string;
  readonly openedMs: number;
  readonly merchant: string | null;
}

export interface Institutions {
  readonly partners: readonly string[];
  /** Firms that pay wages through their partner bank; the first pays the pensions. */
  readonly employers: readonly OutsideAccount[];
  /** Shops that are paid through a wallet, 25 per town in the towns' order. */
  readonly shops: readonly OutsideAccount[];
  /** Public utilities, schools, telephone companies. */
  readonly billers: readonly OutsideAccount[];
  /** Couriers, shops, clinics whose fixed or mobile lines call many people. */
  readonly serviceLines: readonly { readonly number: string; readonly kind: 'fixed' | 'svc95' | 'svc400' | 'mobile' }[];
}

export const SHOPS_PER_TOWN = 25;
const DAY_MS = 86_400_000;
const BILLERS = [
  '澄河供电公司',
  '澄河水务公司',
  '澄河燃气公司',
  '澄河广电网络',
  '澄河一中',
  '澄河县医院',
  '澄河社保中心',
  '鲁西移动营业厅',
];

export function makeInstitutions(seed: number, county: County, startMs: number): Institutions {
  const random = new Random(seed, 0x1257);
  const partners = county.banks.map((bank) => bank.code);
  const opened = (): number => startMs - random.int(400, 6000) * DAY_MS;
  const firm = (n: number, name: string, kind: OutsideAccount['kind']): OutsideAccount => {
    const bank = n % partners.length;
    return {
      no: cardNumber(bank, 90_000_000 + n),
      name,
      bank: partners[bank] ?? 'CHRCB',
      kind,
      region: county.code,
      openedMs: opened(),
      merchant: null,
    };
  };
  return {
    partners,
    employers: Array.from({ length: 40 }, (_, n) => firm(n, n === 0 ? '澄河社保中心' : firmName(random), n === 0 ? 'gov' : 'corp')),
    shops: Array.from({ length: county.towns.length * SHOPS_PER_TOWN }, (_, n) => ({
      no: walletNumber(80_000_000 + n),
      name: `商户${n}`,
      bank: PAYMENT_INSTITUTIONS[n % 2] ?? 'ALIPAY',
      kind: 'merchant' as const,
      region: county.code,
      openedMs: opened(),
      merchant: `m${String(n).padStart(5, '0')}`,
    })),
    billers: BILLERS.map((name, n) => firm(100 + n, name, n === 6 ? 'gov' : 'corp')),
    serviceLines: Array.from({ length: 60 }, (_, n) =>
      n % 6 === 0
        ? { number: `95${500 + n}`, kind: 'svc95' as const }
        : n % 6 === 1
          ? { number: `400${6_000_000 + n * 137}`, kind: 'svc400' as const }
          : { number: fixedNumber('0635', n), kind: 'fixed' as const },
    ),
  };
}
