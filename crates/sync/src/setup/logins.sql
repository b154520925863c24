-- The only functions that touch roles. As mf_roles, which may create roles and owns no table; after the migrations, and
-- again with every upgrade.
--
-- What could be used against the server is not passed through: a login's name is computed from a uuid, a verifier must be
-- a well-formed SCRAM one (so no password is ever sent), and both go in as quoted literals.

CREATE OR REPLACE FUNCTION mf.make_login(login text, verifier text) RETURNS void
    LANGUAGE plpgsql SET search_path = mf, pg_temp AS $$
BEGIN
    IF login !~ '^mf_d_[0-9a-f]{32}$' THEN
        RAISE EXCEPTION 'not a login of a device' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    PERFORM mf.check_verifier(verifier);
    EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT 8
                    PASSWORD %L VALID UNTIL %L IN ROLE mf_member', login, verifier, now() + interval '72 hours');
END
$$;

CREATE OR REPLACE FUNCTION mf.check_verifier(verifier text) RETURNS void
    LANGUAGE plpgsql IMMUTABLE SET search_path = mf, pg_temp AS $$
BEGIN
    IF verifier IS NULL OR verifier !~ '^SCRAM-SHA-256\$[0-9]{4,6}:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$' THEN
        RAISE EXCEPTION 'not a SCRAM verifier' USING ERRCODE = 'invalid_parameter_value';
    END IF;
END
$$;

-- By an administrator, as mf_roles. Its first connection rotates, as that of everybody invited.
CREATE OR REPLACE FUNCTION mf.found_team(team uuid, team_name text, member uuid, member_name text, device uuid, verifier text)
    RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = mf, pg_temp AS $$
DECLARE
    login text := mf.add_team(team, team_name, member, member_name, device);
BEGIN
    PERFORM mf.make_login(login, verifier);
    RETURN login;
END
$$;

CREATE OR REPLACE FUNCTION mf.invite(member uuid, member_name text, member_role text, device uuid, verifier text)
    RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = mf, pg_temp AS $$
DECLARE
    login text := mf.add_member(member, member_name, member_role, device);
BEGIN
    PERFORM mf.make_login(login, verifier);
    RETURN login;
END
$$;

CREATE OR REPLACE FUNCTION mf.add_device(member uuid, device uuid, verifier text)
    RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = mf, pg_temp AS $$
DECLARE
    login text := mf.add_device_of(member, device);
BEGIN
    PERFORM mf.make_login(login, verifier);
    RETURN login;
END
$$;

-- The login that is calling gets the password its own device made; the one it was invited with is worthless from then on.
CREATE OR REPLACE FUNCTION mf.rotate(verifier text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = mf, pg_temp AS $$
DECLARE
    login text := mf.activate();
BEGIN
    PERFORM mf.check_verifier(verifier);
    EXECUTE format('ALTER ROLE %I PASSWORD %L VALID UNTIL ''infinity''', login, verifier);
END
$$;

-- Membership first, which every policy asks; then the logins; then what is still connected.
CREATE OR REPLACE FUNCTION mf.remove(member uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = mf, pg_temp AS $$
DECLARE
    login text;
BEGIN
    FOREACH login IN ARRAY mf.drop_member(member) LOOP
        EXECUTE format('ALTER ROLE %I NOLOGIN', login);
        EXECUTE format('REVOKE mf_member FROM %I', login);
        -- Only a member of a role may end its sessions.
        EXECUTE format('GRANT %I TO mf_roles', login);
        PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = login AND pid <> pg_backend_pid();
        EXECUTE format('REVOKE %I FROM mf_roles', login);
    END LOOP;
END
$$;

REVOKE ALL ON FUNCTION mf.make_login(text, text), mf.check_verifier(text), mf.found_team(uuid, text, uuid, text, uuid, text)
    FROM PUBLIC, mf_member;
REVOKE ALL ON FUNCTION mf.invite(uuid, text, text, uuid, text), mf.add_device(uuid, uuid, text), mf.rotate(text), mf.remove(uuid)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mf.invite(uuid, text, text, uuid, text), mf.add_device(uuid, uuid, text), mf.rotate(text), mf.remove(uuid)
    TO mf_member;
