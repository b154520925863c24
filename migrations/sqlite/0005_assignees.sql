-- Batches that a member works on: the lists ask it of every batch they pass.
CREATE INDEX sessions_by_batch_assignee ON sessions (batch_id, assignee) WHERE assignee IS NOT NULL;
