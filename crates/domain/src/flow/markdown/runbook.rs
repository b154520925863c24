//! A runbook in plain Markdown, as people publish them, read as a flow.
//!
//! The rules are those of [`super::import`]. They go block by block and never look at a text twice, so that what is not
//! understood ends up in a description, as it was written.

use super::outline::{Block, Item, Kind, Outline, Prose};
use super::title::{self, Title};
use super::{BLOCK_INFO, Draft, Extra, Imported, STEPS_MAX, invalid, procedure};
use crate::Invalid;
use crate::flow::Structure;
use std::ops::Range;

/// Deepest heading that is a step when a document has no lists of steps.
const SECTION_LEVEL: u8 = 3;
/// A line at least this long, in characters, was broken by an editor and not by its author.
const WRAPPED: usize = 60;

pub(super) fn read(document: &str) -> Result<Imported, Invalid> {
    let (front, body) = FrontMatter::split(document);
    let outline = Outline::read(body);
    let mut description = Prose::default();
    let heading = name_heading(&outline.blocks, front.title.is_some());
    let name = match heading {
        Some((index, inner)) => {
            let source = outline.raw(inner.clone());
            let (text, loses) = title::plain(source, &outline.definitions);
            let (name, cut) = title::shortened(&text);
            if loses || cut {
                description.push(source);
                outline.note_uses(&mut description, &inner);
            }
            (!name.is_empty()).then_some((name, Some(index)))
        }
        None => front.title.as_ref().map(|title| (title::shortened(title).0, None)),
    };
    let Some((name, heading)) = name else {
        return Err(invalid("has no name: begin it with a heading, `# Name of the flow`"));
    };
    description.push(front.rest(&name));
    let extra = extra(&outline)?;
    let flow = Flow::read(&outline, heading)?;
    outline.push_blocks(&mut description, &flow.description);
    let mut closing = Prose::default();
    outline.push_blocks(&mut closing, &flow.closing);
    let drafts =
        flow.drafts.into_iter().enumerate().map(|(index, step)| step.finish(&outline, index)).collect();
    let (procedure, intake_form) = extra.complete(procedure(drafts, &closing.finish(&outline))?);
    let structure = Structure::Procedure(procedure);
    Ok(Imported { name, description: description.finish(&outline), structure, intake_form })
}

/// The heading that names the flow, and its text: the first of level one; else, unless the front matter has a title, the
/// first block if it is the only heading of its level.
fn name_heading(blocks: &[Block], has_title: bool) -> Option<(usize, Range<usize>)> {
    let headings = || {
        blocks.iter().enumerate().filter_map(|(index, block)| match &block.kind {
            Kind::Heading { level, inner } if !inner.is_empty() => Some((index, *level, inner.clone())),
            _ => None,
        })
    };
    if let Some((index, _, inner)) = headings().find(|(_, level, _)| *level == 1) {
        return Some((index, inner));
    }
    let (index, first, inner) = headings().next()?;
    let alone = index == 0 && headings().filter(|(_, level, _)| *level == first).count() == 1;
    (alone && !has_title).then_some((index, inner))
}

fn extra(outline: &Outline) -> Result<Extra, Invalid> {
    for block in &outline.blocks {
        if let Kind::Code { info, content } = &block.kind
            && info == BLOCK_INFO
        {
            return Extra::read(content);
        }
    }
    Ok(Extra::default())
}

/// Which blocks become what. Places in the outline, to be cut out later.
#[derive(Default)]
struct Flow<'o> {
    description: Vec<usize>,
    drafts: Vec<StepAt<'o>>,
    closing: Vec<usize>,
}

struct StepAt<'o> {
    /// Headings and text of its section in front of it.
    context: Vec<usize>,
    source: Source<'o>,
    /// Text behind it.
    after: Vec<usize>,
}

enum Source<'o> {
    Item(&'o Item),
    Heading(Range<usize>),
}

impl<'o> Flow<'o> {
    fn read(outline: &'o Outline, name: Option<usize>) -> Result<Self, Invalid> {
        let blocks = &outline.blocks;
        let lists = blocks.iter().any(|block| matches!(block.kind, Kind::Steps(_)));
        let mut flow = Self::default();
        let mut pending: Vec<usize> = Vec::new();
        let mut in_section = true;
        let mut index = 0;
        while index < blocks.len() {
            let at = index;
            index += 1;
            match &blocks[at].kind {
                _ if Some(at) == name || !is_content(&blocks[at]) => {}
                Kind::Heading { level, inner } => {
                    let end = if lists { section_end(blocks, at) } else { next_section(blocks, at) };
                    let is_step = if lists {
                        let section = &blocks[at + 1..end];
                        is_own_step(&outline.heading_text(inner), section)
                    } else {
                        // A heading over deeper sections only, is their context.
                        *level <= SECTION_LEVEL
                            && !(is_bare(&blocks[at + 1..end]) && is_deeper(blocks, at, end))
                    };
                    if is_step {
                        let after = (at + 1..end).filter(|at| is_content(&blocks[*at])).collect();
                        flow.step(&mut pending, Source::Heading(inner.clone()), after)?;
                        index = end;
                        in_section = false;
                    } else {
                        pending.push(at);
                        in_section = true;
                    }
                }
                Kind::Steps(items) => {
                    for item in items {
                        flow.step(&mut pending, Source::Item(item), Vec::new())?;
                    }
                    in_section = false;
                }
                Kind::Text | Kind::Code { .. } | Kind::Rule => match flow.drafts.last_mut() {
                    Some(step) if !in_section => step.after.push(at),
                    _ => pending.push(at),
                },
            }
        }
        flow.closing = pending;
        flow.describe(outline, lists);
        Ok(flow)
    }

    fn step(
        &mut self,
        pending: &mut Vec<usize>,
        source: Source<'o>,
        after: Vec<usize>,
    ) -> Result<(), Invalid> {
        if self.drafts.len() == STEPS_MAX {
            return Err(invalid(format!(
                "has too many steps; at most {STEPS_MAX} are allowed, the end included"
            )));
        }
        self.drafts.push(StepAt { context: std::mem::take(pending), source, after });
        Ok(())
    }

    /// Moves what stands in front of the first step to the description, but for its own section's heading and text if
    /// other steps have sections, too.
    fn describe(&mut self, outline: &Outline, lists: bool) {
        let is_heading = |at: &usize| matches!(outline.blocks[*at].kind, Kind::Heading { .. });
        let sectioned = self.drafts.iter().skip(1).any(|step| step.context.iter().any(is_heading));
        let Some(first) = self.drafts.first_mut() else {
            self.description = std::mem::take(&mut self.closing);
            return;
        };
        let context = std::mem::take(&mut first.context);
        let mut section = context.iter().rposition(is_heading).unwrap_or(context.len());
        while section > 0 && is_heading(&context[section - 1]) {
            section -= 1;
        }
        let (before, own) = context.split_at(section);
        self.description.extend_from_slice(before);
        let bare = own.iter().all(is_heading);
        match own {
            [only] if bare && !sectioned && is_general(outline, *only) => {}
            _ if sectioned || bare || !lists => first.context = own.to_vec(),
            _ => self.description.extend_from_slice(own),
        }
    }
}

impl Outline {
    fn heading_text(&self, inner: &Range<usize>) -> String {
        if inner.is_empty() {
            String::new()
        } else {
            title::plain(self.raw(inner.clone()), &self.definitions).0
        }
    }
}

impl StepAt<'_> {
    fn finish(self, outline: &Outline, index: usize) -> Draft {
        let mut prose = Prose::default();
        outline.push_blocks(&mut prose, &self.context);
        let (source, title_span, rest) = match &self.source {
            Source::Heading(inner) if inner.is_empty() => (String::new(), None, None),
            Source::Heading(inner) => (outline.raw(inner.clone()).to_owned(), Some(inner.clone()), None),
            Source::Item(item) => match &item.title {
                None => (String::new(), None, None),
                Some(span) => {
                    let (text, end) = match item.heading_end {
                        Some(end) => (outline.raw(span.clone()).to_owned(), end),
                        None => title_of(outline, span),
                    };
                    (text, Some(span.start..end), Some(end))
                }
            },
        };
        let mut title = Title::read(&source, &outline.definitions);
        // Nothing to call it by in its first line: the line becomes part of the description with the rest.
        let nameless = title.text.is_empty();
        if nameless {
            let words = match &self.source {
                Source::Item(item) => title::shortened(&item.words).0,
                Source::Heading(_) => String::new(),
            };
            let shown: String = words.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            title.text =
                if shown.trim().is_empty() { format!("Step {}", index + 1) } else { shown.trim().to_owned() };
        }
        if let Some(original) = title.original.take().filter(|_| !nameless) {
            prose.push(original);
            if let Some(span) = &title_span {
                outline.note_uses(&mut prose, span);
            }
        }
        match &self.source {
            Source::Item(item) => outline.push_item(&mut prose, item, rest.filter(|_| !nameless)),
            Source::Heading(_) if nameless => prose.push(source),
            Source::Heading(_) => {}
        }
        outline.push_blocks(&mut prose, &self.after);
        Draft { title, description: prose.finish(outline) }
    }
}

/// The title of an item: its first line, and those it was wrapped into. Also where it ends.
fn title_of(outline: &Outline, span: &Range<usize>) -> (String, usize) {
    let lines = outline.title_lines(span);
    let mut text = String::new();
    let mut end = span.end;
    for (line, line_end) in lines {
        let broken = line.ends_with("  ") || line.ends_with('\\');
        let line_text = line.trim().trim_end_matches(if broken { '\\' } else { ' ' }).trim_end();
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line_text);
        end = line_end;
        let ended = line_text.ends_with(['.', ':', '!', '?', ';']);
        if broken || ended || outline.line_width(line_end) < WRAPPED {
            break;
        }
    }
    (text, end)
}

/// The end of the section of a heading: the next heading as high or higher.
fn section_end(blocks: &[Block], heading: usize) -> usize {
    let level = level_of(&blocks[heading]);
    let next = blocks[heading + 1..].iter().position(|block| level_of(block) <= level);
    next.map_or(blocks.len(), |distance| heading + 1 + distance)
}

/// The next heading that is a section of its own.
fn next_section(blocks: &[Block], heading: usize) -> usize {
    let next = blocks[heading + 1..].iter().position(|block| level_of(block) <= SECTION_LEVEL);
    next.map_or(blocks.len(), |distance| heading + 1 + distance)
}

/// The level of a heading; below all of them for anything else.
fn level_of(block: &Block) -> u8 {
    match block.kind {
        Kind::Heading { level, .. } => level,
        _ => u8::MAX,
    }
}

fn is_bare(blocks: &[Block]) -> bool {
    !blocks.iter().any(is_content)
}

fn is_deeper(blocks: &[Block], heading: usize, next: usize) -> bool {
    blocks.get(next).is_some_and(|block| level_of(block) > level_of(&blocks[heading]))
}

/// Whether a section without lists is a step between lists: "Step 3: …", or "3. …" with something to run.
fn is_own_step(heading: &str, section: &[Block]) -> bool {
    if section.iter().any(|block| matches!(block.kind, Kind::Steps(_))) {
        return false;
    }
    let lower = heading.to_lowercase();
    let word = ["step", "phase", "task", "part"].into_iter().find_map(|word| lower.strip_prefix(word));
    let rest = word.unwrap_or(&lower).trim_start();
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = after.len() < rest.len()
        && (after.is_empty() || after.starts_with(['.', ':', ')', '-', '\u{2013}', '\u{2014}', ' ']));
    let runs = section.iter().any(|block| matches!(block.kind, Kind::Code { .. }));
    numbered && (word.is_some() || (runs && after.starts_with(['.', ')', ':'])))
}

/// A heading that says no more than that steps follow.
fn is_general(outline: &Outline, block: usize) -> bool {
    let Kind::Heading { inner, .. } = &outline.blocks[block].kind else {
        return false;
    };
    let text = outline.heading_text(inner).to_lowercase();
    let known =
        ["steps", "procedure", "checklist", "tasks", "instructions", "runbook", "instruction", "task list"];
    known.contains(&text.trim_end_matches(':').trim())
}

/// All but horizontal rules and our own block.
fn is_content(block: &Block) -> bool {
    match &block.kind {
        Kind::Rule => false,
        Kind::Code { info, .. } => info != BLOCK_INFO,
        _ => true,
    }
}

/// The YAML some tools put in front of a document. Not read as YAML: one title is all that is wanted of it.
struct FrontMatter<'d> {
    title: Option<String>,
    lines: Vec<&'d str>,
}

impl<'d> FrontMatter<'d> {
    fn split(document: &'d str) -> (Self, &'d str) {
        let none = Self { title: None, lines: Vec::new() };
        let Some(inside) = document.strip_prefix("---\n") else {
            return (none, document);
        };
        let mut length = 0;
        for line in inside.split_inclusive('\n') {
            if matches!(line.trim_end(), "---" | "...") {
                let lines: Vec<&str> = inside[..length].lines().collect();
                // Two rules with text between them are no front matter.
                let keyed = |line: &&str| line.split_once(':').is_some_and(|(key, _)| !key.contains(' '));
                if !lines.iter().find(|line| !line.trim().is_empty()).is_some_and(keyed) {
                    break;
                }
                let title = lines.iter().find_map(|line| line.strip_prefix("title:")).map(unquoted);
                let title = title.filter(|title| !title.is_empty());
                return (Self { title, lines }, &inside[length + line.len()..]);
            }
            length += line.len();
        }
        (none, document)
    }

    /// What is left of it besides the name, as a code block.
    fn rest(&self, name: &str) -> String {
        let said = |line: &&&str| line.strip_prefix("title:").is_none_or(|title| unquoted(title) != name);
        let rest: Vec<&str> =
            self.lines.iter().filter(said).copied().filter(|line| !line.trim().is_empty()).collect();
        if rest.is_empty() { String::new() } else { format!("```yaml\n{}\n```", rest.join("\n")) }
    }
}

fn unquoted(value: &str) -> String {
    let value = value.trim();
    let quoted = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    let text = quoted('"').or_else(|| quoted('\'')).unwrap_or(value).trim();
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
