//! A report as CSV (RFC 4180): one row per target and step, instants in UTC.

use super::model::{Report, TargetReport, outcome, session_status};
use chrono::{DateTime, SecondsFormat, Utc};

const HEADER: [&str; 14] = [
    "flow",
    "batch_id",
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
    "target_remarks",
    "target_evidence",
];

/// The whole report. A target without steps has one row.
pub(super) fn write(report: &Report, batch_id: &str) -> Result<String, csv::Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(HEADER)?;
    for target in &report.targets {
        for row in rows(target) {
            let fields = [report.title.as_str(), batch_id].into_iter().chain(row.iter().map(String::as_str));
            writer.write_record(fields.map(harmless))?;
        }
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    // What went in was text.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn rows(target: &TargetReport) -> Vec<Vec<String>> {
    let remarks: Vec<&str> = target.remarks.iter().map(|note| note.text.as_str()).collect();
    let head = [
        target.label.clone(),
        target.notes.clone(),
        session_status(target.status).to_lowercase(),
        instant(target.started_at),
        instant(target.ended_at),
    ];
    let evidence: Vec<String> = target
        .evidence
        .iter()
        .map(|piece| format!("{} sha256:{}", piece.file.name, piece.file.sha256))
        .collect();
    let row = |step: [String; 5]| {
        let tail = [remarks.join("\n"), evidence.join("\n")];
        head.iter().cloned().chain(step).chain(tail).collect::<Vec<String>>()
    };
    if target.steps.is_empty() {
        return vec![row(Default::default())];
    }
    let steps = target.steps.iter().map(|step| {
        let notes: Vec<&str> = step.notes.iter().map(|note| note.text.as_str()).collect();
        row([
            step.number.to_string(),
            step.title.clone(),
            step.outcome.map_or_else(|| "open".to_owned(), |result| outcome(result).to_lowercase()),
            instant(step.at),
            notes.join("\n"),
        ])
    });
    steps.collect()
}

fn instant(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(String::new, |at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// A spreadsheet runs text that looks like a formula. An apostrophe before it is what OWASP advises ("CSV Injection").
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
