//! A workspace on a server, made and upgraded by an administrator's connection. Laptops never run any of this.

use crate::error::SyncError;
use sqlx::migrate::Migrator;
use sqlx::{Connection as _, PgConnection};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");
const ROLES: &str = include_str!("setup/roles.sql");
const LOGINS: &str = include_str!("setup/logins.sql");

/// Oldest server with `security_invoker` views.
const OLDEST: i32 = 150_000;

/// Checks, before anything is touched, that this server can be used.
///
/// # Errors
/// [`SyncError::ServerTooOld`].
pub async fn check(admin: &mut PgConnection) -> Result<(), SyncError> {
    let version: i32 =
        sqlx::query_scalar("SELECT current_setting('server_version_num')::int").fetch_one(admin).await?;
    if version < OLDEST { Err(SyncError::ServerTooOld) } else { Ok(()) }
}

/// What an administrator's connection finds, before anything is touched.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Survey {
    /// As a person reads it: `17.6`.
    pub version: String,
    number: i32,
    /// Whether the login may make roles.
    pub makes_roles: bool,
    /// Whether it may make a schema in this database.
    pub makes_schemas: bool,
    /// Whether the database holds text as it must.
    pub is_utf8: bool,
    /// Whether there is a schema `mf`.
    pub has_schema: bool,
    /// Whether that schema is ours.
    pub is_ours: bool,
    /// Whether the roles are there and the login may act as their owner, or they are not there.
    pub roles_usable: bool,
    /// Whether the server is only read from: a standby.
    pub is_standby: bool,
}

impl Survey {
    /// Whether the server is too old.
    #[must_use]
    pub fn is_too_old(&self) -> bool {
        self.number < OLDEST
    }
}

/// Looks at a server; changes nothing.
///
/// # Errors
/// [`SyncError::Unreachable`].
pub async fn survey(admin: &mut PgConnection) -> Result<Survey, SyncError> {
    let found = sqlx::query_as(
        "SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
                current_setting('server_version_num')::int AS number,
                r.rolsuper OR r.rolcreaterole AS makes_roles,
                has_database_privilege(current_database(), 'CREATE') AS makes_schemas,
                current_setting('server_encoding') = 'UTF8' AS is_utf8,
                to_regnamespace('mf') IS NOT NULL AS has_schema,
                to_regclass('mf.synced_tables') IS NOT NULL AS is_ours,
                r.rolsuper OR NOT EXISTS (SELECT FROM pg_roles o WHERE o.rolname IN ('mf_owner', 'mf_roles')
                    AND NOT pg_has_role(o.oid, 'MEMBER')) AS roles_usable,
                pg_is_in_recovery() AS is_standby
           FROM pg_roles r WHERE r.rolname = current_user",
    );
    Ok(found.fetch_one(admin).await?)
}

/// Makes roles, schema and functions, or brings them to this release. Again changes nothing.
///
/// # Errors
/// [`SyncError::ServerTooOld`], [`SyncError::Forbidden`] when the login may not create roles, [`SyncError::Setup`].
pub async fn install(admin: &mut PgConnection) -> Result<(), SyncError> {
    check(admin).await?;
    sqlx::raw_sql(ROLES).execute(&mut *admin).await?;
    sqlx::raw_sql("SET ROLE mf_owner; SET search_path = mf").execute(&mut *admin).await?;
    let migrated = MIGRATIONS.run_direct(None, &mut *admin, false).await;
    sqlx::raw_sql("RESET ROLE; RESET search_path").execute(&mut *admin).await?;
    migrated.map_err(SyncError::Setup)?;
    // mf_roles may make functions in the schema for as long as this takes.
    let mut tx = admin.begin().await?;
    for sql in ["GRANT CREATE ON SCHEMA mf TO mf_roles", "SET LOCAL ROLE mf_roles", LOGINS, "RESET ROLE"] {
        sqlx::raw_sql(sql).execute(&mut *tx).await?;
    }
    sqlx::raw_sql("REVOKE CREATE ON SCHEMA mf FROM mf_roles").execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}
