//! Naming the targets of pending sessions, after the launch.

use crate::batches::{require, sessions_of};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::launch::{Launch, UNASSIGNED, launched};
use mf_contract::batches::{AssignTargets, LaunchedBatch, LaunchedSession, TargetAssignment};
use mf_contract::{Event, Handle};
use mf_domain::ids::SessionId;
use mf_domain::occurrence::folded;
use mf_domain::role::Role;
use mf_domain::session::SessionStatus;
use mf_domain::targets::Target;
use mf_domain::{Invalid, targets};
use mf_store::sessions;
use mf_store::sessions::{ListedSession, Made, SessionRow};
use std::collections::{HashMap, HashSet};

impl Handle<AssignTargets> for Engine {
    async fn handle(&self, request: AssignTargets) -> Result<LaunchedBatch, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        let batch = require(write.conn(), request.batch_id).await?;
        let rows = sessions_of(write.conn(), batch.id).await?;
        let wanted: Vec<Target> = request
            .targets
            .iter()
            .map(|target| Target {
                label: target.label.clone(),
                notes: target.notes.clone(),
                client: target.client.clone(),
                site: target.site.clone(),
                variables: target.variables.clone().unwrap_or_default(),
            })
            .collect();
        let wanted = targets::validate(&wanted)?;
        let owners = owners(&request.targets, &rows)?;
        labels_stay_unique(&wanted, &owners, &rows)?;

        let before: HashMap<SessionId, Target> =
            rows.iter().map(|row| (row.session.id, row.session.target())).collect();
        let (mut changed, mut added) = (Vec::new(), Vec::new());
        for ((target, owner), asked) in wanted.into_iter().zip(&owners).zip(&request.targets) {
            match owner {
                Some(id) => changed.push((*id, over(before.get(id), target, asked))),
                None => added.push(target),
            }
        }
        let place = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let new = Launch::new(batch.clone(), &added).sessions.into_iter().map(|row| SessionRow {
            position: row.position.saturating_add(place),
            created_by: Some(self.store.identity().member),
            created_at: self.now(),
            ..row
        });
        let new: Vec<SessionRow> = new.collect();
        sessions::set_targets(&mut write, &changed).await?;
        if !new.is_empty() {
            sessions::insert_absent(&mut write, &new, Made::ByHand).await?;
        }
        let listed = sessions_of(write.conn(), batch.id).await?;
        write.commit().await?;
        self.emit(Event::BatchChanged { batch_id: batch.id, flow_id: batch.flow_id });
        let sessions: Vec<LaunchedSession> =
            listed.iter().map(|row| launched(batch.id, &row.session, row.standing.status)).collect();
        Ok(LaunchedBatch {
            batch_id: batch.id,
            count: u32::try_from(sessions.len()).unwrap_or(u32::MAX),
            sessions,
        })
    }
}

/// The target as asked for; what was not mentioned stays as it was.
fn over(before: Option<&Target>, target: Target, asked: &TargetAssignment) -> Target {
    let Some(before) = before.cloned() else { return target };
    Target {
        client: if asked.client.is_some() { target.client } else { before.client },
        site: if asked.site.is_some() { target.site } else { before.site },
        variables: if asked.variables.is_some() { target.variables } else { before.variables },
        ..target
    }
}

/// The session of each target; none for those that get a new one.
fn owners(asked: &[TargetAssignment], rows: &[ListedSession]) -> Result<Vec<Option<SessionId>>, EngineError> {
    let by_id: HashMap<SessionId, &ListedSession> = rows.iter().map(|row| (row.session.id, row)).collect();
    let mut named = HashSet::new();
    for (line, target) in asked.iter().enumerate() {
        let Some(id) = target.session_id else { continue };
        let wrong = |message: &str| Invalid::new(format!("targets[{line}].session_id"), message);
        let row = by_id.get(&id).ok_or_else(|| wrong("is not a session of this batch"))?;
        if row.standing.status != SessionStatus::Pending {
            let message =
                format!("is {}; only pending sessions get another target", row.standing.status.as_str());
            return Err(wrong(&message).into());
        }
        if !named.insert(id) {
            return Err(wrong("is named twice").into());
        }
    }
    let mut yielding = untouched(rows).filter(|id| !named.contains(id));
    let may_add = yielding.is_some();
    let owner = |(line, target): (usize, &TargetAssignment)| match target.session_id {
        Some(id) => Ok(Some(id)),
        None if may_add => Ok(yielding.take()),
        None => Err(Invalid::new(format!("targets[{line}].session_id"), "is required").into()),
    };
    asked.iter().enumerate().map(owner).collect()
}

/// The one session of a batch that was fired without targets, while nobody has touched it.
fn untouched(rows: &[ListedSession]) -> Option<SessionId> {
    match rows {
        [only]
            if only.standing.status == SessionStatus::Pending && only.session.target_label == UNASSIGNED =>
        {
            Some(only.session.id)
        }
        _ => None,
    }
}

/// Among themselves the wanted labels are unique; among those that stay as they are, too.
fn labels_stay_unique(
    wanted: &[Target],
    owners: &[Option<SessionId>],
    rows: &[ListedSession],
) -> Result<(), Invalid> {
    let renamed: HashSet<SessionId> = owners.iter().flatten().copied().collect();
    let kept: HashSet<String> = rows
        .iter()
        .filter(|row| !renamed.contains(&row.session.id))
        .map(|row| folded(&row.session.target_label))
        .collect();
    match wanted.iter().position(|target| kept.contains(&folded(&target.label))) {
        Some(line) => {
            Err(Invalid::new(format!("targets[{line}].label"), "is already a target of this batch"))
        }
        None => Ok(()),
    }
}
