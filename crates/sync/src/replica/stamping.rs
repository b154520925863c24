//! New versions for what is not sent yet: of a clock that was ahead, and of a file that another computer has as well.

use super::outbox;
use crate::chain;
use crate::core::clock::{Restamped, restamp, stamp_as};
use crate::core::push::Edit;
use crate::core::row::Key;
use mf_domain::ids::DeviceId;
use mf_domain::version::Version;
use mf_store::synced::{self, Taken};
use mf_store::{StoreError, Write};

/// Stamps are ahead of the server: they are given anew, in their order, from its time on. Answers how many there were.
///
/// # Errors
/// When it cannot be written.
pub async fn clock_ahead(write: &mut Write, server_now: i64) -> Result<usize, StoreError> {
    let pending = outbox(write.conn()).await?;
    let floor = synced::greatest_base(write.conn()).await?.unwrap_or_else(Version::bottom);
    let now = u64::try_from(server_now).unwrap_or(0);
    let new = restamp(&pending, write.device(), now, &floor);
    let clock = new.clock.clone().unwrap_or(floor);
    let stamped = give_versions(write, pending, new).await?;
    write.set_clock(&clock);
    Ok(stamped)
}

/// The file is a copy of one that another computer works with: from here on it is another device. What it has not sent is
/// stamped as that device's: two edits of one device are never a conflict, and these may quarrel with the other computer's.
/// Answers how many there were.
///
/// # Errors
/// When it cannot be written.
pub async fn become_device(write: &mut Write, device: DeviceId) -> Result<usize, StoreError> {
    let pending = outbox(write.conn()).await?;
    let new = stamp_as(&pending, device, write.wall(), write.last());
    write.become_device(device).await?;
    chain::begin(write).await?;
    let clock = new.clock.clone();
    let stamped = give_versions(write, pending, new).await?;
    if let Some(clock) = clock {
        write.observe(&clock);
    }
    Ok(stamped)
}

/// Gives unsent rows their new versions. Answers how many there are.
async fn give_versions(write: &mut Write, pending: Vec<Edit>, new: Restamped) -> Result<usize, StoreError> {
    let mut renamed = Vec::new();
    for edit in pending {
        let after = new.apply(edit.clone());
        if after.row.columns != edit.row.columns {
            // A batch that names a version that was given anew. It is made of an occurrence and keeps its own.
            let over = Some(edit.row.version);
            renamed.push(Taken { row: after.row, base_version: after.base_version, over });
        }
    }
    synced::put(write, &renamed).await?;
    synced::queue(write, &renamed.iter().map(|taken| taken.row.key.clone()).collect::<Vec<_>>()).await?;
    let versions: Vec<(Key, Version)> = new.versions.into_iter().collect();
    synced::restamp(write, &versions).await?;
    Ok(versions.len())
}
