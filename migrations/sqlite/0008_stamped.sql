-- The outbox is filled where a version changes, so a write that changes what syncs and forgets the version would never reach
-- the team. It is refused. What is local may change without one: base_version, what the lists derive (status, counts,
-- folded text).
--
-- A later migration that adds a synced column replaces the trigger of its table; one that changes rows of an earlier release
-- gives them a new version, or drops the trigger before and makes it again after.
CREATE TRIGGER active_schedules_stamped BEFORE UPDATE OF id, team_id, tombstone, extra, schedule_id
    ON active_schedules WHEN NEW.version IS OLD.version BEGIN
    SELECT RAISE(ABORT, 'active_schedules: changed without a new version');
END;
CREATE TRIGGER batch_events_stamped BEFORE UPDATE OF id, team_id, tombstone, extra, batch_id, event, author, at
    ON batch_events WHEN NEW.version IS OLD.version BEGIN
    SELECT RAISE(ABORT, 'batch_events: changed without a new version');
END;
CREATE TRIGGER batches_stamped BEFORE UPDATE OF id, team_id, tombstone, extra, flow_id, revision_id, origin, intake,
    schedule_id, schedule_version, zone, nominal_local, fold, scheduled_for, target_list_id, retry_of, created_by,
    launched_at
    ON batches WHEN NEW.version IS OLD.version BEGIN
    SELECT RAISE(ABORT, 'batches: changed without a new version');
END;
CREATE TRIGGER blackout_calendars_stamped BEFORE UPDATE OF id, team_id, tombstone, extra, name, entries, created_by,
    created_at, updated_at
    ON blackout_calendars WHEN NEW.version IS OLD.version BEGIN
    SELECT RAISE(ABORT, 'blackout_calendars: changed without a new version');
END;
CREATE TRIGGER flow_revisions_stamped BEFORE UPDATE OF id, team_id, tombstone, extra, flow_id, parent_id, name,
    description, flow_type, structure, intake_form, step_count, estimate_minutes, created_by, created_at
    ON flow_revisions WHEN NEW.version IS OLD.version BEGIN
    SELECT RAISE(ABORT, 'flow_revisions: changed without a new version');
END;
CREATE TRIGGER flows_stamped BEFORE UPDATE OF id, team_id, tombstone, extra, name, description, flow_type, head_id,
    created_by, created_at, updated_at
    ON flows WHEN NEW.version IS OLD.version BEGIN
    SELECT RAISE(ABORT, 'flows: changed without a new version');
END;
CREATE TRIGGER schedule_pauses_stamped BEFORE UPDATE OF id, team_id, tombstone, extra, paused
    ON schedule_pauses WHEN NEW.version IS OLD.version BEGIN
    SELECT RAISE(ABORT, 'schedule_pauses: changed without a new version');
END;
CREATE TRIGGER schedules_stamped BEFORE UPDATE OF id, team_id, tombstone, extra, flow_id, recurrence, timezone,
    target_list_id, misfire, overlap, grace_seconds, intake, created_by, created_at, updated_at, windows, blackout_ids,
    on_blackout, notify_before, notify_unfinished_at
    ON schedules WHEN NEW.version IS OLD.version BEGIN
    SELECT RAISE(ABORT, 'schedules: changed without a new version');
END;
CREATE TRIGGER session_events_stamped BEFORE UPDATE OF id, team_id, tombstone, extra, session_id, event, author, at
    ON session_events WHEN NEW.version IS OLD.version BEGIN
    SELECT RAISE(ABORT, 'session_events: changed without a new version');
END;
CREATE TRIGGER sessions_stamped BEFORE UPDATE OF id, team_id, tombstone, extra, batch_id, flow_id, revision_id, intake,
    target_label, target_notes, position, created_by, created_at, target_client, target_site, target_variables
    ON sessions WHEN NEW.version IS OLD.version BEGIN
    SELECT RAISE(ABORT, 'sessions: changed without a new version');
END;
CREATE TRIGGER target_lists_stamped BEFORE UPDATE OF id, team_id, tombstone, extra, name, description, targets,
    created_by, created_at, updated_at, client, site
    ON target_lists WHEN NEW.version IS OLD.version BEGIN
    SELECT RAISE(ABORT, 'target_lists: changed without a new version');
END;
