//! What the file knows of itself: whose it is, and the state of its clock.

use crate::columns::Columns as _;
use crate::error::StoreError;
use crate::store::{Connection, Write};
use mf_domain::ids::DeviceId;
use mf_domain::version::Version;

/// Keys of the `meta` table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    TeamId,
    MemberId,
    DeviceId,
    /// Greatest version the hybrid logical clock gave out or saw.
    Clock,
    /// Latest instant a tick has seen, in milliseconds: tells a clock that was set back.
    LastTick,
    /// The rules of the zones by which stored instants were computed.
    ZoneDatabase,
    /// Which sample was made to its end on this device.
    Sample,
    /// How far the server's changes were read and merged.
    SyncRead,
    /// How far they were staged, behind that.
    SyncStaged,
    /// The server's last change when it last answered a push.
    SyncWrote,
    /// Until when everything was read, by the server's clock, in milliseconds.
    SyncSeenUntil,
    /// That everything is read from the beginning, and by what that is judged in the end.
    SyncWhole,
    /// The pushes of this device, as a chain.
    SyncChain,
    /// When the server last answered, in milliseconds.
    SyncLast,
    /// Where the team's server is, and how this device logs in there; never a password. Absent in the local workspace.
    TeamPlace,
    /// The team this computer was about to make on a server.
    TeamBegun,
    /// Who belonged to the team when the server last answered.
    TeamRoster,
    /// When this member left the team, in milliseconds.
    TeamLeft,
    /// Since when the team's server does not let this device in any more, in milliseconds.
    TeamRefused,
}

impl Key {
    fn name(self) -> &'static str {
        match self {
            Self::TeamId => "team_id",
            Self::MemberId => "member_id",
            Self::DeviceId => "device_id",
            Self::Clock => "clock",
            Self::LastTick => "last_tick",
            Self::ZoneDatabase => "zone_database",
            Self::Sample => "sample",
            Self::SyncRead => "sync_read",
            Self::SyncStaged => "sync_staged",
            Self::SyncWrote => "sync_wrote",
            Self::SyncSeenUntil => "sync_seen_until",
            Self::SyncWhole => "sync_whole",
            Self::SyncChain => "sync_chain",
            Self::SyncLast => "sync_last",
            Self::TeamPlace => "team_place",
            Self::TeamBegun => "team_begun",
            Self::TeamRoster => "team_roster",
            Self::TeamLeft => "team_left",
            Self::TeamRefused => "team_refused",
        }
    }
}

/// What every write begins with: the state of the clock, and which device this is.
pub(crate) async fn clock_and_device(
    conn: &mut Connection,
) -> Result<(Option<Version>, DeviceId), StoreError> {
    let row = sqlx::query(
        "SELECT (SELECT value FROM meta WHERE key = 'clock') AS clock,
                (SELECT value FROM meta WHERE key = 'device_id') AS device",
    )
    .fetch_one(conn)
    .await?;
    let clock = row.maybe_text("clock")?.and_then(|text| Version::parse(&text));
    Ok((clock, DeviceId(row.id("device")?)))
}

/// The value of a key.
pub async fn get(conn: &mut Connection, key: Key) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT value FROM meta WHERE key = ?1")
        .bind(key.name())
        .fetch_optional(conn)
        .await?)
}

/// Sets a key.
pub async fn put(write: &mut Write, key: Key, value: &str) -> Result<(), StoreError> {
    put_on(write.conn(), key, value).await
}

/// Takes a key away.
pub async fn remove(write: &mut Write, key: Key) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM meta WHERE key = ?1").bind(key.name()).execute(write.conn()).await?;
    Ok(())
}

pub(crate) async fn put_on(conn: &mut Connection, key: Key, value: &str) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        .bind(key.name())
        .bind(value)
        .execute(conn)
        .await?;
    Ok(())
}
