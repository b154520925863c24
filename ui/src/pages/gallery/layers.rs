//! What lies over a page, what is drawn of a long list, and a tree as a picture.

use crate::components::button::{Button, Tone};
use crate::components::dialog::{Confirm, Dialog};
use crate::components::drawing::drawing;
use crate::components::field::{Field, TextInput};
use crate::components::popover::Popover;
use crate::components::rows::use_rows;
use crate::components::status;
use crate::state::tree_draft::TreeDraft;
use mf_domain::flow::{Answer, Node, NodeKind, Outcome, Tree};
use mf_domain::target_import::Verdict;
use yew::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Nothing,
    Dialog,
    Confirm,
}

/// Dialogs and a popover.
#[component]
pub(super) fn Layers() -> Html {
    let open = use_state(|| Open::Nothing);
    let typed = use_state(String::new);
    let show = |what: Open| {
        let open = open.setter();
        Callback::from(move |()| open.set(what))
    };
    let close = show(Open::Nothing);
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={close.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true>{ "Save" }</Button>
        </>
    };
    html! {
        <section class="card" aria-label="Layers">
            <header><h2>{ "Layers" }</h2></header>
            <div class="row wrap">
                <Button onclick={show(Open::Dialog)} testid="gallery-dialog">{ "Dialog…" }</Button>
                <Button onclick={show(Open::Confirm)} testid="gallery-confirm">{ "Confirm…" }</Button>
                <Popover id="gallery-popover" words="4 h 20 min left" label="How that is reckoned">
                    <p>{ "Eight targets, two at a time, 65 minutes each." }</p>
                </Popover>
            </div>
            <Dialog
                id="gallery-form"
                title="Dialog"
                subtitle="Enter sends it, Escape closes it."
                open={*open == Open::Dialog}
                onclose={close.clone()}
                onsubmit={close.clone()}
                note={Some(html! { <span class="muted">{ "What will happen." }</span> })}
                {foot}
            >
                <Field id="gallery-typed" label="Ticket number" hint="Printed in the report.">
                    <TextInput
                        id="gallery-typed"
                        value={(*typed).clone()}
                        oninput={let typed = typed.setter(); move |text| typed.set(text)}
                        autofocus=true
                    />
                </Field>
            </Dialog>
            <Confirm
                id="gallery-sure"
                title="Delete this list?"
                action="Delete"
                open={*open == Open::Confirm}
                onclose={close.clone()}
                onconfirm={close}
            >
                <p>{ "“RDS farm” with 8 targets goes. What ran on them stays." }</p>
            </Confirm>
        </section>
    }
}

/// Rows of the long list, and their height in pixels as the style sheet has it.
const ROWS: usize = 5_000;
const ROW: u32 = 34;

/// A list of which only the part near what is seen is drawn.
#[component]
pub(super) fn LongList() -> Html {
    let list = use_node_ref();
    let rows = use_rows(&list, ROWS, ROW);
    html! {
        <section class="card" aria-label="Long list">
            <header><h2>{ "Long list" }</h2></header>
            <div class="import-rows" data-scroller="" tabindex="0" role="group" aria-label="Five thousand rows">
                <ol ref={list}>
                    { rows.before("li") }
                    for at in rows.drawn.clone() {
                        <li key={at} data-testid="gallery-row">
                            <span class="small faint num-cell">{ format!("Line {}", at + 1) }</span>
                            { status::of_verdict(if at % 9 == 0 { Verdict::Update } else { Verdict::Create }).pill() }
                            <span class="clip strong">{ format!("RDS-{:04}", at + 1) }</span>
                            <span class="small muted clip grow">{ "rack 4" }</span>
                        </li>
                    }
                    { rows.after("li") }
                </ol>
            </div>
        </section>
    }
}

/// A question, and what it leads to.
pub(super) fn picture() -> Html {
    let node = |id: &str, title: &str, kind: NodeKind| Node {
        id: id.to_owned(),
        title: title.to_owned(),
        description: String::new(),
        kind,
    };
    let answer =
        |label: &str, to: &str| Answer { label: label.to_owned(), to: to.to_owned(), go_back: false };
    let tree = TreeDraft::of(&Tree {
        start: "ask".to_owned(),
        nodes: vec![
            node(
                "ask",
                "Does the printer answer?",
                NodeKind::Question { answers: vec![answer("Yes", "good"), answer("No", "switch")] },
            ),
            node("good", "It prints", NodeKind::Outcome { outcome: Outcome::Resolved }),
            node("switch", "Switch it off and on", NodeKind::Action { next: "call".to_owned() }),
            node("call", "Call the vendor", NodeKind::Outcome { outcome: Outcome::Escalate }),
        ],
    });
    html! {
        <section class="card" aria-label="Picture of a tree">
            <header><h2>{ "Picture of a tree" }</h2></header>
            { drawing(&tree, Some(2), None) }
        </section>
    }
}
