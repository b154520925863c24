-- A team's workspace on a shared Postgres, 15 or later.
--
-- Run as mf_owner, which owns everything here and cannot log in; crates/sync/src/setup/roles.sql has made it and the
-- schema. A laptop reads through row level security and writes through functions. Every function that runs with its owner's
-- rights names its search path, and asks session_user who is calling: current_user is the owner there.
--
-- Synced tables mirror those of SQLite. JSON is kept as the text it came as, byte for byte, because a row is compared and
-- hashed on every laptop; it is checked to be JSON, and can be cast to jsonb. Ids are uuid, instants milliseconds since 1970.
-- References are not declared: a push brings rows and their parents in one statement and checks them itself, at its end,
-- row by row, where a declared one could only fail the whole.

CREATE TABLE mf.teams (
    id           uuid PRIMARY KEY,
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    -- The last change. Locked by a push, so changes are numbered in the order in which they can be seen.
    seq          bigint NOT NULL DEFAULT 0,
    -- When the last push was taken, in milliseconds; strictly growing.
    pushed_at    bigint NOT NULL DEFAULT 0,
    -- Tombstones with a lower version have been collected.
    horizon      text COLLATE "C" NOT NULL DEFAULT repeat('0', 48),
    -- Clients of an older schema are refused.
    min_client   integer NOT NULL DEFAULT 1
);

CREATE TABLE mf.members (
    id         uuid PRIMARY KEY,
    team_id    uuid NOT NULL REFERENCES mf.teams (id),
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    role       text NOT NULL CHECK (role IN ('readonly', 'operator', 'manager', 'owner')),
    created_at timestamptz NOT NULL DEFAULT now(),
    removed_at timestamptz
);
CREATE INDEX members_of_team ON mf.members (team_id);

-- A device is a login. Before it has made its own password it sees nothing.
CREATE TABLE mf.devices (
    id           uuid PRIMARY KEY,
    team_id      uuid NOT NULL REFERENCES mf.teams (id),
    member_id    uuid NOT NULL REFERENCES mf.members (id),
    login        text NOT NULL UNIQUE,
    created_at   timestamptz NOT NULL DEFAULT now(),
    activated_at timestamptz,
    removed_at   timestamptz
);
CREATE INDEX devices_of_member ON mf.devices (member_id);

-- Pushes that changed something, by their last change: a cursor is known where a push ends or spans it.
CREATE TABLE mf.pushes (
    team_id   uuid NOT NULL REFERENCES mf.teams (id),
    seq_to    bigint NOT NULL,
    push_id   uuid NOT NULL,
    device_id uuid NOT NULL,
    at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (team_id, seq_to)
);

-- Append-only: who did what from which device. It is also how a late copy is known for one the server has had.
CREATE TABLE mf.audit (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    team_id    uuid NOT NULL REFERENCES mf.teams (id),
    at         timestamptz NOT NULL DEFAULT now(),
    member_id  uuid,
    device_id  uuid,
    action     text NOT NULL,
    table_name text,
    row_id     uuid,
    version    text COLLATE "C",
    detail     text
);
CREATE INDEX audit_by_row ON mf.audit (row_id, version);
CREATE INDEX audit_by_time ON mf.audit (team_id, at, id);


CREATE TABLE mf.flows (
    team_id uuid NOT NULL, id uuid NOT NULL,
    version text COLLATE "C" NOT NULL CHECK (version ~ '^[0-9a-f]{48}$'),
    base_version text COLLATE "C" CHECK (base_version ~ '^[0-9a-f]{48}$'),
    tombstone boolean NOT NULL, extra jsonb NOT NULL,
    seq bigint NOT NULL, received_at bigint NOT NULL, actor uuid,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    description text NOT NULL,
    flow_type text NOT NULL CHECK (flow_type IN ('troubleshooting', 'procedural', 'maintenance')),
    head_id uuid NOT NULL,
    created_by uuid, created_at bigint NOT NULL, updated_at bigint NOT NULL,
    PRIMARY KEY (id, team_id)
);
CREATE TABLE mf.flow_revisions (
    team_id uuid NOT NULL, id uuid NOT NULL,
    version text COLLATE "C" NOT NULL CHECK (version ~ '^[0-9a-f]{48}$'),
    base_version text COLLATE "C" CHECK (base_version ~ '^[0-9a-f]{48}$'),
    tombstone boolean NOT NULL, extra jsonb NOT NULL,
    seq bigint NOT NULL, received_at bigint NOT NULL, actor uuid,
    flow_id uuid NOT NULL, parent_id uuid,
    name text NOT NULL, description text NOT NULL,
    flow_type text NOT NULL CHECK (flow_type IN ('troubleshooting', 'procedural', 'maintenance')),
    structure text NOT NULL CHECK ((structure::json) IS NOT NULL),
    intake_form text NOT NULL CHECK ((intake_form::json) IS NOT NULL),
    step_count bigint NOT NULL CHECK (step_count >= 0),
    estimate_minutes bigint NOT NULL CHECK (estimate_minutes >= 0),
    created_by uuid, created_at bigint NOT NULL,
    PRIMARY KEY (id, team_id)
);
CREATE TABLE mf.target_lists (
    team_id uuid NOT NULL, id uuid NOT NULL,
    version text COLLATE "C" NOT NULL CHECK (version ~ '^[0-9a-f]{48}$'),
    base_version text COLLATE "C" CHECK (base_version ~ '^[0-9a-f]{48}$'),
    tombstone boolean NOT NULL, extra jsonb NOT NULL,
    seq bigint NOT NULL, received_at bigint NOT NULL, actor uuid,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    description text NOT NULL,
    targets text NOT NULL CHECK (json_array_length(targets::json) >= 1),
    created_by uuid, created_at bigint NOT NULL, updated_at bigint NOT NULL,
    client text CHECK (length(client) BETWEEN 1 AND 255),
    site text CHECK (length(site) BETWEEN 1 AND 255),
    PRIMARY KEY (id, team_id)
);
CREATE TABLE mf.blackout_calendars (
    team_id uuid NOT NULL, id uuid NOT NULL,
    version text COLLATE "C" NOT NULL CHECK (version ~ '^[0-9a-f]{48}$'),
    base_version text COLLATE "C" CHECK (base_version ~ '^[0-9a-f]{48}$'),
    tombstone boolean NOT NULL, extra jsonb NOT NULL,
    seq bigint NOT NULL, received_at bigint NOT NULL, actor uuid,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    entries text NOT NULL CHECK ((entries::json) IS NOT NULL),
    created_by uuid, created_at bigint NOT NULL, updated_at bigint NOT NULL,
    PRIMARY KEY (id, team_id)
);
CREATE TABLE mf.schedules (
    team_id uuid NOT NULL, id uuid NOT NULL,
    version text COLLATE "C" NOT NULL CHECK (version ~ '^[0-9a-f]{48}$'),
    base_version text COLLATE "C" CHECK (base_version ~ '^[0-9a-f]{48}$'),
    tombstone boolean NOT NULL, extra jsonb NOT NULL,
    seq bigint NOT NULL, received_at bigint NOT NULL, actor uuid,
    flow_id uuid NOT NULL,
    recurrence text NOT NULL CHECK ((recurrence::json) IS NOT NULL),
    timezone text NOT NULL, target_list_id uuid,
    misfire text NOT NULL, overlap text NOT NULL,
    grace_seconds bigint NOT NULL CHECK (grace_seconds BETWEEN 0 AND 604800),
    intake text NOT NULL CHECK ((intake::json) IS NOT NULL),
    created_by uuid, created_at bigint NOT NULL, updated_at bigint NOT NULL,
    windows text NOT NULL CHECK ((windows::json) IS NOT NULL),
    blackout_ids text NOT NULL CHECK ((blackout_ids::json) IS NOT NULL),
    on_blackout text NOT NULL,
    notify_before bigint CHECK (notify_before BETWEEN 1 AND 10080),
    notify_unfinished_at text,
    PRIMARY KEY (id, team_id)
);
CREATE TABLE mf.active_schedules (
    team_id uuid NOT NULL, id uuid NOT NULL,
    version text COLLATE "C" NOT NULL CHECK (version ~ '^[0-9a-f]{48}$'),
    base_version text COLLATE "C" CHECK (base_version ~ '^[0-9a-f]{48}$'),
    tombstone boolean NOT NULL, extra jsonb NOT NULL,
    seq bigint NOT NULL, received_at bigint NOT NULL, actor uuid,
    schedule_id uuid NOT NULL,
    PRIMARY KEY (id, team_id)
);
CREATE TABLE mf.schedule_pauses (
    team_id uuid NOT NULL, id uuid NOT NULL,
    version text COLLATE "C" NOT NULL CHECK (version ~ '^[0-9a-f]{48}$'),
    base_version text COLLATE "C" CHECK (base_version ~ '^[0-9a-f]{48}$'),
    tombstone boolean NOT NULL, extra jsonb NOT NULL,
    seq bigint NOT NULL, received_at bigint NOT NULL, actor uuid,
    paused bigint NOT NULL CHECK (paused IN (0, 1)),
    PRIMARY KEY (id, team_id)
);
CREATE TABLE mf.batches (
    team_id uuid NOT NULL, id uuid NOT NULL,
    version text COLLATE "C" NOT NULL CHECK (version ~ '^[0-9a-f]{48}$'),
    base_version text COLLATE "C" CHECK (base_version ~ '^[0-9a-f]{48}$'),
    tombstone boolean NOT NULL, extra jsonb NOT NULL,
    seq bigint NOT NULL, received_at bigint NOT NULL, actor uuid,
    flow_id uuid NOT NULL, revision_id uuid NOT NULL,
    origin text NOT NULL CHECK (origin IN ('manual', 'schedule', 'retry')),
    intake text NOT NULL CHECK ((intake::json) IS NOT NULL),
    schedule_id uuid, schedule_version text COLLATE "C",
    zone text, nominal_local text, fold bigint CHECK (fold IN (0, 1)), scheduled_for bigint,
    target_list_id uuid, retry_of uuid, created_by uuid, launched_at bigint NOT NULL,
    CHECK ((origin = 'schedule') = (schedule_id IS NOT NULL AND nominal_local IS NOT NULL)),
    PRIMARY KEY (id, team_id)
);
CREATE TABLE mf.sessions (
    team_id uuid NOT NULL, id uuid NOT NULL,
    version text COLLATE "C" NOT NULL CHECK (version ~ '^[0-9a-f]{48}$'),
    base_version text COLLATE "C" CHECK (base_version ~ '^[0-9a-f]{48}$'),
    tombstone boolean NOT NULL, extra jsonb NOT NULL,
    seq bigint NOT NULL, received_at bigint NOT NULL, actor uuid,
    batch_id uuid, flow_id uuid NOT NULL, revision_id uuid,
    intake text CHECK (intake IS NULL OR (intake::json) IS NOT NULL),
    target_label text NOT NULL, target_notes text,
    position bigint NOT NULL, created_by uuid, created_at bigint NOT NULL,
    target_client text, target_site text,
    target_variables text NOT NULL CHECK ((target_variables::json) IS NOT NULL),
    CHECK ((batch_id IS NULL) = (revision_id IS NOT NULL)),
    PRIMARY KEY (id, team_id)
);
CREATE TABLE mf.session_events (
    team_id uuid NOT NULL, id uuid NOT NULL,
    version text COLLATE "C" NOT NULL CHECK (version ~ '^[0-9a-f]{48}$'),
    base_version text COLLATE "C" CHECK (base_version ~ '^[0-9a-f]{48}$'),
    tombstone boolean NOT NULL, extra jsonb NOT NULL,
    seq bigint NOT NULL, received_at bigint NOT NULL, actor uuid,
    session_id uuid NOT NULL,
    event text NOT NULL CHECK ((event::json) IS NOT NULL),
    author uuid, at bigint NOT NULL,
    PRIMARY KEY (id, team_id)
);
CREATE TABLE mf.batch_events (
    team_id uuid NOT NULL, id uuid NOT NULL,
    version text COLLATE "C" NOT NULL CHECK (version ~ '^[0-9a-f]{48}$'),
    base_version text COLLATE "C" CHECK (base_version ~ '^[0-9a-f]{48}$'),
    tombstone boolean NOT NULL, extra jsonb NOT NULL,
    seq bigint NOT NULL, received_at bigint NOT NULL, actor uuid,
    batch_id uuid NOT NULL,
    event text NOT NULL CHECK ((event::json) IS NOT NULL),
    author uuid, at bigint NOT NULL,
    PRIMARY KEY (id, team_id)
);
-- Copies that lost to one that did not know them. Made by the push; a person settles one, which is a tombstone.
CREATE TABLE mf.conflicts (
    team_id uuid NOT NULL, id uuid NOT NULL,
    version text COLLATE "C" NOT NULL CHECK (version ~ '^[0-9a-f]{48}$'),
    base_version text COLLATE "C" CHECK (base_version ~ '^[0-9a-f]{48}$'),
    tombstone boolean NOT NULL, extra jsonb NOT NULL,
    seq bigint NOT NULL, received_at bigint NOT NULL, actor uuid,
    table_name text NOT NULL, row_id uuid NOT NULL,
    losing_version text COLLATE "C" NOT NULL,
    content text NOT NULL CHECK ((content::json) IS NOT NULL),
    member_id uuid, at bigint NOT NULL,
    PRIMARY KEY (id, team_id)
);
CREATE INDEX session_events_of_session ON mf.session_events (team_id, session_id, version);
CREATE INDEX sessions_of_batch ON mf.sessions (team_id, batch_id);

-- What a push needs to know of each table; `place` orders parents before children.
CREATE TABLE mf.synced_tables (
    name     text PRIMARY KEY,
    place    integer NOT NULL UNIQUE,
    -- The least role that may write it.
    writer   text NOT NULL,
    -- What a row means that lacks the column: not sent, and no part of the content.
    defaults jsonb NOT NULL DEFAULT '{}',
    -- Columns that name a row which must be there: {column: table}.
    parents  jsonb NOT NULL DEFAULT '{}'
);
INSERT INTO mf.synced_tables (name, place, writer, defaults, parents) VALUES
    ('flows', 0, 'manager', '{}', '{"head_id": "flow_revisions"}'),
    ('flow_revisions', 1, 'manager', '{}', '{"flow_id": "flows"}'),
    ('target_lists', 2, 'operator', '{}', '{}'),
    ('blackout_calendars', 3, 'manager', '{}', '{}'),
    ('schedules', 4, 'manager', '{"windows": "[]", "blackout_ids": "[]", "on_blackout": "skip"}', '{"flow_id": "flows"}'),
    ('active_schedules', 5, 'manager', '{}', '{"schedule_id": "schedules"}'),
    ('schedule_pauses', 6, 'manager', '{}', '{"id": "schedules"}'),
    ('batches', 7, 'operator', '{}', '{"flow_id": "flows", "revision_id": "flow_revisions"}'),
    ('sessions', 8, 'operator', '{"target_variables": "{}"}',
     '{"batch_id": "batches", "flow_id": "flows", "revision_id": "flow_revisions"}'),
    ('session_events', 9, 'operator', '{}', '{"session_id": "sessions"}'),
    ('batch_events', 10, 'operator', '{}', '{"batch_id": "batches"}'),
    ('conflicts', 11, 'operator', '{}', '{}');

-- Who is calling. Nobody is anybody before his device has made its own password, or after it was removed.
CREATE TYPE mf.person AS (team_id uuid, member_id uuid, device_id uuid, role text);
CREATE FUNCTION mf.caller() RETURNS SETOF mf.person LANGUAGE sql STABLE SECURITY DEFINER SET search_path = mf, pg_temp AS $$
    SELECT d.team_id, d.member_id, d.id, m.role
      FROM devices d JOIN members m ON m.id = d.member_id
     WHERE d.login = session_user AND d.activated_at IS NOT NULL AND d.removed_at IS NULL AND m.removed_at IS NULL
$$;
CREATE FUNCTION mf.my_team() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = mf, pg_temp AS $$
    SELECT team_id FROM caller()
$$;
CREATE FUNCTION mf.rank_of(role text) RETURNS integer LANGUAGE sql IMMUTABLE SET search_path = mf, pg_temp AS $$
    SELECT array_position(ARRAY['readonly', 'operator', 'manager', 'owner'], role)
$$;

-- Two policies per table: what a member sees, and everything for the owner, as whom the functions run. Without the second
-- they would be refused; without FORCE the owner would not be asked at all.
DO $$
DECLARE
    t text;
    own text;
BEGIN
    FOR t IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'mf'::regnamespace AND c.relkind = 'r' LOOP
        own := CASE t WHEN 'teams' THEN 'id = (SELECT mf.my_team())' WHEN 'synced_tables' THEN 'true'
                      WHEN '_sqlx_migrations' THEN 'true'
                      ELSE 'team_id = (SELECT mf.my_team())' END;
        EXECUTE format('ALTER TABLE mf.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY seen_by_members ON mf.%I FOR SELECT TO mf_member USING (%s)', t, own);
        EXECUTE format('CREATE POLICY kept_by_functions ON mf.%I TO mf_owner USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT ON mf.%I TO mf_member', t);
        IF EXISTS (SELECT FROM mf.synced_tables WHERE name = t) THEN
            EXECUTE format('CREATE UNIQUE INDEX %I ON mf.%I (team_id, seq)', t || '_by_seq', t);
        END IF;
    END LOOP;
END
$$;

-- What was done stays done.
CREATE FUNCTION mf.refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = mf, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON mf.audit
    FOR EACH STATEMENT EXECUTE FUNCTION mf.refuse_change();

GRANT EXECUTE ON FUNCTION mf.caller(), mf.my_team() TO mf_member;
