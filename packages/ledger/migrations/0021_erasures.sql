-- Up Migration
-- Requests to be erased from the scoring state. Whose they are (tokens) is kept until they are over and no longer.
create table erasures (
  id text primary key,
  keys jsonb,
  key_count int not null,
  reason text not null,
  asked_by text not null,
  asked_ms bigint not null,
  decided_by text,
  decided_ms bigint,
  refusal text,
  done_ms bigint
);
create index erasures_asked on erasures (asked_ms desc);
-- Finds the receipt of an erasure.
create index audit_erasures_done on audit (subject) where kind = 'erasure_done';

-- Down Migration
drop index audit_erasures_done;
drop table erasures;
