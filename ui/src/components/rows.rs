//! Long lists: of many rows of one height only those near the visible part are drawn, between two spacers.
//!
//! Short lists are drawn whole. At first it is what is seen alone, so that a page comes up soon; the rest follows when that
//! is on the screen. Deliberately absent: rows of different heights.

use crate::browser;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use std::cell::Cell;
use std::ops::Range;
use web_sys::Element;
use yew::prelude::*;

/// Up to this height, in pixels, nothing is left out.
const SHORT: usize = 2_400;
/// What is drawn changes by so many pixels at once, so that scrolling seldom draws; and with every row that is drawn and
/// not seen, a page comes up later.
const BLOCK: u32 = 480;

/// After the first rows the rest is drawn so many milliseconds later: two frames.
const SOON: u32 = 34;

/// What is drawn besides what is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beside {
    Nothing,
    /// What may be scrolled to next; of a short list everything.
    Blocks,
}

/// The part of a long list that is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// The indices of the rows to draw.
    pub drawn: Range<usize>,
    total: usize,
    height: u32,
}

impl Rows {
    fn new(total: usize, height: u32, view: View, beside: Beside) -> Self {
        let (first, number) = (view.hidden / f64::from(height), view.height / f64::from(height));
        let drawn = match beside {
            Beside::Nothing => seen(first, number, total),
            Beside::Blocks if is_short(total, height) => 0..total,
            Beside::Blocks => around(first, number, total, block(height)),
        };
        Self { drawn, total, height }
    }

    /// What stands for the rows before, as a child of the list.
    pub fn before(&self, tag: &'static str) -> Html {
        self.spacer(tag, self.drawn.start)
    }

    /// What stands for the rows after, as a child of the list.
    pub fn after(&self, tag: &'static str) -> Html {
        self.spacer(tag, self.total - self.drawn.end)
    }

    fn spacer(&self, tag: &'static str, rows: usize) -> Html {
        if rows == 0 && is_short(self.total, self.height) {
            return Html::default();
        }
        let height = u32::try_from(rows).unwrap_or(0) * self.height;
        // An attribute, set together with the rows: sized any later, the list would be too short for a moment and the
        // browser would scroll back.
        html! {
            <@{tag} class="spacer" aria-hidden="true"><svg width="1" height={height.to_string()}></svg></@>
        }
    }
}

fn is_short(total: usize, height: u32) -> bool {
    total.saturating_mul(height as usize) <= SHORT
}

/// What is seen of `total` when `number` fit, some of them in part, and the first of them is `first`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "both are clamped to the list")]
fn seen(first: f64, number: f64, total: usize) -> Range<usize> {
    let from = first.max(0.0) as usize;
    from.min(total)..from.saturating_add(number.max(0.0) as usize).saturating_add(2).min(total)
}

fn around(first: f64, number: f64, total: usize, block: usize) -> Range<usize> {
    let seen = seen(first, number, total);
    let from = seen.start.saturating_sub(block / 2) / block * block;
    from..(seen.end / block + 2).saturating_mul(block).min(total)
}

/// How many rows, or columns, of this size are drawn at once.
fn block(size: u32) -> usize {
    (BLOCK / size.max(1)).max(2) as usize
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct View {
    /// How much of the list lies above what is seen, in pixels.
    hidden: f64,
    height: f64,
}

thread_local! {
    /// How high the last list was; before the first, as high as in a large window. What is drawn first is drawn before it
    /// can be measured.
    static HEIGHT: Cell<f64> = const { Cell::new(1_200.0) };
    /// How many things stood beside each other in the last grid.
    static ACROSS: Cell<usize> = const { Cell::new(1) };
}

fn first_view() -> View {
    View { hidden: 0.0, height: HEIGHT.get() }
}

fn scroller(list: &Element) -> Option<Element> {
    list.closest("[data-scroller]").ok()?
}

fn view(list: &Element) -> Option<View> {
    let scroller = scroller(list)?;
    let (seen, whole) = (scroller.get_bounding_client_rect(), list.get_bounding_client_rect());
    HEIGHT.set(seen.height());
    Some(View { hidden: seen.top() - whole.top(), height: seen.height() })
}

/// The rows of `list` to draw; it stands within an element marked with `data-scroller`.
#[hook]
pub fn use_rows(list: &NodeRef, total: usize, height: u32) -> Rows {
    let rows = use_state_eq(|| Rows::new(total, height, first_view(), Beside::Nothing));
    {
        let (list, set) = (list.clone(), rows.setter());
        use_effect_with((total, height), move |(total, height)| {
            let (total, height) = (*total, *height);
            let node = list.clone();
            let look = move |beside| {
                if let Some(view) = node.cast::<Element>().as_ref().and_then(view) {
                    set.set(Rows::new(total, height, view, beside));
                }
            };
            look(Beside::Nothing);
            let soon = Timeout::new(SOON, {
                let look = look.clone();
                move || look(Beside::Blocks)
            });
            let look = move || look(Beside::Blocks);
            let listeners = (!is_short(total, height))
                .then(|| list.cast::<Element>().as_ref().and_then(scroller))
                .flatten()
                .map(|scroller| {
                    let resized = browser::on_window("resize", look.clone());
                    (EventListener::new(&scroller, "scroll", move |_| look()), resized)
                });
            move || drop((soon, listeners))
        });
    }
    // The list may have become shorter or longer since.
    if rows.total == total {
        (*rows).clone()
    } else {
        Rows::new(total, height, first_view(), Beside::Nothing)
    }
}

/// How many things of at least `width` pixels stand beside each other within an element, `gap` pixels apart: as many as
/// `repeat(auto-fill, minmax(width, 1fr))` places there.
#[hook]
pub fn use_across(list: &NodeRef, width: u32, gap: u32) -> usize {
    let across = use_state_eq(|| ACROSS.get());
    {
        let (list, set) = (list.clone(), across.setter());
        use_effect_with((), move |()| {
            let look = move || {
                if let Some(list) = list.cast::<Element>() {
                    let across = fitting(list.get_bounding_client_rect().width(), width, gap);
                    ACROSS.set(across);
                    set.set(across);
                }
            };
            look();
            let resized = browser::on_window("resize", look);
            move || drop(resized)
        });
    }
    *across
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of columns")]
fn fitting(room: f64, width: u32, gap: u32) -> usize {
    (((room + f64::from(gap)) / f64::from(width + gap)) as usize).max(1)
}

/// The part of a wide list that is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The indices of the columns to draw.
    pub drawn: Range<usize>,
    total: usize,
    width: u32,
}

/// Up to this many columns nothing is left out.
const NARROW: usize = 24;

impl Columns {
    fn new(total: usize, width: u32, hidden: f64, seen: f64) -> Self {
        let column = f64::from(width);
        let drawn = if total <= NARROW {
            0..total
        } else {
            around(hidden / column, seen / column, total, block(width))
        };
        Self { drawn, total, width }
    }

    /// What stands for a number of columns in every row.
    pub fn blank(&self, columns: usize) -> Html {
        blank(self.blank_width(columns))
    }

    /// The width of that, for [`blank`]; nothing where all columns are drawn.
    #[must_use]
    pub fn blank_width(&self, columns: usize) -> Option<u32> {
        (self.total > NARROW).then(|| u32::try_from(columns).unwrap_or(0) * self.width)
    }
}

/// What stands in a row for columns of this width.
pub fn blank(width: Option<u32>) -> Html {
    let Some(width) = width else { return Html::default() };
    html! { <div class="spacer" aria-hidden="true"><svg width={width.to_string()} height="1"></svg></div> }
}

/// The columns of `list` to draw; the first `pinned` pixels of its scroller are covered.
#[hook]
pub fn use_columns(list: &NodeRef, total: usize, width: u32, pinned: f64) -> Columns {
    let columns = use_state_eq(|| Columns::new(total, width, 0.0, 2_000.0));
    {
        let (list, set) = (list.clone(), columns.setter());
        use_effect_with(total, move |total| {
            let total = *total;
            let scroller = list.cast::<Element>().as_ref().and_then(scroller).filter(|_| total > NARROW);
            let listeners = scroller.map(|scroller| {
                let seen = scroller.clone();
                let look = move || {
                    let width_seen = f64::from(seen.client_width()) - pinned;
                    set.set(Columns::new(total, width, f64::from(seen.scroll_left()), width_seen));
                };
                look();
                let resized = browser::on_window("resize", look.clone());
                (EventListener::new(&scroller, "scroll", move |_| look()), resized)
            });
            move || drop(listeners)
        });
    }
    if columns.total == total { (*columns).clone() } else { Columns::new(total, width, 0.0, 2_000.0) }
}

/// Scrolls just far enough that a column is seen, beside `pinned` covered pixels.
pub fn bring_column_into_view(list: &NodeRef, index: usize, width: u32, pinned: f64) {
    let Some(scroller) = list.cast::<Element>().as_ref().and_then(scroller) else { return };
    let seen = f64::from(scroller.client_width()) - pinned;
    let hidden = f64::from(scroller.scroll_left());
    let left = index as f64 * f64::from(width);
    let over = left + f64::from(width) - hidden - seen;
    let by = if left < hidden { left - hidden } else { over.max(0.0) };
    #[expect(clippy::cast_possible_truncation, reason = "a whole pixel is near enough")]
    scroller.set_scroll_left(scroller.scroll_left() + by.round() as i32);
}

/// Scrolls just far enough that a row is seen, below a heading of `head` pixels.
pub fn bring_into_view(list: &NodeRef, index: usize, height: u32, head: f64) {
    let Some(list) = list.cast::<Element>() else { return };
    let (Some(view), Some(scroller)) = (view(&list), scroller(&list)) else { return };
    let top = index as f64 * f64::from(height);
    let above = top - view.hidden - head;
    let below = top + f64::from(height) - view.hidden - view.height;
    let by = if above < 0.0 { above } else { below.max(0.0) };
    #[expect(clippy::cast_possible_truncation, reason = "a whole pixel is near enough")]
    scroller.set_scroll_top(scroller.scroll_top() + by.round() as i32);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_are_all_drawn() {
        let far = View { hidden: 9_000.0, height: 10.0 };
        assert_eq!(Rows::new(60, 36, far, Beside::Blocks).drawn, 0..60);
        assert!(Rows::new(60, 192, far, Beside::Blocks).drawn.len() < 10);
    }

    #[test]
    fn what_is_seen_is_drawn_at_every_place() {
        for hidden in (0..17_300).step_by(7) {
            let view = View { hidden: f64::from(hidden), height: 700.0 };
            let seen = (hidden as usize / 36).min(499)..=((hidden as usize + 700) / 36).min(499);
            for (beside, most) in [(Beside::Nothing, 22), (Beside::Blocks, 65)] {
                let drawn = Rows::new(500, 36, view, beside).drawn;
                assert!(
                    drawn.start <= *seen.start() && *seen.end() < drawn.end,
                    "{hidden}: {drawn:?} {seen:?}"
                );
                assert!(drawn.len() <= most, "{drawn:?}");
            }
        }
    }

    #[test]
    fn as_many_fit_beside_each_other_as_the_style_sheet_places() {
        assert_eq!(fitting(0.0, 284, 12), 1);
        assert_eq!(fitting(284.0, 284, 12), 1);
        assert_eq!(fitting(579.0, 284, 12), 1);
        assert_eq!(fitting(580.0, 284, 12), 2);
        assert_eq!(fitting(1012.0, 284, 12), 3);
    }

    #[test]
    fn few_columns_are_all_drawn_and_of_many_those_that_are_seen() {
        assert_eq!(Columns::new(NARROW, 124, 9_000.0, 10.0).drawn, 0..NARROW);
        let columns = Columns::new(500, 124, 12_400.0, 1_000.0);
        assert!(columns.drawn.start <= 100 && columns.drawn.end > 108, "{columns:?}");
        assert!(columns.drawn.len() < 64);
    }

    #[test]
    fn a_place_behind_the_end_draws_nothing_that_is_not_there() {
        assert_eq!(around(9_000.0, 20.0, 500, 16), 480..500);
        assert_eq!(seen(9_000.0, 20.0, 500), 500..500);
        assert_eq!(around(-4.0, 20.0, 500, 16).start, 0);
    }
}
