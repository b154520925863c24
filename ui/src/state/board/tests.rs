//! A board to test with, and what its cells say.

use super::*;
use crate::state::whose::Whose;
use chrono::DateTime;
use mf_contract::batches::{Batch, BatchSummary};
use mf_contract::board::BoardAddedStep;
use mf_domain::batch::{BatchOrigin, BatchStatus, Rollup};
use mf_domain::flow::{ContentType, EvidenceRule, StepId};
use mf_domain::ids::{BatchId, FlowId, MemberId, RevisionId, SessionId};
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

pub(crate) fn row(n: u128, status: SessionStatus, cells: &str) -> BoardSession {
    let steps = ["a", "b", "c"];
    BoardSession {
        id: SessionId(Uuid::from_u128(n)),
        label: format!("RDS-{n:02}"),
        notes: (n == 3).then(|| "Slow disk".to_owned()),
        client: (n > 2).then(|| "Contoso".to_owned()),
        site: None,
        variables: Default::default(),
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

pub(crate) fn board(sessions: Vec<BoardSession>) -> Board {
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
        retried_by: Vec::new(),
        sign_off_barred: false,
        waves: None,
        events: Vec::new(),
    };
    Board { batch, steps: vec![step("a", Some(5)), step("b", Some(10)), step("c", None)], sessions }
}

pub(crate) fn some() -> Board {
    use SessionStatus as S;
    board(vec![
        row(1, S::Completed, "ddd"),
        row(2, S::InProgress, "d.."),
        row(3, S::InProgress, "dds"),
        row(4, S::Pending, "..."),
    ])
}

pub(crate) fn added(cell: char) -> BoardAddedStep {
    BoardAddedStep {
        id: StepId(format!("added-{cell}")),
        title: "Free the disk".to_owned(),
        after_step_id: None,
        rollback_of: None,
        cell,
    }
}

#[test]
fn cells_say_what_was_recorded_and_where_the_work_stands() {
    let board = some();
    let (steps, running) = (&board.steps, &board.sessions[1]);
    assert_eq!(cell(steps, running, 0), Cell::Recorded(StepOutcome::Done));
    assert_eq!(cell(steps, running, 1), Cell::Current);
    assert_eq!(cell(steps, running, 2), Cell::Open);
    // A session nobody has started stands nowhere.
    assert_eq!(cell(steps, &board.sessions[3], 0), Cell::Open);
    assert_eq!((note(steps, running, 0), note(steps, running, 1)), (Some("n"), None));
    assert_eq!(evidence(steps, running, 0), 0);
    assert_eq!(failure(&board, running), None);
}

#[test]
fn a_session_is_complete_when_its_own_steps_are_recorded_too() {
    let mut board = some();
    assert!(is_complete(&board.sessions[2]) && !is_complete(&board.sessions[0]));
    board.sessions[2].added = vec![added('.')];
    assert!(!is_complete(&board.sessions[2]));
    board.sessions[2].added = vec![added('s')];
    assert!(is_complete(&board.sessions[2]));
}

#[test]
fn filters_look_at_status_words_client_and_whose_it_is() {
    let (mut board, me) = (some(), MemberId(Uuid::from_u128(9)));
    board.sessions[1].assignee = Some(me);
    board.sessions[2].assignee = Some(MemberId(Uuid::from_u128(8)));
    let places = |filter: Filter| shown(&board, &filter, Some(me));
    let typed = |typed: &str| Filter { typed: typed.to_owned(), ..Filter::default() };
    assert_eq!(places(typed(" rds-0 ")), [0, 1, 2, 3]);
    assert_eq!(places(typed("DISK")), [2]);
    let running = Filter { status: Some(SessionStatus::InProgress), ..Filter::default() };
    assert_eq!(places(running), [1, 2]);
    let whose = |whose: Whose| Filter { whose: Some(whose), ..Filter::default() };
    assert_eq!(places(whose(Whose::Mine)), [1]);
    assert_eq!(places(whose(Whose::Other)), [2]);
    assert_eq!(places(whose(Whose::Nobody)), [0, 3]);
    assert_eq!(clients(&board), ["", "Contoso"]);
    let client = |client: &str| Filter { client: Some(client.to_owned()), ..Filter::default() };
    assert_eq!((places(client("")), places(client("Contoso"))), (vec![0, 1], vec![2, 3]));
    let one = super::tests::board(vec![row(3, SessionStatus::Pending, "...")]);
    assert_eq!(clients(&one), Vec::<String>::new());
}

#[test]
fn rows_that_stayed_the_same_are_the_same() {
    let mut board = some();
    let before = kept(&[], &board.sessions);
    board.sessions[1].cells = "dd.".to_owned();
    let after = kept(&before, &board.sessions);
    let same: Vec<bool> = before.iter().zip(&after).map(|(a, b)| Rc::ptr_eq(a, b)).collect();
    assert_eq!(same, [true, false, true, true]);
    assert_eq!(after[1].cells, "dd.");
    assert_eq!(kept(&after, &board.sessions[..1]).len(), 1);
}
