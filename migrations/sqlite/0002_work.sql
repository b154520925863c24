-- Working on a batch: what happens to it as a whole, what its board shows, and finding sessions and batches again.

-- Append-only, like session_events: the version is the stamp the fold orders by.
CREATE TABLE batch_events (
    id           TEXT PRIMARY KEY,
    team_id      TEXT NOT NULL,
    version      TEXT NOT NULL CHECK (length(version) = 48),
    base_version TEXT CHECK (length(base_version) = 48),
    tombstone    INTEGER NOT NULL DEFAULT 0 CHECK (tombstone IN (0, 1)),
    extra        TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    batch_id     TEXT NOT NULL REFERENCES batches (id) DEFERRABLE INITIALLY DEFERRED,
    event        TEXT NOT NULL CHECK (json_valid(event)),
    author       TEXT,
    at           INTEGER NOT NULL
) STRICT;
CREATE INDEX batch_events_by_batch ON batch_events (batch_id, version);

CREATE TRIGGER batch_events_outbox_insert AFTER INSERT ON batch_events WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('batch_events', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER batch_events_outbox_update AFTER UPDATE OF version ON batch_events WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('batch_events', NEW.id) ON CONFLICT DO NOTHING;
END;

-- Local only, from here on: all of it follows from the rows that sync.

-- Steps people added to the session, beside those of its revision.
ALTER TABLE sessions ADD COLUMN steps_added INTEGER NOT NULL DEFAULT 0;

-- What a board shows of a session, written with the events it follows from. Beside the sessions, not in them: lists and
-- counts read many sessions and none of this. A session without a row is folded from its events when it is shown.
CREATE TABLE session_cells (
    session_id TEXT PRIMARY KEY,
    cells      TEXT NOT NULL CHECK (json_valid(cells))
) STRICT, WITHOUT ROWID;

-- Every label that some session has, to find the few that a search means without reading the many sessions.
CREATE TABLE target_labels (
    folded_label TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO target_labels (folded_label) SELECT DISTINCT folded_label FROM sessions;
CREATE TRIGGER sessions_label_insert AFTER INSERT ON sessions BEGIN
    INSERT INTO target_labels (folded_label) VALUES (NEW.folded_label) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER sessions_label_update AFTER UPDATE OF folded_label ON sessions BEGIN
    INSERT INTO target_labels (folded_label) VALUES (NEW.folded_label) ON CONFLICT DO NOTHING;
END;

-- Lists are read from these, newest first, one stretch per status.
CREATE INDEX sessions_by_status ON sessions (status, created_at, id) WHERE tombstone = 0;
CREATE INDEX sessions_by_flow ON sessions (flow_id, status, created_at, id) WHERE tombstone = 0;
CREATE INDEX sessions_by_assignee ON sessions (assignee, status, created_at, id) WHERE tombstone = 0 AND assignee IS NOT NULL;
CREATE INDEX sessions_alone ON sessions (status, created_at, id) WHERE tombstone = 0 AND batch_id IS NULL;
-- Work that nobody has taken.
CREATE INDEX sessions_unassigned ON sessions (batch_id)
    WHERE tombstone = 0 AND assignee IS NULL AND status IN ('pending', 'in_progress');
