//! The list itself: a tree of lines of one height, of which those near the visible part are drawn. What follows is loaded
//! when its line comes near.

use super::filters::SEARCH;
use super::row::{Hands, line};
use crate::browser;
use crate::components::button::Button;
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty};
use crate::components::rows::{bring_into_view, use_rows};
use crate::route::{Route, go};
use crate::state::keys::use_shortcuts;
use crate::state::sessions::lines::{Content, Group, Key, Line, lines};
use crate::state::sessions::shelf::{Branch, Shelf};
use crate::state::sessions::walk::{Standpoint, Step, left, moved, place, right};
use crate::state::shortcuts::{Act, Scope};
use mf_domain::ids::MemberId;
use std::rc::Rc;
use yew::prelude::*;

/// Pixels; the style sheet says the same.
const ROW: u32 = 48;
const HEAD: f64 = 34.0;
/// How far a jump to an end goes.
const FAR: isize = 1_000_000;

const COLUMNS: [&str; 6] = ["Flow", "Launched", "Origin", "Targets", "Completion", "Status"];

#[derive(Properties, PartialEq)]
pub(super) struct WorkGridProps {
    pub(super) shelf: Shelf,
    /// The groups, where the list is in groups.
    pub(super) groups: Option<Rc<Vec<Group>>>,
    pub(super) me: Option<MemberId>,
    pub(super) filtered: bool,
    pub(super) onmore: Callback<Branch>,
    pub(super) onclear: Callback<()>,
}

/// The list.
#[component]
pub(super) fn WorkGrid(props: &WorkGridProps) -> Html {
    let point = use_reducer(Standpoint::remembered);
    let list = use_node_ref();
    let lines = {
        let groups = props.groups.clone();
        use_memo((props.shelf.clone(), groups, point.open.clone()), |(shelf, groups, open)| {
            lines(shelf, groups.as_ref().map(|groups| &groups[..]), open)
        })
    };
    let rows = use_rows(&list, lines.len(), ROW);
    // Nothing is pointed at before a key or a click says what.
    let at = point.at.as_ref().and_then(|key| place(&lines, key));
    let drawn = || lines.iter().enumerate().skip(rows.drawn.start).take(rows.drawn.len());

    let waiting: Vec<Branch> = drawn()
        .filter_map(|(_, line)| match &line.content {
            Content::More(branch) => Some(branch.clone()),
            _ => None,
        })
        .collect();
    {
        let onmore = props.onmore.clone();
        use_effect_with((waiting, props.shelf.clone()), move |(waiting, _)| {
            for branch in waiting {
                onmore.emit(branch.clone());
            }
        });
    }
    let settled = lines.iter().any(|line| !matches!(line.content, Content::More(_)));
    use_effect_with(settled, |settled| {
        if *settled {
            browser::mark_ready();
        }
    });
    {
        let list = list.clone();
        use_effect_with(at, move |at| {
            if let Some(at) = at {
                bring_into_view(&list, *at, ROW, HEAD);
            }
        });
    }

    let hands = {
        let point = point.dispatcher();
        Hands {
            onstep: Callback::from(move |step| point.dispatch(step)),
            onmore: props.onmore.clone(),
            me: props.me,
        }
    };
    use_shortcuts(Scope::Sessions, {
        let (lines, onstep) = (lines.clone(), hands.onstep.clone());
        Callback::from(move |act| press(&lines, at, act, &onstep))
    });

    if let ([Line { content: Content::Nothing, .. }], None) = (&lines[..], &props.groups) {
        return nothing(props.filtered, props.onclear.clone());
    }
    let active = at.filter(|at| rows.drawn.contains(at)).and_then(|at| lines[at].key.as_ref());
    html! {
        <div
            class={classes!("work", props.shelf.is_stale().then_some("stale"))}
            role="treegrid"
            aria-label="Sessions"
            aria-rowcount={(lines.len() + 1).to_string()}
            aria-busy={props.shelf.is_stale().then_some("true")}
            aria-activedescendant={active.map(Key::element_id)}
            tabindex="0"
            data-scroller="true"
            data-testid="work"
        >
            <div class="work-head work-row" role="row" aria-rowindex="1">
                for words in COLUMNS {
                    <span role="columnheader">{ words }</span>
                }
            </div>
            <div role="rowgroup" ref={list}>
                { rows.before("div") }
                for (place, one) in drawn() {
                    { line(one, place, at == Some(place), &hands) }
                }
                { rows.after("div") }
            </div>
        </div>
    }
}

/// What a key does; whether it was taken.
fn press(lines: &[Line], at: Option<usize>, act: Act, onstep: &Callback<Step>) -> bool {
    if act == Act::Search {
        browser::focus(SEARCH);
        return true;
    }
    let Some(at) = at else {
        let step = Step::to(lines, lines.iter().position(|line| line.key.is_some()).unwrap_or_default());
        let begins = matches!(act, Act::Next | Act::Previous | Act::First | Act::Right) && step != Step::Stay;
        if begins {
            onstep.emit(step);
        }
        return begins;
    };
    let to = |by: isize| Step::to(lines, moved(lines, at, by));
    let step = match act {
        Act::Next => to(1),
        Act::Previous => to(-1),
        Act::First => to(-FAR),
        Act::Last => to(FAR),
        Act::Right => right(lines, at),
        Act::Left => left(lines, at),
        Act::Open => match &lines[at].key {
            Some(Key::Batch(_, id)) => {
                go(Route::Batch { id: *id });
                Step::to(lines, at)
            }
            Some(Key::Session(_, id)) => {
                go(Route::Session { id: *id });
                Step::to(lines, at)
            }
            Some(Key::Group(_)) if lines[at].open == Some(true) => left(lines, at),
            _ => right(lines, at),
        },
        _ => return false,
    };
    onstep.emit(step);
    true
}

fn nothing(filtered: bool, onclear: Callback<()>) -> Html {
    if filtered {
        return empty(&EmptyProps {
            icon: Icon::Search,
            title: "Nothing fits these filters".into(),
            text: AttrValue::default(),
            compact: false,
            children: html! { <Button onclick={onclear}>{ "Clear filters" }</Button> },
        });
    }
    empty(&EmptyProps {
        icon: Icon::Run,
        title: "Nothing has run yet".into(),
        text: "Launch a batch from a maintenance flow, or wait for its schedule to come due.".into(),
        compact: false,
        children: html! {
            <To route={Route::Flows} query="type=maintenance" class="btn">{ "Go to maintenance flows" }</To>
        },
    })
}
