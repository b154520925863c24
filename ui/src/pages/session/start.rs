//! The beginning of a session: starting it, or why it has to wait.

use super::actions::{Runner, trouble_with};
use super::head::label;
use super::to_batch;
use crate::api;
use crate::components::ask::Ask;
use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::route::Route;
use crate::state::call::use_call;
use crate::state::runner::ahead_of_held;
use crate::state::time::count;
use mf_contract::batches::ContinueBatch;
use mf_contract::sessions::{Session, SessionSummary};
use mf_domain::batch::Held;
use mf_domain::ids::BatchId;
use std::rc::Rc;
use yew::prelude::*;

/// The card that starts a session.
pub(super) fn start_card(session: &Session, runner: &Runner) -> Html {
    let words = match session.steps.len() {
        0 => "The questions appear one at a time.".to_owned(),
        steps => format!("{}. What you record is on disk before it shows as done.", count(steps, "step")),
    };
    html! {
        <section class="closing primary-card" aria-label="Start">
            <h2>{ format!("Start on {}", label(&session.summary)) }</h2>
            <p class="muted">{ words }</p>
            { trouble_with(&runner.start) }
            <Button
                tone={Tone::Primary}
                icon={Icon::Play}
                keys="Enter"
                busy={runner.start.busy()}
                onclick={let runner = runner.clone(); move |()| runner.start()}
                writes=true testid="start-session"
            >
                { "Start" }
            </Button>
        </section>
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct HeldCardProps {
    pub held: Held,
    pub summary: SessionSummary,
    pub batch_id: BatchId,
    pub targets: Rc<Vec<SessionSummary>>,
}

/// Why a session may not be started yet, and what to do about it.
#[component]
pub(super) fn HeldCard(props: &HeldCardProps) -> Html {
    let go_on = use_call::<ContinueBatch>(Callback::noop());
    let halted = matches!(props.held, Held::CanaryFailed { .. } | Held::Stopped { .. });
    let onconfirm = {
        let (go_on, batch_id) = (go_on.clone(), props.batch_id);
        Callback::from(move |()| go_on.run(ContinueBatch { batch_id }))
    };
    html! {
        <section class="closing held" aria-label="Held" data-testid="held">
            <div class="row">
                <h2>{ format!("{} has to wait", label(&props.summary)) }</h2>
                <span class="pill amber">{ Icon::Pause.svg() }{ "Held" }</span>
            </div>
            <p>{ format!("{}.", api::capitalised(&props.held.words())) }</p>
            <div class="row wrap">
                if let Some(next) = ahead_of_held(props.held, &props.targets, props.summary.id).filter(|_| !halted) {
                    <To route={Route::Session { id: next.id }} class="btn primary" testid="held-next">
                        { format!("Go to {}", next.target_label) }
                    </To>
                }
                if halted {
                    <Ask
                        id="continue-batch"
                        action="Continue the batch"
                        title="Continue in spite of the failures?"
                        text="The failures there are count as accepted, by you and with the time. Targets that wait may be started again, until as many more fail."
                        keep="Keep waiting"
                        {onconfirm}
                        busy={go_on.busy()}
                        error={go_on.error_elsewhere(&[]).map(AttrValue::from)}
                    />
                }
                { to_batch(props.batch_id, "See the batch", "btn ghost") }
            </div>
        </section>
    }
}
