use super::super::model::EvidenceReport;
use super::page::Heading;
use super::*;
use crate::report::progress::Silent;
use chrono::{DateTime, Utc};
use mf_domain::batch::Rollup;
use mf_domain::recurrence::zone::Zone;
use mf_domain::session::EvidenceFile;
use mf_domain::session::fold::Note;
use std::collections::HashMap;

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_796_688_000 + minute * 60, 0).expect("an instant")
}

fn step(number: usize, title: &str, outcome: Option<StepOutcome>, note: &str) -> StepReport {
    let notes = (!note.is_empty()).then(|| Note { text: note.to_owned(), at: at(1), author: None });
    StepReport {
        number,
        title: title.to_owned(),
        outcome,
        overruled: Vec::new(),
        notes: notes.into_iter().collect(),
        at: outcome.map(|_| at(number as i64)),
        evidence: Vec::new(),
    }
}

/// A report on `count` targets; the first has failed with a note.
fn report(count: u32, note: &str) -> Report {
    let targets = (1..=count).map(|n| {
        let failed = n == 1;
        let outcome = if failed { StepOutcome::Failed } else { StepOutcome::Done };
        TargetReport {
            label: format!("RDS-{n:04}"),
            client: None,
            site: None,
            notes: format!("10.0.{}.{}", n / 250, n % 250),
            status: if failed { SessionStatus::Failed } else { SessionStatus::Completed },
            started_at: Some(at(0)),
            ended_at: Some(at(90)),
            steps: vec![
                step(1, "Drain the server and wait for its users", Some(StepOutcome::Done), ""),
                step(2, "Install the update", Some(outcome), if failed { note } else { "" }),
                step(3, "Reboot", failed.then_some(StepOutcome::Skipped), ""),
            ],
            remarks: Vec::new(),
            evidence: Vec::new(),
            late: false,
        }
    });
    let mut targets: Vec<TargetReport> = targets.collect();
    targets[0].steps[1].evidence.push(EvidenceReport {
        target: "RDS-0001".to_owned(),
        step: "2 Install the update".to_owned(),
        file: EvidenceFile {
            name: "installer.log".to_owned(),
            media_type: "text/plain".to_owned(),
            size: 1_400_000,
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        },
        at: at(3),
    });
    Report {
        title: "Citrix VDA: monthly patch".to_owned(),
        purpose: "Patch the farm at night, one server after the other.".to_owned(),
        result: "7/8 complete, 1 failed".to_owned(),
        rollup: Rollup { total: count, completed: count - 1, failed: 1, ..Rollup::default() },
        facts: vec![("Launched", "2026-12-08 22:00 +01:00".to_owned())],
        answers: vec![("Patch version".to_owned(), "2026.11".to_owned())],
        ticket: None,
        signature: None,
        clients: vec![ClientReport { name: None, result: String::new(), targets }],
        made_at: at(100),
        zone: Zone::named("Europe/Berlin").expect("a zone"),
    }
}

/// The texts of a report as they stand on its pages, line by line.
pub(in crate::report) fn printed(report: &Report) -> Vec<String> {
    lines(&composed(report)).into_iter().flatten().map(|(_, _, line)| line.trim().to_owned()).collect()
}

fn composed(report: &Report) -> Pages {
    let mut pages = Pages::new();
    compose(&mut pages, report, &mut Silent);
    pages
}

/// What stands on each page, in the order it was placed: (x, y, line).
fn lines(pages: &Pages) -> Vec<Vec<(f32, f32, String)>> {
    let of_mark = |mark: &Mark| match mark {
        Mark::Text { x, y, paragraph, line } => {
            let line = paragraph.lines.get(*line).expect("a line of the paragraph");
            let from = line.glyphs.iter().map(|glyph| glyph.text_range.start).min().unwrap_or_default();
            let to = line.glyphs.iter().map(|glyph| glyph.text_range.end).max().unwrap_or_default();
            Some((*x, *y, line.text[from..to].to_owned()))
        }
        Mark::Block { .. } => None,
    };
    pages.marks.iter().map(|page| page.iter().filter_map(of_mark).collect()).collect()
}

#[test]
fn nothing_leaves_the_page_or_covers_something_else() {
    let long = "The installer stopped with error 0x80070643 and left a log of many lines. ".repeat(120);
    for report in [report(60, "short"), report(3, &long)] {
        for page in &composed(&report).marks {
            let mut lowest: HashMap<u32, f32> = HashMap::new();
            for mark in page {
                let Mark::Text { x, y, paragraph, line } = mark else { continue };
                let line = &paragraph.lines[*line];
                let advance: f32 = line.glyphs.iter().map(|glyph| glyph.x_advance).sum();
                assert!(
                    *x >= MARGIN && x + advance * paragraph.style.size <= WIDTH - MARGIN + 1.0,
                    "{mark:?}"
                );
                assert!(*y >= MARGIN && y + line.height <= HEIGHT - 60.0, "{mark:?}");
                let above = lowest.insert(x.to_bits(), y + line.height).unwrap_or_default();
                assert!(*y >= above - 0.01, "covers the line above: {mark:?}");
            }
        }
    }
}

#[test]
fn a_note_longer_than_a_page_is_kept_whole_and_the_titles_are_repeated() {
    let words: Vec<String> = (0..2_000).map(|n| format!("word{n}")).collect();
    let pages = composed(&report(1, &words.join(" ")));
    let lines = lines(&pages);
    let text: Vec<&str> = lines.iter().flatten().map(|(_, _, line)| line.as_str()).collect();
    let all = text.join(" ");
    assert!(words.iter().all(|word| all.contains(word.as_str())));
    let of_notes = |page: &Vec<(f32, f32, String)>| page.iter().any(|(_, _, line)| line.contains("word"));
    for page in lines.iter().filter(|page| of_notes(page)) {
        assert!(page.iter().any(|(_, _, line)| line == "Recorded"), "{page:?}");
    }
    assert!(lines.iter().filter(|page| of_notes(page)).count() > 2);
}

#[test]
fn the_outline_leads_to_every_target_failures_first() {
    let pages = composed(&report(40, "the note"));
    let texts: Vec<&str> = pages.outline.iter().map(|heading| heading.text.as_str()).collect();
    assert_eq!(&texts[..5], ["Intake", "Flow", "Targets", "RDS-0001 – failed", "RDS-0002 – complete"]);
    assert_eq!((texts.len(), texts[43]), (44, "Evidence"));
    let lines = lines(&pages);
    for Heading { text, page, y } in &pages.outline {
        assert!(lines[*page].iter().any(|(_, top, line)| top == y && line == text), "{text}");
    }
}

#[test]
fn pages_are_numbered_and_the_bytes_are_the_same_every_time() {
    let report = report(12, "the note");
    let mut pages = composed(&report);
    let total = pages.marks.len();
    assert!(total > 1);
    let foot = footer(&mut pages, &report, 2, total);
    let text = foot.iter().filter_map(|mark| match mark {
        Mark::Text { paragraph, .. } => paragraph.lines.first().map(|line| line.text.to_string()),
        Mark::Block { .. } => None,
    });
    let text: Vec<String> = text.collect();
    assert_eq!(text[1], format!("Page 2 of {total}"));
    let bytes = write(&report, &mut Silent).expect("a PDF");
    assert!(bytes.starts_with(b"%PDF-1.7"));
    assert_eq!(write(&report, &mut Silent).expect("a PDF"), bytes);
}
