//! What a laptop notes of its sharing, beside its rows.

use mf_store::meta::{self, Key as Meta};
use mf_store::{Connection, StoreError, Write};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// What is noted under a key.
pub(crate) async fn value<T: DeserializeOwned>(
    conn: &mut Connection,
    key: Meta,
) -> Result<Option<T>, StoreError> {
    let text = meta::get(conn, key).await?;
    text.map(|text| serde_json::from_str(&text).map_err(|_| StoreError::Unreadable { column: "meta.value" }))
        .transpose()
}

/// Notes it.
pub(crate) async fn put(write: &mut Write, key: Meta, value: &impl Serialize) -> Result<(), StoreError> {
    let text = serde_json::to_string(value).map_err(|_| StoreError::Unreadable { column: "meta.value" })?;
    meta::put(write, key, &text).await
}
