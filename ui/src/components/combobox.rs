//! A field for one of many choices: type a part of it, or walk through them with the arrow keys.
//!
//! The keyboard stays in the field; what is pointed at is told by `aria-activedescendant`. Enter and leaving the field
//! take what is pointed at, Escape gives back what was chosen before. A text that fits nothing is kept and handed on as it
//! is: the form around says what is wrong with it.

use crate::browser;
use crate::components::icon::Icon;
use crate::state::combobox::{Choice, Fitting, called, fitting, moved};
use crate::state::time::count;
use gloo_events::{EventListener, EventListenerOptions};
use std::rc::Rc;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// Properties of [`Combobox`].
#[derive(Debug, Properties, PartialEq)]
pub struct ComboboxProps {
    pub id: AttrValue,
    /// The value of what is chosen; a text that is none of the choices is shown as it is.
    pub value: AttrValue,
    pub choices: Rc<Vec<Choice>>,
    /// Gets the value of a choice, or the text that fits none; an empty one when the field is emptied.
    pub onchange: Callback<String>,
    /// Any text is fine and the choices are suggestions: every letter counts, and nothing is taken unasked.
    #[prop_or_default]
    pub free: bool,
    #[prop_or_default]
    pub placeholder: Option<AttrValue>,
    #[prop_or_default]
    pub invalid: bool,
    #[prop_or_default]
    pub required: bool,
    #[prop_or_default]
    pub autofocus: bool,
    #[prop_or_default]
    pub testid: Option<AttrValue>,
}

/// What is going on in the field; nothing of it concerns the form before something is taken.
#[derive(Clone, Debug, Default, PartialEq)]
struct Typing {
    open: bool,
    /// What stands in the field, as long as it is not what is chosen.
    text: Option<AttrValue>,
    /// What is pointed at, among what is offered.
    at: Option<usize>,
}

/// The field with its list.
#[component]
pub fn Combobox(props: &ComboboxProps) -> Html {
    let typing = use_state_eq(Typing::default);
    let (field, list) = (use_node_ref(), use_node_ref());
    let chosen = props.choices.iter().position(|choice| choice.value == props.value);
    let words = chosen.map_or(&props.value, |place| &props.choices[place].words);
    let shown = typing.text.as_ref().unwrap_or(words).clone();
    // What is chosen already is no reason to hide the others.
    let searched = typing.text.clone().unwrap_or_default();
    let fits = use_memo(
        (props.choices.clone(), searched, chosen, typing.open),
        |(choices, searched, chosen, open)| {
            if *open { fitting(choices, searched, *chosen) } else { Fitting::default() }
        },
    );
    let listed = typing.open && (fits.total > 0 || !props.free);
    let at = typing.at.filter(|at| *at < fits.places.len());
    use_place(listed, &field, &list);
    {
        let option = at.map(|at| option_id(&props.id, at));
        use_effect_with(option, |option| {
            if let Some(option) = option {
                browser::scroll_to(option);
            }
        });
    }

    let take = {
        let (typing, choices, onchange) = (typing.clone(), props.choices.clone(), props.onchange.clone());
        let (fits, free) = (fits.clone(), props.free);
        // What is pointed at; else what is typed, by its name or as it stands.
        Callback::from(move |at: Option<usize>| {
            let pointed = at.and_then(|at| fits.places.get(at)).map(|place| &choices[*place]);
            let typed = typing.text.as_deref().filter(|_| !free);
            let named = pointed.or_else(|| typed.and_then(|typed| called(&choices, typed)));
            match (named, typed) {
                (Some(choice), _) => onchange.emit(choice.value.to_string()),
                (None, Some(typed)) => onchange.emit(typed.trim().to_owned()),
                (None, None) => {}
            }
            typing.set(Typing::default());
        })
    };
    let open_at = {
        let (typing, choices, fits) = (typing.clone(), props.choices.clone(), fits.clone());
        move |key: &str| {
            let next = if listed {
                moved(at, fits.places.len(), key)
            } else {
                let text = typing.text.clone().unwrap_or_default();
                let places = fitting(&choices, &text, chosen).places;
                let here = places.iter().position(|place| Some(*place) == chosen);
                here.or_else(|| moved(None, places.len(), key).filter(|_| !key.is_empty()))
            };
            typing.set(Typing { open: true, at: next, ..(*typing).clone() });
        }
    };
    let onkeydown = {
        let (typing, take, fits, open_at) = (typing.clone(), take.clone(), fits.clone(), open_at.clone());
        Callback::from(move |event: KeyboardEvent| {
            match event.key().as_str() {
                "ArrowDown" | "ArrowUp" => open_at(&event.key()),
                "Home" | "End" | "PageDown" | "PageUp" if listed && !fits.places.is_empty() => {
                    open_at(&event.key())
                }
                "Enter" if typing.open && !event.is_composing() => {
                    take.emit(at);
                    event.stop_propagation();
                }
                "Escape" if typing.open => {
                    typing.set(Typing::default());
                    event.stop_propagation();
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let oninput = {
        let (typing, choices) = (typing.clone(), props.choices.clone());
        let heard = props.free.then(|| props.onchange.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            // A blank field points at nothing: leaving it means none.
            let at = (heard.is_none() && !text.trim().is_empty() && fitting(&choices, &text, None).total > 0)
                .then_some(0);
            if let Some(heard) = &heard {
                heard.emit(text.clone());
            }
            typing.set(Typing { open: true, text: Some(text.into()), at });
        })
    };
    let onblur = {
        let (typing, take) = (typing.clone(), take.clone());
        // With the arrow keys alone nothing is taken before Enter.
        Callback::from(move |_: FocusEvent| take.emit(at.filter(|_| typing.text.is_some())))
    };
    let onclick = {
        Callback::from(move |event: MouseEvent| {
            if !listed {
                open_at("");
                // The next letter begins another search.
                event.target_unchecked_into::<HtmlInputElement>().select();
            }
        })
    };
    let list_id = format!("{}-list", props.id);
    html! {
        <div class="combobox">
            <input
                class="input"
                ref={field}
                type="text"
                role="combobox"
                id={props.id.clone()}
                value={shown.clone()}
                placeholder={props.placeholder.clone()}
                aria-expanded={if listed { "true" } else { "false" }}
                aria-controls={listed.then(|| list_id.clone())}
                aria-autocomplete="list"
                aria-activedescendant={at.filter(|_| listed).map(|at| option_id(&props.id, at))}
                aria-invalid={props.invalid.then_some("true")}
                aria-required={props.required.then_some("true")}
                aria-describedby={format!("{}-about", props.id)}
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                autofocus={props.autofocus}
                {oninput}
                {onkeydown}
                {onblur}
                {onclick}
                data-testid={props.testid.clone()}
            />
            { Icon::Chevron.svg_with("chev") }
            if listed {
                <div
                    class="combobox-list"
                    ref={list}
                    id={list_id}
                    role="listbox"
                    aria-label="Choices"
                    // The field keeps the keyboard.
                    onmousedown={|event: MouseEvent| event.prevent_default()}
                >
                    for (number, place) in fits.places.iter().copied().enumerate() {
                        { option(&props.id, number, &props.choices[place], at == Some(number), chosen == Some(place), &take) }
                    }
                    if fits.total == 0 {
                        <p class="combobox-note" role="status">{ format!("Nothing fits “{}”.", shown.trim()) }</p>
                    }
                    if fits.total > fits.places.len() {
                        <p class="combobox-note">{ format!("{} more: type a part of the name", count(fits.total - fits.places.len(), "choice")) }</p>
                    }
                </div>
            }
        </div>
    }
}

fn option_id(id: &str, number: usize) -> String {
    format!("{id}-option-{number}")
}

fn option(
    id: &str,
    number: usize,
    choice: &Choice,
    pointed: bool,
    chosen: bool,
    take: &Callback<Option<usize>>,
) -> Html {
    html! {
        <div
            class={classes!("combobox-option", pointed.then_some("at"))}
            key={number}
            id={option_id(id, number)}
            role="option"
            aria-selected={if chosen { "true" } else { "false" }}
            onclick={take.reform(move |_: MouseEvent| Some(number))}
        >
            <span class="clip">{ &choice.words }</span>
            if !choice.detail.is_empty() {
                <span class="small muted clip grow">{ &choice.detail }</span>
            }
            if chosen {
                { Icon::Check.svg_with("end") }
            }
        </div>
    }
}

/// Lays the list under its field, or above it where there is more room; over everything, so that no dialog cuts it off.
#[hook]
fn use_place(open: bool, field: &NodeRef, list: &NodeRef) {
    let (field, list) = (field.clone(), list.clone());
    use_effect_with(open, move |open| {
        let lay = move || {
            let (Some(field), Some(list)) = (field.cast::<HtmlElement>(), list.cast::<HtmlElement>()) else {
                return;
            };
            let (at, height) = (field.get_bounding_client_rect(), browser::window_height());
            let (above, below) = (at.top() - GAP, height - at.bottom() - GAP);
            let up = below < MOST.min(above);
            let room = if up { above } else { below } - GAP;
            let set = |name: &str, pixels: f64| drop(list.style().set_property(name, &format!("{pixels}px")));
            set("--left", at.left());
            set("--width", at.width());
            set("--room", room.min(MOST));
            let (beside, other) = if up { ("--bottom", "--top") } else { ("--top", "--bottom") };
            set(beside, GAP + if up { height - at.top() } else { at.bottom() });
            drop(list.style().set_property(other, "auto"));
        };
        let listeners = open.then(|| {
            lay();
            let resized = browser::on_window("resize", lay.clone());
            // Scrolling does not bubble; it is heard on its way down.
            let scrolled = browser::document().map(|document| {
                let phase = EventListenerOptions::run_in_capture_phase();
                EventListener::new_with_options(&document, "scroll", phase, move |_| lay())
            });
            (resized, scrolled)
        });
        move || drop(listeners)
    });
}

/// Between field and list, in pixels.
const GAP: f64 = 4.0;
/// The list is no higher than this.
const MOST: f64 = 304.0;
