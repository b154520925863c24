-- Sharing with a team: what is on its way, and the copies that lost.

-- Synced. Copies that lost to one that did not know them; the id is the hash of the row and the losing version, so every
-- laptop has the same row for the same loss. The server makes them; a person settles one, which is a tombstone.
CREATE TABLE conflicts (
    id             TEXT PRIMARY KEY,
    team_id        TEXT NOT NULL,
    version        TEXT NOT NULL CHECK (length(version) = 48),
    base_version   TEXT CHECK (length(base_version) = 48),
    tombstone      INTEGER NOT NULL DEFAULT 0 CHECK (tombstone IN (0, 1)),
    extra          TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(extra)),
    table_name     TEXT NOT NULL,
    row_id         TEXT NOT NULL,
    losing_version TEXT NOT NULL,
    content        TEXT NOT NULL CHECK (json_valid(content)),
    -- Whose copy it was.
    member_id      TEXT,
    at             INTEGER NOT NULL
) STRICT;
CREATE INDEX conflicts_by_time ON conflicts (at, id) WHERE tombstone = 0;
CREATE TRIGGER conflicts_outbox_insert AFTER INSERT ON conflicts WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('conflicts', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER conflicts_outbox_update AFTER UPDATE OF version ON conflicts WHEN NEW.version IS NOT NEW.base_version BEGIN
    INSERT INTO outbox (table_name, row_id) VALUES ('conflicts', NEW.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER conflicts_stamped BEFORE UPDATE OF id, team_id, tombstone, extra, table_name, row_id, losing_version, content,
    member_id, at
    ON conflicts WHEN NEW.version IS OLD.version BEGIN
    SELECT RAISE(ABORT, 'conflicts: changed without a new version');
END;

-- Local only, from here on.

-- Pulled rows, page by page in the order of their changes, until a short page says that they fit together.
CREATE TABLE sync_staged (
    place      INTEGER PRIMARY KEY,
    table_name TEXT NOT NULL,
    row_id     TEXT NOT NULL,
    version    TEXT NOT NULL,
    tombstone  INTEGER NOT NULL,
    columns    TEXT NOT NULL
) STRICT;

-- Rows this release cannot hold: of a table of a newer one, of a shape it does not know, or whose parents are such. They are
-- tried again whenever something comes.
CREATE TABLE sync_kept (
    table_name TEXT NOT NULL,
    row_id     TEXT NOT NULL,
    version    TEXT NOT NULL,
    tombstone  INTEGER NOT NULL,
    columns    TEXT NOT NULL,
    PRIMARY KEY (table_name, row_id)
) STRICT, WITHOUT ROWID;

-- Rows a restored server lacks and this device may not bring back; offered again whenever something comes.
CREATE TABLE sync_waiting (
    table_name TEXT NOT NULL,
    row_id     TEXT NOT NULL,
    PRIMARY KEY (table_name, row_id)
) STRICT, WITHOUT ROWID;

-- Rows the server refused and has no copy of: hidden at once, removed once no row names them any more.
CREATE TABLE sync_refused (
    table_name TEXT NOT NULL,
    row_id     TEXT NOT NULL,
    PRIMARY KEY (table_name, row_id)
) STRICT, WITHOUT ROWID;

-- Copies of this device that the server refused: nobody else has them.
CREATE TABLE sync_aside (
    id             TEXT PRIMARY KEY,
    table_name     TEXT NOT NULL,
    row_id         TEXT NOT NULL,
    losing_version TEXT NOT NULL,
    content        TEXT NOT NULL CHECK (json_valid(content)),
    -- Why, as the server said it.
    code           TEXT NOT NULL,
    at             INTEGER NOT NULL
) STRICT;
