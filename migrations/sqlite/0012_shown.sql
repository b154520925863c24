-- A row the server refused and has no copy of is hidden (sync_refused) under a version of its own while others still name it. A
-- person may write it again: the register of a flow whose schedules were refused, a pause. Then it is there again and unsent,
-- made on nothing the server has; whoever writes it need not know that it was hidden.
CREATE TRIGGER active_schedules_shown AFTER UPDATE OF version ON active_schedules
    WHEN OLD.version IS '000000000000000000000000000000000000000000000001' AND NEW.version IS NOT OLD.version BEGIN
    DELETE FROM sync_refused WHERE table_name = 'active_schedules' AND row_id = NEW.id;
    UPDATE active_schedules SET base_version = NULL WHERE id = NEW.id AND base_version IS OLD.version;
END;
CREATE TRIGGER batch_events_shown AFTER UPDATE OF version ON batch_events
    WHEN OLD.version IS '000000000000000000000000000000000000000000000001' AND NEW.version IS NOT OLD.version BEGIN
    DELETE FROM sync_refused WHERE table_name = 'batch_events' AND row_id = NEW.id;
    UPDATE batch_events SET base_version = NULL WHERE id = NEW.id AND base_version IS OLD.version;
END;
CREATE TRIGGER batches_shown AFTER UPDATE OF version ON batches
    WHEN OLD.version IS '000000000000000000000000000000000000000000000001' AND NEW.version IS NOT OLD.version BEGIN
    DELETE FROM sync_refused WHERE table_name = 'batches' AND row_id = NEW.id;
    UPDATE batches SET base_version = NULL WHERE id = NEW.id AND base_version IS OLD.version;
END;
CREATE TRIGGER blackout_calendars_shown AFTER UPDATE OF version ON blackout_calendars
    WHEN OLD.version IS '000000000000000000000000000000000000000000000001' AND NEW.version IS NOT OLD.version BEGIN
    DELETE FROM sync_refused WHERE table_name = 'blackout_calendars' AND row_id = NEW.id;
    UPDATE blackout_calendars SET base_version = NULL WHERE id = NEW.id AND base_version IS OLD.version;
END;
CREATE TRIGGER conflicts_shown AFTER UPDATE OF version ON conflicts
    WHEN OLD.version IS '000000000000000000000000000000000000000000000001' AND NEW.version IS NOT OLD.version BEGIN
    DELETE FROM sync_refused WHERE table_name = 'conflicts' AND row_id = NEW.id;
    UPDATE conflicts SET base_version = NULL WHERE id = NEW.id AND base_version IS OLD.version;
END;
CREATE TRIGGER flow_revisions_shown AFTER UPDATE OF version ON flow_revisions
    WHEN OLD.version IS '000000000000000000000000000000000000000000000001' AND NEW.version IS NOT OLD.version BEGIN
    DELETE FROM sync_refused WHERE table_name = 'flow_revisions' AND row_id = NEW.id;
    UPDATE flow_revisions SET base_version = NULL WHERE id = NEW.id AND base_version IS OLD.version;
END;
CREATE TRIGGER flows_shown AFTER UPDATE OF version ON flows
    WHEN OLD.version IS '000000000000000000000000000000000000000000000001' AND NEW.version IS NOT OLD.version BEGIN
    DELETE FROM sync_refused WHERE table_name = 'flows' AND row_id = NEW.id;
    UPDATE flows SET base_version = NULL WHERE id = NEW.id AND base_version IS OLD.version;
END;
CREATE TRIGGER schedule_pauses_shown AFTER UPDATE OF version ON schedule_pauses
    WHEN OLD.version IS '000000000000000000000000000000000000000000000001' AND NEW.version IS NOT OLD.version BEGIN
    DELETE FROM sync_refused WHERE table_name = 'schedule_pauses' AND row_id = NEW.id;
    UPDATE schedule_pauses SET base_version = NULL WHERE id = NEW.id AND base_version IS OLD.version;
END;
CREATE TRIGGER schedules_shown AFTER UPDATE OF version ON schedules
    WHEN OLD.version IS '000000000000000000000000000000000000000000000001' AND NEW.version IS NOT OLD.version BEGIN
    DELETE FROM sync_refused WHERE table_name = 'schedules' AND row_id = NEW.id;
    UPDATE schedules SET base_version = NULL WHERE id = NEW.id AND base_version IS OLD.version;
END;
CREATE TRIGGER session_events_shown AFTER UPDATE OF version ON session_events
    WHEN OLD.version IS '000000000000000000000000000000000000000000000001' AND NEW.version IS NOT OLD.version BEGIN
    DELETE FROM sync_refused WHERE table_name = 'session_events' AND row_id = NEW.id;
    UPDATE session_events SET base_version = NULL WHERE id = NEW.id AND base_version IS OLD.version;
END;
CREATE TRIGGER sessions_shown AFTER UPDATE OF version ON sessions
    WHEN OLD.version IS '000000000000000000000000000000000000000000000001' AND NEW.version IS NOT OLD.version BEGIN
    DELETE FROM sync_refused WHERE table_name = 'sessions' AND row_id = NEW.id;
    UPDATE sessions SET base_version = NULL WHERE id = NEW.id AND base_version IS OLD.version;
END;
CREATE TRIGGER target_lists_shown AFTER UPDATE OF version ON target_lists
    WHEN OLD.version IS '000000000000000000000000000000000000000000000001' AND NEW.version IS NOT OLD.version BEGIN
    DELETE FROM sync_refused WHERE table_name = 'target_lists' AND row_id = NEW.id;
    UPDATE target_lists SET base_version = NULL WHERE id = NEW.id AND base_version IS OLD.version;
END;
