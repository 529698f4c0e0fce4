-- Up Migration
-- Money that was expected to leave when a question was answered, until the episode is over. Null: of before, or nobody could say.
alter table holds add column expected_loss_fen bigint;

-- Down Migration
alter table holds drop column expected_loss_fen;
