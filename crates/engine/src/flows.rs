//! Flows: the library. Import and export are in [`documents`].

mod documents;

pub(crate) use documents::file_stem;

use crate::engine::Engine;
use crate::error::EngineError;
use crate::scheduler::{Attempt, whatever_fails_to_fire};
use mf_contract::flows::*;
use mf_contract::{Done, Event, Handle};
use mf_domain::flow::structure::tidied;
use mf_domain::flow::{FlowType, Structure};
use mf_domain::ids::{FlowId, ScheduleId};
use mf_domain::intake::IntakeForm;
use mf_domain::role::Role;
use mf_domain::{Invalid, text};
use mf_store::flows::FlowRow;
use mf_store::revisions::RevisionRow;
use mf_store::{Connection, Write, flows, revisions, schedule_clocks, schedules};

const NOT_FOUND: EngineError = EngineError::NotFound { what: "flow", field: "id" };

/// The content of a flow, valid as a whole.
pub(crate) struct Content {
    name: String,
    description: String,
    flow_type: FlowType,
    structure: Structure,
    intake_form: IntakeForm,
}

impl Content {
    /// In the order of the request: what stands first is told first.
    pub(crate) fn validated(self) -> Result<Self, Invalid> {
        let name = text::name("name", &self.name)?;
        let description = tidied(&text::body("description", &self.description, text::LONG_TEXT_MAX)?);
        self.structure.validate(self.flow_type)?;
        self.intake_form.validate()?;
        Ok(Self {
            name,
            description,
            flow_type: self.flow_type,
            structure: self.structure.normalised(),
            intake_form: self.intake_form.normalised(),
        })
    }

    pub(crate) fn of(revision: &RevisionRow) -> Self {
        Self {
            name: revision.name.clone(),
            description: revision.description.clone(),
            flow_type: revision.flow_type,
            structure: revision.structure.clone(),
            intake_form: revision.intake_form.clone(),
        }
    }

    pub(crate) fn is(&self, revision: &RevisionRow) -> bool {
        self.name == revision.name
            && self.description == revision.description
            && self.flow_type == revision.flow_type
            && self.structure == revision.structure
            && self.intake_form == revision.intake_form
    }
}

/// A flow's head with its newest revision.
pub(crate) struct LoadedFlow {
    pub(crate) flow: FlowRow,
    pub(crate) revision: RevisionRow,
}

pub(crate) async fn load(conn: &mut Connection, id: FlowId) -> Result<Option<LoadedFlow>, EngineError> {
    let Some(flow) = flows::get(conn, id).await? else { return Ok(None) };
    let Some(revision) = revisions::get(conn, flow.head).await? else { return Ok(None) };
    Ok(Some(LoadedFlow { flow, revision }))
}

/// The flow of `id`, or the error that names `field`.
pub(crate) async fn require(
    conn: &mut Connection,
    id: FlowId,
    field: &'static str,
) -> Result<LoadedFlow, EngineError> {
    load(conn, id).await?.ok_or(EngineError::NotFound { what: "flow", field })
}

pub(crate) async fn answer(conn: &mut Connection, loaded: LoadedFlow) -> Result<Flow, EngineError> {
    let LoadedFlow { flow, revision } = loaded;
    Ok(Flow {
        id: flow.id,
        name: revision.name,
        description: revision.description,
        flow_type: revision.flow_type,
        step_count: u32::try_from(revision.structure.step_count()).unwrap_or(u32::MAX),
        estimate_minutes: revision
            .structure
            .as_procedure()
            .map_or(0, mf_domain::flow::Procedure::estimate_minutes),
        structure: revision.structure,
        intake_form: revision.intake_form,
        revision: revisions::number(conn, revision.id).await?,
        revision_id: revision.id,
        created_by: flow.created_by,
        created_at: flow.created_at,
        updated_at: flow.updated_at,
    })
}

impl Engine {
    /// The one way a flow is written: a revision, and the head that names it. The content has been validated.
    pub(crate) async fn save_flow(
        &self,
        write: &mut Write,
        before: Option<LoadedFlow>,
        content: Content,
    ) -> Result<FlowId, EngineError> {
        let me = Some(self.store.identity().member);
        // Revisions are numbered by time: a clock that was set back must not put the newest before an older one.
        let earliest = before.as_ref().map(|b| b.revision.created_at + chrono::TimeDelta::milliseconds(1));
        let now = earliest.map_or(self.now(), |earliest| earliest.max(self.now()));
        let flow_id = before.as_ref().map_or_else(|| self.new_id(), |b| b.flow.id);
        let revision = RevisionRow {
            id: self.new_id(),
            flow_id,
            parent: before.as_ref().map(|b| b.revision.id),
            name: content.name,
            description: content.description,
            flow_type: content.flow_type,
            structure: content.structure,
            intake_form: content.intake_form,
            created_by: me,
            created_at: now,
        };
        let flow = FlowRow {
            id: flow_id,
            name: revision.name.clone(),
            description: revision.description.clone(),
            flow_type: revision.flow_type,
            head: revision.id,
            created_by: before.as_ref().map_or(me, |b| b.flow.created_by),
            created_at: before.as_ref().map_or(now, |b| b.flow.created_at),
            updated_at: now,
        };
        flows::put(write, &flow).await?;
        revisions::insert(write, &revision).await?;
        Ok(flow_id)
    }

    async fn create_flow(&self, content: Content) -> Result<Flow, EngineError> {
        let content = content.validated()?;
        let mut write = self.write(Role::Manager).await?;
        let id = self.save_flow(&mut write, None, content).await?;
        self.commit_flow(write, id).await
    }

    pub(crate) async fn commit_flow(&self, mut write: Write, id: FlowId) -> Result<Flow, EngineError> {
        let loaded = require(write.conn(), id, "id").await?;
        let reply = answer(write.conn(), loaded).await?;
        write.commit().await?;
        self.emit(Event::FlowChanged { flow_id: id });
        Ok(reply)
    }
}

impl Handle<FlowCounts> for Engine {
    async fn handle(&self, _: FlowCounts) -> Result<FlowCountsReply, EngineError> {
        let mut counts = FlowCountsReply::default();
        for (flow_type, n) in flows::counts(&mut *self.read().await?).await? {
            counts.total += n;
            *match flow_type {
                FlowType::Troubleshooting => &mut counts.troubleshooting,
                FlowType::Procedural => &mut counts.procedural,
                FlowType::Maintenance => &mut counts.maintenance,
            } += n;
        }
        Ok(counts)
    }
}

impl Handle<ListFlows> for Engine {
    async fn handle(&self, request: ListFlows) -> Result<Vec<FlowSummary>, EngineError> {
        let search = request.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let listed = flows::list(&mut *self.read().await?, request.flow_type, search).await?;
        Ok(listed
            .into_iter()
            .map(|row| FlowSummary {
                id: row.flow.id,
                name: row.flow.name,
                description: row.flow.description,
                flow_type: row.flow.flow_type,
                step_count: row.step_count,
                revision: row.revision,
                updated_at: row.flow.updated_at,
                next_run_at: row.next_run_at,
                open_batches: row.open_batches,
            })
            .collect())
    }
}

impl Handle<GetFlow> for Engine {
    async fn handle(&self, request: GetFlow) -> Result<Flow, EngineError> {
        let mut reader = self.read().await?;
        let loaded = require(&mut reader, request.id, "id").await?;
        answer(&mut reader, loaded).await
    }
}

impl Handle<CreateFlow> for Engine {
    async fn handle(&self, r: CreateFlow) -> Result<Flow, EngineError> {
        self.create_flow(Content {
            name: r.name,
            description: r.description,
            flow_type: r.flow_type,
            structure: r.structure,
            intake_form: r.intake_form,
        })
        .await
    }
}

impl Handle<UpdateFlow> for Engine {
    async fn handle(&self, r: UpdateFlow) -> Result<Flow, EngineError> {
        let mut write = self.write(Role::Manager).await?;
        let before = require(write.conn(), r.id, "id").await?;
        refuse_outdated(write.conn(), &before, r.expected_revision).await?;
        let old = Content::of(&before.revision);
        let new = Content {
            name: r.name.unwrap_or(old.name),
            description: r.description.unwrap_or(old.description),
            flow_type: r.flow_type.unwrap_or(old.flow_type),
            structure: r.structure.unwrap_or(old.structure),
            intake_form: r.intake_form.unwrap_or(old.intake_form),
        }
        .validated()?;
        if new.flow_type != before.revision.flow_type {
            refuse_type_change(write.conn(), r.id).await?;
        }
        if new.is(&before.revision) {
            // Nothing changed: no revision that says nothing.
            return answer(write.conn(), before).await;
        }
        let id = self.save_flow(&mut write, Some(before), new).await?;
        self.commit_flow(write, id).await
    }
}

/// Refuses an edit that was made on another revision than the newest.
pub(crate) async fn refuse_outdated(
    conn: &mut Connection,
    before: &LoadedFlow,
    expected: Option<u32>,
) -> Result<(), EngineError> {
    let Some(expected) = expected else { return Ok(()) };
    let current = revisions::number(conn, before.revision.id).await?;
    if current == expected {
        return Ok(());
    }
    let message = format!("the flow is at revision {current} by now; your edit was made on {expected}");
    Err(EngineError::conflict("expected_revision", message))
}

/// A schedule fires maintenance flows only, and an open batch runs the steps it was made from.
pub(crate) async fn refuse_type_change(conn: &mut Connection, id: FlowId) -> Result<(), EngineError> {
    if !schedules::of_flow(conn, id).await?.is_empty() {
        return Err(EngineError::conflict(
            "flow_type",
            "the flow has a schedule: delete it before changing the type",
        ));
    }
    if flows::has_open_batch(conn, id).await? {
        return Err(EngineError::conflict(
            "flow_type",
            "the flow has an open batch: finish or cancel it first",
        ));
    }
    Ok(())
}

impl Handle<DeleteFlow> for Engine {
    async fn handle(&self, request: DeleteFlow) -> Result<Done, EngineError> {
        whatever_fails_to_fire(|attempt| self.delete_flow(&request, attempt)).await
    }
}

impl Engine {
    async fn delete_flow(&self, request: &DeleteFlow, attempt: Attempt) -> Result<Done, EngineError> {
        let mut write = self.write(Role::Manager).await?;
        flows::get(write.conn(), request.id).await?.ok_or(NOT_FOUND)?;
        let now = self.now();
        let of_flow = schedules::of_flow(write.conn(), request.id).await?;
        let ids: Vec<ScheduleId> = of_flow.iter().map(schedules::id_of).collect();
        let dealt_with = self.end_rules(&mut write, &ids, attempt, now).await?;
        for id in ids {
            schedules::set_paused(&mut write, id, true).await?;
            schedule_clocks::stop(&mut write, id, now).await?;
        }
        flows::delete(&mut write, request.id, now).await?;
        write.commit().await?;
        self.tell_dealt_with(&dealt_with);
        self.emit(Event::FlowChanged { flow_id: request.id });
        self.emit(Event::ScheduleChanged { flow_id: request.id });
        Ok(Done {})
    }
}
