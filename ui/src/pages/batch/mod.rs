//! One batch: how it stands as a whole, and its board.

mod dialogs;
mod facts;
mod head;
mod intake;
mod left;
mod subbar;
mod targets;

pub use intake::IntakeNotice;

use super::board::BoardGrid;
use super::frame::{Crumb, Frame};
use super::not_here::NotHere;
use crate::browser;
use crate::components::loaded::{loaded, skeleton};
use crate::route::{Route, use_here};
use crate::state::board::{Filter, clients};
use crate::state::load::use_load;
use crate::state::me::use_me;
use crate::state::whose::Whose;
use dialogs::Dialogs;
use facts::{FactsProps, facts, halt};
use head::Head;
use mf_contract::board::{Board, GetBoard};
use mf_contract::{ErrorCode, Event};
use mf_domain::batch::BatchStatus;
use mf_domain::ids::BatchId;
use std::rc::Rc;
use subbar::Subbar;
use yew::prelude::*;

/// Properties of [`BatchPage`].
#[derive(Debug, Properties, PartialEq)]
pub struct BatchPageProps {
    pub id: BatchId,
}

/// What lies over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Nothing,
    Ticket,
    SignOff,
    Waves,
    Targets,
    Cancel,
}

/// The page.
#[component]
pub fn BatchPage(props: &BatchPageProps) -> Html {
    let batch_id = props.id;
    let board = use_load(Some(GetBoard { batch_id }), |request, event| match event {
        Event::BatchChanged { batch_id, .. } => *batch_id == request.batch_id,
        Event::SessionChanged { batch_id, .. } => *batch_id == Some(request.batch_id),
        _ => false,
    });
    let me = use_me();
    let filter = Filter::of(&use_here());
    let open = use_state(|| Open::Nothing);
    let name = board.data().map_or_else(|| "Batch".to_owned(), |board| board.batch.summary.flow_name.clone());
    if board.data().is_none() && board.error().is_some_and(|error| error.code == ErrorCode::NotFound) {
        return html! {
            <NotHere
                crumbs={vec![Crumb::to("Sessions", Route::Sessions)]}
                title="This batch is not here"
                to={Route::Sessions}
                words="Go to sessions"
            />
        };
    }
    let onopen = {
        let open = open.setter();
        Callback::from(move |what: Open| open.set(what))
    };
    // Each choice is an address of its own; what is typed takes the place of what was typed before.
    let onfilter = {
        let filter = filter.clone();
        Callback::from(move |next: Filter| {
            let typed = Filter { typed: next.typed.clone(), ..filter.clone() } == next;
            if next != filter {
                browser::go_to(&next.address(batch_id), typed);
            }
        })
    };
    let body = {
        let (filter, onopen) = (filter.clone(), onopen.clone());
        move |board: Rc<Board>| {
            let batch = &board.batch;
            let asks = !batch.missing_intake.is_empty() && batch.summary.status != BatchStatus::Finished;
            let nobodys = onfilter.reform(|()| Filter { whose: Some(Whose::Nobody), ..Filter::default() });
            html! {
                <>
                    <Head board={board.clone()} onopen={onopen.clone()} />
                    { facts(&FactsProps { board: &board, me, onopen, onunassigned: nobodys }) }
                    { halt(&board) }
                    if asks {
                        <IntakeNotice {batch_id} fields={batch.missing_intake.clone()} known={batch.intake.clone()} />
                    }
                    <Subbar
                        rollup={batch.summary.rollup}
                        clients={clients(&board)}
                        filter={filter.clone()}
                        onfilter={onfilter.clone()}
                    />
                    <BoardGrid key={batch_id.to_string()} board={board.clone()} {filter} {me} onclear={onfilter.reform(|()| Filter::default())} />
                </>
            }
        }
    };
    html! {
        <Frame crumbs={vec![Crumb::to("Sessions", Route::Sessions), Crumb::here(name)]} flush=true>
            if board.data().is_none() && board.error().is_none() {
                { skeleton(8) }
            } else {
                { loaded(&board, 6, body) }
            }
            if let Some(board) = board.data() {
                <Dialogs {board} {me} open={*open} onclose={onopen.reform(|()| Open::Nothing)} />
            }
        </Frame>
    }
}
