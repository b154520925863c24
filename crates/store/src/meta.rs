//! What the file knows of itself: whose it is, and the state of its clock.

use crate::error::StoreError;
use crate::store::{Connection, Write};

/// Keys of the `meta` table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    TeamId,
    MemberId,
    DeviceId,
    /// Last version the hybrid logical clock gave out.
    Clock,
    /// Latest instant a tick has seen, in milliseconds: tells a clock that was set back.
    LastTick,
    /// The rules of the zones by which stored instants were computed.
    ZoneDatabase,
    /// Which sample was made to its end on this device.
    Sample,
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
        }
    }
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

pub(crate) async fn put_on(conn: &mut Connection, key: Key, value: &str) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        .bind(key.name())
        .bind(value)
        .execute(conn)
        .await?;
    Ok(())
}
