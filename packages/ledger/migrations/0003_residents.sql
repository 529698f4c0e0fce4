-- Up Migration
-- Tokens only: names, numbers and addresses are in the vault.
create table residents (
  person text primary key,
  sex text,
  born_year int,
  occ text,
  live_alone boolean,
  antifraud_app boolean,
  community text,
  grid text,
  lon double precision,
  lat double precision
);
create table resident_phones (phone text primary key, person text, from_ms bigint not null);
create index resident_phones_person on resident_phones (person);
create table resident_accounts (acct text primary key, person text, bank text, from_ms bigint not null);
create index resident_accounts_person on resident_accounts (person);
create table resident_kin (person text not null, kin text not null, relation text, primary key (person, kin));

-- Last accounts of ingest per stream, as the source page shows them.
create table source_status (stream text primary key, at_ms bigint not null, status jsonb not null);
create table quarantined (id text primary key, topic text not null, at_ms bigint not null, record jsonb not null);
create index quarantined_recent on quarantined (at_ms desc);

-- Numbers of the services that the console shows: fallbacks, latency.
create table service_numbers (service text not null, name text not null, day text not null, value double precision not null, primary key (service, name, day));

-- Down Migration
drop table service_numbers;
drop table quarantined;
drop table source_status;
drop table resident_kin;
drop table resident_accounts;
drop table resident_phones;
drop table residents;
