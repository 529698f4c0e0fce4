-- Up Migration
-- Stations that an incident was taken from, each with where it went: what the machine must not choose again.
create table incident_returns (
  incident_id text not null references incidents on delete cascade,
  station text not null,
  to_station text not null,
  at_ms bigint not null,
  by text not null,
  primary key (incident_id, station)
);

-- Down Migration
drop table incident_returns;
