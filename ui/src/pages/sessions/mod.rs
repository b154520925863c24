//! All that ran, runs and waits (F27): one row per batch that opens into its sessions, single sessions beside them.
//!
//! What is filtered stands in the address and is asked of the engine, which answers in pages.

mod filters;
mod grid;
mod row;

use super::frame::{Crumb, Frame};
use crate::browser;
use crate::components::loaded::skeleton;
use crate::components::trouble::trouble;
use crate::route::use_here;
use crate::state::clock::use_now;
use crate::state::load::use_load;
use crate::state::sessions::asked::Asked;
use crate::state::sessions::lines::groups;
use crate::state::sessions::loading::use_work;
use crate::state::sessions::query::{Query, Who};
use crate::state::time::{self, count};
use filters::Filters;
use grid::WorkGrid;
use mf_contract::Event;
use mf_contract::sessions::{SessionCounts, SessionCountsReply, WorkCounts};
use mf_contract::target_lists::ListClients;
use mf_contract::workspace::About;
use std::rc::Rc;
use yew::prelude::*;

fn concerns_work(event: &Event) -> bool {
    matches!(event, Event::BatchChanged { .. } | Event::SessionChanged { .. })
}

/// The page.
#[component]
pub fn Sessions() -> Html {
    let query = Query::of(&use_here());
    let today = time::in_viewer_zone(use_now()).date();
    let about = use_load(Some(About {}), |_, _| false);
    let counts = use_load(Some(SessionCounts {}), |_, event| concerns_work(event));
    let clients = use_load(Some(ListClients {}), |_, event| {
        concerns_work(event) || matches!(event, Event::TargetListChanged { .. })
    });
    let me = about.data().map(|about| about.member_id);
    let asked_of = |who: Who| {
        let query = Query { who, ..query.clone() };
        match who {
            Who::Mine => me.map(|me| Asked::new(query, Some(me), today)),
            Who::Anyone | Who::Nobody => Some(Asked::new(query, None, today)),
        }
    };
    let of_anyone = use_rows_of(asked_of(Who::Anyone));
    let of_mine = use_rows_of(asked_of(Who::Mine));
    let of_nobody = use_rows_of(asked_of(Who::Nobody));
    let asked = asked_of(query.who);
    let known = asked.is_some() && (clients.data().is_some() || !query.by_client);
    let work = use_work(asked);
    let grouped = clients.data().filter(|_| query.by_client);
    let groups = grouped.map(|clients| Rc::new(groups(&clients, query.client.as_deref())));
    let counts = counts.data().map(|counts| *counts);
    let onclear = {
        let address = Query { by_client: query.by_client, ..Query::default() }.address();
        Callback::from(move |()| browser::go_to(&address, false))
    };
    let failed = [(about.error(), about.again()), (clients.error(), clients.again())]
        .into_iter()
        .find_map(|(error, again)| error.map(|error| (crate::api::sentence(error), again)));
    let filtered = query.filters();
    html! {
        <Frame crumbs={vec![Crumb::here("Sessions")]} flush=true>
            <div class="work-top">
                <div class="page-head">
                    <h1 class="grow">{ "Sessions" }</h1>
                    if let Some(counts) = counts {
                        <p class="muted" role="status">{ open_work(&counts) }</p>
                    }
                </div>
                <Filters query={query.clone()} counts={[of_anyone, of_mine, of_nobody]} clients={clients.data()} onclear={onclear.clone()} />
            </div>
            if let Some((text, again)) = failed {
                { trouble(text, Some(again)) }
            }
            if known {
                <WorkGrid shelf={work.shelf} {groups} {me} {filtered} onmore={work.more} {onclear} />
            } else {
                { skeleton(8) }
            }
        </Frame>
    }
}

/// How many rows there are of every status.
#[hook]
fn use_rows_of(asked: Option<Asked>) -> Option<WorkCounts> {
    let counts = use_load(asked.as_ref().map(Asked::counts), |_, event| concerns_work(event));
    counts.data().map(|counts| *counts)
}

/// `12 sessions pending, 3 running`: the rows below are batches as well.
fn open_work(counts: &SessionCountsReply) -> String {
    match (counts.pending as usize, counts.in_progress as usize) {
        (0, 0) => "No session is open".to_owned(),
        (0, running) => format!("{} running", count(running, "session")),
        (pending, 0) => format!("{} pending", count(pending, "session")),
        (pending, running) => {
            format!("{} pending, {} running", count(pending, "session"), time::grouped(running))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_headline_says_what_it_counts() {
        let of = |pending, in_progress| {
            open_work(&SessionCountsReply { pending, in_progress, unassigned: 0, mine: 0 })
        };
        assert_eq!(of(0, 0), "No session is open");
        assert_eq!(of(1_200, 3), "1,200 sessions pending, 3 running");
        assert_eq!((of(1, 0), of(0, 1)), ("1 session pending".to_owned(), "1 session running".to_owned()));
    }
}
