//! Commands about importing targets from a CSV file.

use chrono::{DateTime, Utc};
use mf_domain::ids::{TargetImportId, TargetListId};
use mf_domain::target_import::{Counts, Mapping, Preset, Preview};
use serde::{Deserialize, Serialize};

/// What importing a file would do; writes nothing. The targets it answers can be launched as they are: those of a list
/// have its client and site where they have none of their own, as in a launch of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewTargetImport {
    /// The text of the file; at most 16 MiB.
    pub csv: String,
    /// Which column is what. Without one, the preset's; without that, what the header tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Mapping>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<Preset>,
    /// The list the rows would be merged into; without one they would make a list of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_list_id: Option<TargetListId>,
}

/// The reply of [`PreviewTargetImport`].
pub type TargetImportPreview = Preview;

/// Imports the rows that are not rejected, all at once: into a list, or as a new one. Either `target_list_id` or `name`.
/// `validation` when nothing would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportTargets {
    pub csv: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Mapping>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<Preset>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_list_id: Option<TargetListId>,
    /// The name of a new list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The client of a new list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// The site of a new list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
}

/// An import that is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetImport {
    /// Undoes it, as long as the list is as the import left it.
    pub import_id: TargetImportId,
    pub target_list_id: TargetListId,
    pub name: String,
    pub target_count: u32,
    pub imported_at: DateTime<Utc>,
    #[serde(flatten)]
    pub counts: Counts,
    /// The rejected rows with their lines and reasons, for download; `None` when there are none.
    pub rejected_csv: Option<String>,
}

/// Takes an import back: a list it made is deleted, another one is as it was. `conflict` when the list was changed since,
/// or the import was undone already. The last 50 imports can be undone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UndoTargetImport {
    pub import_id: TargetImportId,
}
