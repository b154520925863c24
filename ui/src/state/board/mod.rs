//! The board of a batch: which targets are shown, where the cursor stands, what is selected, and how long it takes.
//!
//! Results are not here: they come from the engine. A selection is of sessions and not of places, so that it survives
//! another filter and rows that arrive meanwhile.

use chrono::{DateTime, Utc};
use mf_contract::board::{Board, BoardSession};
use mf_domain::ids::SessionId;
use mf_domain::session::{SessionStatus, StepOutcome};

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
pub fn cell(board: &Board, session: &BoardSession, step: usize) -> Cell {
    match session.cells.as_bytes().get(step) {
        Some(b'd') => Cell::Recorded(StepOutcome::Done),
        Some(b'f') => Cell::Recorded(StepOutcome::Failed),
        Some(b's') => Cell::Recorded(StepOutcome::Skipped),
        _ => {
            let current = session.current_step_id.as_ref();
            let here = session.status == SessionStatus::InProgress
                && current.is_some()
                && current == board.steps.get(step).map(|step| &step.id);
            if here { Cell::Current } else { Cell::Open }
        }
    }
}

/// The note of a cell.
#[must_use]
pub fn note<'a>(board: &Board, session: &'a BoardSession, step: usize) -> Option<&'a str> {
    session.step_notes.get(&board.steps.get(step)?.id).map(String::as_str)
}

/// The place of the step a session stands at; the first where nothing is open.
#[must_use]
pub fn current(session: &BoardSession) -> usize {
    session.cells.find('.').unwrap_or(0)
}

/// Whether every step is recorded and the session only waits to be completed.
#[must_use]
pub fn is_complete(session: &BoardSession) -> bool {
    session.status == SessionStatus::InProgress && !session.cells.contains('.')
}

/// The places of the sessions with a status whose label or notes hold `typed`, ignoring case.
#[must_use]
pub fn shown(board: &Board, status: Option<SessionStatus>, typed: &str) -> Vec<usize> {
    let typed = typed.trim().to_lowercase();
    let fits = |session: &BoardSession| {
        status.is_none_or(|status| session.status == status)
            && (typed.is_empty()
                || session.label.to_lowercase().contains(&typed)
                || session.notes.as_ref().is_some_and(|notes| notes.to_lowercase().contains(&typed)))
    };
    board.sessions.iter().enumerate().filter(|(_, session)| fits(session)).map(|(index, _)| index).collect()
}

/// Where the cursor stands and what is selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The row, as long as the person has chosen one.
    pub row: Option<SessionId>,
    pub step: usize,
    /// Each once.
    pub chosen: Vec<SessionId>,
    /// Where a range began.
    anchor: Option<SessionId>,
}

impl Selection {
    /// Whether a session is selected.
    #[must_use]
    pub fn has(&self, id: SessionId) -> bool {
        self.chosen.contains(&id)
    }

    fn choose(&mut self, id: SessionId, chosen: bool) {
        self.chosen.retain(|other| *other != id);
        if chosen {
            self.chosen.push(id);
        }
    }

    /// The place of the cursor among the rows that are shown: where the person put it, or else the first target with
    /// work left.
    #[must_use]
    pub fn at(&self, board: &Board, shown: &[usize]) -> usize {
        let place = |row: SessionId| shown.iter().position(|index| board.sessions[*index].id == row);
        self.row.and_then(place).unwrap_or_else(|| {
            shown.iter().position(|index| !board.sessions[*index].status.is_terminal()).unwrap_or(0)
        })
    }

    /// The cursor on another row; with `extend`, everything between where the range began and there is selected.
    #[must_use]
    pub fn moved(&self, board: &Board, shown: &[usize], to: usize, extend: bool) -> Self {
        let id = |place: usize| shown.get(place).map(|index| board.sessions[*index].id);
        let mut next = self.clone();
        let from = self.at(board, shown);
        let to = to.min(shown.len().saturating_sub(1));
        next.row = id(to);
        if extend {
            let anchor = self.anchor.or(id(from));
            let began = anchor
                .and_then(|anchor| shown.iter().position(|index| board.sessions[*index].id == anchor))
                .unwrap_or(from);
            for place in began.min(to)..=began.max(to) {
                if let Some(id) = id(place) {
                    next.choose(id, true);
                }
            }
            // Going back takes out what the range had taken in.
            if from.abs_diff(began) > to.abs_diff(began)
                && let Some(left) = id(from)
            {
                next.choose(left, false);
            }
            next.anchor = anchor;
        } else {
            next.anchor = None;
        }
        next
    }

    /// The cursor on another step.
    #[must_use]
    pub fn on_step(&self, step: usize) -> Self {
        Self { step, ..self.clone() }
    }

    /// One session more or less.
    #[must_use]
    pub fn toggled(&self, id: SessionId) -> Self {
        let mut next = self.clone();
        next.choose(id, !self.has(id));
        next.anchor = Some(id);
        next
    }

    /// All rows that are shown; nothing when they all are selected already.
    #[must_use]
    pub fn all(&self, board: &Board, shown: &[usize]) -> Self {
        let all: Vec<SessionId> = shown.iter().map(|index| board.sessions[*index].id).collect();
        let same = self.chosen.len() == all.len() && all.iter().all(|id| self.has(*id));
        let chosen = if same { Vec::new() } else { all };
        Self { chosen, anchor: None, ..self.clone() }
    }

    /// Nothing selected.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self { chosen: Vec::new(), anchor: None, ..self.clone() }
    }

    /// What a key acts on: the selection, in the order of the board, or the row of the cursor.
    #[must_use]
    pub fn targets<'a>(&self, board: &'a Board, shown: &[usize]) -> Vec<&'a BoardSession> {
        if self.chosen.is_empty() {
            let row = shown.get(self.at(board, shown));
            return row.map(|index| &board.sessions[*index]).into_iter().collect();
        }
        board.sessions.iter().filter(|session| self.has(session.id)).collect()
    }
}

/// Minutes since the first session was started, until now or until the last one ended.
#[must_use]
pub fn elapsed_minutes(board: &Board, now: DateTime<Utc>) -> Option<u32> {
    let began = board.sessions.iter().filter_map(|session| session.started_at).min()?;
    let over = board.sessions.iter().all(|session| session.status.is_terminal());
    let ended = board.sessions.iter().filter_map(|session| session.ended_at).max().filter(|_| over);
    u32::try_from((ended.unwrap_or(now) - began).num_minutes()).ok()
}

/// Minutes of work that are left by the estimates of the open steps.
#[must_use]
pub fn minutes_left(board: &Board) -> u32 {
    let open = board.sessions.iter().filter(|session| !session.status.is_terminal());
    open.flat_map(|session| session.cells.bytes().zip(&board.steps))
        .filter(|(letter, _)| *letter == b'.')
        .filter_map(|(_, step)| step.estimate_minutes)
        .fold(0, u32::saturating_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mf_contract::batches::{Batch, BatchSummary};
    use mf_contract::board::BoardStep;
    use mf_domain::batch::{BatchOrigin, BatchStatus, Rollup};
    use mf_domain::flow::{ContentType, EvidenceRule, StepId};
    use mf_domain::ids::{BatchId, FlowId, RevisionId};
    use uuid::Uuid;

    fn step(name: &str, estimate_minutes: Option<u32>) -> BoardStep {
        BoardStep {
            id: StepId(name.to_owned()),
            title: name.to_owned(),
            content_type: ContentType::Action,
            evidence: EvidenceRule::None,
            estimate_minutes,
        }
    }

    fn row(n: u128, status: SessionStatus, cells: &str) -> BoardSession {
        let steps = ["a", "b", "c"];
        BoardSession {
            id: SessionId(Uuid::from_u128(n)),
            label: format!("RDS-{n:02}"),
            notes: (n == 3).then(|| "Slow disk".to_owned()),
            status,
            assignee: None,
            current_step_id: cells.find('.').map(|at| StepId(steps[at].to_owned())),
            started_at: DateTime::from_timestamp(600, 0),
            ended_at: status.is_terminal().then_some(DateTime::from_timestamp(1_800, 0)).flatten(),
            cells: cells.to_owned(),
            step_notes: [(StepId("a".to_owned()), "n".to_owned())].into(),
            session_note: None,
            evidence: Default::default(),
            session_evidence: 0,
            added: Vec::new(),
        }
    }

    fn board(sessions: Vec<BoardSession>) -> Board {
        let summary = BatchSummary {
            batch_id: BatchId(Uuid::nil()),
            flow_id: FlowId(Uuid::nil()),
            flow_name: String::new(),
            origin: BatchOrigin::Manual,
            launched_at: DateTime::UNIX_EPOCH,
            scheduled_for: None,
            rollup: Rollup::default(),
            status: BatchStatus::InProgress,
            unassigned: 0,
            ticket: None,
            sign_off_rule: mf_domain::flow::SignOffRule::None,
            sign_off: None,
        };
        let batch = Batch {
            summary,
            revision_id: RevisionId(Uuid::nil()),
            revision: 1,
            intake: mf_domain::intake::Answers::new(),
            missing_intake: Vec::new(),
            schedule_id: None,
            target_list_id: None,
            retry_of: None,
            waves: None,
            events: Vec::new(),
        };
        Board { batch, steps: vec![step("a", Some(5)), step("b", Some(10)), step("c", None)], sessions }
    }

    fn some() -> Board {
        use SessionStatus as S;
        board(vec![
            row(1, S::Completed, "ddd"),
            row(2, S::InProgress, "d.."),
            row(3, S::InProgress, "dds"),
            row(4, S::Pending, "..."),
        ])
    }

    fn names(board: &Board, selection: &Selection) -> Vec<u128> {
        let all: Vec<usize> = (0..board.sessions.len()).collect();
        selection.targets(board, &all).iter().map(|session| session.id.0.as_u128()).collect()
    }

    #[test]
    fn cells_say_what_was_recorded_and_where_the_work_stands() {
        let board = some();
        assert_eq!(cell(&board, &board.sessions[1], 0), Cell::Recorded(StepOutcome::Done));
        assert_eq!(cell(&board, &board.sessions[1], 1), Cell::Current);
        assert_eq!(cell(&board, &board.sessions[1], 2), Cell::Open);
        // A session nobody has started stands nowhere.
        assert_eq!(cell(&board, &board.sessions[3], 0), Cell::Open);
        assert_eq!(note(&board, &board.sessions[1], 0), Some("n"));
        assert_eq!(note(&board, &board.sessions[1], 1), None);
        assert!(is_complete(&board.sessions[2]) && !is_complete(&board.sessions[0]));
    }

    #[test]
    fn filters_look_at_status_label_and_notes() {
        let board = some();
        assert_eq!(shown(&board, None, " rds-0 "), [0, 1, 2, 3]);
        assert_eq!(shown(&board, Some(SessionStatus::InProgress), ""), [1, 2]);
        assert_eq!(shown(&board, None, "DISK"), [2]);
    }

    #[test]
    fn the_cursor_begins_at_the_first_open_target_and_a_key_acts_on_it() {
        let (board, all) = (some(), [0, 1, 2, 3]);
        let selection = Selection::default();
        assert_eq!(selection.at(&board, &all), 1);
        assert_eq!(names(&board, &selection), [2]);
        let selection = selection.moved(&board, &all, 9, false);
        assert_eq!((selection.at(&board, &all), names(&board, &selection)), (3, vec![4]));
        // It stays with its target when others are hidden, and begins anew when it is hidden itself.
        assert_eq!(selection.at(&board, &[2, 3]), 1);
        assert_eq!(selection.at(&board, &[0, 2]), 1);
    }

    #[test]
    fn a_range_grows_and_shrinks_and_everything_can_be_selected() {
        let (board, all) = (some(), [0, 1, 2, 3]);
        let selection = Selection::default().moved(&board, &all, 2, true).moved(&board, &all, 3, true);
        assert_eq!(names(&board, &selection), [2, 3, 4]);
        let selection = selection.moved(&board, &all, 2, true);
        assert_eq!(names(&board, &selection), [2, 3]);
        let selection = selection.toggled(board.sessions[0].id).toggled(board.sessions[1].id);
        assert_eq!(names(&board, &selection), [1, 3]);
        let selection = selection.all(&board, &all);
        assert_eq!(names(&board, &selection), [1, 2, 3, 4]);
        assert!(selection.all(&board, &all).chosen.is_empty());
        assert!(selection.cleared().chosen.is_empty());
    }

    #[test]
    fn time_is_counted_from_the_first_start_and_estimated_by_the_open_steps() {
        let board = some();
        let now = DateTime::from_timestamp(4_200, 0).unwrap();
        assert_eq!(elapsed_minutes(&board, now), Some(60));
        assert_eq!(minutes_left(&board), 10 + 15);
        let over = super::tests::board(vec![row(1, SessionStatus::Completed, "ddd")]);
        assert_eq!(elapsed_minutes(&over, now), Some(20));
        assert_eq!(minutes_left(&over), 0);
    }
}
