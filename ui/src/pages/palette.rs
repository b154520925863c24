//! The command palette: every page and action, and what the database has of a name — flows, target lists, batches,
//! sessions — from the keyboard alone.
//!
//! Pages, actions and flows are there at once; the search follows the typing with a short delay. Until it answers, what it
//! found before stays as far as it still fits.

mod entries;

use crate::components::button::May;
use crate::components::dialog::use_modal;
use crate::components::icon::Icon;
use crate::components::shortcuts::chord;
use crate::route::use_here;
use crate::state::backups::made_words;
use crate::state::call::use_call;
use crate::state::load::use_view;
use crate::state::palette::{Choice, Entry, Offer, found, of_hits, start_of};
use crate::state::shortcuts::Act;
use crate::state::theme::Theme;
use crate::state::toasts::use_toasts;
use crate::{api, browser};
use entries::{fixed, of_batch, of_flow, of_page};
use gloo_timers::callback::Timeout;
use mf_contract::batches::ListBatches;
use mf_contract::flows::ListFlows;
use mf_contract::search::{Search as SearchFor, SearchHit};
use mf_contract::workspace::{BackupInfo, MakeBackup};
use mf_domain::batch::BatchStatus;
use mf_domain::flow::FlowType;
use mf_domain::role::Role;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// How long a person has to stop typing before the engine is asked, in milliseconds.
const PAUSE: u32 = 120;
/// The longest text the engine searches for, in characters.
const LONGEST: usize = 200;
const HITS: u32 = 30;

/// Properties of [`Palette`].
#[derive(Debug, Properties, PartialEq)]
pub struct PaletteProps {
    /// What is offered; `None` while the palette is closed.
    pub open: Option<Offer>,
    pub onclose: Callback<()>,
    /// Does what a shortcut does.
    pub onact: Callback<Act>,
    /// What may be changed here.
    pub may: May,
}

/// The dialog around what is typed.
#[component]
pub fn Palette(props: &PaletteProps) -> Html {
    let node = use_modal(props.open.is_some(), &props.onclose);
    let toasts = use_toasts();
    // Here, where it outlives the search: that is gone once something is chosen.
    let back_up = use_call::<MakeBackup>({
        let toasts = toasts.clone();
        Callback::from(move |made: BackupInfo| {
            if let Some(toasts) = &toasts {
                toasts.worked();
                toasts.success(made_words(&made));
            }
        })
    });
    let onbackup = {
        let (toasts, back_up) = (toasts.clone(), back_up.clone());
        Callback::from(move |()| {
            if let Some(toasts) = toasts.as_ref().filter(|_| !back_up.busy()) {
                // How far it is nobody knows; a large workspace takes seconds.
                toasts.working("Making a backup and checking it…", 0);
            }
            back_up.run(MakeBackup {});
        })
    };
    use_effect_with(back_up.error_elsewhere(&[]), move |failed| {
        if let (Some(toasts), Some(text)) = (&toasts, failed) {
            toasts.worked();
            toasts.refused(text.clone());
        }
    });
    html! {
        <dialog ref={node} class="dialog palette" aria-label="Search or run a command" data-testid="palette">
            if let Some(offer) = props.open {
                <Search
                    {offer}
                    onclose={props.onclose.clone()}
                    onact={props.onact.clone()}
                    {onbackup}
                    may={props.may}
                />
            }
        </dialog>
    }
}

#[derive(Properties, PartialEq)]
struct SearchProps {
    offer: Offer,
    onclose: Callback<()>,
    onact: Callback<Act>,
    onbackup: Callback<()>,
    may: May,
}

#[component]
fn Search(props: &SearchProps) -> Html {
    let everything = props.offer == Offer::Everything;
    let of_type = (!everything).then_some(FlowType::Maintenance);
    let flows = use_view(Some(ListFlows { flow_type: of_type, ..ListFlows::default() }), |_, _| false);
    let open = use_view(
        everything.then(|| ListBatches {
            statuses: vec![BatchStatus::Pending, BatchStatus::InProgress],
            limit: Some(5),
            ..ListBatches::default()
        }),
        |_, _| false,
    );
    let typed = use_state(String::new);
    let at = use_state(|| 0_usize);
    let wanted: String = typed.trim().chars().take(LONGEST).collect();
    let asked = use_state_eq(String::new);
    {
        let asked = asked.setter();
        use_effect_with(wanted.clone(), move |wanted| {
            let wanted = wanted.clone();
            let timeout = Timeout::new(PAUSE, move || asked.set(wanted));
            move || drop(timeout)
        });
    }
    let request = Some((*asked).clone()).filter(|text| everything && !text.is_empty());
    let search = use_view(request.map(|text| SearchFor { text, limit: Some(HITS) }), |_, _| false);
    let current = *asked == wanted && search.data().is_some();
    let searching = everything && !wanted.is_empty() && !current && search.error().is_none();
    let before = use_mut_ref(|| None::<Rc<Vec<SearchHit>>>);
    let hits = search.data().or_else(|| before.borrow().clone());
    before.borrow_mut().clone_from(&hits);

    let (flow_rows, open_rows) = (flows.data(), open.data());
    let blank = wanted.is_empty();
    let here = use_here().route;
    let entries = use_memo(
        (flow_rows, open_rows, hits, current, blank, (props.may, everything, here)),
        |(flows, open, hits, current, blank, (may, everything, here))| {
            let page = flows.as_ref().map_or_else(Vec::new, |flows| of_page(*here, flows, *may));
            let flows = || flows.iter().flat_map(|flows| flows.iter());
            if !everything {
                return flows().map(start_of).collect();
            }
            let mut entries = page;
            entries.extend(fixed(*may));
            entries.extend(flows().map(of_flow));
            // Once for each flow: before anything is typed that would only be in the way.
            if may.write(Role::Operator) && !*blank {
                entries.extend(flows().map(start_of));
            }
            if *blank {
                entries.extend(open.iter().flat_map(|open| open.iter()).map(of_batch));
            } else if let Some(hits) = hits {
                let more = of_hits(hits, *current, &entries);
                entries.extend(more);
            }
            entries
        },
    );
    let shown = use_memo((entries.clone(), (*typed).clone()), |(entries, typed)| found(entries, typed));
    let at_now = (*at).min(shown.len().saturating_sub(1));
    use_effect_with((at_now, shown.clone()), |(at, _)| browser::scroll_to(&option_id(*at)));

    let choose = {
        let (onclose, onact, entries) = (props.onclose.clone(), props.onact.clone(), entries.clone());
        let onbackup = props.onbackup.clone();
        Callback::from(move |index: usize| {
            let Some(entry) = entries.get(index) else { return };
            // Closed first: the page may take the focus.
            onclose.emit(());
            match &entry.choice {
                Choice::Address(address) => browser::go_to(address, false),
                Choice::Act(act) => onact.emit(*act),
                Choice::Theme => Theme::stored().next().choose(),
                Choice::BackUp => onbackup.emit(()),
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
        [flows.error(), open.error(), search.error()].into_iter().flatten().next().map(api::sentence);
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
                    placeholder={if everything { "Search flows, lists, batches and targets, or run a command" } else { "Which maintenance flow?" }}
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
                if searching {
                    <p class="palette-none" role="status">{ Icon::Spinner.svg_with("spin") }{ "Searching…" }</p>
                } else if shown.is_empty() && failed.is_none() {
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
