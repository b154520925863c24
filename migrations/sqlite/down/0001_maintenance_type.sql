-- The way down for the flow type, by hand, with the application closed and a backup made: before going back to a release
-- that knows no maintenance flows. They become procedural, with all their revisions; their schedules no longer come due;
-- batches, sessions and events stay as they are. Run it with any SQLite shell inside one transaction.
UPDATE schedule_clocks SET next_run_at = NULL
 WHERE schedule_id IN (SELECT s.id FROM schedules AS s JOIN flows AS f ON f.id = s.flow_id WHERE f.flow_type = 'maintenance');
UPDATE flow_revisions SET flow_type = 'procedural' WHERE flow_type = 'maintenance';
UPDATE flows SET flow_type = 'procedural' WHERE flow_type = 'maintenance';
