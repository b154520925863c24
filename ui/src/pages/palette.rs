//! The command palette: every page, flow, target list, batch and action, from the keyboard alone.
//!
//! What it lists is loaded when it is opened. Deliberately absent: a search of its own over recorded work.

use crate::components::dialog::use_modal;
use crate::components::icon::Icon;
use crate::components::shortcuts::chord;
use crate::components::status;
use crate::route::{Route, Sort, editor_address, importing_address, library_address};
use crate::state::load::use_load;
use crate::state::palette::{Choice, Entry, found};
use crate::state::shortcuts::{Act, chord_of};
use crate::state::theme::Theme;
use crate::state::time;
use crate::{api, browser};
use mf_contract::batches::{BatchSummary, ListBatches};
use mf_contract::flows::{FlowSummary, ListFlows};
use mf_contract::target_lists::{ListTargetLists, TargetListSummary};
use mf_domain::flow::FlowType;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`Palette`].
#[derive(Debug, Properties, PartialEq)]
pub struct PaletteProps {
    pub open: bool,
    pub onclose: Callback<()>,
    /// Does what a shortcut does.
    pub onact: Callback<Act>,
    /// Whether the workspace can be written to.
    pub writable: bool,
}

/// The dialog around what is typed.
#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    let node = use_modal(props.open, &props.onclose);
    html! {
        <dialog ref={node} class="dialog palette" aria-label="Search or run a command" data-testid="palette">
            if props.open {
                <Search onclose={props.onclose.clone()} onact={props.onact.clone()} writable={props.writable} />
            }
        </dialog>
    }
}

#[derive(Properties, PartialEq)]
struct SearchProps {
    onclose: Callback<()>,
    onact: Callback<Act>,
    writable: bool,
}

#[component]
fn Search(props: &SearchProps) -> Html {
    let flows = use_load(Some(ListFlows::default()), |_, _| false);
    let lists = use_load(Some(ListTargetLists::default()), |_, _| false);
    let batches = use_load(Some(ListBatches { limit: Some(50), ..ListBatches::default() }), |_, _| false);
    let typed = use_state(String::new);
    let at = use_state(|| 0_usize);

    let (flow_rows, list_rows, batch_rows) = (flows.data(), lists.data(), batches.data());
    let entries =
        use_memo((flow_rows, list_rows, batch_rows, props.writable), |(flows, lists, batches, writable)| {
            let mut entries = fixed(*writable);
            entries.extend(flows.iter().flat_map(|flows| flows.iter()).map(of_flow));
            entries.extend(lists.iter().flat_map(|lists| lists.iter()).map(of_list));
            entries.extend(batches.iter().flat_map(|batches| batches.iter()).map(of_batch));
            entries
        });
    let shown = use_memo((entries.clone(), (*typed).clone()), |(entries, typed)| found(entries, typed));
    let at_now = (*at).min(shown.len().saturating_sub(1));
    use_effect_with((at_now, shown.clone()), |(at, _)| browser::scroll_to(&option_id(*at)));

    let choose = {
        let (onclose, onact, entries) = (props.onclose.clone(), props.onact.clone(), entries.clone());
        Callback::from(move |index: usize| {
            let Some(entry) = entries.get(index) else { return };
            // Closed first: the page may take the focus.
            onclose.emit(());
            match &entry.choice {
                Choice::Address(address) => browser::go_to(address, false),
                Choice::Act(act) => onact.emit(*act),
                Choice::Theme => Theme::stored().next().choose(),
            }
        })
    };
    let onkeydown = {
        let (at, shown, choose, onclose) =
            (at.setter(), shown.clone(), choose.clone(), props.onclose.clone());
        Callback::from(move |event: KeyboardEvent| {
            let last = shown.len().saturating_sub(1);
            match event.key().as_str() {
                "ArrowDown" => at.set(if at_now == last { 0 } else { at_now + 1 }),
                "ArrowUp" => at.set(at_now.checked_sub(1).unwrap_or(last)),
                "PageDown" => at.set((at_now + 8).min(last)),
                "PageUp" => at.set(at_now.saturating_sub(8)),
                "Enter" if !event.is_composing() => {
                    if let Some(index) = shown.get(at_now) {
                        choose.emit(*index);
                    }
                }
                "k" | "K" if event.ctrl_key() || event.meta_key() => onclose.emit(()),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let oninput = {
        let (typed, at) = (typed.setter(), at.setter());
        Callback::from(move |event: InputEvent| {
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value());
            at.set(0);
        })
    };
    let failed =
        [flows.error(), lists.error(), batches.error()].into_iter().flatten().next().map(api::sentence);
    let mut group = "";
    html! {
        <>
            <div class="palette-head">
                { Icon::Search.svg() }
                <input
                    type="text"
                    role="combobox"
                    aria-label="Search or run a command"
                    aria-expanded="true"
                    aria-controls="palette-list"
                    aria-autocomplete="list"
                    aria-activedescendant={(!shown.is_empty()).then(|| option_id(at_now))}
                    placeholder="Search flows, lists and batches, or run a command"
                    autocomplete="off"
                    spellcheck="false"
                    autofocus=true
                    value={(*typed).clone()}
                    {oninput}
                    {onkeydown}
                    data-testid="palette-input"
                />
                <kbd aria-hidden="true">{ "Esc" }</kbd>
            </div>
            <div class="palette-list" id="palette-list" role="listbox" aria-label="Results">
                for (place, index) in shown.iter().copied().enumerate() {
                    { heading(&mut group, entries[index].group) }
                    { option(&entries[index], place, place == at_now, choose.reform(move |_: MouseEvent| index)) }
                }
                if shown.is_empty() {
                    <p class="palette-none" role="status">{ format!("Nothing fits “{}”.", typed.trim()) }</p>
                }
                if let Some(text) = failed {
                    <p class="palette-none tone-red">{ text }</p>
                }
            </div>
            <div class="palette-foot small muted" aria-hidden="true">
                <span><kbd>{ "↑" }</kbd>{ " " }<kbd>{ "↓" }</kbd>{ " move" }</span>
                <span><kbd>{ "Enter" }</kbd>{ " open" }</span>
                <span class="end">{ "Parts of words are enough: “cvp” finds “Citrix VDA patching”" }</span>
            </div>
        </>
    }
}

fn option_id(place: usize) -> String {
    format!("palette-{place}")
}

fn heading(last: &mut &'static str, group: &'static str) -> Html {
    if std::mem::replace(last, group) == group {
        return Html::default();
    }
    html! { <div class="palette-group" role="presentation">{ group }</div> }
}

fn option(entry: &Entry, place: usize, active: bool, onclick: Callback<MouseEvent>) -> Html {
    html! {
        <div
            class="palette-entry"
            id={option_id(place)}
            role="option"
            aria-selected={if active { "true" } else { "false" }}
            {onclick}
            data-testid="palette-entry"
        >
            { entry.icon.svg() }
            <span class="clip">{ entry.words.clone() }</span>
            <span class="small muted clip grow">{ entry.detail.clone() }</span>
            if let Some(keys) = entry.chord {
                { chord(keys) }
            }
        </div>
    }
}

fn entry(group: &'static str, icon: Icon, words: &str, detail: String, choice: Choice) -> Entry {
    Entry { group, icon, words: words.to_owned(), detail, chord: None, choice }
}

/// Pages and actions.
fn fixed(writable: bool) -> Vec<Entry> {
    let page = |icon: Icon, words: &str, act: Act| Entry {
        chord: chord_of(act),
        ..entry("Pages", icon, words, String::new(), Choice::Act(act))
    };
    let mut actions = Vec::new();
    let mut entries = vec![
        page(Icon::Flow, "Flows", Act::Flows),
        page(Icon::Run, "Sessions", Act::Sessions),
        page(Icon::Server, "Target lists", Act::TargetLists),
        page(Icon::Bell, "Notifications", Act::Notifications),
    ];
    for flow_type in [FlowType::Troubleshooting, FlowType::Procedural, FlowType::Maintenance] {
        let look = status::of_type(flow_type);
        let words = super::library::title(Some(flow_type));
        let address = library_address(Some(flow_type), None, Sort::default());
        entries.push(entry(
            "Pages",
            look.icon,
            words,
            "Flows of this type".to_owned(),
            Choice::Address(address),
        ));
        if writable {
            let words = format!("New {} flow", look.word.to_lowercase());
            let address = editor_address(flow_type);
            actions.push(entry("Actions", Icon::Plus, &words, String::new(), Choice::Address(address)));
        }
    }
    entries.extend(actions);
    if writable {
        let address = Choice::Address(importing_address());
        entries.push(entry("Actions", Icon::Upload, "Import a flow", "Markdown or JSON".to_owned(), address));
    }
    entries.push(entry(
        "Actions",
        Icon::System,
        "Switch the theme",
        "System, light, dark".to_owned(),
        Choice::Theme,
    ));
    entries.push(Entry {
        chord: chord_of(Act::Sheet),
        ..entry("Actions", Icon::Keyboard, "Keyboard shortcuts", String::new(), Choice::Act(Act::Sheet))
    });
    entries
}

fn of_flow(flow: &FlowSummary) -> Entry {
    let look = status::of_type(flow.flow_type);
    let address = Route::of_flow(flow.id, flow.flow_type).path();
    entry("Flows", look.icon, &flow.name, look.word.to_owned(), Choice::Address(address))
}

fn of_list(list: &TargetListSummary) -> Entry {
    let detail = time::count(list.target_count as usize, "target");
    entry("Target lists", Icon::Server, &list.name, detail, Choice::Address(Route::TargetLists.path()))
}

fn of_batch(batch: &BatchSummary) -> Entry {
    let at = time::date_clock(time::in_viewer_zone(batch.launched_at));
    let detail = format!("{at} · {}", batch.rollup.words());
    let address = Route::Batch { id: batch.batch_id }.path();
    entry("Batches", Icon::Run, &batch.flow_name, detail, Choice::Address(address))
}
