-- Up Migration
-- How often a customer and the county were disturbed within a day is asked with every hold question; most answers are "allow".
create index holds_disturbing on holds (created_ms, acct, reason_code) where outcome <> 'allow';

-- Down Migration
drop index holds_disturbing;
