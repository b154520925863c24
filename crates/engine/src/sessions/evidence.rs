//! Evidence: its record is an event of the session, its content a file of the workspace.

use super::answer::answer;
use super::log::{append, load};
use super::rules;
use crate::engine::Engine;
use crate::error::EngineError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mf_contract::Handle;
use mf_contract::sessions::{AddEvidence, EvidenceContent, ReadEvidence, RemoveEvidence, Session};
use mf_domain::Invalid;
use mf_domain::ids::EvidenceId;
use mf_domain::role::Role;
use mf_domain::session::EvidenceFile;
use mf_domain::session::evidence::{check_size, file_name, media_type};
use mf_store::{Staged, StoreError, evidence_outbox};

/// What a request carries, decoded.
fn content(request: &AddEvidence) -> Result<(Vec<u8>, &'static str), Invalid> {
    let (bytes, field, usual) = match (&request.content_base64, &request.text) {
        (Some(encoded), None) => {
            let bytes = STANDARD
                .decode(encoded)
                .map_err(|_| Invalid::new("content_base64", "is not Base64 (standard alphabet, padded)"))?;
            (bytes, "content_base64", "application/octet-stream")
        }
        (None, Some(text)) => (text.clone().into_bytes(), "text", "text/plain"),
        _ => return Err(Invalid::new("content_base64", "give either content_base64 or text")),
    };
    check_size(field, bytes.len())?;
    Ok((bytes, usual))
}

impl Handle<AddEvidence> for Engine {
    async fn handle(&self, request: AddEvidence) -> Result<Session, EngineError> {
        self.require(Role::Operator)?;
        let name = file_name(&request.name)?;
        let (bytes, usual) = content(&request)?;
        let media_type = media_type(request.media_type.as_deref().unwrap_or(usual))?;
        let contents = self.store.contents();
        let staged = blocking(move || contents.stage(&bytes)).await?;
        let file = EvidenceFile { name, media_type, size: staged.size, sha256: staged.sha256.clone() };
        self.add_staged(request, file, staged).await
    }
}

impl Engine {
    /// The content takes its name under the write lock, before the row that refers to it is committed.
    async fn add_staged(
        &self,
        request: AddEvidence,
        file: EvidenceFile,
        staged: Staged,
    ) -> Result<Session, EngineError> {
        let (id, sha256) = (EvidenceId(self.new_id()), file.sha256.clone());
        let mut write = self.write(Role::Operator).await?;
        let loaded = append(self, &mut write, request.session_id, |loaded| {
            rules::add_evidence(loaded, id, request.step_id, file)
        })
        .await?;
        let reply = answer(write.conn(), loaded).await?;
        if self.link.place().is_some() {
            evidence_outbox::add(&mut write, &sha256).await?;
        }
        let new = staged.keep()?;
        if let Err(error) = write.commit().await {
            if new {
                self.forget_content(&sha256).await;
            }
            return Err(error.into());
        }
        self.tell_session(&reply);
        Ok(reply)
    }

    /// Best effort: a content that nothing refers to takes room and does no other harm.
    async fn forget_content(&self, sha256: &str) {
        let forgotten = async {
            let mut write = self.store.write(self.now()).await?;
            self.store.contents().forget(write.conn(), sha256).await?;
            write.roll_back().await
        };
        if let Err(error) = forgotten.await {
            tracing::warn!(%error, sha256, "a content that was not needed after all stays");
        }
    }
}

impl Handle<RemoveEvidence> for Engine {
    async fn handle(&self, request: RemoveEvidence) -> Result<Session, EngineError> {
        self.change_session(request.session_id, |loaded| rules::remove_evidence(loaded, request.evidence_id))
            .await
    }
}

impl Handle<ReadEvidence> for Engine {
    async fn handle(&self, request: ReadEvidence) -> Result<EvidenceContent, EngineError> {
        let mut reader = self.read().await?;
        let loaded = load(&mut reader, request.session_id, "session_id").await?;
        drop(reader);
        let found = loaded.state.evidence.into_iter().find(|evidence| evidence.id == request.evidence_id);
        let evidence = found.ok_or(EngineError::NotFound { what: "evidence", field: "evidence_id" })?;
        let (contents, sha256) = (self.store.contents(), evidence.file.sha256.clone());
        let asked = sha256.clone();
        let bytes = match blocking(move || contents.read(&asked)).await {
            // A colleague's: it comes when somebody opens it.
            Err(EngineError::Store(StoreError::EvidenceMissing)) => self.fetch_content(&sha256).await?,
            read => read?,
        };
        let readable = evidence.file.media_type.starts_with("text/");
        let (text, content_base64) = match String::from_utf8(bytes) {
            Ok(text) if readable => (Some(text), None),
            Ok(text) => (None, Some(STANDARD.encode(text))),
            Err(error) => (None, Some(STANDARD.encode(error.as_bytes()))),
        };
        Ok(EvidenceContent { evidence, text, content_base64 })
    }
}

/// Files are slow; a worker of the runtime has other things to do meanwhile.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, EngineError> {
    let done = tokio::task::spawn_blocking(work).await;
    // The task is not cancelled, and does not panic.
    Ok(done.map_err(|error| StoreError::File(std::io::Error::other(error)))??)
}
