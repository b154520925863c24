-- The way down for the guard of versions: without it a write that forgets one goes unnoticed, as before. Run it with any
-- SQLite shell inside one transaction.
DROP TRIGGER active_schedules_stamped;
DROP TRIGGER batch_events_stamped;
DROP TRIGGER batches_stamped;
DROP TRIGGER blackout_calendars_stamped;
DROP TRIGGER flow_revisions_stamped;
DROP TRIGGER flows_stamped;
DROP TRIGGER schedule_pauses_stamped;
DROP TRIGGER schedules_stamped;
DROP TRIGGER session_events_stamped;
DROP TRIGGER sessions_stamped;
DROP TRIGGER target_lists_stamped;
DELETE FROM _sqlx_migrations WHERE version = 8;
