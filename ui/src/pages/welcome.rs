//! The first start: a sample to look around in, or the three steps to a first run. Also what stands on the page of today
//! while those steps are not done.

use super::import::ImportDialog;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, skeleton};
use crate::components::trouble::trouble;
use crate::route::{Route, go};
use crate::state::call::use_call;
use crate::state::load::use_load;
use crate::state::toasts::use_toasts;
use mf_contract::Event;
use mf_contract::batches::ListBatches;
use mf_contract::flows::ListFlows;
use mf_contract::sample::CreateSample;
use mf_contract::schedules::ListSchedules;
use mf_contract::target_lists::ListTargetLists;
use mf_domain::flow::FlowType;
use mf_domain::ids::FlowId;
use mf_domain::role::Role;
use yew::prelude::*;

/// Properties of [`Welcome`].
#[derive(Debug, Properties, PartialEq)]
pub struct WelcomeProps {
    /// The sample is there.
    pub onsample: Callback<()>,
}

/// An empty workspace, and the two ways to begin.
#[component]
pub fn Welcome(props: &WelcomeProps) -> Html {
    let toasts = use_toasts();
    let make = use_call::<CreateSample>({
        let onsample = props.onsample.clone();
        Callback::from(move |_| {
            if let Some(toasts) = &toasts {
                toasts.success("The sample workspace is here. One click on this page takes it away again.");
            }
            // The button goes, and the focus with it.
            browser::focus("main");
            onsample.emit(());
        })
    });
    let onclick = {
        let make = make.clone();
        Callback::from(move |()| make.run(CreateSample { timezone: Some(browser::viewer_zone()) }))
    };
    html! {
        <div class="welcome" data-testid="welcome">
            <h1>{ "Welcome to Maintenance Flows" }</h1>
            <p>{ "Repeatable maintenance over many machines: due on time, worked through step by step, on the record." }</p>
            if let Some(text) = make.error_elsewhere(&[]) {
                { trouble(text, None) }
            }
            <section class="card way" aria-labelledby="way-sample">
                <span class="tile amber" aria-hidden="true">{ Icon::Wrench.svg() }</span>
                <div class="grow">
                    <h2 id="way-sample">{ "Look around in a sample workspace" }</h2>
                    <p class="muted">
                        { "Flows, target lists, a schedule, a batch that is finished and one that is under way. It is removed in one click, and what you make yourself stays." }
                    </p>
                </div>
                <Button tone={Tone::Primary} icon={Icon::Play} busy={make.busy()} {onclick} writes=true needs={Role::Manager} testid="make-sample">
                    { "Open the sample" }
                </Button>
            </section>
            <section aria-labelledby="way-own">
                <h2 id="way-own">{ "Or start empty: three steps to your first run" }</h2>
                <FirstSteps flow={None::<FlowId>} has_list=false />
            </section>
        </div>
    }
}

/// A workspace where nothing is planned and nothing is open: the steps that are missing, or where to plan something.
#[component]
pub fn Setup() -> Html {
    let flows = use_load(
        Some(ListFlows { flow_type: Some(FlowType::Maintenance), ..ListFlows::default() }),
        |_, event| matches!(event, Event::FlowChanged { .. }),
    );
    let lists = use_load(Some(ListTargetLists::default()), |_, event| {
        matches!(event, Event::TargetListChanged { .. })
    });
    let schedules =
        use_load(Some(ListSchedules {}), |_, event| matches!(event, Event::ScheduleChanged { .. }));
    let batches = use_load(Some(ListBatches { limit: Some(1), ..ListBatches::default() }), |_, event| {
        matches!(event, Event::BatchChanged { .. })
    });
    let failed = flows.error().or(lists.error()).or(schedules.error()).or(batches.error());
    if let Some(error) = failed {
        let retry = {
            let all = [flows.again(), lists.again(), schedules.again(), batches.again()];
            Callback::from(move |()| all.iter().for_each(|again| again.emit(())))
        };
        return trouble(crate::api::sentence(error), Some(retry));
    }
    let (Some(flows), Some(lists), Some(schedules), Some(batches)) =
        (flows.data(), lists.data(), schedules.data(), batches.data())
    else {
        return skeleton(6);
    };
    if schedules.is_empty() && batches.is_empty() {
        return html! {
            <section class="setup" aria-labelledby="setup">
                <h2 id="setup">{ "Set up your first maintenance run" }</h2>
                <FirstSteps flow={flows.first().map(|flow| flow.id)} has_list={!lists.is_empty()} />
            </section>
        };
    }
    html! {
        <section class="card" aria-label="Nothing to do">
            { empty(&EmptyProps {
                icon: Icon::Check,
                title: AttrValue::from("Nothing to do"),
                text: AttrValue::from("No batch is open, and no active schedule comes due within seven days."),
                compact: false,
                children: html! {
                    <To route={Route::Flows} query="type=maintenance" class="btn">{ "Go to maintenance flows" }</To>
                },
            }) }
        </section>
    }
}

#[derive(Properties, PartialEq)]
struct FirstStepsProps {
    /// The flow that can be scheduled.
    flow: Option<FlowId>,
    has_list: bool,
}

#[component]
fn FirstSteps(props: &FirstStepsProps) -> Html {
    let importing = use_state(|| false);
    let set = |open: bool| {
        let importing = importing.setter();
        Callback::from(move |()| importing.set(open))
    };
    let (has_flow, has_list) = (props.flow.is_some(), props.has_list);
    let tone = |next: bool| if next { Tone::Primary } else { Tone::Plain };
    html! {
        <>
            <ol class="first-steps">
                { step(
                    1,
                    has_flow,
                    "Import a runbook",
                    "A runbook in plain Markdown becomes a flow: its list items are the steps.",
                    html! {
                        <Button icon={Icon::Upload} onclick={set(true)} writes=true needs={Role::Manager} testid="import-markdown">
                            { "Import Markdown" }
                        </Button>
                    },
                ) }
                { step(
                    2,
                    has_list,
                    "Create a target list",
                    "Paste the machines to work on, one per line.",
                    html! {
                        <Button tone={tone(has_flow && !has_list)} icon={Icon::Server} onclick={|()| go(Route::TargetLists)} writes=true testid="first-target-list">
                            { if has_list { "See target lists" } else { "Create a list" } }
                        </Button>
                    },
                ) }
                { step(
                    3,
                    false,
                    "Set a schedule",
                    if has_flow {
                        "Say when it comes due, in which time zone, and for which list."
                    } else {
                        "On the page of the flow you imported: when it comes due, in which time zone, for which list."
                    },
                    props.flow.map(|id| html! {
                        <Button tone={tone(has_list)} icon={Icon::Calendar} onclick={move |()| go(Route::Maintenance { id })} writes=true needs={Role::Manager} testid="first-schedule">
                            { "Set a schedule" }
                        </Button>
                    }).unwrap_or_default(),
                ) }
            </ol>
            <ImportDialog open={*importing} onclose={set(false)} />
        </>
    }
}

fn step(number: u32, done: bool, title: &'static str, text: &'static str, action: Html) -> Html {
    html! {
        <li>
            if done {
                <span class="num ok">{ Icon::Check.svg() }<span class="visually-hidden">{ "Done" }</span></span>
            } else {
                <span class="num">{ number }</span>
            }
            <div class="grow">
                <h3>{ title }</h3>
                <p>{ text }</p>
            </div>
            { action }
        </li>
    }
}
