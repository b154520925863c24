//! The revisions of a flow: what each changed, and the way back to it. A restored revision becomes the newest; none is
//! ever lost.

use super::flow::EditedByTwo;
use super::frame::{Crumb, Frame};
use super::not_here::flow_not_here;
use crate::browser;
use crate::components::ask::Ask;
use crate::components::datetime::When;
use crate::components::field::Select;
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::route::{Route, go, use_here};
use crate::state::call::use_call;
use crate::state::load::use_load;
use crate::state::revisions::{Asked, Pair};
use crate::state::time::count;
use crate::state::toasts::use_toasts;
use mf_contract::flows::{
    CompareRevisions, Flow, GetFlow, ListFlowRevisions, RestoreRevision, RevisionComparison, RevisionSummary,
};
use mf_contract::{ErrorCode, Event};
use mf_domain::flow::difference::{Change, FieldChange, PieceChange};
use mf_domain::ids::FlowId;
use mf_domain::role::Role;
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`Revisions`].
#[derive(Debug, Properties, PartialEq)]
pub struct RevisionsProps {
    pub id: FlowId,
}

/// The page.
#[component]
pub fn Revisions(props: &RevisionsProps) -> Html {
    let flow_id = props.id;
    let revisions = use_load(
        Some(ListFlowRevisions { flow_id }),
        |request, event| matches!(event, Event::FlowChanged { flow_id } if *flow_id == request.flow_id),
    );
    let flow = use_load(Some(GetFlow { id: flow_id }), |_, _| false);
    let asked = Asked::of(&use_here());
    let newest =
        revisions.data().and_then(|list| list.first().map(|revision| revision.revision)).unwrap_or(0);
    let pair = asked.pair(newest);
    let Pair { from, to } = pair;
    let comparison = use_load(from.map(|from| CompareRevisions { flow_id, from, to }), |_, _| false);
    let toasts = use_toasts();
    let restore = use_call::<RestoreRevision>({
        Callback::from(move |flow: Flow| {
            // What is newest now.
            go(Route::Revisions { id: flow_id });
            if let Some(toasts) = &toasts {
                toasts.success(format!("It is now revision {}.", flow.revision));
            }
        })
    });
    let name = revisions.data().and_then(|list| list.first().map(|revision| revision.name.clone()));
    let back =
        flow.data().map_or(Route::Flow { id: flow_id }, |flow| Route::of_flow(flow_id, flow.flow_type));
    let show = move |list: Rc<Vec<RevisionSummary>>| {
        html! {
            <ol class="revisions" aria-label="Revisions">
                for revision in list.iter() {
                    { revision_line(flow_id, revision, pair) }
                }
            </ol>
        }
    };
    let onfrom = Callback::from(move |number: String| {
        let asked = Asked { from: number.parse().ok(), to: Some(to) };
        browser::go_to(&asked.pair(newest).address(flow_id), false);
    });
    let onto = Callback::from(move |number: String| {
        let asked = Asked { from, to: number.parse().ok() };
        browser::go_to(&asked.pair(newest).address(flow_id), false);
    });
    let onconfirm = {
        let restore = restore.clone();
        Callback::from(move |()| {
            restore.run(RestoreRevision { flow_id, revision: to, expected_revision: Some(newest) });
        })
    };
    let difference = if from.is_none() {
        empty(&EmptyProps {
            icon: Icon::Flow,
            title: "The first revision".into(),
            text: "Everything began with it.".into(),
            compact: true,
            children: Html::default(),
        })
    } else {
        loaded(&comparison, 6, |comparison| differences(&comparison, pair))
    };
    if revisions.data().is_none() && revisions.error().is_some_and(|error| error.code == ErrorCode::NotFound)
    {
        return flow_not_here();
    }
    let crumbs: Vec<Crumb> = [
        Some(Crumb::to("Flows", Route::Flows)),
        flow.data().map(|flow| Crumb::of_type(flow.flow_type)),
        Some(Crumb::to(name.clone().unwrap_or_else(|| "Flow".to_owned()), back)),
        Some(Crumb::here("Revisions")),
    ]
    .into_iter()
    .flatten()
    .collect();
    html! {
        <Frame {crumbs}>
            <EditedByTwo id={flow_id} />
            <div class="page-head">
                <div class="grow">
                    <h1>{ "Revisions" }</h1>
                    <p class="muted clip">{ name }</p>
                </div>
                <To route={back} class="btn">{ "Back to the flow" }</To>
            </div>
            <div class="revisions-page">
                <section class="card flat" aria-label="All revisions">{ loaded(&revisions, 6, show) }</section>
                <section class="card" aria-label="What changed">
                    <header>
                        { Icon::Note.svg() }
                        <h2>{ pair.title() }</h2>
                        if newest > 1 {
                            <div class="end row compare" role="group" aria-label="Compared revisions">
                                { choice("compare-from", "From", from.unwrap_or(0), to, newest, onfrom) }
                                { choice("compare-to", "to", to, 0, newest, onto) }
                            </div>
                        }
                        if to < newest {
                            <span>
                                <Ask
                                    id="restore-revision"
                                    icon={Icon::Undo}
                                    small=true
                                    needs={Role::Manager}
                                    short="Restore it"
                                    action="Restore"
                                    keep="Leave it"
                                    title={format!("Restore revision {to}?")}
                                    text={format!("It is saved again as revision {}. Nothing is lost: the revisions after it stay in this list, and sessions keep the one they run.", newest + 1)}
                                    {onconfirm}
                                    busy={restore.busy()}
                                    error={restore.error_elsewhere(&[]).map(AttrValue::from)}
                                />
                            </span>
                        }
                    </header>
                    { difference }
                </section>
            </div>
        </Frame>
    }
}

/// One end of the comparison: any revision but the one at the other end.
fn choice(
    id: &'static str,
    words: &'static str,
    chosen: u32,
    other: u32,
    newest: u32,
    onchange: Callback<String>,
) -> Html {
    let numbers = (1..=newest).rev().filter(|number| *number != other);
    let mut options: Vec<(AttrValue, AttrValue)> =
        numbers.map(|number| (number.to_string().into(), format!("Revision {number}").into())).collect();
    if chosen == 0 {
        options.insert(0, ("0".into(), "Nothing".into()));
    }
    html! {
        <>
            <label class="small muted" for={id}>{ words }</label>
            <Select {id} value={chosen.to_string()} {options} {onchange} testid={id} />
        </>
    }
}

/// A line of the list: it shows what its revision changed.
fn revision_line(id: FlowId, revision: &RevisionSummary, pair: Pair) -> Html {
    let number = revision.revision;
    let onclick = Callback::from(move |_: MouseEvent| browser::go_to(&Pair::of(number).address(id), false));
    html! {
        <li key={number}>
            <button
                type="button"
                class="edit-line"
                aria-current={(number == pair.to).then_some("true")}
                {onclick}
                data-testid="revision-row"
            >
                <span class="num">{ number }</span>
                <span class="grow">
                    <span class="block"><When at={revision.created_at} /></span>
                    <span class="small muted clip block">{ format!("{} · {}", revision.name, count(revision.step_count as usize, "step")) }</span>
                </span>
                if pair.from == Some(number) && !pair.is_neighbours() {
                    <span class="pill">{ "compared with" }</span>
                }
            </button>
        </li>
    }
}

fn differences(comparison: &RevisionComparison, pair: Pair) -> Html {
    let difference = &comparison.difference;
    if difference.is_empty() {
        let words = if pair.is_neighbours() {
            "Nothing differs from the revision before it."
        } else {
            "Nothing differs between the two."
        };
        return html! { <p class="muted">{ words }</p> };
    }
    let group = |title: &'static str, pieces: &[PieceChange]| {
        html! {
            if !pieces.is_empty() {
                <h3 class="diff-group">{ title }</h3>
                for change in pieces {
                    { piece(change) }
                }
            }
        }
    };
    html! {
        <div class="diff" data-testid="difference">
            for change in &difference.fields {
                { field(change) }
            }
            { group("Steps", &difference.steps) }
            { group("Nodes", &difference.nodes) }
            { group("Questions at the start", &difference.intake_form) }
        </div>
    }
}

fn piece(change: &PieceChange) -> Html {
    let (tone, icon, word) = match change.change {
        Change::Added => ("green", Icon::Plus, "added"),
        Change::Removed => ("red", Icon::Trash, "removed"),
        Change::Changed => ("blue", Icon::Pencil, "changed"),
        Change::Moved => ("", Icon::Down, "moved"),
    };
    let place = match (change.from, change.to) {
        (Some(from), Some(to)) if change.moved => format!("from place {from} to {to}"),
        _ => String::new(),
    };
    html! {
        <div class="diff-piece" data-testid="difference-piece">
            <div class="row">
                <span class={classes!("pill", tone)}>{ icon.svg() }{ word }</span>
                <span class="strong clip">{ change.title.clone() }</span>
                <span class="small muted">{ place }</span>
            </div>
            if change.change == Change::Changed {
                for change in &change.fields {
                    { field(change) }
                }
            }
        </div>
    }
}

/// What a field is called by people.
fn words(field: &str) -> String {
    field.replace(['_', '[', ']'], " ").replace(" .", " ").trim().to_owned()
}

fn field(change: &FieldChange) -> Html {
    let side = |class: &'static str, name: &'static str, text: Option<&String>| {
        html! {
            if let Some(text) = text {
                <div class={classes!("diff-text", class)}>
                    <span class="visually-hidden">{ name }</span>{ text.clone() }
                </div>
            }
        }
    };
    html! {
        <div class="diff-field">
            <span class="small muted">{ words(&change.field) }</span>
            { side("before", "Before: ", change.before.as_ref()) }
            { side("after", "After: ", change.after.as_ref()) }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_have_readable_names() {
        assert_eq!(words("estimate_minutes"), "estimate minutes");
        assert_eq!(words("answers[Yes].to"), "answers Yes to");
    }
}
