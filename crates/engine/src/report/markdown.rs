//! A report as Markdown, for a change ticket or a wiki.

use super::model::{ClientReport, Report, TargetReport};
use super::words::{session_status, size};
use mf_domain::session::SessionStatus;
use std::fmt::Write as _;

/// The whole report.
pub(super) fn write(report: &Report) -> String {
    let mut out = format!("# {} – batch report\n\n", line(&report.title));
    for (label, value) in &report.facts {
        let _ = writeln!(out, "- **{label}:** {}", line(value));
    }
    if !report.answers.is_empty() {
        out.push_str("\n## Intake\n\n");
        for (question, answer) in &report.answers {
            let _ = writeln!(out, "- **{}:** {}", line(question), line(answer));
        }
    }
    if report.has_clients() {
        out.push_str("\n## Clients\n\n| Client | Result |\n|---|---|\n");
        for client in &report.clients {
            let _ = writeln!(out, "| {} | {} |", cell(client.title()), client.result);
        }
    }
    for client in &report.clients {
        one_client(&mut out, report, client);
    }
    if report.evidence().next().is_some() {
        out.push_str(
            "\n## Evidence\n\n| Target | Step | File | Size | Added | SHA-256 |\n|---|---|---|---|---|---|\n",
        );
    }
    for piece in report.evidence() {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |",
            cell(&piece.target),
            cell(&piece.step),
            cell(&piece.file.name),
            size(piece.file.size),
            report.when(piece.at),
            piece.file.sha256,
        );
    }
    out
}

/// A section of its own where there are several clients; else its targets are those of the report.
fn one_client(out: &mut String, report: &Report, client: &ClientReport) {
    let heading = if report.has_clients() {
        let _ = write!(out, "\n## {} – {}\n\n", line(client.title()), client.result);
        "###"
    } else {
        out.push_str("\n## Targets\n\n");
        "##"
    };
    let sites = client.targets.iter().any(|target| target.site.is_some());
    out.push_str(if sites {
        "| Target | Site | Status | Steps | Began | Took |\n|---|---|---|---|---|---|\n"
    } else {
        "| Target | Status | Steps | Began | Took |\n|---|---|---|---|---|\n"
    });
    for target in &client.targets {
        let began = target.started_at.map_or_else(String::new, |at| report.when(at));
        let site = target.site.as_deref().unwrap_or_default();
        let _ = writeln!(
            out,
            "| {} |{} {} | {} | {began} | {} |",
            cell(&target.label),
            if sites { format!(" {} |", cell(site)) } else { String::new() },
            status(target.status),
            target.progress(),
            target.took().unwrap_or_default(),
        );
    }
    for target in &client.targets {
        one_target(out, report, heading, target);
    }
}

fn one_target(out: &mut String, report: &Report, heading: &str, target: &TargetReport) {
    let _ = write!(out, "\n{heading} {} – {}\n\n", line(&target.label), status(target.status));
    if let Some(place) = target.place() {
        let _ = write!(out, "{}\n\n", line(&place));
    }
    if !target.notes.is_empty() {
        let _ = write!(out, "{}\n\n", line(&target.notes));
    }
    if target.late {
        out.push_str("A step was recorded after the end.\n\n");
    }
    if !target.steps.is_empty() {
        out.push_str("| # | Step | Result | Recorded | Notes |\n|---|---|---|---|---|\n");
    }
    for step in &target.steps {
        let notes: Vec<String> = step.notes.iter().map(|note| cell(&note.text)).collect();
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            step.number,
            cell(&step.title),
            step.result(),
            step.at.map_or_else(String::new, |at| report.when(at)),
            notes.join("<br>"),
        );
    }
    for note in &target.remarks {
        let _ = write!(out, "\n> {}: {}\n", report.when(note.at), line(&note.text));
    }
}

/// Failures stand out without colour.
fn status(status: SessionStatus) -> String {
    let word = session_status(status);
    if status == SessionStatus::Failed { format!("**{word}**") } else { word.to_owned() }
}

/// Text of a person on one line, so that nothing in it becomes a heading, a list, a link or HTML.
fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.trim().char_indices() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' => out.extend(['\\', character]),
            '#' | '+' | '-' if at == 0 => out.extend(['\\', character]),
            '\n' => out.push(' '),
            '\r' => {}
            '&' => out.push_str("&amp;"),
            _ => out.push(character),
        }
    }
    out
}

/// The same within a table, where lines can be kept.
fn cell(text: &str) -> String {
    text.lines().map(line).collect::<Vec<_>>().join("<br>")
}
