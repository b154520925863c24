-- Two things a push sees to beside its rows: tombstones do not stay for ever, and a device that is two computers is told.

-- A laptop that has read less than `collected_seq` may have missed a deletion whose tombstone is gone: it reads everything, and
-- drops what did not come.
ALTER TABLE mf.teams ADD COLUMN collected_seq bigint NOT NULL DEFAULT 0;
-- When tombstones were last collected, in milliseconds.
ALTER TABLE mf.teams ADD COLUMN collected_at bigint NOT NULL DEFAULT 0;
-- The last push of the device. A push names those before it; where this is none of them, another computer sent it.
ALTER TABLE mf.devices ADD COLUMN last_push uuid;

DO $$
DECLARE
    t text;
BEGIN
    FOR t IN SELECT name FROM mf.synced_tables LOOP
        EXECUTE format('CREATE INDEX %I ON mf.%I (team_id, received_at) WHERE tombstone', t || '_tombstones', t);
    END LOOP;
END
$$;

-- Removes tombstones taken before an instant, in milliseconds, and moves the horizon over them. One that another row still names
-- stays: a flow that was deleted, for its history.
CREATE FUNCTION mf.collect_tombstones(team uuid, before bigint) RETURNS void LANGUAGE plpgsql SET search_path = mf, pg_temp AS $$
DECLARE
    t synced_tables;
    unnamed text;
    last_seq bigint;
    last_version text COLLATE "C";
BEGIN
    -- Children first: a parent is named no more once they are gone.
    FOR t IN SELECT * FROM synced_tables ORDER BY place DESC LOOP
        SELECT coalesce(string_agg(format(' AND NOT EXISTS (SELECT FROM mf.%I n WHERE n.team_id = c.team_id AND n.%I = c.id)',
                                          o.name, p.key), ''), '')
          INTO unnamed FROM synced_tables o, jsonb_each_text(o.parents) p WHERE p.value = t.name;
        EXECUTE format('WITH gone AS (DELETE FROM mf.%I c WHERE c.team_id = $1 AND c.tombstone AND c.received_at < $2%s
                                      RETURNING c.seq, c.version)
                        SELECT max(seq), max(version) FROM gone', t.name, unnamed)
           INTO last_seq, last_version USING team, before;
        UPDATE teams SET collected_seq = greatest(collected_seq, last_seq), horizon = greatest(horizon, last_version)
         WHERE id = team AND last_seq IS NOT NULL;
    END LOOP;
END
$$;

-- Takes rows. `status` is ok, restored, copied, clock_ahead or client_too_old; only with the first is anything written.
-- `previous` is left out by who does not know which push the server took last.
DROP FUNCTION mf.push(uuid, uuid, integer, jsonb, bigint, jsonb);
CREATE FUNCTION mf.push(device uuid, push_id uuid, schema_version integer, marks jsonb, seen_until bigint, rows jsonb,
                        previous uuid[] DEFAULT NULL)
    RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = mf, pg_temp AS $$
DECLARE
    KEPT CONSTANT bigint := 180 * 86400000::bigint;
    DAY CONSTANT bigint := 86400000;
    who person;
    team teams;
    now_ms bigint;
    last uuid;
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
    SELECT d.last_push INTO last FROM devices d WHERE d.id = who.device_id;
    IF last IS NOT NULL AND last <> ALL (previous) THEN
        RETURN jsonb_build_object('status', 'copied', 'last', last);
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
    UPDATE devices d SET last_push = push.push_id WHERE d.id = who.device_id;
    IF now_ms - team.collected_at >= DAY THEN
        PERFORM collect_tombstones(team.id, now_ms - KEPT);
        UPDATE teams SET collected_at = now_ms WHERE id = team.id;
    END IF;
    RETURN jsonb_build_object('status', 'ok', 'answers', answers,
        'end', (SELECT jsonb_build_object('seq', p.seq_to, 'push_id', p.push_id) FROM pushes p
                 WHERE p.team_id = team.id ORDER BY p.seq_to DESC LIMIT 1));
END
$$;
GRANT EXECUTE ON FUNCTION mf.push(uuid, uuid, integer, jsonb, bigint, jsonb, uuid[]) TO mf_member;
