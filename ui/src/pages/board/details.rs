//! What the cell under the cursor says, in full: it follows the cursor, so that a night can be read target by target.

use crate::components::button::{Button, Tone};
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::status;
use crate::route::Route;
use crate::state::board::titles::{of_cell, of_whole};
use crate::state::board::{Cell, cell, evidence, note, outcome};
use crate::state::load::use_load;
use crate::state::time::count;
use crate::state::whose::Whose;
use gloo_timers::callback::Timeout;
use mf_contract::Event;
use mf_contract::board::{Board, BoardAddedStep, BoardSession};
use mf_contract::sessions::{GetSession, Session, SessionStep};
use mf_domain::ids::{MemberId, SessionId};
use mf_domain::session::Evidence;
use mf_domain::session::fold::Note;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct DetailsProps {
    pub session: Rc<BoardSession>,
    pub board: Rc<Board>,
    pub step: usize,
    pub me: Option<MemberId>,
    pub onclose: Callback<()>,
}

/// How long the cursor rests before the whole session is asked for, in milliseconds.
const REST: u32 = 180;

/// The session the cursor has come to rest on.
#[hook]
fn use_rested(id: SessionId) -> Option<SessionId> {
    let rested = use_state(|| None::<SessionId>);
    let set = rested.setter();
    use_effect_with(id, move |id| {
        let id = *id;
        let timeout = Timeout::new(REST, move || set.set(Some(id)));
        move || drop(timeout)
    });
    (*rested).filter(|rested| *rested == id)
}

#[component]
pub(super) fn Details(props: &DetailsProps) -> Html {
    let (session, steps) = (&props.session, &props.board.steps);
    let rested = use_rested(session.id);
    let whole = use_load(rested.map(|id| GetSession { id }), |request, event| {
        matches!(event, Event::SessionChanged { session_id, .. } if *session_id == request.id)
            || matches!(event, Event::BatchChanged { .. })
    });
    // What the board knows is there at once; the whole session adds to it.
    let whole = whole.data().filter(|whole| whole.summary.id == session.id);
    let title = whole.as_ref().map_or_else(
        || of_cell(&props.board, props.step, session),
        |whole| of_whole(&props.board, props.step, whole),
    );
    let column = steps.get(props.step);
    let recorded =
        whole.as_ref().zip(column).and_then(|(whole, column)| whole.steps.iter().find(|s| s.id == column.id));
    let pill = match cell(steps, session, props.step) {
        Cell::Recorded(outcome) => status::of_outcome(outcome).pill(),
        Cell::Current => html! { <span class="pill blue">{ Icon::Play.svg() }{ "Current" }</span> },
        Cell::Open => html! { <span class="pill">{ Icon::Clock.svg() }{ "Open" }</span> },
    };
    html! {
        <aside class="board-details" aria-label="Details of the cell" data-testid="details">
            <div class="row">
                <h2 class="grow clip">{ session.label.clone() }</h2>
                <Button tone={Tone::Ghost} small=true icon={Icon::Cross} label="Close details" onclick={props.onclose.clone()} />
            </div>
            <div class="row wrap">
                { status::of_session(session.status).pill() }
                <span class="small muted">{ Whose::of(session.assignee, props.me).word() }</span>
                { times(session) }
            </div>
            { about(session) }
            <h3 data-testid="details-step">{ format!("{}. {title}", props.step + 1) }</h3>
            <div class="row wrap">
                { pill }
                if let Some(at) = recorded.and_then(|step| step.recorded_at) {
                    <span class="small muted">
                        <When {at} />
                        { " " }{ recorded.map_or("", |step| Whose::of(step.recorded_by, props.me).by()) }
                    </span>
                }
            </div>
            { notes(recorded, note(steps, session, props.step)) }
            { pieces(recorded.map(|step| &step.evidence[..]), evidence(steps, session, props.step)) }
            { own_steps(&session.added, whole.as_deref()) }
            { on_the_whole(session, whole.as_deref()) }
            <To route={Route::Session { id: session.id }} class="btn small">{ "Open the session" }</To>
        </aside>
    }
}

fn times(session: &BoardSession) -> Html {
    html! {
        <span class="small muted">
            if let Some(at) = session.started_at {
                { "began " }<When {at} shown={Shown::Clock} />
            }
            if let Some(at) = session.ended_at {
                { ", ended " }<When {at} shown={Shown::Clock} />
            }
        </span>
    }
}

fn about(session: &BoardSession) -> Html {
    let parts = [&session.client, &session.site, &session.notes];
    let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    if parts.is_empty() {
        Html::default()
    } else {
        html! { <p class="small muted selectable">{ parts.join(" · ") }</p> }
    }
}

/// All notes of the step as soon as they are there; before that the newest, as the board has it.
fn notes(recorded: Option<&SessionStep>, newest: Option<&str>) -> Html {
    match (recorded, newest) {
        (Some(step), _) if !step.notes.is_empty() => all_notes(&step.notes),
        (None, Some(text)) => html! { <p class="board-said selectable">{ text.to_owned() }</p> },
        _ => html! { <p class="small faint">{ "No note." }</p> },
    }
}

fn all_notes(notes: &[Note]) -> Html {
    notes
        .iter()
        .map(|note| {
            html! {
                <div class="board-said">
                    <p class="selectable">{ note.text.clone() }</p>
                    <span class="small faint"><When at={note.at} /></span>
                </div>
            }
        })
        .collect()
}

fn pieces(known: Option<&[Evidence]>, number: u32) -> Html {
    match known {
        _ if number == 0 => Html::default(),
        Some(known) => html! {
            <ul class="board-pieces">
                for piece in known {
                    <li class="row small">
                        { Icon::Clip.svg() }<span class="grow clip" title={piece.file.name.clone()}>{ piece.file.name.clone() }</span>
                        <span class="faint"><When at={piece.at} shown={Shown::Clock} /></span>
                    </li>
                }
            </ul>
        },
        None => html! { <p class="small">{ format!("{} of evidence", count(number as usize, "piece")) }</p> },
    }
}

/// Steps of this session alone: what was added, and what undoes a failed step.
fn own_steps(added: &[BoardAddedStep], whole: Option<&Session>) -> Html {
    if added.is_empty() {
        return Html::default();
    }
    let note_of = |added: &BoardAddedStep| {
        whole?.steps.iter().find(|step| step.id == added.id).and_then(|step| step.note.clone())
    };
    html! {
        <section>
            <h3>{ "Steps of this target alone" }</h3>
            <ul class="board-pieces">
                for step in added {
                    <li>
                        <div class="row small">
                            { if step.rollback_of.is_some() { Icon::Undo.svg() } else { Icon::Plus.svg() } }
                            <span class="grow">
                                <span class="visually-hidden">{ if step.rollback_of.is_some() { "Rollback: " } else { "Added: " } }</span>
                                { step.title.clone() }
                            </span>
                            <span class="muted">
                                { outcome(step.cell).map_or("Open", |outcome| status::of_outcome(outcome).word) }
                            </span>
                        </div>
                        if let Some(note) = note_of(step) {
                            <p class="small muted selectable">{ note }</p>
                        }
                    </li>
                }
            </ul>
        </section>
    }
}

/// What was said of the session as a whole.
fn on_the_whole(session: &BoardSession, whole: Option<&Session>) -> Html {
    let Some(newest) = &session.session_note else { return Html::default() };
    html! {
        <section>
            <h3>{ "On the whole session" }</h3>
            { match whole {
                Some(whole) => all_notes(&whole.notes),
                None => html! { <p class="board-said selectable">{ newest.clone() }</p> },
            } }
        </section>
    }
}
