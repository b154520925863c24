//! Drafts: what editors hold that is not saved yet.

use crate::engine::Engine;
use crate::error::EngineError;
use mf_contract::drafts::*;
use mf_contract::{Done, Handle};
use mf_domain::Invalid;
use mf_domain::role::Role;
use mf_store::drafts as table;
use mf_store::drafts::DraftRow;

/// Longest key, in characters.
const KEY_MAX: usize = 200;
/// Largest content, in bytes: the largest row there may be.
const CONTENT_MAX: usize = 8 << 20;
/// Drafts that are kept.
const DRAFTS_KEPT: u32 = 100;

fn checked_key(key: &str) -> Result<(), Invalid> {
    let count = key.chars().count();
    if !(1..=KEY_MAX).contains(&count) || key.chars().any(char::is_control) {
        return Err(Invalid::new("key", format!("must have 1 to {KEY_MAX} characters, on one line")));
    }
    Ok(())
}

fn bytes(content: &str) -> u32 {
    u32::try_from(content.len()).unwrap_or(u32::MAX)
}

impl Handle<PutDraft> for Engine {
    async fn handle(&self, request: PutDraft) -> Result<DraftSummary, EngineError> {
        checked_key(&request.key)?;
        if request.content.len() > CONTENT_MAX {
            let message = format!("has {} bytes; at most {CONTENT_MAX} are kept", request.content.len());
            return Err(Invalid::new("content", message).into());
        }
        let draft = DraftRow { key: request.key, content: request.content, updated_at: self.now() };
        // Whoever may edit anything may keep what is half done.
        let mut write = self.write(Role::Operator).await?;
        table::put(&mut write, &draft, DRAFTS_KEPT).await?;
        write.commit().await?;
        Ok(DraftSummary { bytes: bytes(&draft.content), key: draft.key, updated_at: draft.updated_at })
    }
}

impl Handle<GetDraft> for Engine {
    async fn handle(&self, request: GetDraft) -> Result<Option<Draft>, EngineError> {
        checked_key(&request.key)?;
        let found = table::get(&mut *self.read().await?, &request.key).await?;
        Ok(found.map(|row| Draft { key: row.key, content: row.content, updated_at: row.updated_at }))
    }
}

impl Handle<ListDrafts> for Engine {
    async fn handle(&self, _: ListDrafts) -> Result<Vec<DraftSummary>, EngineError> {
        let listed = table::list(&mut *self.read().await?).await?;
        Ok(listed
            .into_iter()
            .map(|row| DraftSummary { key: row.key, bytes: row.bytes, updated_at: row.updated_at })
            .collect())
    }
}

impl Handle<DeleteDraft> for Engine {
    async fn handle(&self, request: DeleteDraft) -> Result<Done, EngineError> {
        checked_key(&request.key)?;
        let mut write = self.write(Role::Operator).await?;
        table::delete(&mut write, &request.key).await?;
        write.commit().await?;
        Ok(Done {})
    }
}
