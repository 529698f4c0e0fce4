-- Up Migration
-- Rights are given by setUpVault: the writer (ingest) may insert only, the reader may select only.
create table identifier (
  token text primary key,
  kind text not null,
  sealed bytea not null,
  masked text not null
);
comment on table identifier is 'What a token stands for, sealed; masked is what every role may see.';

create table profile (
  seq bigint generated always as identity primary key,
  person text not null,
  digest text not null,
  sealed bytea not null,
  masked_name text not null,
  unique (person, digest)
);
comment on table profile is 'Name and address of a person, sealed; the newest row counts.';

create table key_check (
  one boolean primary key default true check (one),
  sealed bytea not null
);
comment on table key_check is 'A known text under the master key, so that a wrong key is noticed at start and not at the first reveal.';

-- Down Migration
drop table key_check;
drop table profile;
drop table identifier;
