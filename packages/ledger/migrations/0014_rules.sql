-- Up Migration
-- Versions of rules and where each stands. The entry is what the analyst wrote; its version is the hash of its content.
create table rule_versions (
  rule_id text not null,
  version text not null,
  entry jsonb not null,
  state text not null check (state in ('draft', 'checked', 'backtested', 'shadow', 'approved', 'live', 'retired')),
  proposed_by text not null,
  created_ms bigint not null,
  primary key (rule_id, version)
);
-- One live version of a rule, whatever two leaders press at once.
create unique index rule_versions_live on rule_versions (rule_id) where state = 'live';

-- Every step with who, when and the numbers that were seen. Never changed.
create table rule_steps (
  seq bigint generated always as identity primary key,
  rule_id text not null,
  version text not null,
  step text not null,
  at_ms bigint not null,
  by text not null,
  reason text not null,
  numbers jsonb not null,
  foreign key (rule_id, version) references rule_versions
);
create index rule_steps_rule on rule_steps (rule_id, seq);
create index rule_steps_approved on rule_steps (by, at_ms) where step = 'approved';
create trigger rule_steps_kept before update or delete on rule_steps for each row execute function refuse_change();

-- Rises with every change of what is live or in shadow.
create table rule_head (
  one boolean primary key default true check (one),
  seq bigint not null default 0
);
insert into rule_head default values;

-- Down Migration
drop table rule_head;
drop table rule_steps;
drop table rule_versions;
