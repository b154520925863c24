//! Bars and rings. Their sizes are the only computed styles there are; they go through the CSSOM, because the window's
//! policy refuses inline styles.

use crate::state::runner::percent;
use mf_contract::sessions::SessionSummary;
use mf_domain::batch::Rollup;
use mf_domain::session::SessionStatus;
use web_sys::HtmlElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
struct SharedProps {
    tag: &'static str,
    class: Classes,
    share: u32,
}

/// An empty element that knows its share, in thousandths, as `--share`.
#[component]
fn Shared(props: &SharedProps) -> Html {
    let node = use_node_ref();
    use_effect_with((node.clone(), props.share), |(node, share)| {
        if let Some(element) = node.cast::<HtmlElement>() {
            drop(element.style().set_property("--share", &format!("{}.{}%", share / 10, share % 10)));
        }
    });
    html! { <@{props.tag} ref={node} class={props.class.clone()} aria-hidden="true"></@> }
}

fn part(class: &'static str, part: u32, total: u32) -> Html {
    html! { <Shared tag="i" class={classes!(class)} share={share(part, total)} /> }
}

/// A part of a whole in thousandths.
#[must_use]
pub fn share(part: u32, total: u32) -> u32 {
    let exact = (u64::from(part) * 1_000).checked_div(u64::from(total)).unwrap_or(0);
    // One of a thousand is still to be seen.
    u32::try_from(exact).unwrap_or(1_000).max(u32::from(part > 0) * 10)
}

/// How far something is, in thousandths. The words beside it say what; a number that changes all the time is not read out.
pub fn work_bar(share: u32) -> Html {
    html! { <div class="bar" aria-hidden="true" data-testid="work-bar"><Shared tag="i" class={classes!("b")} {share} /></div> }
}

/// Properties of [`rollup_bar`].
#[derive(Debug)]
pub struct RollupBarProps {
    pub rollup: Rollup,
    /// Whether "6/8 complete" stands under it.
    pub words: bool,
    pub testid: Option<AttrValue>,
}

/// How far a batch is.
pub fn rollup_bar(props: &RollupBarProps) -> Html {
    let rollup = &props.rollup;
    let rest = rollup.skipped + rollup.cancelled;
    html! {
        <div class="rollup" data-testid={props.testid.clone()}>
            <div class="bar" role="img" aria-label={words(rollup)}>
                { part("g", rollup.completed, rollup.total) }
                { part("r", rollup.failed, rollup.total) }
                { part("b", rollup.in_progress, rollup.total) }
                { part("s", rest, rollup.total) }
            </div>
            if props.words {
                <p class="small muted">{ words(rollup) }</p>
            }
        </div>
    }
}

/// "6/8 complete, 1 failed"
#[must_use]
pub fn words(rollup: &Rollup) -> String {
    let mut text = rollup.words();
    for (number, word) in
        [(rollup.failed, "failed"), (rollup.skipped, "skipped"), (rollup.cancelled, "cancelled")]
    {
        if number > 0 {
            text.push_str(&format!(", {number} {word}"));
        }
    }
    text
}

/// How many steps of a session are recorded, as a bar with numbers.
pub fn steps_bar(session: &SessionSummary) -> Html {
    let done = session.steps_recorded - session.steps_failed.min(session.steps_recorded);
    html! {
        <div class="progress-cell">
            <div class="bar" aria-hidden="true">
                { part("g", done, session.steps_total) }
                { part("r", session.steps_failed, session.steps_total) }
            </div>
            <span class="small muted">{ format!("{}/{}", session.steps_recorded, session.steps_total) }</span>
        </div>
    }
}

/// How far a piece of work is, in percent; `words` say which.
pub fn progress_bar(words: &'static str, percent: u32) -> Html {
    html! {
        <div class="bar" role="progressbar" aria-label={words} aria-valuemin="0" aria-valuemax="100" aria-valuenow={percent.to_string()}>
            { part("b", percent, 100) }
        </div>
    }
}

/// How much of a session is recorded, as a ring.
pub fn ring(session: &SessionSummary) -> Html {
    let tone = match session.status {
        SessionStatus::Completed => "green",
        SessionStatus::Failed => "red",
        SessionStatus::Skipped | SessionStatus::Cancelled => "grey",
        SessionStatus::Pending | SessionStatus::InProgress => "",
    };
    html! { <Shared tag="span" class={classes!("ring", tone)} share={percent(session) * 10} /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_never_vanish_and_never_overflow() {
        assert_eq!(share(0, 0), 0);
        assert_eq!(share(1, 5_000), 10);
        assert_eq!(share(1, 8), 125);
        assert_eq!(share(8, 8), 1_000);
    }

    #[test]
    fn the_words_name_what_is_not_complete() {
        let rollup = Rollup { total: 8, completed: 6, failed: 1, pending: 1, ..Rollup::default() };
        assert_eq!(words(&rollup), "6/8 complete, 1 failed");
    }
}
