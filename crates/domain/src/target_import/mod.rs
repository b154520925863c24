//! Targets out of a CSV file: which column is what, and what each row would do to a list.
//!
//! Nothing is guessed in silence: the preview says which delimiter, columns and mapping were used, and every row has a
//! verdict with its line. A row is matched with a target of the list by its folded name; what a file does not say (a
//! column that is not mapped, an empty cell) stays as the target has it. Deliberately absent: bytes and their encoding;
//! what arrives here is text, and what was lost on the way to it is told as a problem.

#[cfg(feature = "native")]
mod plan;
#[cfg(feature = "native")]
mod presets;
#[cfg(feature = "native")]
mod table;

#[cfg(feature = "native")]
pub use plan::preview;

use crate::targets::Target;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Largest file, in bytes.
pub const CSV_MAX: usize = 16 << 20;

/// A product whose names for things are known or assumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    NinjaOne,
    DattoRmm,
    #[serde(rename = "connectwise_automate")]
    ConnectWiseAutomate,
    #[serde(rename = "connectwise_psa")]
    ConnectWisePsa,
    KaseyaVsa,
    #[serde(rename = "halo_psa")]
    HaloPsa,
}

impl Preset {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::NinjaOne,
        Self::DattoRmm,
        Self::ConnectWiseAutomate,
        Self::ConnectWisePsa,
        Self::KaseyaVsa,
        Self::HaloPsa,
    ];

    /// The product's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NinjaOne => "NinjaOne",
            Self::DattoRmm => "Datto RMM",
            Self::ConnectWiseAutomate => "ConnectWise Automate",
            Self::ConnectWisePsa => "ConnectWise PSA",
            Self::KaseyaVsa => "Kaseya VSA",
            Self::HaloPsa => "HaloPSA",
        }
    }
}

/// Which column holds what, by the names of [`Preview::columns`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The target's name.
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Variable keys, each with its column.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
}

/// What an import would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// What separates the cells: `,`, `;`, a tab or `|`.
    pub delimiter: String,
    /// What is odd about the file as a whole, in sentences for a person.
    pub problems: Vec<String>,
    /// The header. A name that stands there twice has its number behind it.
    pub columns: Vec<String>,
    /// The product whose export this looks like by the names of its columns, or the one that was chosen.
    pub preset: Option<Preset>,
    pub mapping: Mapping,
    /// In the order of the file; blank lines have none.
    pub rows: Vec<Row>,
    #[serde(flatten)]
    pub counts: Counts,
    /// The list as it would be: its targets in their order, new ones behind them. Never more than a list may hold.
    pub targets: Vec<Target>,
    /// The rejected rows as they stood, each with its line and reason, as a CSV file; `None` when there are none.
    pub rejected_csv: Option<String>,
}

/// What would become of one row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Where it begins in the file, from 1; a quoted cell may span several lines.
    pub line: u32,
    pub label: String,
    pub verdict: Verdict,
    /// Why it is skipped or rejected; what an update changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A new target.
    Create,
    /// A target of the list gets other details.
    Update,
    /// The list says the same already.
    Skip,
    /// It cannot be a target.
    Rejected,
}

/// How many rows there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub create: u32,
    pub update: u32,
    pub skip: u32,
    pub rejected: u32,
}

#[cfg(feature = "native")]
impl Counts {
    fn add(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::Create => &mut self.create,
            Verdict::Update => &mut self.update,
            Verdict::Skip => &mut self.skip,
            Verdict::Rejected => &mut self.rejected,
        } += 1;
    }
}

#[cfg(test)]
#[cfg(feature = "native")]
mod tests;
