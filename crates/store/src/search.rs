//! What has a text in its name, over all tables. Bounded, whatever the tables hold.

use crate::batches::{self, ListedBatch};
use crate::columns::{Columns, anywhere, beginning};
use crate::error::StoreError;
use crate::sessions::{self, ListedSession};
use crate::store::Connection;
use mf_domain::flow::FlowType;
use mf_domain::ids::{BatchId, FlowId, SessionId, TargetListId};
use mf_domain::occurrence::folded;

/// A flow that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundFlow {
    pub id: FlowId,
    pub name: String,
    pub flow_type: FlowType,
}

/// Flows with `text` in their name, names that begin with it first.
pub async fn flows(conn: &mut Connection, text: &str, limit: u32) -> Result<Vec<FoundFlow>, StoreError> {
    let rows = sqlx::query(
        r"SELECT id, name, flow_type FROM flows WHERE tombstone = 0 AND folded_name LIKE ?1 ESCAPE '\'
           ORDER BY folded_name LIKE ?2 ESCAPE '\' DESC, name COLLATE NOCASE, id LIMIT ?3",
    )
    .bind(anywhere(text))
    .bind(beginning(text))
    .bind(i64::from(limit))
    .fetch_all(conn)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(FoundFlow {
                id: row.id("id")?,
                name: row.text("name")?,
                flow_type: row.word("flow_type", FlowType::parse)?,
            })
        })
        .collect()
}

/// A target list that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundList {
    pub id: TargetListId,
    pub name: String,
    pub client: Option<String>,
}

/// Target lists with `text` in their name or client. Their names have no folded column: they are few.
pub async fn target_lists(conn: &mut Connection, text: &str) -> Result<Vec<FoundList>, StoreError> {
    let wanted = folded(text);
    let rows = sqlx::query(
        "SELECT id, name, client FROM target_lists WHERE tombstone = 0 ORDER BY name COLLATE NOCASE, id",
    )
    .fetch_all(conn)
    .await?;
    let mut found = Vec::new();
    for row in &rows {
        let list =
            FoundList { id: row.id("id")?, name: row.text("name")?, client: row.maybe_text("client")? };
        let of_client = list.client.as_ref().is_some_and(|client| folded(client).contains(&wanted));
        if of_client || folded(&list.name).contains(&wanted) {
            found.push(list);
        }
    }
    Ok(found)
}

/// The newest batches of flows with `text` in their name, deleted ones too: their history outlives them.
pub async fn batches(conn: &mut Connection, text: &str, limit: u32) -> Result<Vec<ListedBatch>, StoreError> {
    let rows = sqlx::query(
        r"SELECT b.id FROM batches AS b
           WHERE b.tombstone = 0 AND b.flow_id IN (SELECT id FROM flows WHERE folded_name LIKE ?1 ESCAPE '\')
           ORDER BY b.launched_at DESC, b.id DESC LIMIT ?2",
    )
    .bind(anywhere(text))
    .bind(i64::from(limit))
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<BatchId> = rows.iter().map(|row| row.id("id")).collect::<Result<_, _>>()?;
    batches::listed(conn, &ids).await
}

/// The newest session of each target with `text` in its label: the same label first, then labels that begin with it.
/// Reads the index of labels alone: a hundred thousand sessions are a few megabytes.
pub async fn sessions(
    conn: &mut Connection,
    text: &str,
    limit: u32,
) -> Result<Vec<ListedSession>, StoreError> {
    let rows = sqlx::query(
        r"SELECT id, folded_label, MAX(created_at) AS newest FROM sessions INDEXED BY sessions_by_label
           WHERE folded_label LIKE ?1 ESCAPE '\' AND folded_label <> '' GROUP BY folded_label
           ORDER BY folded_label = ?3 DESC, folded_label LIKE ?2 ESCAPE '\' DESC, newest DESC, folded_label LIMIT ?4",
    )
    .bind(anywhere(text))
    .bind(beginning(text))
    .bind(folded(text))
    .bind(i64::from(limit))
    .fetch_all(&mut *conn)
    .await?;
    let ids: Vec<SessionId> = rows.iter().map(|row| row.id("id")).collect::<Result<_, _>>()?;
    let mut found = sessions::of_ids(conn, &ids).await?;
    found.sort_by_key(|listed| ids.iter().position(|id| *id == listed.session.id));
    Ok(found)
}
