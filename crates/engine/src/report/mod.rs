//! The report of a batch: what came of every target and step, as PDF, CSV or Markdown.
//!
//! The same workspace gives the same bytes on every system: fonts are bundled, times are in a zone that is named, and
//! nothing is asked of the computer. Deliberately absent: the contents of evidence; its hash is printed.

mod csv;
mod markdown;
mod model;
mod pdf;
mod progress;
#[cfg(test)]
mod tests;
mod words;

use crate::batches;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::flows::file_stem;
use crate::sessions;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mf_contract::Handle;
use mf_contract::reports::*;
use mf_contract::sessions::Session;
use mf_domain::ids::{BatchId, MemberId, SessionId};
use mf_domain::recurrence::zone::Zone;
use mf_store::revisions;
use model::Report;
use progress::{Phase, Progress, Tell};

/// Targets that are read at once.
const READ_AT_ONCE: usize = 20;

impl Handle<MakeReport> for Engine {
    async fn handle(&self, request: MakeReport) -> Result<ReportDocument, EngineError> {
        let zone = model::zone(request.timezone.as_deref())?;
        let phases: &'static [Phase] = match request.format {
            ReportFormat::Pdf => &[Phase::Reading, Phase::Typesetting, Phase::Drawing],
            ReportFormat::Csv | ReportFormat::Markdown => &[Phase::Reading],
        };
        let mut progress = Progress::new(self.clone(), request.batch_id, phases);
        let (report, id) = self.report(request.batch_id, zone, &mut progress).await?;
        let stem = format!("{}-{}", file_stem(&report.title), report.made_at.format("%Y%m%d-%H%M"));
        let document = |extension: &str, media_type: &str| ReportDocument {
            file_name: format!("{stem}.{extension}"),
            media_type: media_type.to_owned(),
            text: None,
            base64: None,
        };
        Ok(match request.format {
            ReportFormat::Markdown => {
                ReportDocument { text: Some(markdown::write(&report)), ..document("md", "text/markdown") }
            }
            ReportFormat::Csv => {
                let text = csv::write(&report, &id).map_err(EngineError::report)?;
                ReportDocument { text: Some(text), ..document("csv", "text/csv") }
            }
            ReportFormat::Pdf => {
                // Typesetting a thousand targets takes seconds; others must be answered meanwhile.
                let made = tokio::task::spawn_blocking(move || pdf::write(&report, &mut progress)).await;
                let bytes = made.map_err(EngineError::report)?.map_err(EngineError::report)?;
                let base64 = Some(BASE64_STANDARD.encode(bytes));
                ReportDocument { base64, ..document("pdf", "application/pdf") }
            }
        })
    }
}

impl Engine {
    /// Reads everything as of one moment, however long it takes.
    async fn report(
        &self,
        id: BatchId,
        zone: Zone,
        progress: &mut Progress,
    ) -> Result<(Report, String), EngineError> {
        let mut reader = self.store.snapshot().await?;
        let row = batches::require(&mut reader, id).await?;
        let revision = revisions::get(&mut reader, row.revision_id)
            .await?
            .ok_or(EngineError::NotFound { what: "revision", field: "batch_id" })?;
        let batch = batches::answer(&mut reader, row, self.me()).await?;
        let listed = batches::sessions_of(&mut reader, id).await?;
        let ids: Vec<SessionId> = listed.iter().map(|row| row.session.id).collect();
        progress.begin(ids.len());
        let mut sessions: Vec<Session> = Vec::with_capacity(ids.len());
        for some in ids.chunks(READ_AT_ONCE) {
            sessions.extend(sessions::read_each(&mut reader, some).await?);
            progress.tell(Phase::Reading, sessions.len(), ids.len());
        }
        let (purpose, form) = (&revision.description, &revision.intake_form);
        let signer = self.signer(batch.summary.sign_off.as_ref().and_then(|given| given.by));
        Ok((Report::new(&batch, signer, purpose, form, &sessions, zone, self.now()), id.to_string()))
    }

    /// Members have no names yet: in a local workspace there is one, its operator. Another one's id says at least that it
    /// was somebody else.
    fn signer(&self, by: Option<MemberId>) -> String {
        match by {
            Some(member) if member != self.me() => format!("member {member}"),
            _ => "the operator".to_owned(),
        }
    }
}
