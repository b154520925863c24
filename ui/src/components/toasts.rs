//! The corner where toasts appear, announced as they come. It stands inside the dialog that lies on top: everything outside
//! of that is inert, and an offer to undo that cannot be taken is none.

use super::button::{Button, Tone};
use super::icon::Icon;
use super::progress::work_bar;
use crate::browser;
use crate::state::toasts::{Toast, ToastAction, ToastList, ToastTone, use_toast_timeout};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, HtmlDialogElement, HtmlElement, Node};
use yew::prelude::*;

/// Properties of [`ToastCorner`].
#[derive(Debug, Properties, PartialEq)]
pub struct ToastCornerProps {
    pub list: UseReducerHandle<ToastList>,
    /// The dialog that lies on top, and its number.
    #[prop_or_default]
    pub over: Option<(u32, HtmlDialogElement)>,
}

/// All toasts.
#[component]
pub fn ToastCorner(props: &ToastCornerProps) -> Html {
    let (number, host) = props.over.clone().map_or((0, None), |(number, host)| (number, Some(host)));
    // Another place is another corner: what was drawn into one dialog does not go over to another.
    html! { <Corner key={number} list={props.list.clone()} {host} /> }
}

#[derive(Properties, PartialEq)]
struct CornerProps {
    list: UseReducerHandle<ToastList>,
    host: Option<HtmlDialogElement>,
}

/// After so many milliseconds a new corner is known to screen readers.
const KNOWN: u32 = 100;

#[component]
fn Corner(props: &CornerProps) -> Html {
    let list = &props.list;
    let dispatcher = list.dispatcher();
    let onclose = Callback::from(move |id| dispatcher.dispatch(ToastAction::Close(id)));
    let corner = use_node_ref();
    // What is announced is what comes into a live region, not what it was made with.
    let known = use_state_eq(|| false);
    {
        let known = known.setter();
        use_effect_with((), move |()| {
            let timeout = Timeout::new(KNOWN, move || known.set(true));
            move || drop(timeout)
        });
    }
    {
        let corner = corner.clone();
        // What was opened last lies on top: shown again with every new toast, the corner is over a dialog opened since.
        use_effect_with(list.toasts.last().map(|toast| toast.id), move |newest| {
            if let Some(corner) = corner.cast::<HtmlElement>() {
                browser::show_on_top(&corner, newest.is_some());
            }
        });
    }
    let corner = html! {
        <div ref={corner} class="toasts" role="status" aria-live="polite" popover="manual">
            if *known {
                for toast in &list.toasts {
                    <ToastCard key={toast.id} toast={toast.clone()} onclose={onclose.clone()} />
                }
            }
        </div>
    };
    match &props.host {
        Some(host) => create_portal(corner, host.clone().into()),
        None => corner,
    }
}

#[derive(Properties, PartialEq)]
struct ToastCardProps {
    toast: Toast,
    onclose: Callback<u32>,
}

#[component]
fn ToastCard(props: &ToastCardProps) -> Html {
    let toast = &props.toast;
    let (card, held) = (use_node_ref(), use_state_eq(|| false));
    use_toast_timeout(toast, *held, props.onclose.clone());
    let hold = {
        let held = held.setter();
        move || held.set(true)
    };
    let release = {
        let (card, held) = (card.clone(), held.setter());
        move |next: Option<EventTarget>| {
            let next = next.and_then(|next| next.dyn_into::<Node>().ok());
            let inside =
                card.cast::<Node>().is_some_and(|card| next.is_some() && card.contains(next.as_ref()));
            held.set(inside);
        }
    };
    let (icon, tone) = match toast.tone {
        ToastTone::Success => (Icon::Check, "tone-green"),
        ToastTone::Failure => (Icon::Alert, "tone-red"),
        ToastTone::Working(_) => (Icon::Spinner, "spin"),
    };
    let id = toast.id;
    html! {
        <div
            ref={card}
            class="toast"
            onmouseover={let hold = hold.clone(); move |_: MouseEvent| hold()}
            onmouseout={let release = release.clone(); move |event: MouseEvent| release(event.related_target())}
            onfocusin={move |_: FocusEvent| hold()}
            onfocusout={move |event: FocusEvent| release(event.related_target())}
            data-testid="toast"
        >
            { icon.svg_with(tone) }
            <div class="grow">
                <p>{ &toast.text }</p>
                if let ToastTone::Working(share) = toast.tone {
                    { work_bar(share) }
                }
            </div>
            if let Some(address) = &toast.view {
                <Button
                    small=true
                    onclick={
                        let (address, onclose) = (address.clone(), props.onclose.clone());
                        move |()| {
                            onclose.emit(id);
                            browser::go_to(&address, false);
                        }
                    }
                    testid="view"
                >
                    { "View" }
                </Button>
            }
            if let Some(undo) = &toast.undo {
                <Button
                    small=true
                    icon={Icon::Undo}
                    onclick={
                        let (undo, onclose) = (undo.clone(), props.onclose.clone());
                        move |()| {
                            onclose.emit(id);
                            undo.emit(());
                        }
                    }
                    testid="undo"
                >
                    { "Undo" }
                </Button>
            }
            <Button
                tone={Tone::Ghost}
                small=true
                icon={Icon::Cross}
                label="Close message"
                onclick={props.onclose.reform(move |()| id)}
            />
        </div>
    }
}
