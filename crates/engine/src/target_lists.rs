//! Target lists.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::filters;
use mf_contract::target_lists::*;
use mf_contract::{Done, Event, Handle};
use mf_domain::ids::TargetListId;
use mf_domain::occurrence::folded;
use mf_domain::role::Role;
use mf_domain::{Invalid, targets, text};
use mf_store::target_lists as table;
use mf_store::{Connection, Write, sessions};
use std::collections::{BTreeMap, HashMap, HashSet};

pub(crate) const NOT_FOUND: EngineError = EngineError::NotFound { what: "target list", field: "id" };

fn answer(row: table::TargetListRow) -> TargetList {
    TargetList {
        id: row.id,
        name: row.name,
        description: row.description,
        client: row.client,
        site: row.site,
        targets: row.targets,
        created_by: row.created_by,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

pub(crate) fn validated(mut row: table::TargetListRow) -> Result<table::TargetListRow, Invalid> {
    row.name = text::name("name", &row.name)?;
    row.description = text::body("description", &row.description, text::LONG_TEXT_MAX)?;
    row.client = targets::place_name("client", row.client.as_deref())?;
    row.site = targets::place_name("site", row.site.as_deref())?;
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
    async fn handle(&self, request: ListTargetLists) -> Result<Vec<TargetListSummary>, EngineError> {
        let mut reader = self.read().await?;
        let wanted = match filters::client(request.client.as_deref()).map(folded) {
            None => None,
            Some(client) => Some(lists_of(&table::clients(&mut reader).await?, &client)),
        };
        let listed = table::list(&mut reader).await?;
        Ok(listed
            .into_iter()
            .filter(|row| wanted.as_ref().is_none_or(|wanted| wanted.contains(&row.id)))
            .map(|row| TargetListSummary {
                id: row.id,
                name: row.name,
                description: row.description,
                client: row.client,
                site: row.site,
                target_count: row.target_count,
                first_labels: row.first_labels,
                last_used_at: row.last_used_at,
                updated_at: row.updated_at,
            })
            .collect())
    }
}

/// The lists that name a client, by its folded name.
fn lists_of(clients: &HashMap<TargetListId, Vec<String>>, client: &str) -> HashSet<TargetListId> {
    let named = clients.iter().filter(|(_, names)| names.iter().any(|name| folded(name) == client));
    named.map(|(id, _)| *id).collect()
}

impl Handle<ListClients> for Engine {
    async fn handle(&self, _: ListClients) -> Result<Vec<ClientSummary>, EngineError> {
        let mut reader = self.read().await?;
        let mut clients: BTreeMap<String, ClientSummary> = BTreeMap::new();
        for counted in sessions::clients(&mut reader).await? {
            let summary = ClientSummary {
                name: counted.name,
                target_lists: 0,
                sessions: counted.sessions,
                open_sessions: counted.open,
            };
            clients.insert(counted.folded, summary);
        }
        for names in table::clients(&mut reader).await?.into_values() {
            let named: BTreeMap<String, String> =
                names.into_iter().map(|name| (folded(&name), name)).collect();
            for (identity, name) in named {
                let summary = clients.entry(identity).or_insert_with(|| ClientSummary {
                    name: String::new(),
                    target_lists: 0,
                    sessions: 0,
                    open_sessions: 0,
                });
                // Of several spellings the last in the alphabet: whichever list is read first.
                if summary.sessions == 0 {
                    summary.name = std::mem::take(&mut summary.name).max(name);
                }
                summary.target_lists += 1;
            }
        }
        Ok(clients.into_values().collect())
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
            client: request.client,
            site: request.site,
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
            client: request.client.over(before.client),
            site: request.site.over(before.site),
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
