//! A menu behind a button: arrow keys move, Enter chooses, Escape and a click elsewhere close it.

use super::button::{Button, May, Tone};
use super::icon::Icon;
use super::popover::stays_inside;
use crate::browser;
use mf_domain::role::Role;
use wasm_bindgen::JsCast;
use yew::prelude::*;

/// One item.
#[derive(Clone, Debug, PartialEq)]
pub struct MenuItem {
    pub icon: Icon,
    pub words: AttrValue,
    pub onclick: Callback<()>,
    pub testid: &'static str,
    /// The least role that may do it, where it changes something: it rests in a workspace that cannot be written to, and is
    /// not there for a lesser role.
    pub writes: Option<Role>,
    /// Something goes for good.
    pub danger: bool,
}

/// Properties of [`Menu`].
#[derive(Debug, Properties, PartialEq)]
pub struct MenuProps {
    /// Begins the ids of the items; the button's name for tests.
    pub id: AttrValue,
    pub label: AttrValue,
    #[prop_or(Icon::More)]
    pub icon: Icon,
    /// What the button says; the icon alone when left out.
    #[prop_or_default]
    pub words: Option<AttrValue>,
    #[prop_or_default]
    pub small: bool,
    /// What an item set off is under way.
    #[prop_or_default]
    pub busy: bool,
    pub items: Vec<MenuItem>,
}

/// A menu.
#[component]
pub fn Menu(props: &MenuProps) -> Html {
    let open = use_state(|| false);
    let may = use_context::<May>().unwrap_or_default();
    let offered = |item: &&MenuItem| item.writes.is_none_or(|needs| may.offers(needs));
    let items: Vec<&MenuItem> = props.items.iter().filter(offered).collect();
    let item_id = |at: usize| format!("{}-{at}", props.id);
    {
        let first = item_id(0);
        use_effect_with(*open, move |open| {
            if *open {
                browser::focus(&first);
            }
        });
    }
    let onkeydown = {
        let (open, id, number) = (open.clone(), props.id.clone(), items.len());
        Callback::from(move |event: KeyboardEvent| {
            if !*open {
                return;
            }
            let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
            let at = target
                .and_then(|target| target.id().rsplit('-').next().and_then(|at| at.parse::<usize>().ok()))
                .unwrap_or(0);
            let next = match event.key().as_str() {
                "ArrowDown" => (at + 1) % number.max(1),
                "ArrowUp" => (at + number.saturating_sub(1)) % number.max(1),
                "Home" => 0,
                "End" => number.saturating_sub(1),
                "Escape" => {
                    // The page has its own use for the key.
                    event.prevent_default();
                    open.set(false);
                    return browser::focus(&id);
                }
                _ => return,
            };
            event.prevent_default();
            browser::focus(&format!("{id}-{next}"));
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
        Callback::from(move |()| open.set(!*open))
    };
    html! {
        <div class="menu-place" {onkeydown} {onfocusout}>
            <Button
                id={props.id.clone()}
                tone={if props.words.is_some() { Tone::Plain } else { Tone::Ghost }}
                icon={props.icon}
                small={props.small}
                label={props.words.is_none().then(|| props.label.clone())}
                expanded={*open}
                busy={props.busy}
                {onclick}
                testid={props.id.clone()}
            >
                { props.words.clone() }
            </Button>
            if *open {
                <div class="menu" role="menu" aria-label={props.label.clone()}>
                    for (at, item) in items.into_iter().enumerate() {
                        { entry(item_id(at), item, item.writes.is_some() && may.read_only, &props.id, open.setter()) }
                    }
                </div>
            }
        </div>
    }
}

fn entry(
    id: String,
    item: &MenuItem,
    rests: bool,
    button: &AttrValue,
    onclose: UseStateSetter<bool>,
) -> Html {
    let (chosen, button) = (item.onclick.clone(), button.clone());
    let onclick = Callback::from(move |_: MouseEvent| {
        if !rests {
            // The item goes with the menu: a dialog that opens now gives the focus back to what has it.
            browser::focus(&button);
            onclose.set(false);
            chosen.emit(());
        }
    });
    html! {
        <button
            type="button"
            role="menuitem"
            class={classes!("menu-item", item.danger.then_some("tone-red"))}
            {id}
            tabindex="-1"
            aria-disabled={rests.then_some("true")}
            {onclick}
            data-testid={item.testid}
        >
            { item.icon.svg() }<span class="clip">{ &item.words }</span>
        </button>
    }
}
