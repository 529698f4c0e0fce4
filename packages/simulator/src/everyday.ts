import type { StreamName } from '@skyeye/contracts';
import { OUTSIDE_REGIONS } from './institutions.ts';
import type { Payment } from './payment.ts';
import { balanceAt, type Population, type Resident } from './population.ts';
import type { Random } from './random.ts';
import { emission, type Emission, type RawValue } from './records.ts';
import type { Habit } from './volumes.ts';

export type HabitOutput =
  { readonly kind: 'record'; readonly emission: Emission } | { readonly kind: 'payment'; readonly payment: Payment };

/** Apps that people have; with `tool`, ones that can share the screen. */
export const MEETING_APP = 'com.tencent.wemeet';
export const COMMON_APPS = [
  'com.tencent.mm',
  'com.eg.android.alipaygphone',
  'com.ss.android.ugc.aweme',
  'com.xunmeng.pinduoduo',
  'com.jingdong.app.mall',
  'com.taobao.taobao',
  'com.sdu.didi.psnger',
  'com.sankuai.meituan',
  'com.kuaishou.nebula',
  'com.baidu.map',
] as const;

/** The habits that are one record of their own: messages, logins, cash, orders, parcels, apps. Calls and payments are in habits.ts. */
export type Everyday = Exclude<Habit, 'callOut' | 'callFromOutside' | 'merchant' | 'p2p' | 'topUp' | 'transfer'>;

export interface Moment {
  readonly population: Population;
  readonly habit: Everyday;
  readonly resident: Resident;
  readonly tMs: number;
  readonly id: string;
  readonly random: Random;
  readonly out: HabitOutput[];
}

export function everyday({ population, habit, resident: r, tMs, id, random, out }: Moment): void {
  const push = (stream: StreamName, entity: string, fields: Record<string, RawValue>): void => {
    out.push({ kind: 'record', emission: emission(stream, entity, { id: `${stream}-${id}`, t: tMs, ...fields }) });
  };
  const phone = r.phone ?? '';
  const shops = population.institutions.shops;
  switch (habit) {
    case 'sms': {
      const cls = random.pick(['otp', 'otp', 'bank_notice', 'bank_notice', 'marketing', 'logistics', 'logistics', 'gov', 'other', 'other']);
      const service = `1069${String(1000 + Math.floor(random.next() ** 2 * 400))}`;
      const friend = population.contacts[r.index]?.[0];
      if (random.chance(0.06) && friend !== undefined)
        push('sms', phone, {
          phone,
          dir: random.chance(0.5) ? 'in' : 'out',
          peer: friend.number,
          port: 'p2p',
          cls: 'other',
          has_url: false,
          domain: null,
        });
      else
        push('sms', phone, {
          phone,
          dir: 'in',
          peer: service,
          port: 'a2p',
          cls,
          has_url: cls === 'marketing' && random.chance(0.5),
          domain: null,
        });
      return;
    }
    case 'login': {
      const account = random.pick(r.accounts.filter((entry) => entry.partner));
      push('acct', account.no, {
        acct: account.no,
        person: r.id,
        phone,
        device: r.imei,
        ev: random.chance(0.02) ? 'login_fail' : 'login',
        bank: account.bank,
        klass: account.accountClass,
        ip: `10.${r.town}.${r.household % 250}.${r.index % 250}`,
        ip_region: '371526',
        emu: false,
        rphone: phone,
      });
      return;
    }
    case 'accountChange': {
      const account = random.pick(r.accounts.filter((entry) => entry.partner));
      push('acct', account.no, {
        acct: account.no,
        person: r.id,
        phone: r.phone,
        device: r.imei,
        ev: random.pick(['payee_add', 'payee_add', 'payee_add', 'limit_up', 'limit_down', 'pwd_reset', 'card_reissue']),
        bank: account.bank,
        klass: account.accountClass,
        ip: null,
        ip_region: null,
        emu: false,
        rphone: r.phone,
      });
      return;
    }
    case 'withdraw':
    case 'deposit': {
      const account = r.accounts[0];
      if (account === undefined) return;
      const yuan = Math.min(20_000, Math.ceil(random.logNormal(1200, 0.8) / 100) * 100);
      push('cash', account.no, {
        acct: account.no,
        person: r.id,
        ev: habit,
        amt: yuan * 100,
        chan: yuan > 5000 ? 'counter' : 'atm',
        terminal: `atm${r.town}${random.int(1, 6)}`,
        region: '371526',
        bal: balanceAt(population, account, tMs),
      });
      return;
    }
    case 'order':
    case 'refund':
    case 'gold': {
      const shop = shops[random.pick(population.shops[r.index] ?? [0])];
      const ev =
        habit === 'order'
          ? 'pay'
          : habit === 'refund'
            ? random.pick(['refund_req', 'refund_done'])
            : random.pick(['gold_buy', 'giftcard_buy']);
      const yuan = habit === 'gold' ? random.logNormal(3000, 0.7) : random.logNormal(75, 0.9);
      push('shop', r.id, {
        person: r.id,
        phone: r.phone,
        ev,
        amt: Math.round(yuan * 100),
        merchant: shop?.merchant ?? null,
        cat: habit === 'gold' ? 'gold' : 'general',
        seller_age_d: random.int(300, 3000),
      });
      return;
    }
    case 'parcelIn':
      push('parcel', phone, {
        phone,
        person: r.id,
        ev: 'receive',
        cat: 'other',
        alone: false,
        to_addr: `h${r.household}`,
        to_region: '371526',
        decl: null,
      });
      return;
    case 'parcelOut':
      push('parcel', phone, {
        phone,
        person: r.id,
        ev: 'send',
        cat: 'other',
        alone: false,
        to_addr: `x${random.int(1, 1e6)}`,
        to_region: random.pick(OUTSIDE_REGIONS),
        decl: null,
      });
      return;
    case 'errand':
      push('parcel', phone, {
        phone,
        person: r.id,
        ev: 'errand',
        cat: random.pick(['food', 'doc', 'other']),
        alone: random.chance(0.5),
        to_addr: `h${random.int(0, 9000)}`,
        to_region: '371526',
        decl: null,
      });
      return;
    case 'loan':
      push('loan', r.id, {
        person: r.id,
        phone: r.phone,
        ev: random.pick(['apply', 'apply', 'approve', 'reject', 'repay']),
        lender: `L${random.int(1, 12)}`,
        amt: random.int(2, 40) * 100_000,
      });
      return;
    case 'install': {
      const pkg = random.chance(0.5) ? random.pick(COMMON_APPS) : `com.app${random.int(1, 900)}.mobile`;
      push('app', phone, {
        phone,
        device: r.imei,
        ev: random.pick(['install', 'first_open', 'uninstall']),
        pkg,
        store: true,
        cat: random.pick(['shop', 'other', 'other', 'other']),
        perm: 'none',
      });
      return;
    }
    case 'web':
      push('web', phone, {
        phone,
        device: r.imei,
        domain: `d${random.int(1, 400)}.example`,
        cat: random.pick(['short_link', 'app_dl', 'normal', 'normal', 'normal']),
        submit: false,
        bytes_up: random.int(80, 900),
        icp: random.chance(0.6),
      });
      return;
    case 'im':
      push('im', phone, {
        phone,
        person: r.id,
        ev: random.pick(['add_friend', 'group_join']),
        peer: `im${random.int(1, 1e6)}`,
        group: null,
        level: 0,
        acct_age_d: random.int(100, 3000),
        deepfake: null,
      });
      return;
    case 'share': {
      const minutes = random.int(8, 60);
      push('rctl', phone, {
        phone,
        device: r.imei,
        ev: 'share_start',
        sid: `s${id}`,
        tool: MEETING_APP,
        peer_region: '371500',
        in_bank: false,
      });
      out.push({
        kind: 'record',
        emission: emission('rctl', phone, {
          id: `rctl-${id}e`,
          t: tMs + minutes * 60_000,
          phone,
          device: r.imei,
          ev: 'share_stop',
          sid: `s${id}`,
          tool: MEETING_APP,
          peer_region: '371500',
          in_bank: false,
        }),
      });
      return;
    }
    case 'fence':
      push('loc', phone, {
        phone,
        ev: random.pick(['cell', 'cell', 'poi_enter', 'poi_leave']),
        poi: random.pick(['bank', 'other', 'home', 'work', 'station']),
        cell: r.cell,
        region: '371526',
        risk_area: false,
      });
      return;
    case 'numberChange':
      push('num', phone, {
        phone,
        person: r.id,
        ev: random.pick(['suspend', 'resume', 'port', 'resume']),
        chan: random.pick(['counter', 'online']),
        owner: r.id,
      });
      return;
    case 'notice':
      push('intel', r.id, {
        phone: null,
        acct: null,
        person: r.id,
        device: null,
        domain: null,
        pkg: null,
        ev: random.pick(['warn', 'leak']),
        level: 1,
        role: 'victim',
        result: 'none',
        scam: null,
      });
      return;
    case 'register':
      push('popev', r.id, { person: r.id, ev: random.pick(['move_in', 'move_out', 'retire', 'visit']) });
      return;
  }
}
