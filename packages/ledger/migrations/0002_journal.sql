-- Up Migration
-- One row that every transaction with feed or audit rows locks last: its numbers are handed out in the order of the
-- commits and none is left out, so that a reader who has seen n has seen everything up to n.
create table journal_head (
  one boolean primary key default true check (one),
  feed_seq bigint not null default 0,
  audit_seq bigint not null default 0,
  audit_hash text not null default ''
);
insert into journal_head default values;

create table feed (
  seq bigint primary key,
  type text not null check (type in ('action', 'incident', 'evidence', 'hold')),
  incident_id text not null,
  at_ms bigint not null,
  by text,
  kind text,
  says jsonb,
  facts jsonb,
  event_ids text[]
);
create index feed_incident on feed (incident_id, seq) where type = 'action';

create table audit (
  seq bigint primary key,
  at_ms bigint not null,
  by text not null,
  kind text not null,
  subject text not null,
  -- Text, not jsonb: the hash is over exactly these bytes.
  facts text not null,
  hash text not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit is append-only' using errcode = '42501';
end
$$;
create trigger audit_append_only before update or delete on audit for each row execute function refuse_change();
create trigger audit_not_emptied before truncate on audit for each statement execute function refuse_change();

create table outbox (
  id bigint generated always as identity primary key,
  -- The same push is never queued twice.
  dedupe text not null unique,
  channel text not null,
  target text not null,
  payload jsonb not null,
  created_ms bigint not null,
  -- Wall time: retries are about the world, not about the county.
  next_try_ms bigint not null default 0,
  attempts int not null default 0,
  sent_ms bigint,
  failed text
);
create index outbox_waiting on outbox (next_try_ms, id) where sent_ms is null and failed is null;

create table push_subscriptions (
  endpoint text primary key,
  account text not null,
  unit text,
  role text not null,
  keys jsonb not null,
  created_ms bigint not null
);
create index push_subscriptions_unit on push_subscriptions (unit);

-- Down Migration
drop table push_subscriptions;
drop table outbox;
drop table audit;
drop function refuse_change;
drop table feed;
drop table journal_head;
