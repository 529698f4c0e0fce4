-- Up Migration
create table incidents (
  id text primary key,
  number text not null unique,
  person text not null,
  phone text,
  acct text,
  level text not null check (level in ('P1', 'P2', 'P3', 'P4')),
  machine_level text not null check (machine_level in ('P1', 'P2', 'P3', 'P4')),
  state text not null,
  scam text,
  score double precision not null,
  expected_loss_fen bigint not null check (expected_loss_fen >= 0),
  lost_fen bigint not null check (lost_fen >= 0),
  loss_at_ms bigint not null,
  why jsonb not null,
  reasons jsonb not null,
  sources text[] not null default '{}',
  live jsonb not null,
  alerts int not null default 1,
  calls int not null default 0,
  station text not null,
  station_name text not null,
  urban boolean not null default true,
  signed_by text,
  signed_ms bigint,
  met_ms bigint,
  resulted_ms bigint,
  closed_ms bigint,
  result text,
  false_alarm_cause text,
  follow_ups int not null default 0,
  position jsonb,
  scored_by text not null,
  versions jsonb not null,
  created_ms bigint not null,
  updated_ms bigint not null,
  -- As-of time of the last alert (merge window, silence) and of the last assessment (order).
  alert_ms bigint not null,
  assessed_ms bigint not null,
  version int not null default 1,
  -- Version of the last change that a person decided upon: a command may come from any version since.
  acted_version int not null default 1
);
create unique index incidents_open_person on incidents (person) where closed_ms is null;
create index incidents_person on incidents (person, alert_ms desc);
create index incidents_open on incidents (loss_at_ms) where closed_ms is null;
create index incidents_created on incidents (created_ms desc);
create index incidents_closed on incidents (closed_ms desc) where closed_ms is not null;

-- Human numbers restart every county day: 20260916-0031.
create table incident_numbers (day text primary key, last int not null);

create table evidence (
  incident_id text not null references incidents on delete cascade,
  event_id text not null,
  t bigint not null,
  item jsonb not null,
  primary key (incident_id, event_id)
);
create index evidence_time on evidence (incident_id, t);

create table tasks (
  id text primary key,
  incident_id text not null references incidents on delete cascade,
  tier text not null check (tier in ('station', 'officer', 'grid')),
  unit text not null,
  unit_name text not null,
  assignee text,
  state text not null,
  created_ms bigint not null,
  due_ms bigint not null,
  accepted_ms bigint,
  arrived_ms bigint,
  met_ms bigint,
  resulted_ms bigint,
  eta_min double precision,
  report jsonb
);
create index tasks_incident on tasks (incident_id);
create index tasks_unit on tasks (unit) where state not in ('resulted', 'cancelled');
create unique index tasks_open_unit on tasks (incident_id, unit) where state not in ('resulted', 'cancelled');

create table clocks (
  incident_id text not null references incidents on delete cascade,
  step text not null,
  due_ms bigint not null,
  grace_ms bigint not null,
  escalate_to text not null,
  done_ms bigint,
  missed_ms bigint,
  primary key (incident_id, step)
);
create index clocks_running on clocks ((due_ms + grace_ms)) where done_ms is null and missed_ms is null;

create table holds (
  id text primary key,
  request_id text not null,
  bank text not null,
  -- SM3 of the canonical request: the same id with another body is a conflict.
  body_hash text not null,
  person text,
  incident_id text references incidents on delete set null,
  acct text not null,
  peer text not null,
  amount_fen bigint not null check (amount_fen > 0),
  outcome text not null,
  state text not null,
  reason_code text not null,
  counter jsonb,
  reply jsonb not null,
  created_ms bigint not null,
  expires_ms bigint,
  ended_ms bigint,
  ended_by text,
  ended_reason text,
  unique (bank, request_id)
);
create index holds_person on holds (person, created_ms desc);
create index holds_running on holds (expires_ms) where state = 'active';
create index holds_created on holds (created_ms desc);

create table processed (
  kind text not null,
  id text not null,
  at_ms bigint not null,
  -- What was decided, so that a repeated sending can be answered the same; hash of its body where that matters.
  body_hash text,
  outcome jsonb,
  primary key (kind, id)
);
create index processed_age on processed (at_ms);

-- Down Migration
drop table processed;
drop table holds;
drop table clocks;
drop table tasks;
drop table evidence;
drop table incident_numbers;
drop table incidents;
