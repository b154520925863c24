//! The filters over the list of schedules. Each choice is an address.

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::field::{Select, TextInput};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::status;
use crate::route::Route;
use crate::state::schedules::query::{Query, Sort, counts, name};
use crate::state::time::grouped;
use crate::state::typed::use_typed;
use mf_contract::standings::{ScheduleHealth, ScheduleStanding};
use std::rc::Rc;
use yew::prelude::*;

/// The id of the search field.
pub(super) const SEARCH: &str = "schedule-search";

#[derive(Properties, PartialEq)]
pub(super) struct FiltersProps {
    pub(super) query: Query,
    pub(super) standings: Rc<Vec<ScheduleStanding>>,
    pub(super) onclear: Callback<()>,
}

/// The filters.
#[component]
pub(super) fn Filters(props: &FiltersProps) -> Html {
    let query = &props.query;
    let typed = use_typed(&query.search, {
        let query = query.clone();
        Callback::from(move |search| browser::go_to(&Query { search, ..query.clone() }.address(), true))
    });
    let onsort = {
        let query = query.clone();
        Callback::from(move |sort: String| {
            browser::go_to(&Query { sort: Sort::named(&sort), ..query.clone() }.address(), true);
        })
    };
    let sorts =
        Sort::ALL.iter().map(|(_, name, words)| ((*name).into(), (*words).into())).collect::<Vec<_>>();
    html! {
        <div class="toolbar wrap schedule-filters">
            <div class="search">
                { Icon::Search.svg() }
                <label class="visually-hidden" for={SEARCH}>{ "Search schedules" }</label>
                <TextInput
                    id={SEARCH}
                    kind="search"
                    placeholder="Flow, list or zone"
                    value={(*typed).clone()}
                    oninput={let typed = typed.setter(); move |text| typed.set(text)}
                    testid={SEARCH}
                />
            </div>
            { healths(query, &props.standings) }
            if query.filters() {
                <Button small=true tone={Tone::Ghost} icon={Icon::Cross} onclick={props.onclear.clone()} testid="clear-filters">
                    { "Clear filters" }
                </Button>
            }
            <div class="sort end">
                <label class="visually-hidden" for="schedule-sort">{ "Sort by" }</label>
                <Select id="schedule-sort" value={query.sort.name()} options={sorts} onchange={onsort} testid="schedule-sort" />
            </div>
        </div>
    }
}

fn healths(query: &Query, standings: &[ScheduleStanding]) -> Html {
    let one = |health: Option<ScheduleHealth>, number: usize| {
        let asked = Query { health, ..query.clone() };
        let look = health.map(status::of_health);
        html! {
            <To
                route={Route::Schedules}
                query={asked.written()}
                class="filter"
                current={health == query.health}
                testid={format!("filter-{}", health.map_or("all", name))}
            >
                { look.map(|look| look.icon.svg()) }
                { look.map_or("All", |look| look.word) }
                <b>{ grouped(number) }</b>
            </To>
        }
    };
    let mut counts = counts(standings);
    if let Some(health) = query.health.filter(|health| counts.iter().all(|(other, _)| other != health)) {
        counts.push((health, 0));
    }
    html! {
        <nav class="filters" aria-label="Health">
            { one(None, standings.len()) }
            for (health, number) in counts {
                { one(Some(health), number) }
            }
        </nav>
    }
}
