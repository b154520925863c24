//! The board of a batch: what a cell says, which targets are shown, and what else a person needs to know about them.
//!
//! Results are not here: they come from the engine.

pub mod asking;
pub mod chips;
mod filter;
mod kept;
pub mod refusals;
pub mod selection;
pub mod targets;
#[cfg(test)]
pub(crate) mod tests;
pub mod time;
pub mod titles;
pub mod waves;

pub use filter::{Filter, WHOSE, clients, shown};
pub use kept::{Place, address, came_from, keep, place, query};

use mf_contract::board::{Board, BoardSession, BoardStep};
use mf_domain::session::{SessionStatus, StepOutcome};
use std::rc::Rc;

/// What a cell shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing recorded yet.
    Open,
    /// The step the work stands at.
    Current,
    Recorded(StepOutcome),
}

/// The cell of a step; `step` is its place.
#[must_use]
pub fn cell(steps: &[BoardStep], session: &BoardSession, step: usize) -> Cell {
    let letter = session.cells.as_bytes().get(step).copied().map_or('.', char::from);
    outcome(letter).map_or_else(
        || {
            let current = session.current_step_id.as_ref();
            let here = session.status == SessionStatus::InProgress
                && current.is_some()
                && current == steps.get(step).map(|step| &step.id);
            if here { Cell::Current } else { Cell::Open }
        },
        Cell::Recorded,
    )
}

/// What a letter of [`BoardSession::cells`] stands for; nothing while the step is open.
#[must_use]
pub fn outcome(letter: char) -> Option<StepOutcome> {
    match letter {
        'd' => Some(StepOutcome::Done),
        'f' => Some(StepOutcome::Failed),
        's' => Some(StepOutcome::Skipped),
        _ => None,
    }
}

/// The note of a cell.
#[must_use]
pub fn note<'a>(steps: &[BoardStep], session: &'a BoardSession, step: usize) -> Option<&'a str> {
    session.step_notes.get(&steps.get(step)?.id).map(String::as_str)
}

/// Pieces of evidence of a cell.
#[must_use]
pub fn evidence(steps: &[BoardStep], session: &BoardSession, step: usize) -> u32 {
    steps.get(step).and_then(|step| session.evidence.get(&step.id)).copied().unwrap_or(0)
}

/// Why the first failed step of a session failed: its title, and the note if there is one.
#[must_use]
pub fn failure(board: &Board, session: &BoardSession) -> Option<String> {
    let at = session.cells.find('f').filter(|at| *at < board.steps.len())?;
    let title = titles::of_cell(board, at, session);
    Some(match note(&board.steps, session, at) {
        Some(note) => format!("{title}: {note}"),
        None => title,
    })
}

/// The place of the step a session stands at; the first where nothing is open.
#[must_use]
pub fn current(session: &BoardSession) -> usize {
    session.cells.find('.').unwrap_or(0)
}

/// Whether every step is recorded and the session only waits to be completed.
#[must_use]
pub fn is_complete(session: &BoardSession) -> bool {
    session.status == SessionStatus::InProgress
        && !session.cells.contains('.')
        && session.added.iter().all(|added| added.cell != '.')
}

/// The rows of a newer board: those that are as they were are the very same, so that nothing about them is drawn again.
#[must_use]
pub fn kept(before: &[Rc<BoardSession>], now: &[BoardSession]) -> Vec<Rc<BoardSession>> {
    let same = |at: usize, session: &BoardSession| before.get(at).filter(|old| ***old == *session).cloned();
    now.iter()
        .enumerate()
        .map(|(at, session)| same(at, session).unwrap_or_else(|| Rc::new(session.clone())))
        .collect()
}
