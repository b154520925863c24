-- The way down for misfire and overlap policies, by hand, with the application closed and a backup made: before going back
-- to a release that always runs what is late, and beside an open batch. Schedules that are set otherwise are paused, so
-- that it runs none of them against their policy; open questions become plain misses. Run it with any SQLite shell
-- inside one transaction.
UPDATE schedule_clocks SET next_run_at = NULL
 WHERE schedule_id IN (SELECT id FROM schedules WHERE misfire <> 'run_once' OR overlap <> 'allow');
UPDATE notifications SET kind = 'run_missed' WHERE kind = 'run_asked';
UPDATE missed_occurrences SET reason = 'grace_passed'
 WHERE reason NOT IN ('grace_passed', 'coalesced', 'schedule_changed', 'failed');
DROP INDEX notifications_asking;
ALTER TABLE notifications DROP COLUMN missed_id;
DROP INDEX missed_declined;
ALTER TABLE missed_occurrences DROP COLUMN answer_by;
ALTER TABLE missed_occurrences DROP COLUMN outcome;
ALTER TABLE missed_occurrences DROP COLUMN absence;
DELETE FROM _sqlx_migrations WHERE version = 4;
