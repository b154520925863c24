//! One batch: how far it is, and its sessions by target.

use super::board::BoardGrid;
use super::frame::{Crumb, Frame};
use crate::api;
use crate::browser;
use crate::components::ask::Ask;
use crate::components::button::{Button, Tone};
use crate::components::datetime::When;
use crate::components::field::TextInput;
use crate::components::icon::Icon;
use crate::components::intake::{IntakeFieldsProps, answer_error, intake_fields};
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded, skeleton};
use crate::components::progress::{RollupBarProps, rollup_bar};
use crate::components::status;
use crate::components::trouble::trouble;
use crate::route::{Route, go};
use crate::state::board::{elapsed_minutes, minutes_left};
use crate::state::call::use_call;
use crate::state::clock::use_now;
use crate::state::load::use_load;
use crate::state::time::{self, count};
use crate::state::toasts::use_toasts;
use mf_contract::batches::{CancelBatch, LaunchedBatch, RetryBatch, SetBatchIntake};
use mf_contract::board::{Board, GetBoard};
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

/// Which targets of a batch are shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    pub status: Option<SessionStatus>,
    pub typed: String,
    /// Shows all of them.
    pub onclear: Callback<()>,
}

type StatusFilter = (Option<SessionStatus>, &'static str, fn(&Rollup) -> u32);

const FILTERS: [StatusFilter; 5] = [
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
    let board = use_load(Some(GetBoard { batch_id }), |request, event| match event {
        Event::BatchChanged { batch_id, .. } => *batch_id == request.batch_id,
        Event::SessionChanged { batch_id, .. } => *batch_id == Some(request.batch_id),
        _ => false,
    });
    let status = use_state(|| None::<SessionStatus>);
    let typed = use_state(String::new);
    let name = board.data().map_or_else(|| "Batch".to_owned(), |board| board.batch.summary.flow_name.clone());
    if board.data().is_none() && board.error().is_some_and(|error| error.code == ErrorCode::NotFound) {
        return html! {
            <Frame crumbs={vec![Crumb::to("Sessions", Route::Sessions), Crumb::here("Not found")]}>
                { empty(&EmptyProps {
                    icon: Icon::Search,
                    title: AttrValue::from("This batch is not here"),
                    children: html! { <To route={Route::Sessions} class="btn">{ "Go to sessions" }</To> },
                    text: AttrValue::default(),
                    compact: false,
                }) }
            </Frame>
        };
    }
    let body = {
        let (status, typed, again) = (status.clone(), typed.clone(), board.again());
        move |board: Rc<Board>| {
            let batch = &board.batch;
            let filter = Filter {
                status: *status,
                typed: (*typed).clone(),
                onclear: Callback::from({
                    let (status, typed) = (status.setter(), typed.setter());
                    move |()| {
                        status.set(None);
                        typed.set(String::new());
                    }
                }),
            };
            html! {
                <>
                    <Head board={board.clone()} />
                    { subbar(&batch.summary.rollup, &status, &typed) }
                    if !batch.missing_intake.is_empty() && batch.summary.status != BatchStatus::Finished {
                        <IntakeNotice {batch_id} fields={batch.missing_intake.clone()} known={batch.intake.clone()} />
                    }
                    <BoardGrid board={board.clone()} {filter} {again} />
                </>
            }
        }
    };
    html! {
        <Frame crumbs={vec![Crumb::to("Sessions", Route::Sessions), Crumb::here(name)]} flush=true>
            if board.data().is_none() && board.error().is_none() {
                { skeleton(8) }
            } else {
                { loaded(&board, 6, body) }
            }
        </Frame>
    }
}

fn subbar(
    rollup: &Rollup,
    shown: &UseStateHandle<Option<SessionStatus>>,
    typed: &UseStateHandle<String>,
) -> Html {
    html! {
        <div class="subbar">
            <div class="filters" role="group" aria-label="Filter by status">
                for (status, words, number) in FILTERS {
                    <button
                        type="button"
                        class="filter"
                        aria-pressed={if **shown == status { "true" } else { "false" }}
                        onclick={let shown = shown.setter(); move |_| shown.set(status)}
                        data-testid={format!("filter-{}", words.to_lowercase())}
                    >
                        { words }<b>{ number(rollup) }</b>
                    </button>
                }
            </div>
            <div class="search">
                { Icon::Search.svg() }
                <label class="visually-hidden" for="board-search">{ "Find a target" }</label>
                <TextInput
                    id="board-search"
                    kind="search"
                    placeholder="Target or note"
                    value={(**typed).clone()}
                    oninput={let typed = typed.setter(); move |text| typed.set(text)}
                    testid="board-search"
                />
            </div>
            <span class="end small muted" aria-hidden="true">
                <kbd>{ "↑" }</kbd>{ " " }<kbd>{ "↓" }</kbd>{ " move  " }<kbd>{ "X" }</kbd>{ " select  " }<kbd>{ "Enter" }</kbd>{ " open" }
            </span>
        </div>
    }
}

#[derive(Properties, PartialEq)]
struct HeadProps {
    board: Rc<Board>,
}

#[component]
fn Head(props: &HeadProps) -> Html {
    let batch = &props.board.batch;
    let now = use_now();
    let mut times = Vec::new();
    if let Some(minutes) = elapsed_minutes(&props.board, now) {
        times.push(time::minutes(minutes));
    }
    let left = minutes_left(&props.board);
    if left > 0 {
        times.push(format!("about {} of work left", time::minutes(left)));
    }
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
                <div class="board-progress">
                    { rollup_bar(&RollupBarProps {
                        rollup: summary.rollup,
                        testid: Some(AttrValue::from("rollup")),
                        words: true,
                    }) }
                    <p class="small muted" data-testid="board-times">{ times.join(" · ") }</p>
                </div>
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
