//! Importing targets from a CSV file: looked at first, then all at once, and taken back.

use crate::engine::Engine;
use crate::error::EngineError;
use crate::target_lists;
use chrono::DateTime;
use mf_contract::target_imports::*;
use mf_contract::{Done, Event, Handle};
use mf_domain::Invalid;
use mf_domain::ids::TargetListId;
use mf_domain::role::Role;
use mf_domain::target_import::{Preview, preview};
use mf_store::target_imports as table;
use mf_store::target_imports::{Before, TargetImportRow};
use mf_store::target_lists::TargetListRow;
use mf_store::{Connection, target_lists as lists};

/// Imports that can be undone.
const IMPORTS_KEPT: u32 = 50;

/// The list to import into; `None` for a new one.
async fn list_of(
    conn: &mut Connection,
    id: Option<TargetListId>,
) -> Result<Option<TargetListRow>, EngineError> {
    match id {
        Some(id) => target_lists::require(conn, id, "target_list_id").await.map(Some),
        None => Ok(None),
    }
}

impl Handle<PreviewTargetImport> for Engine {
    async fn handle(&self, request: PreviewTargetImport) -> Result<Preview, EngineError> {
        let list = list_of(&mut *self.read().await?, request.target_list_id).await?;
        let existing = list.as_ref().map_or(&[][..], |list| &list.targets);
        let mut found = preview(&request.csv, request.mapping.as_ref(), request.preset, existing)?;
        // Launched as they are answered, they belong where a launch of the list would have them.
        if let Some(list) = &list {
            let (client, site) = (list.client.as_deref(), list.site.as_deref());
            found.targets = found.targets.iter().map(|target| target.within(client, site)).collect();
        }
        Ok(found)
    }
}

/// Why an import changes nothing, if so.
fn refuse_nothing(found: &Preview) -> Result<(), Invalid> {
    if found.counts.create + found.counts.update > 0 {
        return Ok(());
    }
    let reason = found.rows.iter().find_map(|row| {
        let reason = row.reason.as_deref()?;
        Some(format!("line {}: {reason}", row.line))
    });
    Err(Invalid::new(
        "csv",
        format!("has no row to import; {}", reason.as_deref().unwrap_or("it has no rows")),
    ))
}

impl Handle<ImportTargets> for Engine {
    async fn handle(&self, request: ImportTargets) -> Result<TargetImport, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        let before = list_of(write.conn(), request.target_list_id).await?;
        if before.is_some() && (request.name.is_some() || request.client.is_some() || request.site.is_some())
        {
            let message = "name, client and site are for a new list; this import goes into one there is";
            return Err(Invalid::new("name", message).into());
        }
        let existing = before.as_ref().map_or(&[][..], |list| &list.targets);
        let found = preview(&request.csv, request.mapping.as_ref(), request.preset, existing)?;
        refuse_nothing(&found)?;
        let now = self.now();
        let list = match before.clone() {
            Some(before) => TargetListRow { targets: found.targets, updated_at: now, ..before },
            None => TargetListRow {
                id: self.new_id(),
                name: request.name.ok_or_else(|| Invalid::new("name", "give a name, or a target list"))?,
                description: String::new(),
                client: request.client,
                site: request.site,
                targets: found.targets,
                created_by: Some(self.store.identity().member),
                created_at: now,
                updated_at: now,
            },
        };
        let list = target_lists::validated(list)?;
        let import = TargetImportRow {
            id: self.new_id(),
            target_list_id: list.id,
            before: before
                .map(|list| Before { targets: list.targets, updated_at: list.updated_at.timestamp_millis() }),
            version_after: lists::put(&mut write, &list).await?,
            imported_at: now,
            undone_at: None,
        };
        table::insert(&mut write, &import, IMPORTS_KEPT).await?;
        write.commit().await?;
        self.emit(Event::TargetListChanged { target_list_id: list.id });
        Ok(TargetImport {
            import_id: import.id,
            target_list_id: list.id,
            name: list.name,
            target_count: u32::try_from(list.targets.len()).unwrap_or(u32::MAX),
            imported_at: now,
            counts: found.counts,
            rejected_csv: found.rejected_csv,
        })
    }
}

impl Handle<UndoTargetImport> for Engine {
    async fn handle(&self, request: UndoTargetImport) -> Result<Done, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        let missing = EngineError::NotFound { what: "import", field: "import_id" };
        let import = table::get(write.conn(), request.import_id).await?.ok_or(missing)?;
        let refused = |message: &str| Err(EngineError::conflict("import_id", message));
        if import.undone_at.is_some() {
            return refused("this import was undone already");
        }
        let Some(list) = lists::get(write.conn(), import.target_list_id).await? else {
            return refused("the list was deleted since");
        };
        if lists::version(write.conn(), list.id).await?.as_deref() != Some(&import.version_after) {
            return refused("the list was changed since: undoing the import would undo that, too");
        }
        let now = self.now();
        match import.before {
            None => lists::delete(&mut write, list.id, now).await?,
            Some(before) => {
                let updated_at = DateTime::from_timestamp_millis(before.updated_at).unwrap_or(now);
                let list = TargetListRow { targets: before.targets, updated_at, ..list };
                lists::put(&mut write, &list).await?;
            }
        }
        table::set_undone(&mut write, import.id, now).await?;
        write.commit().await?;
        self.emit(Event::TargetListChanged { target_list_id: import.target_list_id });
        Ok(Done {})
    }
}
