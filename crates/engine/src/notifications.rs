//! The notification centre.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::names::named;
use crate::pages;
use mf_contract::notifications::*;
use mf_contract::{Done, Event, Handle};
use mf_domain::role::Role;
use mf_store::StoreError;
use mf_store::notifications as table;

fn kind_of(name: &str) -> Result<NotificationKind, EngineError> {
    named(name).ok_or(EngineError::Store(StoreError::Unreadable { column: "kind" }))
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
        rows.into_iter()
            .map(|row| {
                Ok(Notification {
                    id: row.id,
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
