//! Launching a batch by hand: from a saved list or from lines typed here.

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::Dialog;
use crate::components::field::{Field, Select, field_error};
use crate::components::icon::Icon;
use crate::components::intake::{IntakeFieldsProps, answer_error, intake_fields};
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::tabs::Tabs;
use crate::components::targets_field::{self, TargetsFieldProps, targets_field, use_lines};
use crate::components::trouble::trouble;
use crate::route::{Route, go};
use crate::state::call::use_call;
use crate::state::launch::Preview;
use crate::state::load::use_load;
use crate::state::time::count;
use crate::state::toasts::use_toasts;
use mf_contract::Event;
use mf_contract::batches::{LaunchBatch, LaunchedBatch};
use mf_contract::flows::Flow;
use mf_contract::target_lists::{ListTargetLists, TargetListSummary};
use mf_domain::ids::TargetListId;
use mf_domain::intake::{Answers, Completeness};
use std::rc::Rc;
use yew::prelude::*;

const SAVED: &str = "launch-saved";
const MANUAL: &str = "launch-manual";

/// Properties of [`LaunchDialog`].
#[derive(Debug, Properties, PartialEq)]
pub struct LaunchDialogProps {
    pub flow: Rc<Flow>,
    pub open: bool,
    pub onclose: Callback<()>,
}

/// The dialog.
#[component]
pub fn LaunchDialog(props: &LaunchDialogProps) -> Html {
    let flow = &props.flow;
    let chosen_tab = use_state(|| None::<&'static str>);
    let list = use_state(|| None::<TargetListId>);
    let text = use_state(AttrValue::default);
    let lines = use_lines(&text);
    let answers = use_state(Answers::new);
    let strict = use_state(|| false);
    let request_id = use_state(String::new);
    let lists = use_load(props.open.then_some(ListTargetLists::default()), |_, event| {
        matches!(event, Event::TargetListChanged { .. })
    });
    // The field comes after the dialog has opened, too late for `autofocus`.
    use_effect_with(lists.data().is_some(), |known| {
        if *known {
            browser::focus("launch-list");
        }
    });
    let toasts = use_toasts();
    let launch = use_call::<LaunchBatch>({
        let (text, list) = (text.setter(), list.setter());
        let onclose = props.onclose.clone();
        Callback::from(move |launched: LaunchedBatch| {
            text.set(AttrValue::default());
            list.set(None);
            onclose.emit(());
            if let Some(toasts) = &toasts {
                toasts.success(format!("{} created.", count(launched.count as usize, "session")));
            }
            go(Route::Batch { id: launched.batch_id });
        })
    });

    {
        // One id per opening: however often the button is hit, one batch comes of it.
        let (request_id, strict, launch) = (request_id.setter(), strict.setter(), launch.clone());
        use_effect_with(props.open, move |open| {
            if *open {
                request_id.set(browser::request_id());
                strict.set(false);
                launch.clear();
            }
        });
    }

    let saved: Rc<Vec<TargetListSummary>> = lists.data().unwrap_or_default();
    // Without any list, typing is the only way.
    let tab = chosen_tab.unwrap_or(if lists.data().is_some() && saved.is_empty() { MANUAL } else { SAVED });
    let selected = list.and_then(|id| saved.iter().find(|list| list.id == id));
    let preview = match (tab, selected, &lines) {
        (SAVED, Some(list), _) => {
            Some(Preview::of_labels(list.target_count as usize, list.first_labels.iter().map(String::as_str)))
        }
        (MANUAL, _, Some(Ok(targets))) => Some(Preview::of(targets)),
        _ => None,
    };

    let onsubmit = {
        let (flow, list, text, answers) = (flow.clone(), *list, (*text).clone(), (*answers).clone());
        let (strict, launch, request_id) = (strict.setter(), launch.clone(), (*request_id).clone());
        Callback::from(move |()| {
            strict.set(true);
            let wrong_answer = flow
                .intake_form
                .0
                .iter()
                .find(|field| answer_error(field, &answers, Completeness::Required).is_some());
            let (targets, target_list_id) = match (tab, list) {
                (SAVED, Some(id)) => (None, Some(id)),
                (SAVED, None) => return browser::focus("launch-list"),
                // Read again: the preview may be a moment behind the text.
                _ => match targets_field::read(&text) {
                    Ok(targets) => (Some(targets.to_vec()), None),
                    Err(_) => return browser::focus("launch-targets"),
                },
            };
            if let Some(field) = wrong_answer {
                return browser::focus(&format!("launch-intake-{}", field.key));
            }
            launch.run(LaunchBatch {
                flow_id: flow.id,
                targets,
                target_list_id,
                intake: answers.clone(),
                request_id: Some(request_id.clone()),
                waves: None,
            });
        })
    };

    let targets_error = launch
        .error_on("targets")
        .or_else(|| {
            (*strict && tab == MANUAL && text.trim().is_empty())
                .then(|| "Write at least one target.".to_owned())
        })
        .map(AttrValue::from);
    let list_error = launch
        .error_on("target_list_id")
        .or_else(|| (*strict && tab == SAVED && list.is_none()).then(|| "Choose a list.".to_owned()));
    let note = preview.as_ref().map(|preview| {
        html! {
            <p data-testid="launch-preview">
                { "Will create " }<b>{ preview.sessions() }</b>{ format!(" for: {} ", preview.named) }
                <span class="muted">{ preview.rest() }</span>
            </p>
        }
    });
    let action = preview
        .as_ref()
        .map_or_else(|| "Launch sessions".to_owned(), |preview| format!("Launch {}", preview.sessions()));
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={launch.busy()} writes=true testid="launch-submit">{ action }</Button>
        </>
    };
    let tabs = html! {
        <Tabs
            label="Where the targets come from"
            tabs={vec![(SAVED, "Saved list"), (MANUAL, "Manual entry")]}
            selected={tab}
            onselect={let chosen = chosen_tab.setter(); move |id| chosen.set(Some(id))}
        />
    };
    let show_lists = {
        let (list, selected_id, invalid) = (list.setter(), *list, list_error.is_some());
        let error = list_error.clone();
        let manual = chosen_tab.setter();
        move |saved: Rc<Vec<TargetListSummary>>| {
            if saved.is_empty() {
                return html! {
                                    { empty(&EmptyProps {
                                        icon: Icon::Server,
                                        compact: true,
                                        title: AttrValue::from("No target lists yet"),
                                        text: AttrValue::from("Save one under Target lists, or type the targets here."),
                                        children: html! {
                <><Button onclick={let manual = manual.clone(); move |()| manual.set(Some(MANUAL))}>{ "Type targets" }</Button></>
                },
                                    }) }
                                };
            }
            let mut options = vec![(AttrValue::Static(""), AttrValue::Static("Choose a list…"))];
            options.extend(saved.iter().map(|list| {
                let words = format!("{} ({})", list.name, count(list.target_count as usize, "target"));
                (AttrValue::from(list.id.to_string()), AttrValue::from(words))
            }));
            html! {
                <Field id="launch-list" label="Target list">
                    <Select
                        id="launch-list"
                        value={selected_id.map_or_else(String::new, |id| id.to_string())}
                        {options}
                        onchange={let list = list.clone(); move |text: String| list.set(text.parse().ok())}
                        {invalid}
                        autofocus=true
                        testid="launch-list"
                    />
                    if let Some(text) = error.clone() {
                        { field_error(text) }
                    }
                </Field>
            }
        }
    };
    html! {
        <Dialog
            id="launch"
            title="Batch launch"
            subtitle={format!("{} · rev {}", flow.name, flow.revision)}
            open={props.open}
            onclose={props.onclose.clone()}
            {onsubmit}
            {tabs}
            {note}
            {foot}
        >
            <div role="tabpanel" id={format!("{tab}-panel")} aria-labelledby={tab} class="col">
                if tab == SAVED {
                    { loaded(&lists, 2, show_lists) }
                } else {
                    { targets_field(&TargetsFieldProps {
                        id: AttrValue::from("launch-targets"),
                        text: (*text).clone(),
                        oninput: Callback::from({ let (text, launch) = (text.setter(), launch.clone());
                            move |typed: String| {
                                launch.clear();
                                text.set(typed.into());
                            } }),
                        lines: lines.clone(),
                        error: targets_error,
                        autofocus: true,
                        testid: Some(AttrValue::from("launch-targets")),
                    }) }
                }
            </div>
            if !flow.intake_form.0.is_empty() {
                { intake_fields(&IntakeFieldsProps {
                    id: AttrValue::from("launch-intake"),
                    fields: flow.intake_form.0.clone(),
                    answers: (*answers).clone(),
                    onchange: Callback::from({ let answers = answers.setter(); move |next| answers.set(next) }),
                    completeness: Completeness::Required,
                    strict: *strict,
                }) }
            }
            if let Some(text) = launch.error_elsewhere(&["targets", "target_list_id"]) {
                { trouble(text, None) }
            }
        </Dialog>
    }
}
