//! Commands about many sessions at once: the same rules as for one, in one transaction.

use super::log::{Changed, Loaded, append_each};
use super::rules;
use crate::engine::Engine;
use crate::error::EngineError;
use mf_contract::sessions::{
    AddNotes, AssignSessions, CompleteSessions, ManyChanged, RecordSteps, RefusedSession,
};
use mf_contract::{Event, Handle};
use mf_domain::Invalid;
use mf_domain::ids::SessionId;
use mf_domain::role::Role;
use mf_domain::session::SessionEventKind;
use mf_domain::targets::TARGETS_MAX;
use std::collections::HashSet;

/// More sessions than this are told as their batches.
const EVENTS_ONE_BY_ONE: usize = 20;

impl Handle<RecordSteps> for Engine {
    async fn handle(&self, request: RecordSteps) -> Result<ManyChanged, EngineError> {
        // Said once, not for every session.
        let note = rules::note(request.note)?;
        self.change_sessions(&request.session_ids, |loaded| {
            rules::record_step(loaded, request.step_id.clone(), request.outcome, note.clone())
        })
        .await
    }
}

impl Handle<AddNotes> for Engine {
    async fn handle(&self, request: AddNotes) -> Result<ManyChanged, EngineError> {
        let note = rules::said(&request.note)?;
        self.change_sessions(&request.session_ids, |loaded| {
            rules::add_note(loaded, request.step_id.clone(), &note)
        })
        .await
    }
}

impl Handle<CompleteSessions> for Engine {
    async fn handle(&self, request: CompleteSessions) -> Result<ManyChanged, EngineError> {
        self.change_sessions(&request.session_ids, rules::complete).await
    }
}

impl Handle<AssignSessions> for Engine {
    async fn handle(&self, request: AssignSessions) -> Result<ManyChanged, EngineError> {
        self.require_member(request.member_id)?;
        let note = rules::note(request.note)?;
        self.change_sessions(&request.session_ids, |_| rules::assign(request.member_id, note.clone())).await
    }
}

impl Engine {
    /// Appends what `decide` says to each session and commits; the refused ones stay as they are.
    pub(super) async fn change_sessions(
        &self,
        ids: &[SessionId],
        decide: impl FnMut(&Loaded) -> Result<Vec<SessionEventKind>, EngineError>,
    ) -> Result<ManyChanged, EngineError> {
        if ids.is_empty() {
            return Err(Invalid::new("session_ids", "must name at least one session").into());
        }
        if ids.len() > TARGETS_MAX {
            let message = format!("names {} sessions; at most {TARGETS_MAX} are allowed", ids.len());
            return Err(Invalid::new("session_ids", message).into());
        }
        let mut seen = HashSet::new();
        let once: Vec<SessionId> = ids.iter().copied().filter(|id| seen.insert(*id)).collect();
        let mut write = self.write(Role::Operator).await?;
        let Changed { changed, refused } = append_each(self, &mut write, &once, decide).await?;
        if changed.is_empty() {
            write.roll_back().await?;
        } else {
            write.commit().await?;
            self.tell_of(&changed);
        }
        let refused =
            refused.into_iter().map(|(session_id, error)| RefusedSession { session_id, error: error.into() });
        Ok(ManyChanged {
            changed: u32::try_from(changed.len()).unwrap_or(u32::MAX),
            refused: refused.collect(),
        })
    }

    fn tell_of(&self, changed: &[Loaded]) {
        let rows = || changed.iter().map(|loaded| &loaded.listed.session);
        let alone = changed.len() <= EVENTS_ONE_BY_ONE;
        for row in rows().filter(|row| alone || row.batch_id.is_none()) {
            self.emit(Event::SessionChanged {
                session_id: row.id,
                batch_id: row.batch_id,
                flow_id: row.flow_id,
            });
        }
        if !alone {
            let batches: HashSet<_> = rows().filter_map(|row| Some((row.batch_id?, row.flow_id))).collect();
            for (batch_id, flow_id) in batches {
                self.emit(Event::BatchChanged { batch_id, flow_id });
            }
        }
    }
}
