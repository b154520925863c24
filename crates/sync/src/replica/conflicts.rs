//! A copy that lost, put in the place of what stands.

use super::carrying::carry_out;
use super::{Change, Changed, by_key};
use crate::core::replica::Local;
use crate::core::row::{Columns, Key, Row, Scalar};
use crate::core::table::CONFLICTS;
use mf_store::synced::{self, Taken};
use mf_store::{StoreError, Write};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A losing copy as a new edit, on what its row is now; the conflict is settled with it. So is a copy that the server
/// refused and that was put aside here. `None` for a conflict that is not there, or was settled before.
///
/// # Errors
/// When the file cannot be read, or the copy cannot.
pub async fn restoring(write: &mut Write, conflict: Uuid) -> Result<Option<Change>, StoreError> {
    let key = Key { table: CONFLICTS.to_owned(), id: conflict };
    let Some(local) = synced::copies(write.conn(), &[key]).await?.pop() else {
        let asides = synced::set_asides(write.conn()).await?;
        let Some(aside) = asides.into_iter().find(|aside| aside.id == conflict) else { return Ok(None) };
        let (restored, before) = as_edit(write, aside.key, &aside.content).await?;
        return Ok(Some(Change { take: vec![restored], before, aside: Some(conflict), ..Change::default() }));
    };
    if local.row.tombstone {
        return Ok(None);
    }
    let unreadable = || StoreError::Unreadable { column: "content" };
    let text = |column: &str| match local.row.columns.get(column) {
        Some(Scalar::Text(text)) => Ok(text.clone()),
        _ => Err(unreadable()),
    };
    let lost = Key { table: text("table_name")?, id: local.row.reference("row_id").ok_or_else(unreadable)? };
    let (restored, before) = as_edit(write, lost, &text("content")?).await?;
    let settled = Taken {
        over: Some(local.row.version.clone()),
        base_version: local.base_version,
        row: Row { version: write.stamp(), tombstone: true, ..local.row },
    };
    Ok(Some(Change { take: vec![restored, settled], before, ..Change::default() }))
}

/// A copy, given as its canonical content, as an edit of what its row is now.
async fn as_edit(
    write: &mut Write,
    key: Key,
    content: &str,
) -> Result<(Taken, BTreeMap<Key, Local>), StoreError> {
    let (tombstone, columns): (bool, Columns) =
        serde_json::from_str(content).map_err(|_| StoreError::Unreadable { column: "content" })?;
    let before = by_key(synced::copies(write.conn(), std::slice::from_ref(&key)).await?);
    let now = before.get(&key);
    let (base_version, over) =
        (now.and_then(|it| it.base_version.clone()), now.map(|it| it.row.version.clone()));
    Ok((Taken { row: Row::new(key, write.stamp(), tombstone, columns), base_version, over }, before))
}

/// Writes what [`restoring`] found.
///
/// # Errors
/// When it cannot be written; nothing is to be committed then, nor where the change does not fit (`kept`).
pub async fn restore(write: &mut Write, change: Change) -> Result<Changed, StoreError> {
    let aside = change.aside;
    let changed = carry_out(write, change).await?;
    if let Some(aside) = aside {
        synced::forget_aside(write, aside).await?;
    }
    Ok(changed)
}
