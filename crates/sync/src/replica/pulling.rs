//! What comes from the server: staged page by page, and merged in parts once all of it is there.

use super::carrying::carry_out;
use super::{Change, Changed, by_key, marks};
use crate::chain;
use crate::core::cursor::{Reading, Whole, reading};
use crate::core::merge::rank;
use crate::core::replica::{Receive, receive};
use crate::core::row::{Key, Row};
use crate::core::table::{TABLES, place};
use crate::exchange::Page;
use crate::noted::{put, value};
use mf_store::meta::{self, Key as Meta};
use mf_store::synced::{self, Of};
use mf_store::{Connection, StoreError, Write};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Stages a page. It is not merged before a short one came: rows of one page may name rows of the next. Answers whether it
/// was staged; where it was not, ask again with the marks there are now: everything is read anew, or another process has
/// gone on reading.
///
/// # Errors
/// When it cannot be written.
pub async fn stage(write: &mut Write, page: &Page) -> Result<bool, StoreError> {
    let read = marks(write.conn()).await?.read;
    if read != page.behind {
        return Ok(false);
    }
    match reading(read, value(write.conn(), Meta::SyncWhole).await?, page.horizon, page.until) {
        Reading::On => {}
        Reading::Whole(whole) => put(write, Meta::SyncWhole, &whole).await?,
        Reading::Anew => {
            forget_reading(write).await?;
            return Ok(false);
        }
    }
    synced::stage(write, &page.rows).await?;
    if let Some(end) = &page.end {
        put(write, Meta::SyncStaged, end).await?;
    }
    Ok(true)
}

/// Stages rows that come from another workspace of this computer, and nothing of the server: what was under way is fetched
/// again.
///
/// # Errors
/// When it cannot be written.
pub async fn stage_own(write: &mut Write, rows: &[Row]) -> Result<(), StoreError> {
    for key in [Meta::SyncStaged, Meta::SyncWhole] {
        meta::remove(write, key).await?;
    }
    synced::clear_staged(write).await?;
    synced::stage(write, rows).await
}

/// Everything is read from the beginning.
async fn forget_reading(write: &mut Write) -> Result<(), StoreError> {
    for key in [Meta::SyncRead, Meta::SyncStaged, Meta::SyncWhole] {
        meta::remove(write, key).await?;
    }
    synced::clear_staged(write).await
}

/// Rows of a part of what was staged, about: a laptop that reads all of a team for the first time holds no more at once.
const PART: usize = 2_000;

/// How far a merge has read what was staged: parents before children, and first, as one part, all that schedules follow
/// from, with all that is gone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Merging {
    /// The first part was read.
    begun: bool,
    /// Tables behind the first part that were read wholly.
    tables: usize,
    /// The place of the last row read of the next one.
    after: i64,
}

/// What merging the next part of the staged rows changes; `None` when all were read. Each part is written before the next
/// one is read. A row with an unsent change is left alone: the answer to its push brings the server's copy along.
///
/// # Errors
/// When the file cannot be read.
pub async fn next_staged(conn: &mut Connection, merging: &mut Merging) -> Result<Option<Change>, StoreError> {
    let (first, others) = TABLES.split_at(place("batches"));
    if !merging.begun {
        merging.begun = true;
        let first: Vec<&str> = first.iter().map(|table| table.name).collect();
        let mut rows = synced::kept(conn, &first).await?;
        let staged = synced::staged(conn, Of::Tables(&first), 0, usize::MAX).await?;
        rows.extend(staged.into_iter().map(|(_, row)| row));
        let mut change = change_of(conn, rows).await?;
        if whole(conn).await?.is_some() {
            change.gone = synced::not_staged(conn).await?;
        }
        return Ok(Some(change));
    }
    while merging.tables <= others.len() {
        let name = others.get(merging.tables).map(|table| [table.name]);
        let of = name.as_ref().map_or(Of::Unknown, |name| Of::Tables(name));
        let mut rows = match &name {
            Some(name) if merging.after == 0 => synced::kept(conn, name).await?,
            _ => Vec::new(),
        };
        let staged = synced::staged(conn, of, merging.after, PART).await?;
        match staged.last() {
            Some((last, _)) if staged.len() == PART => merging.after = *last,
            _ => (merging.tables, merging.after) = (merging.tables + 1, 0),
        }
        rows.extend(staged.into_iter().map(|(_, row)| row));
        if !rows.is_empty() {
            return change_of(conn, rows).await.map(Some);
        }
    }
    Ok(None)
}

/// What is known of everything's having been read, once that is so.
async fn whole(conn: &mut Connection) -> Result<Option<Whole>, StoreError> {
    let whole: Option<Whole> = value(conn, Meta::SyncWhole).await?;
    let wrote = value(conn, Meta::SyncWrote).await?;
    Ok(whole.filter(|whole| whole.has_all_of(wrote)))
}

async fn change_of(conn: &mut Connection, rows: Vec<Row>) -> Result<Change, StoreError> {
    let mut change = Change::default();
    let mut latest: BTreeMap<Key, Row> = BTreeMap::new();
    for row in rows {
        change.see(&row.version);
        // Of a restored server a later copy may be the lesser one; what was kept earlier may be either.
        let greater = latest.get(&row.key).is_some_and(|known| rank(known, &row) == Ordering::Greater);
        if !greater {
            latest.insert(row.key.clone(), row);
        }
    }
    change.looked_at = latest.keys().cloned().collect();
    change.before = by_key(synced::copies(conn, &change.looked_at).await?);
    for (key, row) in latest {
        let local = change.before.get(&key).cloned();
        if receive(local.as_ref(), &row) == Receive::Take {
            change.take(row, local.as_ref());
        }
    }
    Ok(change)
}

/// Writes what [`next_staged`] found.
///
/// # Errors
/// When it cannot be written; nothing is to be committed then.
pub async fn merge_part(write: &mut Write, change: Change) -> Result<Changed, StoreError> {
    let changed = carry_out(write, change).await?;
    synced::came(write, &changed.taken).await?;
    Ok(changed)
}

/// All parts were written, and this is what they came to: moves the cursor behind them. `seen_until` came with the last page.
///
/// # Errors
/// When it cannot be written; nothing is to be committed then.
pub async fn all_merged(write: &mut Write, changed: &Changed, seen_until: i64) -> Result<(), StoreError> {
    if whole(write.conn()).await?.is_some() {
        synced::forget_kept_not_staged(write).await?;
        meta::remove(write, Meta::SyncWhole).await?;
    } else if meta::get(write.conn(), Meta::SyncWhole).await?.is_some() {
        // Something was written meanwhile that the pages may not have: what is gone is not known yet.
        forget_reading(write).await?;
    }
    synced::clear_staged(write).await?;
    if let Some(staged) = meta::get(write.conn(), Meta::SyncStaged).await? {
        meta::put(write, Meta::SyncRead, &staged).await?;
        meta::remove(write, Meta::SyncStaged).await?;
    }
    // A row with an unsent change was left alone, and so not seen.
    if synced::outbox_len(write.conn()).await? == 0 {
        put(write, Meta::SyncSeenUntil, &seen_until).await?;
    }
    if !changed.taken.is_empty() {
        // Perhaps their parents came.
        synced::wake(write).await?;
    }
    Ok(())
}

/// Merges all that was staged, for whom nothing follows from it.
///
/// # Errors
/// When it cannot be written; nothing is to be committed then.
pub async fn merge(write: &mut Write, seen_until: i64) -> Result<Changed, StoreError> {
    let (mut merging, mut changed) = (Merging::default(), Changed::default());
    while let Some(part) = next_staged(write.conn(), &mut merging).await? {
        changed.add(merge_part(write, part).await?);
    }
    all_merged(write, &changed, seen_until).await?;
    Ok(changed)
}

/// The server was restored: every row is offered to it, and everything is read from the beginning.
///
/// # Errors
/// When it cannot be written.
pub async fn restored(write: &mut Write) -> Result<(), StoreError> {
    meta::remove(write, Meta::SyncWrote).await?;
    forget_reading(write).await?;
    chain::forget(write).await?;
    synced::offer_all(write).await
}
