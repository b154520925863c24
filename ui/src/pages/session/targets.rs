//! The targets of the batch: how far each is, who has it, and the way to it.

use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::progress::ring;
use crate::components::rows::{bring_into_view, use_rows};
use crate::components::status;
use crate::route::Route;
use crate::state::runner::{percent, unassigned};
use crate::state::time::grouped;
use crate::state::whose::Whose;
use mf_contract::sessions::SessionSummary;
use mf_domain::ids::{MemberId, SessionId};
use mf_domain::session::SessionStatus;
use std::rc::Rc;
use yew::prelude::*;

/// The height of a target in pixels; the style sheet says the same.
const ROW: u32 = 36;

#[derive(Properties, PartialEq)]
pub(super) struct TargetsProps {
    pub sessions: Rc<Vec<SessionSummary>>,
    pub current: SessionId,
    pub me: Option<MemberId>,
    /// Why the targets are not known, or may be out of date.
    pub trouble: Html,
}

#[component]
pub(super) fn Targets(props: &TargetsProps) -> Html {
    let list = use_node_ref();
    let rows = use_rows(&list, props.sessions.len(), ROW);
    {
        let list = list.clone();
        let at = props.sessions.iter().position(|session| session.id == props.current);
        use_effect_with(at, move |at| {
            if let Some(at) = at {
                bring_into_view(&list, *at, ROW, 0.0);
            }
        });
    }
    let open = props.sessions.iter().filter(|session| !session.status.is_terminal()).count();
    let free = unassigned(&props.sessions);
    html! {
        <nav class="targets" aria-label="Targets of the batch" data-scroller="true">
            { props.trouble.clone() }
            if !props.sessions.is_empty() {
                <p class="small muted targets-head">
                    { format!("{} of {} open", grouped(open), grouped(props.sessions.len())) }
                    if free > 0 {
                        <span data-testid="unassigned">{ format!(" · {} unassigned", grouped(free)) }</span>
                    }
                </p>
            }
            <div ref={list} role="list">
                { rows.before("div") }
                for (at, session) in props.sessions.iter().enumerate().take(rows.drawn.end).skip(rows.drawn.start) {
                    <div
                        key={session.id.to_string()}
                        role="listitem"
                        aria-setsize={props.sessions.len().to_string()}
                        aria-posinset={(at + 1).to_string()}
                    >
                    <To
                        route={Route::Session { id: session.id }}
                        class="target"
                        current={session.id == props.current}
                        testid="target"
                    >
                        { ring(session) }
                        <span class="grow clip">{ session.target_label.clone() }</span>
                        { held_by(session, props.me) }
                        <span class={classes!("small", if session.status == SessionStatus::Failed { "tone-red" } else { "faint" })}>
                            { progress(session) }
                        </span>
                    </To>
                    </div>
                }
                { rows.after("div") }
            </div>
        </nav>
    }
}

/// Who has an open session; nothing where nobody does.
fn held_by(session: &SessionSummary, me: Option<MemberId>) -> Html {
    let words = match Whose::of(session.assignee, me) {
        Whose::Nobody => return Html::default(),
        whose => whose.word(),
    };
    html! { <span class="small faint row" title={words}>{ Icon::Person.svg() }<span class="visually-hidden">{ words }</span></span> }
}

fn progress(session: &SessionSummary) -> String {
    match session.status {
        SessionStatus::InProgress => format!("{} %", percent(session)),
        status => status::of_session(status).word.to_lowercase(),
    }
}
