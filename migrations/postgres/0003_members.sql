-- Members and devices: the part that touches tables. Logins are made by functions of mf_roles, which call these and are the
-- only ones that may (crates/sync/src/setup/logins.sql).

CREATE FUNCTION mf.login_of(device uuid) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = mf, pg_temp AS $$
    SELECT 'mf_d_' || replace(device::text, '-', '')
$$;

-- The owner who is calling, with the team locked: of two at once, the second sees what the first did.
CREATE FUNCTION mf.owner_calling() RETURNS person LANGUAGE plpgsql SECURITY DEFINER SET search_path = mf, pg_temp AS $$
DECLARE
    who person;
BEGIN
    PERFORM FROM teams WHERE id = my_team() FOR UPDATE;
    SELECT * INTO who FROM caller();
    IF who IS NULL OR who.role <> 'owner' THEN
        RAISE EXCEPTION 'only an owner of the team may do this' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN who;
END
$$;

CREATE FUNCTION mf.note(who person, action text, detail text) RETURNS void
    LANGUAGE sql SET search_path = mf, pg_temp AS $$
    INSERT INTO audit (team_id, member_id, device_id, action, detail)
    VALUES (who.team_id, who.member_id, who.device_id, action, detail)
$$;

-- By an administrator, as mf_roles: the team with its first owner.
CREATE FUNCTION mf.add_team(team uuid, team_name text, member uuid, member_name text, device uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = mf, pg_temp AS $$
BEGIN
    INSERT INTO teams (id, name) VALUES (team, team_name);
    INSERT INTO members (id, team_id, name, role) VALUES (member, team, member_name, 'owner');
    INSERT INTO devices (id, team_id, member_id, login) VALUES (device, team, member, login_of(device));
    PERFORM note(ROW(team, member, device, 'owner')::person, 'create_workspace', team_name);
    RETURN login_of(device);
END
$$;

CREATE FUNCTION mf.add_member(member uuid, member_name text, member_role text, device uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = mf, pg_temp AS $$
DECLARE
    who person := owner_calling();
BEGIN
    INSERT INTO members (id, team_id, name, role) VALUES (member, who.team_id, member_name, member_role);
    INSERT INTO devices (id, team_id, member_id, login) VALUES (device, who.team_id, member, login_of(device));
    PERFORM note(who, 'invite', member::text);
    RETURN login_of(device);
END
$$;

-- Another device of the person who is calling, or, by an owner, of somebody else.
CREATE FUNCTION mf.add_device_of(member uuid, device uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = mf, pg_temp AS $$
DECLARE
    who person;
BEGIN
    SELECT * INTO who FROM caller();
    IF who IS NULL OR who.member_id <> member THEN
        who := owner_calling();
    END IF;
    IF NOT EXISTS (SELECT FROM members m WHERE m.id = member AND m.team_id = who.team_id AND m.removed_at IS NULL) THEN
        RAISE EXCEPTION 'no such member' USING ERRCODE = 'no_data_found';
    END IF;
    INSERT INTO devices (id, team_id, member_id, login) VALUES (device, who.team_id, member, login_of(device));
    PERFORM note(who, 'add_device', device::text);
    RETURN login_of(device);
END
$$;

-- The login that is calling has made its own password.
CREATE FUNCTION mf.activate() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = mf, pg_temp AS $$
DECLARE
    mine devices;
BEGIN
    SELECT d.* INTO mine FROM devices d JOIN members m ON m.id = d.member_id
     WHERE d.login = session_user AND d.removed_at IS NULL AND m.removed_at IS NULL FOR UPDATE OF d;
    IF mine IS NULL THEN
        RAISE EXCEPTION 'not a device of a team' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF mine.activated_at IS NULL THEN
        UPDATE devices SET activated_at = now() WHERE id = mine.id;
        PERFORM note(ROW(mine.team_id, mine.member_id, mine.id, '')::person, 'join', NULL);
    END IF;
    RETURN mine.login;
END
$$;

CREATE FUNCTION mf.keep_an_owner(team uuid) RETURNS void LANGUAGE plpgsql SET search_path = mf, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM members WHERE team_id = team AND role = 'owner' AND removed_at IS NULL) THEN
        RAISE EXCEPTION 'the last owner stays' USING ERRCODE = 'MF002';
    END IF;
END
$$;

CREATE FUNCTION mf.set_role(member uuid, new_role text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = mf, pg_temp AS $$
DECLARE
    who person := owner_calling();
BEGIN
    UPDATE members SET role = new_role WHERE id = member AND team_id = who.team_id AND removed_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such member' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM keep_an_owner(who.team_id);
    PERFORM note(who, 'set_role', member || ' ' || new_role);
END
$$;

-- Ends a membership; answers the logins that go with it. Everybody may leave.
CREATE FUNCTION mf.drop_member(member uuid) RETURNS text[]
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = mf, pg_temp AS $$
DECLARE
    who person;
    logins text[];
BEGIN
    PERFORM FROM teams WHERE id = my_team() FOR UPDATE;
    SELECT * INTO who FROM caller();
    IF who IS NULL OR who.member_id <> member THEN
        who := owner_calling();
    END IF;
    UPDATE members SET removed_at = now() WHERE id = member AND team_id = who.team_id AND removed_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such member' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM keep_an_owner(who.team_id);
    WITH gone AS (UPDATE devices SET removed_at = now() WHERE member_id = member AND removed_at IS NULL RETURNING login)
    SELECT coalesce(array_agg(login), '{}') INTO logins FROM gone;
    PERFORM note(who, 'remove', member::text);
    RETURN logins;
END
$$;

GRANT EXECUTE ON FUNCTION mf.add_team(uuid, text, uuid, text, uuid), mf.add_member(uuid, text, text, uuid),
    mf.add_device_of(uuid, uuid), mf.activate(), mf.drop_member(uuid) TO mf_roles;
GRANT EXECUTE ON FUNCTION mf.set_role(uuid, text) TO mf_member;
