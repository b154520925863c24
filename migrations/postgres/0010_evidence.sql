-- The contents of evidence: chunks under the hash of the whole. Written by a function that checks role, quota and hash; read
-- by members of the team. The record of a piece of evidence is an event of its session and comes with the rows.
ALTER TABLE mf.teams ADD COLUMN evidence_quota bigint NOT NULL DEFAULT 10737418240 CHECK (evidence_quota >= 0);

CREATE TABLE mf.contents (
    team_id    uuid NOT NULL REFERENCES mf.teams (id),
    sha256     text COLLATE "C" NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size       bigint NOT NULL CHECK (size BETWEEN 0 AND 10485760),
    -- Whether all of it is here, and is what the hash says.
    complete   boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    actor      uuid,
    PRIMARY KEY (team_id, sha256)
);
CREATE TABLE mf.chunks (
    team_id uuid NOT NULL,
    sha256  text COLLATE "C" NOT NULL,
    n       integer NOT NULL CHECK (n BETWEEN 0 AND 1023),
    bytes   bytea NOT NULL CHECK (length(bytes) <= 1048576),
    PRIMARY KEY (team_id, sha256, n),
    FOREIGN KEY (team_id, sha256) REFERENCES mf.contents (team_id, sha256) ON DELETE CASCADE
);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['contents', 'chunks'] LOOP
        EXECUTE format('ALTER TABLE mf.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY seen_by_members ON mf.%I FOR SELECT TO mf_member USING (team_id = (SELECT mf.my_team()))', t);
        EXECUTE format('CREATE POLICY kept_by_functions ON mf.%I TO mf_owner USING (true) WITH CHECK (true)', t);
        EXECUTE format('GRANT SELECT ON mf.%I TO mf_member', t);
    END LOOP;
END
$$;

-- Takes one chunk. Answers `more`, `complete`, `quota` (nothing is taken) or `altered` (what came is not what the hash says;
-- all of it is forgotten). The same chunk again changes nothing.
CREATE FUNCTION mf.put_chunk(hash text, whole bigint, place integer, chunk bytea) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = mf, pg_temp AS $$
DECLARE
    who person;
    known contents;
    here bigint;
BEGIN
    -- One at a time, or two would each find room for the last of the quota.
    PERFORM FROM teams WHERE id = my_team() FOR UPDATE;
    SELECT * INTO who FROM caller();
    IF who IS NULL OR rank_of(who.role) < rank_of('operator') THEN
        RAISE EXCEPTION 'not a member of this team who may add evidence' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO known FROM contents c WHERE c.team_id = who.team_id AND c.sha256 = hash;
    IF known.complete THEN
        RETURN 'complete';
    END IF;
    IF known IS NULL THEN
        IF (SELECT coalesce(sum(size), 0) FROM contents c WHERE c.team_id = who.team_id) + whole
           > (SELECT evidence_quota FROM teams t WHERE t.id = who.team_id) THEN
            RETURN 'quota';
        END IF;
        INSERT INTO contents (team_id, sha256, size, actor) VALUES (who.team_id, hash, whole, who.member_id)
            RETURNING * INTO known;
    END IF;
    INSERT INTO chunks (team_id, sha256, n, bytes) VALUES (who.team_id, hash, place, chunk) ON CONFLICT DO NOTHING;
    SELECT coalesce(sum(length(bytes)), 0) INTO here FROM chunks c WHERE c.team_id = who.team_id AND c.sha256 = hash;
    IF here < known.size THEN
        RETURN 'more';
    END IF;
    IF here = known.size AND encode(sha256((SELECT string_agg(bytes, ''::bytea ORDER BY n) FROM chunks c
                                             WHERE c.team_id = who.team_id AND c.sha256 = hash)), 'hex') = hash THEN
        UPDATE contents c SET complete = true WHERE c.team_id = who.team_id AND c.sha256 = hash;
        PERFORM note(who, 'put_evidence', hash);
        RETURN 'complete';
    END IF;
    DELETE FROM contents c WHERE c.team_id = who.team_id AND c.sha256 = hash;
    RETURN 'altered';
END
$$;
GRANT EXECUTE ON FUNCTION mf.put_chunk(text, bigint, integer, bytea) TO mf_member;
