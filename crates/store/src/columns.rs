//! Reading columns as the types they hold, and writing instants as milliseconds.

use crate::error::StoreError;
use chrono::{DateTime, Utc};
use mf_domain::occurrence::folded;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

/// Milliseconds since 1970.
pub(crate) fn millis(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// The instant of a stored column.
pub(crate) fn instant(column: &'static str, millis: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_millis(millis).ok_or(StoreError::Unreadable { column })
}

/// JSON text of a value that always can be written.
pub(crate) fn json_text<T: Serialize>(column: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Unreadable { column })
}

/// Typed access to a row.
pub(crate) trait Columns {
    fn text(&self, column: &'static str) -> Result<String, StoreError>;
    fn maybe_text(&self, column: &'static str) -> Result<Option<String>, StoreError>;
    fn int(&self, column: &'static str) -> Result<i64, StoreError>;
    fn maybe_int(&self, column: &'static str) -> Result<Option<i64>, StoreError>;

    fn count(&self, column: &'static str) -> Result<u32, StoreError> {
        u32::try_from(self.int(column)?).map_err(|_| StoreError::Unreadable { column })
    }

    fn id<T: From<Uuid>>(&self, column: &'static str) -> Result<T, StoreError> {
        Uuid::parse_str(&self.text(column)?).map(T::from).map_err(|_| StoreError::Unreadable { column })
    }

    fn maybe_id<T: From<Uuid>>(&self, column: &'static str) -> Result<Option<T>, StoreError> {
        let Some(text) = self.maybe_text(column)? else { return Ok(None) };
        Uuid::parse_str(&text).map(|id| Some(T::from(id))).map_err(|_| StoreError::Unreadable { column })
    }

    fn instant(&self, column: &'static str) -> Result<DateTime<Utc>, StoreError> {
        instant(column, self.int(column)?)
    }

    fn maybe_instant(&self, column: &'static str) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.maybe_int(column)?.map(|millis| instant(column, millis)).transpose()
    }

    fn json<T: DeserializeOwned>(&self, column: &'static str) -> Result<T, StoreError> {
        serde_json::from_str(&self.text(column)?).map_err(|_| StoreError::Unreadable { column })
    }

    fn word<T>(&self, column: &'static str, parse: fn(&str) -> Option<T>) -> Result<T, StoreError> {
        parse(&self.text(column)?).ok_or(StoreError::Unreadable { column })
    }
}

impl Columns for SqliteRow {
    fn text(&self, column: &'static str) -> Result<String, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn maybe_text(&self, column: &'static str) -> Result<Option<String>, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn int(&self, column: &'static str) -> Result<i64, StoreError> {
        Ok(self.try_get(column)?)
    }

    fn maybe_int(&self, column: &'static str) -> Result<Option<i64>, StoreError> {
        Ok(self.try_get(column)?)
    }
}

/// A pattern for `LIKE … ESCAPE '\'` that finds `text` anywhere in a folded column.
pub(crate) fn anywhere(text: &str) -> String {
    format!("%{}", beginning(text))
}

/// A pattern for `LIKE … ESCAPE '\'` that finds `text` at the beginning of a folded column.
pub(crate) fn beginning(text: &str) -> String {
    let text = folded(text);
    let mut pattern = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
