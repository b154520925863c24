//! The runner: one session, worked through from the keyboard.
//!
//! Nothing is shown as done before the engine has answered that it is on disk. A note that is typed is kept as a draft
//! on this machine until then. Deliberately absent: results held here; they come with every reply.

mod actions;
mod added;
mod assign;
mod attach;
mod closing;
mod head;
mod keys;
mod start;
mod step;
mod steps;
mod targets;
mod tree;
mod uploads;
mod whole;

use super::batch::IntakeNotice;
use super::frame::{Crumb, Frame};
use super::not_here::NotHere;
use crate::api;
use crate::browser::{self, Pasted};
use crate::components::button::May;
use crate::components::link::To;
use crate::components::loaded::loaded;
use crate::components::markdown::Filling;
use crate::components::trouble::trouble;
use crate::route::Route;
use crate::state::board;
use crate::state::clock::use_now;
use crate::state::keys::use_shortcuts;
use crate::state::load::use_load;
use crate::state::me::use_me;
use crate::state::runner::{View, ViewAction, Whose, next_open};
use crate::state::sending::use_uploads;
use crate::state::shortcuts::Scope;
use crate::state::uploads::{Place, UploadAction};
use actions::{Runner, evidence_key, use_drafts, use_runner};
use added::AddStepDialog;
use assign::Assignee;
use closing::{ClosingProps, closing};
use head::{HeadProps, head};
use keys::{Keys, may_add, shown_step, whose};
use mf_contract::batches::GetBatch;
use mf_contract::sessions::{GetSession, ListSessions, Session, SessionSummary};
use mf_contract::{ErrorCode, Event};
use mf_domain::flow::{FlowType, NodeKind};
use mf_domain::ids::{BatchId, SessionId};
use mf_domain::intake::IntakeField;
use mf_domain::role::Role;
use mf_domain::session::SessionStatus;
use start::{HeldCard, start_card};
use std::rc::Rc;
use steps::Steps;
use targets::Targets;
use tree::{TreeRunnerProps, tree_runner};
use uploads::{given, use_dragging, use_paste};
use whole::Whole;
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

/// The note on the session as a whole.
const SESSION_NOTE: &str = "session-note";

/// The step that is open.
const OPEN_STEP: &str = "open-step";

/// What is done on the target, as a whole.
const WORK: &str = "session-work";

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
        |request, event| match event {
            Event::SessionChanged { batch_id, .. } => *batch_id == request.batch_id,
            // Very many sessions that change at once are told as their batch.
            Event::BatchChanged { batch_id, .. } => Some(*batch_id) == request.batch_id,
            _ => false,
        },
    );
    let targets: Rc<Vec<SessionSummary>> = siblings.data().unwrap_or_default();
    {
        // Another target that ends may be what this one waits for.
        let again = session.again();
        let held = known.as_ref().is_some_and(|session| session.held.is_some());
        let statuses: Vec<SessionStatus> = targets.iter().map(|target| target.status).collect();
        use_effect_with(statuses, move |_| {
            if held {
                again.emit(());
            }
        });
    }
    let view = use_reducer(View::default);
    let drafts = use_drafts(id);
    let runner = use_runner(id, session.put(), view.clone(), drafts.clone());
    let uploads = use_uploads();
    let me = use_me();
    let now = use_now();
    let read_only = !use_context::<May>().unwrap_or_default().write(Role::Operator);
    let missing = batch.data().map(|batch| batch.missing_intake.clone()).unwrap_or_default();

    let dragging = use_dragging({
        let uploads = uploads.dispatcher();
        Callback::from(move |(step, files)| {
            let place = Place { session: id, step };
            uploads.dispatch(UploadAction::Give(place, given(files, false)));
        })
    });
    use_paste({
        let (known, view, runner, uploads) =
            (known.clone(), view.clone(), runner.clone(), uploads.dispatcher());
        Callback::from(move |(pasted, typing): (Rc<Pasted>, bool)| {
            let started = known.as_ref().filter(|session| session.summary.status != SessionStatus::Pending);
            let Some(session) = started.filter(|_| !read_only) else { return false };
            let whose = whose(session, &view);
            let step = shown_step(session, &view).filter(|_| whose == Whose::Step).cloned();
            let key = evidence_key(step.as_ref());
            if !pasted.files.is_empty() && (pasted.text.is_empty() || !typing) {
                let place = Place { session: id, step };
                uploads.dispatch(UploadAction::Give(place, given(pasted.files.clone(), true)));
                if view.attaching.is_some() && runner.drafts.note(&key).is_empty() {
                    // Nothing else was being written: the keys are the runner's again.
                    view.dispatch(ViewAction::Attach(None));
                    browser::blur();
                }
                return true;
            }
            if typing || pasted.text.trim().is_empty() {
                return false;
            }
            let text = [runner.drafts.note(&key), &pasted.text].concat();
            runner.type_note(&key, text);
            view.dispatch(ViewAction::Attach(Some(whose)));
            true
        })
    });
    {
        let keys = Keys {
            id,
            session: known.clone(),
            view: view.clone(),
            runner: runner.clone(),
            targets: targets.clone(),
            me,
            must_ask: !missing.is_empty(),
            read_only,
        };
        use_shortcuts(Scope::Session, Callback::from(move |act| keys.press(act)));
    }

    use_arrival(id, known.is_some());
    use_effect_with((batch_id, id), |(batch, id)| {
        if let Some(batch) = batch {
            board::came_from(*batch, *id);
        }
    });

    if known.is_none() && session.error().is_some_and(|error| error.code == ErrorCode::NotFound) {
        return html! {
            <NotHere
                crumbs={vec![Crumb::to("Sessions", Route::Sessions)]}
                title="This session is not here"
                to={Route::Sessions}
                words="Go to sessions"
            />
        };
    }

    let summary = known
        .as_ref()
        .map(|session| session.summary.clone())
        .or_else(|| targets.iter().find(|target| target.id == id).cloned());
    let crumbs = crumbs(summary.as_ref());
    let assignee = match (&known, me) {
        (Some(session), Some(me)) => html! {
            <Assignee session={session.clone()} {me} view={view.clone()} runner={runner.clone()} />
        },
        _ => Html::default(),
    };
    let body = {
        let (view, runner, drafts, targets) = (view.clone(), runner.clone(), drafts.clone(), targets.clone());
        let (uploads, over) = (uploads.clone(), dragging.over.clone());
        move |session: Rc<Session>| {
            let filling = filling(&session);
            let starting = session.summary.status == SessionStatus::Pending;
            let end = closing(&ClosingProps {
                session: session.clone(),
                runner: runner.clone(),
                targets: targets.clone(),
                looking_elsewhere: view.open.is_some(),
                filling: filling.clone(),
            });
            html! {
                <div class="steps-inner">
                    if starting {
                        { beginning(&session, &runner, &targets, &missing) }
                    }
                    if session.flow_type == FlowType::Troubleshooting {
                        { end }
                        { tree_runner(&TreeRunnerProps { session: session.clone(), runner: runner.clone(), filling }) }
                    } else {
                        <Steps
                            session={session.clone()}
                            view={view.clone()}
                            runner={runner.clone()}
                            drafts={drafts.clone()}
                            {filling}
                            uploads={uploads.clone()}
                            dragged_over={over.clone()}
                        />
                        { end }
                    }
                    if !starting {
                        <Whole
                            session={session.clone()}
                            runner={runner.clone()}
                            drafts={drafts.clone()}
                            view={view.clone()}
                            uploads={uploads.clone()}
                            dragged_over={over.as_deref() == Some(WHOLE)}
                        />
                    }
                    if may_add(&session) {
                        <AddStepDialog {session} view={view.clone()} runner={runner.clone()} />
                    }
                </div>
            }
        }
    };
    let single = batch_id.is_none();
    let about_targets = siblings
        .error()
        .map(|error| trouble(api::sentence(error), Some(siblings.again())))
        .unwrap_or_default();
    html! {
        <Frame {crumbs} flush=true>
            if let Some(summary) = summary {
                { head(&HeadProps { summary, session: known, many: targets.len() > 1, assignee, now }) }
            }
            <div class={classes!("runner", single.then_some("single"))}>
                if !single {
                    <Targets sessions={targets} current={id} {me} trouble={about_targets} />
                }
                <div
                    class="steps"
                    id={WORK}
                    tabindex="-1"
                    ondragover={dragging.ondragover}
                    ondragleave={dragging.ondragleave}
                    ondrop={dragging.ondrop}
                >
                    { loaded(&session, 8, body) }
                </div>
            </div>
        </Frame>
    }
}

/// What stands above the steps of a session that has not been started.
fn beginning(
    session: &Rc<Session>,
    runner: &Runner,
    targets: &Rc<Vec<SessionSummary>>,
    missing: &[IntakeField],
) -> Html {
    let batch_id = session.summary.batch_id;
    if let Some((batch_id, held)) = batch_id.zip(session.held) {
        return html! {
            <HeldCard {held} summary={session.summary.clone()} {batch_id} targets={targets.clone()} />
        };
    }
    match batch_id.filter(|_| !missing.is_empty()) {
        Some(batch_id) => html! {
            <IntakeNotice {batch_id} fields={missing.to_vec()} known={session.intake.clone()} />
        },
        None => start_card(session, runner),
    }
}

fn crumbs(summary: Option<&SessionSummary>) -> Vec<Crumb> {
    let mut crumbs = vec![Crumb::to("Sessions", Route::Sessions)];
    if let Some(summary) = summary {
        if let Some(batch) = summary.batch_id {
            let to_board = Crumb::to(summary.flow_name.clone(), Route::Batch { id: batch });
            crumbs.push(Crumb { query: Some(board::query(batch).into()), ..to_board });
        }
        crumbs.push(Crumb::here(head::label(summary)));
    } else {
        crumbs.push(Crumb::here("Session"));
    }
    crumbs
}

/// Takes the focus along from one target to the next: the link that led here would keep Enter for itself.
#[hook]
fn use_arrival(id: SessionId, is_there: bool) {
    let last = use_mut_ref(|| id);
    use_effect_with((id, is_there), move |(id, is_there)| {
        if *is_there && last.replace(*id) != *id {
            let step = browser::element(OPEN_STEP).is_some();
            browser::focus(if step { OPEN_STEP } else { WORK });
        }
    });
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

/// The address at which the work goes on after a session has ended.
fn next_address(session: &Session, targets: &[SessionSummary]) -> String {
    match (next_open(targets, session.summary.id), session.summary.batch_id) {
        (Some(next), _) => Route::Session { id: next.id }.path(),
        (None, Some(batch)) => board::address(batch),
        (None, None) => Route::of_flow(session.summary.flow_id, session.flow_type).path(),
    }
}

/// Back to the board of the batch, as it was left.
fn to_batch(id: BatchId, words: &'static str, class: &'static str) -> Html {
    html! {
        <To route={Route::Batch { id }} query={AttrValue::from(board::query(id))} {class} testid="to-batch">{ words }</To>
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
