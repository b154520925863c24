//! The steps: closed ones as lines, the open one with everything needed to do it.

use super::NOTE;
use super::actions::{DraftNotes, EVIDENCE, NOTE_FIELD, Runner};
use super::added::rollback_offer;
use super::keys::{ask_for_step, may_add, shown_step};
use super::step::{OpenStepProps, open_step};
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::datetime::{Shown, When};
use crate::components::icon::Icon;
use crate::components::markdown::{Filling, inline};
use crate::components::status;
use crate::state::call::use_refused;
use crate::state::clock::use_now;
use crate::state::runner::{View, ViewAction, Whose, authored, rollback_offered};
use crate::state::time;
use crate::state::uploads::Uploads;
use mf_contract::sessions::{Session, SessionStep};
use mf_domain::flow::EvidenceRule;
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
    pub uploads: UseReducerHandle<Uploads>,
    /// The step that files are dragged over.
    pub dragged_over: Option<String>,
}

#[component]
pub(super) fn Steps(props: &StepsProps) -> Html {
    let StepsProps { session, view, runner, drafts, filling, .. } = props;
    let now = use_now();
    let started = session.summary.status != SessionStatus::Pending;
    let ended = session.summary.status.is_terminal();
    let open = shown_step(session, view).cloned();
    let forget = runner.clone();
    use_effect_with(open.clone(), move |_| {
        // What was wrong with the note of one step is not said beside that of another.
        forget.forget_note();
        if let Some(step) = browser::element(super::OPEN_STEP) {
            browser::scroll_into_view(&step);
        }
    });
    {
        // The engine wants evidence: the place for it opens, and the keyboard goes there.
        let refused = runner.record.error_on(EVIDENCE).is_some();
        let view = view.dispatcher();
        use_effect_with(refused, move |refused| {
            if *refused {
                view.dispatch(ViewAction::Attach(Some(Whose::Step)));
            }
        });
    }
    use_refused(runner.record.error().or(runner.note.error()), &[(NOTE_FIELD, NOTE)]);
    let announced = open.as_ref().and_then(|id| {
        let at = session.steps.iter().position(|step| step.id == *id)?;
        let step = session.steps.get(at)?;
        Some(format!("Step {} of {}: {}", at + 1, session.steps.len(), step.title))
    });
    let offered = rollback_offered(session).map(|step| &step.id);
    html! {
        <>
            <p class="visually-hidden" aria-live="polite">{ announced }</p>
            <ol class="col" aria-label="Steps">
                for (index, step) in session.steps.iter().enumerate() {
                    <li key={step.id.0.clone()} class={classes!(is_over(props, step).then_some("over"))} data-takes-files={started.then(|| step.id.0.clone())}>
                        if open.as_ref() == Some(&step.id) {
                            { open_step(&OpenStepProps {
                                number: index + 1,
                                session,
                                step,
                                view,
                                runner,
                                drafts,
                                filling,
                                uploads: &props.uploads,
                                now,
                                ended,
                            }) }
                        } else {
                            { line(index + 1, session, step, view, filling) }
                        }
                        if let Some(rollback) = step.rollback.as_ref().filter(|_| may_add(session)) {
                            { rollback_offer(step, rollback, offered == Some(&step.id), runner, filling) }
                        }
                    </li>
                }
            </ol>
            if may_add(session) {
                <div>
                    <Button
                        tone={Tone::Ghost}
                        icon={Icon::Plus}
                        keys="I"
                        onclick={let (view, runner) = (view.clone(), runner.clone()); move |()| ask_for_step(&view, &runner)}
                        writes=true testid="add-step"
                    >
                        { "Add a step" }
                    </Button>
                </div>
            }
        </>
    }
}

fn is_over(props: &StepsProps, step: &SessionStep) -> bool {
    props.dragged_over.as_ref() == Some(&step.id.0)
}

/// The mark in front of a step.
pub(super) fn mark(number: usize, outcome: Option<StepOutcome>, current: bool) -> Html {
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

/// That a step is not in the flow, and why.
pub(super) fn origin(step: &SessionStep) -> Html {
    match &step.added {
        None => Html::default(),
        Some(added) if added.rollback_of.is_some() => {
            html! { <span class="pill amber" data-testid="rollback-step">{ Icon::Undo.svg() }{ "Rollback" }</span> }
        }
        Some(_) => {
            html! { <span class="pill" data-testid="added-step">{ Icon::Plus.svg() }{ "Added" }</span> }
        }
    }
}

fn line(
    number: usize,
    session: &Session,
    step: &SessionStep,
    view: &UseReducerHandle<View>,
    filling: &Filling,
) -> Html {
    let started = session.summary.status != SessionStatus::Pending;
    let planned = authored(session, step);
    let estimate = planned.and_then(|planned| planned.estimate_minutes);
    let required = planned.is_some_and(|planned| planned.evidence == EvidenceRule::Required);
    let inside = html! {
        <>
            { mark(number, step.outcome, false) }
            <span class="grow">{ inline(&step.title, filling) }</span>
            { origin(step) }
            if !step.evidence.is_empty() {
                <span class="pill" title={time::count(step.evidence.len(), "piece") + " of evidence"}>
                    { Icon::Clip.svg() }{ step.evidence.len() }<span class="visually-hidden">{ " pieces of evidence" }</span>
                </span>
            } else if required && step.outcome.is_none() {
                <span class="pill">{ Icon::Clip.svg() }{ "Evidence required" }</span>
            }
            if let Some(note) = &step.note {
                <span class="small clip note-line">{ format!("“{note}”") }</span>
            }
            if let Some(before) = step.overruled.last() {
                <span class="small">{ format!("was {}", before.as_str()) }</span>
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
    let view = view.dispatcher();
    html! {
        <div class="step" data-testid="step" data-outcome={step.outcome.map(StepOutcome::as_str)}>
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
