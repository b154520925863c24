//! A report as CSV (RFC 4180): one row per target and step, instants in UTC.

use super::model::{EvidenceReport, Report, TargetReport};
use super::words::{outcome, session_status};
use chrono::{DateTime, SecondsFormat, Utc};
use mf_domain::session::fold::Note;

const HEADER: [&str; 20] = [
    "flow",
    "batch_id",
    "ticket",
    "signed_off_at",
    "signed_off_by",
    "client",
    "site",
    "target",
    "target_notes",
    "status",
    "started_at",
    "ended_at",
    "step",
    "step_title",
    "result",
    "recorded_at",
    "notes",
    "step_evidence",
    "target_remarks",
    "target_evidence",
];

/// The whole report. A target without steps has one row.
pub(super) fn write(report: &Report, batch_id: &str) -> Result<String, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(HEADER)?;
    let signature = report.signature.as_ref();
    let head = [
        report.title.clone(),
        batch_id.to_owned(),
        report.ticket.clone().unwrap_or_default(),
        instant(signature.map(|given| given.at)),
        signature.map_or_else(String::new, |given| given.by.clone()),
    ];
    for target in report.targets() {
        for row in rows(target) {
            writer.write_record(head.iter().chain(&row).map(|field| harmless(field)))?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    // What went in was text.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn rows(target: &TargetReport) -> Vec<Vec<String>> {
    let head = [
        target.client.clone().unwrap_or_default(),
        target.site.clone().unwrap_or_default(),
        target.label.clone(),
        target.notes.clone(),
        session_status(target.status).to_lowercase(),
        instant(target.started_at),
        instant(target.ended_at),
    ];
    // What belongs to the target as a whole stands in its first row alone: whoever counts files counts each once.
    let mut tail = [texts(&target.remarks), files(&target.evidence)];
    let mut row = |step: [String; 6]| {
        let tail = std::mem::take(&mut tail);
        head.iter().cloned().chain(step).chain(tail).collect::<Vec<String>>()
    };
    if target.steps.is_empty() {
        return vec![row(Default::default())];
    }
    let steps = target.steps.iter().map(|step| {
        row([
            step.number.to_string(),
            step.title.clone(),
            step.outcome.map_or_else(|| "open".to_owned(), |result| outcome(result).to_lowercase()),
            instant(step.at),
            texts(&step.notes),
            files(&step.evidence),
        ])
    });
    steps.collect()
}

fn texts(notes: &[Note]) -> String {
    let notes: Vec<&str> = notes.iter().map(|note| note.text.as_str()).collect();
    notes.join("\n")
}

fn files(evidence: &[EvidenceReport]) -> String {
    let files = evidence.iter().map(|piece| format!("{} sha256:{}", piece.file.name, piece.file.sha256));
    files.collect::<Vec<String>>().join("\n")
}

fn instant(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(String::new, |at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// A spreadsheet runs text that looks like a formula. An apostrophe before it is what OWASP advises ("CSV Injection").
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
