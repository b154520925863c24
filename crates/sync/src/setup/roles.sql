-- Before the migrations, by an administrator who may create roles. Again changes nothing.
--
-- mf_owner owns the tables and the functions that read and write them. mf_roles makes logins and touches no table: of two
-- mistakes, one alone is not enough. mf_member is what every device's login is a member of.
DO $$
DECLARE
    wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['mf_owner', 'mf_roles', 'mf_member'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS', wanted);
        END IF;
    END LOOP;
    -- Roles belong to the whole server: two databases of it may be set up at once, and must not write what is there already.
    IF NOT (SELECT rolcreaterole FROM pg_roles WHERE rolname = 'mf_roles') THEN
        ALTER ROLE mf_roles CREATEROLE;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_auth_members WHERE roleid = 'mf_member'::regrole AND member = 'mf_roles'::regrole) THEN
        GRANT mf_member TO mf_roles WITH ADMIN OPTION;
    END IF;
    -- Who is no superuser acts as the two only as their member.
    IF NOT pg_has_role('mf_owner', 'MEMBER') THEN
        EXECUTE format('GRANT mf_owner TO %I', current_user);
    END IF;
    IF NOT pg_has_role('mf_roles', 'MEMBER') THEN
        EXECUTE format('GRANT mf_roles TO %I', current_user);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'mf') THEN
        CREATE SCHEMA mf AUTHORIZATION mf_owner;
    END IF;
END
$$;
GRANT USAGE ON SCHEMA mf TO mf_member, mf_roles;
-- Without IN SCHEMA: there it could only add to what everybody may do anyway.
ALTER DEFAULT PRIVILEGES FOR ROLE mf_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE mf_roles REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
