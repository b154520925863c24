//! The cheat sheet behind `?`.

use super::button::{Button, Tone};
use super::dialog::Dialog;
use yew::prelude::*;

/// What a combination does, and its keys.
type Shortcut = (&'static str, &'static [&'static str]);

const GROUPS: [(&str, &[Shortcut]); 4] = [
    (
        "Anywhere",
        &[
            ("Flows", &["g", "f"]),
            ("Sessions", &["g", "s"]),
            ("Target lists", &["g", "t"]),
            ("Notifications", &["g", "n"]),
            ("This sheet", &["?"]),
        ],
    ),
    (
        "In a session",
        &[
            ("Done, start or complete", &["Enter"]),
            ("Failed, with a note", &["F"]),
            ("Skip, with a reason", &["S"]),
            ("Write a note", &["N"]),
            ("Next and previous step", &["J", "K"]),
            ("Next and previous target", &["]", "["]),
            ("Answer a question", &["1", "–", "9"]),
            ("Back to the question before", &["B"]),
        ],
    ),
    ("In a note or a dialog", &[("Save", &["Ctrl", "Enter"]), ("Leave", &["Esc"])]),
    ("In a batch", &[("Move", &["↑", "↓"]), ("Open the session", &["Enter"])]),
];

/// All shortcuts.
pub fn shortcuts(open: bool, onclose: Callback<()>) -> Html {
    let foot = html! {
        <Button tone={Tone::Primary} onclick={onclose.clone()} autofocus=true>{ "Close" }</Button>
    };
    html! {
        <Dialog
            id="shortcuts"
            title="Keyboard shortcuts"
            subtitle="Keys rest while you type."
            {open}
            {onclose}
            testid="shortcuts"
            {foot}
        >
            <div class="shortcuts">
                for (title, keys) in GROUPS {
                    <section>
                        <h2>{ title }</h2>
                        <ul>
                            for (words, combination) in keys {
                                <li>
                                    <span>{ *words }</span>
                                    <span>
                                        for key in *combination {
                                            <kbd>{ *key }</kbd>
                                        }
                                    </span>
                                </li>
                            }
                        </ul>
                    </section>
                }
            </div>
        </Dialog>
    }
}
