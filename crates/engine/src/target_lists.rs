//! Target lists.

use crate::engine::Engine;
use crate::error::EngineError;
use mf_contract::target_lists::*;
use mf_contract::{Done, Event, Handle};
use mf_domain::ids::TargetListId;
use mf_domain::role::Role;
use mf_domain::{Invalid, targets, text};
use mf_store::target_lists as table;
use mf_store::{Connection, Write};

pub(crate) const NOT_FOUND: EngineError = EngineError::NotFound { what: "target list", field: "id" };

fn answer(row: table::TargetListRow) -> TargetList {
    TargetList {
        id: row.id,
        name: row.name,
        description: row.description,
        targets: row.targets,
        created_by: row.created_by,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

fn validated(mut row: table::TargetListRow) -> Result<table::TargetListRow, Invalid> {
    row.name = text::name("name", &row.name)?;
    row.description = text::body("description", &row.description, text::LONG_TEXT_MAX)?;
    row.targets = targets::validate(&row.targets)?;
    Ok(row)
}

/// The list of `id`, or the error that names `field`.
pub(crate) async fn require(
    conn: &mut Connection,
    id: TargetListId,
    field: &'static str,
) -> Result<table::TargetListRow, EngineError> {
    table::get(conn, id).await?.ok_or(EngineError::NotFound { what: "target list", field })
}

impl Engine {
    async fn save_target_list(
        &self,
        mut write: Write,
        row: table::TargetListRow,
    ) -> Result<TargetList, EngineError> {
        let row = validated(row)?;
        table::put(&mut write, &row).await?;
        write.commit().await?;
        self.emit(Event::TargetListChanged { target_list_id: row.id });
        Ok(answer(row))
    }
}

impl Handle<ListTargetLists> for Engine {
    async fn handle(&self, _: ListTargetLists) -> Result<Vec<TargetListSummary>, EngineError> {
        let listed = table::list(&mut *self.read().await?).await?;
        Ok(listed
            .into_iter()
            .map(|row| TargetListSummary {
                id: row.id,
                name: row.name,
                description: row.description,
                target_count: row.target_count,
                first_labels: row.first_labels,
                last_used_at: row.last_used_at,
                updated_at: row.updated_at,
            })
            .collect())
    }
}

impl Handle<GetTargetList> for Engine {
    async fn handle(&self, request: GetTargetList) -> Result<TargetList, EngineError> {
        require(&mut *self.read().await?, request.id, "id").await.map(answer)
    }
}

impl Handle<CreateTargetList> for Engine {
    async fn handle(&self, request: CreateTargetList) -> Result<TargetList, EngineError> {
        let write = self.write(Role::Operator).await?;
        let now = self.now();
        let row = table::TargetListRow {
            id: self.new_id(),
            name: request.name,
            description: request.description,
            targets: request.targets,
            created_by: Some(self.store.identity().member),
            created_at: now,
            updated_at: now,
        };
        self.save_target_list(write, row).await
    }
}

impl Handle<UpdateTargetList> for Engine {
    async fn handle(&self, request: UpdateTargetList) -> Result<TargetList, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        let before = require(write.conn(), request.id, "id").await?;
        let row = table::TargetListRow {
            name: request.name.unwrap_or(before.name),
            description: request.description.unwrap_or(before.description),
            targets: request.targets.unwrap_or(before.targets),
            updated_at: self.now(),
            ..before
        };
        self.save_target_list(write, row).await
    }
}

impl Handle<DeleteTargetList> for Engine {
    async fn handle(&self, request: DeleteTargetList) -> Result<Done, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        table::get(write.conn(), request.id).await?.ok_or(NOT_FOUND)?;
        table::delete(&mut write, request.id, self.now()).await?;
        write.commit().await?;
        self.emit(Event::TargetListChanged { target_list_id: request.id });
        Ok(Done {})
    }
}
