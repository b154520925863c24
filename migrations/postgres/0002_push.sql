-- Writing: what crates/sync/src/core/push.rs decides, for many rows at once. Tests hold the two against each other.

-- The bytes that Row::canonical makes.
CREATE FUNCTION mf.canonical(tombstone boolean, columns jsonb) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = mf, pg_temp AS $$
    SELECT '[' || tombstone::text || ',{'
           || coalesce(string_agg(to_jsonb(key)::text || ':' || value::text, ',' ORDER BY key COLLATE "C"), '') || '}]'
      FROM jsonb_each(columns)
$$;

-- Texts and whole numbers, nothing else; and each as its column has it, where there is one.
CREATE FUNCTION mf.is_flat(columns jsonb, texts text[], numbers text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = mf, pg_temp AS $$
    SELECT jsonb_typeof(columns) = 'object' AND NOT EXISTS (
        SELECT FROM jsonb_each(columns)
         WHERE NOT CASE jsonb_typeof(value)
                   WHEN 'string' THEN key <> ALL (numbers)
                   WHEN 'number' THEN key <> ALL (texts) AND value::text ~ '^-?[0-9]{1,18}$'
                   ELSE false END)
$$;

CREATE FUNCTION mf.settled_behind(version text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = mf, pg_temp AS $$
    SELECT lpad(to_hex(('x' || substr(version, 1, 16))::bit(64)::bigint + 1), 16, '0') || repeat('0', 32)
$$;

-- What is specific to a table is written out once, as a function of its own: one that looks at the catalogue at every push, or
-- calls something for every row, takes several times as long.

-- An expression: columns without those that mean no more than their absence.
CREATE FUNCTION mf.lean_sql(columns text, defaults jsonb) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = mf, pg_temp AS $$
    SELECT coalesce(columns || ' - array_remove(ARRAY['
                    || string_agg(format('CASE WHEN %s -> %L = %L::jsonb THEN %2$L END', columns, key, value), ', ') || '], NULL)', columns)
      FROM jsonb_each(defaults)
$$;

-- The columns a table has beside those that every synced table has.
CREATE FUNCTION mf.own_columns(of text) RETURNS TABLE (name text, kind text) LANGUAGE sql STABLE SET search_path = mf, pg_temp AS $$
    SELECT attname::text, format_type(atttypid, atttypmod) FROM pg_attribute
     WHERE attrelid = format('mf.%I', of)::regclass AND attnum > 0 AND NOT attisdropped
       AND attname NOT IN ('team_id', 'id', 'version', 'base_version', 'tombstone', 'extra', 'seq', 'received_at', 'actor')
     ORDER BY attnum
$$;

-- An expression: the columns of the stored row `s` as they travel.
CREATE FUNCTION mf.content_sql(of synced_tables) RETURNS text LANGUAGE sql STABLE SET search_path = mf, pg_temp AS $$
    SELECT format('(SELECT %s FROM (SELECT jsonb_strip_nulls(jsonb_build_object(%s)) || s.extra AS c) full_content)',
                  lean_sql('c', of.defaults), string_agg(format('%L, s.%I', name, name), ', '))
      FROM own_columns(of.name)
$$;

-- Makes `take_<table>`, which decides about rows of the table and writes them. It answers one object per row, and how often it
-- advanced the order of changes.
--
-- Rows are looked up one by one (LIMIT), by id (IS NOT DISTINCT FROM uses no index): a table grows faster than the statistics,
-- by which it would be read as a whole for every row because it was small a moment ago.
CREATE FUNCTION mf.define_taking(t synced_tables) RETURNS void LANGUAGE plpgsql SET search_path = mf, pg_temp AS $define$
BEGIN
    EXECUTE (SELECT format($q$
CREATE OR REPLACE FUNCTION mf.%3$I(who person, rows jsonb, orphans jsonb, seen_until bigint, now_ms bigint, horizon text,
                                   seq_before bigint, may boolean, OUT answers jsonb, OUT changes bigint)
    LANGUAGE plpgsql SET search_path = mf, pg_temp AS $take$
#variable_conflict use_column
DECLARE
    team uuid := who.team_id;
    member uuid := who.member_id;
    device uuid := who.device_id;
BEGIN
    WITH incoming AS (
        SELECT r.id, r.version, r.base_version AS base, coalesce(r.tombstone, false) AS tombstone, r.columns - %4$L::text[] AS extra,
               r.columns AS given, ord
          FROM jsonb_array_elements($2) WITH ORDINALITY AS e(row, ord),
               jsonb_to_record(e.row) AS r(id uuid, version text COLLATE "C", base_version text COLLATE "C", tombstone boolean, columns jsonb)
        OFFSET 0
    ), flat AS (
        SELECT i.*,
               CASE WHEN CASE WHEN extra <> '{}' THEN is_flat(given, %5$L, %6$L)
                              ELSE jsonb_typeof(given) = 'object'
                                   AND NOT given - %6$L::text[] @? '$.* ? (@.type() != "string")'
                                   AND NOT given - %5$L::text[] @? '$.* ? (@.type() != "number")' END
                    THEN %7$s END AS columns
          FROM incoming i
        OFFSET 0
    ), met AS (
        SELECT i.*, s.id IS NOT NULL AS has, s.version AS s_version, s.base_version AS s_base, s.received_at AS s_received,
               s.tombstone AS s_tombstone, s.actor AS s_actor, CASE WHEN s.id IS NOT NULL THEN %8$s END AS s_columns,
               i.base IS NOT DISTINCT FROM i.version AS offer, a.id IS NOT NULL AS known
          FROM flat i
               LEFT JOIN LATERAL (SELECT s.* FROM mf.%1$I s WHERE s.id = i.id AND s.team_id IS NOT DISTINCT FROM team LIMIT 1) s ON true
               LEFT JOIN LATERAL (SELECT a.id FROM audit a WHERE a.row_id = i.id AND a.version = i.version AND a.table_name = %2$L
                                     AND a.team_id IS NOT DISTINCT FROM team LIMIT 1) a ON true
        OFFSET 0
    ), weighed AS (
        SELECT m.*,
               m.tombstone = s_tombstone AND columns = s_columns AS same,
               coalesce(s_received <= $4, false) AS read,
               -- Of equal versions the greater hash wins: rows that follow from an occurrence.
               CASE WHEN m.version = s_version
                    THEN sha256(convert_to(canonical(m.tombstone, columns), 'UTF8'))
                       < sha256(convert_to(canonical(s_tombstone, s_columns), 'UTF8'))
                    ELSE m.version < s_version END AS lesser,
               m.version = repeat('0', 48) OR s_version = repeat('0', 48) AS nobodys,
               NOT m.tombstone AND columns ->> 'paused' = '1' AS pauses,
               NOT s_tombstone AND s_columns ->> 'paused' = '1' AS s_pauses
          FROM met m
        OFFSET 0
    ), quarrels AS (
        SELECT w.*,
               has AND NOT same AND NOT nobodys AND NOT known AND version <> s_version AND %2$L <> 'conflicts'
               AND substr(version, 17) <> substr(s_version, 17) AND s_base IS DISTINCT FROM version
               AND CASE WHEN offer THEN NOT read AND NOT coalesce(s_base = s_version AND version < s_version, false)
                        ELSE NOT coalesce(s_version = base OR (s_version < base AND read), false) END AS concurrent
          FROM weighed w
        OFFSET 0
    ), judged AS (
        SELECT q.*,
               CASE WHEN NOT $8 THEN 'forbidden'
                    WHEN columns IS NULL OR version !~ '^[0-9a-f]{48}$' OR base !~ '^[0-9a-f]{48}$' OR version < base THEN 'invalid'
                    WHEN NOT has AND (known OR base < $6) THEN 'gone'
                    WHEN %2$L = 'conflicts' AND NOT has AND NOT offer THEN 'invalid'
                    WHEN %2$L = 'conflicts' AND has AND columns <> s_columns THEN 'invalid'
                    WHEN $3 ? id::text THEN 'parent_missing'
               END AS refusal,
               concurrent AND %2$L = 'schedule_pauses' AND pauses IS DISTINCT FROM s_pauses
                   AND CASE WHEN pauses THEN lesser ELSE NOT lesser END AS pause_settles
          FROM quarrels q
        OFFSET 0
    ), decided AS (
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
        OFFSET 0
    ), written AS MATERIALIZED (
        SELECT d.*,
               -- What the row is afterwards.
               CASE WHEN takes AND pause_settles THEN settled_behind(greatest(version, s_version)) WHEN takes THEN version ELSE s_version END AS w_version,
               takes AND NOT (pause_settles AND s_pauses) AS mine,
               CASE WHEN takes THEN $7 + row_number() OVER (PARTITION BY takes ORDER BY ord) END AS new_seq
          FROM decided d
    ), stored AS (
        INSERT INTO mf.%1$I (team_id, id, version, base_version, tombstone, extra, seq, received_at, actor, %9$s)
        SELECT team, id, w_version, CASE WHEN mine THEN base ELSE s_base END, CASE WHEN mine THEN tombstone ELSE s_tombstone END,
               CASE WHEN mine THEN extra ELSE s_columns - %4$L::text[] END, new_seq, $5, member, %10$s
          FROM written w, LATERAL jsonb_to_record(CASE WHEN mine THEN columns ELSE s_columns END) AS c(%11$s)
         WHERE takes
        ON CONFLICT (team_id, id) DO UPDATE SET (version, base_version, tombstone, extra, seq, received_at, actor, %9$s)
           = ROW(EXCLUDED.version, EXCLUDED.base_version, EXCLUDED.tombstone, EXCLUDED.extra, EXCLUDED.seq, EXCLUDED.received_at,
                 EXCLUDED.actor, %12$s)
    ), noted AS (
        INSERT INTO audit (team_id, member_id, device_id, action, table_name, row_id, version)
        SELECT team, member, device, CASE WHEN tombstone THEN 'delete' WHEN has THEN 'update' ELSE 'create' END, %2$L, id, version
          FROM written WHERE refusal IS NULL AND (accepted OR same) AND NOT known
    ), lost AS MATERIALIZED (
        SELECT encode(substr(sha256(convert_to(%2$L || '/' || id || '/' || l_version, 'UTF8')), 1, 16), 'hex')::uuid AS conflict_id, l.*
          FROM (SELECT id, ord,
                       CASE WHEN mine THEN s_version ELSE version END AS l_version,
                       CASE WHEN mine THEN canonical(s_tombstone, s_columns) ELSE canonical(tombstone, columns) END AS l_content,
                       CASE WHEN mine THEN s_actor ELSE member END AS l_actor
                  FROM written WHERE concurrent AND refusal IS NULL) l
    ), kept AS (
        INSERT INTO conflicts (team_id, id, version, base_version, tombstone, extra, seq, received_at, actor,
                               table_name, row_id, losing_version, content, member_id, at)
        SELECT team, conflict_id, repeat('0', 48), NULL, false, '{}',
               $7 + (SELECT count(*) FROM written WHERE takes) + row_number() OVER (ORDER BY ord), $5, member,
               %2$L, id, l_version, l_content, l_actor, $5
          FROM lost l WHERE NOT EXISTS (SELECT FROM conflicts c WHERE c.team_id = team AND c.id = l.conflict_id)
        RETURNING 1
    )
    SELECT (SELECT jsonb_agg(CASE WHEN accepted AND w_version = version
                THEN jsonb_build_object('table', %2$L, 'id', id, 'sent', version, 'answer', 'accepted')
                ELSE jsonb_strip_nulls(jsonb_build_object('table', %2$L, 'id', id, 'sent', version,
                    'answer', CASE WHEN refusal = 'gone' THEN 'gone' WHEN refusal IS NOT NULL THEN 'rejected'
                                   WHEN accepted THEN 'accepted' ELSE 'superseded' END,
                    'code', CASE WHEN refusal <> 'gone' THEN refusal END,
                    'row', CASE WHEN has OR takes
                                THEN jsonb_build_object('table', %2$L, 'id', id, 'version', w_version,
                                         'tombstone', CASE WHEN mine THEN tombstone ELSE s_tombstone END,
                                         'columns', CASE WHEN mine THEN columns ELSE s_columns END) END)) END ORDER BY ord)
              FROM written),
           (SELECT count(*) FROM written WHERE takes) + (SELECT count(*) FROM kept)
      INTO $9, $10;
END
$take$
$q$, t.name, t.name, 'take_' || t.name,
        array_agg(name),
        coalesce(array_agg(name) FILTER (WHERE kind <> 'bigint'), '{}'),
        coalesce(array_agg(name) FILTER (WHERE kind = 'bigint'), '{}'),
        lean_sql('given', t.defaults), content_sql(t),
        string_agg(quote_ident(name), ', '),
        string_agg(CASE WHEN t.defaults ? name THEN format('coalesce(c.%I, %L)', name, t.defaults ->> name)
                        ELSE format('c.%I', name) END, ', '),
        string_agg(format('%I %s', name, kind), ', '),
        string_agg(format('EXCLUDED.%I', name), ', '))
      FROM own_columns(t.name));
END
$define$;

-- Rows of one table, whatever one of them contains: what the table cannot hold is found by halves and refused alone.
CREATE FUNCTION mf.apply_rows(who person, into_table text, rows jsonb, orphans jsonb, seen_until bigint, now_ms bigint)
    RETURNS jsonb LANGUAGE plpgsql SET search_path = mf, pg_temp AS $$
DECLARE
    half integer := jsonb_array_length(rows) / 2;
    t synced_tables;
    horizon text;
    seq_before bigint;
    answers jsonb;
    changes bigint;
    copy jsonb;
BEGIN
    SELECT * INTO t FROM synced_tables WHERE name = into_table;
    IF NOT FOUND THEN
        RETURN (SELECT jsonb_agg(jsonb_build_object('table', into_table, 'id', r -> 'id', 'sent', r -> 'version',
                                                    'answer', 'rejected', 'code', 'unknown_table'))
                  FROM jsonb_array_elements(rows) r);
    END IF;
    SELECT teams.horizon, seq INTO horizon, seq_before FROM teams WHERE id = who.team_id;
    EXECUTE format('SELECT * FROM mf.%I($1, $2, $3, $4, $5, $6, $7, $8)', 'take_' || into_table) INTO answers, changes
      USING who, rows, orphans, seen_until, now_ms, horizon, seq_before, rank_of(who.role) >= rank_of(t.writer);
    IF changes > 0 THEN
        UPDATE teams SET seq = seq + changes WHERE id = who.team_id;
    END IF;
    RETURN answers;
EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded THEN
    IF half > 0 THEN
        RETURN apply_rows(who, into_table, (SELECT jsonb_agg(r ORDER BY n) FROM jsonb_array_elements(rows) WITH ORDINALITY e(r, n) WHERE n <= half), orphans, seen_until, now_ms)
            || apply_rows(who, into_table, (SELECT jsonb_agg(r ORDER BY n) FROM jsonb_array_elements(rows) WITH ORDINALITY e(r, n) WHERE n > half), orphans, seen_until, now_ms);
    END IF;
    SELECT jsonb_build_object('table', into_table, 'id', c.id, 'version', c.version, 'tombstone', c.tombstone, 'columns', c.columns)
      INTO copy FROM changes c WHERE c.team_id = who.team_id AND c.table_name = into_table AND c.id::text = rows -> 0 ->> 'id';
    RETURN jsonb_build_array(jsonb_strip_nulls(jsonb_build_object('table', into_table, 'id', rows -> 0 -> 'id',
        'sent', rows -> 0 -> 'version', 'answer', 'rejected', 'code', 'invalid', 'row', copy)));
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

-- Makes what is specific to each synced table. A migration that adds a table or a column calls it again.
CREATE FUNCTION mf.define_synced() RETURNS void LANGUAGE plpgsql SET search_path = mf, pg_temp AS $define$
BEGIN
    PERFORM define_taking(t) FROM synced_tables t;
    -- Every row with its place in the order of changes, as one list.
    EXECUTE 'CREATE OR REPLACE VIEW mf.changes WITH (security_invoker = true) AS ' || (
        SELECT string_agg(format('SELECT team_id, seq, %L::text AS table_name, id, version, tombstone, %s AS columns FROM mf.%I s',
                                 name, content_sql(t), name), ' UNION ALL ' ORDER BY place) FROM synced_tables t);
    -- Rows taken since `after` whose parents are not there: {table: [id]}.
    EXECUTE format($q$
CREATE OR REPLACE FUNCTION mf.orphans_since(team uuid, after bigint) RETURNS jsonb LANGUAGE plpgsql STABLE
    SET search_path = mf, pg_temp AS $orphans$
BEGIN
    RETURN (SELECT coalesce(jsonb_object_agg(of, ids), '{}') FROM (
        SELECT of, jsonb_agg(DISTINCT id) AS ids FROM (%s) found GROUP BY of) grouped);
END
$orphans$
$q$, (SELECT string_agg(format('SELECT %L AS of, c.id FROM mf.%I c WHERE c.team_id = $1 AND c.seq > $2 AND c.%I IS NOT NULL
                                   AND (SELECT p.id FROM mf.%I p WHERE p.id = c.%3$I AND p.team_id IS NOT DISTINCT FROM $1 LIMIT 1) IS NULL',
                               t.name, t.name, e.key, e.value), ' UNION ALL ')
        FROM synced_tables t, jsonb_each_text(t.parents) e));
END
$define$;
SELECT mf.define_synced();
GRANT SELECT ON mf.changes TO mf_member;
GRANT EXECUTE ON FUNCTION mf.knows(uuid, jsonb), mf.push(uuid, uuid, integer, jsonb, bigint, jsonb) TO mf_member;
