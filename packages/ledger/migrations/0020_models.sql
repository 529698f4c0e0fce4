-- Up Migration
-- Versions of models that were proposed to take the release's place, and where each stands. The digest names the folder's content.
create table model_versions (
  name text not null,
  version text not null,
  digest text not null,
  state text not null check (state in ('proposed', 'challenger', 'champion', 'retired')),
  proposed_by text not null,
  created_ms bigint not null,
  primary key (name, version)
);
-- One decides and one watches, whatever two leaders press at once.
create unique index model_versions_champion on model_versions (name) where state = 'champion';
create unique index model_versions_challenger on model_versions (name) where state = 'challenger';

-- Every step with who, when and the numbers that were seen. Never changed.
create table model_steps (
  seq bigint generated always as identity primary key,
  name text not null,
  version text not null,
  step text not null,
  at_ms bigint not null,
  by text not null,
  reason text not null,
  numbers jsonb not null,
  foreign key (name, version) references model_versions
);
create index model_steps_model on model_steps (name, seq);
create trigger model_steps_kept before update or delete on model_steps for each row execute function refuse_change();

-- Rises with every change of what decides or watches.
create table model_head (
  one boolean primary key default true check (one),
  seq bigint not null default 0
);
insert into model_head default values;

-- Down Migration
drop table model_head;
drop table model_steps;
drop table model_versions;
