import type { RawReferenceInput } from '@skyeye/contracts';
import { COMMON_APPS, MEETING_APP } from './everyday.ts';
import { sharesScreen } from './habit-needs.ts';
import type { OutsideAccount } from './institutions.ts';
import { mobileNumber } from './numbers.ts';
import { DAY_MS, type Account, type Population, type Resident } from './population.ts';
import { Random } from './random.ts';
import { fundRecords, keyOf, type Emission } from './records.ts';

/** Share of people who have sent more than 5,000 yuan on the phone before. */
const LARGE_BEFORE_SHARE = 0.65;

export interface ReferenceMessage {
  readonly key: string;
  readonly record: RawReferenceInput;
}

/**
 * What a bureau loads on its first day. The choice of what is enough to make the first day look ordinary, per grown-up:
 * who talked with whom and who paid whom (one record per pair with the last time, 1 to 20 days ago: np180 and np180p);
 * logins per account and phone (known_dev); apps in use; and as history the last wage (income as a baseline), two larger
 * transfers on the phone to a known payee, for most people one above 5,000 yuan (out_vs_max, vul_first_mobile_big), and one longer
 * call from a new number (call_unk_vs_base). Quantiles over ten payments stay null until ten have happened; null never fires.
 * About 24 records per resident.
 */
export function* bulkImport(population: Population): Generator<ReferenceMessage> {
  const { county, startMs, residents, institutions } = population;
  const message = (entity: string, record: RawReferenceInput): ReferenceMessage => ({ key: keyOf(entity), record });
  for (const r of residents) {
    yield message(r.id, {
      id: `rp${r.index}`,
      kind: 'person',
      person: r.id,
      name: r.name,
      address: r.address,
      sex: r.sex,
      bornYear: r.bornYear,
      occ: r.occ,
      liveAlone: r.liveAlone,
      antifraudApp: r.antifraudApp,
      community: r.community,
      grid: r.grid,
      lon: r.lon,
      lat: r.lat,
      local: r.id.startsWith(county.code),
    });
    if (r.phone !== null)
      yield message(r.phone, {
        id: `rn${r.index}`,
        kind: 'phone',
        phone: r.phone,
        person: r.id,
        lineKind: 'mobile',
        region: county.code,
        openedMs: r.phoneOpenedMs,
        ownerNumCnt: 1,
        fullView: true,
        covered: [...r.covered],
      });
    for (const account of ownAccounts(r)) {
      yield message(account.no, {
        id: `ra${account.no}`,
        kind: 'acct',
        acct: account.no,
        person: r.id,
        bank: account.bank,
        acctKind: account.kind,
        acctClass: account.accountClass,
        region: county.code,
        openedMs: account.openedMs,
        fullView: account.partner || account.kind === 'payacct',
      });
    }
  }
  for (const link of population.kin)
    yield message(residents[link.of]?.id ?? '', {
      id: `rk${link.of}.${link.kin}`,
      kind: 'kin',
      person: residents[link.of]?.id ?? '',
      kin: residents[link.kin]?.id ?? '',
      relation: link.relation,
    });
  for (const account of [...institutions.employers, ...institutions.billers, ...institutions.shops])
    yield message(account.no, outsideReference(account));
  for (const shop of institutions.shops)
    if (shop.merchant !== null)
      yield message(shop.merchant, { id: `rm${shop.merchant}`, kind: 'merchant', merchant: shop.merchant, openedMs: shop.openedMs });
  for (const line of institutions.serviceLines)
    yield message(line.number, {
      id: `rn${line.number}`,
      kind: 'phone',
      phone: line.number,
      lineKind: line.kind,
      region: county.code,
      openedMs: startMs - 3000 * DAY_MS,
      ownerNumCnt: 1,
    });
  for (const r of residents) yield* linksOf(population, r, message);
  for (const r of residents) yield* historyOf(population, r);
}

const ownAccounts = (r: Resident): readonly Account[] => (r.wallet === null ? r.accounts : [...r.accounts, r.wallet]);

export function outsideReference(account: OutsideAccount): RawReferenceInput {
  return {
    id: `ra${account.no}`,
    kind: 'acct',
    acct: account.no,
    person: null,
    bank: account.bank,
    acctKind: account.kind,
    acctClass: account.kind === 'corp' || account.kind === 'gov' ? 'corp' : account.kind === 'merchant' ? 'pay' : 'I',
    region: account.region,
    openedMs: account.openedMs,
  };
}

type Message = (entity: string, record: RawReferenceInput) => ReferenceMessage;

function* linksOf(population: Population, r: Resident, message: Message): Generator<ReferenceMessage> {
  const { startMs, residents, institutions } = population;
  const random = new Random(population.seed, 0x90, r.index);
  const recent = (): number => startMs - DAY_MS - Math.floor(random.next() * 19 * DAY_MS);
  if (r.phone !== null) {
    for (const contact of population.contacts[r.index] ?? []) {
      const mutual =
        contact.resident >= 0 &&
        contact.resident < r.index &&
        (population.contacts[contact.resident] ?? []).some((entry) => entry.resident === r.index);
      if (!mutual)
        yield message(r.phone, {
          id: `rc${r.index}.${contact.number}`,
          kind: 'contact',
          phone: r.phone,
          peer: contact.number,
          lastMs: recent(),
        });
    }
    for (const pkg of [COMMON_APPS[0]])
      if (r.covered.includes('app'))
        yield message(r.phone, { id: `rap${r.index}.${pkg}`, kind: 'app', phone: r.phone, pkg, lastMs: recent() });
    if (sharesScreen(r))
      yield message(r.phone, { id: `rat${r.index}`, kind: 'app', phone: r.phone, pkg: MEETING_APP, tool: true, lastMs: recent() });
  }
  for (const account of ownAccounts(r))
    if (account.partner || account.kind === 'payacct')
      yield message(account.no, { id: `rd${account.no}`, kind: 'device', acct: account.no, device: r.imei, lastMs: recent() });
  const payee = (acct: string, peer: string, dir: 'in' | 'out'): ReferenceMessage =>
    message(acct, { id: `ry${dir}${acct}.${peer}`, kind: 'payee', acct, peer, dir, lastMs: recent() });
  const card = r.accounts[0];
  if (r.wallet !== null)
    for (const shop of new Set(population.shops[r.index])) yield payee(r.wallet.no, institutions.shops[shop]?.no ?? '', 'out');
  for (const [rank, index] of (population.payees[r.index] ?? []).entries()) {
    const other = residents[index];
    if (other?.wallet != null && r.wallet !== null) {
      yield payee(r.wallet.no, other.wallet.no, 'out');
      yield payee(other.wallet.no, r.wallet.no, 'in');
    }
    const target = other?.accounts[0];
    if (target !== undefined && card !== undefined && rank === 0) {
      yield payee(card.no, target.no, 'out');
      if (target.partner) yield payee(target.no, card.no, 'in');
    }
  }
  if (card !== undefined) {
    if (r.employer >= 0) yield payee(card.no, institutions.employers[r.employer]?.no ?? '', 'in');
    yield payee(card.no, institutions.billers[r.index % institutions.billers.length]?.no ?? '', 'out');
    if (r.wallet !== null) {
      yield payee(card.no, r.wallet.no, 'out');
      yield payee(r.wallet.no, card.no, 'in');
    }
  }
}

/** A raw record of the past as a reference message. */
export const asHistory = (emitted: Emission): ReferenceMessage => ({
  key: emitted.key,
  record: { id: `rh${emitted.record.id}`, kind: 'history', stream: emitted.stream, record: { ...emitted.record } },
});

function* historyOf(population: Population, r: Resident): Generator<ReferenceMessage> {
  const { startMs, institutions, residents, county } = population;
  const random = new Random(population.seed, 0x91, r.index);
  const account = r.accounts[0];
  if (account?.partner === true) {
    const own = (balFen: number) => ({
      no: account.no,
      bank: account.bank,
      kind: account.kind,
      region: county.code,
      balFen,
      seen: true,
      device: r.imei,
    });
    const firm = institutions.employers[r.employer];
    if (firm !== undefined) {
      for (const months of [1]) {
        const tMs = startMs - (months * 30 - 9) * DAY_MS - random.int(0, 4 * 3_600_000);
        yield* fundRecords(
          {
            txid: `h${r.index}w${months}`,
            tMs,
            amtFen: r.monthlyFen,
            stream: 'bank',
            scene: 'transfer',
            chan: 'batch',
            purpose: 'salary',
            payroll: true,
          },
          { no: firm.no, bank: firm.bank, kind: firm.kind, region: firm.region, balFen: null, seen: false },
          own(account.baseFen + r.monthlyFen),
        ).map(asHistory);
      }
    }
    const other = residents[population.payees[r.index]?.[0] ?? -1]?.accounts[0];
    const payee = other ?? institutions.billers[r.index % institutions.billers.length];
    if (payee !== undefined) {
      for (const [n, yuan] of [
        (random.chance(LARGE_BEFORE_SHARE) ? 5200 : 1300) + 100 * random.int(0, 30),
        800 + 100 * random.int(0, 20),
      ].entries()) {
        const tMs = startMs - random.int(5, 85) * DAY_MS - random.int(0, 6 * 3_600_000);
        yield* fundRecords(
          { txid: `h${r.index}o${n}`, tMs, amtFen: yuan * 100, stream: 'bank', scene: 'transfer', chan: 'mobile', purpose: 'none' },
          own(account.baseFen),
          { no: payee.no, bank: payee.bank, kind: payee.kind, region: county.code, balFen: null, seen: false },
        ).map(asHistory);
      }
    }
  }
  if (r.phone !== null && r.age >= 18) {
    const durationS = random.int(60, 420);
    const tMs = startMs - random.int(2, 28) * DAY_MS - random.int(0, 6 * 3_600_000);
    yield asHistory({
      stream: 'call',
      key: keyOf(r.phone),
      record: {
        id: `h${r.index}c`,
        t: tMs,
        caller: mobileNumber(50_000_000 + r.index),
        callee: r.phone,
        answered: true,
        dur_s: durationS,
        ring_s: 8,
        caller_kind: 'mobile',
        callee_kind: 'mobile',
        spoof: false,
        conf: false,
        fwd: false,
        caller_cell: null,
        callee_cell: r.cell,
        caller_imei: null,
        callee_imei: r.imei,
        caller_region: county.code,
        callee_region: county.code,
      },
    });
  }
}
