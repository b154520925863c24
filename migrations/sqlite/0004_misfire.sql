-- What is done about occurrences that did not run. Local only, like the occurrences themselves.

-- Why nobody was there when they were due: 'not_running' or 'asleep'; NULL where somebody was, or nobody can tell.
ALTER TABLE missed_occurrences ADD COLUMN absence TEXT;
-- 'none', 'replaced', 'skipped', 'asked' or 'declined'.
ALTER TABLE missed_occurrences ADD COLUMN outcome TEXT NOT NULL DEFAULT 'none';
-- Until when an answer is awaited.
ALTER TABLE missed_occurrences ADD COLUMN answer_by INTEGER;
UPDATE missed_occurrences SET outcome = 'replaced' WHERE reason = 'coalesced';
-- What somebody skipped stays skipped, also when the clock is set back and its time comes by again.
CREATE INDEX missed_declined ON missed_occurrences (schedule_id, from_at) WHERE outcome = 'declined';

-- The question a notification asks: a row of missed_occurrences, while it waits for an answer.
ALTER TABLE notifications ADD COLUMN missed_id TEXT;
CREATE INDEX notifications_asking ON notifications (missed_id) WHERE missed_id IS NOT NULL;
