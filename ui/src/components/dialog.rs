//! Dialogs, on the browser's own `<dialog>`: it traps the focus, makes the page behind inert and gives the focus back.
//!
//! What was typed belongs to the page around it, so closing a dialog that makes something loses nothing; one that changes
//! something opens as the data is ([`use_fresh`]). A click beside it does not close it.

use super::button::{Button, Tone};
use super::icon::Icon;
use super::trouble::trouble;
use crate::state::modals::{ModalAction, Modals};
use gloo_events::{EventListener, EventListenerOptions};
use web_sys::HtmlDialogElement;
use yew::prelude::*;

/// Properties of [`Dialog`].
#[derive(Debug, Properties, PartialEq)]
pub struct DialogProps {
    pub id: AttrValue,
    pub title: AttrValue,
    #[prop_or_default]
    pub subtitle: Option<AttrValue>,
    pub open: bool,
    pub onclose: Callback<()>,
    /// Sent by Enter in a field, by Ctrl+Enter in a text, and by a submit button.
    #[prop_or_default]
    pub onsubmit: Callback<()>,
    #[prop_or_default]
    pub narrow: bool,
    /// Room for a picture or a long text.
    #[prop_or_default]
    pub wide: bool,
    /// Between title and body: tabs.
    #[prop_or_default]
    pub tabs: Html,
    pub children: Html,
    /// A line between body and buttons: what will happen.
    #[prop_or_default]
    pub note: Option<Html>,
    /// The buttons.
    pub foot: Html,
    #[prop_or_default]
    pub testid: Option<AttrValue>,
}

/// A `<dialog>` that is shown over the page while `open`; the browser closing it calls `onclose`.
#[hook]
pub fn use_modal(open: bool, onclose: &Callback<()>) -> NodeRef {
    let node = use_node_ref();
    let modals = use_context::<Modals>();
    {
        let node = node.clone();
        use_effect_with(open, move |open| {
            let dialog = node.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                if *open && !dialog.open() {
                    drop(dialog.show_modal());
                } else if !*open && dialog.open() {
                    dialog.close();
                }
            }
            let shown = dialog.filter(|_| *open).zip(modals);
            if let Some((dialog, Modals(stack))) = &shown {
                stack.dispatch(ModalAction::Opened(dialog.clone()));
            }
            move || {
                if let Some((dialog, Modals(stack))) = shown {
                    stack.dispatch(ModalAction::Closed(dialog));
                }
            }
        });
    }
    {
        let node = node.clone();
        let newest = use_mut_ref(|| onclose.clone());
        *newest.borrow_mut() = onclose.clone();
        use_effect_with((), move |()| {
            // `cancel` and `close` do not bubble, so they are listened to on the element itself.
            let listeners = node.cast::<HtmlDialogElement>().map(|dialog| {
                let options = EventListenerOptions::enable_prevent_default();
                let close = newest.clone();
                let cancel = EventListener::new_with_options(&dialog, "cancel", options, move |event| {
                    event.prevent_default();
                    let close = close.borrow().clone();
                    close.emit(());
                });
                let closed = EventListener::new(&dialog, "close", move |_| {
                    let close = newest.borrow().clone();
                    close.emit(());
                });
                (cancel, closed)
            });
            move || drop(listeners)
        });
    }
    node
}

/// Sets back what was typed in a dialog once that is closed, saved or not: the next time it shows what the data says.
#[hook]
pub fn use_fresh(open: bool, reset: Callback<()>) {
    use_effect_with(open, move |open| {
        if !*open {
            reset.emit(());
        }
    });
}

/// A dialog over the page.
#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_modal(props.open, &props.onclose);
    let onsubmit = {
        let onsubmit = props.onsubmit.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            onsubmit.emit(());
        })
    };
    let onkeydown = {
        let onsubmit = props.onsubmit.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
                event.prevent_default();
                onsubmit.emit(());
            }
        })
    };
    let title_id = format!("{}-title", props.id);
    html! {
        <dialog
            ref={node}
            class={classes!("dialog", props.narrow.then_some("narrow"), props.wide.then_some("wide"))}
            id={props.id.clone()}
            aria-labelledby={title_id.clone()}
            data-testid={props.testid.clone()}
        >
            if props.open {
                <form method="dialog" novalidate={true} {onsubmit} {onkeydown}>
                    <div class="dialog-head">
                        <div class="grow">
                            <h1 id={title_id}>{ &props.title }</h1>
                            if let Some(subtitle) = &props.subtitle {
                                <p class="muted">{ subtitle }</p>
                            }
                        </div>
                        <Button
                            tone={Tone::Ghost}
                            small=true
                            icon={Icon::Cross}
                            label="Close"
                            onclick={props.onclose.clone()}
                        />
                    </div>
                    { props.tabs.clone() }
                    <div class="dialog-body">{ props.children.clone() }</div>
                    if let Some(note) = &props.note {
                        <div class="dialog-note" aria-live="polite">{ note.clone() }</div>
                    }
                    <div class="dialog-foot">{ props.foot.clone() }</div>
                </form>
            }
        </dialog>
    }
}

/// Properties of [`Confirm`].
#[derive(Debug, Properties, PartialEq)]
pub struct ConfirmProps {
    pub id: AttrValue,
    pub title: AttrValue,
    /// What goes, by name.
    pub children: Html,
    pub action: AttrValue,
    pub open: bool,
    pub onclose: Callback<()>,
    pub onconfirm: Callback<()>,
    #[prop_or_default]
    pub busy: bool,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or(Tone::Danger)]
    pub tone: Tone,
    /// What the button that changes nothing says.
    #[prop_or(AttrValue::Static("Cancel"))]
    pub keep: AttrValue,
    #[prop_or_default]
    pub testid: Option<AttrValue>,
}

/// Asks once before something goes for good.
#[component]
pub fn Confirm(props: &ConfirmProps) -> Html {
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()} autofocus=true>{ &props.keep }</Button>
            <Button tone={props.tone} submit=true busy={props.busy} testid={props.testid.clone()}>{ &props.action }</Button>
        </>
    };
    html! {
        <Dialog
            id={props.id.clone()}
            title={props.title.clone()}
            narrow=true
            open={props.open}
            onclose={props.onclose.clone()}
            onsubmit={props.onconfirm.clone()}
            {foot}
        >
            <div class="muted">{ props.children.clone() }</div>
            if let Some(error) = &props.error {
                { trouble(error.clone(), None) }
            }
        </Dialog>
    }
}
