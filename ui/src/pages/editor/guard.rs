//! Asks before a page with unsaved changes is left.

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::Dialog;
use crate::components::trouble::trouble;
use yew::prelude::*;

/// Where the person wants to go, and whether anything holds them.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::pages) struct Guard {
    wanted: UseStateHandle<Option<String>>,
}

impl Guard {
    /// Where the person wanted to go.
    pub(in crate::pages) fn wanted(&self) -> Option<String> {
        (*self.wanted).clone()
    }

    /// Lets go: nothing is unsaved any more, or it may be.
    pub(in crate::pages) fn free(&self) {
        browser::guard(None);
        self.wanted.set(None);
    }
}

/// Holds the page while something is unsaved.
#[hook]
pub(in crate::pages) fn use_guard(dirty: bool) -> Guard {
    let wanted = use_state(|| None::<String>);
    let set = wanted.setter();
    use_effect_with(dirty, move |dirty| {
        browser::guard(dirty.then(|| Callback::from(move |address| set.set(Some(address)))));
        || browser::guard(None)
    });
    Guard { wanted }
}

#[derive(Debug)]
pub(in crate::pages) struct LeavingProps {
    pub guard: Guard,
    pub busy: bool,
    /// Whether something has to be mended before it can be saved.
    pub blocked: bool,
    /// Why it could not be saved: the page behind cannot say it while the question stands over it.
    pub error: Option<String>,
    pub onsave: Callback<()>,
}

/// The question.
pub(in crate::pages) fn leaving(props: &LeavingProps) -> Html {
    let guard = &props.guard;
    let onclose = {
        let wanted = guard.wanted.setter();
        Callback::from(move |()| wanted.set(None))
    };
    let onleave = {
        let guard = guard.clone();
        Callback::from(move |()| {
            let wanted = guard.wanted();
            guard.free();
            if let Some(address) = wanted {
                browser::go_to(&address, false);
            }
        })
    };
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={onclose.clone()}>{ "Stay" }</Button>
            <Button onclick={onleave} testid="leave">{ "Leave, keep the draft" }</Button>
            <Button tone={Tone::Primary} submit=true busy={props.busy} autofocus=true testid="save-and-leave">{ "Save and leave" }</Button>
        </>
    };
    html! {
        <Dialog
            id="leaving"
            title="Save before you leave?"
            narrow=true
            open={guard.wanted.is_some()}
            onclose={onclose.clone()}
            onsubmit={
                let (onsave, stay, blocked) = (props.onsave.clone(), onclose.clone(), props.blocked);
                move |()| {
                    if blocked {
                        stay.emit(());
                    }
                    onsave.emit(());
                }
            }
            testid="leaving"
            {foot}
        >
            <p class="muted">{ "There are unsaved changes. A draft of them stays on this computer until you save or discard it." }</p>
            if let Some(error) = &props.error {
                { trouble(error.clone(), None) }
            }
        </Dialog>
    }
}
