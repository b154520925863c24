//! The corner where toasts appear, announced as they come.

use super::button::{Button, Tone};
use super::icon::Icon;
use super::progress::work_bar;
use crate::browser;
use crate::state::toasts::{Toast, ToastAction, ToastList, ToastTone, use_toast_timeout};
use yew::prelude::*;

/// All toasts.
pub fn toast_corner(list: &UseReducerHandle<ToastList>) -> Html {
    let dispatcher = list.dispatcher();
    let onclose = Callback::from(move |id| dispatcher.dispatch(ToastAction::Close(id)));
    html! {
        <div class="toasts" role="status" aria-live="polite">
            for toast in &list.toasts {
                <ToastCard key={toast.id} toast={toast.clone()} onclose={onclose.clone()} />
            }
        </div>
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
    use_toast_timeout(toast, props.onclose.clone());
    let (icon, tone) = match toast.tone {
        ToastTone::Success => (Icon::Check, "tone-green"),
        ToastTone::Failure => (Icon::Alert, "tone-red"),
        ToastTone::Working(_) => (Icon::Spinner, "spin"),
    };
    let id = toast.id;
    html! {
        <div class="toast" data-testid="toast">
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
