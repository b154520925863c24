//! Samples about target lists, batches and sessions.

use super::flows::{field, procedure};
use super::*;
use mf_contract::batches::*;
use mf_contract::board::*;
use mf_contract::reports::*;
use mf_contract::sessions::*;
use mf_contract::target_lists::*;
use mf_contract::{Done, Patch};
use mf_domain::batch::{BatchOrigin, BatchStatus, Rollup};
use mf_domain::flow::{ContentType, EvidenceRule, FlowType, Outcome, StepId};
use mf_domain::ids::DeviceId;
use mf_domain::intake::Answers;
use mf_domain::session::fold::{Decision, Note};
use mf_domain::session::{SessionEvent, SessionEventKind, SessionStatus, StepOutcome};
use mf_domain::targets::Target;
use mf_domain::version::HybridClock;
use std::collections::BTreeMap;

fn targets() -> Vec<Target> {
    let target = |label: &str, notes: Option<&str>| Target {
        label: label.to_owned(),
        notes: notes.map(str::to_owned),
        ..Target::default()
    };
    let detailed = Target {
        client: Some("Contoso".to_owned()),
        site: Some("Rome".to_owned()),
        variables: variables(),
        ..target("RDS-03", None)
    };
    vec![target("RDS-01", Some("10.0.0.11")), detailed, target("RDS-02", None)]
}

fn variables() -> BTreeMap<String, String> {
    BTreeMap::from([("ip".to_owned(), "10.0.0.11".to_owned())])
}

fn answers() -> Answers {
    Answers::from([("ring".to_owned(), "pilot".to_owned())])
}

fn lists() -> Vec<Sample> {
    let list = TargetList {
        id: id(3),
        name: "RDS farm".to_owned(),
        description: "All of it".to_owned(),
        client: Some("Fabrikam".to_owned()),
        site: None,
        targets: targets(),
        created_by: None,
        created_at: at(0),
        updated_at: at(1),
    };
    let row = TargetListSummary {
        id: id(3),
        name: "RDS farm".to_owned(),
        description: "All of it".to_owned(),
        client: Some("Fabrikam".to_owned()),
        site: Some("Oslo".to_owned()),
        target_count: 2,
        first_labels: vec!["RDS-01".to_owned(), "RDS-02".to_owned()],
        last_used_at: Some(at(1)),
        updated_at: at(1),
    };
    let create = CreateTargetList {
        name: "RDS farm".to_owned(),
        description: "All of it".to_owned(),
        client: Some("Fabrikam".to_owned()),
        site: None,
        targets: targets(),
    };
    let update = UpdateTargetList {
        id: id(3),
        name: Some("RDS farm".to_owned()),
        description: Some("All of it".to_owned()),
        client: Patch::Set("Fabrikam".to_owned()),
        site: Patch::Clear,
        targets: Some(targets()),
    };
    let client =
        ClientSummary { name: "Fabrikam".to_owned(), target_lists: 2, sessions: 40, open_sessions: 3 };
    vec![
        sample(&ListTargetLists::default(), &vec![row.clone()]),
        sample(&ListTargetLists { client: Some("fabrikam".to_owned()) }, &vec![row]),
        sample(&ListClients {}, &vec![client]),
        sample(&GetTargetList { id: id(3) }, &list),
        sample(&create, &list),
        sample(&update, &list),
        sample(&DeleteTargetList { id: id(3) }, &Done {}),
    ]
}

fn board(batch: Batch) -> Sample {
    let step_id = StepId("update".to_owned());
    let board = Board {
        batch,
        steps: vec![BoardStep {
            id: step_id.clone(),
            title: "Install updates".to_owned(),
            content_type: ContentType::Action,
            evidence: EvidenceRule::Required,
            estimate_minutes: Some(20),
        }],
        sessions: vec![
            BoardSession {
                id: id(6),
                label: "RDS-01".to_owned(),
                notes: Some("10.0.0.11".to_owned()),
                status: SessionStatus::Failed,
                assignee: Some(id(9)),
                current_step_id: None,
                started_at: Some(at(1)),
                ended_at: Some(at(2)),
                cells: "f".to_owned(),
                step_notes: [(step_id.clone(), "no space".to_owned())].into(),
                session_note: Some("old host".to_owned()),
            },
            BoardSession {
                id: id(7),
                label: "RDS-02".to_owned(),
                notes: None,
                status: SessionStatus::Pending,
                assignee: None,
                current_step_id: Some(step_id),
                started_at: None,
                ended_at: None,
                cells: ".".to_owned(),
                step_notes: BTreeMap::new(),
                session_note: None,
            },
        ],
    };
    sample(&GetBoard { batch_id: id(5) }, &board)
}

fn batches() -> Vec<Sample> {
    let launched = LaunchedBatch {
        batch_id: id(5),
        count: 1,
        sessions: vec![LaunchedSession {
            id: id(6),
            batch_id: id(5),
            target_label: "RDS-01".to_owned(),
            flow_id: id(1),
            status: SessionStatus::Pending,
        }],
    };
    let summary = BatchSummary {
        batch_id: id(5),
        flow_id: id(1),
        flow_name: "Patch Citrix".to_owned(),
        origin: BatchOrigin::Schedule,
        launched_at: at(1),
        scheduled_for: Some(at(1)),
        rollup: Rollup {
            total: 8,
            pending: 1,
            in_progress: 1,
            completed: 2,
            failed: 1,
            skipped: 2,
            cancelled: 1,
        },
        status: BatchStatus::InProgress,
    };
    let batch = Batch {
        summary: summary.clone(),
        revision_id: id(2),
        revision: 2,
        intake: answers(),
        missing_intake: vec![field()],
        schedule_id: Some(id(4)),
        target_list_id: Some(id(3)),
        retry_of: None,
    };
    let launch = LaunchBatch {
        flow_id: id(1),
        targets: Some(targets()),
        target_list_id: None,
        intake: answers(),
        request_id: Some("ticket 4711".to_owned()),
    };
    let from_list = LaunchBatch {
        targets: None,
        target_list_id: Some(id(3)),
        intake: Answers::new(),
        request_id: None,
        ..launch.clone()
    };
    let list = ListBatches {
        flow_id: Some(id(1)),
        client: Some("Contoso".to_owned()),
        limit: Some(50),
        before: Some(id(5)),
    };
    vec![
        sample(&launch, &launched),
        sample(&from_list, &launched),
        sample(&list, &vec![summary]),
        sample(&GetBatch { batch_id: id(5) }, &batch),
        sample(&SetBatchIntake { batch_id: id(5), intake: answers() }, &batch),
        sample(&RetryBatch { batch_id: id(5) }, &launched),
        sample(&CancelBatch { batch_id: id(5) }, &Done {}),
        board(batch),
        sample(
            &report(ReportFormat::Markdown, Some("Europe/Berlin")),
            &document("md", Some("# Patch"), None),
        ),
        sample(&report(ReportFormat::Csv, None), &document("csv", Some("flow,batch_id"), None)),
        sample(&report(ReportFormat::Pdf, None), &document("pdf", None, Some("JVBERi0="))),
    ]
}

fn report(format: ReportFormat, zone: Option<&str>) -> MakeReport {
    MakeReport { batch_id: id(5), format, timezone: zone.map(str::to_owned) }
}

fn document(extension: &str, text: Option<&str>, base64: Option<&str>) -> ReportDocument {
    ReportDocument {
        file_name: format!("patch-20261208-1200.{extension}"),
        media_type: "text/plain".to_owned(),
        text: text.map(str::to_owned),
        base64: base64.map(str::to_owned),
    }
}

fn events() -> Vec<SessionEvent> {
    let step_id = StepId("update".to_owned());
    let mut clock = HybridClock::new(id::<DeviceId>(8));
    let kinds = vec![
        SessionEventKind::Started { revision_id: id(2), intake: answers() },
        SessionEventKind::StepRecorded {
            step_id: step_id.clone(),
            outcome: StepOutcome::Skipped,
            note: Some("KB5048652".to_owned()),
        },
        SessionEventKind::NoteAdded { step_id: Some(step_id), text: "slow".to_owned() },
        SessionEventKind::NoteAdded { step_id: None, text: "old host".to_owned() },
        SessionEventKind::Answered { node_id: "ask".to_owned(), answer: "Yes".to_owned() },
        SessionEventKind::SteppedBack,
        SessionEventKind::Completed { outcome: Some(Outcome::Escalate) },
        SessionEventKind::Completed { outcome: None },
        SessionEventKind::Reopened,
        SessionEventKind::Cancelled,
        SessionEventKind::Assigned { member_id: Some(id(9)) },
        SessionEventKind::Assigned { member_id: None },
    ];
    let event = |(n, kind): (u128, _)| SessionEvent {
        id: id(100 + n),
        stamp: clock.stamp(1_796_688_000_000),
        at: at(1),
        author: Some(id(9)),
        kind,
    };
    (0_u128..).zip(kinds).map(event).collect()
}

fn sessions() -> Vec<Sample> {
    let note = |text: &str| Note { text: text.to_owned(), at: at(1), author: None };
    let summary = SessionSummary {
        id: id(6),
        batch_id: Some(id(5)),
        flow_id: id(1),
        flow_name: "Patch Citrix".to_owned(),
        target_label: "RDS-01".to_owned(),
        target_notes: Some("10.0.0.11".to_owned()),
        target_client: Some("Contoso".to_owned()),
        target_site: None,
        status: SessionStatus::InProgress,
        steps_recorded: 1,
        steps_failed: 0,
        steps_total: 2,
        assignee: Some(id(9)),
        created_at: at(0),
        started_at: Some(at(1)),
        ended_at: None,
    };
    let done = SessionStep {
        id: StepId("update".to_owned()),
        title: "Install updates".to_owned(),
        outcome: Some(StepOutcome::Done),
        note: Some("KB5048652".to_owned()),
        notes: vec![note("KB5048652")],
        overruled: vec![StepOutcome::Failed],
        recorded_at: Some(at(1)),
        recorded_by: Some(id(9)),
    };
    let open = SessionStep {
        id: StepId("reboot".to_owned()),
        title: "Reboot".to_owned(),
        outcome: None,
        note: None,
        notes: vec![],
        overruled: vec![],
        recorded_at: None,
        recorded_by: None,
    };
    let session = Session {
        summary: summary.clone(),
        target_variables: variables(),
        flow_type: FlowType::Maintenance,
        revision_id: id(2),
        revision: 2,
        intake: answers(),
        structure: procedure(),
        steps: vec![done, open],
        current_step_id: Some(StepId("reboot".to_owned())),
        notes: vec![note("old host")],
        path: vec![Decision { node_id: "ask".to_owned(), answer: "Yes".to_owned() }],
        current_node_id: Some("act".to_owned()),
        outcome: Some(Outcome::Resolved),
        late: false,
        events: vec![],
    };
    let with_events = Session { events: events(), ..session.clone() };
    let list = ListSessions {
        batch_id: Some(id(5)),
        flow_id: Some(id(1)),
        client: Some("Contoso".to_owned()),
        status: Some(SessionStatus::Failed),
        search: Some("rds".to_owned()),
        limit: Some(100),
        before: Some(id(6)),
    };
    let create = CreateSession { flow_id: id(1), intake: answers(), target: targets().pop() };
    let session_id = id(6);
    let record = RecordStep {
        session_id,
        step_id: StepId("update".to_owned()),
        outcome: StepOutcome::Failed,
        note: Some("no space".to_owned()),
    };
    let answer = AnswerQuestion { session_id, node_id: "ask".to_owned(), answer: "Yes".to_owned() };
    let many = RecordSteps {
        session_ids: vec![id(6), id(7)],
        step_id: StepId("update".to_owned()),
        outcome: StepOutcome::Done,
        note: Some("KB5048652".to_owned()),
    };
    let changed = ManyChanged {
        changed: 1,
        refused: vec![RefusedSession {
            session_id: id(7),
            error: ApiError::new(ErrorCode::Conflict, "the session is completed: reopen it first")
                .on("session_id"),
        }],
    };
    vec![
        sample(&list, &vec![summary]),
        sample(&GetSession { id: session_id }, &with_events),
        sample(&create, &session),
        sample(&StartSession { session_id }, &session),
        sample(&record, &session),
        sample(&many, &changed),
        sample(&AddNote { session_id, step_id: None, note: "old host".to_owned() }, &session),
        sample(&CompleteSession { session_id }, &session),
        sample(&ReopenSession { session_id }, &session),
        sample(&CancelSession { session_id }, &session),
        sample(&AssignSession { session_id, member_id: Some(id(9)) }, &session),
        sample(&AssignSession { session_id, member_id: None }, &session),
        sample(&answer, &session),
        sample(&StepBack { session_id }, &session),
    ]
}

pub(crate) fn samples() -> Vec<Sample> {
    [lists(), batches(), sessions()].concat()
}
