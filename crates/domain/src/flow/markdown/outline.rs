//! The top level of a document: headings, lists that may be steps, and everything else, as places in the source.
//!
//! pulldown-cmark says where a block begins and ends; texts are then cut from the source, so that what people wrote stays
//! what they wrote. Deliberately absent: any meaning. Which block becomes what is [`super::runbook`]'s to say.

mod blocks;

use super::definitions::{Definition, Definitions};
use super::title::is_annotation;
use blocks::Reader;
use pulldown_cmark::{Event, Options, Parser, Tag};
use std::collections::BTreeSet;
use std::ops::Range;

/// A top-level block.
pub(super) struct Block {
    pub(super) kind: Kind,
    span: Range<usize>,
}

pub(super) enum Kind {
    Heading {
        level: u8,
        /// Of its text.
        inner: Range<usize>,
    },
    /// An ordered list or a task list, but no table of contents.
    Steps(Vec<Item>),
    Text,
    /// A fenced code block, with its info string and its content.
    Code {
        info: String,
        content: String,
    },
    Rule,
}

/// An item of a [`Kind::Steps`].
pub(super) struct Item {
    /// Its first paragraph or heading; none if it begins with something else, or is empty.
    pub(super) title: Option<Range<usize>>,
    /// Where that heading ends, marks and underline included; none for a paragraph.
    pub(super) heading_end: Option<usize>,
    /// Where the content behind marker and check box begins.
    content: usize,
    /// Columns its continuation lines are indented by.
    width: usize,
    end: usize,
    /// The first words anywhere in it.
    pub(super) words: String,
}

/// A document without comments, and its blocks.
pub(super) struct Outline {
    source: String,
    pub(super) blocks: Vec<Block>,
    pub(super) definitions: Definitions,
    /// Where a link uses a definition, and which; in order.
    uses: Vec<(usize, String)>,
    /// Where definitions stand; in order, without overlaps.
    cuts: Vec<Range<usize>>,
}

/// Text cut from the document, with the definitions its links need.
#[derive(Default)]
pub(super) struct Prose {
    parts: Vec<String>,
    needs: BTreeSet<String>,
}

impl Prose {
    pub(super) fn push(&mut self, text: impl Into<String>) {
        let text = super::tidied(&text.into());
        if !text.is_empty() {
            self.parts.push(text);
        }
    }

    /// The parts as paragraphs, then the definitions.
    pub(super) fn finish(mut self, outline: &Outline) -> String {
        let definitions: Vec<&str> = self
            .needs
            .iter()
            .filter_map(|label| outline.definitions.get(label))
            .map(|d| d.source.as_str())
            .collect();
        if !definitions.is_empty() {
            self.parts.push(definitions.join("\n"));
        }
        self.parts.join("\n\n")
    }
}

impl Outline {
    pub(super) fn read(document: &str) -> Self {
        let source = without_comments(document);
        let mut reader = Reader::of(&source);
        let mut events = Parser::new_ext(&source, options()).into_offset_iter();
        for (event, span) in events.by_ref() {
            reader.take(event, span);
        }
        let mut definitions = Definitions::default();
        for (label, definition) in events.reference_definitions().iter() {
            let text = source[definition.span.clone()].lines().map(str::trim).collect::<Vec<_>>().join(" ");
            let found = Definition {
                address: definition.dest.to_string(),
                source: text,
                span: definition.span.clone(),
            };
            definitions.insert(label, found);
        }
        let (blocks, uses) = (reader.blocks, reader.uses);
        let mut cuts: Vec<_> = definitions.all().map(|definition| definition.span.clone()).collect();
        cuts.sort_by_key(|span| span.start);
        Self { source, blocks, definitions, uses, cuts }
    }

    /// A piece of the source as it stands.
    pub(super) fn raw(&self, span: Range<usize>) -> &str {
        &self.source[span]
    }

    /// Adds whole blocks.
    pub(super) fn push_blocks(&self, prose: &mut Prose, blocks: &[usize]) {
        for &block in blocks {
            let span = &self.blocks[block].span;
            // From the start of the line: the indentation of a code block is in front of its span.
            let line = self.source[..span.start].rfind('\n').map_or(0, |at| at + 1);
            let text = self.cut(prose, line..span.end);
            prose.push(text);
        }
    }

    /// The lines of an item's title and where each ends.
    pub(super) fn title_lines(&self, title: &Range<usize>) -> Vec<(&str, usize)> {
        let mut at = title.start;
        let lines = self.source[title.clone()].split_inclusive('\n').map(|line| {
            let text = line.trim_end_matches('\n');
            let end = at + text.len();
            at += line.len();
            (text, end)
        });
        lines.collect()
    }

    /// Length of the source line that ends at `end`, in characters.
    pub(super) fn line_width(&self, end: usize) -> usize {
        let text = &self.source[..end];
        text[text.rfind('\n').map_or(0, |at| at + 1)..].chars().count()
    }

    /// Adds what an item holds from `from` on, without its indentation.
    pub(super) fn push_item(&self, prose: &mut Prose, item: &Item, from: Option<usize>) {
        let text = self.cut(prose, from.unwrap_or(item.content).min(item.end)..item.end);
        let mut lines = text.split('\n');
        // The first line begins behind the marker already.
        let first = lines.next().unwrap_or_default().to_owned();
        let rest = lines.map(|line| outdented(line, item.width));
        prose.push(std::iter::once(first).chain(rest).collect::<Vec<_>>().join("\n"));
    }

    /// Notes the definitions a piece of source needs.
    pub(super) fn note_uses(&self, prose: &mut Prose, span: &Range<usize>) {
        let first = self.uses.partition_point(|(at, _)| *at < span.start);
        let used = self.uses[first..].iter().take_while(|(at, _)| *at < span.end);
        prose.needs.extend(used.map(|(_, label)| label.clone()));
    }

    /// The source without definitions; those its links use are noted.
    fn cut(&self, prose: &mut Prose, span: Range<usize>) -> String {
        self.note_uses(prose, &span);
        let mut text = String::new();
        let mut from = span.start;
        let first = self.cuts.partition_point(|cut| cut.start < span.start);
        for cut in self.cuts[first..].iter().take_while(|cut| cut.start < span.end) {
            text.push_str(&self.source[from..cut.start.max(from)]);
            from = cut.end.clamp(from, span.end);
        }
        text.push_str(&self.source[from..span.end]);
        text
    }
}

fn options() -> Options {
    Options::ENABLE_TASKLISTS
}

/// The document without HTML comments, but for those that say something about a step. A comment nobody closed stays:
/// it would take the rest of the document along.
fn without_comments(document: &str) -> String {
    let mut out = String::with_capacity(document.len());
    let mut from = 0;
    for (event, span) in Parser::new_ext(document, options()).into_offset_iter() {
        if !matches!(event, Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_)) || span.start < from {
            continue;
        }
        let mut at = span.start;
        while let Some(open) = document[at..span.end].find("<!--").map(|found| at + found) {
            let Some(end) = document[open + 4..span.end].find("-->").map(|found| open + 4 + found + 3) else {
                break;
            };
            if !is_annotation(&document[open..end]) {
                out.push_str(&document[from..open]);
                from = end;
            }
            at = end;
        }
    }
    out.push_str(&document[from..]);
    out
}

/// A line without up to `width` columns of indentation; a tab reaches to the next multiple of four.
fn outdented(line: &str, width: usize) -> String {
    let mut column = 0;
    for (at, c) in line.char_indices() {
        let next = match c {
            ' ' => column + 1,
            '\t' => column + 4 - column % 4,
            _ => return line[at..].to_owned(),
        };
        if next >= width {
            return format!("{}{}", " ".repeat(next - width), &line[at + 1..]);
        }
        column = next;
    }
    String::new()
}
