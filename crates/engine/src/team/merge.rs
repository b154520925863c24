//! Rows of the team take the place of ours, in one transaction with everything that follows from them.

use super::arrived::new_batches;
use super::outdated::News;
use super::told::Touched;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::scheduler::{Attempt, whatever_fails_to_fire};
use crate::sessions::derive;
use mf_contract::Event;
use mf_domain::ids::SessionId;
use mf_domain::role::Role;
use mf_domain::synced::table;
use mf_store::Write;
use mf_sync::chain;
use mf_sync::core::cursor::Cursor;
use mf_sync::core::replica::Answered;
use mf_sync::core::row::Key;
use mf_sync::replica::{self, Change, Changed, Merging};
use uuid::Uuid;

/// Where a change comes from, and with it how it is written.
#[derive(Clone, Debug)]
enum Source {
    /// Pages that were staged, read until then by the server's clock.
    Pulled { seen_until: i64 },
    /// Answers to a push, where there was one, with the server's last change.
    Answers { answers: Vec<(Key, Answered)>, end: Option<Cursor>, push_id: Option<Uuid> },
    /// A copy that lost, restored by a person.
    Conflict { id: Uuid },
}

impl Engine {
    /// Merges what was staged.
    ///
    /// # Errors
    /// When it cannot be written, and `conflict` while something is to start now that another process starts. Then all of it
    /// stays staged.
    pub async fn merge_staged(&self, seen_until: i64) -> Result<Changed, EngineError> {
        self.take(&Source::Pulled { seen_until }).await
    }

    /// Takes the answers to a push; `None` for answers that follow without one. Taken again, they change nothing.
    ///
    /// # Errors
    /// As [`Self::merge_staged`]; the rows then stay in the outbox.
    pub async fn settle_push(
        &self,
        answers: Vec<(Key, Answered)>,
        end: Option<Cursor>,
        push_id: Option<Uuid>,
    ) -> Result<Changed, EngineError> {
        self.take(&Source::Answers { answers, end, push_id }).await
    }

    /// Writes the copy that lost as a new edit, and settles the conflict.
    ///
    /// # Errors
    /// As of an edit; `not_found` for a conflict that is not there or was settled, `forbidden` for who may not write that
    /// table, `conflict` where the row no longer fits.
    pub async fn restore_copy(&self, id: Uuid) -> Result<Changed, EngineError> {
        self.take(&Source::Conflict { id }).await
    }

    async fn take(&self, source: &Source) -> Result<Changed, EngineError> {
        whatever_fails_to_fire(|attempt| self.take_from(source, attempt)).await
    }

    async fn take_from(&self, source: &Source, attempt: Attempt) -> Result<Changed, EngineError> {
        let mut write = self.store.write(self.now()).await?;
        let now = self.now();
        let mut merging = Merging::default();
        let change = match source {
            // The first part has all that schedules follow from.
            Source::Pulled { .. } => {
                replica::next_staged(write.conn(), &mut merging).await?.unwrap_or_default()
            }
            Source::Answers { answers, .. } => replica::answered(write.conn(), answers.clone()).await?,
            Source::Conflict { id } => {
                let missing = EngineError::NotFound { what: "conflict", field: "id" };
                let change = replica::restoring(&mut write, *id).await?.ok_or(missing)?;
                for (row, _) in change.taken() {
                    // What a newer release shares, only the server can judge.
                    let needed = table::find(&row.key.table).map_or(Role::Operator, |table| table.write);
                    self.require(needed)?;
                }
                change
            }
        };
        let (mut touched, mut news, mut batches) =
            (Touched::default(), News::default(), new_batches(&change));
        touched.add(&change);
        news.add(&change);
        let rules = self.rules_before(&mut write, &change, source, attempt, now).await?;
        let mut changed = source.carry_out(&mut write, change, now).await?;
        match source {
            Source::Pulled { seen_until } => {
                while let Some(part) = replica::next_staged(write.conn(), &mut merging).await? {
                    touched.add(&part);
                    news.add(&part);
                    batches.extend(new_batches(&part));
                    changed.add(replica::merge_part(&mut write, part).await?);
                }
                replica::all_merged(&mut write, &changed, *seen_until).await?;
            }
            Source::Answers { push_id: Some(push_id), .. } => chain::answered(&mut write, *push_id).await?,
            _ => {}
        }
        if matches!(source, Source::Conflict { .. }) && !changed.kept.is_empty() {
            return Err(EngineError::conflict("id", "what this row refers to is no more"));
        }
        let sessions: Vec<SessionId> = touched.sessions().collect();
        derive(&mut write, &sessions).await?;
        let dealt_with = self.rules_after(&mut write, rules, now).await?;
        let outdated = self.cancel_outdated(&mut write, &news).await?;
        let arrived = self.notice_arrived(&mut write, &batches, now).await?;
        let mut events = touched.events(write.conn()).await?;
        if !arrived.is_empty() {
            events.push(Event::NotificationsChanged);
        }
        events.extend(
            outdated
                .iter()
                .map(|(batch_id, flow_id)| Event::BatchChanged { batch_id: *batch_id, flow_id: *flow_id }),
        );
        write.commit().await?;
        dealt_with.iter().for_each(|dealt_with| self.tell_dealt_with(dealt_with));
        if touched.schedules_changed() {
            self.schedules_changed.notify_one();
        }
        events.into_iter().for_each(|event| self.emit(event));
        self.show_arrived(&arrived);
        Ok(changed)
    }
}

/// What writes a change. Of the two ways of looking at it, one is undone.
pub(super) trait CarryOut {
    async fn carry_out(
        &self,
        write: &mut Write,
        change: Change,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<Changed, EngineError>;
}

impl CarryOut for Source {
    async fn carry_out(
        &self,
        write: &mut Write,
        change: Change,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<Changed, EngineError> {
        Ok(match self {
            Self::Pulled { .. } => replica::merge_part(write, change).await?,
            Self::Answers { end, .. } => replica::settle_answers(write, change, *end, now).await?,
            Self::Conflict { .. } => replica::restore(write, change).await?,
        })
    }
}
