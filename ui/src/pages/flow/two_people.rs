//! "Edited by two people": a flow of which two revisions were saved without knowledge of each other.

use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::link::to_address;
use crate::components::trouble::trouble_elsewhere;
use crate::pages::conflicts::{both_revisions, use_settling};
use crate::state::load::use_view;
use crate::state::workspaces::use_workspaces;
use mf_contract::Event;
use mf_contract::flows::ListFlowRevisions;
use mf_contract::sync::{ConflictReason, ListConflicts};
use mf_domain::ids::FlowId;
use mf_domain::role::Role;
use yew::prelude::*;

/// Properties of [`EditedByTwo`].
#[derive(Debug, Properties, PartialEq)]
pub struct EditedByTwoProps {
    pub id: FlowId,
}

/// Says so above the flow, and offers to compare and to settle it.
#[component]
pub fn EditedByTwo(props: &EditedByTwoProps) -> Html {
    // The local workspace has no second person.
    let shared = use_workspaces().is_shared();
    let conflicts = use_view(shared.then_some(ListConflicts {}), |_, event| {
        matches!(event, Event::ConflictsChanged | Event::MembersChanged)
    });
    let row = props.id.to_string();
    let conflict = conflicts.data().and_then(|list| {
        let of_this = |reason| reason == ConflictReason::Concurrent;
        list.iter().find(|one| one.entity == "flows" && one.row_id == row && of_this(one.reason)).cloned()
    });
    let flow_id = props.id;
    let revisions = use_view(
        conflict.as_ref().map(|_| ListFlowRevisions { flow_id }),
        |request, event| matches!(event, Event::FlowChanged { flow_id } if *flow_id == request.flow_id),
    );
    let settling = use_settling(conflict.as_ref());
    let Some(conflict) = conflict else { return Html::default() };
    let pair = revisions.data().and_then(|revisions| both_revisions(&conflict, &revisions));
    let whose = conflict.member_name.as_deref().unwrap_or("somebody else");
    let (text, restore) = match pair {
        Some(pair) => (
            format!(
                "Revision {} stands. Revision {} of {whose} was saved without knowing of it.",
                pair.from.unwrap_or_default(),
                pair.to
            ),
            format!("Restore revision {}", pair.to),
        ),
        None => (
            format!("{whose} changed it without knowing of what stands now."),
            "Restore that copy".to_owned(),
        ),
    };
    html! {
        <section class="editor-notice wrap" role="status" aria-label="Edited by two people" data-testid="edited-by-two">
            { Icon::Alert.svg() }
            <p class="grow"><b>{ "Edited by two people. " }</b>{ text }</p>
            if let Some(pair) = pair {
                { to_address(&pair.address(flow_id), "btn small", "Compare", "compare-revisions") }
            }
            if conflict.can_restore {
                <Button small=true busy={settling.restoring} onclick={settling.restore} writes=true needs={Role::Manager} testid="restore-conflict">{ restore }</Button>
            }
            <Button small=true tone={Tone::Ghost} busy={settling.dismissing} onclick={settling.dismiss} writes=true testid="dismiss-conflict">{ "Keep what stands" }</Button>
            { trouble_elsewhere(settling.error) }
        </section>
    }
}
