-- Clients and sites of lists and targets, variables of targets, drafts of editors, and what an import can be undone by.

-- Synced. A target's own client, site and variables travel in `targets`; these are those of the list as a whole.
ALTER TABLE target_lists ADD COLUMN client TEXT CHECK (length(client) BETWEEN 1 AND 255);
ALTER TABLE target_lists ADD COLUMN site TEXT CHECK (length(site) BETWEEN 1 AND 255);

-- Synced: what the session's target carried when the session was made.
ALTER TABLE sessions ADD COLUMN target_client TEXT;
ALTER TABLE sessions ADD COLUMN target_site TEXT;
ALTER TABLE sessions ADD COLUMN target_variables TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(target_variables));
-- Derived, never synced: what the lists filter and count by.
ALTER TABLE sessions ADD COLUMN folded_client TEXT;

CREATE INDEX sessions_by_client ON sessions (folded_client, created_at, id) WHERE folded_client IS NOT NULL;
CREATE INDEX sessions_by_batch_client ON sessions (batch_id, folded_client) WHERE folded_client IS NOT NULL;
-- The palette looks for labels: it reads this index, not the rows.
CREATE INDEX sessions_by_label ON sessions (folded_label, created_at, id);

-- Local only, from here on.

-- What an editor holds that is not saved yet.
CREATE TABLE drafts (
    key        TEXT PRIMARY KEY CHECK (length(key) BETWEEN 1 AND 200),
    content    TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX drafts_by_time ON drafts (updated_at, key);

-- Imports into target lists: what the list was before (NULL when the import made it), and the version it had after.
CREATE TABLE target_imports (
    id             TEXT PRIMARY KEY,
    target_list_id TEXT NOT NULL,
    before         TEXT CHECK (json_valid(before)),
    version_after  TEXT NOT NULL,
    imported_at    INTEGER NOT NULL,
    undone_at      INTEGER
) STRICT;
CREATE INDEX target_imports_by_time ON target_imports (imported_at, id);
