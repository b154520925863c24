//! A report typeset as PDF, A4.

mod page;
#[cfg(test)]
pub(super) mod tests;
mod typeset;

use super::model::{ClientReport, Report, StepReport, TargetReport};
use super::progress::{Phase, Tell};
use super::words::{session_status, size};
use chrono::{Datelike as _, Timelike as _};
use krilla::Document;
use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::text::Font;
use mf_domain::session::{SessionStatus, StepOutcome};
use page::{Cell, Column, Fill, HEIGHT, MARGIN, Mark, Pages, WIDTH};
use typeset::{Face, Ink, REGULAR, SEMIBOLD, Style};

const BODY: f32 = 9.0;
const HEADING: f32 = 13.0;
/// Of a target within the section of its client.
const SMALL_HEADING: f32 = 11.0;
const STEPS: [Column; 5] = [
    Column { title: "#", width: 22.0 },
    Column { title: "Step", width: 170.0 },
    Column { title: "Result", width: 62.0 },
    Column { title: "Recorded", width: 118.0 },
    Column { title: "Notes", width: 127.28 },
];
const TARGETS: [Column; 5] = [
    Column { title: "Target", width: 180.0 },
    Column { title: "Status", width: 70.0 },
    Column { title: "Steps", width: 56.0 },
    Column { title: "Began", width: 124.0 },
    Column { title: "Took", width: 69.28 },
];
const EVIDENCE: [Column; 4] = [
    Column { title: "Target and step", width: 150.0 },
    Column { title: "File", width: 110.0 },
    Column { title: "Added", width: 118.0 },
    Column { title: "SHA-256", width: 121.28 },
];
const PAIRS: [Column; 2] = [Column { title: "", width: 110.0 }, Column { title: "", width: 389.28 }];

/// Why a PDF could not be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum PdfError {
    #[error("a bundled font cannot be read")]
    Font,
    #[error("the document cannot be written: {0:?}")]
    Document(KrillaError),
}

/// The whole report.
pub(super) fn write(report: &Report, progress: &mut impl Tell) -> Result<Vec<u8>, PdfError> {
    let mut pages = Pages::new();
    compose(&mut pages, report, progress);
    draw(pages, report, progress)
}

fn style(size: f32, face: Face, ink: Ink) -> Style {
    Style { size, face, ink }
}

fn compose(pages: &mut Pages, report: &Report, progress: &mut impl Tell) {
    pages.text("Batch report", style(BODY, Face::SemiBold, Ink::Faint));
    pages.text(&report.title, style(20.0, Face::SemiBold, Ink::Text));
    pages.space(2.0);
    pages.text(&report.result, style(12.0, Face::Regular, Ink::Text));
    pages.space(8.0);
    let rollup = &report.rollup;
    pages.bar(&[
        (rollup.completed, Fill::Of(Ink::Good)),
        (rollup.failed, Fill::Of(Ink::Bad)),
        (rollup.in_progress, Fill::Of(Ink::Running)),
        (rollup.skipped + rollup.cancelled, Fill::Of(Ink::Faint)),
        (rollup.pending, Fill::Shade),
    ]);
    pages.space(10.0);
    let pair = |label: &str, value: &str| vec![Cell::faint(label), Cell::new(value)];
    pages.table(&PAIRS, BODY, report.facts.iter().map(|(label, value)| pair(label, value)));
    if !report.answers.is_empty() {
        section(pages, "Intake");
        pages.table(&PAIRS, BODY, report.answers.iter().map(|(question, answer)| pair(question, answer)));
    }
    if !report.purpose.trim().is_empty() {
        section(pages, "Flow");
        pages.text(report.purpose.trim(), style(BODY, Face::Regular, Ink::Text));
    }
    if report.has_clients() {
        section(pages, "Clients");
        let rows = report.clients.iter().map(|client| pair(client.title(), &client.result));
        pages.table(&PAIRS, BODY, rows);
    }
    let (mut done, total) = (0, report.targets().count());
    for client in &report.clients {
        let size = client_head(pages, report, client);
        for target in &client.targets {
            one_target(pages, report, target, size);
            done += 1;
            progress.tell(Phase::Typesetting, done, total);
        }
    }
    let mut evidence = report.evidence().peekable();
    if evidence.peek().is_some() {
        section(pages, "Evidence");
        let rows = evidence.map(|piece| {
            vec![
                Cell::new(format!("{}\n{}", piece.target, piece.step).trim_end()),
                Cell::new(format!("{}\n{}", piece.file.name, size(piece.file.size))),
                Cell::faint(report.when(piece.at)),
                Cell::faint(&piece.file.sha256),
            ]
        });
        pages.table(&EVIDENCE, BODY, rows);
    }
}

/// The targets of a client at a glance. Answers the size of the headings of each.
fn client_head(pages: &mut Pages, report: &Report, client: &ClientReport) -> f32 {
    let size = if report.has_clients() {
        section(pages, client.title());
        pages.text(&client.result, style(BODY, Face::Regular, Ink::Text));
        pages.space(4.0);
        SMALL_HEADING
    } else {
        section(pages, "Targets");
        HEADING
    };
    let rows = client.targets.iter().map(|target| {
        let site = target.site.as_deref().unwrap_or_default();
        vec![
            Cell::new(format!("{}\n{site}", target.label).trim_end()),
            status(target.status),
            Cell::new(target.progress()),
            Cell::faint(target.started_at.map_or_else(String::new, |at| report.when(at))),
            Cell::faint(target.took().unwrap_or_default()),
        ]
    });
    pages.table(&TARGETS, BODY, rows);
    size
}

fn section(pages: &mut Pages, title: &str) {
    heading(pages, title, HEADING);
}

fn heading(pages: &mut Pages, title: &str, size: f32) {
    pages.space(18.0);
    pages.heading(title, style(size, Face::SemiBold, Ink::Text));
    pages.space(4.0);
}

fn one_target(pages: &mut Pages, report: &Report, target: &TargetReport, size: f32) {
    let word = session_status(target.status);
    heading(pages, &format!("{} – {}", target.label, word.to_lowercase()), size);
    let times = [
        target.started_at.map(|at| format!("began {}", report.when(at))),
        target.ended_at.map(|at| format!("ended {}", report.when(at))),
        target.took().map(|took| format!("took {took}")),
        target.late.then(|| "a step was recorded after the end".to_owned()),
    ];
    let times: Vec<String> = times.into_iter().flatten().collect();
    let lines = [target.place().unwrap_or_default(), target.notes.clone(), times.join(", ")];
    for line in lines.iter().filter(|line| !line.is_empty()) {
        pages.text(line, style(BODY, Face::Regular, Ink::Faint));
    }
    if !target.steps.is_empty() {
        pages.space(4.0);
        pages.table(&STEPS, BODY, target.steps.iter().map(|step| step_row(report, step)));
    }
    for note in &target.remarks {
        pages.space(4.0);
        pages
            .text(&format!("{}: {}", report.when(note.at), note.text), style(BODY, Face::Regular, Ink::Text));
    }
}

fn step_row(report: &Report, step: &StepReport) -> Vec<Cell> {
    let result = match step.outcome {
        Some(StepOutcome::Done) => Cell::strong(step.result(), Ink::Good),
        Some(StepOutcome::Failed) => Cell::strong(step.result(), Ink::Bad),
        Some(StepOutcome::Skipped) | None => Cell::strong(step.result(), Ink::Faint),
    };
    let notes: Vec<&str> = step.notes.iter().map(|note| note.text.as_str()).collect();
    vec![
        Cell::faint(step.number.to_string()),
        Cell::new(&step.title),
        result,
        Cell::faint(step.at.map_or_else(String::new, |at| report.when(at))),
        Cell::new(notes.join("\n")),
    ]
}

fn status(status: SessionStatus) -> Cell {
    let ink = match status {
        SessionStatus::Completed => Ink::Good,
        SessionStatus::Failed => Ink::Bad,
        SessionStatus::InProgress => Ink::Running,
        SessionStatus::Pending | SessionStatus::Skipped | SessionStatus::Cancelled => Ink::Faint,
    };
    Cell::strong(session_status(status), ink)
}

/// The colours of the light theme, which is what paper is; each has at least 4.5 to 1 on white.
fn colour(ink: Ink) -> rgb::Color {
    match ink {
        Ink::Text => rgb::Color::new(0x1b, 0x1f, 0x24),
        Ink::Faint => rgb::Color::new(0x5f, 0x67, 0x70),
        Ink::Good => rgb::Color::new(0x1a, 0x7a, 0x3c),
        Ink::Bad => rgb::Color::new(0xc0, 0x26, 0x2d),
        Ink::Running => rgb::Color::new(0x1f, 0x5f, 0xbf),
    }
}

fn fill(colour: rgb::Color) -> krilla::paint::Fill {
    krilla::paint::Fill {
        paint: colour.into(),
        opacity: NormalizedF32::ONE,
        rule: krilla::paint::FillRule::default(),
    }
}

fn draw(mut pages: Pages, report: &Report, progress: &mut impl Tell) -> Result<Vec<u8>, PdfError> {
    let font = |bytes: &'static [u8]| Font::new(bytes.into(), 0).ok_or(PdfError::Font);
    let (regular, semibold) = (font(REGULAR)?, font(SEMIBOLD)?);
    let face = |face: Face| match face {
        Face::Regular => regular.clone(),
        Face::SemiBold => semibold.clone(),
    };
    let mut document = Document::new();
    let marks = std::mem::take(&mut pages.marks);
    let total = marks.len();
    for (index, marks) in marks.into_iter().enumerate() {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).unwrap_or_default();
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in marks.iter().chain(&footer(&mut pages, report, index + 1, total)) {
            draw_mark(&mut surface, mark, &face);
        }
        surface.finish();
        page.finish();
        progress.tell(Phase::Drawing, index + 1, total);
    }
    document.set_metadata(metadata(report));
    let mut outline = Outline::new();
    for heading in &pages.outline {
        let place = XyzDestination::new(heading.page, Point::from_xy(MARGIN, heading.y));
        outline.push_child(OutlineNode::new(heading.text.clone(), place));
    }
    document.set_outline(outline);
    document.finish().map_err(PdfError::Document)
}

fn footer(pages: &mut Pages, report: &Report, number: usize, total: usize) -> Vec<Mark> {
    let small = style(8.0, Face::Regular, Ink::Faint);
    let y = HEIGHT - 40.0;
    let left = format!("{} · {}", report.title, report.when(report.made_at));
    // One line, however long the name is.
    let left = pages.typesetter.set(&left, small, 380.0);
    let right = pages.typesetter.set(&format!("Page {number} of {total}"), small, 90.0);
    let rule =
        Mark::Block { x: MARGIN, y: y - 6.0, width: WIDTH - 2.0 * MARGIN, height: 0.5, ink: Fill::Hairline };
    let text = |x: f32, paragraph| Mark::Text { x, y, paragraph, line: 0 };
    let at = WIDTH - MARGIN - right.width();
    vec![rule, text(MARGIN, left), text(at, right)]
}

fn draw_mark(surface: &mut Surface<'_>, mark: &Mark, face: &impl Fn(Face) -> Font) {
    match mark {
        Mark::Text { x, y, paragraph, line } => {
            let Some(line) = paragraph.lines.get(*line) else { return };
            let style = paragraph.style;
            surface.set_fill(Some(fill(colour(style.ink))));
            let start = Point::from_xy(*x, y + line.baseline);
            surface.draw_glyphs(start, &line.glyphs, face(style.face), &line.text, style.size, false);
        }
        Mark::Block { x, y, width, height, ink } => {
            let colour = match ink {
                Fill::Hairline => rgb::Color::new(0xd8, 0xdc, 0xe1),
                Fill::Shade => rgb::Color::new(0xe9, 0xec, 0xef),
                Fill::Of(ink) => colour(*ink),
            };
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_xywh(*x, *y, *width, *height) {
                path.push_rect(rect);
            }
            if let Some(path) = path.finish() {
                surface.set_fill(Some(fill(colour)));
                surface.draw_path(&path);
            }
        }
    }
}

fn metadata(report: &Report) -> Metadata {
    let at = report.made_at;
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    let made = DateTime::new(u16::try_from(at.year()).unwrap_or_default())
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(format!("{} – batch report", report.title))
        .language("en".to_owned())
        .creator("Maintenance Flows".to_owned())
        .creation_date(made)
}
