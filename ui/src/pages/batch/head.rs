//! The head of a batch: what it is, how far it is, and what can be done with it.

use super::Open;
use super::left::Times;
use crate::api;
use crate::components::button::Button;
use crate::components::datetime::When;
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::menu::{Menu, MenuItem};
use crate::components::progress::{RollupBarProps, rollup_bar};
use crate::components::status;
use crate::components::trouble::trouble;
use crate::pages::reports::use_reports;
use crate::route::{Route, go};
use crate::state::call::use_call;
use crate::state::time::count;
use crate::state::toasts::use_toasts;
use mf_contract::batches::{LaunchedBatch, RetryBatch};
use mf_contract::board::Board;
use mf_contract::reports::ReportFormat;
use mf_domain::batch::BatchStatus;
use mf_domain::role::Role;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct HeadProps {
    pub board: Rc<Board>,
    pub onopen: Callback<Open>,
}

#[component]
pub(super) fn Head(props: &HeadProps) -> Html {
    let batch = &props.board.batch;
    let summary = &batch.summary;
    let batch_id = summary.batch_id;
    let toasts = use_toasts();
    let retry = use_call::<RetryBatch>(Callback::from(move |launched: LaunchedBatch| {
        if let Some(toasts) = &toasts {
            let made = count(launched.count as usize, "session");
            toasts.success(format!("{made} created for the failed targets."));
        }
        go(Route::Batch { id: launched.batch_id });
    }));
    let onretry = {
        let retry = retry.clone();
        Callback::from(move |()| retry.run(RetryBatch { batch_id }))
    };
    html! {
        <>
            <div class="boardhead">
                <span class="tile amber" aria-hidden="true">{ Icon::Wrench.svg() }</span>
                <div class="grow">
                    <h1 class="clip">{ summary.flow_name.clone() }</h1>
                    <p class="small muted clip">{ about(&props.board) }</p>
                </div>
                <div class="board-progress">
                    { rollup_bar(&RollupBarProps {
                        rollup: summary.rollup,
                        testid: Some(AttrValue::from("rollup")),
                        words: true,
                    }) }
                    <Times board={props.board.clone()} />
                </div>
                if summary.rollup.failed > 0 {
                    <Button icon={Icon::Retry} busy={retry.busy()} onclick={onretry} writes=true testid="retry-failed">
                        { format!("Retry {} failed", summary.rollup.failed) }
                    </Button>
                }
                <ReportMenu board={props.board.clone()} />
                <Menu id="batch-more" label="More" items={items(&props.board, &props.onopen)} />
            </div>
            if let Some(error) = retry.error() {
                { trouble(api::sentence(error), None) }
            }
        </>
    }
}

/// When it was made, by what, of which revision, and what it belongs to.
fn about(board: &Board) -> Html {
    let batch = &board.batch;
    let summary = &batch.summary;
    let last = batch.retried_by.last();
    html! {
        <>
            { "Launched " }<When at={summary.launched_at} />
            { format!(" · {} · rev {}", status::origin(summary.origin), batch.revision) }
            if let Some(at) = summary.scheduled_for {
                { " · due " }<When {at} />
            }
            if let Some(id) = batch.retry_of {
                { " · retries " }<To route={Route::Batch { id }} testid="retry-of">{ "an earlier batch" }</To>
            }
            if let Some(id) = last.copied() {
                { " · retried by " }
                <To route={Route::Batch { id }} testid="retried-by">
                    { if batch.retried_by.len() == 1 { "a later batch" } else { "later batches, the last" } }
                </To>
            }
        </>
    }
}

fn items(board: &Board, onopen: &Callback<Open>) -> Vec<MenuItem> {
    let summary = &board.batch.summary;
    let finished = summary.status == BatchStatus::Finished;
    let item = |icon: Icon, words: &'static str, what: Open, testid: &'static str| MenuItem {
        icon,
        words: words.into(),
        onclick: onopen.reform(move |()| what),
        testid,
        writes: Some(Role::Operator),
        danger: what == Open::Cancel,
    };
    let mut items = vec![item(Icon::Ticket, "Ticket…", Open::Ticket, "set-ticket")];
    if summary.rollup.pending > 0 {
        items.push(item(Icon::Server, "Targets…", Open::Targets, "edit-targets"));
        items.push(item(Icon::Waves, "Waves…", Open::Waves, "set-waves"));
    }
    if finished {
        let words = if summary.sign_off.is_some() { "Withdraw sign-off…" } else { "Sign off…" };
        items.push(item(Icon::Check, words, Open::SignOff, "sign-off"));
    } else {
        items.push(item(Icon::Stop, "Cancel batch…", Open::Cancel, "cancel-batch"));
    }
    items
}

#[derive(Properties, PartialEq)]
struct ReportMenuProps {
    board: Rc<Board>,
}

const FORMATS: [(ReportFormat, Icon, &str, &str); 3] = [
    (ReportFormat::Pdf, Icon::Note, "PDF, for people", "report-pdf"),
    (ReportFormat::Csv, Icon::Rows, "CSV, for spreadsheets", "report-csv"),
    (ReportFormat::Markdown, Icon::List, "Markdown, for a ticket", "report-markdown"),
];

#[component]
fn ReportMenu(props: &ReportMenuProps) -> Html {
    let reports = use_reports();
    let summary = &props.board.batch.summary;
    let items = FORMATS.map(|(format, icon, words, testid)| MenuItem {
        icon,
        words: words.into(),
        onclick: {
            let (write, id, name) = (reports.write.clone(), summary.batch_id, summary.flow_name.clone());
            Callback::from(move |()| write.emit((id, name.clone(), format)))
        },
        testid,
        writes: None,
        danger: false,
    });
    html! {
        <Menu id="report" label="Report" words="Report" icon={Icon::Download} busy={reports.busy} items={items.to_vec()} />
    }
}
