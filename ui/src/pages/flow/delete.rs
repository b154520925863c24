//! Asks before a flow goes, and names what goes with it and what stays.

use crate::components::dialog::Confirm;
use crate::components::loaded::loaded;
use crate::route::{Route, go};
use crate::state::call::use_call;
use crate::state::load::use_load;
use crate::state::time::{count, grouped};
use crate::state::toasts::use_toasts;
use mf_contract::batches::{BatchSummary, ListBatches};
use mf_contract::flows::{DeleteFlow, Flow};
use mf_contract::schedules::{GetScheduleForFlow, Schedule};
use mf_domain::batch::BatchStatus;
use mf_domain::flow::FlowType;
use mf_domain::ids::FlowId;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`DeleteFlowDialog`].
#[derive(Debug, Properties, PartialEq)]
pub struct DeleteFlowDialogProps {
    pub flow: Rc<Flow>,
    pub open: bool,
    pub onclose: Callback<()>,
}

/// Asks before a flow goes.
#[component]
pub fn DeleteFlowDialog(props: &DeleteFlowDialogProps) -> Html {
    let toasts = use_toasts();
    let flow = &props.flow;
    let delete = use_call::<DeleteFlow>({
        let name = flow.name.clone();
        Callback::from(move |_| {
            if let Some(toasts) = &toasts {
                toasts.success(format!("“{name}” is deleted. What ran stays under Sessions."));
            }
            go(Route::Flows);
        })
    });
    let onconfirm = {
        let (delete, id) = (delete.clone(), flow.id);
        Callback::from(move |()| delete.run(DeleteFlow { id }))
    };
    html! {
        <Confirm
            id="delete-flow"
            title="Delete this flow?"
            action="Delete flow"
            keep="Keep it"
            open={props.open}
            onclose={props.onclose.clone()}
            {onconfirm}
            busy={delete.busy()}
            error={delete.error_elsewhere(&[]).map(AttrValue::from)}
            testid="delete-flow-confirm"
        >
            <p>{ goes(flow) }</p>
            if flow.flow_type == FlowType::Maintenance {
                <Planned id={flow.id} />
            } else {
                <p>{ "Sessions that ran or are open stay under Sessions." }</p>
            }
        </Confirm>
    }
}

fn goes(flow: &Flow) -> String {
    let unit = if flow.flow_type == FlowType::Troubleshooting { "node" } else { "step" };
    let steps = count(flow.step_count as usize, unit);
    format!("“{}” goes, with its {steps} and {}.", flow.name, count(flow.revision as usize, "revision"))
}

#[derive(Properties, PartialEq)]
struct PlannedProps {
    id: FlowId,
}

/// What a maintenance flow still has ahead of it.
#[component]
fn Planned(props: &PlannedProps) -> Html {
    let schedule = use_load(Some(GetScheduleForFlow { flow_id: props.id }), |_, _| false);
    let open = use_load(
        Some(ListBatches {
            flow_id: Some(props.id),
            statuses: vec![BatchStatus::Pending, BatchStatus::InProgress],
            limit: Some(500),
            ..ListBatches::default()
        }),
        |_, _| false,
    );
    html! {
        <>
            { loaded(&schedule, 1, |schedule| paused((*schedule).as_ref())) }
            { loaded(&open, 1, |open| html! { <p>{ stays(&open) }</p> }) }
        </>
    }
}

fn paused(schedule: Option<&Schedule>) -> Html {
    let Some(schedule) = schedule else { return Html::default() };
    let Schedule { description, timezone, .. } = schedule;
    html! { <p>{ format!("Its schedule, “{description}” ({timezone}), is paused: no run comes due any more.") }</p> }
}

fn stays(open: &[BatchSummary]) -> String {
    match open.len() {
        0 => "Batches that ran stay under Sessions.".to_owned(),
        1 => "One batch is still open. It stays under Sessions and can be finished, like all that ran."
            .to_owned(),
        many => {
            let many = grouped(many);
            format!(
                "{many} batches are still open. They stay under Sessions and can be finished, like all that ran."
            )
        }
    }
}
