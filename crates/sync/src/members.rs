//! Who belongs to the team. Each call is one function of the server, which checks the caller itself.

use crate::error::SyncError;
use mf_domain::ids::{DeviceId, MemberId, TeamId};
use mf_domain::role::Role;
use sqlx::{Connection as _, PgConnection};

/// A member as the team sees him.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    /// The member's id.
    pub id: String,
    /// The name the team knows.
    pub name: String,
    /// The role, as [`role_name`] writes it.
    pub role: String,
}

/// A role as the server has it.
#[must_use]
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Readonly => "readonly",
        Role::Operator => "operator",
        Role::Manager => "manager",
        Role::Owner => "owner",
    }
}

/// A team with its first owner, by an administrator. Answers the login; it sees nothing until it has [`rotate`]d.
///
/// # Errors
/// [`SyncError::Forbidden`].
pub async fn found(
    admin: &mut PgConnection,
    (team, name): (TeamId, &str),
    (owner, owner_name): (MemberId, &str),
    device: DeviceId,
    verifier: &str,
) -> Result<String, SyncError> {
    let mut tx = admin.begin().await?;
    sqlx::raw_sql("SET LOCAL ROLE mf_roles").execute(&mut *tx).await?;
    let login = sqlx::query_scalar("SELECT mf.found_team($1::uuid, $2, $3::uuid, $4, $5::uuid, $6)")
        .bind(team.to_string())
        .bind(name)
        .bind(owner.to_string())
        .bind(owner_name)
        .bind(device.to_string())
        .bind(verifier)
        .fetch_one(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(login)
}

/// Invites somebody. The login's password is good for 72 hours and for one device.
///
/// # Errors
/// [`SyncError::Forbidden`] for who is no owner.
pub async fn invite(
    conn: &mut PgConnection,
    (member, name): (MemberId, &str),
    role: Role,
    device: DeviceId,
    verifier: &str,
) -> Result<String, SyncError> {
    let login = sqlx::query_scalar("SELECT mf.invite($1::uuid, $2, $3, $4::uuid, $5)")
        .bind(member.to_string())
        .bind(name)
        .bind(role_name(role))
        .bind(device.to_string())
        .bind(verifier);
    Ok(login.fetch_one(conn).await?)
}

/// Another device for a member.
///
/// # Errors
/// [`SyncError::Forbidden`] for somebody else's device, unless by an owner.
pub async fn add_device(
    conn: &mut PgConnection,
    member: MemberId,
    device: DeviceId,
    verifier: &str,
) -> Result<String, SyncError> {
    let login = sqlx::query_scalar("SELECT mf.add_device($1::uuid, $2::uuid, $3)")
        .bind(member.to_string())
        .bind(device.to_string())
        .bind(verifier);
    Ok(login.fetch_one(conn).await?)
}

/// Gives the login that is connected a password of its own. Keep the new one before calling this, and try both afterwards
/// where no answer came.
///
/// # Errors
/// [`SyncError::Forbidden`] for a login of no member.
pub async fn rotate(conn: &mut PgConnection, verifier: &str) -> Result<(), SyncError> {
    sqlx::query("SELECT mf.rotate($1)").bind(verifier).execute(conn).await?;
    Ok(())
}

/// Changes a role.
///
/// # Errors
/// [`SyncError::LastOwner`], [`SyncError::NoSuchMember`], [`SyncError::Forbidden`].
pub async fn set_role(conn: &mut PgConnection, member: MemberId, role: Role) -> Result<(), SyncError> {
    let change =
        sqlx::query("SELECT mf.set_role($1::uuid, $2)").bind(member.to_string()).bind(role_name(role));
    change.execute(conn).await?;
    Ok(())
}

/// Removes a member with all devices; one's own id is leaving. Sessions still open are ended.
///
/// # Errors
/// As [`set_role`].
pub async fn remove(conn: &mut PgConnection, member: MemberId) -> Result<(), SyncError> {
    sqlx::query("SELECT mf.remove($1::uuid)").bind(member.to_string()).execute(conn).await?;
    Ok(())
}

/// The team's members, by name.
///
/// # Errors
/// When the server does not answer.
pub async fn list(conn: &mut PgConnection) -> Result<Vec<Listed>, SyncError> {
    let members = sqlx::query_as(
        "SELECT id::text, name, role FROM mf.members WHERE removed_at IS NULL ORDER BY name, id",
    );
    Ok(members.fetch_all(conn).await?)
}
