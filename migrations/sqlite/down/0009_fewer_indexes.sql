-- The way down of 0009.
DROP INDEX sessions_by_batch;
DROP INDEX sessions_open;
CREATE INDEX schedule_clocks_due ON schedule_clocks (next_run_at) WHERE next_run_at IS NOT NULL;
CREATE INDEX sessions_by_time ON sessions (created_at, id);
CREATE INDEX sessions_by_batch ON sessions (batch_id, status);
CREATE INDEX sessions_by_batch_assignee ON sessions (batch_id, assignee) WHERE assignee IS NOT NULL;
CREATE INDEX sessions_open ON sessions (flow_id, batch_id) WHERE status IN ('pending', 'in_progress');
CREATE INDEX sessions_unassigned ON sessions (batch_id)
    WHERE tombstone = 0 AND assignee IS NULL AND status IN ('pending', 'in_progress');
DELETE FROM _sqlx_migrations WHERE version = 9;
