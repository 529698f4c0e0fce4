-- Up Migration
-- Accounts and numbers that the scorer judged, one row for an episode of each; with a draft of an order where one follows from the
-- level. The machine only drafts: whether it is ordered, a person decides (invariant 4).
create table subjects (
  id text primary key,
  kind text not null check (kind in ('account', 'number')),
  key text not null,
  level text,
  score double precision not null,
  since_ms bigint not null,
  updated_ms bigint not null,
  assessment text not null,
  body jsonb not null,
  draft text check (draft in ('stop_payment', 'block')),
  draft_state text check (draft_state in ('drafted', 'ordered', 'dismissed', 'dropped')),
  decided_by text,
  decided_ms bigint,
  decided_reason text,
  check ((draft is null) = (draft_state is null))
);
create index subjects_updated on subjects (updated_ms desc);

-- Down Migration
drop table subjects;
