-- When a schedule may run, and what is told about its runs.

-- Synced, with the rest of the rule: the hours it may start in, the calendars it keeps clear of, and how.
ALTER TABLE schedules ADD COLUMN windows TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(windows));
ALTER TABLE schedules ADD COLUMN blackout_ids TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(blackout_ids));
ALTER TABLE schedules ADD COLUMN on_blackout TEXT NOT NULL DEFAULT 'skip';
-- Minutes before a run, and the time of day at which an unfinished one is told; NULL for not at all.
ALTER TABLE schedules ADD COLUMN notify_before INTEGER CHECK (notify_before BETWEEN 1 AND 10080);
ALTER TABLE schedules ADD COLUMN notify_unfinished_at TEXT;

CREATE TABLE blackout_calendars (
    id           TEXT PRIMARY KEY,
    team_id      TEXT NOT NULL,
    version      TEXT NOT NULL CHECK (length(version) = 48),
    base_version TEXT CHECK (length(base_version) = 48),
    tombstone    INTEGER NOT NULL DEFAULT 0 CHECK (tombstone IN (0, 1)),
    extra        TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    name         TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    entries      TEXT NOT NULL CHECK (json_valid(entries)),
    created_by   TEXT,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;
CREATE TRIGGER blackout_calendars_outbox_insert AFTER INSERT ON blackout_calendars WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('blackout_calendars', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER blackout_calendars_outbox_update AFTER UPDATE OF version ON blackout_calendars WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('blackout_calendars', NEW.id) ON CONFLICT DO NOTHING;
END;

-- Local only, from here on.

-- When the scheduler looks at the schedule next: at its next run, or before that, where something is to be recorded or told.
ALTER TABLE schedule_clocks ADD COLUMN look_at INTEGER;
UPDATE schedule_clocks SET look_at = next_run_at;
CREATE INDEX schedule_clocks_look ON schedule_clocks (look_at) WHERE look_at IS NOT NULL;
-- Since when the rule is in force: what was due before was dealt with under another one, and does not move.
ALTER TABLE schedule_clocks ADD COLUMN rule_since INTEGER NOT NULL DEFAULT 0;
UPDATE schedule_clocks SET rule_since = checked_through;

-- What blacked an occurrence out.
ALTER TABLE missed_occurrences ADD COLUMN detail TEXT;
