-- The way down of 0007.
DROP INDEX flow_revisions_asking;
DELETE FROM _sqlx_migrations WHERE version = 7;
