//! Those that did not take what was asked of many: by reason, each with a way to it.

use super::work::Work;
use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::route::Route;
use crate::state::board::refusals::{Refusal, by_reason};
use crate::state::time::count;
use mf_contract::board::Board;
use mf_domain::ids::SessionId;
use yew::prelude::*;

/// More than this would fill the window; they can be selected.
const LISTED: usize = 24;

pub(super) fn refused(board: &Board, work: &Work, onselect: &Callback<Vec<SessionId>>) -> Html {
    let Some(outcome) = work.outcome.as_ref().filter(|outcome| !outcome.refused.is_empty()) else {
        return Html::default();
    };
    let all: Vec<SessionId> = outcome.refused.iter().map(|refused| refused.session_id).collect();
    let number = all.len();
    html! {
        <div class="board-refused trouble" role="alert" data-testid="board-refused">
            { Icon::Alert.svg() }
            <div class="grow">
                <p><b>{ format!("{} recorded, {number} not:", outcome.changed) }</b></p>
                for refusal in by_reason(&outcome.refused) {
                    { reason(board, &refusal) }
                }
            </div>
            <Button tone={Tone::Ghost} small=true onclick={onselect.reform(move |()| all.clone())} testid="select-refused">
                { if number == 1 { "Select it".to_owned() } else { format!("Select these {number}") } }
            </Button>
            <Button tone={Tone::Ghost} small=true icon={Icon::Cross} label="Close message" onclick={work.onread.clone()} />
        </div>
    }
}

fn reason(board: &Board, refusal: &Refusal) -> Html {
    let name = |id: &SessionId| {
        board.sessions.iter().find(|session| session.id == *id).map_or("", |session| session.label.as_str())
    };
    let more = refusal.sessions.len().saturating_sub(LISTED);
    html! {
        <div class="small">
            <p>{ &refusal.why }{ if refusal.needs_evidence { " Add it in the session:" } else { "" } }</p>
            <p class="refused-names">
                for id in refusal.sessions.iter().take(LISTED) {
                    <To route={Route::Session { id: *id }} testid="refused-session">{ name(id) }</To>
                }
                if more > 0 {
                    <span>{ format!("and {}", count(more, "more target")) }</span>
                }
            </p>
        </div>
    }
}
