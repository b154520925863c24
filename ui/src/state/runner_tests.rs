//! Tests of [`super`].

use super::*;
use chrono::DateTime;
use mf_domain::ids::{FlowId, MemberId};
use uuid::Uuid;

fn summary(n: u128, status: SessionStatus, recorded: u32) -> SessionSummary {
    SessionSummary {
        id: SessionId(Uuid::from_u128(n)),
        batch_id: None,
        flow_id: FlowId(Uuid::nil()),
        flow_name: "Patch".to_owned(),
        target_label: format!("RDS-{n:02}"),
        target_notes: None,
        target_client: None,
        target_site: None,
        status,
        steps_recorded: recorded,
        steps_failed: 0,
        steps_total: 6,
        assignee: None,
        created_at: DateTime::UNIX_EPOCH,
        started_at: None,
        ended_at: None,
    }
}

fn session(outcomes: &[Option<StepOutcome>]) -> Session {
    let steps: Vec<SessionStep> = outcomes
        .iter()
        .enumerate()
        .map(|(n, outcome)| SessionStep {
            id: StepId(n.to_string()),
            title: String::new(),
            outcome: *outcome,
            note: None,
            notes: Vec::new(),
            overruled: Vec::new(),
            recorded_at: None,
            recorded_by: None,
            evidence: Vec::new(),
            added: None,
            rollback: None,
        })
        .collect();
    Session {
        summary: summary(1, SessionStatus::InProgress, 0),
        target_variables: Default::default(),
        flow_type: mf_domain::flow::FlowType::Maintenance,
        revision_id: mf_domain::ids::RevisionId(Uuid::nil()),
        revision: 1,
        intake: mf_domain::intake::Answers::new(),
        structure: mf_domain::flow::Structure::Procedure(mf_domain::flow::Procedure::default()),
        current_step_id: steps.iter().find(|step| step.outcome.is_none()).map(|step| step.id.clone()),
        steps,
        notes: Vec::new(),
        evidence: Vec::new(),
        held: None,
        path: Vec::new(),
        current_node_id: None,
        outcome: None,
        late: false,
        events: Vec::new(),
    }
}

#[test]
fn the_view_follows_the_work_until_the_person_looks_elsewhere() {
    let session = session(&[Some(StepOutcome::Done), None, None]);
    let view = Rc::new(View::default());
    assert_eq!(view.open_step(&session), Some(&StepId("1".into())));
    assert_eq!(view.moved(&session, -1), Some(StepId("0".into())));
    let view = view.reduce(ViewAction::Open(StepId("0".into())));
    assert_eq!(view.open_step(&session), Some(&StepId("0".into())));
    assert_eq!(view.moved(&session, -1), None);
    let view = view.reduce(ViewAction::Explain(StepOutcome::Failed));
    assert_eq!(view.explaining, Some(StepOutcome::Failed));
    assert_eq!(*view.reduce(ViewAction::Follow), View::default());
}

#[test]
fn what_is_being_written_ends_with_the_step_it_was_for() {
    let view = Rc::new(View::default())
        .reduce(ViewAction::Attach(Some(Whose::Step)))
        .reduce(ViewAction::Show(Some(Over::AddStep)));
    assert_eq!((view.attaching, view.over), (Some(Whose::Step), Some(Over::AddStep)));
    assert_eq!(view.reduce(ViewAction::Open(StepId("1".into()))).attaching, None);
}

#[test]
fn how_many_nobody_has() {
    let mut batch = [summary(1, SessionStatus::Pending, 0), summary(2, SessionStatus::Completed, 6)];
    assert_eq!(unassigned(&batch), 1);
    batch[0].assignee = Some(MemberId(Uuid::from_u128(7)));
    assert_eq!(unassigned(&batch), 0);
}

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(minute * 60, 0).unwrap()
}

#[test]
fn times_run_from_the_start_to_now_or_to_the_end() {
    let mut session = session(&[Some(StepOutcome::Failed), Some(StepOutcome::Failed), None]);
    assert_eq!((times(&session, at(9)), current_since(&session)), (None, None));
    session.summary.started_at = Some(at(1));
    let step = |id: &str, estimate| Step {
        id: StepId(id.to_owned()),
        kind: mf_domain::flow::StepKind::ProcedureStep,
        title: String::new(),
        description: String::new(),
        content_type: mf_domain::flow::ContentType::Action,
        estimate_minutes: estimate,
        evidence: mf_domain::flow::EvidenceRule::None,
        rollback: String::new(),
    };
    let steps = vec![step("0", Some(5)), step("1", None), step("2", Some(15))];
    let sign_off = mf_domain::flow::SignOffRule::None;
    session.structure = mf_domain::flow::Structure::Procedure(mf_domain::flow::Procedure { steps, sign_off });
    session.steps[0].recorded_at = Some(at(8));
    session.steps[1].recorded_at = Some(at(4));
    assert_eq!(times(&session, at(11)), Some(Times { elapsed: 10, estimated: 20, left: 15 }));
    assert_eq!(current_since(&session), Some(at(8)));
    session.summary.ended_at = Some(at(31));
    assert_eq!(times(&session, at(90)).unwrap().elapsed, 30);
    assert!(rollback_offered(&session).is_none());
    session.steps[0].rollback = Some("Restore the snapshot".to_owned());
    session.steps[1].rollback = Some("Uninstall".to_owned());
    assert_eq!(rollback_offered(&session).unwrap().id, StepId("0".to_owned()));
}

#[test]
fn from_behind_the_last_step_one_back_is_the_last() {
    let session = session(&[Some(StepOutcome::Done), Some(StepOutcome::Failed)]);
    let view = View::default();
    assert_eq!(view.open_step(&session), None);
    assert_eq!(view.moved(&session, -1), Some(StepId("1".into())));
    assert_eq!(view.moved(&session, 1), None);
    assert_eq!(Tally::of(&session.steps).words(), "1 done, 1 failed");
}

#[test]
fn the_next_open_target_comes_after_this_one_and_then_from_the_start() {
    use SessionStatus as S;
    let batch = [
        summary(1, S::Pending, 0),
        summary(2, S::Completed, 6),
        summary(3, S::Failed, 6),
        summary(4, S::InProgress, 3),
    ];
    assert_eq!(next_open(&batch, batch[1].id).map(|s| s.id), Some(batch[3].id));
    assert_eq!(next_open(&batch, batch[3].id).map(|s| s.id), Some(batch[0].id));
    assert_eq!(next_open(&batch[1..3], batch[1].id), None);
    let ahead = |held, batch: &[SessionSummary], id| ahead_of_held(held, batch, id).map(|other| other.id);
    let of = |max_in_progress| Held::Turn { max_in_progress };
    assert_eq!(ahead(of(1), &batch, batch[1].id), Some(batch[3].id));
    assert_eq!(ahead(of(2), &batch, batch[1].id), Some(batch[0].id));
    assert_eq!(ahead(Held::Canary { open: 1 }, &batch[..3], batch[1].id), Some(batch[0].id));
    assert_eq!(neighbour(&batch, batch[0].id, -1), None);
    assert_eq!(neighbour(&batch, batch[0].id, 1).map(|s| s.id), Some(batch[1].id));
    assert_eq!(batch.iter().map(percent).collect::<Vec<_>>(), [0, 100, 100, 50]);
}

#[test]
fn without_writing_keys_only_look_around() {
    let at_work = SessionStatus::InProgress;
    for act in [Act::Next, Act::Previous, Act::Leave] {
        assert!(only_looks(act, at_work));
    }
    let writing = [Act::Fail, Act::Skip, Act::Note, Act::Attach, Act::Add, Act::Rollback, Act::Assign];
    for act in writing.into_iter().chain([Act::Proceed, Act::Back, Act::Answer(0)]) {
        assert!(!only_looks(act, at_work));
    }
    assert!(only_looks(Act::Proceed, SessionStatus::Completed));
}
