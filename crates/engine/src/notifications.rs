//! The notification centre.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::names::named;
use crate::ports::Toast;
use crate::{missed, pages};
use chrono::{DateTime, Utc};
use mf_contract::notifications::*;
use mf_contract::schedules::MissedOutcome;
use mf_contract::{Done, Event, Handle};
use mf_domain::ids::{BatchId, MissedId};
use mf_domain::role::Role;
use mf_store::missed::{self as missed_table, MissedSpan};
use mf_store::notifications::{self as table, NotificationRow};
use mf_store::{Connection, StoreError};
use std::collections::HashMap;

fn kind_of(name: &str) -> Result<NotificationKind, EngineError> {
    named(name).ok_or(EngineError::Store(StoreError::Unreadable { column: "kind" }))
}

/// The occurrences these notifications ask about, as far as they still wait for an answer.
async fn questions(
    conn: &mut Connection,
    rows: &[NotificationRow],
    now: DateTime<Utc>,
) -> Result<HashMap<MissedId, MissedSpan>, EngineError> {
    let ids: Vec<MissedId> = rows.iter().filter_map(|row| row.missed_id).collect();
    let mut spans = missed_table::of_ids(conn, &ids).await?;
    spans.retain(|_, span| missed::outcome(span, now) == MissedOutcome::Asked);
    let batches: HashMap<MissedId, BatchId> =
        spans.values().filter_map(|span| Some((span.id, missed::batch_of(span)?))).collect();
    let wanted: Vec<BatchId> = batches.values().copied().collect();
    let ran = mf_store::batches::existing(conn, &wanted).await?;
    spans.retain(|id, _| batches.get(id).is_some_and(|batch| !ran.contains(batch)));
    Ok(spans)
}

/// The answers to whether an occurrence that was missed runs late.
pub(crate) fn actions(span: &MissedSpan) -> Vec<NotificationAction> {
    let (schedule_id, nominal) = (span.schedule_id, span.from);
    vec![
        NotificationAction::RunMissedOccurrence { schedule_id, nominal },
        NotificationAction::SkipMissedOccurrence { schedule_id, nominal },
    ]
}

impl Handle<ListNotifications> for Engine {
    async fn handle(&self, request: ListNotifications) -> Result<Vec<Notification>, EngineError> {
        let limit = pages::size(request.limit, 100, 500)?;
        let mut reader = self.read().await?;
        if let Some(before) = request.before
            && !table::exists(&mut reader, before).await?
        {
            return Err(EngineError::NotFound { what: "notification", field: "before" });
        }
        let rows = table::list(&mut reader, request.unread, request.before, limit).await?;
        let questions = questions(&mut reader, &rows, self.now()).await?;
        rows.into_iter()
            .map(|row| {
                let question = row.missed_id.and_then(|id| questions.get(&id));
                Ok(Notification {
                    id: row.id,
                    actions: question.map(actions).unwrap_or_default(),
                    kind: kind_of(&row.kind)?,
                    title: row.title,
                    body: row.body,
                    route: row.route,
                    created_at: row.created_at,
                    read_at: row.read_at,
                })
            })
            .collect()
    }
}

impl Handle<NotificationCounts> for Engine {
    async fn handle(&self, _: NotificationCounts) -> Result<NotificationCountsReply, EngineError> {
        Ok(NotificationCountsReply { unread: table::unread(&mut *self.read().await?).await? })
    }
}

impl Handle<TestNotification> for Engine {
    async fn handle(&self, _: TestNotification) -> Result<TestedNotification, EngineError> {
        self.ports.notifier.show(&Toast {
            title: "This is a test".to_owned(),
            body: "Runs that are ready are told like this. A click leads back to the settings.".to_owned(),
            route: "/settings/notifications".to_owned(),
            ..Toast::default()
        });
        Ok(TestedNotification { handed_over: self.ports.notifier.reaches_desktop() })
    }
}

impl Handle<MarkNotificationRead> for Engine {
    async fn handle(&self, request: MarkNotificationRead) -> Result<Done, EngineError> {
        // Reading one's own notices is no change to the team's data: every role may.
        let mut write = self.write(Role::Readonly).await?;
        match request.id {
            Some(id) => {
                if !table::mark_read(&mut write, id, self.now()).await? {
                    return Err(EngineError::NotFound { what: "notification", field: "id" });
                }
            }
            None => table::mark_all_read(&mut write, self.now()).await?,
        }
        write.commit().await?;
        self.emit(Event::NotificationsChanged);
        Ok(Done {})
    }
}
