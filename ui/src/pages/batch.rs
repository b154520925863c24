//! One batch: how far it is, and its sessions by target.

use super::frame::{Crumb, Frame};
use crate::api;
use crate::browser;
use crate::components::ask::Ask;
use crate::components::button::{Button, Tone};
use crate::components::datetime::When;
use crate::components::icon::Icon;
use crate::components::intake::{IntakeFieldsProps, answer_error, intake_fields};
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded, skeleton};
use crate::components::progress::{RollupBarProps, rollup_bar, steps_bar};
use crate::components::rows::{bring_into_view, use_rows};
use crate::components::status;
use crate::components::trouble::trouble;
use crate::route::{Route, go};
use crate::state::call::use_call;
use crate::state::keys::use_shortcuts;
use crate::state::load::use_load;
use crate::state::shortcuts::{Act, Scope};
use crate::state::time::{self, count};
use crate::state::toasts::use_toasts;
use mf_contract::batches::{Batch, CancelBatch, GetBatch, LaunchedBatch, RetryBatch, SetBatchIntake};
use mf_contract::sessions::{ListSessions, SessionSummary};
use mf_contract::{ErrorCode, Event};
use mf_domain::batch::{BatchStatus, Rollup};
use mf_domain::ids::BatchId;
use mf_domain::intake::{Answers, Completeness, IntakeField};
use mf_domain::session::SessionStatus;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`BatchPage`].
#[derive(Debug, Properties, PartialEq)]
pub struct BatchPageProps {
    pub id: BatchId,
}

type Filter = (Option<SessionStatus>, &'static str, fn(&Rollup) -> u32);

const FILTERS: [Filter; 5] = [
    (None, "All", |rollup| rollup.total),
    (Some(SessionStatus::Pending), "Pending", |rollup| rollup.pending),
    (Some(SessionStatus::InProgress), "Running", |rollup| rollup.in_progress),
    (Some(SessionStatus::Failed), "Failed", |rollup| rollup.failed),
    (Some(SessionStatus::Completed), "Done", |rollup| rollup.completed),
];

/// The page.
#[component]
pub fn BatchPage(props: &BatchPageProps) -> Html {
    let batch_id = props.id;
    let batch = use_load(Some(GetBatch { batch_id }), |request, event| match event {
        Event::BatchChanged { batch_id, .. } => *batch_id == request.batch_id,
        Event::SessionChanged { batch_id, .. } => *batch_id == Some(request.batch_id),
        _ => false,
    });
    let sessions = use_load(
        Some(ListSessions { batch_id: Some(batch_id), ..ListSessions::default() }),
        |request, event| match event {
            Event::BatchChanged { batch_id, .. } => Some(*batch_id) == request.batch_id,
            Event::SessionChanged { batch_id, .. } => *batch_id == request.batch_id,
            _ => false,
        },
    );
    let filter = use_state(|| None::<SessionStatus>);
    let name = batch.data().map_or_else(|| "Batch".to_owned(), |batch| batch.summary.flow_name.clone());
    if batch.data().is_none() && batch.error().is_some_and(|error| error.code == ErrorCode::NotFound) {
        return html! {
                    <Frame crumbs={vec![Crumb::to("Sessions", Route::Batches), Crumb::here("Not found")]}>
                        { empty(&EmptyProps {
                            icon: Icon::Search,
                            title: AttrValue::from("This batch is not here"),
                            children: html! {
        <><To route={Route::Batches} class="btn">{ "Go to sessions" }</To></>
        },
                            text: AttrValue::default(),
                            compact: false,
                        }) }
                    </Frame>
                };
    }
    let body = {
        let (sessions, filter) = (sessions.clone(), filter.clone());
        move |batch: Rc<Batch>| {
            let rollup = batch.summary.rollup;
            let shown = *filter;
            let rows = move |sessions: Rc<Vec<SessionSummary>>| {
                let rows: Vec<SessionSummary> = sessions
                    .iter()
                    .filter(|session| shown.is_none_or(|status| session.status == status))
                    .cloned()
                    .collect();
                if rows.is_empty() {
                    return html! { { empty(&EmptyProps {
                        icon: Icon::Inbox,
                        compact: true,
                        title: AttrValue::from("No session with this status"),
                        text: AttrValue::default(),
                        children: Html::default(),
                    }) } };
                }
                html! { <SessionTable sessions={rows} /> }
            };
            html! {
                <>
                    <Head batch={batch.clone()} />
                    <div class="subbar">
                        <div class="filters" role="group" aria-label="Filter by status">
                            for (status, words, number) in FILTERS {
                                <button
                                    type="button"
                                    class="filter"
                                    aria-pressed={if *filter == status { "true" } else { "false" }}
                                    onclick={let filter = filter.setter(); move |_| filter.set(status)}
                                    data-testid={format!("filter-{}", words.to_lowercase())}
                                >
                                    { words }<b>{ number(&rollup) }</b>
                                </button>
                            }
                        </div>
                        <span class="end small muted" aria-hidden="true">
                            <kbd>{ "↑" }</kbd>{ " " }<kbd>{ "↓" }</kbd>{ " move  " }<kbd>{ "Enter" }</kbd>{ " open" }
                        </span>
                    </div>
                    <div class="board-body" data-scroller="true">
                        if !batch.missing_intake.is_empty() && batch.summary.status != BatchStatus::Finished {
                            <IntakeNotice
                                {batch_id}
                                fields={batch.missing_intake.clone()}
                                known={batch.intake.clone()}
                            />
                        }
                        { loaded(&sessions, 8, rows) }
                    </div>
                </>
            }
        }
    };
    html! {
        <Frame crumbs={vec![Crumb::to("Sessions", Route::Batches), Crumb::here(name)]} flush=true>
            if batch.data().is_none() && batch.error().is_none() {
                { skeleton(8) }
            } else {
                { loaded(&batch, 6, body) }
            }
        </Frame>
    }
}

#[derive(Properties, PartialEq)]
struct HeadProps {
    batch: Rc<Batch>,
}

#[component]
fn Head(props: &HeadProps) -> Html {
    let batch = &props.batch;
    let summary = &batch.summary;
    let batch_id = summary.batch_id;
    let toasts = use_toasts();
    let retry = use_call::<RetryBatch>({
        let toasts = toasts.clone();
        Callback::from(move |launched: LaunchedBatch| {
            if let Some(toasts) = &toasts {
                toasts.success(format!(
                    "{} created for the failed targets.",
                    count(launched.count as usize, "session")
                ));
            }
            go(Route::Batch { id: launched.batch_id });
        })
    });
    let cancel = use_call::<CancelBatch>({
        Callback::from(move |_| {
            if let Some(toasts) = &toasts {
                toasts.success("The batch is cancelled.");
            }
        })
    });
    let open = summary.rollup.pending + summary.rollup.in_progress;
    let onretry = {
        let retry = retry.clone();
        Callback::from(move |()| retry.run(RetryBatch { batch_id }))
    };
    let onconfirm = {
        let cancel = cancel.clone();
        Callback::from(move |()| cancel.run(CancelBatch { batch_id }))
    };
    html! {
        <>
            <div class="boardhead">
                <span class="tile amber" aria-hidden="true">{ Icon::Wrench.svg() }</span>
                <div class="grow">
                    <h1 class="clip">{ summary.flow_name.clone() }</h1>
                    <p class="small muted clip">
                        { "Batch of " }<When at={summary.launched_at} />
                        { format!(" · {} · rev {}", status::origin(summary.origin), batch.revision) }
                        if let Some(at) = summary.scheduled_for {
                            { " · due " }<When {at} />
                        }
                        if let Some(id) = batch.retry_of {
                            { " · " }<To route={Route::Batch { id }}>{ "the batch it retries" }</To>
                        }
                    </p>
                </div>
                { rollup_bar(&RollupBarProps {
                    rollup: summary.rollup,
                    testid: Some(AttrValue::from("rollup")),
                    words: true,
                }) }
                if summary.rollup.failed > 0 {
                    <Button icon={Icon::Retry} busy={retry.busy()} onclick={onretry} writes=true testid="retry-failed">
                        { format!("Retry {} failed", summary.rollup.failed) }
                    </Button>
                }
                if open > 0 {
                    <Ask
                        id="cancel-batch"
                        action="Cancel batch"
                        title="Cancel this batch?"
                        text={format!(
                            "{} of “{}” from {} will be called off. What is recorded stays.",
                            count(open as usize, "open session"),
                            summary.flow_name,
                            time::date_clock(time::in_viewer_zone(summary.launched_at)),
                        )}
                        {onconfirm}
                        busy={cancel.busy()}
                        error={cancel.error_elsewhere(&[]).map(AttrValue::from)}
                    />
                }
            </div>
            if let Some(error) = retry.error() {
                { trouble(api::sentence(error), None) }
            }
        </>
    }
}

/// Properties of [`IntakeNotice`].
#[derive(Debug, Properties, PartialEq)]
pub struct IntakeNoticeProps {
    pub batch_id: BatchId,
    pub fields: Vec<IntakeField>,
    /// What is answered already.
    pub known: Answers,
}

/// Asks, once for the whole batch, what nobody has answered yet.
#[component]
pub fn IntakeNotice(props: &IntakeNoticeProps) -> Html {
    let answers = use_state(Answers::new);
    let strict = use_state(|| false);
    let save = use_call::<SetBatchIntake>(Callback::noop());
    let onsubmit = {
        let (answers, strict, save) = ((*answers).clone(), strict.setter(), save.clone());
        let (fields, known, batch_id) = (props.fields.clone(), props.known.clone(), props.batch_id);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            strict.set(true);
            let wrong =
                fields.iter().find(|field| answer_error(field, &answers, Completeness::Required).is_some());
            if let Some(field) = wrong {
                return browser::focus(&format!("batch-intake-{}", field.key));
            }
            let mut intake = known.clone();
            intake.extend(answers.clone());
            save.run(SetBatchIntake { batch_id, intake });
        })
    };
    html! {
        <form class="notice" {onsubmit} novalidate={true} data-testid="missing-intake">
            <div class="row">{ Icon::Alert.svg() }{ "Answer this before the first session starts" }</div>
            { intake_fields(&IntakeFieldsProps {
                id: AttrValue::from("batch-intake"),
                fields: props.fields.clone(),
                answers: (*answers).clone(),
                onchange: Callback::from({ let answers = answers.setter(); move |next| answers.set(next) }),
                completeness: Completeness::Required,
                strict: *strict,
            }) }
            if let Some(error) = save.error() {
                { trouble(api::sentence(error), None) }
            }
            <div class="step-actions">
                <Button tone={Tone::Primary} submit=true busy={save.busy()} writes=true testid="intake-save">{ "Save answers" }</Button>
            </div>
        </form>
    }
}

/// The height of a row and of the heading above them, in pixels; the style sheet says the same.
const ROW: u32 = 38;
const HEAD: f64 = 30.0;

#[derive(Properties, PartialEq)]
struct SessionTableProps {
    sessions: Vec<SessionSummary>,
}

#[component]
fn SessionTable(props: &SessionTableProps) -> Html {
    let cursor = use_state(|| None::<usize>);
    // Until the person moves, on the first target with work left.
    let open = props.sessions.iter().position(|session| !session.status.is_terminal()).unwrap_or(0);
    let at = cursor.unwrap_or(open).min(props.sessions.len().saturating_sub(1));
    {
        let (cursor, last) = (cursor.setter(), props.sessions.len().saturating_sub(1));
        let id = props.sessions.get(at).map(|session| session.id);
        use_shortcuts(
            Scope::Batch,
            Callback::from(move |act: Act| {
                match act {
                    Act::Next => cursor.set(Some((at + 1).min(last))),
                    Act::Previous => cursor.set(Some(at.saturating_sub(1))),
                    Act::First => cursor.set(Some(0)),
                    Act::Last => cursor.set(Some(last)),
                    Act::Open => match id {
                        Some(id) => go(Route::Session { id }),
                        None => return false,
                    },
                    _ => return false,
                }
                true
            }),
        );
    }
    let list = use_node_ref();
    let total = props.sessions.len();
    let rows = use_rows(&list, total, ROW);
    {
        let list = list.clone();
        use_effect_with(at, move |at| bring_into_view(&list, *at, ROW, HEAD));
    }
    html! {
        <table class="table-wide by-target" aria-label="Sessions by target" aria-rowcount={(total + 1).to_string()}>
            <thead>
                <tr>
                    <th scope="col">{ "Target" }</th>
                    <th scope="col">{ "Notes" }</th>
                    <th scope="col">{ "Status" }</th>
                    <th scope="col">{ "Steps" }</th>
                    <th scope="col">{ "Ended" }</th>
                </tr>
            </thead>
            <tbody class="rows" ref={list}>
                { rows.before("tr") }
                for (index, session) in props.sessions.iter().enumerate().take(rows.drawn.end).skip(rows.drawn.start) {
                    <tr
                        key={session.id.to_string()}
                        aria-rowindex={(index + 2).to_string()}
                        class="hit"
                        aria-selected={if index == at { "true" } else { "false" }}
                        onclick={
                            let id = session.id;
                            move |event: MouseEvent| {
                                // The link inside has routed already.
                                if !event.default_prevented() {
                                    go(Route::Session { id });
                                }
                            }
                        }
                        data-testid="session-row"
                        data-status={session.status.as_str()}
                    >
                        <td><To class="name" route={Route::Session { id: session.id }}>{ session.target_label.clone() }</To></td>
                        <td class="muted fill"><div class="clip">{ session.target_notes.clone() }</div></td>
                        <td>{ status::of_session(session.status).pill() }</td>
                        <td>{ steps_bar(session) }</td>
                        <td class="muted">
                            if let Some(at) = session.ended_at { <When {at} /> } else { <span class="faint">{ "–" }</span> }
                        </td>
                    </tr>
                }
                { rows.after("tr") }
            </tbody>
        </table>
    }
}
