//! The steps: closed ones as lines, the open one with everything needed to do it.

use super::actions::{DraftNotes, Runner, trouble_with};
use super::{NOTE, explain};
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::datetime::{Shown, When};
use crate::components::field::{Field, TextArea};
use crate::components::icon::Icon;
use crate::components::markdown::{Filling, Markdown, inline};
use crate::components::status;
use crate::state::runner::{View, ViewAction};
use crate::state::time;
use mf_contract::sessions::{Session, SessionStep};
use mf_domain::flow::Step;
use mf_domain::session::{SessionStatus, StepOutcome};
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct StepsProps {
    pub session: Rc<Session>,
    pub view: UseReducerHandle<View>,
    pub runner: Runner,
    pub drafts: DraftNotes,
    pub filling: Filling,
}

#[component]
pub(super) fn Steps(props: &StepsProps) -> Html {
    let session = &props.session;
    let started = session.summary.status != SessionStatus::Pending;
    let ended = session.summary.status.is_terminal();
    // An ended session opens no step by itself; a person may still look at one.
    let open =
        props.view.open_step(session).filter(|_| started && (!ended || props.view.open.is_some())).cloned();
    use_effect_with(open.clone(), |_| {
        if let Some(step) = browser::element("open-step") {
            browser::scroll_into_view(&step);
        }
    });
    let authored: &[Step] = session.structure.as_procedure().map_or(&[], |procedure| &procedure.steps);
    let announced = open.as_ref().and_then(|id| {
        let at = session.steps.iter().position(|step| step.id == *id)?;
        let step = session.steps.get(at)?;
        Some(format!("Step {} of {}: {}", at + 1, session.steps.len(), step.title))
    });
    html! {
        <>
            <p class="visually-hidden" aria-live="polite">{ announced }</p>
            <ol class="col" aria-label="Steps">
                for (index, step) in session.steps.iter().enumerate() {
                    <li key={step.id.0.clone()}>
                        if open.as_ref() == Some(&step.id) {
                            { open_step(&OpenStepProps {
                                number: index + 1,
                                step: step.clone(),
                                authored: authored.iter().find(|authored| authored.id == step.id).cloned(),
                                view: props.view.clone(),
                                runner: props.runner.clone(),
                                note: props.drafts.note(&step.id.0).to_owned(),
                                filling: props.filling.clone(),
                                ended,
                            }) }
                        } else {
                            { line(index + 1, step, authored, &props.view, started, &props.filling) }
                        }
                    </li>
                }
            </ol>
        </>
    }
}

/// The mark in front of a step.
fn mark(number: usize, outcome: Option<StepOutcome>, current: bool) -> Html {
    let tone = match outcome {
        Some(StepOutcome::Done) => "ok",
        Some(StepOutcome::Failed) => "bad",
        Some(StepOutcome::Skipped) => "",
        None if current => "cur",
        None => "",
    };
    let inside = match outcome {
        Some(outcome) => {
            let look = status::of_outcome(outcome);
            html! { <>{ look.icon.svg() }<span class="visually-hidden">{ look.word }</span></> }
        }
        None => html! { { number } },
    };
    html! { <span class={classes!("num", tone)}>{ inside }</span> }
}

fn line(
    number: usize,
    step: &SessionStep,
    authored: &[Step],
    view: &UseReducerHandle<View>,
    started: bool,
    filling: &Filling,
) -> Html {
    let estimate = authored
        .iter()
        .find(|authored| authored.id == step.id)
        .and_then(|authored| authored.estimate_minutes);
    let inside = html! {
        <>
            { mark(number, step.outcome, false) }
            <span class="grow">{ inline(&step.title, filling) }</span>
            if let Some(note) = &step.note {
                <span class="small clip note-line">{ format!("“{note}”") }</span>
            }
            if let Some(at) = step.recorded_at {
                <span class="small">
                    if let Some(outcome) = step.outcome.filter(|outcome| *outcome != StepOutcome::Done) {
                        { format!("{} ", status::of_outcome(outcome).word.to_lowercase()) }
                    }
                    <When {at} shown={Shown::Clock} />
                </span>
            } else if let Some(minutes) = estimate {
                <span class="small">{ format!("~{}", time::minutes(minutes)) }</span>
            }
        </>
    };
    let id = step.id.clone();
    let view = view.clone();
    html! {
        <div class="step" data-testid="step" data-outcome={step.outcome.map(outcome_name)}>
            if started {
                <button type="button" class="step-head" onclick={move |_: MouseEvent| view.dispatch(ViewAction::Open(id.clone()))}>
                    { inside }
                </button>
            } else {
                <div class="step-head">{ inside }</div>
            }
        </div>
    }
}

fn outcome_name(outcome: StepOutcome) -> &'static str {
    match outcome {
        StepOutcome::Done => "done",
        StepOutcome::Failed => "failed",
        StepOutcome::Skipped => "skipped",
    }
}

struct OpenStepProps {
    number: usize,
    step: SessionStep,
    authored: Option<Step>,
    view: UseReducerHandle<View>,
    runner: Runner,
    note: String,
    filling: Filling,
    ended: bool,
}

fn open_step(props: &OpenStepProps) -> Html {
    let OpenStepProps { step, authored, .. } = props;
    let estimate = authored.as_ref().and_then(|authored| authored.estimate_minutes);
    html! {
        <section class="step open" id="open-step" aria-label={step.title.clone()} data-testid="step" data-open="true" data-outcome={step.outcome.map(outcome_name)}>
            <div class="step-title">
                { mark(props.number, step.outcome, true) }
                <h2 class="grow">{ inline(&step.title, &props.filling) }</h2>
                if let Some(minutes) = estimate {
                    <span class="row small muted">{ Icon::Clock.svg() }{ format!("about {}", time::minutes(minutes)) }</span>
                }
                if let Some(outcome) = step.outcome {
                    { status::of_outcome(outcome).pill() }
                }
            </div>
            if let Some(authored) = authored.as_ref().filter(|authored| !authored.description.trim().is_empty()) {
                <Markdown text={authored.description.clone()} filling={props.filling.clone()} />
            }
            if !step.notes.is_empty() {
                <div class="step-notes">
                    for note in step.notes.iter() {
                        <div>
                            <p class="selectable">{ note.text.clone() }</p>
                            <span class="small"><When at={note.at} /></span>
                        </div>
                    }
                    for outcome in step.overruled.iter() {
                        <span class="small">{ format!("Recorded before as {}", outcome_name(*outcome)) }</span>
                    }
                </div>
            }
            if props.ended {
                <p class="small muted">{ "This session has ended. Reopen it to record something else." }</p>
            } else {
                { step_form(props) }
            }
        </section>
    }
}

/// The note and the outcomes of the open step.
fn step_form(props: &OpenStepProps) -> Html {
    let OpenStepProps { step, view, runner, note, .. } = props;
    let explaining = view.explaining;
    let onkeydown = {
        let (view, runner, id) = (view.clone(), runner.clone(), step.id.clone());
        Callback::from(move |event: KeyboardEvent| match event.key().as_str() {
            "Escape" => {
                event.prevent_default();
                browser::blur();
                view.dispatch(ViewAction::Cancel);
            }
            "Enter" if event.ctrl_key() || event.meta_key() => {
                event.prevent_default();
                runner.record(&id, explaining.unwrap_or(StepOutcome::Done));
            }
            _ => {}
        })
    };
    let oninput = {
        let (runner, id) = (runner.clone(), step.id.clone());
        Callback::from(move |text: String| runner.type_note(&id.0, text))
    };
    let record = |outcome: StepOutcome| {
        let (runner, id) = (runner.clone(), step.id.clone());
        Callback::from(move |()| runner.record(&id, outcome))
    };
    let ask = |outcome: StepOutcome| {
        let view = view.clone();
        Callback::from(move |()| explain(&view, outcome))
    };
    let label = match explaining {
        Some(StepOutcome::Failed) => "What went wrong?",
        Some(StepOutcome::Skipped) => "Why is it skipped?",
        _ => "Note",
    };
    let busy = runner.record.busy();
    html! {
        <>
            <Field id={NOTE} {label} optional=true>
                <TextArea
                    id={NOTE}
                    value={note.clone()}
                    {oninput}
                    {onkeydown}
                    placeholder="What you saw, or pasted output"
                    testid="step-note"
                />
            </Field>
            { trouble_with(&runner.record) }
            { trouble_with(&runner.note) }
            <div class="step-actions">
                if let Some(outcome) = explaining {
                    <Button
                        tone={if outcome == StepOutcome::Failed { Tone::Danger } else { Tone::Primary }}
                        icon={status::of_outcome(outcome).icon}
                        keys="Ctrl Enter"
                        {busy}
                        onclick={record(outcome)}
                        testid={if outcome == StepOutcome::Failed { "step-failed-confirm" } else { "step-skip-confirm" }}
                    >
                        { if outcome == StepOutcome::Failed { "Record as failed" } else { "Record as skipped" } }
                    </Button>
                    <Button
                        tone={Tone::Ghost}
                        keys="Esc"
                        onclick={let view = view.clone(); move |()| view.dispatch(ViewAction::Cancel)}
                    >
                        { "Back" }
                    </Button>
                } else {
                    <Button tone={Tone::Primary} icon={Icon::Check} keys="Enter" {busy} onclick={record(StepOutcome::Done)} writes=true testid="step-done">
                        { "Done" }
                    </Button>
                    <Button icon={Icon::Cross} keys="F" disabled={busy} onclick={ask(StepOutcome::Failed)} writes=true testid="step-failed">{ "Failed" }</Button>
                    <Button icon={Icon::Skip} keys="S" disabled={busy} onclick={ask(StepOutcome::Skipped)} writes=true testid="step-skip">{ "Skip" }</Button>
                    <span class="end row">
                        if note.trim().is_empty() {
                            <Button
                                tone={Tone::Ghost}
                                icon={Icon::Note}
                                keys="N"
                                onclick={Callback::from(|()| browser::focus(NOTE))}
                                writes=true testid="step-note-focus"
                            >
                                { "Note" }
                            </Button>
                        } else {
                            <Button
                                tone={Tone::Ghost}
                                icon={Icon::Note}
                                busy={runner.note.busy()}
                                onclick={let (runner, id) = (runner.clone(), step.id.clone()); move |()| runner.save_note(Some(&id))}
                                writes=true testid="step-note-save"
                            >
                                { "Save note only" }
                            </Button>
                        }
                    </span>
                }
            </div>
        </>
    }
}
