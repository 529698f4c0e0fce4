-- Up Migration
-- With which chance a case below the bar was to be visited to learn, and whether it was drawn: what estimates weigh by.
alter table incidents add column explore_chance double precision not null default 0;
alter table incidents add column exploration boolean not null default false;
-- What was said when it was opened: calibration compares that with the result, not what was said last.
alter table incidents add column opened_score double precision;
update incidents set opened_score = score;
alter table incidents alter column opened_score set not null;

-- Registered in the county 户籍, as the register says: to measure whether people are treated alike, read by nothing that scores.
alter table residents add column local boolean;

-- What nobody has a rule for. The limit of a day is the database's: an analyst looks at so many and no more.
create table unknowns (
  day text not null,
  rank int not null check (rank between 1 and 20),
  person text not null,
  z double precision not null,
  out_fen bigint not null check (out_fen >= 0),
  features jsonb not null,
  found_ms bigint not null,
  verdict text check (verdict in ('harmless', 'suspicious')),
  note text,
  decided_by text,
  decided_ms bigint,
  primary key (day, rank),
  unique (day, person)
);

-- What each night's learning saw and did.
create table learning_runs (
  at_ms bigint primary key,
  facts jsonb not null
);

create index audit_coded on audit (at_ms) where kind in ('incident_resulted', 'incident_closed', 'result_reviewed');

-- Down Migration
drop index audit_coded;
drop table learning_runs;
drop table unknowns;
alter table residents drop column local;
alter table incidents drop column opened_score;
alter table incidents drop column exploration;
alter table incidents drop column explore_chance;
