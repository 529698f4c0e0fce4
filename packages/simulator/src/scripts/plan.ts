import type { RawReferenceInput } from '@skyeye/contracts';
import { cardNumber, fixedNumber, identityNumber, mobileNumber, walletNumber } from '../numbers.ts';
import { OTHER_BANKS, OUTSIDE_REGIONS, PAYMENT_INSTITUTIONS } from '../institutions.ts';
import { DAY_MS, type Population, type Resident } from '../population.ts';
import { Random } from '../random.ts';
import type { Emission, Party } from '../records.ts';
import type { Script } from './script.ts';

/** An account that takes part in a script, by its name there (A1, W1, MUs0, …). */
export interface Role {
  readonly name: string;
  readonly no: string;
  readonly bank: string;
  readonly kind: string;
  readonly region: string;
  readonly person: string | null;
  readonly device: string | null;
  /** Its provider delivers its records. */
  readonly seen: boolean;
  /** A partner bank holds it for the person the script is about: the bank asks before it pays. */
  readonly asks: boolean;
  readonly mule: boolean;
  readonly startFen: number;
}

export interface PlannedPayment {
  readonly from: Role;
  readonly to: Role;
  readonly yuan: number;
  /** Share of what the account holds, instead of `yuan`. */
  readonly all: number;
  readonly digits: number;
  readonly stream: 'bank' | 'pay';
  readonly scene: string;
  readonly purpose: string;
  readonly chan: string;
  readonly payroll: boolean;
}

export interface PlannedCall {
  readonly id: string;
  readonly caller: Party;
  readonly callee: Party;
  readonly durationS: number;
  readonly answered: boolean;
  readonly spoof: boolean;
  readonly conf: boolean;
}

export type Act =
  | {
      readonly kind: 'records';
      readonly make: (tMs: number) => Emission[];
      readonly share?: 'start' | 'stop';
      readonly credit?: { readonly role: Role; readonly fen: number };
    }
  | { readonly kind: 'cash'; readonly role: Role; readonly fen: number; readonly make: (tMs: number) => Emission[] }
  | { readonly kind: 'call'; readonly call: PlannedCall }
  | { readonly kind: 'hangUp'; readonly call: PlannedCall }
  | { readonly kind: 'payment'; readonly payment: PlannedPayment };

export interface PlannedStep {
  /** Position in the plan before sorting by time: names the step in ids and in the journal. */
  readonly index: number;
  readonly offsetMs: number;
  readonly act: Act;
}

/** One script on one resident, sampled: everything that will happen unless somebody steps in. */
export interface Plan {
  /** Unique, also the seed of its own chance. */
  readonly key: number;
  readonly id: string;
  readonly script: Script;
  readonly victim: Resident;
  /** Time of the script's first contact; steps may lie before it. */
  readonly t0Ms: number;
  readonly steps: readonly PlannedStep[];
  readonly roles: ReadonlyMap<string, Role>;
  /** Numbers of the callers from outside. */
  readonly callers: readonly string[];
  /** Owners and ages of the accounts, numbers and domains that come with it. */
  readonly references: readonly { readonly entity: string; readonly record: RawReferenceInput }[];
  readonly history: readonly Emission[];
}

/** Makes the roles of a script and remembers what the registers know about them. */
export class Cast {
  readonly roles = new Map<string, Role>();
  readonly references: { entity: string; record: RawReferenceInput }[] = [];
  readonly parties = new Map<string, Party>();
  /** Numbers made for this script. */
  readonly callers: string[] = [];
  readonly id: string;
  #serial = 0;
  readonly #population: Population;
  readonly #script: Script;
  readonly #key: number;
  readonly #victim: Resident;
  readonly #random: Random;
  readonly #t0Ms: number;

  constructor(of: { population: Population; script: Script; key: number; victim: Resident; random: Random; t0Ms: number }) {
    this.#population = of.population;
    this.#script = of.script;
    this.#key = of.key;
    this.#victim = of.victim;
    this.#random = of.random;
    this.#t0Ms = of.t0Ms;
    this.id = `z${of.key.toString(36)}`;
    const fen = (value: number | readonly [number, number] | undefined, fallback: readonly [number, number]): number =>
      Math.round(typeof value === 'number' ? value : this.#random.between(...(value ?? fallback))) * 100;
    const [first, second] = [of.victim.accounts[0], of.victim.accounts[1]];
    const own = { region: of.population.county.code, person: of.victim.id, device: of.victim.imei, mule: false };
    if (first !== undefined)
      this.roles.set('A1', {
        ...own,
        name: 'A1',
        no: first.no,
        bank: first.bank,
        kind: 'personal',
        seen: first.partner,
        asks: first.partner,
        startFen: fen(of.script.victim.bal1, [30_000, 90_000]),
      });
    if (second !== undefined)
      this.roles.set('A2', {
        ...own,
        name: 'A2',
        no: second.no,
        bank: second.bank,
        kind: 'personal',
        seen: second.partner,
        asks: second.partner,
        startFen: fen(of.script.victim.bal2, [20_000, 60_000]),
      });
    if (of.victim.wallet !== null)
      this.roles.set('W1', {
        ...own,
        name: 'W1',
        no: of.victim.wallet.no,
        bank: of.victim.wallet.bank,
        kind: 'payacct',
        seen: true,
        asks: false,
        startFen: 500_000,
      });
    if (of.script.corp_payer) {
      const bank = of.population.institutions.partners[0] ?? 'CHRCB';
      this.#keep(
        { ...own, name: 'CORP1', no: this.#card(0), bank, kind: 'corp', seen: true, asks: true, startFen: 200_000_000 },
        2000,
        of.victim.id,
      );
    }
  }

  #next(): number {
    return 63_000_000 + (this.#key % 250_000) * 128 + this.#serial++;
  }

  #card(bank: number): string {
    return cardNumber(bank, this.#next());
  }

  #keep(role: Role, ageDays: number, person: string | null): Role {
    this.roles.set(role.name, role);
    this.references.push({
      entity: role.no,
      record: {
        id: `ra${role.no}`,
        kind: 'acct',
        acct: role.no,
        person,
        bank: role.bank,
        acctKind: accountKind(role.kind),
        acctClass: role.kind === 'corp' ? 'corp' : role.kind === 'payacct' ? 'pay' : 'I',
        region: role.region,
        openedMs: this.#t0Ms - Math.round(ageDays * DAY_MS),
        fullView: role.seen,
        regionRisk: role.mule ? 2 : 0,
      },
    });
    return role;
  }

  /** A person outside the county, by an identity number. */
  outsider(name: string): string {
    const n = Array.from(name).reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
    return identityNumber({
      region: '530102',
      born: `${1990 + (n % 16)}${String(1 + (this.#key % 8)).padStart(2, '0')}${String(1 + ((this.#key >> 3) % 28)).padStart(2, '0')}`,
      male: n % 3 !== 0,
      serial: n + (this.#key >> 8),
    });
  }

  /** The account of this name, made on first use. `wallet`: a payment account, because the step is one of the payment stream. */
  role(
    name: string,
    hint: { readonly wallet?: boolean; readonly kind?: string; readonly ageDays?: number; readonly region?: string } = {},
  ): Role {
    const known = this.roles.get(name);
    if (known !== undefined) return known;
    const population = this.#population;
    const { institutions } = population;
    if (name === 'AK') {
      const kin = (population.kinOf[this.#victim.index] ?? [])
        .map((link) => population.residents[link.kin]?.accounts[0])
        .find((account) => account !== undefined);
      if (kin !== undefined)
        return this.#known({
          name,
          no: kin.no,
          bank: kin.bank,
          kind: 'personal',
          seen: kin.partner,
          person: population.residents[kin.owner]?.id ?? null,
        });
    }
    const firm =
      name === 'EMP'
        ? institutions.employers[Math.max(0, this.#victim.employer)]
        : name === 'ALL_'
          ? institutions.billers[this.#victim.index % institutions.billers.length]
          : undefined;
    if (firm !== undefined) return this.#known({ name, no: firm.no, bank: firm.bank, kind: firm.kind, seen: false, person: null });
    const own = name === 'NEWSAL' || name === 'STU1';
    const mule = name.startsWith('MU') || name.startsWith('MX') || name.startsWith('L');
    if (own || mule) {
      const wallet = hint.wallet === true;
      const bankIndex = this.#random.int(0, institutions.partners.length - 1);
      const partner = wallet || own || name.startsWith('MX') || this.#random.chance(0.6);
      const kind = own ? 'personal' : wallet ? 'payacct' : (this.#script.mule?.kind ?? 'personal');
      const age = this.#script.mule?.age_d ?? [3, 60];
      const role: Role = {
        name,
        no: wallet ? walletNumber(this.#next()) : this.#card(partner ? bankIndex : 8),
        bank: wallet
          ? this.#random.pick(PAYMENT_INSTITUTIONS)
          : partner
            ? (institutions.partners[bankIndex] ?? 'CHRCB')
            : this.#random.pick(OTHER_BANKS),
        kind,
        region: own ? population.county.code : this.#random.pick(['440300', '530100', '450100', '350200']),
        person: own ? this.#victim.id : this.outsider(name),
        device: own ? this.#victim.imei : `869999${String(this.#key % 1e6).padStart(6, '0')}${String(name.length).padStart(3, '0')}`,
        seen: wallet || partner,
        asks: false,
        mule: !own,
        startFen: own ? 0 : this.#random.int(0, 300_000),
      };
      return this.#keep(role, own ? 0 : typeof age === 'number' ? age : this.#random.between(...age), role.person);
    }
    const wallet = hint.wallet === true && hint.kind !== 'corp';
    const role: Role = {
      name,
      no: wallet ? walletNumber(this.#next()) : this.#card(8),
      bank: wallet ? 'ALIPAY' : this.#random.pick(OTHER_BANKS),
      kind: hint.kind ?? (wallet ? 'payacct' : 'personal'),
      region: hint.region ?? population.county.code,
      person: null,
      device: null,
      seen: false,
      asks: false,
      mule: false,
      startFen: 10_000_000_000,
    };
    return this.#keep(role, hint.ageDays ?? 800, null);
  }

  #known(of: { name: string; no: string; bank: string; kind: string; seen: boolean; person: string | null }): Role {
    const role: Role = { ...of, region: this.#population.county.code, device: null, asks: false, mule: false, startFen: 10_000_000_000 };
    this.roles.set(of.name, role);
    return role;
  }

  /** The number of this name as a party of a call: PV and PK are people, the rest come from outside. */
  party(name: string, hint: { readonly kind: string; readonly ageDays: number; readonly region: string }): Party {
    const known = this.parties.get(name);
    if (known !== undefined) return known;
    const population = this.#population;
    const resident = (person: Resident): Party => ({
      number: person.phone ?? '',
      kind: 'mobile',
      cell: person.cell,
      imei: person.imei,
      region: population.county.code,
      signalling: person.covered.includes('callsig'),
    });
    const kin =
      name === 'PK'
        ? (population.kinOf[this.#victim.index] ?? [])
            .map((link) => population.residents[link.kin])
            .find((person) => person !== undefined && person.phone !== null)
        : undefined;
    let party: Party;
    if (name === 'PV') party = resident(this.#victim);
    else if (kin !== undefined) party = resident(kin);
    else {
      const n = this.#next();
      const number = /^\d{5}$/.test(name)
        ? name
        : name.startsWith('00')
          ? `${/^00\d+/.exec(name)?.[0] ?? '00852'}${String(n).slice(-8)}`
          : name.startsWith('010')
            ? fixedNumber('010', n)
            : hint.kind === 'fixed'
              ? fixedNumber('0635', n)
              : hint.kind === 'svc400'
                ? `400${String(n).slice(-7)}`
                : hint.kind === 'virtual'
                  ? `170${mobileNumber(n).slice(3)}`
                  : mobileNumber(n);
      party = { number, kind: hint.kind, region: hint.region, signalling: false };
      this.callers.push(number);
      this.references.push({
        entity: number,
        record: {
          id: `rn${number}`,
          kind: 'phone',
          phone: number,
          person: null,
          lineKind: hint.kind,
          region: hint.region,
          openedMs: this.#t0Ms - Math.round(hint.ageDays * DAY_MS),
          ownerNumCnt: 1,
          // The home operator delivers everything of these lines.
          fullView: ['GOIP1', 'COUR1', 'TELE'].includes(name),
        },
      });
    }
    this.parties.set(name, party);
    return party;
  }

  region(): string {
    return this.#random.pick(OUTSIDE_REGIONS);
  }
}

function accountKind(kind: string): 'personal' | 'corp' | 'merchant' | 'payinst' | 'otc' | 'gov' | 'payacct' | 'unknown' {
  switch (kind) {
    case 'personal':
    case 'corp':
    case 'merchant':
    case 'payinst':
    case 'otc':
    case 'gov':
    case 'payacct':
      return kind;
    default:
      return 'unknown';
  }
}
