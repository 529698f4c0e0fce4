import { distanceM } from '@skyeye/geo';
import type { County, StreamName } from '@skyeye/contracts';
import { address, givenName, surname } from './names.ts';
import { cardNumber, identityNumber, imei, mobileNumber, walletNumber } from './numbers.ts';
import {
  makeInstitutions,
  OTHER_BANKS,
  PAYMENT_INSTITUTIONS,
  SHOPS_PER_TOWN,
  type Institutions,
  type OutsideAccount,
} from './institutions.ts';
import { HOME, type Province } from './province.ts';
import { Random } from './random.ts';

export const DAY_MS = 86_400_000;
export type Occupation = 'student' | 'retired' | 'finance' | 'farmer' | 'teacher' | 'medical' | 'biz' | 'worker' | 'jobless' | 'other';

export interface Account {
  readonly no: string;
  readonly bank: string;
  readonly kind: 'personal' | 'payacct';
  readonly accountClass: 'I' | 'II' | 'pay';
  readonly openedMs: number;
  /** The bank delivers this account's records and asks before its payments. */
  readonly partner: boolean;
  /** Savings under the month's income, fen. */
  readonly baseFen: number;
  readonly owner: number;
}

/** A number that a resident talks with; `resident` is -1 for one outside the county. */
export interface Contact {
  readonly number: string;
  readonly resident: number;
}

export interface Resident {
  readonly index: number;
  /** Identity number. */
  readonly id: string;
  readonly name: string;
  readonly sex: 'm' | 'f';
  readonly bornYear: number;
  readonly age: number;
  readonly occ: Occupation;
  readonly liveAlone: boolean;
  readonly antifraudApp: boolean;
  readonly household: number;
  readonly community: string;
  readonly grid: string;
  readonly town: number;
  readonly lon: number;
  readonly lat: number;
  readonly address: string;
  readonly phone: string | null;
  readonly phoneOpenedMs: number;
  readonly imei: string;
  readonly cell: string;
  readonly covered: readonly StreamName[];
  readonly accounts: readonly Account[];
  readonly wallet: Account | null;
  /** 0 retired or pensioner's fund, else index of the employer; -1 without wages. */
  readonly employer: number;
  readonly payday: number;
  readonly monthlyFen: number;
  /** How much more than others this person calls and pays; mean 1. */
  readonly activity: number;
  /** Row of HOUR_SHARES. */
  readonly hours: 0 | 1;
}

export interface Kin {
  readonly of: number;
  readonly kin: number;
  /** What the kin is to the person. */
  readonly relation: string;
}

export interface Population {
  readonly seed: number;
  readonly startMs: number;
  readonly province: Province;
  readonly county: County;
  readonly institutions: Institutions;
  readonly residents: readonly Resident[];
  readonly kin: readonly Kin[];
  readonly kinOf: readonly (readonly Kin[])[];
  /** Habitual counterparts, most frequent first. */
  readonly contacts: readonly (readonly Contact[])[];
  /** Residents to whom this one pays money now and then (wallet to wallet, card to card). */
  readonly payees: readonly (readonly number[])[];
  /** Indices of institutions.shops where this resident buys. */
  readonly shops: readonly (readonly number[])[];
}

const OUTSIDE_NUMBERS_FROM = 20_000_000;

function occupation(random: Random, age: number, urban: boolean): Occupation {
  if (age < 22) return age < 18 || random.chance(0.7) ? 'student' : 'worker';
  if (age >= 60) return urban || random.chance(0.45) ? 'retired' : 'farmer';
  const u = random.next();
  if (!urban && u < 0.3) return 'farmer';
  const list: readonly Occupation[] = [
    'worker',
    'worker',
    'worker',
    'worker',
    'biz',
    'biz',
    'other',
    'teacher',
    'medical',
    'finance',
    'jobless',
  ];
  return random.pick(list);
}

const INCOME_YUAN: Readonly<Record<Occupation, number>> = {
  student: 0,
  retired: 2900,
  finance: 6200,
  farmer: 2600,
  teacher: 6000,
  medical: 6500,
  biz: 7000,
  worker: 4600,
  jobless: 0,
  other: 4000,
};

/** Ages and relations of one household, by the age of its head. */
function members(random: Random): { age: number; sex: 'm' | 'f'; role: 'head' | 'spouse' | 'child' | 'parent' }[] {
  const headAge = Math.min(88, Math.max(22, Math.round(46 + 15 * random.normal())));
  const headSex = random.chance(0.72) ? 'm' : 'f';
  const list: { age: number; sex: 'm' | 'f'; role: 'head' | 'spouse' | 'child' | 'parent' }[] = [
    { age: headAge, sex: headSex, role: 'head' },
  ];
  if (random.chance(headAge < 26 ? 0.2 : headAge > 68 ? 0.6 : 0.85))
    list.push({ age: Math.max(20, headAge + random.int(-4, 3)), sex: headSex === 'm' ? 'f' : 'm', role: 'spouse' });
  if (list.length === 2 && headAge < 62) {
    const children = headAge < 26 ? 0 : random.weighted([0.25, 0.45, 0.3], 1);
    for (let i = 0; i < children; i++) {
      const age = headAge - random.int(23, 31);
      if (age >= 0 && age < 27) list.push({ age, sex: random.chance(0.52) ? 'm' : 'f', role: 'child' });
    }
    if (headAge > 28 && headAge < 60 && random.chance(0.22))
      list.push({ age: Math.min(94, headAge + random.int(22, 29)), sex: random.chance(0.35) ? 'm' : 'f', role: 'parent' });
  }
  return list;
}

const RELATION: Readonly<Record<string, readonly [string, string]>> = {
  'head>spouse': ['丈夫', '妻子'],
  'head>child': ['儿子', '女儿'],
  'head>parent': ['父亲', '母亲'],
  'spouse>child': ['儿子', '女儿'],
  'child>parent': ['爷爷', '奶奶'],
  'spouse>parent': ['公公', '婆婆'],
  'child>child': ['兄弟', '姐妹'],
};

export interface PopulationOptions {
  /** Default home. */
  readonly province?: Province;
  /** Share of phones whose operator delivers call signalling. Default 0.7. */
  readonly signalling?: number;
}

/** Makes the county's people. The same seed, number and start give the same people. Cost: about 15 µs per resident. */
export function makePopulation(
  seed: number,
  county: County,
  residentsWanted: number,
  startMs: number,
  { province = HOME, signalling = 0.7 }: PopulationOptions = {},
): Population {
  const institutions = makeInstitutions(seed, county, startMs);
  const startYear = new Date(startMs).getUTCFullYear();
  const residents: Resident[] = [];
  const kin: Kin[] = [];
  const communityWeights = county.communities.map((community) =>
    county.towns.find((town) => town.code === community.town)?.urban === true ? 2.4 : 1,
  );
  const communityTotal = communityWeights.reduce((sum, weight) => sum + weight, 0);
  let household = 0;
  const usedIds = new Set<string>();
  const identity = (born: string, male: boolean, from: number): string => {
    for (let serial = from; ; serial++) {
      const id = identityNumber({ region: county.code, born, male, serial });
      if (serial - from < 48 && usedIds.has(id)) continue;
      usedIds.add(id);
      return id;
    }
  };
  while (residents.length < residentsWanted) {
    const random = new Random(seed, 0x70, household);
    const community = county.communities[random.weighted(communityWeights, communityTotal)];
    if (community === undefined) break;
    const townIndex = county.towns.findIndex((town) => town.code === community.town);
    const town = county.towns[townIndex];
    const grids = county.grids.filter((grid) => grid.community === community.code);
    const cells = county.cells.filter((cell) => cell.code.startsWith(`3715-${String(townIndex + 1).padStart(2, '0')}`));
    if (town === undefined) break;
    const grid = random.pick(grids);
    // A phone at home is served by one of the two masts nearest to it.
    const cellsNear = cells.toSorted((a, b) => distanceM(a, grid) - distanceM(b, grid)).slice(0, 2);
    const home = address(random, { town: town.name, community: community.name, urban: town.urban });
    const family = surname(random);
    const people = members(random).slice(0, residentsWanted - residents.length);
    const from = residents.length;
    for (const member of people) {
      const index = residents.length;
      const own = new Random(seed, 0x71, index);
      const bornYear = startYear - member.age;
      const born = `${bornYear}${String(own.int(1, 8)).padStart(2, '0')}${String(own.int(1, 28)).padStart(2, '0')}`;
      const last = member.role === 'spouse' || (member.role === 'parent' && member.sex === 'f') ? surname(own) : family;
      const occ = occupation(own, member.age, town.urban);
      const hasPhone = member.age >= 12 && own.chance(member.age > 75 ? 0.8 : 0.98);
      const antifraudApp = hasPhone && own.chance(member.age < 60 ? 0.45 : 0.2);
      const covered: StreamName[] = [];
      if (hasPhone) {
        if (own.chance(signalling)) covered.push('callsig', 'loc');
        if (own.chance(0.65)) covered.push('web');
        if (antifraudApp || own.chance(0.3)) covered.push('app');
        if (antifraudApp || own.chance(0.6)) covered.push('rctl');
        if (own.chance(0.6)) covered.push('im');
      }
      const accounts: Account[] = [];
      const wealth = Math.exp(0.8 * own.normal());
      const count = member.age < 18 ? 0 : 1 + (own.chance(0.65) ? 1 : 0) + (own.chance(0.2) ? 1 : 0);
      for (let n = 0; n < count; n++) {
        const partner = own.chance(n === 0 ? 0.85 : 0.5);
        const bankIndex = own.weighted([0.45, 0.25, 0.2, 0.1], 1);
        const bank = partner ? (institutions.partners[bankIndex] ?? 'CHRCB') : own.pick(OTHER_BANKS);
        accounts.push({
          no: cardNumber(partner ? bankIndex : 8, index * 4 + n),
          bank,
          kind: 'personal',
          accountClass: n < 2 ? 'I' : 'II',
          openedMs: startMs - own.int(200, 5000) * DAY_MS,
          partner,
          baseFen: Math.round((n === 0 ? 18_000 : 9_000) * wealth * 100),
          owner: index,
        });
      }
      const hasWallet = hasPhone && own.chance(member.age < 18 ? 0.5 : member.age > 70 ? 0.45 : 0.97);
      const wallet: Account | null = hasWallet
        ? {
            no: walletNumber(index),
            bank: PAYMENT_INSTITUTIONS[index % 2] ?? 'ALIPAY',
            kind: 'payacct',
            accountClass: 'pay',
            openedMs: startMs - own.int(300, 3500) * DAY_MS,
            partner: false,
            baseFen: Math.round(900 * wealth * 100),
            owner: index,
          }
        : null;
      const income = Math.round((INCOME_YUAN[occ] * Math.exp(0.3 * own.normal()) * 100) / 100) * 100;
      const spread = (): number => (own.next() - 0.5) * (town.urban ? 0.008 : 0.012);
      residents.push({
        index,
        id: identity(born, member.sex === 'm', index),
        name: last + givenName(own, member.sex, bornYear),
        sex: member.sex,
        bornYear,
        age: member.age,
        occ,
        liveAlone: people.length === 1,
        antifraudApp,
        household,
        community: community.code,
        grid: grid.code,
        town: townIndex,
        lon: Math.round((grid.lon + spread()) * 1e5) / 1e5,
        lat: Math.round((grid.lat + spread()) * 1e5) / 1e5,
        address: home,
        phone: hasPhone ? mobileNumber(index) : null,
        phoneOpenedMs: startMs - own.int(250, 4500) * DAY_MS,
        imei: imei(index),
        cell: own.pick(cellsNear).code,
        covered,
        accounts,
        wallet,
        employer:
          income > 0 && accounts.length > 0
            ? occ === 'retired' || occ === 'farmer'
              ? 0
              : own.int(1, institutions.employers.length - 1)
            : -1,
        payday: occ === 'retired' || occ === 'farmer' ? 16 : own.pick([5, 10, 15, 20]),
        monthlyFen: income,
        activity: Math.exp(0.5 * own.normal() - 0.125),
        hours: member.age < 40 ? 1 : 0,
      });
    }
    for (let a = 0; a < people.length; a++) {
      for (let b = a + 1; b < people.length; b++) {
        const pair = RELATION[`${people[a]?.role}>${people[b]?.role}`];
        if (pair !== undefined) kin.push({ of: from + a, kin: from + b, relation: people[b]?.sex === 'm' ? pair[0] : pair[1] });
      }
    }
    household++;
  }
  linkElders(seed, residents, kin);
  return { seed, startMs, province, county, institutions, residents, kin, ...links(seed, residents, kin, institutions) };
}

/** Old people who live by themselves have a son or daughter elsewhere in the county. */
function linkElders(seed: number, residents: readonly Resident[], kin: Kin[]): void {
  for (const elder of residents) {
    if (elder.age < 55 || !elder.liveAlone) continue;
    const random = new Random(seed, 0x72, elder.index);
    for (let tries = 0; tries < 60; tries++) {
      const other = residents[random.int(0, residents.length - 1)];
      if (other === undefined || other.phone === null || elder.age - other.age < 21 || elder.age - other.age > 33) continue;
      kin.push({ of: elder.index, kin: other.index, relation: other.sex === 'm' ? '儿子' : '女儿' });
      break;
    }
  }
}

function links(
  seed: number,
  residents: readonly Resident[],
  kin: readonly Kin[],
  institutions: Institutions,
): Pick<Population, 'kinOf' | 'contacts' | 'payees' | 'shops'> {
  const kinOf: Kin[][] = residents.map(() => []);
  for (const link of kin) {
    kinOf[link.of]?.push(link);
    kinOf[link.kin]?.push({ of: link.kin, kin: link.of, relation: residents[link.of]?.sex === 'm' ? '男性亲属' : '女性亲属' });
  }
  const byTown: number[][] = [];
  for (const resident of residents) if (resident.phone !== null) (byTown[resident.town] ??= []).push(resident.index);
  const contacts: Contact[][] = [];
  const payees: number[][] = [];
  const shops: number[][] = [];
  for (const resident of residents) {
    const random = new Random(seed, 0x73, resident.index);
    const known: Contact[] = [];
    const paid: number[] = [];
    if (resident.phone !== null) {
      for (const link of kinOf[resident.index] ?? []) {
        const other = residents[link.kin];
        if (other === undefined || other.phone === null) continue;
        known.push({ number: other.phone, resident: other.index });
        if (other.accounts.length > 0 && other.wallet !== null && paid.length < 2) paid.push(other.index);
      }
      const neighbours = byTown[resident.town] ?? [];
      const friends = 1 + random.poisson(1.6);
      for (let n = 0; n < friends && neighbours.length > 0; n++) {
        const other = residents[random.pick(neighbours)];
        if (
          other === undefined ||
          other.index === resident.index ||
          other.phone === null ||
          known.some((entry) => entry.resident === other.index)
        )
          continue;
        known.push({ number: other.phone, resident: other.index });
        if (other.accounts.length > 0 && other.wallet !== null && paid.length < 2) paid.push(other.index);
      }
      known.splice(random.int(0, Math.min(2, known.length)), 0, {
        number: mobileNumber(OUTSIDE_NUMBERS_FROM + resident.index),
        resident: -1,
      });
    }
    contacts.push(known);
    payees.push(paid);
    shops.push(
      Array.from({ length: 3 }, () =>
        random.chance(0.8)
          ? resident.town * SHOPS_PER_TOWN + random.int(0, SHOPS_PER_TOWN - 1)
          : random.int(0, institutions.shops.length - 1),
      ),
    );
  }
  return { kinOf, contacts, payees, shops };
}

/** What an account holds at a time: savings, and the month's income running out until the next payday. No state is kept. */
export function balanceAt(population: Population, account: Account | OutsideAccount, tMs: number): number {
  if (!('owner' in account)) return 0;
  const owner = population.residents[account.owner];
  if (owner === undefined) return 0;
  const dayOfMonth = new Date(tMs + 8 * 3_600_000).getUTCDate();
  const since = (dayOfMonth - owner.payday + 30) % 30;
  const month = account === owner.accounts[0] ? owner.monthlyFen * (1 - since / 30) : 0;
  return Math.round(account.baseFen * (0.9 + 0.2 * ((tMs / DAY_MS + account.owner * 0.37) % 1)) + month);
}
