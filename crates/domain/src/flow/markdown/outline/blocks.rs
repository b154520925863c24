//! From the events of pulldown-cmark to top-level blocks.

use super::{Block, Item, Kind};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};
use std::ops::Range;

/// Collects blocks from events.
pub(super) struct Reader<'s> {
    source: &'s str,
    pub(super) blocks: Vec<Block>,
    /// Where a link uses a definition, and which.
    pub(super) uses: Vec<(usize, String)>,
    depth: usize,
    list: Option<List>,
}

/// The top-level list that is being read.
struct List {
    ordered: bool,
    has_tasks: bool,
    /// Depth of links to a heading of the same document.
    inside_link: usize,
    has_links: bool,
    has_other_text: bool,
    items: Vec<Item>,
    /// Whether the current item's title may go on: so far, it is one run of text.
    open: bool,
}

impl<'s> Reader<'s> {
    pub(super) fn of(source: &'s str) -> Self {
        Self { source, blocks: Vec::new(), uses: Vec::new(), depth: 0, list: None }
    }

    pub(super) fn take(&mut self, event: Event<'_>, span: Range<usize>) {
        if let Event::Start(Tag::Link { id, .. } | Tag::Image { id, .. }) = &event
            && !id.is_empty()
        {
            self.uses.push((span.start, id.to_string()));
        }
        if let Event::End(_) = event {
            self.depth -= 1;
        }
        match (&event, self.depth) {
            (Event::Start(tag), 0) => self.open(tag, span.clone()),
            (Event::End(TagEnd::List(_)), 0) => self.close_list(),
            (Event::Rule, 0) => self.blocks.push(Block { kind: Kind::Rule, span: span.clone() }),
            _ => self.inside(&event, &span),
        }
        if let Event::Start(_) = event {
            self.depth += 1;
        }
    }

    fn open(&mut self, tag: &Tag<'_>, span: Range<usize>) {
        let kind = match tag {
            Tag::Heading { level, .. } => {
                Kind::Heading { level: depth_of(*level), inner: span.end..span.start }
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => {
                Kind::Code { info: info.to_string(), content: String::new() }
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => {
                Kind::Code { info: String::new(), content: String::new() }
            }
            Tag::List(first) => {
                self.list = Some(List {
                    ordered: first.is_some(),
                    has_tasks: false,
                    inside_link: 0,
                    has_links: false,
                    has_other_text: false,
                    items: Vec::new(),
                    open: false,
                });
                Kind::Text
            }
            _ => Kind::Text,
        };
        self.blocks.push(Block { kind, span });
    }

    fn close_list(&mut self) {
        let (Some(list), Some(block)) = (self.list.take(), self.blocks.last_mut()) else {
            return;
        };
        let contents = list.has_links && !list.has_other_text;
        let items: Vec<Item> = list.items.into_iter().filter(|item| item.end > item.content).collect();
        if (list.ordered || list.has_tasks) && !contents && !items.is_empty() {
            block.kind = Kind::Steps(items);
        }
    }

    fn inside(&mut self, event: &Event<'_>, span: &Range<usize>) {
        if let Some(list) = &mut self.list {
            list.take(event, span, self.depth, self.source);
            return;
        }
        match (self.blocks.last_mut().map(|block| &mut block.kind), event) {
            (Some(Kind::Code { content, .. }), Event::Text(text)) => content.push_str(text),
            (Some(Kind::Heading { inner, .. }), event)
                if !matches!(event, Event::End(TagEnd::Heading(_))) =>
            {
                *inner = inner.start.min(span.start)..inner.end.max(span.end);
            }
            _ => {}
        }
    }
}

impl List {
    fn take(&mut self, event: &Event<'_>, span: &Range<usize>, depth: usize, source: &str) {
        self.watch_links(event);
        match event {
            Event::Start(Tag::Item) if depth == 1 => {
                self.items.push(Item {
                    title: None,
                    heading_end: None,
                    content: span.end,
                    width: 0,
                    end: span.end,
                    words: String::new(),
                });
                self.open = false;
                return;
            }
            Event::End(TagEnd::Item) if depth == 1 => return,
            _ => {}
        }
        let Some(item) = self.items.last_mut() else { return };
        let begins = item.content == item.end;
        if begins || matches!(event, Event::TaskListMarker(_)) && item.words.is_empty() && depth <= 3 {
            let column = columns(source, span.start);
            item.width = if item.width == 0 { column } else { item.width.min(column) };
        }
        match event {
            // In a loose list the paragraph is reported before its check box.
            Event::TaskListMarker(_) => self.has_tasks |= item.words.is_empty() && depth <= 3,
            Event::Start(Tag::Paragraph) if depth == 2 && begins => {
                item.content = span.start;
                item.title = Some(span.clone());
            }
            Event::Start(Tag::Heading { .. }) if depth == 2 && begins => {
                item.content = span.start;
                item.title = Some(heading_text(source, span));
                item.heading_end = Some(span.end);
            }
            Event::Start(tag) if depth == 2 && is_block(tag) => {
                self.open = false;
                item.content = item.content.min(span.start);
            }
            // Straight inside the item: the text of a tight list.
            _ if begins => {
                item.content = span.start;
                item.title = Some(span.clone());
                self.open = true;
            }
            _ if self.open => {
                if let Some(title) = &mut item.title {
                    title.end = title.end.max(span.end);
                }
            }
            _ => {}
        }
        if let Event::Text(text) | Event::Code(text) = event
            && item.words.is_empty()
        {
            text.lines()
                .find(|line| !line.trim().is_empty())
                .unwrap_or_default()
                .trim()
                .clone_into(&mut item.words);
        }
    }

    fn watch_links(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) if dest_url.starts_with('#') || self.inside_link > 0 => {
                self.has_links = true;
                self.inside_link += 1;
            }
            Event::End(TagEnd::Link) => self.inside_link = self.inside_link.saturating_sub(1),
            Event::Text(text) | Event::Code(text) if self.inside_link == 0 => {
                self.has_other_text |= !text.trim().is_empty();
            }
            _ => {}
        }
    }
}

/// Where the text of a heading is: between its marks, or above its underline.
fn heading_text(source: &str, span: &Range<usize>) -> Range<usize> {
    let text = source[span.clone()].trim_end();
    let start = text.len() - text.trim_start_matches('#').len();
    if start == 0 {
        return span.start..span.start + text.rfind('\n').unwrap_or(text.len());
    }
    let open = text.trim_end_matches('#');
    let end = if open.ends_with([' ', '\t']) { open.len() } else { text.len() };
    span.start + start..span.start + end.max(start)
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
}

/// The column of a place in its line, with tabs reaching to multiples of four.
fn columns(source: &str, at: usize) -> usize {
    let line = source[..at].rfind('\n').map_or(0, |found| found + 1);
    source[line..at].chars().fold(0, |column, c| if c == '\t' { column + 4 - column % 4 } else { column + 1 })
}

fn depth_of(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
