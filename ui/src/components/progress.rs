//! Bars and rings. Their sizes are the only computed styles there are; they go through the CSSOM, because the window's
//! policy refuses inline styles.

use crate::state::runner::percent;
use mf_contract::sessions::SessionSummary;
use mf_domain::batch::Rollup;
use mf_domain::session::SessionStatus;
use web_sys::HtmlElement;
use yew::prelude::*;

/// Sets `--share` on an element to a number of thousandths.
#[hook]
fn use_share(node: NodeRef, share: u32) {
    use_effect_with((node, share), |(node, share)| {
        if let Some(element) = node.cast::<HtmlElement>() {
            drop(element.style().set_property("--share", &format!("{}.{}%", share / 10, share % 10)));
        }
    });
}

#[derive(Properties, PartialEq)]
struct ShareProps {
    class: &'static str,
    share: u32,
}

#[component]
fn Share(props: &ShareProps) -> Html {
    let node = use_node_ref();
    use_share(node.clone(), props.share);
    html! { <i ref={node} class={props.class}></i> }
}

fn share(part: u32, total: u32) -> u32 {
    let exact = (u64::from(part) * 1_000).checked_div(u64::from(total)).unwrap_or(0);
    // One of a thousand is still to be seen.
    u32::try_from(exact).unwrap_or(1_000).max(u32::from(part > 0) * 10)
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
                <Share class="g" share={share(rollup.completed, rollup.total)} />
                <Share class="r" share={share(rollup.failed, rollup.total)} />
                <Share class="b" share={share(rollup.in_progress, rollup.total)} />
                <Share class="s" share={share(rest, rollup.total)} />
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

/// Properties of [`Ring`].
#[derive(Debug, Properties, PartialEq)]
pub struct RingProps {
    pub session: SessionSummary,
}

/// How many steps of a session are recorded, as a bar with numbers.
pub fn steps_bar(session: &SessionSummary) -> Html {
    let done = session.steps_recorded - session.steps_failed.min(session.steps_recorded);
    html! {
        <div class="progress-cell">
            <div class="bar" aria-hidden="true">
                <Share class="g" share={share(done, session.steps_total)} />
                <Share class="r" share={share(session.steps_failed, session.steps_total)} />
            </div>
            <span class="small muted">{ format!("{}/{}", session.steps_recorded, session.steps_total) }</span>
        </div>
    }
}

/// How much of a session is recorded, as a ring.
#[component]
pub fn Ring(props: &RingProps) -> Html {
    let node = use_node_ref();
    use_share(node.clone(), percent(&props.session) * 10);
    let tone = match props.session.status {
        SessionStatus::Completed => "green",
        SessionStatus::Failed => "red",
        SessionStatus::Skipped | SessionStatus::Cancelled => "grey",
        SessionStatus::Pending | SessionStatus::InProgress => "",
    };
    html! { <span ref={node} class={classes!("ring", tone)} aria-hidden="true"></span> }
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
