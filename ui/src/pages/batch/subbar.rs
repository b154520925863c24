//! Which targets of the board are shown: by status, by whom, by client, by name.

use crate::components::field::{Select, TextInput};
use crate::components::icon::Icon;
use crate::state::board::chips::{Chip, chips};
use crate::state::board::{Filter, WHOSE};
use crate::state::typed::use_typed;
use mf_domain::batch::Rollup;
use yew::prelude::*;

/// No client is called so: a name has no line break.
const EVERY_CLIENT: &str = "\n";

#[derive(Debug, Properties, PartialEq)]
pub(super) struct SubbarProps {
    pub rollup: Rollup,
    /// None where there is nothing to choose from.
    pub clients: Vec<String>,
    pub filter: Filter,
    pub onfilter: Callback<Filter>,
}

#[component]
pub(super) fn Subbar(props: &SubbarProps) -> Html {
    let typed = use_typed(&props.filter.typed, {
        let (onfilter, filter) = (props.onfilter.clone(), props.filter.clone());
        Callback::from(move |typed| onfilter.emit(Filter { typed, ..filter.clone() }))
    });
    let change = |change: fn(Filter, String) -> Filter| {
        let (onfilter, filter) = (props.onfilter.clone(), props.filter.clone());
        Callback::from(move |text: String| onfilter.emit(change(filter.clone(), text)))
    };
    let whose = WHOSE.iter().find(|(_, _, whose)| *whose == props.filter.whose).map_or("", |(id, ..)| *id);
    html! {
        <div class="subbar wrap">
            <div class="filters" role="group" aria-label="Filter by status">
                for Chip { status, words, number } in chips(&props.rollup, props.filter.status) {
                    <button
                        type="button"
                        class="filter"
                        aria-pressed={if props.filter.status == status { "true" } else { "false" }}
                        onclick={
                            let (onfilter, filter) = (props.onfilter.clone(), props.filter.clone());
                            move |_| onfilter.emit(Filter { status, ..filter.clone() })
                        }
                        data-testid={format!("filter-{}", words.to_lowercase())}
                    >
                        { words }<b>{ number }</b>
                    </button>
                }
            </div>
            <label class="visually-hidden" for="filter-whose">{ "Filter by assignee" }</label>
            <Select
                id="filter-whose"
                value={whose}
                options={WHOSE.map(|(id, words, _)| (AttrValue::from(id), AttrValue::from(words))).to_vec()}
                onchange={change(|filter, id| Filter {
                    whose: WHOSE.iter().find(|(own, ..)| *own == id).and_then(|(_, _, whose)| *whose),
                    ..filter
                })}
                testid="filter-whose"
            />
            if !props.clients.is_empty() {
                <label class="visually-hidden" for="filter-client">{ "Filter by client" }</label>
                <Select
                    id="filter-client"
                    value={props.filter.client.clone().unwrap_or_else(|| EVERY_CLIENT.to_owned())}
                    options={client_options(&props.clients)}
                    onchange={change(|filter, name| Filter {
                        client: Some(name).filter(|name| name != EVERY_CLIENT),
                        ..filter
                    })}
                    testid="filter-client"
                />
            }
            <div class="search">
                { Icon::Search.svg() }
                <label class="visually-hidden" for="board-search">{ "Find a target" }</label>
                <TextInput
                    id="board-search"
                    kind="search"
                    placeholder="Target, note or site"
                    value={(*typed).clone()}
                    oninput={let typed = typed.setter(); move |text| typed.set(text)}
                    testid="board-search"
                />
            </div>
        </div>
    }
}

fn client_options(clients: &[String]) -> Vec<(AttrValue, AttrValue)> {
    let named = clients.iter().map(|name| {
        let words = if name.is_empty() { "No client".to_owned() } else { name.clone() };
        (AttrValue::from(name.clone()), AttrValue::from(words))
    });
    [(AttrValue::from(EVERY_CLIENT), AttrValue::from("All clients"))].into_iter().chain(named).collect()
}
