//! Copies that lost: shown beside what stands, restored, or left.

use super::link::Belonging;
use crate::engine::Engine;
use crate::error::EngineError;
use mf_contract::sync::*;
use mf_contract::{Done, Event, Handle};
use mf_domain::ids::ConflictId;
use mf_domain::role::Role;
use mf_domain::synced::row::{Columns, Key, Local, Scalar, conflict_id};
use mf_domain::synced::table::{self, CONFLICTS, Kind};
use mf_store::{Connection, StoreError, synced};
use serde_json::{Map, Value};
use std::collections::HashMap;

impl Handle<ListConflicts> for Engine {
    async fn handle(&self, _: ListConflicts) -> Result<Vec<Conflict>, EngineError> {
        let mut conn = self.read().await?;
        let me = self.me();
        let mut found = Vec::new();
        for it in synced::conflicts(&mut conn).await? {
            found.push((it.id, ConflictReason::Concurrent, it.key, it.content, it.member, it.at));
        }
        for it in synced::set_asides(&mut conn).await? {
            found.push((it.id, reason_of(&it.code), it.key, it.content, Some(me), it.at));
        }
        if self.link.belonging() != Belonging::Member {
            // What can be sent no more: nobody else has it.
            for local in synced::outbox(&mut conn).await? {
                let id = conflict_id(&local.row.key, &local.row.version);
                let content = local.row.canonical();
                found.push((id, ConflictReason::Forbidden, local.row.key, content, Some(me), self.now()));
            }
        }
        found.sort_by_key(|it| std::cmp::Reverse((it.5, it.0)));
        let keys: Vec<Key> = found.iter().map(|it| it.2.clone()).collect();
        let standing = standing(&mut conn, &keys).await?;
        let roster = self.link.roster();
        found
            .into_iter()
            .map(|(id, reason, key, content, member, at)| {
                let lost = lost(&key, &content)?;
                let stands = standing.get(&key).filter(|local| !local.row.tombstone);
                let stands = stands.map(|local| shown(&key, &local.row.columns));
                let name = [&stands, &lost].into_iter().flatten().find_map(name_in);
                Ok(Conflict {
                    id: ConflictId(id),
                    reason,
                    name,
                    can_restore: self.may_restore(&key),
                    entity: key.table,
                    row_id: key.id.to_string(),
                    at,
                    member_id: member,
                    member_name: member.and_then(|id| roster.name_of(id)),
                    lost,
                    stands,
                })
            })
            .collect()
    }
}

impl Engine {
    fn may_restore(&self, key: &Key) -> bool {
        self.role().allows(table::find(&key.table).map_or(Role::Operator, |table| table.write))
    }
}

impl Handle<RestoreConflict> for Engine {
    async fn handle(&self, request: RestoreConflict) -> Result<Done, EngineError> {
        self.require(Role::Operator)?;
        self.restore_copy(request.id.0).await?;
        self.emit(Event::ConflictsChanged);
        Ok(Done {})
    }
}

impl Handle<DismissConflict> for Engine {
    async fn handle(&self, request: DismissConflict) -> Result<Done, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        let key = Key { table: CONFLICTS.to_owned(), id: request.id.0 };
        let standing = synced::copies(write.conn(), &[key]).await?.pop().filter(|local| !local.row.tombstone);
        if let Some(mut local) = standing {
            local.row.tombstone = true;
            synced::edit(&mut write, vec![local.row]).await?;
        } else if synced::set_asides(write.conn()).await?.iter().any(|aside| aside.id == request.id.0) {
            synced::forget_aside(&mut write, request.id.0).await?;
        } else {
            return Err(EngineError::NotFound { what: "conflict", field: "id" });
        }
        write.commit().await?;
        self.emit(Event::ConflictsChanged);
        Ok(Done {})
    }
}

async fn standing(conn: &mut Connection, keys: &[Key]) -> Result<HashMap<Key, Local>, EngineError> {
    let copies = synced::copies(conn, keys).await?;
    Ok(copies.into_iter().map(|local| (local.row.key.clone(), local)).collect())
}

/// Why a copy was put aside, as it is stored.
fn reason_of(code: &str) -> ConflictReason {
    match code {
        "forbidden" => ConflictReason::Forbidden,
        "parent_missing" => ConflictReason::ParentMissing,
        "gone" => ConflictReason::Gone,
        _ => ConflictReason::Invalid,
    }
}

/// The copy that lost; `None` where it was a deletion.
fn lost(key: &Key, content: &str) -> Result<Option<Value>, EngineError> {
    let (tombstone, columns): (bool, Columns) =
        serde_json::from_str(content).map_err(|_| StoreError::Unreadable { column: "content" })?;
    Ok((!tombstone).then(|| shown(key, &columns)))
}

/// Columns as a person reads them: JSON as what it says, instants as text.
fn shown(key: &Key, columns: &Columns) -> Value {
    let kinds = table::find(&key.table).map_or(&[][..], |table| table.columns);
    let kind_of = |name: &str| kinds.iter().find(|(column, _)| *column == name).map(|(_, kind)| *kind);
    let value = |name: &str, value: &Scalar| match (kind_of(name), value) {
        (Some(Kind::Json), Scalar::Text(text)) => {
            serde_json::from_str(text).unwrap_or_else(|_| text.clone().into())
        }
        (Some(Kind::Instant), Scalar::Int(millis)) => {
            match chrono::DateTime::from_timestamp_millis(*millis) {
                Some(at) => at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true).into(),
                None => (*millis).into(),
            }
        }
        (_, Scalar::Text(text)) => text.clone().into(),
        (_, Scalar::Int(number)) => (*number).into(),
    };
    Value::Object(columns.iter().map(|(name, it)| (name.clone(), value(name, it))).collect::<Map<_, _>>())
}

/// What a person calls a row.
fn name_in(columns: &Value) -> Option<String> {
    let named = ["name", "target_label"].into_iter().find_map(|column| columns.get(column)?.as_str());
    named.map(str::to_owned)
}
