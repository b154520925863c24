//! Where things stand on A4 pages, from top to bottom; drawn when all of it is placed and the pages are counted.

use super::typeset::{Face, Ink, Paragraph, Style, Typesetter};
use std::rc::Rc;

/// A4, in points.
pub(super) const WIDTH: f32 = 595.28;
pub(super) const HEIGHT: f32 = 841.89;
pub(super) const MARGIN: f32 = 48.0;
/// What the footer takes at the bottom.
const FOOT: f32 = 64.0;
/// Between what is printed in two columns.
const GAP: f32 = 8.0;
/// Above and below the text of a row.
const PAD: f32 = 3.5;

/// One thing on a page.
#[derive(Clone, Debug)]
pub(super) enum Mark {
    /// A line of a paragraph; `y` is its top.
    Text { x: f32, y: f32, paragraph: Rc<Paragraph>, line: usize },
    /// A filled box.
    Block { x: f32, y: f32, width: f32, height: f32, ink: Fill },
}

/// What a box is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fill {
    Hairline,
    Shade,
    Of(Ink),
}

/// An entry of the outline: text, page from 0, distance from its top.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    pub(super) text: String,
    pub(super) page: usize,
    pub(super) y: f32,
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) title: &'static str,
    /// In points; the columns of a table fill the width between the margins.
    pub(super) width: f32,
}

/// The text of a cell.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) text: String,
    pub(super) face: Face,
    pub(super) ink: Ink,
}

impl Cell {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), face: Face::Regular, ink: Ink::Text }
    }

    pub(super) fn faint(text: impl Into<String>) -> Self {
        Self { ink: Ink::Faint, ..Self::new(text) }
    }

    pub(super) fn strong(text: impl Into<String>, ink: Ink) -> Self {
        Self { text: text.into(), face: Face::SemiBold, ink }
    }
}

/// Pages being filled.
pub(super) struct Pages {
    pub(super) marks: Vec<Vec<Mark>>,
    pub(super) outline: Vec<Heading>,
    pub(super) typesetter: Typesetter,
    y: f32,
}

impl Pages {
    pub(super) fn new() -> Self {
        Self { marks: vec![Vec::new()], outline: Vec::new(), typesetter: Typesetter::new(), y: MARGIN }
    }

    fn bottom() -> f32 {
        HEIGHT - FOOT
    }

    fn put(&mut self, mark: Mark) {
        if let Some(page) = self.marks.last_mut() {
            page.push(mark);
        }
    }

    fn next_page(&mut self) {
        self.marks.push(Vec::new());
        self.y = MARGIN;
    }

    /// Moves down; at the top of a page there is no space to leave.
    pub(super) fn space(&mut self, points: f32) {
        if self.y > MARGIN {
            self.y += points;
        }
    }

    /// Goes on to the next page unless `points` are left on this one.
    pub(super) fn keep(&mut self, points: f32) {
        if self.y + points > Self::bottom() {
            self.next_page();
        }
    }

    /// A paragraph over the whole width, over several pages if need be.
    pub(super) fn text(&mut self, text: &str, style: Style) {
        let paragraph = self.typesetter.set(text, style, WIDTH - 2.0 * MARGIN);
        for (line, height) in paragraph.lines.iter().map(|line| line.height).enumerate() {
            self.keep(height);
            let (x, y) = (MARGIN, self.y);
            self.put(Mark::Text { x, y, paragraph: paragraph.clone(), line });
            self.y += height;
        }
    }

    /// A paragraph that stands in the outline.
    pub(super) fn heading(&mut self, text: &str, style: Style) {
        // A heading at the foot of a page would head nothing.
        self.keep(80.0);
        let (page, y) = (self.marks.len() - 1, self.y);
        self.outline.push(Heading { text: text.to_owned(), page, y });
        self.text(text, style);
    }

    /// A bar of parts, each as wide as its share.
    pub(super) fn bar(&mut self, parts: &[(u32, Fill)]) {
        let total: u32 = parts.iter().map(|(number, _)| number).sum();
        let (whole, height) = (WIDTH - 2.0 * MARGIN, 6.0);
        let mut x = MARGIN;
        for (number, ink) in parts {
            let width = whole * *number as f32 / total.max(1) as f32;
            if width > 0.0 {
                let y = self.y;
                self.put(Mark::Block { x, y, width, height, ink: *ink });
            }
            x += width;
        }
        self.y += height;
    }

    /// A table. A row may be longer than a page; the titles are repeated on each.
    pub(super) fn table(&mut self, columns: &[Column], size: f32, rows: impl Iterator<Item = Vec<Cell>>) {
        let titles: Vec<Cell> =
            columns.iter().map(|column| Cell { face: Face::SemiBold, ..Cell::faint(column.title) }).collect();
        let titled = columns.iter().any(|column| !column.title.is_empty());
        self.keep(48.0);
        if titled {
            self.row(columns, size - 1.0, &titles, None);
        }
        for row in rows {
            self.row(columns, size, &row, titled.then_some(&titles));
        }
    }

    fn row(&mut self, columns: &[Column], size: f32, cells: &[Cell], repeat: Option<&Vec<Cell>>) {
        let set: Vec<(f32, Rc<Paragraph>)> = {
            let mut x = MARGIN;
            let typesetter = &mut self.typesetter;
            let cells = columns.iter().zip(cells);
            cells
                .map(|(column, cell)| {
                    let style = Style { size, face: cell.face, ink: cell.ink };
                    let at = x;
                    x += column.width;
                    (at, typesetter.set(&cell.text, style, column.width - GAP))
                })
                .collect()
        };
        let height = set.iter().map(|(_, cell)| cell.height()).fold(0.0, f32::max);
        // A row stays together where a page can hold it.
        if height < (Self::bottom() - MARGIN) / 2.0 && self.y + height + 2.0 * PAD > Self::bottom() {
            self.next_page_of_table(columns, size, repeat);
        }
        let mut next = vec![0; set.len()];
        loop {
            let mut lowest = self.y;
            for ((x, paragraph), next) in set.iter().zip(&mut next) {
                let mut y = self.y + PAD;
                while let Some(line) = paragraph.lines.get(*next) {
                    if y + line.height > Self::bottom() {
                        break;
                    }
                    let mark = Mark::Text { x: *x, y, paragraph: paragraph.clone(), line: *next };
                    if let Some(page) = self.marks.last_mut() {
                        page.push(mark);
                    }
                    y += line.height;
                    *next += 1;
                }
                lowest = lowest.max(y);
            }
            self.y = lowest + PAD;
            if set.iter().zip(&next).all(|((_, paragraph), next)| *next >= paragraph.lines.len()) {
                break;
            }
            self.next_page_of_table(columns, size, repeat);
        }
        let (y, width) = (self.y, WIDTH - 2.0 * MARGIN);
        self.put(Mark::Block { x: MARGIN, y, width, height: 0.5, ink: Fill::Hairline });
    }

    fn next_page_of_table(&mut self, columns: &[Column], size: f32, repeat: Option<&Vec<Cell>>) {
        self.next_page();
        if let Some(titles) = repeat {
            self.row(columns, size - 1.0, titles, None);
        }
    }
}
