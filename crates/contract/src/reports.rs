//! Commands about reports: what came of a batch, for a change ticket.

use mf_domain::ids::BatchId;
use serde::{Deserialize, Serialize};

/// Writes what came of a batch as a document. Progress is told as [`crate::Event::ReportProgress`]; a target counts
/// as dealt with when it is read and, in a PDF, typeset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeReport {
    pub batch_id: BatchId,
    pub format: ReportFormat,
    /// IANA zone of the times in it; UTC by default. CSV always has UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

/// The formats of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    /// Typeset, for people.
    Pdf,
    /// One row per target and step, for spreadsheets.
    Csv,
    /// For a ticket or a wiki.
    Markdown,
}

/// A report as a document: `text` for CSV and Markdown, `base64` for PDF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportDocument {
    /// A file name that every system accepts.
    pub file_name: String,
    pub media_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
}
