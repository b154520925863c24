-- Every index is written once more for each session of a fire. These three say what five said, and one that no list reads is
-- gone. A deleted session is 'cancelled', so what is open is not deleted.
DROP INDEX sessions_by_time;
DROP INDEX sessions_unassigned;
DROP INDEX sessions_by_batch_assignee;
DROP INDEX sessions_by_batch;
DROP INDEX sessions_open;
CREATE INDEX sessions_by_batch ON sessions (batch_id, status, assignee);
CREATE INDEX sessions_open ON sessions (flow_id, batch_id, assignee) WHERE status IN ('pending', 'in_progress');
-- Few look ahead of what is due, and those read every schedule's clock.
DROP INDEX schedule_clocks_due;
