//! A laptop's side over its SQLite: what it sends, what it stages, and what becomes of it.
//!
//! Everything here happens in a transaction of the caller, who knows what follows from a changed row (the status of a
//! session, the clock of a schedule): it looks at a [`Change`] before and after it is carried out, and commits the whole.
//! Decisions are those of [`crate::core`].

use crate::chain;
use crate::core::clock::{Restamped, restamp, stamp_as};
use crate::core::cursor::{Cursor, Marks, Reading, Whole, reading};
use crate::core::merge::rank;
use crate::core::push::{Code, Edit};
use crate::core::replica::{Answered, Aside, Local, Receive, Settled, receive, settle};
use crate::core::row::{Columns, Key, Row, Scalar, conflict_id};
use crate::core::table::{CONFLICTS, TABLES, place};
use crate::exchange::Page;
use chrono::{DateTime, Utc};
use mf_domain::ids::DeviceId;
use mf_domain::version::Version;
use mf_store::meta::{self, Key as Meta};
use mf_store::synced::{self, Of, Taken};
use mf_store::{Connection, StoreError, Write};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Rows of the server that take the place of local ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    take: Vec<Taken>,
    /// Rows the server refused and has none of.
    gone: Vec<Key>,
    before: BTreeMap<Key, Local>,
    /// Every row that was looked at.
    looked_at: Vec<Key>,
    greatest: Option<Version>,
    settled: Settlement,
    /// A copy that was put aside here, and is to be put aside no more.
    aside: Option<Uuid>,
}

/// What answers amount to beside the rows they bring.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Settlement {
    sent: Vec<(Key, Version)>,
    rebased: Vec<(Key, Version)>,
    aside: Vec<(Row, Aside)>,
    waiting: Vec<Key>,
    /// Rows that leave the outbox because another copy takes their place.
    replaced: Vec<Key>,
}

/// What a change came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Rows that were written.
    pub taken: Vec<Key>,
    /// Rows that are gone.
    pub gone: Vec<Key>,
    /// Rows that could not be written and are kept aside until they can be.
    pub kept: Vec<Key>,
    /// Copies of this device that the server refused.
    pub refused: usize,
}

impl Changed {
    /// Of two parts of one change.
    pub fn add(&mut self, other: Self) {
        self.taken.extend(other.taken);
        self.gone.extend(other.gone);
        self.kept.extend(other.kept);
        self.refused += other.refused;
    }

    /// Whether anything is another than before.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.taken.is_empty() && self.gone.is_empty()
    }
}

impl Change {
    /// The rows that are to be written, each over what it replaces.
    pub fn taken(&self) -> impl Iterator<Item = (&Row, Option<&Row>)> {
        self.take.iter().map(|taken| {
            let over = taken.over.as_ref().and_then(|_| self.before.get(&taken.row.key));
            (&taken.row, over.map(|local| &local.row))
        })
    }

    /// The rows that are to go.
    #[must_use]
    pub fn gone(&self) -> &[Key] {
        &self.gone
    }

    fn take(&mut self, row: Row, over: Option<&Local>) {
        self.see(&row.version);
        self.take.push(Taken::of_server(row, over.map(|local| local.row.version.clone())));
    }

    fn see(&mut self, version: &Version) {
        if self.greatest.as_ref().is_none_or(|greatest| greatest < version) {
            self.greatest = Some(version.clone());
        }
    }
}

/// The marks to send. While a pull is under way, it has read as far as it has staged.
///
/// # Errors
/// When the file cannot be read.
pub async fn marks(conn: &mut Connection) -> Result<Marks, StoreError> {
    let staged: Option<Cursor> = value(conn, Meta::SyncStaged).await?;
    let read = if staged.is_some() { staged } else { value(conn, Meta::SyncRead).await? };
    Ok(Marks { read, wrote: value(conn, Meta::SyncWrote).await? })
}

/// Until when everything was read, by the server's clock.
///
/// # Errors
/// When the file cannot be read.
pub async fn seen_until(conn: &mut Connection) -> Result<Option<i64>, StoreError> {
    value(conn, Meta::SyncSeenUntil).await
}

/// What the team has not seen yet.
///
/// # Errors
/// When the file cannot be read.
pub async fn outbox(conn: &mut Connection) -> Result<Vec<Edit>, StoreError> {
    let pending = synced::outbox(conn).await?;
    Ok(pending.into_iter().map(|it| Edit { row: it.row, base_version: it.base_version }).collect())
}

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

/// What the answers to a push change. Rows may have been edited since they were sent.
///
/// # Errors
/// When the file cannot be read.
pub async fn answered(conn: &mut Connection, answers: Vec<(Key, Answered)>) -> Result<Change, StoreError> {
    let keys: Vec<Key> = answers.iter().map(|(key, _)| key.clone()).collect();
    let mut change = Change { before: by_key(synced::copies(conn, &keys).await?), ..Change::default() };
    for (key, answered) in answers {
        let Some(local) = change.before.get(&key).cloned() else { continue };
        if let Some(row) = &answered.row {
            change.see(&row.version);
        }
        match settle(&local, answered) {
            Settled::Sent(version) => change.settled.sent.push((key, version)),
            Settled::Rebased(version) => change.settled.rebased.push((key, version)),
            Settled::Waits => change.settled.waiting.push(key),
            Settled::Later => {}
            Settled::Replaced { by, aside } => {
                change.settled.replaced.push(key.clone());
                change.settled.aside.extend(aside.map(|why| (local.row.clone(), why)));
                match by {
                    Some(row) => change.take(row, Some(&local)),
                    None => change.gone.push(key),
                }
            }
        }
    }
    Ok(change)
}

/// Carries out what [`answered`] found. `end` came with the answers.
///
/// # Errors
/// When it cannot be written; nothing is to be committed then.
pub async fn settle_answers(
    write: &mut Write,
    change: Change,
    end: Option<Cursor>,
    now: DateTime<Utc>,
) -> Result<Changed, StoreError> {
    let Settlement { sent, rebased, aside, waiting, replaced } = change.settled.clone();
    synced::sent(write, &sent).await?;
    synced::rebase(write, &rebased).await?;
    synced::wait(write, &waiting).await?;
    let asides: Vec<synced::Aside> = aside
        .iter()
        .map(|(row, why)| synced::Aside {
            id: conflict_id(&row.key, &row.version),
            key: row.key.clone(),
            losing_version: row.version.as_str().to_owned(),
            content: row.canonical(),
            code: code_of(*why).to_owned(),
            at: now,
        })
        .collect();
    synced::put_aside(write, &asides).await?;
    let mut changed = carry_out(write, change).await?;
    // Also a row that stays because this release cannot hold the server's copy: it would lose again and again.
    synced::leave_outbox(write, &replaced).await?;
    changed.refused = asides.len();
    if let Some(end) = end {
        put(write, Meta::SyncWrote, &end).await?;
    }
    Ok(changed)
}

/// Why a copy was put aside, as it is stored.
fn code_of(aside: Aside) -> &'static str {
    match aside {
        Aside::Gone => "gone",
        Aside::Rejected(Code::Forbidden) => "forbidden",
        Aside::Rejected(Code::Invalid) => "invalid",
        Aside::Rejected(Code::ParentMissing) => "parent_missing",
        Aside::Rejected(Code::UnknownTable) => "unknown_table",
    }
}

/// Writes rows and hides those that go. What does not fit, and what names a row that is not there, is kept aside: one row
/// that this release cannot hold keeps no other from coming.
async fn carry_out(write: &mut Write, change: Change) -> Result<Changed, StoreError> {
    if let Some(greatest) = &change.greatest {
        write.observe(greatest);
    }
    let Change { take, gone, before, looked_at, .. } = change;
    let came: BTreeSet<&Key> = take.iter().map(|taken| &taken.row.key).collect();
    let named: BTreeSet<Key> =
        take.iter().flat_map(|taken| taken.row.parents()).filter(|key| !came.contains(key)).collect();
    let named: Vec<Key> = named.into_iter().collect();
    let there = synced::present(write.conn(), &named).await?;
    let mut absent: BTreeSet<Key> = named.into_iter().filter(|key| !there.contains(key)).collect();
    let mut lacking: BTreeSet<Key> = BTreeSet::new();
    loop {
        // What names a row that is not there is not written at all: a hidden row stays as it is, for those that name it.
        lack_parents(&take, &before, &mut absent, &mut lacking);
        let fit = take.iter().filter(|taken| !lacking.contains(&taken.row.key));
        let fit: Vec<Taken> = fit.cloned().collect();
        write.mark().await?;
        let unfit = synced::put(write, &fit).await?;
        if unfit.is_empty() {
            write.pass_mark().await?;
            break;
        }
        // What names those is written by now, too: all of it again, without them.
        write.return_to_mark().await?;
        absent.extend(unfit.iter().filter(|key| !before.contains_key(key)).cloned());
        lacking.extend(unfit);
    }
    // What came of a refusal may be the lesser copy. The kept one is to replace the local one all the same.
    let outranks = |taken: &&Taken| {
        lacking.contains(&taken.row.key)
            && before.get(&taken.row.key).is_some_and(|local| rank(&local.row, &taken.row) != Ordering::Less)
    };
    let hidden: Vec<Key> = take.iter().filter(outranks).map(|taken| taken.row.key.clone()).collect();
    let (fit, unfit): (Vec<Taken>, Vec<Taken>) =
        take.into_iter().partition(|taken| !lacking.contains(&taken.row.key));
    let taken: Vec<Key> = fit.into_iter().map(|taken| taken.row.key).collect();
    let kept: Vec<Row> = unfit.into_iter().map(|taken| taken.row).collect();
    synced::keep(write, &kept, if looked_at.is_empty() { &taken } else { &looked_at }).await?;
    synced::hide(write, &hidden).await?;
    synced::hide(write, &gone).await?;
    synced::remove_what_is_hidden(write).await?;
    Ok(Changed { taken, gone, kept: kept.into_iter().map(|row| row.key).collect(), refused: 0 })
}

/// Adds to `lacking` what names a row that is absent, and to `absent` what is not there without it.
fn lack_parents(
    take: &[Taken],
    before: &BTreeMap<Key, Local>,
    absent: &mut BTreeSet<Key>,
    lacking: &mut BTreeSet<Key>,
) {
    loop {
        let known = lacking.len();
        for taken in take {
            if taken.row.parents().any(|parent| absent.contains(&parent)) {
                lacking.insert(taken.row.key.clone());
                if !before.contains_key(&taken.row.key) {
                    absent.insert(taken.row.key.clone());
                }
            }
        }
        if lacking.len() == known {
            break;
        }
    }
}

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

fn by_key(copies: Vec<Local>) -> BTreeMap<Key, Local> {
    copies.into_iter().map(|local| (local.row.key.clone(), local)).collect()
}

pub(crate) async fn value<T: DeserializeOwned>(
    conn: &mut Connection,
    key: Meta,
) -> Result<Option<T>, StoreError> {
    let text = meta::get(conn, key).await?;
    text.map(|text| serde_json::from_str(&text).map_err(|_| StoreError::Unreadable { column: "meta.value" }))
        .transpose()
}

pub(crate) async fn put(write: &mut Write, key: Meta, value: &impl Serialize) -> Result<(), StoreError> {
    let text = serde_json::to_string(value).map_err(|_| StoreError::Unreadable { column: "meta.value" })?;
    meta::put(write, key, &text).await
}
