//! Every component in its states, for whoever works on the design system. In development builds alone.

mod forms;
mod layers;

use super::frame::{Crumb, Frame};
use crate::browser;
use crate::components::ask::Ask;
use crate::components::button::{Button, Tone};
use crate::components::combobox::Combobox;
use crate::components::datetime::{Shown, When};
use crate::components::evidence::{EvidenceRowsProps, evidence_rows};
use crate::components::field::{Field, Select, TextArea, TextInput};
use crate::components::icon::Icon;
use crate::components::loaded::{EmptyProps, empty, skeleton};
use crate::components::markdown::Markdown;
use crate::components::menu::{Menu, MenuItem};
use crate::components::progress::{RollupBarProps, rollup_bar};
use crate::components::shortcuts::chord;
use crate::components::status;
use crate::components::tabs::Tabs;
use crate::components::trouble::trouble;
use crate::state::clock::use_now;
use crate::state::combobox::Choice;
use crate::state::toasts::use_toasts;
use chrono::{DateTime, Utc};
use forms::Forms;
use layers::{Layers, LongList, picture};
use mf_domain::batch::{BatchStatus, Rollup};
use mf_domain::flow::FlowType;
use mf_domain::ids::EvidenceId;
use mf_domain::session::{Evidence, EvidenceFile, SessionStatus, StepOutcome};
use yew::prelude::*;

const TEXT: &str = "A *step* with **weight**, `code` and a [link](https://example.com).\n\n- one\n- two\n\n\
    ```powershell\nGet-Service Spooler\n```\n\n> Quoted, with a {{target.label}}.\n\n| a | b |\n|---|---|\n| 1 | 2 |";

fn section(title: &'static str, children: Html) -> Html {
    html! {
        <section class="card" aria-label={title}>
            <header><h2>{ title }</h2></header>
            <div class="row wrap">{ children }</div>
        </section>
    }
}

fn numbered(number: u32) -> Choice {
    Choice {
        value: format!("list-{number}").into(),
        words: format!("Target list {number}").into(),
        detail: format!("{} targets", number * 3).into(),
    }
}

fn piece(at: DateTime<Utc>) -> Evidence {
    Evidence {
        id: EvidenceId(Default::default()),
        step_id: None,
        file: EvidenceFile {
            name: "the output of an installer whose name is longer than there is room for in a row of this width.log"
                .to_owned(),
            media_type: "text/plain".to_owned(),
            size: 312_000,
            sha256: "9f86d081".repeat(8),
        },
        at,
        author: None,
    }
}

/// The page.
#[component]
pub fn Gallery() -> Html {
    let typed = use_state(|| "RDS-01".to_owned());
    let tab = use_state(|| "one");
    let chosen = use_state(|| "list-2".to_owned());
    let toasts = use_toasts();
    let now = use_now();
    use_effect_with((), |()| browser::mark_ready());
    let oninput = {
        let typed = typed.setter();
        Callback::from(move |text| typed.set(text))
    };
    let toast = Callback::from(move |()| {
        if let Some(toasts) = &toasts {
            toasts.undoable("The step is deleted.", Callback::noop());
        }
    });
    let item = |icon: Icon, words: &'static str, danger: bool| MenuItem {
        icon,
        words: words.into(),
        onclick: Callback::noop(),
        testid: "gallery-item",
        writes: None,
        danger,
    };
    let rollup =
        Rollup { total: 8, completed: 4, failed: 1, in_progress: 2, pending: 1, ..Rollup::default() };
    let options: Vec<(AttrValue, AttrValue)> =
        vec![("a".into(), "Pilot".into()), ("b".into(), "Production".into())];
    let choices = use_memo((), |()| (1..=200).map(numbered).collect::<Vec<_>>());
    let clients = use_memo((), |()| ["Contoso", "Fabrikam", "Northwind"].map(Choice::plain).to_vec());
    html! {
        <Frame crumbs={vec![Crumb::here("Components")]}>
            <h1 class="visually-hidden">{ "Components" }</h1>
            <div class="col-l">
                { section("Button", html! {
                    <>
                        <Button tone={Tone::Primary} icon={Icon::Play}>{ "Primary" }</Button>
                        <Button icon={Icon::Upload}>{ "Plain" }</Button>
                        <Button tone={Tone::Ghost}>{ "Ghost" }</Button>
                        <Button tone={Tone::Danger}>{ "Danger" }</Button>
                        <Button busy=true>{ "Busy" }</Button>
                        <Button disabled=true>{ "Disabled" }</Button>
                        <Button keys="F">{ "With a key" }</Button>
                        <Button small=true>{ "Small" }</Button>
                        <Button tone={Tone::Ghost} icon={Icon::Pencil} label="Icon button" />
                        <Menu id="gallery-menu" label="Menu" items={vec![item(Icon::Copy, "Duplicate", false), item(Icon::Trash, "Delete", true)]} />
                        <Ask id="gallery-ask" action="Delete it" title="Delete it?" text="It goes." onconfirm={Callback::noop()} busy=false error={None::<AttrValue>} />
                        <Button onclick={toast}>{ "Toast with Undo" }</Button>
                    </>
                }) }
                { section("Status", html! {
                    <>
                        for one in [SessionStatus::Pending, SessionStatus::InProgress, SessionStatus::Completed, SessionStatus::Failed, SessionStatus::Skipped, SessionStatus::Cancelled] {
                            { status::of_session(one).pill() }
                        }
                        for one in [FlowType::Troubleshooting, FlowType::Procedural, FlowType::Maintenance] {
                            { status::of_type(one).pill() }
                            { status::of_type(one).tile() }
                        }
                        { status::of_batch(BatchStatus::Finished, 0).pill() }
                        { status::of_outcome(StepOutcome::Skipped).pill() }
                    </>
                }) }
                { section("Field", html! {
                    <>
                        <Field id="gallery-text" label="Text" hint="As in the inventory">
                            <TextInput id="gallery-text" value={(*typed).clone()} oninput={oninput.clone()} />
                        </Field>
                        <Field id="gallery-wrong" label="Wrong" error="Must not be empty." optional=true>
                            <TextInput id="gallery-wrong" value="" invalid=true oninput={oninput.clone()} />
                        </Field>
                        <Field id="gallery-select" label="Select">
                            <Select id="gallery-select" value="a" {options} onchange={Callback::noop()} />
                        </Field>
                        <Field id="gallery-area" label="Lines">
                            <TextArea id="gallery-area" value={(*typed).clone()} oninput={oninput.clone()} code=true />
                        </Field>
                    </>
                }) }
                { section("Combobox", html! {
                    <>
                        <Field id="gallery-combobox" label="One of many">
                            <Combobox id="gallery-combobox" value={(*chosen).clone()} {choices} onchange={let chosen = chosen.setter(); move |value| chosen.set(value)} />
                        </Field>
                        <Field id="gallery-suggested" label="Any text, with suggestions">
                            <Combobox id="gallery-suggested" value={(*typed).clone()} choices={clients} onchange={oninput} free=true />
                        </Field>
                    </>
                }) }
                <Forms />
                <Layers />
                <LongList />
                { picture() }
                { section("Progress", html! {
                    <div class="grow">{ rollup_bar(&RollupBarProps { rollup, words: true, testid: None }) }</div>
                }) }
                { section("Date and time", html! {
                    <>
                        <When at={now} /><When at={now} shown={Shown::Date} /><When at={now} shown={Shown::Clock} />
                        <When at={now} shown={Shown::Relative} />
                    </>
                }) }
                { section("Keys", html! { <>{ chord("Ctrl+K") }{ chord("g f") }{ chord("Alt+ArrowUp") }</> }) }
                { section("Markdown", html! { <Markdown text={TEXT} /> }) }
                <section class="card flat" aria-label="Tabs">
                    <Tabs label="Tabs" tabs={vec![("one", "One"), ("two", "Two")]} selected={*tab} onselect={let tab = tab.setter(); move |id| tab.set(id)} />
                    <div id={format!("{}-panel", *tab)} role="tabpanel" class="skeleton">{ *tab }</div>
                </section>
                <section class="card flat" aria-label="Evidence">
                    { evidence_rows(&EvidenceRowsProps {
                        evidence: &[piece(now)],
                        onopen: Callback::noop(),
                        onsave: Callback::noop(),
                        oncopy: Callback::noop(),
                        onremove: Some(Callback::noop()),
                    }) }
                </section>
                { skeleton(3) }
                { trouble("The disk is full. What you recorded is kept.", Some(Callback::noop())) }
                { empty(&EmptyProps {
                    icon: Icon::Inbox,
                    title: "Nothing here yet".into(),
                    text: "One sentence, and one action.".into(),
                    compact: true,
                    children: html! { <Button>{ "The action" }</Button> },
                }) }
            </div>
        </Frame>
    }
}
