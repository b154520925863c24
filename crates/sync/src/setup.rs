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
