//! Who belongs to the team. Each call is one function of the server, which checks the caller itself.

use crate::error::SyncError;
use mf_domain::ids::{DeviceId, MemberId, TeamId};
use mf_domain::role::Role;
use sqlx::postgres::PgRow;
use sqlx::{Connection as _, PgConnection, Row as _};
use uuid::Uuid;

/// A member as the team sees him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The member's id.
    pub id: MemberId,
    /// The name the team knows.
    pub name: String,
    /// What he may do.
    pub role: Role,
    /// When he left or was removed, in milliseconds.
    pub removed_at: Option<i64>,
    /// His devices, but for those removed.
    pub devices: Vec<Device>,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its id.
    pub id: DeviceId,
    /// When it joined, in milliseconds.
    pub joined_at: Option<i64>,
    /// When it last changed something, in milliseconds; `None` where that is long ago.
    pub pushed_at: Option<i64>,
}

/// The team as one of its devices sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roster {
    /// What the team is called.
    pub name: String,
    /// By name, those who are gone included.
    pub members: Vec<Listed>,
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

fn role_named(name: &str) -> Option<Role> {
    [Role::Readonly, Role::Operator, Role::Manager, Role::Owner]
        .into_iter()
        .find(|role| role_name(*role) == name)
}

/// The login of a device, as the server computes it.
#[must_use]
pub fn login_of(device: DeviceId) -> String {
    format!("mf_d_{}", device.0.simple())
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

/// Gives a team that was founded, and its owner, other names, by an administrator; answers whether there is such a team.
///
/// # Errors
/// [`SyncError::Forbidden`].
pub async fn rename(
    admin: &mut PgConnection,
    (team, name): (TeamId, &str),
    (owner, owner_name): (MemberId, &str),
) -> Result<bool, SyncError> {
    let mut tx = admin.begin().await?;
    sqlx::raw_sql("SET LOCAL ROLE mf_owner").execute(&mut *tx).await?;
    let named = sqlx::query("UPDATE mf.teams SET name = $2 WHERE id = $1::uuid")
        .bind(team.to_string())
        .bind(name)
        .execute(&mut *tx)
        .await?;
    sqlx::query("UPDATE mf.members SET name = $2 WHERE id = $1::uuid")
        .bind(owner.to_string())
        .bind(owner_name)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(named.rows_affected() > 0)
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

/// The team.
///
/// # Errors
/// [`SyncError::Forbidden`] for a device that is no member's any more; when the server does not answer.
pub async fn roster(conn: &mut PgConnection) -> Result<Roster, SyncError> {
    // Of the pushes only the latest: who sent nothing for so long is found in no list.
    let rows = sqlx::query(
        "WITH recent AS MATERIALIZED (
             SELECT device_id, max(at) AS at
               FROM (SELECT device_id, at FROM mf.pushes ORDER BY seq_to DESC LIMIT 2000) latest GROUP BY device_id)
         SELECT t.name AS team, m.id::text AS member, m.name, m.role,
                (extract(epoch FROM m.removed_at) * 1000)::bigint AS removed_at, d.id::text AS device,
                (extract(epoch FROM d.activated_at) * 1000)::bigint AS joined_at,
                (extract(epoch FROM r.at) * 1000)::bigint AS pushed_at
           FROM mf.teams t JOIN mf.members m ON m.team_id = t.id
           LEFT JOIN mf.devices d ON d.member_id = m.id AND d.removed_at IS NULL
           LEFT JOIN recent r ON r.device_id = d.id
          ORDER BY m.name, m.id, d.created_at, d.id",
    )
    .fetch_all(conn)
    .await?;
    let Some(first) = rows.first() else { return Err(SyncError::Forbidden(sqlx::Error::RowNotFound)) };
    let mut roster = Roster { name: first.try_get("team")?, members: Vec::new() };
    for row in &rows {
        let id = MemberId(id_in(row, "member")?.ok_or(SyncError::Malformed { column: "member" })?);
        if roster.members.last().is_none_or(|last| last.id != id) {
            let role = role_named(row.try_get("role")?).ok_or(SyncError::Malformed { column: "role" })?;
            let (name, removed_at) = (row.try_get("name")?, row.try_get("removed_at")?);
            roster.members.push(Listed { id, name, role, removed_at, devices: Vec::new() });
        }
        if let (Some(device), Some(member)) = (id_in(row, "device")?, roster.members.last_mut()) {
            member.devices.push(Device {
                id: DeviceId(device),
                joined_at: row.try_get("joined_at")?,
                pushed_at: row.try_get("pushed_at")?,
            });
        }
    }
    Ok(roster)
}

fn id_in(row: &PgRow, column: &'static str) -> Result<Option<Uuid>, SyncError> {
    let text: Option<&str> = row.try_get(column)?;
    text.map(|text| Uuid::parse_str(text).map_err(|_| SyncError::Malformed { column })).transpose()
}
