-- The way down for windows, blackouts and notices, by hand, with the application closed and a backup made: before going
-- back to a release that knows none of them. Schedules with windows or blackouts no longer come due, so that none of them
-- runs when it must not; the calendars are gone. Run it with any SQLite shell inside one transaction.
UPDATE schedule_clocks SET next_run_at = NULL
 WHERE schedule_id IN (SELECT id FROM schedules WHERE windows <> '[]' OR blackout_ids <> '[]');
UPDATE missed_occurrences SET reason = 'not_running' WHERE reason IN ('outside_window', 'blackout');
DELETE FROM notifications WHERE kind IN ('run_soon', 'run_unfinished');
ALTER TABLE missed_occurrences DROP COLUMN detail;
DROP INDEX schedule_clocks_look;
ALTER TABLE schedule_clocks DROP COLUMN look_at;
ALTER TABLE schedule_clocks DROP COLUMN rule_since;
DROP TABLE blackout_calendars;
DELETE FROM outbox WHERE table_name = 'blackout_calendars';
ALTER TABLE schedules DROP COLUMN windows;
ALTER TABLE schedules DROP COLUMN blackout_ids;
ALTER TABLE schedules DROP COLUMN on_blackout;
ALTER TABLE schedules DROP COLUMN notify_before;
ALTER TABLE schedules DROP COLUMN notify_unfinished_at;
DELETE FROM _sqlx_migrations WHERE version = 6;
