-- The workspace as one SQLite file.
--
-- Synced tables carry id, team_id, version (hybrid logical clock + device, 48 hex digits), base_version (the server's
-- version an edit was made on), tombstone instead of deletion, and extra (columns of newer releases, kept and sent
-- back). No UNIQUE beyond the id: two laptops that are offline could not both keep it. Foreign keys are deferred, so
-- that rows may arrive in any order within a transaction. Instants are milliseconds since 1970; ids are UUID text.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Rows that the team has not seen yet. Filled by the triggers below, so that no write path can forget it: a row whose
-- version is not the one the server has. Merging sets both, and stays out.
CREATE TABLE outbox (
    table_name TEXT NOT NULL,
    row_id     TEXT NOT NULL,
    PRIMARY KEY (table_name, row_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE flows (
    id           TEXT PRIMARY KEY,
    team_id      TEXT NOT NULL,
    version      TEXT NOT NULL CHECK (length(version) = 48),
    base_version TEXT CHECK (length(base_version) = 48),
    tombstone    INTEGER NOT NULL DEFAULT 0 CHECK (tombstone IN (0, 1)),
    extra        TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    name         TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    description  TEXT NOT NULL,
    flow_type    TEXT NOT NULL CHECK (flow_type IN ('troubleshooting', 'procedural', 'maintenance')),
    head_id      TEXT NOT NULL REFERENCES flow_revisions (id) DEFERRABLE INITIALLY DEFERRED,
    created_by   TEXT,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    -- Derived, never synced: composed and in lower case, for a search that knows more letters than SQLite.
    folded_name        TEXT NOT NULL DEFAULT '',
    folded_description TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX flows_by_name ON flows (name COLLATE NOCASE, id) WHERE tombstone = 0;
CREATE INDEX flows_by_type ON flows (flow_type, name COLLATE NOCASE, id) WHERE tombstone = 0;

-- Immutable. The number people see is the place in (created_at, id) order.
CREATE TABLE flow_revisions (
    id               TEXT PRIMARY KEY,
    team_id          TEXT NOT NULL,
    version          TEXT NOT NULL CHECK (length(version) = 48),
    base_version     TEXT CHECK (length(base_version) = 48),
    tombstone        INTEGER NOT NULL DEFAULT 0 CHECK (tombstone IN (0, 1)),
    extra            TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    flow_id          TEXT NOT NULL REFERENCES flows (id) DEFERRABLE INITIALLY DEFERRED,
    parent_id        TEXT,
    name             TEXT NOT NULL,
    description      TEXT NOT NULL,
    flow_type        TEXT NOT NULL CHECK (flow_type IN ('troubleshooting', 'procedural', 'maintenance')),
    structure        TEXT NOT NULL CHECK (json_valid(structure)),
    intake_form      TEXT NOT NULL CHECK (json_valid(intake_form)),
    step_count       INTEGER NOT NULL CHECK (step_count >= 0),
    estimate_minutes INTEGER NOT NULL CHECK (estimate_minutes >= 0),
    created_by       TEXT,
    created_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX flow_revisions_by_flow ON flow_revisions (flow_id, created_at, id);

CREATE TABLE target_lists (
    id           TEXT PRIMARY KEY,
    team_id      TEXT NOT NULL,
    version      TEXT NOT NULL CHECK (length(version) = 48),
    base_version TEXT CHECK (length(base_version) = 48),
    tombstone    INTEGER NOT NULL DEFAULT 0 CHECK (tombstone IN (0, 1)),
    extra        TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    name         TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    description  TEXT NOT NULL,
    targets      TEXT NOT NULL CHECK (json_valid(targets) AND json_array_length(targets) >= 1),
    created_by   TEXT,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX target_lists_by_name ON target_lists (name COLLATE NOCASE, id) WHERE tombstone = 0;

CREATE TABLE batches (
    id               TEXT PRIMARY KEY,
    team_id          TEXT NOT NULL,
    version          TEXT NOT NULL CHECK (length(version) = 48),
    base_version     TEXT CHECK (length(base_version) = 48),
    tombstone        INTEGER NOT NULL DEFAULT 0 CHECK (tombstone IN (0, 1)),
    extra            TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    flow_id          TEXT NOT NULL REFERENCES flows (id) DEFERRABLE INITIALLY DEFERRED,
    revision_id      TEXT NOT NULL REFERENCES flow_revisions (id) DEFERRABLE INITIALLY DEFERRED,
    origin           TEXT NOT NULL CHECK (origin IN ('manual', 'schedule', 'retry')),
    intake           TEXT NOT NULL CHECK (json_valid(intake)),
    schedule_id      TEXT,
    -- The version of the schedule it fired from: a batch of an outdated one can be told.
    schedule_version TEXT,
    -- The occurrence: zone, nominal wall-clock time and fold, and the instant that was.
    zone             TEXT,
    nominal_local    TEXT,
    fold             INTEGER CHECK (fold IN (0, 1)),
    scheduled_for    INTEGER,
    target_list_id   TEXT,
    retry_of         TEXT,
    created_by       TEXT,
    launched_at      INTEGER NOT NULL,
    CHECK ((origin = 'schedule') = (schedule_id IS NOT NULL AND nominal_local IS NOT NULL))
) STRICT;
CREATE INDEX batches_by_time ON batches (launched_at, id) WHERE tombstone = 0;
CREATE INDEX batches_by_flow ON batches (flow_id, launched_at, id) WHERE tombstone = 0;
CREATE INDEX batches_by_list ON batches (target_list_id, launched_at) WHERE target_list_id IS NOT NULL;

CREATE TABLE sessions (
    id               TEXT PRIMARY KEY,
    team_id          TEXT NOT NULL,
    version          TEXT NOT NULL CHECK (length(version) = 48),
    base_version     TEXT CHECK (length(base_version) = 48),
    tombstone        INTEGER NOT NULL DEFAULT 0 CHECK (tombstone IN (0, 1)),
    extra            TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    batch_id         TEXT REFERENCES batches (id) DEFERRABLE INITIALLY DEFERRED,
    flow_id          TEXT NOT NULL REFERENCES flows (id) DEFERRABLE INITIALLY DEFERRED,
    -- Own revision and intake only without a batch; sessions of a batch follow it until they start.
    revision_id      TEXT REFERENCES flow_revisions (id) DEFERRABLE INITIALLY DEFERRED,
    intake           TEXT CHECK (json_valid(intake)),
    target_label     TEXT NOT NULL,
    target_notes     TEXT,
    -- Place among the targets of the batch.
    position         INTEGER NOT NULL,
    created_by       TEXT,
    created_at       INTEGER NOT NULL,
    -- Derived from the label and from the session's events in the same transaction, never synced: what the lists
    -- search, show and count.
    folded_label     TEXT NOT NULL DEFAULT '',
    status           TEXT NOT NULL DEFAULT 'pending'
                     CHECK (status IN ('pending', 'in_progress', 'completed', 'failed', 'skipped', 'cancelled')),
    started_revision_id TEXT,
    steps_recorded   INTEGER NOT NULL DEFAULT 0,
    steps_failed     INTEGER NOT NULL DEFAULT 0,
    assignee         TEXT,
    started_at       INTEGER,
    ended_at         INTEGER,
    CHECK ((batch_id IS NULL) = (revision_id IS NOT NULL))
) STRICT;
CREATE INDEX sessions_by_batch ON sessions (batch_id, status);
CREATE INDEX sessions_by_time ON sessions (created_at, id);
-- For the foreign keys of flows and revisions, which look here while they wait for each other.
CREATE INDEX sessions_by_revision ON sessions (revision_id) WHERE revision_id IS NOT NULL;
CREATE INDEX sessions_open ON sessions (flow_id, batch_id) WHERE status IN ('pending', 'in_progress');

-- Append-only. The version is the stamp the fold orders by.
CREATE TABLE session_events (
    id           TEXT PRIMARY KEY,
    team_id      TEXT NOT NULL,
    version      TEXT NOT NULL CHECK (length(version) = 48),
    base_version TEXT CHECK (length(base_version) = 48),
    tombstone    INTEGER NOT NULL DEFAULT 0 CHECK (tombstone IN (0, 1)),
    extra        TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    session_id   TEXT NOT NULL REFERENCES sessions (id) DEFERRABLE INITIALLY DEFERRED,
    event        TEXT NOT NULL CHECK (json_valid(event)),
    author       TEXT,
    at           INTEGER NOT NULL
) STRICT;
CREATE INDEX session_events_by_session ON session_events (session_id, version);

CREATE TABLE schedules (
    id             TEXT PRIMARY KEY,
    team_id        TEXT NOT NULL,
    version        TEXT NOT NULL CHECK (length(version) = 48),
    base_version   TEXT CHECK (length(base_version) = 48),
    tombstone      INTEGER NOT NULL DEFAULT 0 CHECK (tombstone IN (0, 1)),
    extra          TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    flow_id        TEXT NOT NULL REFERENCES flows (id) DEFERRABLE INITIALLY DEFERRED,
    recurrence     TEXT NOT NULL CHECK (json_valid(recurrence)),
    timezone       TEXT NOT NULL,
    target_list_id TEXT,
    misfire        TEXT NOT NULL,
    overlap        TEXT NOT NULL,
    grace_seconds  INTEGER NOT NULL CHECK (grace_seconds BETWEEN 0 AND 604800),
    intake         TEXT NOT NULL CHECK (json_valid(intake)),
    created_by     TEXT,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX schedules_by_flow ON schedules (flow_id, updated_at) WHERE tombstone = 0;

-- Register flow → schedule: at most one schedule of a flow is active. The id is the flow's.
CREATE TABLE active_schedules (
    id           TEXT PRIMARY KEY,
    team_id      TEXT NOT NULL,
    version      TEXT NOT NULL CHECK (length(version) = 48),
    base_version TEXT CHECK (length(base_version) = 48),
    tombstone    INTEGER NOT NULL DEFAULT 0 CHECK (tombstone IN (0, 1)),
    extra        TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    schedule_id  TEXT NOT NULL REFERENCES schedules (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- Register schedule → paused. Of its own, so that pausing never undoes a colleague's edit. The id is the schedule's.
CREATE TABLE schedule_pauses (
    id           TEXT PRIMARY KEY,
    team_id      TEXT NOT NULL,
    version      TEXT NOT NULL CHECK (length(version) = 48),
    base_version TEXT CHECK (length(base_version) = 48),
    tombstone    INTEGER NOT NULL DEFAULT 0 CHECK (tombstone IN (0, 1)),
    extra        TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    paused       INTEGER NOT NULL CHECK (paused IN (0, 1))
) STRICT;

-- Local only, from here on.

-- What the scheduler knows of a schedule: everything up to checked_through has fired or is recorded as missed.
CREATE TABLE schedule_clocks (
    schedule_id     TEXT PRIMARY KEY REFERENCES schedules (id) DEFERRABLE INITIALLY DEFERRED,
    -- NULL while it is paused, or never comes due again.
    next_run_at     INTEGER,
    last_run_at     INTEGER,
    checked_through INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX schedule_clocks_due ON schedule_clocks (next_run_at) WHERE next_run_at IS NOT NULL;

-- Spans of occurrences that did not run; listed occurrence by occurrence when read.
CREATE TABLE missed_occurrences (
    id          TEXT PRIMARY KEY,
    schedule_id TEXT NOT NULL,
    -- The rule in force then, to expand the span by.
    recurrence  TEXT NOT NULL CHECK (json_valid(recurrence)),
    timezone    TEXT NOT NULL,
    from_at     INTEGER NOT NULL,
    to_at       INTEGER NOT NULL CHECK (to_at >= from_at),
    count       INTEGER NOT NULL CHECK (count >= 1),
    reason      TEXT NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX missed_by_time ON missed_occurrences (to_at, id);
CREATE INDEX missed_by_schedule ON missed_occurrences (schedule_id, to_at, id);

CREATE TABLE notifications (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,
    route      TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    read_at    INTEGER
) STRICT;
CREATE INDEX notifications_by_time ON notifications (created_at, id);
CREATE INDEX notifications_unread ON notifications (created_at, id) WHERE read_at IS NULL;

-- ON CONFLICT instead of OR IGNORE: the upsert that fires a trigger would overrule the latter.
CREATE TRIGGER flows_outbox_insert AFTER INSERT ON flows WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('flows', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER flows_outbox_update AFTER UPDATE OF version ON flows WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('flows', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER flow_revisions_outbox_insert AFTER INSERT ON flow_revisions WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('flow_revisions', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER flow_revisions_outbox_update AFTER UPDATE OF version ON flow_revisions WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('flow_revisions', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER target_lists_outbox_insert AFTER INSERT ON target_lists WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('target_lists', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER target_lists_outbox_update AFTER UPDATE OF version ON target_lists WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('target_lists', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER batches_outbox_insert AFTER INSERT ON batches WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('batches', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER batches_outbox_update AFTER UPDATE OF version ON batches WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('batches', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER sessions_outbox_insert AFTER INSERT ON sessions WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('sessions', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER sessions_outbox_update AFTER UPDATE OF version ON sessions WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('sessions', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER session_events_outbox_insert AFTER INSERT ON session_events WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('session_events', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER session_events_outbox_update AFTER UPDATE OF version ON session_events WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('session_events', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER schedules_outbox_insert AFTER INSERT ON schedules WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('schedules', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER schedules_outbox_update AFTER UPDATE OF version ON schedules WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('schedules', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER active_schedules_outbox_insert AFTER INSERT ON active_schedules WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('active_schedules', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER active_schedules_outbox_update AFTER UPDATE OF version ON active_schedules WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('active_schedules', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER schedule_pauses_outbox_insert AFTER INSERT ON schedule_pauses WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('schedule_pauses', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER schedule_pauses_outbox_update AFTER UPDATE OF version ON schedule_pauses WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('schedule_pauses', NEW.id) ON CONFLICT DO NOTHING;
END;
