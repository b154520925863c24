//! The target a session of its own is carried out on: of a saved list, or typed.

use crate::components::combobox::Combobox;
use crate::components::field::{Field, TextInput};
use crate::components::fold::Fold;
use crate::pages::launch::list_choices;
use crate::state::combobox::Choice;
use crate::state::load::use_load;
use crate::state::start::{TargetDraft, TargetField, WrongTarget};
use mf_contract::target_lists::{GetTargetList, ListTargetLists, TargetList};
use mf_domain::targets::Target;
use std::rc::Rc;
use yew::prelude::*;

/// The targets of a list, each with the client and site it stands at.
pub(super) fn targets_of(list: &TargetList) -> Vec<Target> {
    let (client, site) = (list.client.as_deref(), list.site.as_deref());
    list.targets.iter().map(|target| target.within(client, site)).collect()
}

#[derive(Properties, PartialEq)]
pub(super) struct ForTargetProps {
    pub(super) draft: TargetDraft,
    pub(super) onchange: Callback<TargetDraft>,
    /// Gets the targets of the chosen list; `None` while no list is chosen.
    pub(super) onknown: Callback<Option<Rc<Vec<Target>>>>,
    /// Whether the flow speaks of its target: then it is asked before anything else.
    pub(super) wanted: bool,
    pub(super) wrong: Option<WrongTarget>,
}

/// The fields. A flow that does not speak of a target has them behind a click.
#[component]
pub(super) fn ForTarget(props: &ForTargetProps) -> Html {
    let draft = &props.draft;
    let unfolded = use_state(|| None::<bool>);
    let lists = use_load(Some(ListTargetLists::default()), |_, _| false);
    let saved = use_memo(lists.data(), |lists| list_choices(lists.as_ref().map_or(&[], |lists| lists)));
    let list = use_load(draft.list.parse().ok().map(|id| GetTargetList { id }), |_, _| false);
    let known = use_memo(list.data(), |list| list.as_ref().map(|list| Rc::new(targets_of(list))));
    {
        let onknown = props.onknown.clone();
        use_effect_with(known.clone(), move |known| onknown.emit((**known).clone()));
    }
    let targets = (*known).clone().unwrap_or_default();
    let choices = use_memo(known, |known| {
        let of = |target: &Target| Choice {
            detail: target.notes.clone().unwrap_or_default().into(),
            ..Choice::plain(target.label.clone())
        };
        known.iter().flat_map(|known| known.iter()).map(of).collect::<Vec<_>>()
    });
    let set = |change: fn(&TargetDraft, String, &[Target]) -> TargetDraft| {
        let (draft, targets) = (draft.clone(), targets.clone());
        props.onchange.reform(move |text: String| change(&draft, text, &targets))
    };
    let error = |field: TargetField| {
        let wrong = props.wrong.as_ref().filter(|wrong| wrong.field == field)?;
        Some(AttrValue::from(wrong.words.clone()))
    };
    let (list_error, label_error, notes_error) =
        (error(TargetField::List), error(TargetField::Label), error(TargetField::Notes));
    let hint = if props.wanted {
        "The steps speak of it; without one, {{target.label}} stays as it is written."
    } else {
        "The session is found and reported under it."
    };
    let fields = html! {
        <div class="intake">
            if !saved.is_empty() {
                <Field id={TargetField::List.id()} label="Target list" optional=true error={list_error.clone()}>
                    <Combobox
                        id={TargetField::List.id()}
                        value={draft.list.clone()}
                        choices={saved}
                        onchange={set(|draft, list, known| draft.with_list(list, known))}
                        placeholder="Choose a list, or type the target below"
                        invalid={list_error.is_some()}
                        testid={TargetField::List.id()}
                    />
                </Field>
            }
            <div class="field-pair">
                <Field id={TargetField::Label.id()} label="Target" optional=true {hint} error={label_error.clone()}>
                    <Combobox
                        id={TargetField::Label.id()}
                        value={draft.label.clone()}
                        {choices}
                        onchange={set(|draft, label, known| draft.with_label(label, known))}
                        free=true
                        autofocus={props.wanted}
                        placeholder="RDS-01"
                        invalid={label_error.is_some()}
                        testid={TargetField::Label.id()}
                    />
                </Field>
                <Field id={TargetField::Notes.id()} label="Notes" optional=true error={notes_error.clone()}>
                    <TextInput
                        id={TargetField::Notes.id()}
                        value={draft.notes.clone()}
                        oninput={set(|draft, notes, _| TargetDraft { notes: notes.into(), ..draft.clone() })}
                        placeholder="192.168.1.10"
                        invalid={notes_error.is_some()}
                        testid={TargetField::Notes.id()}
                    />
                </Field>
            </div>
        </div>
    };
    if props.wanted {
        return fields;
    }
    // What is wrong in there must be seen.
    let open = props.wrong.is_some() || unfolded.unwrap_or(*draft != TargetDraft::default());
    let ontoggle = {
        let unfolded = unfolded.setter();
        Callback::from(move |()| unfolded.set(Some(!open)))
    };
    let summary = draft.label.trim();
    let summary = (!summary.is_empty()).then(|| AttrValue::from(summary.to_owned()));
    html! {
        <Fold id="start-for-target" words="Carry it out on one target" {summary} {open} {ontoggle} testid="start-for-target">
            if open {
                { fields }
            }
        </Fold>
    }
}
