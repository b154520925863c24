//! The end of a session: completing it, what it ended as, and where to go next.

use super::actions::{Runner, trouble_with};
use super::{at_outcome, head, next_address, node_of, to_batch};
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::datetime::When;
use crate::components::icon::Icon;
use crate::components::markdown::{Filling, Markdown};
use crate::components::status;
use crate::state::runner::{Tally, next_open};
use mf_contract::sessions::{ReopenSession, Session, SessionSummary};
use mf_domain::flow::{FlowType, Outcome, StepKind};
use mf_domain::session::SessionStatus;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Debug)]
pub(super) struct ClosingProps {
    pub session: Rc<Session>,
    pub runner: Runner,
    pub targets: Rc<Vec<SessionSummary>>,
    /// A step is being looked at, so Enter belongs to that.
    pub looking_elsewhere: bool,
    pub filling: Filling,
}

pub(super) fn closing(props: &ClosingProps) -> Html {
    let session = &props.session;
    match session.summary.status {
        SessionStatus::Pending => Html::default(),
        SessionStatus::InProgress if session.flow_type == FlowType::Troubleshooting => {
            if at_outcome(session) { complete(props) } else { Html::default() }
        }
        SessionStatus::InProgress if session.current_step_id.is_none() => complete(props),
        SessionStatus::InProgress => Html::default(),
        _ => ended(props),
    }
}

fn complete(props: &ClosingProps) -> Html {
    let (session, runner) = (&props.session, &props.runner);
    let tally = Tally::of(&session.steps);
    let (title, words) = if session.flow_type == FlowType::Troubleshooting {
        let outcome = node_of(session).map(|node| node.title.clone()).unwrap_or_default();
        (outcome, "Complete the session to keep this outcome.".to_owned())
    } else {
        let ends =
            if tally.failed > 0 { "The session will end as failed." } else { "Everything is recorded." };
        ("All steps are recorded".to_owned(), format!("{}. {ends}", tally.words()))
    };
    let end = session
        .structure
        .as_procedure()
        .and_then(|procedure| procedure.steps.iter().find(|step| step.kind == StepKind::ProcedureEnd))
        .filter(|step| !step.description.trim().is_empty());
    html! {
        <section class={classes!("closing", (!props.looking_elsewhere).then_some("primary-card"))} aria-label="Complete">
            <h2>{ title }</h2>
            <p class="muted">{ words }</p>
            if let Some(end) = end {
                <Markdown text={end.description.clone()} filling={props.filling.clone()} />
            }
            { trouble_with(&runner.complete) }
            <Button
                tone={Tone::Primary}
                icon={Icon::Check}
                keys={(!props.looking_elsewhere).then_some("Enter")}
                busy={runner.complete.busy()}
                onclick={let runner = runner.clone(); move |()| runner.complete()}
                writes=true testid="complete-session"
            >
                { "Complete session" }
            </Button>
        </section>
    }
}

/// The outcome a troubleshooting session reached; else what was worked on.
fn what_it_came_to(session: &Session) -> String {
    let outcome = session.outcome.and_then(|_| node_of(session)).map(|node| node.title.clone());
    outcome.unwrap_or_else(|| head::label(&session.summary))
}

fn ended(props: &ClosingProps) -> Html {
    let (session, runner) = (&props.session, &props.runner);
    let next = next_open(&props.targets, session.summary.id);
    let address = next_address(session, &props.targets);
    let onnext = Callback::from(move |()| browser::go_to(&address, false));
    let words = match (next, session.summary.batch_id) {
        (Some(next), _) => format!("Next target: {}", next.target_label),
        (None, Some(_)) => "Back to the batch".to_owned(),
        (None, None) => "Back to the flow".to_owned(),
    };
    let look = status::of_session(session.summary.status);
    let id = session.summary.id;
    let reopen = runner.reopen.clone();
    html! {
        <section class="closing primary-card" aria-label="Ended" data-testid="session-ended" data-status={session.summary.status.as_str()}>
            <div class="row">
                <h2>{ what_it_came_to(session) }</h2>
                { look.pill() }
                if let Some(outcome) = session.outcome {
                    if outcome == Outcome::Resolved {
                        <span class="pill green">{ Icon::Check.svg() }{ "Resolved" }</span>
                    } else {
                        <span class="pill amber">{ Icon::Up.svg() }{ "Escalate" }</span>
                    }
                }
            </div>
            <p class="muted">
                if !session.steps.is_empty() {
                    { format!("{}. ", Tally::of(&session.steps).words()) }
                }
                if let Some(at) = session.summary.ended_at {
                    { "Ended " }<When {at} />{ "." }
                }
            </p>
            if session.late {
                <p class="row tone-amber">{ Icon::Alert.svg() }{ "Something was recorded after the end. How the session ended takes it into account." }</p>
            }
            if next.is_none() && props.targets.iter().any(|target| target.id == session.summary.id) {
                <p>{ "No target of this batch is open any more." }</p>
            }
            { trouble_with(&runner.reopen) }
            <div class="row">
                <Button tone={Tone::Primary} keys="Enter" onclick={onnext} testid="next-target">{ words }</Button>
                <Button
                    tone={Tone::Ghost}
                    icon={Icon::Retry}
                    busy={reopen.busy()}
                    onclick={move |()| reopen.run(ReopenSession { session_id: id })}
                    writes=true testid="reopen-session"
                >
                    { "Reopen" }
                </Button>
                if let Some(id) = session.summary.batch_id.filter(|_| next.is_some()) {
                    { to_batch(id, "See the batch", "btn ghost") }
                }
            </div>
        </section>
    }
}
