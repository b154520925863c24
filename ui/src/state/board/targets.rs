//! Naming and correcting the targets of sessions that have not begun: one line per target, as everywhere.

use crate::state::time::count;
use mf_contract::batches::TargetAssignment;
use mf_contract::board::{Board, BoardSession};
use mf_domain::Invalid;
use mf_domain::session::SessionStatus;
use mf_domain::targets::{Target, to_lines};

/// The label of the one session of a batch that was fired without targets.
const UNASSIGNED: &str = "Unassigned";

/// Whether the batch has only the session that stands for targets nobody has named yet.
#[must_use]
pub fn waits_for_targets(board: &Board) -> bool {
    matches!(&board.sessions[..], [only] if only.label == UNASSIGNED && only.status == SessionStatus::Pending)
}

/// The sessions whose targets can be changed, in the order of the board.
#[must_use]
pub fn pending(board: &Board) -> Vec<&BoardSession> {
    board.sessions.iter().filter(|session| session.status == SessionStatus::Pending).collect()
}

fn target(session: &BoardSession) -> Target {
    Target { label: session.label.clone(), notes: session.notes.clone(), ..Target::default() }
}

/// The targets as lines, to be changed; nothing where nobody has named them yet.
#[must_use]
pub fn lines(board: &Board) -> String {
    if waits_for_targets(board) {
        return String::new();
    }
    to_lines(&pending(board).into_iter().map(target).collect::<Vec<_>>())
}

/// What the lines change.
///
/// # Errors
/// There are more or fewer lines than targets, so that nobody could say which is which.
pub fn assignments(board: &Board, typed: &[Target]) -> Result<Vec<TargetAssignment>, Invalid> {
    let assign = |session: Option<&BoardSession>, target: &Target| TargetAssignment {
        session_id: session.map(|session| session.id),
        label: target.label.clone(),
        notes: target.notes.clone(),
        client: None,
        site: None,
        variables: None,
    };
    if waits_for_targets(board) {
        return Ok(typed.iter().map(|target| assign(None, target)).collect());
    }
    let pending = pending(board);
    if typed.len() != pending.len() {
        let (lines, targets) = (count(typed.len(), "line"), count(pending.len(), "target"));
        let message = format!(
            "Keep one line for each target, in their order: there are {targets} to change, and {lines}."
        );
        return Err(Invalid::new("targets", message));
    }
    let changed = pending.into_iter().zip(typed).filter(|(session, typed)| {
        session.label != typed.label || session.notes.as_deref() != typed.notes.as_deref()
    });
    Ok(changed.map(|(session, typed)| assign(Some(session), typed)).collect())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{board, row};
    use super::*;
    use SessionStatus as S;

    fn typed(labels: &[&str]) -> Vec<Target> {
        labels.iter().map(|label| Target { label: (*label).to_owned(), ..Target::default() }).collect()
    }

    #[test]
    fn pending_targets_are_changed_line_by_line() {
        let board =
            board(vec![row(1, S::Completed, "ddd"), row(2, S::Pending, "..."), row(3, S::Pending, "...")]);
        assert_eq!(lines(&board), "RDS-02\nRDS-03 # Slow disk\n");
        let changed = assignments(&board, &typed(&["RDS-02", "CTX-03"])).unwrap();
        assert_eq!(changed.len(), 1);
        assert_eq!(
            (changed[0].session_id, changed[0].label.as_str()),
            (Some(board.sessions[2].id), "CTX-03")
        );
        assert_eq!(changed[0].notes, None);
        let refused = assignments(&board, &typed(&["RDS-02"])).unwrap_err();
        assert!(refused.message.ends_with("there are 2 targets to change, and 1 line."), "{refused}");
    }

    #[test]
    fn a_batch_without_targets_gets_as_many_as_are_typed() {
        let mut board = board(vec![row(1, S::Pending, "...")]);
        assert!(!waits_for_targets(&board));
        board.sessions[0].label = "Unassigned".to_owned();
        assert!(waits_for_targets(&board));
        assert_eq!(lines(&board), "");
        let named = assignments(&board, &typed(&["A", "B"])).unwrap();
        assert!(named.iter().all(|target| target.session_id.is_none()) && named.len() == 2);
    }
}
