//! Loads stretches of work from the engine: page after page as the person scrolls, and anew as far as they are loaded when
//! an event concerns them. At most one request per stretch is under way; answers to an earlier query are dropped.

use super::asked::Asked;
use super::shelf::{Branch, Change, Kind, Row, Shelf};
use crate::api::{self, Ask};
use crate::events::use_event;
use mf_contract::batches::BatchSummary;
use mf_contract::sessions::{ListSessions, SessionSummary};
use mf_contract::{ApiError, Event};
use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::prelude::*;

/// How many rows a request loads; a person sees half of them at most.
const PAGE: u32 = 100;

/// The work that was asked for, as a page holds it.
#[derive(Clone, Debug)]
pub struct Work {
    pub shelf: Shelf,
    /// Loads what follows in a stretch.
    pub more: Callback<Branch>,
}

/// What is under way.
#[derive(Debug, Default)]
struct Flights {
    round: u32,
    asked: Option<Asked>,
    /// The newest shelf that was drawn.
    shelf: Shelf,
    /// Stretches with a request under way, and whether they have to be loaded anew behind it.
    busy: BTreeMap<Branch, bool>,
}

/// Loads the work of a query; nothing while `None`.
#[hook]
pub fn use_work(asked: Option<Asked>) -> Work {
    let shelf = use_reducer(Shelf::default);
    let flights = use_mut_ref(Flights::default);
    // Stretches are shared: this copies one pointer for each.
    let current = (*shelf).clone();
    flights.borrow_mut().shelf = current.clone();
    let more = {
        let (flights, dispatcher) = (flights.clone(), shelf.dispatcher());
        use_callback((), move |branch: Branch, ()| load(&flights, &dispatcher, branch, Extent::Page))
    };
    {
        let (flights, dispatcher) = (flights.clone(), shelf.dispatcher());
        use_effect_with(asked, move |asked| {
            let shown = {
                let mut flights = flights.borrow_mut();
                let grouped =
                    |asked: &Option<Asked>| asked.as_ref().is_some_and(|asked| asked.query.by_client);
                let keep = grouped(asked) == grouped(&flights.asked);
                flights.asked.clone_from(asked);
                flights.round += 1;
                // What is under way answers the query before and is dropped when it comes.
                flights.busy.clear();
                dispatcher.dispatch(Change::Asked { round: flights.round, keep });
                let shelf = std::mem::take(&mut flights.shelf);
                let shown = shelf.branches().filter(|branch| keep && !matches!(branch.kind, Kind::Inside(_)));
                shown.cloned().collect::<Vec<_>>()
            };
            for branch in shown {
                load(&flights, &dispatcher, branch, Extent::Page);
            }
        });
    }
    {
        let dispatcher = shelf.dispatcher();
        use_event(Callback::from(move |event: Event| {
            let concerned: Vec<Branch> = {
                let flights = flights.borrow();
                let branches = flights.shelf.branches().chain(flights.busy.keys());
                branches.filter(|branch| branch.concerned_by(&event)).cloned().collect()
            };
            for branch in concerned {
                load(&flights, &dispatcher, branch, Extent::Whole);
            }
        }));
    }
    Work { shelf: current, more }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// What follows the last row.
    Page,
    /// As much as is loaded, as it is now.
    Whole,
}

type Shared = Rc<RefCell<Flights>>;

fn load(flights: &Shared, dispatcher: &UseReducerDispatcher<Shelf>, branch: Branch, extent: Extent) {
    {
        let mut flights = flights.borrow_mut();
        if flights.asked.is_none() {
            // The list is drawn before the page has said what it is of, and asks again then.
            return;
        }
        if let Some(again) = flights.busy.get_mut(&branch) {
            // A burst of events loads twice at most: now, and once when that is answered.
            *again |= extent == Extent::Whole;
            return;
        }
        flights.busy.insert(branch.clone(), false);
    }
    let (flights, dispatcher) = (flights.clone(), dispatcher.clone());
    wasm_bindgen_futures::spawn_local(async move {
        let round = flights.borrow().round;
        let mut extent = extent;
        loop {
            let change = change(&flights, round, &branch, extent).await;
            let mut flights = flights.borrow_mut();
            if flights.round != round {
                break;
            }
            if let Some(change) = change {
                dispatcher.dispatch(change);
            }
            if !flights.busy.insert(branch.clone(), false).unwrap_or_default() {
                flights.busy.remove(&branch);
                break;
            }
            extent = Extent::Whole;
        }
    });
}

/// Asks for a page, or for page after page until as many rows are there as are shown.
async fn change(flights: &Shared, round: u32, branch: &Branch, extent: Extent) -> Option<Change> {
    let asked = flights.borrow().asked.clone()?;
    let shown = || {
        let flights = flights.borrow();
        if flights.shelf.is_stale() { None } else { flights.shelf.stretch(branch).cloned() }
    };
    let branch = branch.clone();
    if extent == Extent::Page {
        let known = shown().unwrap_or_default();
        let from = known.rows.len();
        return Some(match page(&asked, &branch, known.rows.last()).await {
            Ok(rows) => Change::Page { round, branch, from, ended: rows.len() < PAGE as usize, rows },
            Err(error) => Change::Failed { round, branch, error },
        });
    }
    let mut rows = Vec::new();
    loop {
        match page(&asked, &branch, rows.last()).await {
            Err(error) => return Some(Change::Failed { round, branch, error }),
            Ok(next) => {
                let ended = next.len() < PAGE as usize;
                rows.extend(next);
                if ended || rows.len() >= shown().map_or(0, |known| known.rows.len()) {
                    return Some(Change::Whole { round, branch, rows, ended });
                }
            }
        }
    }
}

async fn page(asked: &Asked, branch: &Branch, after: Option<&Row>) -> Result<Vec<Row>, ApiError> {
    let group = branch.group.as_ref();
    let of_sessions = |request: ListSessions| {
        let before = match after {
            Some(Row::Session(session)) => Some(session.id),
            _ => None,
        };
        Ask::of(&ListSessions { before, limit: Some(PAGE), ..request })
    };
    let ask = match branch.kind {
        Kind::Batches => {
            let before = match after {
                Some(Row::Batch(batch)) => Some(batch.batch_id),
                _ => None,
            };
            Ask::of(&asked.batches(group, before, PAGE))
        }
        Kind::Singles => match asked.singles(group) {
            Some(singles) => of_sessions(singles),
            None => return Ok(Vec::new()),
        },
        Kind::Inside(batch) => of_sessions(asked.inside(batch, group)),
    };
    Ok(rows(&*api::load(&ask, None).await?.data))
}

fn rows(reply: &dyn Any) -> Vec<Row> {
    if let Some(batches) = reply.downcast_ref::<Vec<BatchSummary>>() {
        return batches.iter().map(|batch| Row::Batch(Rc::new(batch.clone()))).collect();
    }
    let sessions = reply.downcast_ref::<Vec<SessionSummary>>().map_or(&[][..], |sessions| &sessions[..]);
    sessions.iter().map(|session| Row::Session(Rc::new(session.clone()))).collect()
}
