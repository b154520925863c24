//! Table `target_lists`. A list is one row: its targets are changed as a whole.

use crate::columns::{Columns, json_text, millis};
use crate::error::StoreError;
use crate::rows;
use crate::store::{Connection, Write};
use chrono::{DateTime, Utc};
use mf_domain::ids::{MemberId, TargetListId};
use mf_domain::targets::Target;
use sqlx::sqlite::SqliteRow;
use std::collections::HashMap;

/// A target list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetListRow {
    pub id: TargetListId,
    pub name: String,
    pub description: String,
    pub client: Option<String>,
    pub site: Option<String>,
    /// Without the list's client and site.
    pub targets: Vec<Target>,
    pub created_by: Option<MemberId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl TargetListRow {
    /// The targets with the list's client and site: what a batch of it runs on.
    #[must_use]
    pub fn placed(&self) -> Vec<Target> {
        placed(&self.targets, self.client.as_deref(), self.site.as_deref())
    }
}

fn placed(targets: &[Target], client: Option<&str>, site: Option<&str>) -> Vec<Target> {
    targets.iter().map(|target| target.within(client, site)).collect()
}

/// A list as the page of lists shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedTargetList {
    pub id: TargetListId,
    pub name: String,
    pub description: String,
    pub client: Option<String>,
    pub site: Option<String>,
    pub target_count: u32,
    pub first_labels: Vec<String>,
    pub last_used_at: Option<DateTime<Utc>>,
    pub updated_at: DateTime<Utc>,
}

fn read(row: &SqliteRow) -> Result<TargetListRow, StoreError> {
    Ok(TargetListRow {
        id: row.id("id")?,
        name: row.text("name")?,
        description: row.text("description")?,
        client: row.maybe_text("client")?,
        site: row.maybe_text("site")?,
        targets: row.json("targets")?,
        created_by: row.maybe_id("created_by")?,
        created_at: row.instant("created_at")?,
        updated_at: row.instant("updated_at")?,
    })
}

/// All lists, by name.
pub async fn list(conn: &mut Connection) -> Result<Vec<ListedTargetList>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, name, description, client, site, updated_at, json_array_length(targets) AS target_count,
            (SELECT json_group_array(value ->> 'label') FROM
               (SELECT value FROM json_each(target_lists.targets) LIMIT 3)) AS first_labels,
            (SELECT MAX(launched_at) FROM batches WHERE target_list_id = target_lists.id) AS last_used_at
           FROM target_lists WHERE tombstone = 0 ORDER BY name COLLATE NOCASE, id",
    )
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(ListedTargetList {
                id: row.id("id")?,
                name: row.text("name")?,
                description: row.text("description")?,
                client: row.maybe_text("client")?,
                site: row.maybe_text("site")?,
                target_count: row.count("target_count")?,
                first_labels: row.json("first_labels")?,
                last_used_at: row.maybe_instant("last_used_at")?,
                updated_at: row.instant("updated_at")?,
            })
        })
        .collect()
}

/// One list; `None` when there is none or it was deleted.
pub async fn get(conn: &mut Connection, id: TargetListId) -> Result<Option<TargetListRow>, StoreError> {
    rows::one(conn, "SELECT * FROM target_lists WHERE id = ?1 AND tombstone = 0", id, read).await
}

/// The clients each list names: its own, and those of its targets. Lists that name none are left out.
pub async fn clients(conn: &mut Connection) -> Result<HashMap<TargetListId, Vec<String>>, StoreError> {
    let rows = sqlx::query(
        // Reading thousands of targets takes its time: only where one names a client at all.
        r#"SELECT id, client, updated_at, CASE WHEN instr(targets, '"client":') = 0 THEN '[]' ELSE
             (SELECT json_group_array(DISTINCT value ->> 'client') FROM json_each(targets)
               WHERE value ->> 'client' IS NOT NULL) END AS others
             FROM target_lists WHERE tombstone = 0 ORDER BY updated_at, id"#,
    )
    .fetch_all(conn)
    .await?;
    let mut clients = HashMap::new();
    for row in &rows {
        let mut named: Vec<String> = row.json("others")?;
        named.extend(row.maybe_text("client")?);
        if !named.is_empty() {
            clients.insert(row.id("id")?, named);
        }
    }
    Ok(clients)
}

/// The targets of each of these lists, with the lists' clients and sites; deleted ones are left out.
pub async fn targets_of(
    conn: &mut Connection,
    ids: &[TargetListId],
) -> Result<HashMap<TargetListId, Vec<Target>>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, client, site, targets FROM target_lists WHERE id IN (SELECT value FROM json_each(?1)) AND tombstone = 0",
    )
    .bind(json_text("id", &ids)?)
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            let (client, site) = (row.maybe_text("client")?, row.maybe_text("site")?);
            let targets: Vec<Target> = row.json("targets")?;
            Ok((row.id("id")?, placed(&targets, client.as_deref(), site.as_deref())))
        })
        .collect()
}

/// How many targets each of these lists has; deleted ones are left out.
pub async fn sizes(
    conn: &mut Connection,
    ids: &[TargetListId],
) -> Result<HashMap<TargetListId, u32>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, json_array_length(targets) AS n FROM target_lists
          WHERE id IN (SELECT value FROM json_each(?1)) AND tombstone = 0",
    )
    .bind(json_text("id", &ids)?)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| Ok((row.id("id")?, row.count("n")?))).collect()
}

/// The version of a list: another one after every change.
pub async fn version(conn: &mut Connection, id: TargetListId) -> Result<Option<String>, StoreError> {
    Ok(sqlx::query_scalar("SELECT version FROM target_lists WHERE id = ?1")
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?)
}

/// Writes a list, new or changed; answers its version.
pub async fn put(write: &mut Write, list: &TargetListRow) -> Result<String, StoreError> {
    let (team, version) = (write.team(), write.stamp());
    sqlx::query(
        "INSERT INTO target_lists (id, team_id, version, name, description, targets, created_by, created_at, updated_at,
           client, site)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (id) DO UPDATE SET version = excluded.version, name = excluded.name,
           description = excluded.description, targets = excluded.targets, updated_at = excluded.updated_at,
           client = excluded.client, site = excluded.site",
    )
    .bind(list.id.to_string())
    .bind(team.to_string())
    .bind(version.as_str())
    .bind(&list.name)
    .bind(&list.description)
    .bind(json_text("targets", &list.targets)?)
    .bind(list.created_by.map(|id| id.to_string()))
    .bind(millis(list.created_at))
    .bind(millis(list.updated_at))
    .bind(&list.client)
    .bind(&list.site)
    .execute(write.conn())
    .await?;
    Ok(version.as_str().to_owned())
}

/// Marks a list as deleted.
pub async fn delete(write: &mut Write, id: TargetListId, at: DateTime<Utc>) -> Result<(), StoreError> {
    rows::bury(
        write,
        "UPDATE target_lists SET tombstone = 1, version = ?2, updated_at = ?3 WHERE id = ?1",
        id,
        at,
    )
    .await
}
