//! Revisions of flows: listed, read, compared and restored.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::flows::{self, Content};
use mf_contract::Handle;
use mf_contract::flows::*;
use mf_domain::flow::difference::{self, difference};
use mf_domain::ids::FlowId;
use mf_domain::role::Role;
use mf_store::revisions::{ListedRevision, RevisionRow};
use mf_store::{Connection, revisions};

/// The revision of that number, or the error that names `field`.
async fn numbered(
    conn: &mut Connection,
    flow: FlowId,
    number: u32,
    field: &'static str,
) -> Result<RevisionRow, EngineError> {
    let found = revisions::numbered(conn, flow, number).await?;
    found.ok_or(EngineError::NotFound { what: "revision", field })
}

fn steps(revision: &RevisionRow) -> u32 {
    u32::try_from(revision.structure.step_count()).unwrap_or(u32::MAX)
}

fn listed(row: ListedRevision) -> RevisionSummary {
    RevisionSummary {
        revision: row.number,
        revision_id: row.id,
        name: row.name,
        step_count: row.step_count,
        created_by: row.created_by,
        created_at: row.created_at,
    }
}

fn summary(row: &RevisionRow, revision: u32) -> RevisionSummary {
    RevisionSummary {
        revision,
        revision_id: row.id,
        name: row.name.clone(),
        step_count: steps(row),
        created_by: row.created_by,
        created_at: row.created_at,
    }
}

fn content(row: &RevisionRow) -> difference::Content<'_> {
    difference::Content {
        name: &row.name,
        description: &row.description,
        flow_type: row.flow_type,
        structure: &row.structure,
        intake_form: &row.intake_form,
    }
}

impl Handle<ListFlowRevisions> for Engine {
    async fn handle(&self, request: ListFlowRevisions) -> Result<Vec<RevisionSummary>, EngineError> {
        let mut reader = self.read().await?;
        flows::require(&mut reader, request.flow_id, "flow_id").await?;
        let rows = revisions::list(&mut reader, request.flow_id).await?;
        Ok(rows.into_iter().map(listed).collect())
    }
}

impl Handle<GetFlowRevision> for Engine {
    async fn handle(&self, request: GetFlowRevision) -> Result<FlowRevision, EngineError> {
        let mut reader = self.read().await?;
        flows::require(&mut reader, request.flow_id, "flow_id").await?;
        let row = numbered(&mut reader, request.flow_id, request.revision, "revision").await?;
        Ok(FlowRevision {
            flow_id: row.flow_id,
            revision: request.revision,
            revision_id: row.id,
            step_count: steps(&row),
            name: row.name,
            description: row.description,
            flow_type: row.flow_type,
            structure: row.structure,
            intake_form: row.intake_form,
            created_by: row.created_by,
            created_at: row.created_at,
        })
    }
}

impl Handle<CompareRevisions> for Engine {
    async fn handle(&self, request: CompareRevisions) -> Result<RevisionComparison, EngineError> {
        let mut reader = self.read().await?;
        flows::require(&mut reader, request.flow_id, "flow_id").await?;
        let from = numbered(&mut reader, request.flow_id, request.from, "from").await?;
        let to = numbered(&mut reader, request.flow_id, request.to, "to").await?;
        Ok(RevisionComparison {
            difference: difference(content(&from), content(&to)),
            from: summary(&from, request.from),
            to: summary(&to, request.to),
        })
    }
}

impl Handle<RestoreRevision> for Engine {
    async fn handle(&self, request: RestoreRevision) -> Result<Flow, EngineError> {
        let mut write = self.write(Role::Manager).await?;
        let before = flows::require(write.conn(), request.flow_id, "flow_id").await?;
        flows::refuse_outdated(write.conn(), &before, request.expected_revision).await?;
        let old = numbered(write.conn(), request.flow_id, request.revision, "revision").await?;
        // An older release may have accepted what this one refuses.
        let content = Content::of(&old).validated()?;
        if old.flow_type != before.revision.flow_type {
            flows::refuse_type_change(write.conn(), request.flow_id).await?;
        }
        if content.is(&before.revision) {
            // Nothing changed: no revision that says nothing.
            return flows::answer(write.conn(), before).await;
        }
        let id = self.save_flow(&mut write, Some(before), content).await?;
        self.commit_flow(write, id).await
    }
}
