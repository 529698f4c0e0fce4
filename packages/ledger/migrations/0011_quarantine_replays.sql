-- Up Migration
alter table quarantined add column replayed_ms bigint, add column replayed_by text;

-- Down Migration
alter table quarantined drop column replayed_by, drop column replayed_ms;
