-- The way down of 0005.
DROP INDEX sessions_by_batch_assignee;
DELETE FROM _sqlx_migrations WHERE version = 5;
