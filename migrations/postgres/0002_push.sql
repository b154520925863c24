-- Writing: what crates/sync/src/core/push.rs decides, for many rows at once. Tests hold the two against each other.

-- Columns without those that are NULL or mean no more than their absence.
CREATE FUNCTION mf.lean(columns jsonb, defaults jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = mf, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(key, value), '{}')
      FROM jsonb_each(columns) WHERE value <> 'null' AND value IS DISTINCT FROM defaults -> key
$$;

-- The columns of a stored row as they travel.
CREATE FUNCTION mf.content(stored jsonb, defaults jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = mf, pg_temp AS $$
    SELECT mf.lean((stored - ARRAY['team_id', 'id', 'version', 'base_version', 'tombstone', 'extra', 'seq', 'received_at', 'actor'])
                   || (stored -> 'extra'), defaults)
$$;

-- The bytes that Row::canonical makes.
CREATE FUNCTION mf.canonical(tombstone boolean, columns jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = mf, pg_temp AS $$
    SELECT '[' || tombstone::text || ',{'
           || coalesce(string_agg(to_jsonb(key)::text || ':' || value::text, ',' ORDER BY key COLLATE "C"), '') || '}]'
      FROM jsonb_each(columns)
$$;

-- Texts and whole numbers, nothing else.
CREATE FUNCTION mf.is_flat(columns jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = mf, pg_temp AS $$
    SELECT jsonb_typeof(columns) = 'object' AND NOT EXISTS (
        SELECT FROM jsonb_each(columns)
         WHERE NOT (jsonb_typeof(value) = 'string'
                    OR (jsonb_typeof(value) = 'number' AND value::text ~ '^-?[0-9]{1,18}$')))
$$;

CREATE FUNCTION mf.settled_behind(version text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = mf, pg_temp AS $$
    SELECT lpad(to_hex(('x' || substr(version, 1, 16))::bit(64)::bigint + 1), 16, '0') || repeat('0', 32)
$$;

-- Decides about rows of one table and writes them. Answers one object per row.
CREATE FUNCTION mf.apply_table(who person, into_table text, rows jsonb, orphans jsonb, seen_until bigint, now_ms bigint)
    RETURNS jsonb LANGUAGE plpgsql SET search_path = mf, pg_temp AS $$
DECLARE
    t synced_tables;
    horizon text;
    seq_before bigint;
    own_columns text[];
    answers jsonb;
    changes bigint;
BEGIN
    SELECT * INTO t FROM synced_tables WHERE name = into_table;
    IF NOT FOUND THEN
        RETURN (SELECT jsonb_agg(jsonb_build_object('table', into_table, 'id', r -> 'id', 'sent', r -> 'version',
                                                    'answer', 'rejected', 'code', 'unknown_table'))
                  FROM jsonb_array_elements(rows) r);
    END IF;
    SELECT teams.horizon, seq INTO horizon, seq_before FROM teams WHERE id = who.team_id;
    SELECT array_agg(attname::text ORDER BY attnum) INTO own_columns
      FROM pg_attribute WHERE attrelid = format('mf.%I', into_table)::regclass AND attnum > 0 AND NOT attisdropped;

    EXECUTE format($q$
WITH incoming AS MATERIALIZED (
    SELECT r.id, r.version, r.base_version AS base, coalesce(r.tombstone, false) AS tombstone,
           CASE WHEN is_flat(r.columns) THEN lean(r.columns, $3) END AS columns, ord
      FROM jsonb_array_elements($1) WITH ORDINALITY AS e(row, ord),
           jsonb_to_record(e.row) AS r(id uuid, version text COLLATE "C", base_version text COLLATE "C", tombstone boolean, columns jsonb)
), met AS MATERIALIZED (
    SELECT i.*, s.id IS NOT NULL AS has, s.version AS s_version, s.base_version AS s_base, s.received_at AS s_received,
           s.tombstone AS s_tombstone, s.actor AS s_actor, content(to_jsonb(s), $3) AS s_columns,
           i.base IS NOT DISTINCT FROM i.version AS offer,
           EXISTS (SELECT FROM audit a WHERE a.team_id = $2 AND a.table_name = %2$L AND a.row_id = i.id
                      AND a.version = i.version) AS known
      FROM incoming i LEFT JOIN mf.%1$I s ON s.team_id = $2 AND s.id = i.id
), weighed AS MATERIALIZED (
    SELECT m.*,
           m.tombstone = s_tombstone AND columns = s_columns AS same,
           coalesce(s_received <= $5, false) AS read,
           -- Of equal versions the greater hash wins: rows that follow from an occurrence.
           m.version < s_version OR (m.version = s_version
               AND sha256(convert_to(canonical(m.tombstone, columns), 'UTF8'))
                 < sha256(convert_to(canonical(s_tombstone, s_columns), 'UTF8'))) AS lesser,
           m.version !~ '[1-9a-f]' OR s_version !~ '[1-9a-f]' AS nobodys,
           NOT m.tombstone AND columns ->> 'paused' = '1' AS pauses,
           NOT s_tombstone AND s_columns ->> 'paused' = '1' AS s_pauses
      FROM met m
), quarrels AS MATERIALIZED (
    SELECT w.*,
           has AND NOT same AND NOT nobodys AND NOT known AND version <> s_version AND %2$L <> 'conflicts'
           AND substr(version, 17) <> substr(s_version, 17) AND s_base IS DISTINCT FROM version
           AND CASE WHEN offer THEN NOT read AND NOT coalesce(s_base = s_version AND version < s_version, false)
                    ELSE NOT coalesce(s_version = base OR (s_version < base AND read), false) END AS concurrent
      FROM weighed w
), judged AS MATERIALIZED (
    SELECT q.*,
           CASE WHEN NOT $6 THEN 'forbidden'
                WHEN columns IS NULL OR version !~ '^[0-9a-f]{48}$' OR base !~ '^[0-9a-f]{48}$' OR version < base THEN 'invalid'
                WHEN NOT has AND (known OR base < $7) THEN 'gone'
                WHEN %2$L = 'conflicts' AND NOT has AND NOT offer THEN 'invalid'
                WHEN %2$L = 'conflicts' AND has AND columns <> s_columns THEN 'invalid'
                WHEN $4 ? id::text THEN 'parent_missing'
           END AS refusal,
           concurrent AND %2$L = 'schedule_pauses' AND pauses IS DISTINCT FROM s_pauses
               AND CASE WHEN pauses THEN lesser ELSE NOT lesser END AS pause_settles
      FROM quarrels q
), decided AS MATERIALIZED (
    SELECT j.*,
           CASE WHEN refusal IS NOT NULL THEN NULL
                WHEN pause_settles THEN pauses
                WHEN NOT has THEN true
                WHEN same THEN version >= s_version
                ELSE NOT lesser END AS accepted,
           refusal IS NULL AND CASE WHEN pause_settles OR NOT has THEN true
                                    WHEN same THEN version > s_version
                                    ELSE NOT lesser END AS takes
      FROM judged j
), written AS MATERIALIZED (
    SELECT d.*,
           -- What the row is afterwards.
           CASE WHEN takes AND pause_settles THEN settled_behind(greatest(version, s_version)) WHEN takes THEN version ELSE s_version END AS w_version,
           takes AND NOT (pause_settles AND s_pauses) AS mine,
           CASE WHEN takes THEN $8 + row_number() OVER (PARTITION BY takes ORDER BY ord) END AS new_seq
      FROM decided d
), stored AS (
    INSERT INTO mf.%1$I
    SELECT p.* FROM written w, LATERAL jsonb_populate_record(NULL::mf.%1$I,
        $3 || (CASE WHEN mine THEN columns ELSE s_columns END)
        || jsonb_build_object('team_id', $2, 'id', id, 'version', w_version, 'base_version', CASE WHEN mine THEN base ELSE s_base END,
               'tombstone', CASE WHEN mine THEN tombstone ELSE s_tombstone END,
               'extra', (CASE WHEN mine THEN columns ELSE s_columns END) - $9,
               'seq', new_seq, 'received_at', $10, 'actor', $11)) p
     WHERE takes
    ON CONFLICT (team_id, id) DO UPDATE SET (%3$s) = ROW(%4$s)
), noted AS (
    INSERT INTO audit (team_id, member_id, device_id, action, table_name, row_id, version)
    SELECT $2, $11, $12, CASE WHEN tombstone THEN 'delete' WHEN has THEN 'update' ELSE 'create' END, %2$L, id, version
      FROM written WHERE refusal IS NULL AND (accepted OR same) AND NOT known
), lost AS MATERIALIZED (
    SELECT encode(substr(sha256(convert_to(%2$L || '/' || id || '/' || l_version, 'UTF8')), 1, 16), 'hex')::uuid AS conflict_id, l.*
      FROM (SELECT id, ord,
                   CASE WHEN mine THEN s_version ELSE version END AS l_version,
                   CASE WHEN mine THEN canonical(s_tombstone, s_columns) ELSE canonical(tombstone, columns) END AS l_content,
                   CASE WHEN mine THEN s_actor ELSE $11 END AS l_actor
              FROM written WHERE concurrent AND refusal IS NULL) l
), kept AS (
    INSERT INTO conflicts (team_id, id, version, base_version, tombstone, extra, seq, received_at, actor,
                           table_name, row_id, losing_version, content, member_id, at)
    SELECT $2, conflict_id, repeat('0', 48), NULL, false, '{}',
           $8 + (SELECT count(*) FROM written WHERE takes) + row_number() OVER (ORDER BY ord), $10, $11,
           %2$L, id, l_version, l_content, l_actor, $10
      FROM lost l WHERE NOT EXISTS (SELECT FROM conflicts c WHERE c.team_id = $2 AND c.id = l.conflict_id)
    RETURNING 1
)
SELECT (SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
            'table', %2$L, 'id', id, 'sent', version,
            'answer', CASE WHEN refusal = 'gone' THEN 'gone' WHEN refusal IS NOT NULL THEN 'rejected'
                           WHEN accepted THEN 'accepted' ELSE 'superseded' END,
            'code', CASE WHEN refusal <> 'gone' THEN refusal END,
            'row', CASE WHEN NOT has AND NOT takes THEN NULL
                        WHEN coalesce(accepted, false) AND w_version = version THEN NULL
                        ELSE jsonb_build_object('table', %2$L, 'id', id, 'version', w_version,
                                 'tombstone', CASE WHEN mine THEN tombstone ELSE s_tombstone END,
                                 'columns', CASE WHEN mine THEN columns ELSE s_columns END) END)) ORDER BY ord)
          FROM written),
       (SELECT count(*) FROM written WHERE takes) + (SELECT count(*) FROM kept)
$q$, into_table, into_table,
        (SELECT string_agg(quote_ident(c), ', ') FROM unnest(own_columns) c),
        (SELECT string_agg('EXCLUDED.' || quote_ident(c), ', ') FROM unnest(own_columns) c))
    INTO answers, changes
    USING rows, who.team_id, t.defaults, orphans, seen_until, rank_of(who.role) >= rank_of(t.writer), horizon, seq_before,
          own_columns, now_ms, who.member_id, who.device_id;
    UPDATE teams SET seq = seq + changes WHERE id = who.team_id AND changes > 0;
    RETURN answers;
END
$$;

-- The same, whatever one row contains: what the table cannot hold is found by halves and refused alone.
CREATE FUNCTION mf.apply_rows(who person, into_table text, rows jsonb, orphans jsonb, seen_until bigint, now_ms bigint)
    RETURNS jsonb LANGUAGE plpgsql SET search_path = mf, pg_temp AS $$
DECLARE
    half integer := jsonb_array_length(rows) / 2;
    copy jsonb;
BEGIN
    RETURN apply_table(who, into_table, rows, orphans, seen_until, now_ms);
EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
    IF half > 0 THEN
        RETURN apply_rows(who, into_table, (SELECT jsonb_agg(r ORDER BY n) FROM jsonb_array_elements(rows) WITH ORDINALITY e(r, n) WHERE n <= half), orphans, seen_until, now_ms)
            || apply_rows(who, into_table, (SELECT jsonb_agg(r ORDER BY n) FROM jsonb_array_elements(rows) WITH ORDINALITY e(r, n) WHERE n > half), orphans, seen_until, now_ms);
    END IF;
    EXECUTE format('SELECT jsonb_build_object(''table'', %1$L, ''id'', s.id, ''version'', s.version, ''tombstone'', s.tombstone,
                           ''columns'', content(to_jsonb(s), t.defaults))
                      FROM mf.%1$I s JOIN synced_tables t ON t.name = %1$L WHERE s.team_id = $1 AND s.id::text = $2', into_table)
       INTO copy USING who.team_id, rows -> 0 ->> 'id';
    RETURN jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('table', into_table, 'id', rows -> 0 -> 'id',
        'sent', rows -> 0 -> 'version', 'answer', 'rejected', 'code', 'invalid', 'row', copy)));
END
$$;

-- Rows taken since `after` whose parents are not there: {table: [id]}.
CREATE FUNCTION mf.orphans_since(team uuid, after bigint) RETURNS jsonb
    LANGUAGE plpgsql STABLE SET search_path = mf, pg_temp AS $$
DECLARE
    p record;
    found uuid[];
    orphans jsonb := '{}';
BEGIN
    FOR p IN SELECT t.name, e.key AS column_name, e.value AS parent FROM synced_tables t, jsonb_each_text(t.parents) e LOOP
        EXECUTE format('SELECT array_agg(c.id) FROM mf.%I c WHERE c.team_id = $1 AND c.seq > $2 AND c.%I IS NOT NULL
                           AND NOT EXISTS (SELECT FROM mf.%I p WHERE p.team_id = $1 AND p.id = c.%2$I)',
                       p.name, p.column_name, p.parent) INTO found USING team, after;
        IF found IS NOT NULL THEN
            orphans := jsonb_set(orphans, ARRAY[p.name], coalesce(orphans -> p.name, '[]') || to_jsonb(found));
        END IF;
    END LOOP;
    RETURN orphans;
END
$$;

-- Whether the team's history has a push that ends at, or spans, each of the places; NULL is no place.
CREATE FUNCTION mf.knows(team uuid, marks jsonb) RETURNS boolean LANGUAGE sql STABLE SET search_path = mf, pg_temp AS $$
    SELECT coalesce(bool_and((SELECT p.push_id FROM mf.pushes p WHERE p.team_id = team AND p.seq_to >= (m ->> 'seq')::bigint
                               ORDER BY p.seq_to LIMIT 1) IS NOT DISTINCT FROM (m ->> 'push_id')::uuid), true)
      FROM jsonb_array_elements(marks) m
$$;

-- Takes rows. `status` is ok, restored, clock_ahead or client_too_old; only with the first is anything written.
CREATE FUNCTION mf.push(device uuid, push_id uuid, schema_version integer, marks jsonb, seen_until bigint, rows jsonb)
    RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = mf, pg_temp AS $$
DECLARE
    who person;
    team teams;
    now_ms bigint;
    orphans jsonb := '{}';
    found jsonb;
    part jsonb;
    answers jsonb;
    group_of record;
    seq_after bigint;
BEGIN
    SELECT * INTO team FROM teams WHERE id = my_team() FOR UPDATE;
    -- After the lock: a role that was changed, or a member who was removed, while this push waited.
    SELECT * INTO who FROM caller();
    IF who IS NULL OR who.device_id IS DISTINCT FROM device THEN
        RAISE EXCEPTION 'not a member of this team' USING ERRCODE = 'insufficient_privilege';
    END IF;
    now_ms := greatest(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint, team.pushed_at + 1);
    IF schema_version < team.min_client THEN
        RETURN jsonb_build_object('status', 'client_too_old', 'least', team.min_client);
    END IF;
    IF NOT knows(team.id, marks) THEN
        RETURN jsonb_build_object('status', 'restored');
    END IF;
    IF EXISTS (SELECT FROM jsonb_array_elements(rows) r
                WHERE substr(r ->> 'version', 1, 12) COLLATE "C" > lpad(to_hex(now_ms + 60000), 12, '0')) THEN
        RETURN jsonb_build_object('status', 'clock_ahead', 'server_now', now_ms);
    END IF;

    LOOP
        BEGIN
            answers := '[]';
            FOR group_of IN SELECT e.r ->> 'table' AS table_name, jsonb_agg(e.r ORDER BY e.n) AS rows
                              FROM jsonb_array_elements(rows) WITH ORDINALITY e(r, n)
                              LEFT JOIN synced_tables t ON t.name = e.r ->> 'table'
                             GROUP BY 1, t.place ORDER BY t.place NULLS LAST LOOP
                part := apply_rows(who, group_of.table_name, group_of.rows,
                                   coalesce(orphans -> group_of.table_name, '[]'), seen_until, now_ms);
                answers := answers || part;
            END LOOP;
            found := orphans_since(team.id, team.seq);
            EXIT WHEN found = '{}';
            -- Undoes this attempt; the next one leaves out what has no parent.
            RAISE EXCEPTION 'orphans' USING ERRCODE = 'MF001';
        EXCEPTION WHEN SQLSTATE 'MF001' THEN
            SELECT jsonb_object_agg(k, coalesce(orphans -> k, '[]') || coalesce(found -> k, '[]')) INTO orphans
              FROM (SELECT jsonb_object_keys(orphans || found) AS k) keys;
        END;
    END LOOP;

    SELECT seq INTO seq_after FROM teams WHERE id = team.id;
    IF seq_after > team.seq THEN
        UPDATE teams SET pushed_at = now_ms WHERE id = team.id;
        INSERT INTO pushes (team_id, seq_to, push_id, device_id) VALUES (team.id, seq_after, push.push_id, device);
        PERFORM pg_notify('mf_' || replace(team.id::text, '-', ''), '');
    END IF;
    RETURN jsonb_build_object('status', 'ok', 'answers', answers,
        'end', (SELECT jsonb_build_object('seq', p.seq_to, 'push_id', p.push_id) FROM pushes p
                 WHERE p.team_id = team.id ORDER BY p.seq_to DESC LIMIT 1));
END
$$;

-- Every row with its place in the order of changes, as one list.
DO $$
BEGIN
    EXECUTE 'CREATE VIEW mf.changes WITH (security_invoker = true) AS ' || (
        SELECT string_agg(format('SELECT team_id, seq, %L::text AS table_name, id, version, tombstone, mf.content(to_jsonb(t), %L::jsonb) AS columns FROM mf.%I t',
                                 name, defaults, name), ' UNION ALL ' ORDER BY place) FROM mf.synced_tables);
END
$$;
GRANT SELECT ON mf.changes TO mf_member;
GRANT EXECUTE ON FUNCTION mf.content(jsonb, jsonb), mf.lean(jsonb, jsonb), mf.knows(uuid, jsonb),
    mf.push(uuid, uuid, integer, jsonb, bigint, jsonb) TO mf_member;
