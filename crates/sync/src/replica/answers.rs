//! What becomes of what was sent, by the server's answers.

use super::carrying::carry_out;
use super::{Change, Changed, Settlement, by_key};
use crate::core::cursor::Cursor;
use crate::core::push::Code;
use crate::core::replica::{Answered, Aside, Settled, settle};
use crate::core::row::{Key, conflict_id};
use crate::noted::put;
use chrono::{DateTime, Utc};
use mf_store::meta::Key as Meta;
use mf_store::synced;
use mf_store::{Connection, StoreError, Write};

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
