import { OTHER_BANKS, OUTSIDE_REGIONS, SHOPS_PER_TOWN, type OutsideAccount } from './institutions.ts';
import { cardNumber, mobileNumber } from './numbers.ts';
import { balanceAt, DAY_MS, type Account, type Population, type Resident } from './population.ts';
import { Random } from './random.ts';
import { callRecord, signal, type FundSide, type Party } from './records.ts';
import type { Payment } from './payment.ts';
import { everyday, type HabitOutput } from './everyday.ts';
import { NEEDS } from './habit-needs.ts';
import { HABITS, HOUR_SHARES, PER_DAY, type Habit } from './volumes.ts';

/** Ordinary life is made in slices of this length, each from its own seeds. */
export const CHUNK_MS = 600_000;
const SHANGHAI_MS = 8 * 3_600_000;
export const chunkOf = (tMs: number): number => Math.floor(tMs / CHUNK_MS);

const NEW_SHOP_SHARE = 0.2;

/** Ordinary life of the county by parameters: what happens in one slice depends on seed, slice and resident alone. */
export class Habits {
  readonly #population: Population;
  /** Expected events of a day: residents × habits. */
  readonly #rates: Float64Array;
  readonly #totals: Float64Array;

  constructor(population: Population) {
    this.#population = population;
    const { residents } = population;
    this.#rates = new Float64Array(residents.length * HABITS.length);
    this.#totals = new Float64Array(residents.length);
    HABITS.forEach((habit, column) => {
      let weights = 0;
      for (const resident of residents) if (NEEDS[habit](resident)) weights += resident.activity;
      if (weights === 0) return;
      const scale = (PER_DAY[habit].perResident * (population.province.habits[habit] ?? 1) * residents.length) / weights;
      for (const resident of residents)
        if (NEEDS[habit](resident)) this.#rates[resident.index * HABITS.length + column] = scale * resident.activity;
    });
    for (const resident of residents) this.#totals[resident.index] = this.#ratesOf(resident.index).reduce((sum, rate) => sum + rate, 0);
  }

  #ratesOf(resident: number): Float64Array {
    return this.#rates.subarray(resident * HABITS.length, (resident + 1) * HABITS.length);
  }

  /** Everything that begins in slice `chunk`. A call begun in it may end later. Cost: about 50 ns per resident and 2 µs per event. */
  chunk(chunk: number): HabitOutput[] {
    const out: HabitOutput[] = [];
    const { seed, residents, province } = this.#population;
    const hour = Math.floor(((((chunk * CHUNK_MS + SHANGHAI_MS) % DAY_MS) + DAY_MS) % DAY_MS) / 3_600_000);
    const lived = (hour + 24 - province.hours_later) % 24;
    const share = [(HOUR_SHARES[0]?.[lived] ?? 0) / 6, (HOUR_SHARES[1]?.[lived] ?? 0) / 6] as const;
    for (const resident of residents) {
      const random = new Random(seed, chunk, resident.index);
      const count = random.poisson((this.#totals[resident.index] ?? 0) * share[resident.hours]);
      for (let n = 0; n < count; n++) {
        const habit = HABITS[random.weighted(this.#ratesOf(resident.index), this.#totals[resident.index] ?? 0)] ?? 'sms';
        const tMs = chunk * CHUNK_MS + Math.floor(random.next() * CHUNK_MS);
        this.#happen(habit, resident, tMs, `${chunk.toString(36)}.${resident.index.toString(36)}.${n}`, random, out);
      }
    }
    this.#wages(chunk, hour, out);
    return out;
  }

  #wages(chunk: number, hour: number, out: HabitOutput[]): void {
    if (hour < 9 || hour > 10) return;
    const population = this.#population;
    const day = new Date(chunk * CHUNK_MS + SHANGHAI_MS).getUTCDate();
    const slice = (hour - 9) * 6 + (chunk % 6);
    for (const resident of population.residents) {
      if (resident.employer < 0 || resident.payday !== day || resident.index % 12 !== slice) continue;
      const firm = population.institutions.employers[resident.employer];
      const account = resident.accounts[0];
      if (firm === undefined || account === undefined) continue;
      const tMs = chunk * CHUNK_MS + ((resident.index * 7919) % CHUNK_MS);
      out.push({
        kind: 'payment',
        payment: {
          resident: -1,
          fund: {
            txid: `W${chunk.toString(36)}.${resident.index.toString(36)}`,
            tMs,
            amtFen: resident.monthlyFen,
            stream: 'bank',
            scene: 'transfer',
            chan: 'batch',
            purpose: 'salary',
            payroll: true,
          },
          payer: this.#outside(firm, false),
          payee: this.side(account, tMs, resident.monthlyFen),
        },
      });
    }
  }

  /** An account of a resident as one side of a payment. */
  side(account: Account, tMs: number, deltaFen: number): FundSide {
    const owner = this.#population.residents[account.owner];
    return {
      no: account.no,
      bank: account.bank,
      kind: account.kind,
      region: this.#population.county.code,
      balFen: Math.max(0, balanceAt(this.#population, account, tMs) + deltaFen),
      seen: account.partner || account.kind === 'payacct',
      device: owner?.imei ?? null,
    };
  }

  #outside(account: OutsideAccount, seen: boolean): FundSide {
    return { no: account.no, bank: account.bank, kind: account.kind, region: account.region, balFen: null, seen };
  }

  party(resident: Resident): Party {
    return {
      number: resident.phone ?? '',
      kind: 'mobile',
      cell: resident.cell,
      imei: resident.imei,
      region: this.#population.county.code,
      signalling: resident.covered.includes('callsig'),
    };
  }

  #happen(habit: Habit, r: Resident, tMs: number, id: string, random: Random, out: HabitOutput[]): void {
    switch (habit) {
      case 'callOut':
      case 'callFromOutside':
        this.#call(habit, r, tMs, id, random, out);
        return;
      case 'merchant':
      case 'p2p':
      case 'topUp':
      case 'transfer':
        this.#pay(habit, r, tMs, id, random, out);
        return;
      default:
        everyday({ population: this.#population, habit, resident: r, tMs, id, random, out });
    }
  }

  #call(habit: 'callOut' | 'callFromOutside', r: Resident, tMs: number, id: string, random: Random, out: HabitOutput[]): void {
    const population = this.#population;
    const contacts = population.contacts[r.index] ?? [];
    const own = this.party(r);
    const outsider = (number: string, kind = 'mobile', region: string | null = '371500'): Party => ({
      number,
      kind,
      region,
      signalling: false,
    });
    let other: Party;
    if (random.chance(population.province.new_contact_share) || contacts.length === 0) {
      const line = random.pick(population.institutions.serviceLines);
      other = random.chance(0.5)
        ? outsider(line.number, line.kind, population.county.code)
        : outsider(
            mobileNumber(40_000_000 + random.int(0, 3_000_000)),
            'mobile',
            random.chance(0.7) ? population.county.code : random.pick(OUTSIDE_REGIONS),
          );
    } else if (habit === 'callFromOutside') {
      other = outsider((contacts.find((contact) => contact.resident < 0) ?? contacts[0])?.number ?? '');
    } else {
      const contact = contacts[Math.floor(contacts.length * random.next() ** 1.6)];
      const person = contact === undefined || contact.resident < 0 ? undefined : population.residents[contact.resident];
      other = person === undefined ? outsider(contact?.number ?? '') : this.party(person);
    }
    const answered = random.chance(0.78);
    const durationS = Math.min(7200, Math.max(3, Math.round(random.logNormal(56, 1.1))));
    const facts = { id: `c${id}`, startMs: tMs, durationS, answered, ringS: random.int(3, 25) };
    const [caller, callee] = habit === 'callOut' ? [own, other] : [other, own];
    if (answered) {
      for (const message of signal({ id: facts.id, ev: 'begin', tMs }, caller, callee)) out.push({ kind: 'record', emission: message });
      for (const message of signal({ id: facts.id, ev: 'end', tMs: tMs + durationS * 1000 }, caller, callee))
        out.push({ kind: 'record', emission: message });
    }
    out.push({ kind: 'record', emission: callRecord(facts, caller, callee) });
  }

  #pay(habit: 'merchant' | 'p2p' | 'topUp' | 'transfer', r: Resident, tMs: number, id: string, random: Random, out: HabitOutput[]): void {
    const population = this.#population;
    const { institutions } = population;
    const card = r.accounts[0];
    const wallet = r.wallet;
    const payment = (payer: Account, payee: FundSide, fen: number, facts: Omit<Payment['fund'], 'txid' | 'tMs' | 'amtFen'>): void => {
      out.push({
        kind: 'payment',
        payment: { resident: r.index, fund: { ...facts, txid: `x${id}`, tMs, amtFen: fen }, payer: this.side(payer, tMs, -fen), payee },
      });
    };
    const money = (median: number, sigma: number, max: number): number =>
      Math.min(max * 100, Math.max(100, Math.round(random.logNormal(median * population.province.everyday_amounts, sigma) * 100)));
    if (habit === 'merchant' && wallet !== null) {
      const known = population.shops[r.index] ?? [];
      const shop =
        institutions.shops[
          random.chance(NEW_SHOP_SHARE) ? r.town * SHOPS_PER_TOWN + random.int(0, SHOPS_PER_TOWN - 1) : random.pick(known)
        ];
      if (shop !== undefined)
        payment(wallet, this.#outside(shop, false), money(60, 1.25, 20_000), {
          stream: 'pay',
          scene: random.chance(0.75) ? 'qr_merchant' : 'ecom',
          chan: 'qr',
          purpose: 'none',
          merchant: shop.merchant,
        });
    } else if (habit === 'topUp' && wallet !== null && card !== undefined) {
      const fen = Math.max(5000, Math.round(money(420, 0.8, 20_000) / 5000) * 5000);
      payment(card, this.side(wallet, tMs, fen), fen, { stream: 'pay', scene: 'topup', chan: 'mobile', purpose: 'none' });
    } else if (habit === 'p2p' && wallet !== null) {
      const fen = money(320, 1.5, 50_000);
      const friend = this.#friend(r, random, 2);
      payment(
        wallet,
        friend?.wallet === null || friend?.wallet === undefined ? this.#stranger(random) : this.side(friend.wallet, tMs, fen),
        fen,
        { stream: 'pay', scene: random.pick(['p2p', 'p2p', 'redpacket']), chan: 'mobile', purpose: 'none' },
      );
    } else if (card !== undefined) {
      const fen = Math.round(money(1150, 1.4, 300_000) / 100) * 100;
      const biller = random.chance(0.25) ? institutions.billers[r.index % institutions.billers.length] : undefined;
      const friend = this.#friend(r, random, 1);
      const target = friend?.accounts[0];
      const payee =
        biller !== undefined ? this.#outside(biller, false) : target === undefined ? this.#stranger(random) : this.side(target, tMs, fen);
      payment(card, payee, fen, {
        stream: 'bank',
        scene: 'transfer',
        chan: random.chance(0.9) ? 'mobile' : 'counter',
        purpose: biller === undefined ? 'none' : 'goods',
      });
    }
  }

  /** One of the first `among` habitual payees, or undefined for somebody new. */
  #friend(r: Resident, random: Random, among: number): Resident | undefined {
    const payees = this.#population.payees[r.index] ?? [];
    if (payees.length === 0 || random.chance(this.#population.province.new_payee_share)) return undefined;
    return this.#population.residents[payees[Math.floor(Math.min(among, payees.length) * random.next())] ?? -1];
  }

  #stranger(random: Random): FundSide {
    return {
      no: cardNumber(8, 60_000_000 + random.int(0, 2_000_000)),
      bank: random.pick(OTHER_BANKS),
      kind: 'personal',
      region: random.chance(0.6) ? this.#population.county.code : random.pick(OUTSIDE_REGIONS),
      balFen: null,
      seen: false,
    };
  }
}
