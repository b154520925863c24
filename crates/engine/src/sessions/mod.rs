//! Sessions: reading them, and the one way they change — appending events.

mod answer;
mod evidence;
mod log;
mod many;
mod rules;
mod waves;

pub(crate) use answer::summary;
pub(crate) use log::{append_each, derive};

use crate::engine::Engine;
use crate::error::EngineError;
use crate::{filters, flows, pages};
use answer::answer;
use mf_contract::sessions::*;
use mf_contract::{Event, Handle};
use mf_domain::batch::BatchStatus;
use mf_domain::flow::{FlowType, StepId};
use mf_domain::ids::{MemberId, SessionEventId, SessionId};
use mf_domain::intake::Completeness;
use mf_domain::role::Role;
use mf_domain::session::{SessionEventKind, SessionStatus};
use mf_domain::{Invalid, targets};
use mf_store::Connection;
use mf_store::batches::Filter as BatchFilter;
use mf_store::sessions as table;
use mf_store::sessions::{Filter, Kin, Made, SessionRow};

impl Handle<ListSessions> for Engine {
    async fn handle(&self, request: ListSessions) -> Result<Vec<SessionSummary>, EngineError> {
        let default = if request.batch_id.is_some() { 10_000 } else { 100 };
        let limit = pages::size(request.limit, default, 10_000)?;
        let mut reader = self.read().await?;
        let mut before = None;
        if let Some(id) = request.before {
            let row = table::get(&mut reader, id)
                .await?
                .filter(|row| request.batch_id.is_none_or(|batch| row.session.batch_id == Some(batch)))
                .ok_or(EngineError::NotFound { what: "session", field: "before" })?;
            before = Some((row.session.created_at, id));
        }
        let search = request.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let statuses: Vec<SessionStatus> = match request.status {
            Some(status) if request.statuses.is_empty() || request.statuses.contains(&status) => vec![status],
            Some(_) => return Ok(Vec::new()),
            None => request.statuses,
        };
        let filter = Filter {
            flow: request.flow_id,
            statuses: &statuses,
            search,
            client: filters::whose(request.client.as_deref(), request.without_client)?,
            assignee: filters::assignee(request.assignee),
            kin: if request.without_batch { Kin::WithoutBatch } else { Kin::Any },
            from: request.from,
            to: request.to,
        };
        let listed = match request.batch_id {
            Some(batch) => table::list_of_batch(&mut reader, batch, &filter, request.before, limit).await?,
            None => table::list(&mut reader, &filter, before, limit).await?,
        };
        Ok(listed.into_iter().map(answer::summary).collect())
    }
}

/// One session as it is answered.
pub(crate) async fn read(conn: &mut Connection, id: SessionId) -> Result<Session, EngineError> {
    let loaded = log::load(conn, id, "id").await?;
    answer(conn, loaded).await
}

/// These sessions as they are answered, in the order named; what they share is read once.
pub(crate) async fn read_each(conn: &mut Connection, ids: &[SessionId]) -> Result<Vec<Session>, EngineError> {
    let mut sessions = Vec::with_capacity(ids.len());
    for loaded in log::load_each(conn, ids).await? {
        sessions.push(answer(conn, loaded).await?);
    }
    Ok(sessions)
}

impl Handle<SessionCounts> for Engine {
    async fn handle(&self, _: SessionCounts) -> Result<SessionCountsReply, EngineError> {
        let open = table::open_counts(&mut *self.read().await?, self.store.identity().member).await?;
        Ok(SessionCountsReply {
            pending: open.pending,
            in_progress: open.in_progress,
            unassigned: open.unassigned,
            mine: open.of_member,
        })
    }
}

impl Handle<CountWork> for Engine {
    async fn handle(&self, request: CountWork) -> Result<WorkCounts, EngineError> {
        let search = request.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let client = filters::whose(request.client.as_deref(), request.without_client)?;
        let (flow, assignee) = (request.flow_id, filters::assignee(request.assignee));
        let (from, to) = (request.from, request.to);
        let of_batches = BatchFilter { flow, search, client, assignee, from, to, ..BatchFilter::default() };
        let alone = Filter { flow, search, client, assignee, from, to, ..Filter::default() };
        let mut reader = self.read().await?;
        let mut counts = WorkCounts::default();
        for (status, number, failed) in mf_store::batches::count(&mut reader, &of_batches).await? {
            *standing(&mut counts.batches, status) += number;
            counts.batches.failed += failed;
        }
        for (status, number) in table::count_alone(&mut reader, &alone).await? {
            let of_batch = match status {
                SessionStatus::Pending => BatchStatus::Pending,
                SessionStatus::InProgress => BatchStatus::InProgress,
                _ => BatchStatus::Finished,
            };
            *standing(&mut counts.alone, of_batch) += number;
            if status == SessionStatus::Failed {
                counts.alone.failed += number;
            }
        }
        Ok(counts)
    }
}

fn standing(counts: &mut Standings, status: BatchStatus) -> &mut u32 {
    match status {
        BatchStatus::Pending => &mut counts.pending,
        BatchStatus::InProgress => &mut counts.in_progress,
        BatchStatus::Finished => &mut counts.finished,
    }
}

impl Handle<GetSession> for Engine {
    async fn handle(&self, request: GetSession) -> Result<Session, EngineError> {
        read(&mut *self.read().await?, request.id).await
    }
}

impl Handle<CreateSession> for Engine {
    async fn handle(&self, request: CreateSession) -> Result<Session, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        let loaded = flows::require(write.conn(), request.flow_id, "flow_id").await?;
        if loaded.flow.flow_type == FlowType::Maintenance {
            let (name, have) = (loaded.flow.name, loaded.flow.flow_type);
            return Err(EngineError::WrongFlowType { name, have, needed: "procedural or troubleshooting" });
        }
        let target = match request.target {
            Some(target) => targets::validate(&[target])
                .map_err(|error| Invalid::new(error.field.replace("targets[0]", "target"), error.message))?
                .pop(),
            None => None,
        };
        let target = target.unwrap_or_default();
        let row = SessionRow {
            id: self.new_id(),
            batch_id: None,
            flow_id: loaded.flow.id,
            revision_id: Some(loaded.revision.id),
            intake: Some(loaded.revision.intake_form.check(&request.intake, Completeness::Required)?),
            target_label: target.label,
            target_notes: target.notes,
            target_client: target.client,
            target_site: target.site,
            target_variables: target.variables,
            position: 0,
            created_by: Some(self.store.identity().member),
            created_at: self.now(),
        };
        table::insert_absent(&mut write, std::slice::from_ref(&row), Made::ByHand).await?;
        let created = log::load(write.conn(), row.id, "session_id").await?;
        let reply = answer(write.conn(), created).await?;
        write.commit().await?;
        self.emit(Event::SessionChanged { session_id: row.id, batch_id: None, flow_id: row.flow_id });
        Ok(reply)
    }
}

impl Engine {
    /// Appends what `decide` says to one session, commits, and answers with the session after that.
    async fn change_session(
        &self,
        id: SessionId,
        decide: impl FnOnce(&log::Loaded) -> Result<Vec<SessionEventKind>, EngineError>,
    ) -> Result<Session, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        let loaded = log::append(self, &mut write, id, decide).await?;
        let reply = answer(write.conn(), loaded).await?;
        write.commit().await?;
        self.tell_session(&reply);
        Ok(reply)
    }

    fn tell_session(&self, session: &Session) {
        let SessionSummary { id: session_id, batch_id, flow_id, .. } = session.summary;
        self.emit(Event::SessionChanged { session_id, batch_id, flow_id });
    }

    /// Of a step added here: no other laptop arrives at the same.
    fn new_step_id(&self) -> StepId {
        StepId(format!("added-{}", self.new_id::<SessionEventId>()))
    }

    /// Whoever is given work is a member. A local workspace has one.
    fn require_member(&self, id: Option<MemberId>) -> Result<(), EngineError> {
        let me = self.store.identity().member;
        match id {
            Some(member) if member != me => Err(EngineError::NotFound { what: "member", field: "member_id" }),
            _ => Ok(()),
        }
    }
}

macro_rules! session_handlers {
    ($($request:ident: $rule:expr;)+) => {$(
        impl Handle<$request> for Engine {
            async fn handle(&self, request: $request) -> Result<Session, EngineError> {
                let rule: fn(&log::Loaded, $request) -> Result<Vec<SessionEventKind>, EngineError> = $rule;
                self.change_session(request.session_id, |loaded| rule(loaded, request)).await
            }
        }
    )+};
}

session_handlers! {
    StartSession: |loaded, _| rules::start(loaded);
    RecordStep: |loaded, r| rules::record_step(loaded, r.step_id, r.outcome, r.note);
    AddNote: |loaded, r| rules::add_note(loaded, r.step_id, &r.note);
    CompleteSession: |loaded, _| rules::complete(loaded);
    ReopenSession: |loaded, _| rules::reopen(loaded);
    CancelSession: |loaded, _| rules::cancel(loaded);
    AnswerQuestion: |loaded, r| rules::answer_question(loaded, &r.node_id, &r.answer);
    StepBack: |loaded, _| rules::step_back(loaded);
}

impl Handle<AddStep> for Engine {
    async fn handle(&self, request: AddStep) -> Result<Session, EngineError> {
        let id = self.new_step_id();
        self.change_session(request.session_id, |loaded| {
            rules::add_step(loaded, id, &request.title, &request.description, request.after_step_id)
        })
        .await
    }
}

impl Handle<AddRollbackStep> for Engine {
    async fn handle(&self, request: AddRollbackStep) -> Result<Session, EngineError> {
        let id = self.new_step_id();
        self.change_session(request.session_id, |loaded| rules::add_rollback(loaded, id, &request.step_id))
            .await
    }
}

impl Handle<AssignSession> for Engine {
    async fn handle(&self, request: AssignSession) -> Result<Session, EngineError> {
        self.require_member(request.member_id)?;
        self.change_session(request.session_id, |_| rules::assign(request.member_id, request.note)).await
    }
}
