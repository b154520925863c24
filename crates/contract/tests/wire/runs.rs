//! Samples about target lists, batches and sessions.

use super::flows::{field, procedure};
use super::*;
use mf_contract::batches::*;
use mf_contract::board::*;
use mf_contract::reports::*;
use mf_contract::sessions::*;
use mf_contract::target_lists::*;
use mf_contract::{Done, Patch};
use mf_domain::batch::{
    BatchEvent, BatchEventKind, BatchOrigin, BatchStatus, Held, Rollup, SignOff, WaveRule,
};
use mf_domain::flow::{ContentType, EvidenceRule, FlowType, Outcome, SignOffRule, StepId, StepKind};
use mf_domain::ids::DeviceId;
use mf_domain::intake::Answers;
use mf_domain::session::fold::{Decision, Note};
use mf_domain::session::{
    AddedStep, Evidence, EvidenceFile, SessionEvent, SessionEventKind, SessionStatus, StepOutcome,
};
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

fn waves() -> WaveRule {
    WaveRule { max_in_progress: Some(5), canary: Some(1), stop_after_failures: Some(2) }
}

fn batch_events() -> Vec<BatchEvent> {
    let mut clock = HybridClock::new(id::<DeviceId>(8));
    let note = || Some("all reports read".to_owned());
    let kinds = vec![
        BatchEventKind::TicketSet { ticket: Some("CHG-4711".to_owned()) },
        BatchEventKind::TicketSet { ticket: None },
        BatchEventKind::SignedOff { note: note() },
        BatchEventKind::SignedOff { note: None },
        BatchEventKind::SignOffWithdrawn { note: note() },
        BatchEventKind::WavesSet { waves: Some(waves()) },
        BatchEventKind::WavesSet { waves: None },
        BatchEventKind::Released { failures: 2 },
        BatchEventKind::IntakeSet { answers: answers() },
    ];
    let event = |(n, kind): (u128, _)| BatchEvent {
        id: id(200 + n),
        stamp: clock.stamp(1_796_688_000_000),
        at: at(1),
        author: Some(id(9)),
        kind,
    };
    (0_u128..).zip(kinds).map(event).collect()
}

fn evidence(step: Option<&str>) -> Evidence {
    Evidence {
        id: id(11),
        step_id: step.map(|step| StepId(step.to_owned())),
        file: evidence_file(),
        at: at(1),
        author: Some(id(9)),
    }
}

fn evidence_file() -> EvidenceFile {
    EvidenceFile {
        name: "winver.txt".to_owned(),
        media_type: "text/plain".to_owned(),
        size: 3,
        sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad".to_owned(),
    }
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
                client: Some("Contoso".to_owned()),
                site: Some("Rome".to_owned()),
                variables: [("ip".to_owned(), "10.0.0.11".to_owned())].into(),
                status: SessionStatus::Failed,
                assignee: Some(id(9)),
                current_step_id: None,
                started_at: Some(at(1)),
                ended_at: Some(at(2)),
                cells: "f".to_owned(),
                step_notes: [(step_id.clone(), "no space".to_owned())].into(),
                session_note: Some("old host".to_owned()),
                evidence: [(step_id.clone(), 2)].into(),
                session_evidence: 1,
                added: vec![BoardAddedStep {
                    id: StepId("added-1".to_owned()),
                    title: "Rollback: Install updates".to_owned(),
                    after_step_id: Some(step_id.clone()),
                    rollback_of: Some(step_id.clone()),
                    cell: '.',
                }],
            },
            BoardSession {
                id: id(7),
                label: "RDS-02".to_owned(),
                notes: None,
                client: None,
                site: None,
                variables: BTreeMap::new(),
                status: SessionStatus::Pending,
                assignee: None,
                current_step_id: Some(step_id),
                started_at: None,
                ended_at: None,
                cells: ".".to_owned(),
                step_notes: BTreeMap::new(),
                session_note: None,
                evidence: BTreeMap::new(),
                session_evidence: 0,
                added: vec![],
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
        unassigned: 1,
        ticket: Some("CHG-4711".to_owned()),
        sign_off_rule: SignOffRule::SomeoneElse,
        sign_off: Some(SignOff { by: Some(id(9)), at: at(2), note: Some("all reports read".to_owned()) }),
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
        retried_by: vec![id(15)],
        sign_off_barred: true,
        waves: Some(BatchWaves {
            rule: waves(),
            released: 1,
            offered: 0,
            held: 1,
            next_session_id: Some(id(6)),
            gate: Some(Held::Stopped { failures: 2 }),
            reason: Some(Held::Canary { open: 1 }),
            words: Some(
                "stopped: 2 targets have failed; continue the batch to go on all the same".to_owned(),
            ),
        }),
        events: vec![],
    };
    let with_events = Batch { events: batch_events(), ..batch.clone() };
    let launch = LaunchBatch {
        flow_id: id(1),
        targets: Some(targets()),
        target_list_id: None,
        previous: None,
        intake: answers(),
        request_id: Some("ticket 4711".to_owned()),
        waves: Some(waves()),
    };
    let from_list = LaunchBatch {
        targets: None,
        target_list_id: Some(id(3)),
        intake: Answers::new(),
        request_id: None,
        waves: None,
        ..launch.clone()
    };
    let of_failed = LaunchBatch {
        target_list_id: None,
        previous: Some(PreviousTargets { batch_id: id(5), only_failed: true }),
        ..from_list.clone()
    };
    let of_all = LaunchBatch {
        previous: Some(PreviousTargets { batch_id: id(5), only_failed: false }),
        ..of_failed.clone()
    };
    let list = ListBatches {
        flow_id: Some(id(1)),
        client: Some("Contoso".to_owned()),
        without_client: true,
        statuses: vec![BatchStatus::Pending, BatchStatus::Finished],
        failed: true,
        assignee: Patch::Set(id(9)),
        search: Some("rds".to_owned()),
        from: Some(at(0)),
        to: Some(at(2)),
        limit: Some(50),
        before: Some(id(5)),
    };
    let assign = AssignTargets {
        batch_id: id(5),
        targets: vec![
            TargetAssignment {
                session_id: Some(id(6)),
                label: "RDS-01".to_owned(),
                notes: Some("10.0.0.11".to_owned()),
                client: Some("Contoso".to_owned()),
                site: Some("Cologne".to_owned()),
                variables: Some([("port".to_owned(), "3389".to_owned())].into()),
            },
            TargetAssignment {
                session_id: None,
                label: "RDS-02".to_owned(),
                notes: None,
                client: None,
                site: None,
                variables: None,
            },
        ],
    };
    let ticket = SetBatchTicket { batch_id: id(5), ticket: Some("CHG-4711".to_owned()) };
    let sign_off = SignOffBatch { batch_id: id(5), note: Some("all reports read".to_owned()) };
    let withdraw = WithdrawSignOff { batch_id: id(5), note: Some("wrong batch".to_owned()) };
    vec![
        sample(&launch, &launched),
        sample(&from_list, &launched),
        sample(&of_failed, &launched),
        sample(&of_all, &launched),
        sample(&list, &vec![summary]),
        sample(&GetBatch { batch_id: id(5) }, &with_events),
        sample(&SetBatchIntake { batch_id: id(5), intake: answers() }, &batch),
        sample(&RetryBatch { batch_id: id(5) }, &launched),
        sample(&CancelBatch { batch_id: id(5) }, &Done {}),
        sample(&assign, &launched),
        sample(&SetBatchWaves { batch_id: id(5), waves: Some(waves()) }, &batch),
        sample(&SetBatchWaves { batch_id: id(5), waves: None }, &batch),
        sample(&ContinueBatch { batch_id: id(5) }, &batch),
        sample(&ticket, &batch),
        sample(&sign_off, &batch),
        sample(&withdraw, &batch),
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
        SessionEventKind::Assigned { member_id: Some(id(9)), note: None },
        SessionEventKind::Assigned { member_id: None, note: Some("disk is ordered".to_owned()) },
        SessionEventKind::EvidenceAdded {
            evidence_id: id(11),
            step_id: Some(StepId("update".to_owned())),
            file: evidence_file(),
        },
        SessionEventKind::EvidenceAdded { evidence_id: id(11), step_id: None, file: evidence_file() },
        SessionEventKind::EvidenceRemoved { evidence_id: id(11) },
        SessionEventKind::StepAdded {
            step_id: StepId("added-1".to_owned()),
            title: "Free the disk".to_owned(),
            description: "Run `cleanmgr`".to_owned(),
            after_step_id: Some(StepId("update".to_owned())),
            rollback_of: None,
        },
        SessionEventKind::StepAdded {
            step_id: StepId("added-2".to_owned()),
            title: "Rollback: Install updates".to_owned(),
            description: String::new(),
            after_step_id: None,
            rollback_of: Some(StepId("update".to_owned())),
        },
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
        evidence: vec![evidence(Some("update"))],
        added: Some(AddedStep {
            step: super::flows::step("update", StepKind::ProcedureStep),
            after_step_id: Some(StepId("reboot".to_owned())),
            rollback_of: Some(StepId("reboot".to_owned())),
            at: at(1),
            author: Some(id(9)),
        }),
        rollback: Some("Uninstall it.".to_owned()),
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
        evidence: vec![],
        added: None,
        rollback: None,
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
        evidence: vec![evidence(None)],
        held: Some(Held::Turn { max_in_progress: 5 }),
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
        without_client: true,
        status: Some(SessionStatus::Failed),
        statuses: vec![SessionStatus::Failed, SessionStatus::Pending],
        search: Some("rds".to_owned()),
        assignee: Patch::Set(id(9)),
        without_batch: true,
        from: Some(at(0)),
        to: Some(at(2)),
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
    let notes = AddNotes {
        session_ids: vec![id(6), id(7)],
        step_id: Some(StepId("update".to_owned())),
        note: "old host".to_owned(),
    };
    let nobodys = ListSessions { assignee: Patch::Clear, ..ListSessions::default() };
    let counts = SessionCountsReply { pending: 3, in_progress: 2, unassigned: 1, mine: 4 };
    let count_work = CountWork {
        flow_id: Some(id(1)),
        client: Some("Contoso".to_owned()),
        search: Some("rds".to_owned()),
        assignee: Patch::Clear,
        from: Some(at(1)),
        ..CountWork::default()
    };
    let standings = Standings { pending: 1, in_progress: 2, finished: 3, failed: 1 };
    let work = WorkCounts { batches: standings, alone: Standings::default() };
    let claim = AssignSessions {
        session_ids: vec![id(6), id(7)],
        member_id: Some(id(9)),
        note: Some("disk is ordered".to_owned()),
    };
    let text = AddEvidence {
        session_id,
        step_id: Some(StepId("update".to_owned())),
        name: "winver.txt".to_owned(),
        media_type: None,
        content_base64: None,
        text: Some("abc".to_owned()),
    };
    let picture = AddEvidence {
        step_id: None,
        name: "screen.png".to_owned(),
        media_type: Some("image/png".to_owned()),
        content_base64: Some("iVBORw0KGgo=".to_owned()),
        text: None,
        ..text.clone()
    };
    let content = EvidenceContent {
        evidence: evidence(Some("update")),
        text: Some("abc".to_owned()),
        content_base64: None,
    };
    let bytes = EvidenceContent { text: None, content_base64: Some("YWJj".to_owned()), ..content.clone() };
    let read = ReadEvidence { session_id, evidence_id: id(11) };
    let add_step = AddStep {
        session_id,
        title: "Free the disk".to_owned(),
        description: "Run `cleanmgr`".to_owned(),
        after_step_id: Some(StepId("update".to_owned())),
    };
    vec![
        sample(&list, &vec![summary]),
        sample(&nobodys, &vec![]),
        sample(&SessionCounts {}, &counts),
        sample(&count_work, &work),
        sample(&claim, &changed),
        sample(&text, &session),
        sample(&picture, &session),
        sample(&RemoveEvidence { session_id, evidence_id: id(11) }, &session),
        sample(&read, &content),
        sample(&read, &bytes),
        sample(&add_step, &session),
        sample(&AddRollbackStep { session_id, step_id: StepId("update".to_owned()) }, &session),
        sample(&GetSession { id: session_id }, &with_events),
        sample(&create, &session),
        sample(&StartSession { session_id }, &session),
        sample(&record, &session),
        sample(&many, &changed),
        sample(&CompleteSessions { session_ids: vec![id(6), id(7)] }, &changed),
        sample(&AddNote { session_id, step_id: None, note: "old host".to_owned() }, &session),
        sample(&notes, &changed),
        sample(&CompleteSession { session_id }, &session),
        sample(&ReopenSession { session_id }, &session),
        sample(&CancelSession { session_id }, &session),
        sample(
            &AssignSession { session_id, member_id: Some(id(9)), note: Some("disk is ordered".to_owned()) },
            &session,
        ),
        sample(&AssignSession { session_id, member_id: None, note: None }, &session),
        sample(&answer, &session),
        sample(&StepBack { session_id }, &session),
    ]
}

pub(crate) fn samples() -> Vec<Sample> {
    [lists(), batches(), sessions()].concat()
}
