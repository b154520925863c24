//! The filters over the list of sessions. Each choice is an address.

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::combobox::Combobox;
use crate::components::field::{Select, TextInput, field_error};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::status;
use crate::route::Route;
use crate::state::combobox::Choice;
use crate::state::load::use_load;
use crate::state::sessions::query::{Query, Span, Standing, Who, number};
use crate::state::time::{count, grouped};
use crate::state::typed::use_typed;
use chrono::NaiveDate;
use mf_contract::Event;
use mf_contract::flows::ListFlows;
use mf_contract::sessions::WorkCounts;
use mf_contract::target_lists::ClientSummary;
use std::rc::Rc;
use yew::prelude::*;

/// The id of the search field.
pub(super) const SEARCH: &str = "session-search";

#[derive(Properties, PartialEq)]
pub(super) struct FiltersProps {
    pub(super) query: Query,
    /// The rows of every status under the other filters, by whose they are.
    pub(super) counts: ByWho,
    pub(super) clients: Option<Rc<Vec<ClientSummary>>>,
    pub(super) onclear: Callback<()>,
}

/// How many rows there are of each of [`Who::ALL`].
pub(super) type ByWho = [Option<WorkCounts>; 3];

/// The filters.
#[component]
pub(super) fn Filters(props: &FiltersProps) -> Html {
    let query = &props.query;
    let flows = use_load(Some(ListFlows::default()), |_, event| matches!(event, Event::FlowChanged { .. }));
    let change = |change: fn(&mut Query, String)| {
        let query = query.clone();
        Callback::from(move |text: String| {
            let mut next = query.clone();
            change(&mut next, text);
            if next != query {
                browser::go_to(&next.address(), false);
            }
        })
    };
    let typed = use_typed(&query.search, {
        let query = query.clone();
        Callback::from(move |search| {
            browser::go_to(&Query { search, ..query.clone() }.address(), true);
        })
    });
    let flow_choices = use_memo((flows.data(), query.flow), |(flows, chosen)| {
        let mut choices: Vec<Choice> = flows
            .iter()
            .flat_map(|flows| flows.iter())
            .map(|flow| Choice {
                value: flow.id.to_string().into(),
                words: flow.name.clone().into(),
                detail: status::of_type(flow.flow_type).word.into(),
            })
            .collect();
        // What ran outlives its flow.
        if let Some(id) =
            chosen.filter(|id| flows.is_some() && !choices.iter().any(|one| *one.value == id.to_string()))
        {
            choices.push(Choice {
                value: id.to_string().into(),
                words: "A deleted flow".into(),
                detail: AttrValue::default(),
            });
        }
        choices
    });
    let client_choices = use_memo(props.clients.clone(), |clients| {
        let clients = clients.iter().flat_map(|clients| clients.iter());
        let choice = |client: &ClientSummary| Choice {
            detail: count(client.sessions as usize, "session").into(),
            ..Choice::plain(client.name.clone())
        };
        clients.map(choice).collect::<Vec<_>>()
    });
    let spans = Span::NAMED.iter().map(|(_, name, words)| ((*name).into(), (*words).into()));
    let spans: Vec<(AttrValue, AttrValue)> =
        spans.chain([("between".into(), "From … to …".into())]).collect();
    html! {
        <>
            <div class="toolbar wrap">
                { standings(query, of_who(&props.counts, query.who)) }
                { whose(query, &props.counts) }
                <span class="end">
                    <Button
                        small=true
                        icon={Icon::List}
                        pressed={query.by_client}
                        onclick={change(|query, _| query.by_client = !query.by_client).reform(|()| String::new())}
                        testid="group-clients"
                    >
                        { "Group by client" }
                    </Button>
                </span>
            </div>
            <div class="toolbar wrap work-filters">
                <div class="search">
                    { Icon::Search.svg() }
                    <label class="visually-hidden" for={SEARCH}>{ "Search targets and flows" }</label>
                    <TextInput
                        id={SEARCH}
                        kind="search"
                        placeholder="Target or flow"
                        value={(*typed).clone()}
                        oninput={let typed = typed.setter(); move |text| typed.set(text)}
                        testid={SEARCH}
                    />
                </div>
                <div class="work-choice">
                    <label class="visually-hidden" for="session-flow">{ "Flow" }</label>
                    <Combobox
                        id="session-flow"
                        placeholder="Any flow"
                        value={query.flow.map(|id| AttrValue::from(id.to_string())).unwrap_or_default()}
                        choices={flow_choices}
                        onchange={change(|query, id| query.flow = id.parse().ok())}
                        testid="session-flow"
                    />
                </div>
                <div class="work-choice">
                    <label class="visually-hidden" for="session-client">{ "Client" }</label>
                    <Combobox
                        id="session-client"
                        placeholder="Any client"
                        value={query.client.clone().map(AttrValue::from).unwrap_or_default()}
                        choices={client_choices}
                        onchange={change(|query, name| query.client = Some(name).filter(|name| !name.is_empty()))}
                        testid="session-client"
                    />
                </div>
                <div class="work-choice short">
                    <label class="visually-hidden" for="session-when">{ "Launched" }</label>
                    <Select
                        id="session-when"
                        value={query.span.name()}
                        options={spans}
                        onchange={change(|query, name| query.span = Span::named(&name))}
                        testid="session-when"
                    />
                </div>
                if let Span::Between(from, to) = query.span {
                    { day("session-from", "From", from, change(|query, day| query.span = between(query.span, Some(&day), None))) }
                    { day("session-to", "To", to, change(|query, day| query.span = between(query.span, None, Some(&day)))) }
                }
                if query.filters() {
                    <Button small=true tone={Tone::Ghost} icon={Icon::Cross} onclick={props.onclear.clone()} testid="clear-filters">
                        { "Clear filters" }
                    </Button>
                }
            </div>
            <div id="session-to-about">
                if !query.days_are_in_order() {
                    { field_error("The last day is before the first one.") }
                }
            </div>
        </>
    }
}

/// The span with another first or last day; what is no day leaves that end open.
fn between(span: Span, first: Option<&str>, last: Option<&str>) -> Span {
    let (from, to) = match span {
        Span::Between(from, to) => (from, to),
        _ => (None, None),
    };
    let read = |typed: Option<&str>, other: Option<NaiveDate>| typed.map_or(other, |day| day.parse().ok());
    Span::Between(read(first, from), read(last, to))
}

fn day(id: &'static str, words: &'static str, day: Option<NaiveDate>, oninput: Callback<String>) -> Html {
    html! {
        <div class="work-day">
            <label class="small muted" for={id}>{ words }</label>
            <TextInput {id} kind="date" value={day.map(|day| day.to_string()).unwrap_or_default()} {oninput} testid={id} />
        </div>
    }
}

fn filter(query: Query, current: bool, words: &'static str, number: Option<u32>, testid: String) -> Html {
    html! {
        <To route={Route::Sessions} query={query.written()} class="filter" {current} {testid}>
            { words }
            if let Some(number) = number {
                <b>{ grouped(number as usize) }</b>
            }
        </To>
    }
}

fn standings(query: &Query, counts: Option<WorkCounts>) -> Html {
    let one = |standing: Option<Standing>| {
        let words = standing.map_or("All", Standing::words);
        let name = standing.map_or("all", Standing::name);
        let asked = Query { standing, ..query.clone() };
        let rows = counts.map(|counts| number(&counts, standing, query.who));
        filter(asked, standing == query.standing, words, rows, format!("filter-{name}"))
    };
    html! {
        <nav class="filters" aria-label="Status">
            { one(None) }
            for standing in Standing::ALL.into_iter().filter(|standing| standing.is_part()) {
                { one(Some(standing)) }
            }
            <span class="filters-across">{ one(Some(Standing::Failed)) }</span>
        </nav>
    }
}

fn of_who(counts: &ByWho, who: Who) -> Option<WorkCounts> {
    Who::ALL.into_iter().zip(counts).find(|(one, _)| *one == who).and_then(|(_, counts)| *counts)
}

fn whose(query: &Query, counts: &ByWho) -> Html {
    let one = |who: Who| {
        let words = match who {
            Who::Anyone => "Anyone's",
            Who::Mine => "Mine",
            Who::Nobody => "Unassigned",
        };
        let rows = of_who(counts, who).map(|counts| number(&counts, query.standing, who));
        let asked = Query { who, ..query.clone() };
        let name = if who == Who::Anyone { "anyone" } else { who.name() };
        filter(asked, who == query.who, words, rows, format!("who-{name}"))
    };
    html! {
        <nav class="filters work-who" aria-label="Assignee">
            for who in Who::ALL {
                { one(who) }
            }
        </nav>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_end_of_a_span_changes_on_its_own() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 12, day);
        let span = between(Span::Week, Some("2026-12-01"), None);
        assert_eq!(span, Span::Between(day(1), None));
        assert_eq!(between(span, None, Some("2026-12-09")), Span::Between(day(1), day(9)));
        assert_eq!(between(span, Some(""), None), Span::Between(None, None));
    }
}
