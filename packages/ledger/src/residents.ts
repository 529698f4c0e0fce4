import type { Reference } from '@skyeye/contracts';
import type { Queries } from './database.ts';
import { fromRow } from './rows.ts';

/** What is known of a resident; tokens and codes only. */
export interface ResidentRow {
  readonly person: string;
  readonly sex: 'm' | 'f' | null;
  readonly bornYear: number | null;
  readonly occ: string | null;
  readonly liveAlone: boolean | null;
  readonly antifraudApp: boolean | null;
  readonly community: string | null;
  readonly grid: string | null;
  readonly lon: number | null;
  readonly lat: number | null;
}
export interface KinRow {
  readonly person: string;
  readonly kin: string;
  readonly relation: string | null;
}

type Kind = 'person' | 'phone' | 'acct' | 'kin';
type Of<K extends Kind> = Extract<Reference, { kind: K }>;

const last = <T>(list: readonly T[], key: (entry: T) => string): T[] => [...new Map(list.map((entry) => [key(entry), entry])).values()];

/** Takes reference records into the residents' tables; kinds that are not about them are passed over. Idempotent. Four statements at most. */
export async function putReference(tx: Queries, records: readonly Reference[]): Promise<void> {
  const of = <K extends Kind>(kind: K): Of<K>[] => records.filter((record): record is Of<K> => record.kind === kind);
  const people = last(of('person'), (record) => record.person);
  if (people.length > 0) {
    const rows = people.map(({ person, sex, bornYear, occ, liveAlone, antifraudApp, community, grid, lon, lat, local }) => ({
      person,
      sex,
      born_year: bornYear,
      occ,
      live_alone: liveAlone,
      antifraud_app: antifraudApp,
      community,
      grid,
      lon,
      lat,
      local: local ?? null,
    }));
    await tx.query(
      `insert into residents select * from jsonb_populate_recordset(null::residents, $1::jsonb)
       on conflict (person) do update set sex = excluded.sex, born_year = excluded.born_year, occ = excluded.occ, live_alone = excluded.live_alone, antifraud_app = excluded.antifraud_app,
         community = excluded.community, grid = excluded.grid, lon = excluded.lon, lat = excluded.lat, local = excluded.local`,
      [JSON.stringify(rows)],
    );
  }
  const phones = last(
    of('phone').toSorted((a, b) => a.fromMs - b.fromMs),
    (record) => record.phone,
  ).map(({ phone, person, fromMs }) => ({ phone, person, from_ms: fromMs }));
  if (phones.length > 0) {
    await tx.query(
      `insert into resident_phones select * from jsonb_populate_recordset(null::resident_phones, $1::jsonb)
       on conflict (phone) do update set person = excluded.person, from_ms = excluded.from_ms where resident_phones.from_ms <= excluded.from_ms`,
      [JSON.stringify(phones)],
    );
  }
  const accounts = last(
    of('acct').toSorted((a, b) => a.fromMs - b.fromMs),
    (record) => record.acct,
  ).map(({ acct, person, bank, fromMs }) => ({ acct, person, bank, from_ms: fromMs }));
  if (accounts.length > 0) {
    await tx.query(
      `insert into resident_accounts select * from jsonb_populate_recordset(null::resident_accounts, $1::jsonb)
       on conflict (acct) do update set person = excluded.person, bank = excluded.bank, from_ms = excluded.from_ms where resident_accounts.from_ms <= excluded.from_ms`,
      [JSON.stringify(accounts)],
    );
  }
  const kin = last(
    of('kin')
      .flatMap(({ person, kin: other, relation }) => [
        { person, kin: other, relation },
        { person: other, kin: person, relation: null },
      ])
      .toSorted((a, b) => Number(a.relation !== null) - Number(b.relation !== null)),
    (entry) => `${entry.person} ${entry.kin}`,
  );
  if (kin.length > 0) {
    await tx.query(
      `insert into resident_kin select * from jsonb_populate_recordset(null::resident_kin, $1::jsonb)
       on conflict (person, kin) do update set relation = coalesce(excluded.relation, resident_kin.relation)`,
      [JSON.stringify(kin)],
    );
  }
}

export async function residentsOf(queries: Queries, people: readonly string[]): Promise<ReadonlyMap<string, ResidentRow>> {
  const rows = await queries.query('select * from residents where person = any($1)', [people]);
  return new Map(rows.map((row) => fromRow<ResidentRow>(row)).map((row) => [row.person, row]));
}

/** Phones of people, the newest link first. */
export async function phonesOf(queries: Queries, people: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await queries.query<{ person: string; phones: string[] }>(
    'select person, array_agg(phone order by from_ms desc, phone) as phones from resident_phones where person = any($1) group by person',
    [people],
  );
  return new Map(rows.map((row) => [row.person, row.phones]));
}

/** Accounts of people, as the register links them. */
export async function accountsOf(queries: Queries, people: readonly string[]): Promise<readonly string[]> {
  const rows = await queries.query<{ acct: string }>('select acct from resident_accounts where person = any($1) order by acct', [people]);
  return rows.map(({ acct }) => acct);
}

/** The owner of an account, for a bank's question; null when not known. */
export async function personOfAccount(queries: Queries, acct: string): Promise<string | null> {
  const [row] = await queries.query<{ person: string | null }>('select person from resident_accounts where acct = $1', [acct]);
  return row?.person ?? null;
}

export async function kinOf(queries: Queries, people: readonly string[], limit = 200): Promise<readonly KinRow[]> {
  const rows = await queries.query('select * from resident_kin where person = any($1) order by person, kin limit $2', [people, limit]);
  return rows.map((row) => fromRow<KinRow>(row));
}
