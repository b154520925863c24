//! A few words that open a panel with more: Escape and a click elsewhere close it.

use crate::browser;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// Properties of [`Popover`].
#[derive(Debug, Properties, PartialEq)]
pub struct PopoverProps {
    /// The id of the words; the panel's is `{id}-panel`.
    pub id: AttrValue,
    pub words: AttrValue,
    /// What the panel is called.
    pub label: AttrValue,
    /// What it shows.
    pub children: Html,
}

/// Words with a panel behind them.
#[component]
pub fn Popover(props: &PopoverProps) -> Html {
    let open = use_state(|| false);
    let panel = format!("{}-panel", props.id);
    let onkeydown = {
        let (open, id) = (open.clone(), props.id.clone());
        Callback::from(move |event: KeyboardEvent| {
            if *open && event.key() == "Escape" {
                // The page has its own use for the key.
                event.prevent_default();
                open.set(false);
                browser::focus(&id);
            }
        })
    };
    let onfocusout = {
        let open = open.setter();
        Callback::from(move |event: FocusEvent| {
            if !stays_inside(&event) {
                open.set(false);
            }
        })
    };
    let onclick = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    html! {
        <span class="popover-place" {onkeydown} {onfocusout}>
            <button
                type="button"
                class="popover-words"
                id={props.id.clone()}
                aria-expanded={if *open { "true" } else { "false" }}
                aria-controls={panel.clone()}
                title={props.label.clone()}
                {onclick}
                data-testid={props.id.clone()}
            >
                { &props.words }
            </button>
            if *open {
                <div class="popover" id={panel} role="group" aria-label={props.label.clone()} tabindex="-1">
                    { props.children.clone() }
                </div>
            }
        </span>
    }
}

/// Whether the focus goes on to something within the element that listens.
pub fn stays_inside(event: &FocusEvent) -> bool {
    event.current_target().zip(event.related_target()).is_some_and(|(place, next)| {
        let (place, next) = (place.dyn_into::<web_sys::Node>(), next.dyn_into::<web_sys::Node>());
        place.is_ok_and(|place| place.contains(next.ok().as_ref()))
    })
}
