//! The audit of a team's workspace, asked of the server when somebody looks.

use super::link::{Roster, answer};
use crate::backups::free;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::pages;
use chrono::{DateTime, SecondsFormat, Utc};
use mf_contract::Handle;
use mf_contract::audit::*;
use mf_domain::Invalid;
use mf_domain::ids::MemberId;
use mf_domain::role::Role;
use mf_domain::synced::row::{Key, Scalar};
use mf_store::{export, synced};
use mf_sync::audit::{self, Entry, Filter};
use mf_sync::server::Line;
use std::collections::HashMap;
use uuid::Uuid;

/// Entries per question, for an export.
const PORTION: u32 = 2_000;

impl Handle<ListAudit> for Engine {
    async fn handle(&self, request: ListAudit) -> Result<Vec<AuditEntry>, EngineError> {
        self.shared()?;
        let limit = pages::size(request.limit, 100, 500)?;
        let mut filter = filter(request.filter)?;
        filter.before = request.before.and_then(|id| i64::try_from(id).ok());
        let mut line = self.line().await?;
        let entries = answer(audit::list(&mut line, &filter, limit)).await?;
        self.named(entries).await
    }
}

impl Handle<ExportAudit> for Engine {
    async fn handle(&self, request: ExportAudit) -> Result<ExportedAudit, EngineError> {
        self.shared()?;
        self.require(Role::Manager)?;
        let path = free(&request.path)?;
        let mut filter = filter(request.filter)?;
        let mut line = self.line().await?;
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(["at", "member", "device", "action", "entity", "row", "name", "detail"])
            .map_err(EngineError::report)?;
        let mut entries = 0;
        loop {
            let portion = portion(&mut line, &filter).await?;
            let Some(last) = portion.last() else { break };
            filter.before = Some(last.id);
            entries += u32::try_from(portion.len()).unwrap_or(u32::MAX);
            for entry in self.named(portion).await? {
                out.write_record(record(&entry)).map_err(EngineError::report)?;
            }
        }
        let content = out.into_inner().map_err(|error| EngineError::report(error.into_error()))?;
        let bytes = export::write_bytes_to(&path, content).await?;
        Ok(ExportedAudit { path: path.display().to_string(), bytes, entries })
    }
}

async fn portion(line: &mut Line, filter: &Filter) -> Result<Vec<Entry>, EngineError> {
    Ok(answer(audit::list(line, filter, PORTION)).await?)
}

fn record(entry: &AuditEntry) -> [String; 8] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let id = |id: Option<String>| id.unwrap_or_default();
    let member = entry.member_name.clone().or_else(|| entry.member_id.map(|id| id.to_string()));
    [
        entry.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        id(member),
        id(entry.device_id.map(|id| id.to_string())),
        entry.action.clone(),
        text(&entry.entity),
        text(&entry.row_id),
        text(&entry.name),
        text(&entry.detail),
    ]
}

fn filter(asked: AuditFilter) -> Result<Filter, EngineError> {
    let millis = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp_millis());
    let row = asked.row_id.map(|text| Uuid::parse_str(&text)).transpose();
    Ok(Filter {
        member: asked.member_id,
        device: asked.device_id,
        table: asked.entity,
        row: row.map_err(|_| Invalid::new("filter.row_id", "must be an id"))?,
        action: asked.action,
        from: millis(asked.from),
        to: millis(asked.to),
        before: None,
    })
}

impl Engine {
    /// Entries with the names a person knows, as far as this computer has them.
    async fn named(&self, entries: Vec<Entry>) -> Result<Vec<AuditEntry>, EngineError> {
        let keys: Vec<Key> = entries
            .iter()
            .filter_map(|entry| Some(Key { table: entry.table.clone()?, id: entry.row? }))
            .collect();
        let copies = synced::copies(&mut *self.read().await?, &keys).await?;
        let names: HashMap<Key, String> = copies
            .into_iter()
            .filter_map(|local| {
                let named = ["name", "target_label"].into_iter().find_map(|it| local.row.columns.get(it));
                match named {
                    Some(Scalar::Text(name)) => Some((local.row.key, name.clone())),
                    _ => None,
                }
            })
            .collect();
        let roster = self.link.roster();
        Ok(entries.into_iter().map(|entry| shown(entry, &names, &roster)).collect())
    }
}

fn shown(entry: Entry, names: &HashMap<Key, String>, roster: &Roster) -> AuditEntry {
    let key = entry.table.clone().zip(entry.row).map(|(table, id)| Key { table, id });
    AuditEntry {
        id: u64::try_from(entry.id).unwrap_or(0),
        at: DateTime::from_timestamp_millis(entry.at).unwrap_or_default(),
        member_id: entry.member,
        member_name: entry.member.and_then(|id| roster.name_of(id)),
        device_id: entry.device,
        action: entry.action,
        name: key.and_then(|key| names.get(&key).cloned()),
        entity: entry.table,
        row_id: entry.row.map(|id| id.to_string()),
        detail: entry.detail.map(|detail| with_name(&detail, roster)),
    }
}

/// The server writes a member's id; a person reads a name: `<id> operator` becomes `Grace: operator`.
fn with_name(detail: &str, roster: &Roster) -> String {
    let (id, rest) = detail.split_once(' ').unwrap_or((detail, ""));
    match id.parse::<MemberId>().ok().and_then(|id| roster.name_of(id)) {
        Some(name) if rest.is_empty() => name,
        Some(name) => format!("{name}: {rest}"),
        None => detail.to_owned(),
    }
}
