//! The cheat sheet behind `?`, read from the one table of shortcuts.

use super::button::{Button, Tone};
use super::dialog::Dialog;
use crate::state::shortcuts::{GROUPS, SHORTCUTS, caps};
use yew::prelude::*;

/// The keys of a combination.
pub fn chord(chord: &'static str) -> Html {
    html! {
        <span class="chord">
            for key in caps(chord) {
                <kbd>{ key }</kbd>
            }
        </span>
    }
}

/// All shortcuts.
pub fn shortcuts(open: bool, onclose: Callback<()>) -> Html {
    let foot = html! {
        <Button tone={Tone::Primary} onclick={onclose.clone()} autofocus=true>{ "Close" }</Button>
    };
    html! {
        <Dialog
            id="shortcuts"
            title="Keyboard shortcuts"
            subtitle="Keys rest while you type. On a Mac, Ctrl is Cmd."
            {open}
            {onclose}
            testid="shortcuts"
            {foot}
        >
            // The sheet may be longer than the window: a stop for the keyboard, so that the arrows scroll it.
            <div class="shortcuts" role="group" aria-label="All shortcuts" tabindex="0">
                for (scope, title) in GROUPS {
                    <section>
                        <h2>{ title }</h2>
                        <ul>
                            for line in SHORTCUTS.iter().filter(|line| line.scope == scope) {
                                <li>
                                    <span>{ line.words }</span>
                                    if let Some(first) = line.chords.first() {
                                        { chord(first) }
                                    }
                                </li>
                            }
                        </ul>
                    </section>
                }
            </div>
        </Dialog>
    }
}
