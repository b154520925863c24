//! The local workspace's content as the beginning of a team's.
//!
//! Rows keep their ids and their order and go through the way of merged rows, so that what follows from them follows; then
//! they are this device's to send. Authors are who moves them: the team does not know anybody else of the local workspace.

use crate::engine::Engine;
use crate::error::EngineError;
use mf_contract::schedules::UpdateSchedule;
use mf_contract::workspaces::{MoveToWorkspace, MovedToWorkspace, WorkspaceKind};
use mf_contract::{Event, Handle};
use mf_domain::role::Role;
use mf_domain::session::SessionEventKind;
use mf_domain::synced::row::{Key, Row, Scalar};
use mf_domain::synced::table::{CONFLICTS, PAUSES};
use mf_store::{Store, StoreError, evidence_outbox, schedules, synced};
use mf_sync::replica;
use std::collections::HashSet;

impl Handle<MoveToWorkspace> for Engine {
    async fn handle(&self, request: MoveToWorkspace) -> Result<MovedToWorkspace, EngineError> {
        if self.link.place().is_some() {
            return Err(EngineError::conflict(
                "workspace",
                "only the local workspace is moved into a team's",
            ));
        }
        let there = self.workspace("workspace_id", request.workspace_id).await?;
        if there.summary.kind != WorkspaceKind::Team {
            return Err(EngineError::conflict(
                "workspace_id",
                "this is not the workspace of a team one belongs to",
            ));
        }
        if !there.summary.role.allows(Role::Manager) {
            return Err(EngineError::Forbidden { have: there.summary.role, needed: Role::Manager });
        }
        let identity = self.store.identity();
        let ids = [request.workspace_id.0, identity.member.0, identity.device.0];
        let store = Store::open(&there.path, ids, self.now()).await?;
        let team = Engine::of_workspace(store, self.ports.clone()).await?;
        let moved = self.move_into(&team).await;
        team.store.close().await;
        moved
    }
}

impl Engine {
    async fn move_into(&self, team: &Engine) -> Result<MovedToWorkspace, EngineError> {
        // Nothing of the local workspace was ever sent: all of it stands in the outbox.
        let rows = synced::outbox(&mut *self.read().await?).await?;
        let (me, there) = (self.me().to_string(), team.me().to_string());
        let mut rows: Vec<Row> = rows
            .into_iter()
            .map(|local| by_author(local.row, &me, &there))
            .filter(|row| row.key.table != CONFLICTS)
            .collect();
        let keys: Vec<Key> = rows.iter().map(|row| row.key.clone()).collect();
        let known = synced::present(&mut *team.read().await?, &keys).await?;
        // A schedule that is there already was paused here because it is.
        let is_pause_of_known = |row: &Row| {
            let schedule = Key { table: "schedules".to_owned(), id: row.key.id };
            row.key.table == PAUSES && known.contains(&schedule)
        };
        rows.retain(|row| !known.contains(&row.key) && !is_pause_of_known(row));
        let evidence = self.move_evidence(team, &rows).await?;
        let seen_until = replica::seen_until(&mut *team.read().await?).await?.unwrap_or(0);
        let mut write = team.store.write(team.now()).await?;
        replica::stage_own(&mut write, &rows).await?;
        write.commit().await?;
        let changed = team.merge_staged(seen_until).await?;
        let mut write = team.store.write(team.now()).await?;
        synced::as_new(&mut write, &changed.taken).await?;
        evidence_outbox::add_all(&mut write).await?;
        write.commit().await?;
        team.emit(Event::EverythingChanged);
        let schedules_paused = self.pause_all().await?;
        let rows = u32::try_from(changed.taken.len()).unwrap_or(u32::MAX);
        Ok(MovedToWorkspace { rows, evidence, schedules_paused })
    }

    /// So that nothing runs twice.
    async fn pause_all(&self) -> Result<u32, EngineError> {
        let listed = schedules::list(&mut *self.read().await?).await?;
        let mut paused = 0;
        for listed in listed.into_iter().flatten().filter(|listed| listed.is_active) {
            let update =
                UpdateSchedule { is_active: Some(false), ..UpdateSchedule::unchanged(listed.schedule.id) };
            self.handle(update).await?;
            paused += 1;
        }
        Ok(paused)
    }

    /// The contents first: a row that refers to one finds it.
    async fn move_evidence(&self, team: &Engine, rows: &[Row]) -> Result<u32, EngineError> {
        let mut wanted = HashSet::new();
        for row in rows.iter().filter(|row| row.key.table == "session_events") {
            if let Some(Scalar::Text(event)) = row.columns.get("event")
                && let Ok(SessionEventKind::EvidenceAdded { file, .. }) = serde_json::from_str(event)
            {
                wanted.insert(file.sha256);
            }
        }
        let (from, to) = (self.store.contents(), team.store.contents());
        let copied = tokio::task::spawn_blocking(move || {
            let mut copied = 0;
            for sha256 in wanted {
                match from.read(&sha256) {
                    Ok(content) => {
                        if to.stage(&content)?.keep()? {
                            copied += 1;
                        }
                    }
                    // What is missing here is missing there.
                    Err(StoreError::EvidenceMissing | StoreError::EvidenceAltered) => {}
                    Err(other) => return Err(other),
                }
            }
            Ok(copied)
        });
        Ok(copied.await.map_err(EngineError::report)??)
    }
}

/// The row as another member's work.
fn by_author(mut row: Row, me: &str, there: &str) -> Row {
    for value in row.columns.values_mut() {
        if let Scalar::Text(text) = value
            && text.contains(me)
        {
            *text = text.replace(me, there);
        }
    }
    row
}
