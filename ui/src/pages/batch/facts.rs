//! What holds for the batch as a whole: ticket, sign-off, waves, and work nobody has taken; and a halt, if there is one.

use super::Open;
use crate::components::ask::Ask;
use crate::components::button::{Button, Tone};
use crate::components::datetime::When;
use crate::components::icon::Icon;
use crate::state::board::targets::waits_for_targets;
use crate::state::board::waves::{failures, is_halted, words};
use crate::state::call::use_call;
use crate::state::time::{count, grouped};
use crate::state::whose::Whose;
use mf_contract::batches::ContinueBatch;
use mf_contract::board::Board;
use mf_domain::batch::BatchStatus;
use mf_domain::flow::SignOffRule;
use mf_domain::ids::MemberId;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Debug)]
pub(super) struct FactsProps<'a> {
    pub(super) board: &'a Board,
    pub(super) me: Option<MemberId>,
    pub(super) onopen: Callback<Open>,
    /// Shows the targets nobody has taken.
    pub(super) onunassigned: Callback<()>,
}

pub(super) fn facts(props: &FactsProps<'_>) -> Html {
    let summary = &props.board.batch.summary;
    let finished = summary.status == BatchStatus::Finished;
    let show = |what: Open| props.onopen.reform(move |()| what);
    let ticket = match &summary.ticket {
        Some(ticket) => html! { <>{ "Ticket" }<b class="clip">{ ticket.clone() }</b></> },
        None => html! { "Add ticket" },
    };
    html! {
        <div class="batch-facts" role="group" aria-label="The batch as a whole">
            <Button tone={Tone::Ghost} small=true icon={Icon::Ticket} onclick={show(Open::Ticket)} writes=true testid="fact-ticket">
                { ticket }
            </Button>
            if let Some(words) = sign_off(props) {
                <Button
                    tone={Tone::Ghost}
                    small=true
                    icon={if summary.sign_off.is_some() { Icon::Check } else { Icon::Pencil }}
                    onclick={show(Open::SignOff)}
                    testid="fact-sign-off"
                >
                    { words }
                </Button>
            }
            if !finished || props.board.batch.waves.is_some() {
                <Button tone={Tone::Ghost} small=true icon={Icon::Waves} onclick={show(Open::Waves)} writes=true testid="fact-waves">
                    { waves(props.board) }
                </Button>
            }
            if summary.unassigned > 0 {
                <Button tone={Tone::Ghost} small=true icon={Icon::Person} onclick={props.onunassigned.clone()} testid="fact-unassigned">
                    { format!("{} unassigned", grouped(summary.unassigned as usize)) }
                </Button>
            }
            if waits_for_targets(props.board) {
                <Button tone={Tone::Primary} small=true icon={Icon::Server} onclick={show(Open::Targets)} writes=true testid="name-targets">
                    { "Name the targets" }
                </Button>
            }
        </div>
    }
}

/// Nothing as long as nobody has to answer for the batch.
fn sign_off(props: &FactsProps<'_>) -> Option<Html> {
    let summary = &props.board.batch.summary;
    if let Some(sign_off) = &summary.sign_off {
        let by = Whose::of(sign_off.by, props.me).by();
        return Some(html! { <>{ "Signed off" }<b>{ by }</b><When at={sign_off.at} /></> });
    }
    let finished = summary.status == BatchStatus::Finished;
    Some(match (finished, summary.sign_off_rule) {
        (true, SignOffRule::None) => html! { "Sign off" },
        (true, _) => html! { <span class="tone-amber">{ "Waits for sign-off" }</span> },
        (false, SignOffRule::None) => return None,
        (false, SignOffRule::Anyone | SignOffRule::SomeoneElse) => html! { "Sign-off at the end" },
    })
}

fn waves(board: &Board) -> Html {
    let Some(waves) = &board.batch.waves else { return html! { "All targets at once" } };
    let stands = match (waves.offered, waves.held) {
        (0, 0) => String::new(),
        (offered, 0) => format!("{offered} offered"),
        (offered, held) => format!("{offered} offered, {held} held"),
    };
    html! { <>{ words(&waves.rule) }<b>{ stands }</b></> }
}

/// Why nothing more is offered, and the way on.
pub(super) fn halt(board: &Rc<Board>) -> Html {
    match &board.batch.waves {
        Some(waves) if is_halted(waves) => html! { <Halt board={board.clone()} /> },
        Some(waves) if waves.held > 0 && waves.offered == 0 => html! {
            <p class="waiting small muted" data-testid="waves-waiting">
                { Icon::Pause.svg() }{ waves.words.clone().map(|words| crate::api::capitalised(&words)) }
            </p>
        },
        _ => Html::default(),
    }
}

/// As many failed targets as fit on a line, and in the question.
const NAMED: usize = 3;
const ASKED: usize = 8;

#[derive(Properties, PartialEq)]
struct HaltProps {
    board: Rc<Board>,
}

#[component]
fn Halt(props: &HaltProps) -> Html {
    let batch = &props.board.batch;
    let proceed = use_call::<ContinueBatch>(Callback::noop());
    let onconfirm = {
        let (proceed, batch_id) = (proceed.clone(), batch.summary.batch_id);
        Callback::from(move |()| proceed.run(ContinueBatch { batch_id }))
    };
    let held = count(batch.waves.as_ref().map_or(0, |waves| waves.held as usize), "target");
    let named = |most: usize| {
        let (mut names, more) = failures(&props.board, most);
        if more > 0 {
            names.push(format!("{more} more"));
        }
        names.join(", ")
    };
    let failed = count(batch.summary.rollup.failed as usize, "target");
    html! {
        <div class="halt" role="status" data-testid="waves-halted">
            { Icon::Pause.svg() }
            <p class="grow">
                <b>{ format!("Halted: {failed} failed, {held} held. ") }</b>
                { named(NAMED) }
            </p>
            <Ask
                id="continue-batch"
                action="Continue the batch"
                short="Continue…"
                title="Continue although targets failed?"
                text={format!("Failed: {}. {held} that are held will be offered again.", named(ASKED))}
                keep="Leave it halted"
                icon={Icon::Play}
                small=true
                {onconfirm}
                busy={proceed.busy()}
                error={proceed.error_elsewhere(&[]).map(AttrValue::from)}
            />
        </div>
    }
}
