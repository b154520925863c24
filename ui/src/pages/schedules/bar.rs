//! What can be done about the schedules that are selected, and which of them did not take it.

use crate::api;
use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::trouble::trouble;
use crate::route::Route;
use crate::state::schedules::switching::{Refusal, Switched};
use crate::state::time::{count, grouped};
use mf_contract::standings::ScheduleStanding;
use mf_domain::ids::ScheduleId;
use mf_domain::role::Role;
use yew::prelude::*;

/// More than this would fill the window; they can be selected.
const LISTED: usize = 24;

pub(super) struct BarProps<'a> {
    /// The schedule under the cursor.
    pub(super) here: Option<&'a ScheduleStanding>,
    /// What is selected, in words; nothing without a selection.
    pub(super) selected: Option<String>,
    /// How many of them run, and how many are paused.
    pub(super) pausable: usize,
    pub(super) resumable: usize,
    pub(super) busy: bool,
    /// Resumes or pauses.
    pub(super) onswitch: Callback<bool>,
    pub(super) onclear: Callback<()>,
}

/// The bar below the list.
pub(super) fn bar(props: &BarProps<'_>) -> Html {
    let name = props.here.map(|here| here.schedule.flow_name.clone()).unwrap_or_default();
    let many = |words: &str, number: usize| {
        if number > 1 { format!("{words} {}", grouped(number)) } else { words.to_owned() }
    };
    let about = props.here.filter(|_| props.selected.is_none()).map(|here| here.schedule.description.clone());
    html! {
        <div class="actionbar" role="toolbar" aria-label="Selected schedules">
            <div class="grow">
                <p class="clip" data-testid="selected"><b>{ props.selected.clone().unwrap_or(name) }</b></p>
                if let Some(about) = about {
                    <p class="small muted clip">{ about }</p>
                }
            </div>
            if props.selected.is_some() {
                <Button tone={Tone::Ghost} onclick={props.onclear.clone()} keys="Esc">{ "Clear" }</Button>
            }
            if props.resumable > 0 {
                <Button icon={Icon::Play} busy={props.busy} keys="R" onclick={props.onswitch.reform(|()| true)} writes=true needs={Role::Manager} testid="resume-schedules">
                    { many("Resume", props.resumable) }
                </Button>
            }
            if props.pausable > 0 {
                <Button icon={Icon::Pause} busy={props.busy} keys="P" onclick={props.onswitch.reform(|()| false)} writes=true needs={Role::Manager} testid="pause-schedules">
                    { many("Pause", props.pausable) }
                </Button>
            }
        </div>
    }
}

/// Those that stayed as they were, by reason, each with a way to its flow.
pub(super) fn refused(
    standings: &[ScheduleStanding],
    came: Option<&Switched>,
    onselect: &Callback<Vec<ScheduleId>>,
    onread: Callback<()>,
) -> Html {
    let Some(came) = came else { return Html::default() };
    let ids: Vec<ScheduleId> = came.refused.iter().map(|refused| refused.schedule_id).collect();
    let number = ids.len();
    html! {
        <>
            if let Some(error) = &came.error {
                { trouble(api::sentence(error), None) }
            }
            if number > 0 {
                <div class="board-refused trouble" role="alert" data-testid="schedules-refused">
                    { Icon::Alert.svg() }
                    <div class="grow">
                        <p><b>{ format!("{} done, {} not:", grouped(came.changed.len()), grouped(number)) }</b></p>
                        for refusal in came.by_reason() {
                            { reason(standings, &refusal) }
                        }
                    </div>
                    <Button tone={Tone::Ghost} small=true onclick={onselect.reform(move |()| ids.clone())} testid="select-refused">
                        { if number == 1 { "Select it".to_owned() } else { format!("Select these {}", grouped(number)) } }
                    </Button>
                    <Button tone={Tone::Ghost} small=true icon={Icon::Cross} label="Close message" onclick={onread} />
                </div>
            }
        </>
    }
}

fn reason(standings: &[ScheduleStanding], (why, ids): &Refusal) -> Html {
    let flow = |id: &ScheduleId| standings.iter().map(|it| &it.schedule).find(|schedule| schedule.id == *id);
    let more = ids.len().saturating_sub(LISTED);
    html! {
        <div class="small">
            <p>{ why }</p>
            <p class="refused-names">
                for schedule in ids.iter().take(LISTED).filter_map(flow) {
                    <To route={Route::Maintenance { id: schedule.flow_id }}>{ schedule.flow_name.clone() }</To>
                }
                if more > 0 {
                    <span>{ format!("and {}", count(more, "more schedule")) }</span>
                }
            </p>
        </div>
    }
}
