//! The board of a batch (F24): targets down, steps across, a step marked for many targets at once.
//!
//! Rows and columns far from what is seen are not drawn. Marking goes to the engine and comes back with the next board;
//! nothing is shown as recorded before.

use super::batch::Filter;
use crate::api::{self, Ask};
use crate::browser;
use crate::components::button::{Button, ReadOnly, Tone};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty};
use crate::components::rows::{bring_column_into_view, bring_into_view, use_columns, use_rows};
use crate::components::status;
use crate::components::trouble::trouble;
use crate::route::{Route, go};
use crate::state::board::{Cell, Selection, cell, current, is_complete, note, shown};
use crate::state::call::use_call;
use crate::state::keys::use_shortcuts;
use crate::state::shortcuts::{Act, Scope};
use crate::state::time::count;
use mf_contract::board::{Board, BoardSession};
use mf_contract::sessions::{AddNote, CompleteSession, ManyChanged, RecordSteps, Session};
use mf_domain::ids::SessionId;
use mf_domain::session::StepOutcome;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Pixels; the style sheet says the same.
const ROW: u32 = 44;
const COLUMN: u32 = 124;
const HEAD: f64 = 56.0;
const TARGETS: f64 = 288.0;

/// What is being explained before it is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Explaining {
    Outcome(StepOutcome),
    Note,
}

/// Properties of [`BoardGrid`].
#[derive(Debug, Properties, PartialEq)]
pub struct BoardGridProps {
    pub board: Rc<Board>,
    pub filter: Filter,
    /// Loads the board again.
    pub again: Callback<()>,
}

/// The grid with its bar of actions.
#[component]
pub fn BoardGrid(props: &BoardGridProps) -> Html {
    let board = props.board.clone();
    let selection = use_state(|| {
        let first = board.sessions.iter().find(|session| !session.status.is_terminal());
        Selection::default().on_step(first.map_or(0, current))
    });
    let explaining = use_state(|| None::<Explaining>);
    let text = use_state(String::new);
    let outcome = use_state(|| None::<ManyChanged>);
    let completing = use_state(|| false);
    let read_only = use_context::<ReadOnly>().unwrap_or_default().0;

    let rows_shown = use_memo((board.clone(), props.filter.clone()), |(board, filter)| {
        shown(board, filter.status, &filter.typed)
    });
    let at = selection.at(&board, &rows_shown);
    let last_step = board.steps.len().saturating_sub(1);
    let step = selection.step.min(last_step);

    let done = {
        let (outcome, explaining, text) = (outcome.setter(), explaining.setter(), text.setter());
        let again = props.again.clone();
        Callback::from(move |changed: ManyChanged| {
            explaining.set(None);
            text.set(String::new());
            outcome.set(Some(changed));
            browser::blur();
            again.emit(());
        })
    };
    let record = use_call::<RecordSteps>({
        let (done, set, now) = (done.clone(), selection.setter(), (*selection).clone());
        Callback::from(move |changed: ManyChanged| {
            // On to the next step, where everybody took this one.
            if changed.refused.is_empty() {
                set.set(now.on_step((step + 1).min(last_step)));
            }
            done.emit(changed);
        })
    });
    let add_note =
        use_call::<AddNote>(done.reform(|_: Session| ManyChanged { changed: 1, refused: Vec::new() }));

    let mark = {
        let (record, board, selection, shown) =
            (record.clone(), board.clone(), (*selection).clone(), rows_shown.clone());
        let note = Some((*text).trim().to_owned()).filter(|note| !note.is_empty());
        Callback::from(move |what: StepOutcome| {
            let Some(column) = board.steps.get(step) else { return };
            let session_ids = selection.targets(&board, &shown).iter().map(|session| session.id).collect();
            record.run(RecordSteps {
                session_ids,
                step_id: column.id.clone(),
                outcome: what,
                note: note.clone(),
            });
        })
    };
    let write = {
        let (add_note, board, text) = (add_note.clone(), board.clone(), text.clone());
        let row = rows_shown.get(at).copied();
        Callback::from(move |()| {
            if let Some(session) =
                row.and_then(|row| board.sessions.get(row)).filter(|_| !text.trim().is_empty())
            {
                let step_id = board.steps.get(step).map(|step| step.id.clone());
                add_note.run(AddNote { session_id: session.id, step_id, note: text.trim().to_owned() });
            }
        })
    };
    let complete = {
        let (board, selection, shown) = (board.clone(), (*selection).clone(), rows_shown.clone());
        let (completing, outcome, again) = (completing.clone(), outcome.setter(), props.again.clone());
        Callback::from(move |()| {
            let ids: Vec<SessionId> = selection
                .targets(&board, &shown)
                .iter()
                .filter(|session| is_complete(session))
                .map(|session| session.id)
                .collect();
            if ids.is_empty() || *completing {
                return;
            }
            let (completing, outcome, again) = (completing.setter(), outcome.clone(), again.clone());
            completing.set(true);
            wasm_bindgen_futures::spawn_local(async move {
                let mut changed = ManyChanged::default();
                for session_id in ids {
                    match api::call(&Ask::of(&CompleteSession { session_id })).await {
                        Ok(_) => changed.changed += 1,
                        Err(error) => {
                            changed.refused.push(mf_contract::sessions::RefusedSession { session_id, error });
                        }
                    }
                }
                completing.set(false);
                outcome.set(Some(changed));
                again.emit(());
            });
        })
    };
    let explain = {
        let explaining = explaining.setter();
        Callback::from(move |what: Explaining| {
            explaining.set(Some(what));
        })
    };
    {
        use_effect_with(*explaining, |explaining| {
            if explaining.is_some() {
                browser::focus("board-note");
            }
        });
    }

    {
        let (board, shown, now) = (board.clone(), rows_shown.clone(), (*selection).clone());
        let (set, mark, complete, explain) =
            (selection.setter(), mark.clone(), complete.clone(), explain.clone());
        use_shortcuts(
            Scope::Batch,
            Callback::from(move |act: Act| {
                let last = shown.len().saturating_sub(1);
                let row = shown.get(at).and_then(|row| board.sessions.get(*row)).map(|session| session.id);
                let to = |place: usize, extend: bool| set.set(now.moved(&board, &shown, place, extend));
                match act {
                    Act::Next => to(at + 1, false),
                    Act::Previous => to(at.saturating_sub(1), false),
                    Act::First => to(0, false),
                    Act::Last => to(last, false),
                    Act::SelectNext => to(at + 1, true),
                    Act::SelectPrevious => to(at.saturating_sub(1), true),
                    Act::Right => set.set(now.on_step((step + 1).min(last_step))),
                    Act::Left => set.set(now.on_step(step.saturating_sub(1))),
                    Act::SelectAll => set.set(now.all(&board, &shown)),
                    Act::Leave if !now.chosen.is_empty() => set.set(now.cleared()),
                    Act::Search => browser::focus("board-search"),
                    Act::Done | Act::Fail | Act::Skip | Act::Note | Act::Proceed if read_only => {
                        return false;
                    }
                    Act::Done => mark.emit(StepOutcome::Done),
                    Act::Fail => explain.emit(Explaining::Outcome(StepOutcome::Failed)),
                    Act::Skip => explain.emit(Explaining::Outcome(StepOutcome::Skipped)),
                    Act::Note => explain.emit(Explaining::Note),
                    Act::Proceed => complete.emit(()),
                    Act::Select | Act::Open => match (act, row) {
                        (Act::Select, Some(id)) => set.set(now.toggled(id)),
                        (_, Some(id)) => go(Route::Session { id }),
                        (_, None) => return false,
                    },
                    _ => return false,
                }
                true
            }),
        );
    }

    let list = use_node_ref();
    let rows = use_rows(&list, rows_shown.len(), ROW);
    let columns = use_columns(&list, board.steps.len(), COLUMN, TARGETS);
    {
        let list = list.clone();
        use_effect_with((at, step), move |(at, step)| {
            bring_into_view(&list, *at, ROW, HEAD);
            bring_column_into_view(&list, *step, COLUMN, TARGETS);
        });
    }

    if rows_shown.is_empty() {
        return empty(&EmptyProps {
            icon: Icon::Inbox,
            compact: false,
            title: AttrValue::from("No target fits the filter"),
            text: AttrValue::default(),
            children: html! { <Button onclick={props.filter.onclear.clone()}>{ "Show all" }</Button> },
        });
    }
    let onpoint = {
        let (set, now, board, shown) =
            (selection.setter(), (*selection).clone(), board.clone(), rows_shown.clone());
        Callback::from(move |(place, column, event): (usize, Option<usize>, MouseEvent)| {
            // The link inside has routed already.
            if event.default_prevented() {
                return;
            }
            let Some(session) = shown.get(place).map(|row| &board.sessions[*row]) else { return };
            let mut next = if event.ctrl_key() || event.meta_key() || column.is_none() {
                let mut toggled = now.toggled(session.id);
                toggled.row = Some(session.id);
                toggled
            } else {
                now.moved(&board, &shown, place, event.shift_key())
            };
            if let Some(column) = column {
                next = next.on_step(column);
            }
            set.set(next);
        })
    };
    let shared = Shared {
        board: &board,
        columns: columns.drawn.clone(),
        before: columns.blank(columns.drawn.start),
        after: columns.blank(board.steps.len() - columns.drawn.end),
        step,
        at,
        selection: &selection,
        onpoint: &onpoint,
    };
    let targets = selection.targets(&board, &rows_shown);
    let bar = bar(&BarProps {
        board: &board,
        here: rows_shown.get(at).map(|row| &board.sessions[*row]),
        targets: &targets,
        chosen: selection.chosen.len(),
        step,
        explaining: *explaining,
        text: &text,
        busy: record.busy() || add_note.busy() || *completing,
        mark,
        write,
        complete,
        explain,
        onclear: {
            let (set, now) = (selection.setter(), (*selection).clone());
            Callback::from(move |()| set.set(now.cleared()))
        },
        ontext: {
            let text = text.setter();
            Callback::from(move |typed| text.set(typed))
        },
        oncancel: {
            let explaining = explaining.setter();
            Callback::from(move |()| explaining.set(None))
        },
    });
    let failed = record.error().or_else(|| add_note.error()).map(api::sentence);
    html! {
        <>
            <div
                class="board"
                data-scroller="true"
                role="grid"
                tabindex="0"
                aria-label="Targets by steps"
                aria-multiselectable="true"
                aria-rowcount={(rows_shown.len() + 1).to_string()}
                aria-colcount={(board.steps.len() + 1).to_string()}
                aria-activedescendant={format!("cell-{at}-{step}")}
            >
                <div class="board-row board-head" role="row">
                    <div class="board-target" role="columnheader">{ "Target" }</div>
                    { shared.before.clone() }
                    for (index, column) in board.steps.iter().enumerate().take(shared.columns.end).skip(shared.columns.start) {
                        <div
                            class={classes!("board-cell", (index == step).then_some("here"))}
                            role="columnheader"
                            aria-colindex={(index + 2).to_string()}
                            title={column.title.clone()}
                        >
                            <span class="two-lines">{ format!("{}. {}", index + 1, column.title) }</span>
                        </div>
                    }
                    { shared.after.clone() }
                </div>
                <div class="board-rows" role="rowgroup" ref={list}>
                    { rows.before("div") }
                    for place in rows.drawn.clone() {
                        if let Some(session) = rows_shown.get(place).and_then(|row| board.sessions.get(*row)) {
                            { board_row(&shared, place, session) }
                        }
                    }
                    { rows.after("div") }
                </div>
            </div>
            if let Some(text) = failed {
                { trouble(text, None) }
            }
            { refused(&board, outcome.as_ref(), Callback::from({ let outcome = outcome.setter(); move |()| outcome.set(None) })) }
            { bar }
        </>
    }
}

/// What all rows share.
struct Shared<'a> {
    board: &'a Board,
    columns: std::ops::Range<usize>,
    before: Html,
    after: Html,
    step: usize,
    at: usize,
    selection: &'a Selection,
    onpoint: &'a Callback<(usize, Option<usize>, MouseEvent)>,
}

fn board_row(shared: &Shared<'_>, place: usize, session: &BoardSession) -> Html {
    let chosen = shared.selection.has(session.id);
    let selected = chosen || (shared.selection.chosen.is_empty() && place == shared.at);
    let label = session.label.clone();
    html! {
        <div
            key={session.id.to_string()}
            class={classes!("board-row", chosen.then_some("chosen"), (place == shared.at).then_some("at"))}
            role="row"
            aria-rowindex={(place + 2).to_string()}
            aria-selected={if selected { "true" } else { "false" }}
            data-testid="session-row"
            data-status={session.status.as_str()}
        >
            <div class="board-target" role="rowheader">
                <button
                    type="button"
                    class="board-check"
                    role="checkbox"
                    tabindex="-1"
                    aria-checked={if chosen { "true" } else { "false" }}
                    aria-label={format!("Select {label}")}
                    // The focus stays where the keys work.
                    onmousedown={Callback::from(|event: MouseEvent| event.prevent_default())}
                    onclick={shared.onpoint.reform(move |event: MouseEvent| (place, None, event))}
                >
                    { if chosen { Icon::BoxTicked.svg() } else { Icon::Box.svg() } }
                </button>
                <span class="grow clip">
                    <To class="name" route={Route::Session { id: session.id }}>{ label }</To>
                    if let Some(notes) = &session.notes {
                        <span class="small muted">{ format!(" {notes}") }</span>
                    }
                </span>
                if session.session_note.is_some() {
                    <span class="faint" title={session.session_note.clone()}>{ Icon::Note.svg() }</span>
                }
                { status::of_session(session.status).pill() }
            </div>
            { shared.before.clone() }
            for index in shared.columns.clone() {
                { board_cell(shared, place, index, session) }
            }
            { shared.after.clone() }
        </div>
    }
}

fn board_cell(shared: &Shared<'_>, place: usize, index: usize, session: &BoardSession) -> Html {
    let state = cell(shared.board, session, index);
    let (class, icon, word) = match state {
        Cell::Open => ("", None, "open"),
        Cell::Current => ("now", Some(Icon::Play), "current"),
        Cell::Recorded(StepOutcome::Done) => ("done", Some(Icon::Check), "done"),
        Cell::Recorded(StepOutcome::Failed) => ("fail", Some(Icon::Cross), "failed"),
        Cell::Recorded(StepOutcome::Skipped) => ("skip", Some(Icon::Skip), "skipped"),
    };
    let note = note(shared.board, session, index);
    let here = place == shared.at && index == shared.step;
    let words = note.map_or_else(|| word.to_owned(), |note| format!("{word}: {note}"));
    html! {
        <div
            class={classes!("board-cell", class, here.then_some("cursor"))}
            id={format!("cell-{place}-{index}")}
            role="gridcell"
            aria-colindex={(index + 2).to_string()}
            title={note.map(ToOwned::to_owned)}
            onclick={shared.onpoint.reform(move |event: MouseEvent| (place, Some(index), event))}
            ondblclick={let id = session.id; Callback::from(move |_: MouseEvent| go(Route::Session { id }))}
        >
            if let Some(icon) = icon {
                <span class="mark-box">
                    { icon.svg() }
                    if note.is_some() {
                        <i class="has-note"></i>
                    }
                </span>
            } else if note.is_some() {
                <span class="mark-box">{ Icon::Note.svg() }</span>
            }
            <span class="visually-hidden">{ words }</span>
        </div>
    }
}

/// Those that did not take the mark, with the reason of each.
fn refused(board: &Board, outcome: Option<&ManyChanged>, onclose: Callback<()>) -> Html {
    const LISTED: usize = 3;
    let Some(outcome) = outcome.filter(|outcome| !outcome.refused.is_empty()) else { return Html::default() };
    let name = |id: SessionId| {
        board.sessions.iter().find(|session| session.id == id).map_or("", |session| session.label.as_str())
    };
    html! {
        <div class="board-refused trouble" role="alert" data-testid="board-refused">
            { Icon::Alert.svg() }
            <div class="grow">
                <p>{ format!("{} recorded, {} not:", outcome.changed, outcome.refused.len()) }</p>
                for refused in outcome.refused.iter().take(LISTED) {
                    <p class="small">{ format!("{}: {}", name(refused.session_id), api::sentence(&refused.error)) }</p>
                }
                if outcome.refused.len() > LISTED {
                    <p class="small">{ format!("and {} more", outcome.refused.len() - LISTED) }</p>
                }
            </div>
            <Button tone={Tone::Ghost} small=true icon={Icon::Cross} label="Close message" onclick={onclose} />
        </div>
    }
}

struct BarProps<'a> {
    board: &'a Board,
    here: Option<&'a BoardSession>,
    targets: &'a [&'a BoardSession],
    chosen: usize,
    step: usize,
    explaining: Option<Explaining>,
    text: &'a str,
    busy: bool,
    mark: Callback<StepOutcome>,
    write: Callback<()>,
    complete: Callback<()>,
    explain: Callback<Explaining>,
    onclear: Callback<()>,
    ontext: Callback<String>,
    oncancel: Callback<()>,
}

fn bar(props: &BarProps<'_>) -> Html {
    let step = props.board.steps.get(props.step);
    let title = step.map_or("", |step| step.title.as_str());
    let who = match (props.chosen, props.here) {
        (0, Some(here)) => here.label.clone(),
        (0, None) => String::new(),
        (chosen, _) => format!("{} selected", count(chosen, "target")),
    };
    let cell_note = props.here.and_then(|here| note(props.board, here, props.step));
    if let Some(explaining) = props.explaining {
        return explanation(props, explaining, &who, title);
    }
    let ready = props.targets.iter().filter(|session| is_complete(session)).count();
    let open = props.targets.iter().any(|session| !session.status.is_terminal());
    let explain = |what: Explaining| props.explain.reform(move |()| what);
    html! {
        <div class="actionbar" role="toolbar" aria-label="Mark the step">
            <div class="grow">
                <p class="clip">
                    <b>{ who }</b>
                    <span class="muted">{ format!(" · step {}, {title}", props.step + 1) }</span>
                </p>
                if let Some(note) = cell_note.filter(|_| props.chosen == 0) {
                    <p class="small muted clip selectable" title={note.to_owned()} data-testid="cell-note">{ format!("“{note}”") }</p>
                }
            </div>
            if props.chosen > 0 {
                <Button tone={Tone::Ghost} onclick={props.onclear.clone()} keys="Esc">{ "Clear" }</Button>
            }
            if ready > 0 {
                <Button writes=true icon={Icon::Check} busy={props.busy} keys="C" onclick={props.complete.clone()} testid="board-complete">
                    { if ready == 1 { "Complete".to_owned() } else { format!("Complete {ready}") } }
                </Button>
            }
            if open {
                <Button writes=true tone={Tone::Primary} icon={Icon::Check} busy={props.busy} keys="D" onclick={props.mark.reform(|()| StepOutcome::Done)} testid="board-done">{ "Done" }</Button>
                <Button writes=true icon={Icon::Cross} keys="F" onclick={explain(Explaining::Outcome(StepOutcome::Failed))} testid="board-failed">{ "Failed…" }</Button>
                <Button writes=true icon={Icon::Skip} keys="S" onclick={explain(Explaining::Outcome(StepOutcome::Skipped))} testid="board-skip">{ "Skip…" }</Button>
            }
            <Button writes=true tone={Tone::Ghost} icon={Icon::Note} keys="N" onclick={explain(Explaining::Note)} testid="board-note-open">{ "Note" }</Button>
        </div>
    }
}

fn explanation(props: &BarProps<'_>, explaining: Explaining, who: &str, title: &str) -> Html {
    let (label, action, tone) = match explaining {
        Explaining::Outcome(StepOutcome::Failed) => ("What went wrong?", "Record as failed", Tone::Danger),
        Explaining::Outcome(_) => ("Why is it skipped?", "Record as skipped", Tone::Primary),
        Explaining::Note => ("Note", "Save note", Tone::Primary),
    };
    let who = match (explaining, props.here) {
        (Explaining::Note, Some(here)) => here.label.clone(),
        _ => who.to_owned(),
    };
    let onsubmit = {
        let (mark, write) = (props.mark.clone(), props.write.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match explaining {
                Explaining::Outcome(outcome) => mark.emit(outcome),
                Explaining::Note => write.emit(()),
            }
        })
    };
    let onkeydown = {
        let oncancel = props.oncancel.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                browser::blur();
                oncancel.emit(());
            }
        })
    };
    let oninput =
        props.ontext.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    html! {
        <form class="actionbar" {onsubmit} {onkeydown} novalidate={true}>
            <label class="board-asked" for="board-note">
                <b>{ label }</b>
                <span class="small muted clip block">{ format!("{who} · {title}") }</span>
            </label>
            <input class="input grow" id="board-note" value={props.text.to_owned()} {oninput} autocomplete="off" placeholder="Optional, shown in the cell and in the report" data-testid="board-note" />
            <Button tone={Tone::Ghost} onclick={props.oncancel.clone()} keys="Esc">{ "Cancel" }</Button>
            <Button {tone} submit=true busy={props.busy} keys="Enter" testid="board-note-confirm">{ action }</Button>
        </form>
    }
}
