-- The way down of 0012.
DROP TRIGGER active_schedules_shown;
DROP TRIGGER batch_events_shown;
DROP TRIGGER batches_shown;
DROP TRIGGER blackout_calendars_shown;
DROP TRIGGER conflicts_shown;
DROP TRIGGER flow_revisions_shown;
DROP TRIGGER flows_shown;
DROP TRIGGER schedule_pauses_shown;
DROP TRIGGER schedules_shown;
DROP TRIGGER session_events_shown;
DROP TRIGGER sessions_shown;
DROP TRIGGER target_lists_shown;
DELETE FROM _sqlx_migrations WHERE version = 12;
