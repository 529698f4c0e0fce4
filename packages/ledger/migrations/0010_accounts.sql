-- Up Migration
create table accounts (
  account text primary key,
  name text not null,
  role text not null,
  unit text,
  unit_name text,
  -- PHC string of argon2id.
  password_hash text not null,
  disabled boolean not null default false
);
create table bank_keys (
  -- SHA-256 of a random key; the key itself is kept by the bank.
  key_hash text primary key,
  bank text not null
);

-- Down Migration
drop table bank_keys;
drop table accounts;
