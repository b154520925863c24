//! The pushes of this device, as a chain: each names those before it that the server may have taken last. They are kept
//! before a push is sent, so a lost reply breaks nothing. Where the server took another one last, another computer works with
//! a copy of this file, and of its login.

use crate::noted::{put, value};
use mf_store::meta::{self, Key as Meta};
use mf_store::{Connection, StoreError, Write};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// So many pushes may go unanswered, one after the other, before this device no longer knows which the server took.
const UNANSWERED: usize = 64;
/// So many that went unanswered are remembered behind one that was answered: of another process on the same file.
const REMEMBERED: usize = 8;

#[derive(Debug, Default, Serialize, Deserialize)]
struct Chain {
    /// The last that was answered.
    answered: Option<Uuid>,
    /// Those that were sent, or were about to be, and were not answered; the latest last.
    tried: Vec<Uuid>,
    /// The server may have taken one that is not remembered.
    #[serde(default)]
    lost: bool,
}

impl Chain {
    fn names(&self) -> Vec<Uuid> {
        self.answered.into_iter().chain(self.tried.iter().copied()).collect()
    }
}

async fn read(conn: &mut Connection) -> Result<Chain, StoreError> {
    Ok(value(conn, Meta::SyncChain).await?.unwrap_or_default())
}

/// Notes a push that is about to be sent. Answers those before it, one of which the server took last; `None` where that is
/// not known.
///
/// # Errors
/// When it cannot be written. Send nothing before this is committed.
pub async fn begin_push(write: &mut Write, push_id: Uuid) -> Result<Option<Vec<Uuid>>, StoreError> {
    let mut chain = read(write.conn()).await?;
    let before = (!chain.lost).then(|| chain.names());
    chain.tried.push(push_id);
    if chain.tried.len() > UNANSWERED {
        chain.tried.remove(0);
        chain.lost = true;
    }
    put(write, Meta::SyncChain, &chain).await?;
    Ok(before)
}

/// The server answered a push.
///
/// # Errors
/// When it cannot be written.
pub async fn answered(write: &mut Write, push_id: Uuid) -> Result<(), StoreError> {
    let mut chain = read(write.conn()).await?;
    chain.tried.retain(|tried| *tried != push_id);
    let forgotten = chain.tried.len().saturating_sub(REMEMBERED);
    chain.tried.drain(..forgotten);
    put(write, Meta::SyncChain, &Chain { answered: Some(push_id), lost: false, ..chain }).await
}

/// Whether a push is one of this device's own: another process on the same file may have sent it meanwhile.
///
/// # Errors
/// When the file cannot be read.
pub async fn knows(conn: &mut Connection, push_id: Uuid) -> Result<bool, StoreError> {
    Ok(read(conn).await?.names().contains(&push_id))
}

/// The server was restored: which push it took last is not known.
///
/// # Errors
/// When it cannot be written.
pub async fn forget(write: &mut Write) -> Result<(), StoreError> {
    put(write, Meta::SyncChain, &Chain { lost: true, ..Chain::default() }).await
}

/// A new device: it has pushed nothing.
///
/// # Errors
/// When it cannot be written.
pub async fn begin(write: &mut Write) -> Result<(), StoreError> {
    meta::remove(write, Meta::SyncChain).await
}
