//! What becomes of each row of the file.

use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::rows::use_rows;
use crate::components::status;
use crate::state::saving::{Content, Document, use_save};
use crate::state::target_import::{TextFile, delimiter, number, rows_of};
use crate::state::time::{count, grouped};
use mf_domain::target_import::{Preview, Verdict};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct RowsProps {
    pub(super) preview: Rc<Preview>,
    pub(super) file: Rc<TextFile>,
}

/// The height of a row, in pixels; that of the style sheet.
const ROW: u32 = 34;

/// What becomes of each row.
#[component]
pub(super) fn Rows(props: &RowsProps) -> Html {
    let preview = &props.preview;
    let filter = use_state(|| None::<Verdict>);
    let save = use_save(Callback::noop());
    // A verdict may have lost its last row since.
    let filter_now = filter.filter(|verdict| number(&preview.counts, *verdict) > 0);
    let shown = use_memo((preview.clone(), filter_now), |(preview, filter)| rows_of(preview, *filter));
    let list = use_node_ref();
    let rows = use_rows(&list, shown.len(), ROW);
    let download = preview.rejected_csv.clone().map(|csv| {
        let file_name = format!("rejected-{}", props.file.file_name);
        let content = Content::Text(csv.into());
        save.reform(move |()| Document { name: file_name.clone(), content: content.clone() })
    });
    let chip = |words: &'static str, verdict: Option<Verdict>, number: usize, testid: &'static str| {
        let filter = filter.setter();
        html! {
            <button
                type="button"
                class="filter"
                aria-pressed={if filter_now == verdict { "true" } else { "false" }}
                onclick={move |_: MouseEvent| filter.set(verdict)}
                data-testid={testid}
            >
                { verdict.map(|verdict| status::of_verdict(verdict).icon.svg()) }
                { words }<b>{ grouped(number) }</b>
            </button>
        }
    };
    let mut facts =
        format!("{}, separated by {}", count(preview.columns.len(), "column"), delimiter(&preview.delimiter));
    if let Some(remark) = props.file.encoding.remark() {
        facts.push_str(", ");
        facts.push_str(remark);
    }
    html! {
        <section class="col" aria-label="Rows of the file">
            <div class="row wrap">
                <div class="filters" role="group" aria-label="Rows by what becomes of them" data-testid="import-counts">
                    { chip("All", None, preview.rows.len(), "rows-all") }
                    for verdict in [Verdict::Create, Verdict::Update, Verdict::Skip, Verdict::Rejected] {
                        if number(&preview.counts, verdict) > 0 {
                            { chip(status::of_verdict(verdict).word, Some(verdict), number(&preview.counts, verdict) as usize, testid_of(verdict)) }
                        }
                    }
                </div>
                <span class="small muted end" data-testid="file-facts">{ facts }</span>
                if let Some(onclick) = download {
                    <Button tone={Tone::Ghost} small=true icon={Icon::Download} {onclick} testid="download-rejected">{ "Download rejected rows" }</Button>
                }
            </div>
            if !shown.is_empty() {
                <div class="import-rows" data-scroller="" tabindex="0" role="group" aria-label="Rows">
                    <ol ref={list}>
                        { rows.before("li") }
                        for (place, at) in rows.drawn.clone().zip(shown[rows.drawn.clone()].iter().copied()) {
                            { row(at, preview, (place, shown.len())) }
                        }
                        { rows.after("li") }
                    </ol>
                </div>
            }
        </section>
    }
}

fn testid_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Create => "rows-create",
        Verdict::Update => "rows-update",
        Verdict::Skip => "rows-skip",
        Verdict::Rejected => "rows-rejected",
    }
}

fn row(at: usize, preview: &Preview, (place, number): (usize, usize)) -> Html {
    let row = &preview.rows[at];
    html! {
        <li key={row.line} aria-setsize={number.to_string()} aria-posinset={(place + 1).to_string()} data-testid="import-row">
            <span class="small faint num-cell">{ format!("Line {}", row.line) }</span>
            { status::of_verdict(row.verdict).pill() }
            <span class="clip strong">{ if row.label.is_empty() { "—" } else { &row.label } }</span>
            <span class="small muted clip grow" title={row.reason.clone()}>{ row.reason.clone() }</span>
        </li>
    }
}
