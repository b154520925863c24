//! The open step: what to do, what came of it so far, and the ways to go on.

use super::actions::{DraftNotes, EVIDENCE, NOTE_FIELD, Runner, evidence_key};
use super::attach::Attach;
use super::keys::explain;
use super::steps::{mark, origin};
use super::{NOTE, OPEN_STEP};
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::datetime::When;
use crate::components::field::{Field, TextArea};
use crate::components::icon::Icon;
use crate::components::markdown::{Filling, Markdown, inline};
use crate::components::status;
use crate::components::trouble::trouble;
use crate::state::runner::{View, ViewAction, Whose, authored, current_since, minutes_between};
use crate::state::time;
use crate::state::uploads::{Place, Uploads};
use chrono::{DateTime, Utc};
use mf_contract::sessions::{Session, SessionStep};
use mf_domain::flow::EvidenceRule;
use mf_domain::session::StepOutcome;
use yew::prelude::*;

#[derive(Debug)]
pub(super) struct OpenStepProps<'a> {
    pub number: usize,
    pub session: &'a Session,
    pub step: &'a SessionStep,
    pub view: &'a UseReducerHandle<View>,
    pub runner: &'a Runner,
    pub drafts: &'a DraftNotes,
    pub filling: &'a Filling,
    pub uploads: &'a UseReducerHandle<Uploads>,
    pub now: DateTime<Utc>,
    pub ended: bool,
}

pub(super) fn open_step(props: &OpenStepProps<'_>) -> Html {
    let OpenStepProps { session, step, filling, .. } = props;
    let planned = authored(session, step);
    let description = planned.map(|planned| planned.description.clone()).unwrap_or_default();
    html! {
        <section class="step open" id={OPEN_STEP} tabindex="-1" aria-label={step.title.clone()} data-testid="step" data-open="true" data-outcome={step.outcome.map(StepOutcome::as_str)}>
            <div class="step-title">
                { mark(props.number, step.outcome, true) }
                <h2 class="grow">{ inline(&step.title, filling) }</h2>
                { origin(step) }
                { how_long(props) }
                if let Some(outcome) = step.outcome {
                    { status::of_outcome(outcome).pill() }
                }
            </div>
            if !description.trim().is_empty() {
                <Markdown text={description} filling={Filling::clone(filling)} />
            }
            { so_far(step) }
            if props.ended {
                { attach(props) }
                <div class="step-actions">
                    <p class="small muted grow">{ "This session has ended. Reopen it to record something else; evidence can still be added." }</p>
                    { attach_button(props) }
                </div>
            } else {
                { step_form(props) }
            }
        </section>
    }
}

/// `4 min of ~15 min` of the step the work stands at, the estimate of any other.
fn how_long(props: &OpenStepProps<'_>) -> Html {
    let OpenStepProps { session, step, .. } = props;
    let estimate = authored(session, step).and_then(|planned| planned.estimate_minutes).map(time::minutes);
    let current = session.current_step_id.as_ref() == Some(&step.id) && !props.ended;
    let since = current_since(session).filter(|_| current);
    let elapsed = since.map(|since| time::minutes(minutes_between(since, props.now)));
    let words = match (elapsed, estimate) {
        (Some(elapsed), Some(estimate)) => format!("{elapsed} of ~{estimate}"),
        (Some(elapsed), None) => elapsed,
        (None, Some(estimate)) => format!("~{estimate}"),
        (None, None) => return Html::default(),
    };
    html! { <span class="row small muted num-cell" data-testid="step-time">{ Icon::Clock.svg() }{ words }</span> }
}

/// Notes, and outcomes that no longer count.
fn so_far(step: &SessionStep) -> Html {
    if step.notes.is_empty() && step.overruled.is_empty() {
        return Html::default();
    }
    html! {
        <div class="step-notes">
            for note in step.notes.iter() {
                <div>
                    <p class="selectable">{ note.text.clone() }</p>
                    <span class="small"><When at={note.at} /></span>
                </div>
            }
            for outcome in step.overruled.iter() {
                <span class="small" data-testid="overruled">{ format!("Recorded before as {}; the later outcome counts.", outcome.as_str()) }</span>
            }
        </div>
    }
}

/// Opens the place for evidence, while that is not on the screen.
fn attach_button(props: &OpenStepProps<'_>) -> Html {
    let OpenStepProps { session, step, view, .. } = props;
    let place = Place { session: session.summary.id, step: Some(step.id.clone()) };
    let shown = view.attaching == Some(Whose::Step)
        || needs_evidence(props)
        || !step.evidence.is_empty()
        || props.uploads.of(&place).next().is_some();
    if shown {
        return Html::default();
    }
    let view = view.dispatcher();
    html! {
        <Button
            tone={Tone::Ghost}
            icon={Icon::Clip}
            keys="E"
            onclick={move |()| view.dispatch(ViewAction::Attach(Some(Whose::Step)))}
            writes=true testid="step-evidence"
        >
            { "Attach evidence" }
        </Button>
    }
}

fn needs_evidence(props: &OpenStepProps<'_>) -> bool {
    let planned = authored(props.session, props.step);
    planned.is_some_and(|planned| planned.evidence == EvidenceRule::Required)
}

fn attach(props: &OpenStepProps<'_>) -> Html {
    let OpenStepProps { session, step, view, runner, drafts, .. } = props;
    let key = evidence_key(Some(&step.id));
    let onwriting = {
        let view = view.dispatcher();
        Callback::from(move |on: bool| view.dispatch(ViewAction::Attach(on.then_some(Whose::Step))))
    };
    let text = drafts.note(&key).to_owned();
    let ontext = {
        let runner = Runner::clone(runner);
        Callback::from(move |text: String| runner.type_note(&key, text))
    };
    html! {
        <Attach
            key={step.id.0.clone()}
            id="step-evidence"
            place={Place { session: session.summary.id, step: Some(step.id.clone()) }}
            evidence={step.evidence.clone()}
            required={needs_evidence(props)}
            has_key=true
            uploads={UseReducerHandle::clone(props.uploads)}
            writing={view.attaching == Some(Whose::Step)}
            {onwriting}
            {text}
            {ontext}
            refused={runner.record.error_on(EVIDENCE).filter(|_| step.evidence.is_empty()).map(AttrValue::from)}
            onchange={runner.arrived.clone()}
        />
    }
}

/// The note, the evidence and the outcomes of the open step.
fn step_form(props: &OpenStepProps<'_>) -> Html {
    let OpenStepProps { step, view, runner, drafts, .. } = props;
    let explaining = view.explaining;
    let onkeydown = {
        let (view, runner, id) = (view.dispatcher(), Runner::clone(runner), step.id.clone());
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
        let (runner, id) = (Runner::clone(runner), step.id.clone());
        Callback::from(move |text: String| {
            runner.forget_note();
            runner.type_note(&id.0, text);
        })
    };
    let wrong = runner.wrong_note().map(AttrValue::from);
    let elsewhere =
        [runner.record.error_elsewhere(&[EVIDENCE, NOTE_FIELD]), runner.note.error_elsewhere(&[NOTE_FIELD])];
    let label = match explaining {
        Some(StepOutcome::Failed) => "What went wrong?",
        Some(StepOutcome::Skipped) => "Why is it skipped?",
        _ => "Note",
    };
    html! {
        <>
            <Field id={NOTE} {label} optional=true error={wrong.clone()}>
                <TextArea
                    id={NOTE}
                    value={drafts.note(&step.id.0).to_owned()}
                    {oninput}
                    {onkeydown}
                    invalid={wrong.is_some()}
                    placeholder="What you saw"
                    testid="step-note"
                />
            </Field>
            { attach(props) }
            for text in elsewhere.into_iter().flatten() {
                { trouble(text, None) }
            }
            { outcomes(props) }
        </>
    }
}

fn outcomes(props: &OpenStepProps<'_>) -> Html {
    let OpenStepProps { step, view, runner, drafts, .. } = props;
    let busy = runner.record.busy();
    let record = |outcome: StepOutcome| {
        let (runner, id) = (Runner::clone(runner), step.id.clone());
        Callback::from(move |()| runner.record(&id, outcome))
    };
    let show = |action: ViewAction| {
        let view = view.dispatcher();
        Callback::from(move |()| view.dispatch(action.clone()))
    };
    if let Some(outcome) = view.explaining {
        let failed = outcome == StepOutcome::Failed;
        return html! {
            <div class="step-actions">
                <Button
                    tone={if failed { Tone::Danger } else { Tone::Primary }}
                    icon={status::of_outcome(outcome).icon}
                    keys="Ctrl Enter"
                    {busy}
                    onclick={record(outcome)}
                    testid={if failed { "step-failed-confirm" } else { "step-skip-confirm" }}
                >
                    { if failed { "Record as failed" } else { "Record as skipped" } }
                </Button>
                <Button tone={Tone::Ghost} keys="Esc" onclick={show(ViewAction::Cancel)}>{ "Back" }</Button>
            </div>
        };
    }
    let ask = |outcome: StepOutcome| {
        let view = UseReducerHandle::clone(view);
        Callback::from(move |()| explain(&view, outcome))
    };
    let noted = !drafts.note(&step.id.0).trim().is_empty();
    html! {
        <div class="step-actions">
            <Button tone={Tone::Primary} icon={Icon::Check} keys="Enter" {busy} onclick={record(StepOutcome::Done)} writes=true testid="step-done">
                { "Done" }
            </Button>
            <Button icon={Icon::Cross} keys="F" disabled={busy} onclick={ask(StepOutcome::Failed)} writes=true testid="step-failed">{ "Failed" }</Button>
            <Button icon={Icon::Skip} keys="S" disabled={busy} onclick={ask(StepOutcome::Skipped)} writes=true testid="step-skip">{ "Skip" }</Button>
            <span class="end row">
                if noted {
                    <Button
                        tone={Tone::Ghost}
                        icon={Icon::Note}
                        busy={runner.note.busy()}
                        onclick={let (runner, id) = (Runner::clone(runner), step.id.clone()); move |()| runner.save_note(&id)}
                        writes=true testid="step-note-save"
                    >
                        { "Save note only" }
                    </Button>
                } else {
                    <Button
                        tone={Tone::Ghost}
                        icon={Icon::Note}
                        keys="N"
                        onclick={Callback::from(|()| browser::focus(NOTE))}
                        writes=true testid="step-note-focus"
                    >
                        { "Note" }
                    </Button>
                }
                { attach_button(props) }
            </span>
        </div>
    }
}
