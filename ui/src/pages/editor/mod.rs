//! The editor of flows: steps of projects and maintenance, the tree of troubleshooting.
//!
//! What is typed is kept on this machine a moment later and comes back after a crash. Leaving with unsaved changes asks;
//! a revision that somebody else saved meanwhile is never overwritten unasked. The decisions are in
//! [`crate::state::editor`].

mod about;
mod delete;
mod guard;
mod head;
mod keys;
mod places;
mod questions;
mod steps;
mod tree;

pub(super) use tree::kind_pill;

pub(super) use guard::{LeavingProps, leaving, use_guard};
pub(super) use head::{HeadProps, NoticeProps, head, notice};

use super::frame::{Crumb, Frame};
use super::not_here::flow_not_here;
use crate::api::as_sentence;
use crate::browser;
use crate::components::loaded::{loaded, skeleton};
use crate::components::status;
use crate::route::{Route, go, use_here};
use crate::state::call::use_call;
use crate::state::drafts;
use crate::state::editor::{Draft, Edit, Editor, Place, Problem, kept, recalled};
use crate::state::keys::use_shortcuts;
use crate::state::load::use_load;
use crate::state::shortcuts::Scope;
use crate::state::toasts::{use_toasts, use_undo_only_here};
use about::about;
use gloo_timers::callback::Timeout;
use keys::press;
use mf_contract::drafts::GetDraft;
use mf_contract::flows::{CreateFlow, Flow, GetFlow, UpdateFlow};
use mf_contract::{ErrorCode, Event};
use mf_domain::flow::FlowType;
use mf_domain::ids::FlowId;
use places::{Focus, control_of, step_of, use_focus};
use questions::Questions;
use std::rc::Rc;
use steps::Steps;
use yew::prelude::*;

/// Where edits go.
pub(super) type Send = UseReducerDispatcher<Editor>;

/// Properties of [`EditorPage`].
#[derive(Debug, Properties, PartialEq)]
pub struct EditorPageProps {
    /// None for a flow that does not exist yet.
    pub id: Option<FlowId>,
}

/// The page.
#[component]
pub fn EditorPage(props: &EditorPageProps) -> Html {
    // A new flow that was typed on while it was saved exists from then on, and stays on the screen.
    let created = use_state(|| None::<FlowId>);
    let id = props.id.or(*created);
    let asked_type = use_here().flow_type().unwrap_or(FlowType::Maintenance);
    let flow = use_load(
        id.map(|id| GetFlow { id }),
        |request, event| matches!(event, Event::FlowChanged { flow_id } if *flow_id == request.id),
    );
    let editor = use_reducer(|| Editor::new(asked_type));
    let send = editor.dispatcher();
    // The revision the text was begun on; 0 for a new flow.
    let base = use_state(|| None::<u32>);
    let recovered = use_state(|| false);
    let key = drafts::flow_key(id);
    let found = use_load(Some(GetDraft { key: key.clone() }), |_, _| false);
    // Whether the engine keeps something that has to go once all is saved.
    let keeps = use_mut_ref(|| false);

    {
        // Once: the flow as it is, or what was typed before a crash.
        let (send, base, recovered) = (send.clone(), base.clone(), recovered.setter());
        let (keeps, is_new) = (keeps.clone(), id.is_none());
        let asked = found.data().is_some() || found.error().is_some();
        use_effect_with((flow.data(), found.data(), asked), move |(flow, found, asked)| {
            if base.is_some() || !asked || (flow.is_none() && !is_new) {
                return;
            }
            let saved = flow.as_ref().map_or_else(|| Draft::empty(asked_type), |flow| Draft::of(flow));
            let revision = flow.as_ref().map_or(0, |flow| flow.revision);
            let content = found.as_deref().and_then(Option::as_ref);
            *keeps.borrow_mut() = content.is_some();
            let found = content
                .and_then(|found| drafts::read(&found.content))
                .and_then(|kept| recalled(&kept))
                .filter(|(draft, _)| *draft != saved);
            recovered.set(found.is_some());
            let (draft, revision) = found.unwrap_or_else(|| (saved.clone(), revision));
            base.set(Some(revision));
            send.dispatch(Edit::Load { saved, draft });
        });
    }
    {
        // A moment after the last letter.
        let (draft, dirty, revision, key) = (editor.draft.clone(), editor.is_dirty(), *base, key.clone());
        let keeps = keeps.clone();
        use_effect_with((draft, dirty, revision), move |(draft, dirty, revision)| {
            let (draft, dirty) = (draft.clone(), *dirty);
            let timeout = revision.map(|revision| {
                Timeout::new(400, move || {
                    if dirty || keeps.replace(dirty) {
                        *keeps.borrow_mut() = dirty;
                        drafts::keep(&key, dirty.then(|| kept(&draft, revision)).as_ref());
                    }
                })
            });
            move || drop(timeout)
        });
    }
    use_effect_with(base.is_some(), |known| {
        if *known {
            browser::mark_ready();
        }
    });

    let guard = use_guard(editor.is_dirty());
    let sent = use_mut_ref(|| None::<Draft>);
    let toasts = use_toasts();
    let done = {
        let (send, base, sent, key, guard) =
            (send.clone(), base.setter(), sent.clone(), key.clone(), guard.clone());
        let (editor, created, was_new) = (editor.clone(), created.setter(), props.id.is_none());
        let (keeps, toasts) = (keeps.clone(), toasts.clone());
        Callback::from(move |flow: Flow| {
            let Some(sent) = sent.take() else { return };
            let is_all = editor.is_as_sent(&sent);
            send.dispatch(Edit::Saved(sent));
            base.set(Some(flow.revision));
            if let Some(toasts) = &toasts {
                toasts.success(format!("“{}” is saved as revision {}.", flow.name, flow.revision));
            }
            if !is_all {
                // What was typed meanwhile is unsaved: it is kept, and still held.
                let now = drafts::flow_key(Some(flow.id));
                drafts::keep(&now, Some(&kept(&editor.draft, flow.revision)));
                *keeps.borrow_mut() = true;
                if now != key {
                    drafts::keep(&key, None);
                    created.set(Some(flow.id));
                }
                return;
            }
            drafts::keep(&key, None);
            guard.free();
            match guard.wanted() {
                Some(address) => browser::go_to(&address, false),
                None if was_new => go(Route::of_flow(flow.id, flow.flow_type)),
                None => {}
            }
        })
    };
    let create = use_call::<CreateFlow>(done.clone());
    let update = use_call::<UpdateFlow>(done);
    let focus = use_focus();
    use_undo_only_here(delete::PAGE);
    let problems = use_memo(editor.draft.clone(), Draft::problems);
    let refused = create.error().or(update.error()).and_then(|error| editor.draft.refused(error));
    {
        // What was typed since may be right.
        let (create, update) = (create.clone(), update.clone());
        use_effect_with(editor.draft.clone(), move |_| {
            create.clear();
            update.clear();
        });
    }
    {
        let (send, focus, draft) = (send.clone(), focus.clone(), editor.draft.clone());
        use_effect_with(refused.clone(), move |refused| {
            if let Some(problem) = refused {
                show(problem, &draft, &send, &focus);
            }
        });
    }
    let save = {
        let (editor, send, focus, problems) = (editor.clone(), send.clone(), focus.clone(), problems.clone());
        let (create, update, sent) = (create.clone(), update.clone(), sent.clone());
        Callback::from(move |revision: u32| {
            // What is under way is what `sent` says.
            if create.busy() || update.busy() {
                return;
            }
            if let Some(problem) = problems.first() {
                return show(problem, &editor.draft, &send, &focus);
            }
            *sent.borrow_mut() = Some(editor.draft.clone());
            match id {
                None => create.run(editor.draft.create()),
                Some(id) => update.run(editor.draft.update(id, &editor.saved, revision)),
            }
        })
    };
    let onsave = {
        let revision = base.unwrap_or(0);
        save.reform(move |()| revision)
    };
    {
        let (editor, send, onsave, focus) = (editor.clone(), send.clone(), onsave.clone(), focus.clone());
        let is_there = base.is_some();
        use_shortcuts(
            Scope::Editor,
            Callback::from(move |act| {
                is_there && press(&editor, &send, act, &onsave, &focus, toasts.as_ref())
            }),
        );
    }

    if base.is_none() && flow.error().is_some_and(|error| error.code == ErrorCode::NotFound) {
        return flow_not_here();
    }

    let busy = create.busy() || update.busy();
    let error = create.error_elsewhere(&[]).or_else(|| update.error_elsewhere(&[]));
    // While the question stands over the page, that is where it has to be said.
    let said = error.clone().filter(|_| refused.is_none() && guard.wanted().is_none());
    let blocked = !problems.is_empty();
    let shown: Rc<Vec<Problem>> = match refused {
        Some(refused) => Rc::new(problems.iter().cloned().chain([refused]).collect()),
        None => problems.clone(),
    };
    let newer = flow.data().filter(|flow| !busy && base.is_some_and(|base| flow.revision > base));
    let title = match (id, editor.saved.name.as_str()) {
        (None, _) => format!("New {} flow", status::of_type(editor.draft.flow_type).word.to_lowercase()),
        (Some(_), "") => "Flow".to_owned(),
        (Some(_), name) => name.to_owned(),
    };
    let back = id.map_or(Route::Flows, |id| Route::of_flow(id, editor.saved.flow_type));
    let mut crumbs = vec![Crumb::to("Flows", Route::Flows)];
    if id.is_none() || base.is_some() {
        crumbs.push(Crumb::of_type(if id.is_some() {
            editor.saved.flow_type
        } else {
            editor.draft.flow_type
        }));
    }
    if id.is_some() {
        crumbs.push(Crumb::to(title.clone(), back));
    }
    crumbs.push(Crumb::here(if id.is_some() { "Edit" } else { "New flow" }));
    let ondiscard = {
        let (send, saved, recovered) = (send.clone(), editor.saved.clone(), recovered.setter());
        Callback::from(move |()| {
            recovered.set(false);
            send.dispatch(Edit::Load { saved: saved.clone(), draft: saved.clone() });
        })
    };
    let notices = html! {
        <>
            { notice(&NoticeProps {
                recovered: *recovered && editor.is_dirty(),
                ondiscard,
                newer: newer.as_ref().map(|flow| flow.revision),
                onmine: {
                    let revision = newer.as_ref().map_or(0, |flow| flow.revision);
                    save.reform(move |()| revision)
                },
                ontheirs: {
                    let (send, base) = (send.clone(), base.setter());
                    Callback::from(move |()| {
                        if let Some(flow) = &newer {
                            base.set(Some(flow.revision));
                            send.dispatch(Edit::Load { saved: Draft::of(flow), draft: Draft::of(flow) });
                        }
                    })
                },
                error: said,
            }) }
        </>
    };
    let head = head(&HeadProps {
        flow_type: editor.draft.flow_type,
        title,
        is_new: id.is_none(),
        dirty: editor.is_dirty(),
        problems: if editor.strict { problems.len() } else { 0 },
        can_undo: editor.can_undo(),
        busy,
        onundo: step_back(&send, Edit::Undo),
        onredo: step_back(&send, Edit::Redo),
        onclose: Callback::from(move |()| go(back)),
        onsave: onsave.clone(),
    });
    let body = html! {
        <div class="grid2">
            <div class="col-l">
                { about(&editor, &shown, &send) }
                if editor.draft.tree.is_some() {
                    <tree::Outline editor={(*editor).clone()} problems={shown.clone()} send={send.clone()} {focus} />
                } else {
                    <Steps editor={(*editor).clone()} problems={shown.clone()} send={send.clone()} {focus} />
                }
            </div>
            <Questions
                fields={editor.draft.fields.clone()}
                problems={shown}
                strict={editor.strict}
                {send}
            />
        </div>
    };
    html! {
        <Frame {crumbs}>
            if id.is_some() && base.is_none() {
                // Nothing to save, and no name to say, before it is here.
                { loaded(&flow, 8, |_| skeleton(8)) }
            } else {
                { head }
                { notices }
                { body }
            }
            { leaving(&LeavingProps { guard, busy, blocked, error, onsave }) }
        </Frame>
    }
}

/// Says what is wrong, opens where it is and puts the keyboard there.
fn show(problem: &Problem, draft: &Draft, send: &Send, focus: &Focus) {
    send.dispatch(Edit::Tried);
    if let Some(step) = step_of(problem, draft.steps.len()) {
        send.dispatch(Edit::Open(Some(step)));
    }
    focus.go(control_of(problem, draft.flow_type));
}

fn step_back(send: &Send, edit: Edit) -> Callback<()> {
    let send = send.clone();
    Callback::from(move |()| send.dispatch(edit.clone()))
}

/// The message for a field: a blank one is called wrong only after the person tried to save.
fn message(problems: &[Problem], field: &str, judged: bool) -> Option<AttrValue> {
    let problem = problems.iter().find(|problem| problem.field == field).filter(|_| judged)?;
    Some(as_sentence(&problem.message).into())
}

/// Sends what is typed into a text.
fn typing(send: &Send, place: Place) -> Callback<String> {
    let send = send.clone();
    Callback::from(move |text| send.dispatch(Edit::Type(place, text)))
}
