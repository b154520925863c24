//! One conflict: both copies, column by column, and the way to settle it.

use crate::components::button::{Button, Tone};
use crate::components::datetime::When;
use crate::components::icon::Icon;
use crate::components::link::to_address;
use crate::components::trouble::trouble_elsewhere;
use crate::state::call::use_call;
use crate::state::load::use_load;
use crate::state::revisions::Pair;
use crate::state::team::conflicts::{
    Field, MAY_NOT, Names, Shown, changed_at, fields, reason_text, reason_word,
};
use crate::state::team::entities::{entity_icon, entity_word, row_address};
use crate::state::time::count;
use crate::state::toasts::use_toasts;
use mf_contract::Done;
use mf_contract::flows::{ListFlowRevisions, RevisionSummary};
use mf_contract::sync::{Conflict, ConflictReason, DismissConflict, RestoreConflict};
use mf_domain::ids::FlowId;
use serde_json::Value;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct CopiesProps {
    pub(super) conflict: Conflict,
    pub(super) names: Rc<Names>,
}

/// Settles a conflict: what brings the copy back, what leaves what stands, whether either is under way, and what went wrong.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settling {
    pub(crate) restore: Callback<()>,
    pub(crate) dismiss: Callback<()>,
    pub(crate) restoring: bool,
    pub(crate) dismissing: bool,
    pub(crate) error: Option<String>,
}

/// The two ways to settle a conflict.
#[hook]
pub(crate) fn use_settling(conflict: Option<&Conflict>) -> Settling {
    let toasts = use_toasts();
    let name = conflict.and_then(|conflict| conflict.name.clone());
    let what = name.map_or_else(|| "The copy".to_owned(), |name| format!("“{name}”"));
    let told = |words: String| {
        let toasts = toasts.clone();
        Callback::from(move |_: Done| {
            if let Some(toasts) = &toasts {
                toasts.success(words.clone());
            }
        })
    };
    let restore = use_call::<RestoreConflict>(told(format!("{what} is what it was in the copy that lost.")));
    let dismiss = use_call::<DismissConflict>(told(format!("{what} stays as it stands.")));
    let error = restore.error_elsewhere(&[]).or_else(|| dismiss.error_elsewhere(&[]));
    let id = conflict.map(|conflict| conflict.id);
    let (restoring, dismissing) = (restore.busy(), dismiss.busy());
    Settling {
        restore: Callback::from(move |()| {
            if let Some(id) = id.filter(|_| !dismissing) {
                restore.run(RestoreConflict { id });
            }
        }),
        dismiss: Callback::from(move |()| {
            if let Some(id) = id.filter(|_| !restoring) {
                dismiss.run(DismissConflict { id });
            }
        }),
        restoring,
        dismissing,
        error,
    }
}

/// The flow a conflict is about, where it is about one's newest revision.
fn flow_of(conflict: &Conflict) -> Option<FlowId> {
    (conflict.entity == "flows").then(|| conflict.row_id.parse().ok())?
}

/// The revisions of both copies of a flow, as they are numbered.
pub(crate) fn both_revisions(conflict: &Conflict, revisions: &[RevisionSummary]) -> Option<Pair> {
    let number = |copy: &Option<Value>| {
        let head = copy.as_ref()?.get("head_id")?.as_str()?.to_owned();
        revisions
            .iter()
            .find(|revision| revision.revision_id.to_string() == head)
            .map(|revision| revision.revision)
    };
    let (lost, stands) = (number(&conflict.lost)?, number(&conflict.stands)?);
    (lost != stands).then_some(Pair { from: Some(stands), to: lost })
}

/// A conflict.
#[component]
pub(super) fn Copies(props: &CopiesProps) -> Html {
    let conflict = &props.conflict;
    let flow = flow_of(conflict);
    let revisions = use_load(flow.map(|flow_id| ListFlowRevisions { flow_id }), |_, _| false);
    let settling = use_settling(Some(conflict));
    let revisions = revisions.data();
    let names = use_memo((props.names.clone(), revisions.clone()), |(names, revisions)| {
        let numbered = revisions.iter().flat_map(|list| list.iter()).map(|revision| {
            (revision.revision_id.to_string(), format!("Revision {}: {}", revision.revision, revision.name))
        });
        names.iter().map(|(id, name)| (id.clone(), name.clone())).chain(numbered).collect::<Names>()
    });
    let pair = revisions.as_ref().and_then(|revisions| both_revisions(conflict, revisions));
    let word = entity_word(&conflict.entity);
    let title = conflict.name.clone().unwrap_or_else(|| word.clone());
    let refused = conflict.reason != ConflictReason::Concurrent;
    let tone = if refused { "red" } else { "amber" };
    html! {
        <section class="card conflict" aria-label={format!("{word} {title}")} data-testid="conflict">
            <header>
                { entity_icon(&conflict.entity).svg() }
                <h2 class="clip">{ title }</h2>
                <span class="muted">{ word }</span>
                <span class={classes!("pill", tone)}>
                    { if refused { Icon::Stop } else { Icon::Alert }.svg() }{ reason_word(conflict.reason) }
                </span>
                <span class="end muted small"><When at={conflict.at} /></span>
            </header>
            <p class="muted">{ reason_text(conflict.reason) }</p>
            { table(conflict, &fields(conflict, &names)) }
            { trouble_elsewhere(settling.error.clone()) }
            <div class="row wrap">
                if conflict.can_restore {
                    <Button
                        icon={Icon::Undo}
                        busy={settling.restoring}
                        onclick={settling.restore.clone()}
                        writes=true
                        testid="restore-conflict"
                    >
                        { if conflict.lost.is_some() { "Restore this copy" } else { "Delete it after all" } }
                    </Button>
                } else {
                    <p class="muted row">{ Icon::Lock.svg() }{ MAY_NOT }</p>
                }
                <Button
                    tone={Tone::Ghost}
                    icon={Icon::Check}
                    busy={settling.dismissing}
                    onclick={settling.dismiss}
                    writes=true
                    testid="dismiss-conflict"
                >
                    { if conflict.stands.is_some() { "Keep what stands" } else { "Let it go" } }
                </Button>
                if let Some((flow, pair)) = flow.zip(pair) {
                    { to_address(&pair.address(flow), "btn ghost", "Compare the revisions", "compare-revisions") }
                } else if conflict.stands.is_some() {
                    if let Some(address) = row_address(&conflict.entity, &conflict.row_id) {
                        { to_address(&address, "btn ghost", "Show what stands", "show-standing") }
                    }
                }
            </div>
        </section>
    }
}

/// Both copies side by side: what differs is seen, what is the same can be unfolded.
fn table(conflict: &Conflict, fields: &[Field]) -> Html {
    let whose = match (&conflict.member_name, conflict.reason) {
        (Some(name), ConflictReason::Concurrent) => format!("The copy of {name}"),
        (_, ConflictReason::Concurrent) => "The copy that lost".to_owned(),
        _ => "Your copy".to_owned(),
    };
    let head = |title: String, copy: Option<&Value>, absent: &'static str| {
        html! {
            <th scope="col">
                <b>{ title }</b>
                if copy.is_none() {
                    <span class="small">{ format!(" · {absent}") }</span>
                } else if let Some(at) = changed_at(copy) {
                    <span class="small">{ " · changed " }<When {at} /></span>
                }
            </th>
        }
    };
    let (lost, stands) = (conflict.lost.as_ref(), conflict.stands.as_ref());
    let both = lost.is_some() && stands.is_some();
    let (seen, same): (Vec<&Field>, Vec<&Field>) = fields.iter().partition(|field| field.differs || !both);
    let rows = |fields: &[&Field]| -> Html {
        html! {
            for field in fields {
                <tr class={classes!(field.differs.then_some("differs"))}>
                    <th scope="row">
                        { &field.name }
                        if field.differs {
                            <span class="pill amber">{ Icon::Alert.svg() }{ "differs" }</span>
                        }
                    </th>
                    <td class="wraps">{ value(&field.lost) }</td>
                    <td class="wraps">{ value(&field.stands) }</td>
                </tr>
            }
        }
    };
    let head = html! {
        <thead>
            <tr>
                <th scope="col"><span class="visually-hidden">{ "Part" }</span></th>
                { head(whose, lost, "deleted it") }
                { head("What stands".to_owned(), stands, "not there") }
            </tr>
        </thead>
    };
    html! {
        <>
            <table class="versions" data-testid="versions">
                { head.clone() }
                <tbody>{ rows(&seen) }</tbody>
            </table>
            if !same.is_empty() {
                <details class="same">
                    <summary class="small muted">{ format!("{} the same in both", count(same.len(), "part") + if same.len() == 1 { " is" } else { " are" }) }</summary>
                    <table class="versions">{ head }<tbody>{ rows(&same) }</tbody></table>
                </details>
            }
        </>
    }
}

fn value(shown: &Shown) -> Html {
    match shown {
        Shown::Nothing => html! { <span class="faint">{ "nothing" }</span> },
        Shown::At(at) => html! { <When at={*at} /> },
        Shown::Text(text) => html! { <div class="version selectable">{ text }</div> },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use mf_domain::ids::{ConflictId, RevisionId};
    use serde_json::json;
    use uuid::Uuid;

    #[test]
    fn both_heads_of_a_flow_are_found_among_its_revisions() {
        let id = |number: u128| RevisionId(Uuid::from_u128(number));
        let revision = |number: u32| RevisionSummary {
            revision: number,
            revision_id: id(u128::from(number)),
            name: "Patch".to_owned(),
            step_count: 1,
            created_by: None,
            created_at: DateTime::UNIX_EPOCH,
        };
        let copy = |number: u128| Some(json!({ "head_id": id(number) }));
        let conflict = |lost, stands| Conflict {
            id: ConflictId(Uuid::nil()),
            reason: ConflictReason::Concurrent,
            entity: "flows".to_owned(),
            row_id: Uuid::nil().to_string(),
            name: None,
            at: DateTime::UNIX_EPOCH,
            member_id: None,
            member_name: None,
            lost,
            stands,
            can_restore: true,
        };
        let revisions = [revision(3), revision(2), revision(1)];
        let pair = |lost, stands| both_revisions(&conflict(lost, stands), &revisions);
        assert_eq!(pair(copy(2), copy(3)), Some(Pair { from: Some(3), to: 2 }));
        assert_eq!(pair(copy(2), copy(2)), None);
        assert_eq!(pair(copy(9), copy(3)), None);
        assert_eq!(pair(None, copy(3)), None);
    }
}
