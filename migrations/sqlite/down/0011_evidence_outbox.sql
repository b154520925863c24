-- The way down of 0011. What the team's server has not got of evidence is not sent any more.
DROP TABLE evidence_outbox;
DELETE FROM _sqlx_migrations WHERE version = 11;
