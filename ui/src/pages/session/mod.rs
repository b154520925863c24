//! The runner: one session, worked through from the keyboard.
//!
//! Nothing is shown as done before the engine has answered that it is on disk. A note that is typed is kept as a draft
//! on this machine until then. Deliberately absent: results held here; they come with every reply.

mod actions;
mod closing;
mod head;
mod steps;
mod tree;

use super::batch::IntakeNotice;
use super::frame::{Crumb, Frame};
use crate::api;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::markdown::Filling;
use crate::components::trouble::trouble;
use crate::route::{Route, go};
use crate::state::keys::use_shortcuts;
use crate::state::load::use_load;
use crate::state::runner::{View, ViewAction, neighbour, next_open};
use crate::state::shortcuts::{Act, Scope};
use actions::{Runner, trouble_with, use_drafts, use_runner};
use closing::{ClosingProps, SessionNotes, closing};
use head::{HeadProps, Targets, head};
use mf_contract::batches::GetBatch;
use mf_contract::sessions::{GetSession, ListSessions, Session, SessionSummary};
use mf_contract::{ErrorCode, Event};
use mf_domain::flow::{FlowType, NodeKind};
use mf_domain::ids::{BatchId, SessionId};
use mf_domain::session::{SessionStatus, StepOutcome};
use std::rc::Rc;
use steps::Steps;
use tree::{TreeRunnerProps, tree_runner};
use yew::prelude::*;

/// The key of the draft that belongs to the session as a whole.
const WHOLE: &str = "";

/// Properties of [`SessionPage`].
#[derive(Debug, Properties, PartialEq)]
pub struct SessionPageProps {
    pub id: SessionId,
}

/// The note of a step, wherever it is typed.
const NOTE: &str = "step-note";

/// The page.
#[component]
pub fn SessionPage(props: &SessionPageProps) -> Html {
    let id = props.id;
    let session = use_load(Some(GetSession { id }), |request, event| match event {
        Event::SessionChanged { session_id, .. } => *session_id == request.id,
        Event::BatchChanged { .. } => true,
        _ => false,
    });
    let known = session.data().filter(|session| session.summary.id == id);
    let batch_id = use_last_batch(known.as_deref());
    let batch = use_load(
        batch_id.map(|batch_id| GetBatch { batch_id }),
        |request, event| matches!(event, Event::BatchChanged { batch_id, .. } if *batch_id == request.batch_id),
    );
    let siblings = use_load(
        batch_id.map(|batch_id| ListSessions { batch_id: Some(batch_id), ..ListSessions::default() }),
        |request, event| matches!(event, Event::SessionChanged { batch_id, .. } if *batch_id == request.batch_id),
    );
    let view = use_reducer(View::default);
    let drafts = use_drafts(id);
    let runner = use_runner(id, session.put(), view.clone(), drafts.clone());

    let targets: Rc<Vec<SessionSummary>> = siblings.data().unwrap_or_default();
    let missing = batch.data().map(|batch| batch.missing_intake.clone()).unwrap_or_default();

    {
        let (known, view, runner, targets) = (known.clone(), view.clone(), runner.clone(), targets.clone());
        let must_ask = !missing.is_empty();
        use_shortcuts(
            Scope::Session,
            Callback::from(move |act: Act| {
                let by = match act {
                    Act::NextTarget => 1,
                    Act::PreviousTarget => -1,
                    _ => 0,
                };
                if let Some(target) = neighbour(&targets, id, by).filter(|_| by != 0) {
                    go(Route::Session { id: target.id });
                    return true;
                }
                let Some(session) = &known else { return false };
                match session.summary.status {
                    SessionStatus::Pending if act == Act::Proceed && !must_ask => runner.start(),
                    SessionStatus::InProgress if session.flow_type == FlowType::Troubleshooting => {
                        return tree::press(session, &runner, act);
                    }
                    SessionStatus::InProgress => return press(session, &view, &runner, act),
                    SessionStatus::Pending => return false,
                    // It has ended: on to the next target.
                    _ if act == Act::Proceed => go(next_page(session, &targets)),
                    _ => return look_around(session, &view, act),
                }
                true
            }),
        );
    }

    if known.is_none() && session.error().is_some_and(|error| error.code == ErrorCode::NotFound) {
        return html! {
                    <Frame crumbs={vec![Crumb::to("Sessions", Route::Sessions), Crumb::here("Not found")]}>
                        { empty(&EmptyProps {
                            icon: Icon::Search,
                            title: AttrValue::from("This session is not here"),
                            children: html! {
        <><To route={Route::Sessions} class="btn">{ "Go to sessions" }</To></>
        },
                            text: AttrValue::default(),
                            compact: false,
                        }) }
                    </Frame>
                };
    }

    let summary = known
        .as_ref()
        .map(|session| session.summary.clone())
        .or_else(|| targets.iter().find(|target| target.id == id).cloned());
    let body = {
        let (view, runner, drafts, targets) = (view.clone(), runner.clone(), drafts.clone(), targets.clone());
        move |session: Rc<Session>| {
            let filling = filling(&session);
            let starting = session.summary.status == SessionStatus::Pending;
            html! {
                <div class="steps-inner">
                    if starting {
                        if let Some(batch_id) = batch_id.filter(|_| !missing.is_empty()) {
                            <IntakeNotice
                                {batch_id}
                                fields={missing.clone()}
                                known={session.intake.clone()}
                            />
                        } else {
                            { start_card(&StartCardProps {
                                session: session.clone(),
                                runner: runner.clone(),
                            }) }
                        }
                    }
                    if session.flow_type == FlowType::Troubleshooting {
                        { tree_runner(&TreeRunnerProps {
                            session: session.clone(),
                            runner: runner.clone(),
                            filling,
                        }) }
                    } else {
                        <Steps
                            session={session.clone()}
                            view={view.clone()}
                            runner={runner.clone()}
                            drafts={drafts.clone()}
                            filling={filling.clone()}
                        />
                    }
                    { closing(&ClosingProps {
                        session: session.clone(),
                        runner: runner.clone(),
                        targets: targets.clone(),
                        looking_elsewhere: view.open.is_some(),
                        filling: self::filling(&session),
                    }) }
                    if !starting {
                        <SessionNotes session={session.clone()} runner={runner.clone()} drafts={drafts.clone()} />
                    }
                </div>
            }
        }
    };
    let mut crumbs = vec![Crumb::to("Sessions", Route::Sessions)];
    if let Some(summary) = &summary {
        if let Some(batch) = summary.batch_id {
            crumbs.push(Crumb::to(summary.flow_name.clone(), Route::Batch { id: batch }));
        }
        crumbs.push(Crumb::here(head::label(summary)));
    } else {
        crumbs.push(Crumb::here("Session"));
    }
    let single = batch_id.is_none();
    html! {
        <Frame {crumbs} flush=true>
            if let Some(summary) = summary {
                { head(&HeadProps { summary, session: known, many: targets.len() > 1 }) }
            }
            <div class={classes!("runner", single.then_some("single"))}>
                if !single {
                    <Targets sessions={targets} current={id} trouble={siblings.error().map(|error| trouble(api::sentence(error), Some(siblings.again()))).unwrap_or_default()} />
                }
                <div class="steps">
                    { loaded(&session, 8, body) }
                </div>
            </div>
        </Frame>
    }
}

/// The batch of the session that was shown last: the list of targets stays while the next target loads.
#[hook]
fn use_last_batch(session: Option<&Session>) -> Option<BatchId> {
    let last = use_mut_ref(|| None::<BatchId>);
    if let Some(session) = session {
        *last.borrow_mut() = session.summary.batch_id;
    }
    *last.borrow()
}

/// Keys while steps are being worked through.
fn press(session: &Session, view: &UseReducerHandle<View>, runner: &Runner, act: Act) -> bool {
    let Some(step) = view.open_step(session) else {
        if act == Act::Proceed {
            runner.complete();
            return true;
        }
        return look_around(session, view, act);
    };
    match act {
        Act::Proceed => runner.record(step, view.explaining.unwrap_or(StepOutcome::Done)),
        Act::Fail => explain(view, StepOutcome::Failed),
        Act::Skip => explain(view, StepOutcome::Skipped),
        Act::Note => browser::focus(NOTE),
        Act::Leave if view.explaining.is_some() => view.dispatch(ViewAction::Cancel),
        Act::Leave if view.open.is_some() => view.dispatch(ViewAction::Follow),
        _ => return look_around(session, view, act),
    }
    true
}

/// Asks for the note of a failure or a skip; it may stay empty.
fn explain(view: &UseReducerHandle<View>, outcome: StepOutcome) {
    view.dispatch(ViewAction::Explain(outcome));
    browser::focus(NOTE);
}

/// Moving between steps, whatever the session's status.
fn look_around(session: &Session, view: &UseReducerHandle<View>, act: Act) -> bool {
    let by = match act {
        Act::Next => 1,
        Act::Previous => -1,
        _ => return false,
    };
    match view.moved(session, by) {
        Some(step) => view.dispatch(ViewAction::Open(step)),
        // Behind the last step stands the end.
        None if by > 0 => view.dispatch(ViewAction::Follow),
        None => {}
    }
    true
}

/// Where the work goes on after a session has ended.
fn next_page(session: &Session, targets: &[SessionSummary]) -> Route {
    match (next_open(targets, session.summary.id), session.summary.batch_id) {
        (Some(next), _) => Route::Session { id: next.id },
        (None, Some(batch)) => Route::Batch { id: batch },
        (None, None) => Route::of_flow(session.summary.flow_id, session.flow_type),
    }
}

fn filling(session: &Session) -> Filling {
    Filling::Values { target: session.target(), answers: Rc::new(session.intake.clone()) }
}

/// The node a troubleshooting session stands at.
fn node_of(session: &Session) -> Option<&mf_domain::flow::Node> {
    let tree = session.structure.as_tree()?;
    tree.node(session.current_node_id.as_deref().unwrap_or(&tree.start))
}

/// Whether a troubleshooting session has reached an outcome.
fn at_outcome(session: &Session) -> bool {
    node_of(session).is_some_and(|node| matches!(node.kind, NodeKind::Outcome { .. }))
}

struct StartCardProps {
    session: Rc<Session>,
    runner: Runner,
}

fn start_card(props: &StartCardProps) -> Html {
    let runner = &props.runner;
    let words = match props.session.steps.len() {
        0 => "The questions appear one at a time.".to_owned(),
        steps => format!(
            "{}. What you record is on disk before it shows as done.",
            crate::state::time::count(steps, "step")
        ),
    };
    html! {
        <section class="closing primary-card" aria-label="Start">
            <h2>{ format!("Start on {}", head::label(&props.session.summary)) }</h2>
            <p class="muted">{ words }</p>
            { trouble_with(&runner.start) }
            <Button
                tone={Tone::Primary}
                icon={Icon::Play}
                keys="Enter"
                busy={runner.start.busy()}
                onclick={let runner = runner.clone(); move |()| runner.start()}
                writes=true testid="start-session"
            >
                { "Start" }
            </Button>
        </section>
    }
}
