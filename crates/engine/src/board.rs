//! The board of a batch.

use crate::batches;
use crate::engine::Engine;
use crate::error::EngineError;
use mf_contract::Handle;
use mf_contract::board::*;
use mf_domain::flow::variables::names;
use mf_domain::flow::{Step, StepId};
use mf_domain::ids::SessionId;
use mf_domain::session::{Cells, fold};
use mf_domain::targets::check_variable_key;
use mf_store::boards::BoardRow;
use mf_store::{boards, revisions, session_events};
use std::collections::HashSet;

impl Handle<GetBoard> for Engine {
    async fn handle(&self, request: GetBoard) -> Result<Board, EngineError> {
        let mut reader = self.read().await?;
        let row = batches::require(&mut reader, request.batch_id).await?;
        let revision = revisions::get(&mut reader, row.revision_id)
            .await?
            .ok_or(EngineError::NotFound { what: "revision", field: "batch_id" })?;
        let batch = batches::answer(&mut reader, row, self.me()).await?;
        let steps: Vec<&Step> =
            revision.structure.as_procedure().map_or_else(Vec::new, |p| p.work().collect());
        let named = named_of_targets(&steps);
        let rows = boards::rows(&mut reader, request.batch_id, !named.is_empty()).await?;
        let unknown = rows.iter().filter(|row| row.cells.is_none());
        let ids: Vec<SessionId> = unknown.map(|row| row.id).collect();
        let mut events = session_events::of_sessions(&mut reader, &ids).await?;
        let sessions = rows.into_iter().map(|mut row| {
            let folded = || events.remove(&row.id).map(|events| Cells::from(&fold(&events)));
            let cells = row.cells.take().or_else(folded).unwrap_or_default();
            row.variables.retain(|key, _| named.contains(key.as_str()));
            session(row, cells, &steps)
        });
        Ok(Board {
            batch,
            sessions: sessions.collect(),
            steps: steps.iter().map(|step| column(step)).collect(),
        })
    }
}

/// The variables of targets that the titles of these steps name.
fn named_of_targets<'a>(steps: &[&'a Step]) -> HashSet<&'a str> {
    let names = steps.iter().flat_map(|step| names(&step.title));
    names
        .filter_map(|name| name.strip_prefix("target."))
        .filter(|key| check_variable_key(key).is_ok())
        .collect()
}

fn column(step: &Step) -> BoardStep {
    BoardStep {
        id: step.id.clone(),
        title: step.title.clone(),
        content_type: step.content_type,
        evidence: step.evidence,
        estimate_minutes: step.estimate_minutes,
    }
}

fn session(row: BoardRow, cells: Cells, steps: &[&Step]) -> BoardSession {
    let ids = || steps.iter().map(|step| &step.id);
    let current: Option<&StepId> = cells.current(ids());
    let added = cells.added.iter().map(|added| BoardAddedStep {
        id: added.id.clone(),
        title: added.title.clone(),
        after_step_id: added.after_step_id.clone(),
        rollback_of: added.rollback_of.clone(),
        cell: cells.letter(&added.id),
    });
    BoardSession {
        id: row.id,
        label: row.label,
        notes: row.notes,
        client: row.client,
        site: row.site,
        variables: row.variables,
        status: row.status,
        assignee: row.assignee,
        current_step_id: current.cloned(),
        started_at: row.started_at,
        ended_at: row.ended_at,
        cells: cells.letters(ids()),
        added: added.collect(),
        evidence: cells.evidence,
        session_evidence: cells.session_evidence,
        step_notes: cells.notes,
        session_note: cells.note,
    }
}
