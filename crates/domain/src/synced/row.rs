//! A row as it travels.
//!
//! Its columns are one flat map: those this release knows and those it does not, which SQLite keeps in `extra`. A column
//! that is NULL, or that has the value a row without it means, is not in the map. So two clients of different releases
//! that hold the same row have the same content, and the same hash of it.

use super::table::{self, Table};
use crate::version::Version;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Above this a row is refused where it is made: the server's jsonb would refuse it later and block the outbox.
pub const LARGEST_ROW: usize = 8 << 20;

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Scalar {
    /// A number.
    Int(i64),
    /// A text; JSON, too.
    Text(String),
}

/// Columns by name.
pub type Columns = BTreeMap<String, Scalar>;

/// Which row: its table and its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// The table, perhaps one of a newer release.
    pub table: String,
    /// The row in it.
    pub id: Uuid,
}

/// One copy of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Which row.
    #[serde(flatten)]
    pub key: Key,
    /// Its version: the greater one wins.
    pub version: Version,
    /// Deleted, and kept so that others learn of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub tombstone: bool,
    /// Its columns without those that are NULL or mean nothing else than their absence.
    pub columns: Columns,
}

/// What this laptop has of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Local {
    /// Its copy.
    pub row: Row,
    /// The server's version it was made on.
    pub base_version: Option<Version>,
    /// Whether it stands in the outbox.
    pub pending: bool,
}

/// Why a row may not travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// jsonb cannot hold it.
    #[error("a text contains the character U+0000")]
    Nul,
    /// More than [`LARGEST_ROW`] bytes.
    #[error("the row is larger than 8 MiB")]
    TooLarge,
    /// Its version is not one.
    #[error("the version is malformed")]
    Version,
}

/// SHA-256 of a canonical content.
pub type Hash = [u8; 32];

impl Row {
    /// The copy without what need not be said.
    #[must_use]
    pub fn new(key: Key, version: Version, tombstone: bool, mut columns: Columns) -> Self {
        if let Some(table) = table::find(&key.table) {
            columns.retain(|name, value| !is_default(table, name, value));
        }
        Self { key, version, tombstone, columns }
    }

    /// The content as one text, equal exactly where the content is: `[tombstone,{columns, by name}]`, without spaces. The
    /// server's `mf.canonical` makes the same bytes.
    #[must_use]
    pub fn canonical(&self) -> String {
        // Maps of texts and numbers can always be written.
        serde_json::to_string(&(self.tombstone, &self.columns)).unwrap_or_default()
    }

    /// The hash of the canonical content.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Sha256::digest(self.canonical()).into()
    }

    /// Whether two copies say the same, whatever their versions.
    #[must_use]
    pub fn same_content(&self, other: &Self) -> bool {
        self.tombstone == other.tombstone && self.columns == other.columns
    }

    /// The columns a table of this release has, and the rest, for `extra`. Of the former, those that are missing mean
    /// their default, or NULL.
    #[must_use]
    pub fn split(&self, table: &Table) -> (Columns, Columns) {
        self.columns.clone().into_iter().partition(|(name, _)| table.has(name))
    }

    /// Whether it may travel: asked where a row is made, and once more before it is sent.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), Unfit> {
        let nul = |text: &str| text.contains('\0');
        let columns = || self.columns.iter();
        if columns().any(|(name, value)| nul(name) || matches!(value, Scalar::Text(text) if nul(text))) {
            return Err(Unfit::Nul);
        }
        if self.size() > LARGEST_ROW {
            return Err(Unfit::TooLarge);
        }
        Version::parse(self.version.as_str()).map(drop).ok_or(Unfit::Version)
    }

    /// Bytes it takes on the way, about.
    #[must_use]
    pub fn size(&self) -> usize {
        const AROUND: usize = 240;
        AROUND + self.canonical().len()
    }

    /// A column that holds the id of another row.
    #[must_use]
    pub fn reference(&self, column: &str) -> Option<Uuid> {
        if column == "id" {
            return Some(self.key.id);
        }
        match self.columns.get(column) {
            Some(Scalar::Text(text)) => Uuid::parse_str(text).ok(),
            _ => None,
        }
    }

    /// The rows that must be there for this one to make sense.
    pub fn parents(&self) -> impl Iterator<Item = Key> + '_ {
        let parents = table::find(&self.key.table).map_or(&[][..], |table| table.parents);
        parents.iter().filter_map(|(column, table)| {
            Some(Key { table: (*table).to_owned(), id: self.reference(column)? })
        })
    }
}

fn is_default(table: &Table, name: &str, value: &Scalar) -> bool {
    matches!((table.default_of(name), value), (Some(default), Scalar::Text(text)) if text == default)
}

/// The id of the conflict that keeps a copy which lost: every replica that sees it lose arrives at the same.
#[must_use]
pub fn conflict_id(key: &Key, losing: &Version) -> Uuid {
    let digest: Hash = Sha256::digest(format!("{}/{}/{}", key.table, key.id, losing.as_str())).into();
    let mut head = [0; 16];
    head.copy_from_slice(&digest[..16]);
    Uuid::from_bytes(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(table: &str, columns: &[(&str, Scalar)]) -> Row {
        let columns = columns.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        Row::new(Key { table: table.into(), id: Uuid::nil() }, Version::bottom(), false, columns)
    }

    fn text(text: &str) -> Scalar {
        Scalar::Text(text.into())
    }

    #[test]
    fn the_canonical_content_is_sorted_and_says_nothing_twice() {
        let row = row(
            "schedules",
            &[("timezone", text("UTC")), ("grace_seconds", Scalar::Int(5)), ("windows", text("[]"))],
        );
        assert_eq!(row.canonical(), r#"[false,{"grace_seconds":5,"timezone":"UTC"}]"#);
    }

    #[test]
    fn a_column_nobody_here_knows_is_part_of_the_content() {
        let plain = row("schedule_pauses", &[("paused", Scalar::Int(1))]);
        let newer = row("schedule_pauses", &[("paused", Scalar::Int(1)), ("until", Scalar::Int(7))]);
        assert_ne!(plain.hash(), newer.hash());
        let (known, extra) = newer.split(table::find("schedule_pauses").unwrap());
        assert_eq!((known.len(), extra), (1, Columns::from([("until".into(), Scalar::Int(7))])));
    }

    #[test]
    fn what_the_server_could_not_hold_is_found_before() {
        assert_eq!(row("flows", &[("name", text("a\0"))]).check(), Err(Unfit::Nul));
        assert_eq!(row("flows", &[("name", text(&"x".repeat(LARGEST_ROW)))]).check(), Err(Unfit::TooLarge));
        assert_eq!(row("flows", &[("name", text("a"))]).check(), Ok(()));
    }

    #[test]
    fn a_row_reads_back_as_it_was_written() {
        let row = row("schedule_pauses", &[("paused", Scalar::Int(1)), ("why", text("é\"\n"))]);
        let text = serde_json::to_string(&row).unwrap();
        assert_eq!(serde_json::from_str::<Row>(&text).unwrap(), row);
    }
}
