//! Sessions out of their rows, and the one way they change: events appended to them.

use super::waves::Waves;
use crate::engine::Engine;
use crate::error::EngineError;
use mf_domain::batch::{BatchState, Held, events};
use mf_domain::flow::{NodeKind, Structure};
use mf_domain::ids::{BatchId, MemberId, RevisionId, SessionId};
use mf_domain::intake::{Answers, IntakeForm};
use mf_domain::session::{self as fold, Cells, SessionEvent, SessionEventKind, SessionStatus};
use mf_store::revisions::RevisionRow;
use mf_store::session_events::NewEvent;
use mf_store::sessions::{ListedSession, Standing};
use mf_store::{
    Connection, StoreError, Write, batch_events, batches, boards, revisions, session_events, sessions,
};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A session with everything a rule may ask.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) listed: ListedSession,
    /// The revision it runs: the pinned one, else its own, else its batch's.
    pub(crate) revision: Arc<RevisionRow>,
    /// The answers in force, likewise.
    pub(crate) intake: Answers,
    pub(crate) events: Vec<SessionEvent>,
    pub(crate) state: fold::Session,
    /// What happened to its batch as a whole.
    batch: Option<Arc<BatchState>>,
    /// Why it may not be started yet.
    pub(crate) held: Option<Held>,
}

impl Loaded {
    pub(crate) fn status(&self) -> SessionStatus {
        self.state.status
    }

    pub(crate) fn is_signed_off(&self) -> bool {
        self.batch.as_ref().is_some_and(|batch| batch.sign_off.is_some())
    }

    pub(crate) fn form(&self) -> &IntakeForm {
        &self.revision.intake_form
    }

    /// The node a troubleshooting session stands at, by walking its path.
    pub(crate) fn current_node(&self) -> Option<String> {
        let tree = self.revision.structure.as_tree()?;
        let mut at = tree.start.clone();
        for decision in &self.state.path {
            // A decision that does not fit (a colleague's, made on another node) leads nowhere.
            if decision.node_id != at {
                continue;
            }
            at = match &tree.node(&at)?.kind {
                NodeKind::Question { answers } => answers
                    .iter()
                    .find(|answer| answer.label == decision.answer)
                    .map_or(at, |answer| answer.to.clone()),
                NodeKind::Action { next } => next.clone(),
                NodeKind::Outcome { .. } => at,
            };
        }
        Some(at)
    }

    fn standing(&self) -> Standing {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let (recorded, failed) = match &self.revision.structure {
            Structure::Procedure(procedure) => (self.state.recorded(procedure), self.state.failed(procedure)),
            Structure::Tree(_) => (self.state.path.len(), 0),
        };
        Standing {
            status: self.state.status,
            started_revision: self.state.revision_id,
            steps_recorded: count(recorded),
            steps_failed: count(failed),
            steps_added: count(self.state.added.len()),
            assignee: self.state.assignee,
            started_at: self.state.started_at,
            ended_at: self.state.ended_at,
        }
    }
}

/// One session.
pub(crate) async fn load(
    conn: &mut Connection,
    id: SessionId,
    field: &'static str,
) -> Result<Loaded, EngineError> {
    load_all(conn, &[id]).await?.0.pop().ok_or(EngineError::NotFound { what: "session", field })
}

/// These sessions, in the order named; those that do not exist are absent. What they share is read once.
pub(super) async fn load_each(conn: &mut Connection, ids: &[SessionId]) -> Result<Vec<Loaded>, EngineError> {
    Ok(load_all(conn, ids).await?.0)
}

/// As [`load_each`]. Beside them, what their batches offer.
async fn load_all(conn: &mut Connection, ids: &[SessionId]) -> Result<(Vec<Loaded>, Waves), EngineError> {
    let listed = sessions::of_ids(conn, ids).await?;
    let mut events = session_events::of_sessions(conn, ids).await?;
    let batch_ids = distinct(listed.iter().filter_map(|row| row.session.batch_id));
    let batches = batches::of_ids(conn, &batch_ids).await?;
    let states: HashMap<BatchId, Arc<BatchState>> = batch_events::of_batches(conn, &batch_ids)
        .await?
        .into_iter()
        .map(|(id, events)| (id, Arc::new(events::fold(&events))))
        .collect();
    let waves = Waves::of(conn, &listed, &states).await?;
    let mut found = Vec::with_capacity(listed.len());
    for listed in listed {
        let events = events.remove(&listed.session.id).unwrap_or_default();
        let state = fold::fold(&events);
        let batch = listed.session.batch_id.and_then(|id| batches.get(&id));
        let revision =
            state.revision_id.or(listed.session.revision_id).or(batch.map(|batch| batch.revision_id));
        found.push((listed, events, state, batch, revision));
    }
    let wanted = distinct(found.iter().filter_map(|(.., revision)| *revision));
    let revisions: HashMap<RevisionId, Arc<RevisionRow>> = revisions::of_ids(conn, &wanted)
        .await?
        .into_iter()
        .map(|(id, revision)| (id, Arc::new(revision)))
        .collect();
    let loaded = found.into_iter().filter_map(|(listed, events, state, batch, revision)| {
        let revision = revisions.get(&revision?)?.clone();
        let own = || listed.session.intake.clone().or(batch.map(|b| b.intake.clone())).unwrap_or_default();
        let intake = if state.revision_id.is_some() { state.intake.clone() } else { own() };
        let batch = listed.session.batch_id.and_then(|id| states.get(&id).cloned());
        let held = match state.status {
            SessionStatus::Pending => waves.hold(listed.session.batch_id, listed.session.id),
            _ => None,
        };
        Some(Loaded { listed, revision, intake, events, state, batch, held })
    });
    Ok((loaded.collect(), waves))
}

fn distinct<T: Eq + std::hash::Hash + Copy>(ids: impl Iterator<Item = T>) -> Vec<T> {
    ids.collect::<HashSet<T>>().into_iter().collect()
}

/// Sessions after a change of many, and those that refused it.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    pub(crate) changed: Vec<Loaded>,
    pub(crate) refused: Vec<(SessionId, EngineError)>,
}

/// Appends what `decide` says to a session, in order, and brings what lists show up to date: one transaction, the
/// caller's.
pub(super) async fn append(
    engine: &Engine,
    write: &mut Write,
    id: SessionId,
    decide: impl FnOnce(&Loaded) -> Result<Vec<SessionEventKind>, EngineError>,
) -> Result<Loaded, EngineError> {
    let missing = || EngineError::NotFound { what: "session", field: "session_id" };
    let mut decide = Some(decide);
    let once = |loaded: &Loaded| decide.take().map_or_else(|| Err(missing()), |decide| decide(loaded));
    let Changed { mut changed, mut refused } = append_each(engine, write, &[id], once).await?;
    match changed.pop() {
        Some(loaded) => Ok(loaded),
        None => Err(refused.pop().map_or_else(missing, |(_, error)| error)),
    }
}

/// As [`append`], to each of these sessions. One that refuses holds none of the others back.
pub(crate) async fn append_each(
    engine: &Engine,
    write: &mut Write,
    ids: &[SessionId],
    mut decide: impl FnMut(&Loaded) -> Result<Vec<SessionEventKind>, EngineError>,
) -> Result<Changed, EngineError> {
    let (author, at) = (Some(engine.store.identity().member), engine.now());
    let (loaded, mut waves) = load_all(write.conn(), ids).await?;
    let mut loaded: HashMap<SessionId, Loaded> =
        loaded.into_iter().map(|loaded| (loaded.listed.session.id, loaded)).collect();
    let mut changed = Changed::default();
    let mut new = Vec::new();
    for id in ids {
        // Taken out: a session that is named twice is changed once.
        let Some(mut one) = loaded.remove(id) else {
            changed.refused.push((*id, EngineError::NotFound { what: "session", field: "session_id" }));
            continue;
        };
        let batch = one.listed.session.batch_id;
        if one.held.is_none() && one.status() == SessionStatus::Pending {
            // Those before it in this command may have taken the last place.
            one.held = waves.hold(batch, *id);
        }
        match decide(&one) {
            Ok(kinds) => {
                let kinds = taken_up(&one, kinds, engine.store.identity().member);
                if kinds.iter().any(|kind| matches!(kind, SessionEventKind::Started { .. })) {
                    waves.began(batch, *id);
                    one.held = None;
                }
                new.extend(kinds.into_iter().map(|kind| NewEvent {
                    subject: *id,
                    id: engine.new_id(),
                    at,
                    author,
                    kind,
                }));
                changed.changed.push(one);
            }
            Err(error) => changed.refused.push((*id, error)),
        }
    }
    if changed.changed.is_empty() {
        return Ok(changed);
    }
    let of: Vec<SessionId> = new.iter().map(|event| event.subject).collect();
    let mut appended = session_events::append(write, new).await?.into_iter().zip(of).peekable();
    let mut standings = Vec::with_capacity(changed.changed.len());
    let mut cells = Vec::with_capacity(changed.changed.len());
    for one in &mut changed.changed {
        let id = one.listed.session.id;
        while let Some((event, _)) = appended.next_if(|(_, session)| *session == id) {
            one.events.push(event);
        }
        one.state = fold::fold(&one.events);
        one.listed.standing = one.standing();
        standings.push((id, one.listed.standing.clone()));
        cells.push((id, Cells::from(&one.state)));
    }
    sessions::set_standings(write, &standings).await?;
    boards::put_cells(write, &cells).await?;
    Ok(changed)
}

/// Sessions that are derived together.
const DERIVED_TOGETHER: usize = 1_000;

/// Brings what lists and boards show of these sessions up to date with their events, wherever those came from. One that
/// cannot be read, because a newer release wrote it, stays as it is and holds none of the others back.
pub(crate) async fn derive(write: &mut Write, ids: &[SessionId]) -> Result<(), EngineError> {
    for some in ids.chunks(DERIVED_TOGETHER) {
        let mut loaded = Vec::with_capacity(some.len());
        match load_each(write.conn(), some).await {
            Ok(all) => loaded = all,
            Err(EngineError::Store(StoreError::Unreadable { .. })) => {
                for id in some {
                    match load_each(write.conn(), &[*id]).await {
                        Err(EngineError::Store(StoreError::Unreadable { column })) => {
                            tracing::warn!(session = %id, column, "a session cannot be read");
                        }
                        one => loaded.extend(one?),
                    }
                }
            }
            Err(error) => return Err(error),
        }
        let standings: Vec<_> = loaded.iter().map(|one| (one.listed.session.id, one.standing())).collect();
        // Where nothing happened a board has nothing to show.
        let begun = loaded.iter().filter(|one| !one.events.is_empty());
        let cells: Vec<_> = begun.map(|one| (one.listed.session.id, Cells::from(&one.state))).collect();
        sessions::set_standings(write, &standings).await?;
        boards::put_cells(write, &cells).await?;
    }
    Ok(())
}

/// Whoever starts what nobody has taken has it from then on, so that it shows who is on what.
fn taken_up(loaded: &Loaded, kinds: Vec<SessionEventKind>, by: MemberId) -> Vec<SessionEventKind> {
    let free = loaded.state.assignee.is_none();
    let with = |kind: SessionEventKind| {
        let taken = (free && matches!(kind, SessionEventKind::Started { .. }))
            .then_some(SessionEventKind::Assigned { member_id: Some(by), note: None });
        [Some(kind), taken].into_iter().flatten()
    };
    kinds.into_iter().flat_map(with).collect()
}
