//! The bar below the board: what the keys would act on, and the words that go with it.

use super::work::{NOTE, Work};
use crate::components::button::{Button, Tone};
use crate::components::field::{TextArea, field_error};
use crate::components::icon::Icon;
use crate::state::board::asking::Explaining;
use crate::state::board::titles::{of_cell, of_column};
use crate::state::board::{evidence, is_complete, note};
use crate::state::time::count;
use crate::state::whose::Whose;
use mf_contract::board::{Board, BoardSession};
use mf_domain::ids::MemberId;
use mf_domain::session::StepOutcome;
use yew::prelude::*;

pub(super) struct BarProps<'a> {
    pub(super) board: &'a Board,
    /// The session under the cursor.
    pub(super) here: Option<&'a BoardSession>,
    /// What a key acts on.
    pub(super) targets: &'a [&'a BoardSession],
    /// What is selected, in words; nothing without a selection.
    pub(super) selected: Option<String>,
    pub(super) step: usize,
    pub(super) me: Option<MemberId>,
    pub(super) work: &'a Work,
    pub(super) onclear: Callback<()>,
    pub(super) details: bool,
    pub(super) ondetails: Callback<()>,
}

impl BarProps<'_> {
    /// What is to be done: on the target of the cursor, or on each that is selected.
    fn title(&self) -> String {
        match self.here.filter(|_| self.selected.is_none()) {
            Some(here) => of_cell(self.board, self.step, here),
            None => of_column(self.board, self.step),
        }
    }

    fn who(&self) -> String {
        let here = || self.here.map(|here| here.label.clone());
        self.selected.clone().or_else(here).unwrap_or_default()
    }

    /// Without those that are selected and not shown.
    fn acted_on(&self) -> String {
        match self.targets {
            [one] => one.label.clone(),
            many => count(many.len(), "target"),
        }
    }

    /// What is recorded beside the outcome of the cell.
    fn cell_words(&self) -> Option<String> {
        let here = self.here.filter(|_| self.selected.is_none())?;
        let pieces = evidence(&self.board.steps, here, self.step);
        let pieces = (pieces > 0).then(|| format!("{} of evidence", count(pieces as usize, "piece")));
        let note = note(&self.board.steps, here, self.step).map(|note| format!("“{note}”"));
        let words: Vec<String> = [note, pieces].into_iter().flatten().collect();
        (!words.is_empty()).then(|| words.join(" · "))
    }
}

pub(super) fn bar(props: &BarProps<'_>) -> Html {
    let work = props.work;
    match work.explaining {
        Some(explaining) => explanation(props, explaining),
        None => actions(props),
    }
}

fn actions(props: &BarProps<'_>) -> Html {
    let work = props.work;
    let words = props.cell_words();
    let ready = props.targets.iter().filter(|session| is_complete(session)).count();
    let open = props.targets.iter().any(|session| !session.status.is_terminal());
    let explain = |what: Explaining| work.explain.reform(move |()| what);
    html! {
        <div class="actionbar" role="toolbar" aria-label="Mark the step">
            <div class="grow">
                <p class="clip"><b>{ props.who() }</b></p>
                <p class="small muted clip selectable" title={words.clone()}>
                    { format!("Step {}, {}", props.step + 1, props.title()) }
                    if let Some(words) = words {
                        <span data-testid="cell-note">{ format!(" · {words}") }</span>
                    }
                </p>
            </div>
            if props.selected.is_some() {
                <Button tone={Tone::Ghost} onclick={props.onclear.clone()} keys="Esc">{ "Clear" }</Button>
            }
            if ready > 0 {
                <Button writes=true icon={Icon::Check} busy={work.busy} keys="C" onclick={work.complete.clone()} testid="board-complete">
                    { if ready == 1 { "Complete".to_owned() } else { format!("Complete {ready}") } }
                </Button>
            }
            if open {
                <Button writes=true tone={Tone::Primary} icon={Icon::Check} busy={work.busy} keys="D" onclick={work.mark.reform(|()| StepOutcome::Done)} testid="board-done">{ "Done" }</Button>
                <Button writes=true icon={Icon::Cross} keys="F" onclick={explain(Explaining::Outcome(StepOutcome::Failed))} testid="board-failed">{ "Failed…" }</Button>
                <Button writes=true icon={Icon::Skip} keys="S" onclick={explain(Explaining::Outcome(StepOutcome::Skipped))} testid="board-skip">{ "Skip…" }</Button>
            }
            if !props.targets.is_empty() {
                <Button writes=true tone={Tone::Ghost} icon={Icon::Note} keys="N" onclick={explain(Explaining::Note)} testid="board-note-open">{ "Note" }</Button>
                <Button writes=true tone={Tone::Ghost} icon={Icon::Person} keys="A" onclick={explain(Explaining::Assignment)} testid="board-assign">{ "Assign" }</Button>
            }
            <Button tone={Tone::Ghost} icon={Icon::Eye} keys="I" pressed={Some(props.details)} onclick={props.ondetails.clone()} testid="board-details">{ "Details" }</Button>
        </div>
    }
}

fn explanation(props: &BarProps<'_>, explaining: Explaining) -> Html {
    let work = props.work;
    let (label, action, tone, hint) = match explaining {
        Explaining::Outcome(StepOutcome::Failed) => (
            "What went wrong?",
            "Record as failed",
            Tone::Danger,
            "Optional, shown in the cell and in the report",
        ),
        Explaining::Outcome(_) => (
            "Why is it skipped?",
            "Record as skipped",
            Tone::Primary,
            "Optional, shown in the cell and in the report",
        ),
        Explaining::Note => ("Note", "Save note", Tone::Primary, "Shown in the cell and in the report"),
        Explaining::Assignment => {
            return assignment(props);
        }
    };
    // The filter may have changed since.
    let nobody = props.targets.is_empty();
    let idle = nobody || (explaining == Explaining::Note && work.text.trim().is_empty());
    let onsubmit = {
        let work = work.clone();
        Callback::from(move |()| match explaining {
            Explaining::Outcome(outcome) => work.mark.emit(outcome),
            Explaining::Note | Explaining::Assignment => work.write.emit(()),
        })
    };
    html! {
        <form class="actionbar asking" onsubmit={submitted(&onsubmit)} novalidate={true}>
            <label class="board-asked" for={NOTE}>
                <b>{ label }</b>
                <span class="small muted clip block">{ format!("{} · {}", props.who(), props.title()) }</span>
            </label>
            { words(work, hint, &onsubmit) }
            <Button tone={Tone::Ghost} onclick={work.oncancel.clone()} keys="Esc">{ "Cancel" }</Button>
            <Button {tone} submit=true busy={work.busy} disabled={idle} keys="Ctrl Enter" testid="board-note-confirm">{ action }</Button>
        </form>
    }
}

fn assignment(props: &BarProps<'_>) -> Html {
    let (work, me) = (props.work, props.me);
    let nobody = props.targets.is_empty();
    let taken = |whose: Whose| {
        let number = props.targets.iter().filter(|session| Whose::of(session.assignee, me) == whose).count();
        (number > 0).then(|| format!("{number} {}", whose.word().to_lowercase()))
    };
    let now: Vec<String> = [Whose::Mine, Whose::Other, Whose::Nobody].into_iter().filter_map(taken).collect();
    let onsubmit = {
        let assign = work.assign.clone();
        Callback::from(move |()| {
            // Taking a target without knowing whose it becomes would give it to nobody.
            if me.is_some() {
                assign.emit(me);
            }
        })
    };
    html! {
        <form class="actionbar asking" onsubmit={submitted(&onsubmit)} novalidate={true}>
            <label class="board-asked" for={NOTE}>
                <b>{ format!("Assign {}", props.acted_on()) }</b>
                <span class="small muted clip block">{ format!("Now: {}", now.join(", ")) }</span>
            </label>
            { words(work, "Optional, for whoever takes over: becomes a note of each session", &onsubmit) }
            <Button tone={Tone::Ghost} onclick={work.oncancel.clone()} keys="Esc">{ "Cancel" }</Button>
            <Button busy={work.busy} disabled={nobody} onclick={work.assign.reform(|()| None)} testid="board-assign-nobody">{ "To nobody" }</Button>
            <Button tone={Tone::Primary} icon={Icon::Person} submit=true busy={work.busy} disabled={nobody} keys="Ctrl Enter" testid="board-assign-me">{ "To me" }</Button>
        </form>
    }
}

fn submitted(onsubmit: &Callback<()>) -> Callback<SubmitEvent> {
    onsubmit.reform(|event: SubmitEvent| event.prevent_default())
}

/// The words that go with what is recorded. The label stands beside them.
fn words(work: &Work, hint: &'static str, onsubmit: &Callback<()>) -> Html {
    let onkeydown = {
        let (oncancel, onsubmit) = (work.oncancel.clone(), onsubmit.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                oncancel.emit(());
            } else if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                onsubmit.emit(());
            }
        })
    };
    let wrong = work.wrong_words();
    html! {
        <div class="field grow">
            <TextArea
                id={NOTE}
                value={work.text.clone()}
                oninput={work.ontext.clone()}
                {onkeydown}
                invalid={wrong.is_some()}
                testid="board-note"
            />
            <div id={format!("{NOTE}-about")}>
                if let Some(wrong) = wrong {
                    { field_error(wrong) }
                } else {
                    <p class="hint">{ hint }</p>
                }
            </div>
        </div>
    }
}
