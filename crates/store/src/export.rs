//! Every synced row as canonical JSON. Local bookkeeping (base versions, derived columns, tombstones) stays out, so two
//! replicas that agree export the same bytes.

use crate::archive::{blocking, publish};
use crate::columns::Columns;
use crate::error::StoreError;
use crate::store::Connection;
use chrono::{DateTime, SecondsFormat};
use serde::Serialize;
use serde_json::{Map, Value};
use sqlx::Connection as _;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

/// One synced row.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exported {
    /// The table.
    pub kind: &'static str,
    pub id: String,
    /// Keys sorted, at every depth.
    pub row: Value,
}

/// The synced tables by name, each with its columns as one JSON object.
const TABLES: [(&str, &str); 11] = [
    (
        "active_schedules",
        "SELECT id, json_object('team_id', team_id, 'version', version, 'schedule_id', schedule_id,
           'extra', json(extra)) AS row FROM active_schedules WHERE tombstone = 0 ORDER BY id",
    ),
    (
        "batch_events",
        "SELECT id, json_object('team_id', team_id, 'version', version, 'batch_id', batch_id, 'event', json(event),
           'author', author, 'at', at, 'extra', json(extra)) AS row
           FROM batch_events WHERE tombstone = 0 ORDER BY id",
    ),
    (
        "batches",
        "SELECT id, json_object('team_id', team_id, 'version', version, 'flow_id', flow_id, 'revision_id', revision_id,
           'origin', origin, 'intake', json(intake), 'schedule_id', schedule_id, 'schedule_version', schedule_version,
           'zone', zone, 'nominal_local', nominal_local, 'fold', fold, 'scheduled_for', scheduled_for,
           'target_list_id', target_list_id, 'retry_of', retry_of, 'created_by', created_by,
           'launched_at', launched_at, 'extra', json(extra)) AS row FROM batches WHERE tombstone = 0 ORDER BY id",
    ),
    (
        "blackout_calendars",
        "SELECT id, json_object('team_id', team_id, 'version', version, 'name', name, 'entries', json(entries),
           'created_by', created_by, 'created_at', created_at, 'updated_at', updated_at, 'extra', json(extra)) AS row
           FROM blackout_calendars WHERE tombstone = 0 ORDER BY id",
    ),
    (
        "flow_revisions",
        "SELECT id, json_object('team_id', team_id, 'version', version, 'flow_id', flow_id, 'parent_id', parent_id,
           'name', name, 'description', description, 'flow_type', flow_type, 'structure', json(structure),
           'intake_form', json(intake_form), 'step_count', step_count, 'estimate_minutes', estimate_minutes,
           'created_by', created_by, 'created_at', created_at, 'extra', json(extra)) AS row
           FROM flow_revisions WHERE tombstone = 0 ORDER BY id",
    ),
    (
        "flows",
        "SELECT id, json_object('team_id', team_id, 'version', version, 'name', name, 'description', description,
           'flow_type', flow_type, 'head_id', head_id, 'created_by', created_by, 'created_at', created_at,
           'updated_at', updated_at, 'extra', json(extra)) AS row FROM flows WHERE tombstone = 0 ORDER BY id",
    ),
    (
        "schedule_pauses",
        "SELECT id, json_object('team_id', team_id, 'version', version, 'paused', paused, 'extra', json(extra)) AS row
           FROM schedule_pauses WHERE tombstone = 0 ORDER BY id",
    ),
    (
        "schedules",
        "SELECT id, json_object('team_id', team_id, 'version', version, 'flow_id', flow_id,
           'recurrence', json(recurrence), 'timezone', timezone, 'target_list_id', target_list_id, 'misfire', misfire,
           'overlap', overlap, 'grace_seconds', grace_seconds, 'windows', json(windows),
           'blackout_ids', json(blackout_ids), 'on_blackout', on_blackout, 'notify_before', notify_before,
           'notify_unfinished_at', notify_unfinished_at, 'intake', json(intake), 'created_by', created_by,
           'created_at', created_at, 'updated_at', updated_at, 'extra', json(extra)) AS row
           FROM schedules WHERE tombstone = 0 ORDER BY id",
    ),
    (
        "session_events",
        "SELECT id, json_object('team_id', team_id, 'version', version, 'session_id', session_id, 'event', json(event),
           'author', author, 'at', at, 'extra', json(extra)) AS row
           FROM session_events WHERE tombstone = 0 ORDER BY id",
    ),
    (
        "sessions",
        "SELECT id, json_object('team_id', team_id, 'version', version, 'batch_id', batch_id, 'flow_id', flow_id,
           'revision_id', revision_id, 'intake', json(intake), 'target_label', target_label,
           'target_notes', target_notes, 'target_client', target_client, 'target_site', target_site,
           'target_variables', json(target_variables), 'position', position, 'created_by', created_by, 'created_at', created_at,
           'extra', json(extra)) AS row FROM sessions WHERE tombstone = 0 ORDER BY id",
    ),
    (
        "target_lists",
        "SELECT id, json_object('team_id', team_id, 'version', version, 'name', name, 'description', description,
           'client', client, 'site', site, 'targets', json(targets), 'created_by', created_by, 'created_at', created_at, 'updated_at', updated_at,
           'extra', json(extra)) AS row FROM target_lists WHERE tombstone = 0 ORDER BY id",
    ),
];

/// Every synced row, ordered by (kind, id), in one view of the file: no table shows what another one does not know yet.
pub async fn all(conn: &mut Connection) -> Result<Vec<Exported>, StoreError> {
    let mut view = conn.begin().await?;
    let mut exported = Vec::new();
    for (kind, sql) in TABLES {
        for row in sqlx::query(sql).fetch_all(&mut *view).await? {
            exported.push(Exported {
                kind,
                id: row.text("id")?,
                row: with_instants(sorted(row.json("row")?)),
            });
        }
    }
    view.rollback().await?;
    Ok(exported)
}

/// Writes rows to a file that must not be there yet: a JSON array, a row a line, readable by its owner only. It has its
/// name only once it is whole. Answers its size.
pub async fn write_to(to: &Path, rows: Vec<Exported>) -> Result<u64, StoreError> {
    let to = to.to_owned();
    blocking(move || {
        let folder = to.parent().ok_or(StoreError::Backup { reason: "the path names no file" })?;
        let file = tempfile::Builder::new().prefix(".maintenance-flows-").tempfile_in(folder)?;
        let mut out = BufWriter::new(file.as_file());
        let mut before = "[\n";
        for row in &rows {
            out.write_all(before.as_bytes())?;
            serde_json::to_writer(&mut out, row).map_err(io::Error::from)?;
            before = ",\n";
        }
        out.write_all(if rows.is_empty() { b"[]\n" } else { b"\n]\n" })?;
        out.flush()?;
        drop(out);
        file.as_file().sync_all()?;
        publish(file.path(), &to)?;
        Ok(to.metadata()?.len())
    })
    .await
}

/// The columns that hold instants.
const INSTANTS: [&str; 5] = ["at", "created_at", "launched_at", "scheduled_for", "updated_at"];

/// Instants as text, RFC 3339 in UTC, as everywhere outside the database.
fn with_instants(mut row: Value) -> Value {
    for name in INSTANTS {
        let Some(value) = row.get_mut(name) else { continue };
        if let Some(at) = value.as_i64().and_then(DateTime::from_timestamp_millis) {
            *value = Value::String(at.to_rfc3339_opts(SecondsFormat::Millis, true));
        }
    }
    row
}

/// The same value with sorted keys, whatever map serde_json was built with.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<(String, Value)> =
                map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(Map::from_iter(entries))
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        plain => plain,
    }
}
