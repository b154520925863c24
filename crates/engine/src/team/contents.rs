//! The contents of evidence on their way: sent after the rows, fetched when somebody opens one.

use super::link::answer;
use super::notices;
use crate::engine::Engine;
use crate::error::EngineError;
use mf_contract::Event;
use mf_store::{StoreError, evidence_outbox};
use mf_sync::contents::{CHUNK, Put, fetch, put_chunk, there};
use mf_sync::server::Line;

impl Engine {
    /// Sends what waits, chunk by chunk, and goes on where a break was.
    pub(super) async fn send_contents(&self, line: &mut Line) -> Result<(), EngineError> {
        let waiting = evidence_outbox::waiting(&mut *self.read().await?).await?;
        for sha256 in waiting {
            let (contents, asked) = (self.store.contents(), sha256.clone());
            let read = tokio::task::spawn_blocking(move || contents.read(&asked)).await;
            let content = match read.map_err(EngineError::report)? {
                Ok(content) => content,
                Err(error @ (StoreError::EvidenceMissing | StoreError::EvidenceAltered)) => {
                    tracing::warn!(%error, sha256, "a content of evidence cannot be sent");
                    self.no_more_to_send(&sha256).await?;
                    continue;
                }
                Err(other) => return Err(other.into()),
            };
            match self.send_content(line, &sha256, &content).await? {
                Put::Quota => return self.quota_used_up().await,
                // Read and hashed a moment ago: what the server put together was not this. Once more, from the beginning.
                Put::Altered | Put::More => {}
                Put::Complete => self.no_more_to_send(&sha256).await?,
            }
        }
        Ok(())
    }

    async fn send_content(&self, line: &mut Line, sha256: &str, content: &[u8]) -> Result<Put, EngineError> {
        let known = answer(there(line, sha256)).await?;
        let chunks: Vec<&[u8]> =
            if content.is_empty() { vec![content] } else { content.chunks(CHUNK).collect() };
        let mut put = Put::More;
        for (n, bytes) in chunks.into_iter().enumerate() {
            // The last one in any case: it is its answer that tells what became of the whole.
            if known.contains(&n) && (n + 1) * CHUNK < content.len() {
                continue;
            }
            put = answer(put_chunk(line, sha256, content.len(), (n, bytes))).await?;
            if put != Put::More {
                break;
            }
        }
        Ok(put)
    }

    async fn no_more_to_send(&self, sha256: &str) -> Result<(), EngineError> {
        let mut write = self.store.write(self.now()).await?;
        evidence_outbox::remove(&mut write, sha256).await?;
        Ok(write.commit().await?)
    }

    async fn quota_used_up(&self) -> Result<(), EngineError> {
        let now = self.now();
        let mut write = self.store.write(now).await?;
        notices::quota(&mut write, now).await?;
        write.commit().await?;
        self.ports.events.emit(Event::NotificationsChanged);
        Ok(())
    }

    /// A content this computer has not: from the team's server.
    ///
    /// # Errors
    /// [`StoreError::EvidenceMissing`] where nobody is asked or the server has it not either; why it cannot be asked.
    pub(crate) async fn fetch_content(&self, sha256: &str) -> Result<Vec<u8>, EngineError> {
        if self.shared().is_err() {
            return Err(StoreError::EvidenceMissing.into());
        }
        let mut line = self.line().await?;
        let content = answer(fetch(&mut line, sha256)).await?.ok_or(StoreError::EvidenceMissing)?;
        let (contents, asked) = (self.store.contents(), sha256.to_owned());
        let kept = tokio::task::spawn_blocking(move || {
            let staged = contents.stage(&content)?;
            if staged.sha256 != asked {
                return Err(StoreError::EvidenceAltered);
            }
            staged.keep()?;
            Ok(content)
        });
        Ok(kept.await.map_err(EngineError::report)??)
    }
}
