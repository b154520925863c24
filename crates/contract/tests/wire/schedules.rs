//! Samples about schedules and the tick.

use super::*;
use mf_contract::batches::{LaunchedBatch, LaunchedSession};
use mf_contract::schedules::*;
use mf_contract::standings::*;
use mf_contract::{Done, Patch};
use mf_domain::batch::{BatchStatus, Rollup};
use mf_domain::intake::Answers;
use mf_domain::policy::{AllowedWindow, OnBlackout};
use mf_domain::recurrence::{Nth, Recurrence, TimeOfDay, Weekday};
use mf_domain::session::SessionStatus;

pub(crate) fn samples() -> Vec<Sample> {
    let recurrence = || Recurrence::Cron { expression: "0 22 * * 5".to_owned() };
    let time = TimeOfDay::new(22, 0).unwrap_or_default();
    let window = || AllowedWindow {
        weekdays: vec![Weekday::Saturday, Weekday::Sunday],
        from: TimeOfDay::parse("22:00").unwrap_or_default(),
        to: TimeOfDay::parse("04:00").unwrap_or_default(),
    };
    let answers = || Answers::from([("ring".to_owned(), "pilot".to_owned())]);
    let schedule = Schedule {
        id: id(4),
        flow_id: id(1),
        flow_name: "Patch Citrix".to_owned(),
        recurrence: recurrence(),
        description: "At 22:00 every Friday, Berlin time".to_owned(),
        timezone: "Europe/Berlin".to_owned(),
        target_list_id: Some(id(3)),
        target_list_name: Some("RDS farm".to_owned()),
        misfire: Misfire::RunOnce,
        overlap: Overlap::Allow,
        grace_seconds: 3_600,
        windows: vec![window()],
        blackout_calendar_ids: vec![id(8)],
        on_blackout: OnBlackout::Move,
        notify_before_minutes: Some(30),
        notify_unfinished_at: Some("07:30".to_owned()),
        intake: answers(),
        is_active: true,
        next_run_at: Some(at(2)),
        last_run_at: None,
        created_by: Some(id(9)),
        created_at: at(0),
        updated_at: at(1),
    };
    let create = CreateSchedule {
        flow_id: id(1),
        recurrence: recurrence(),
        timezone: Some("Europe/Berlin".to_owned()),
        target_list_id: Some(id(3)),
        misfire: Some(Misfire::RunOnce),
        overlap: Some(Overlap::Allow),
        grace_seconds: Some(3_600),
        windows: vec![window()],
        blackout_calendar_ids: vec![id(8)],
        on_blackout: Some(OnBlackout::Move),
        notify_before_minutes: Some(30),
        notify_unfinished_at: Some("07:30".to_owned()),
        intake: answers(),
    };
    let update = UpdateSchedule {
        id: id(4),
        recurrence: Some(recurrence()),
        timezone: Some("UTC".to_owned()),
        target_list_id: Patch::Set(id(3)),
        misfire: Some(Misfire::RunOnce),
        overlap: Some(Overlap::Allow),
        grace_seconds: Some(60),
        windows: Some(Vec::new()),
        blackout_calendar_ids: Some(vec![id(8)]),
        on_blackout: Some(OnBlackout::Skip),
        notify_before_minutes: Patch::Set(30),
        notify_unfinished_at: Patch::Clear,
        intake: Some(answers()),
        is_active: Some(false),
    };
    let nothing = UpdateSchedule::unchanged(id(4));
    let list_taken_off = UpdateSchedule { target_list_id: Patch::Clear, ..nothing.clone() };
    let preview = SchedulePreview {
        description: "At 22:00 every Friday, Berlin time".to_owned(),
        occurrences: vec![
            PreviewedOccurrence {
                at: at(9),
                count: 1,
                local: "2026-12-08T22:00".to_owned(),
                offset: "+01:00".to_owned(),
                remark: None,
                verdict: Verdict::Runs,
                starts_at: None,
                blackout: None,
            },
            PreviewedOccurrence {
                at: at(9),
                count: 1,
                local: "2026-10-25T02:30".to_owned(),
                offset: "+02:00".to_owned(),
                remark: Some("02:30 happens twice: runs the first time".to_owned()),
                verdict: Verdict::Runs,
                starts_at: None,
                blackout: None,
            },
        ],
        never: None,
        looked_until: None,
    };
    let verdicts = [Verdict::Moved, Verdict::Replaced, Verdict::OutsideWindow, Verdict::Blackout];
    let blacked_out = SchedulePreview {
        occurrences: verdicts
            .map(|verdict| PreviewedOccurrence {
                count: if verdict == Verdict::Moved { 1 } else { 96 },
                verdict,
                starts_at: Some(at(10)),
                blackout: Some("Freeze: Christmas".to_owned()),
                ..preview.occurrences[0].clone()
            })
            .to_vec(),
        never: Some("Every run lies in a blackout.".to_owned()),
        looked_until: Some(at(11)),
        ..preview.clone()
    };
    let missed = |reason| MissedOccurrence {
        id: id(7),
        schedule_id: id(4),
        flow_id: id(1),
        flow_name: "Patch Citrix".to_owned(),
        nominal: at(1),
        count: 1,
        reason,
        detail: (reason == MissedReason::Blackout).then(|| "Freeze: Christmas".to_owned()),
        absence: Some(Absence::Asleep),
        outcome: MissedOutcome::None,
        answer_by: None,
        recorded_at: at(3),
        can_run: reason != MissedReason::Blackout,
        span_count: 4,
    };
    let reasons = [
        MissedReason::GracePassed,
        MissedReason::Coalesced,
        MissedReason::ScheduleChanged,
        MissedReason::Failed,
        MissedReason::NotRunning,
        MissedReason::Asleep,
        MissedReason::OutsideWindow,
        MissedReason::Blackout,
        MissedReason::Overlap,
        MissedReason::Paused,
    ];
    let outcomes = [
        MissedOutcome::None,
        MissedOutcome::Replaced,
        MissedOutcome::Skipped,
        MissedOutcome::Asked,
        MissedOutcome::Unanswered,
        MissedOutcome::Declined,
    ];
    let done_about = |outcome| MissedOccurrence {
        absence: Some(Absence::NotRunning),
        outcome,
        answer_by: Some(at(2)),
        ..missed(MissedReason::NotRunning)
    };
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
    let other_policies =
        UpdateSchedule { misfire: Some(Misfire::Ask), overlap: Some(Overlap::Skip), ..nothing.clone() };
    let skipping = UpdateSchedule { misfire: Some(Misfire::Skip), ..nothing.clone() };
    let report = TickReport {
        fired: vec![FiredSchedule { schedule_id: id(4), batch_id: id(5), count: 8 }],
        missed: 2,
        transitions: 0,
    };
    let ask = PreviewSchedule {
        recurrence: recurrence(),
        timezone: "Europe/Berlin".to_owned(),
        after: Some(at(0)),
        count: 5,
        schedule_id: None,
        windows: Vec::new(),
        blackout_calendar_ids: Vec::new(),
        on_blackout: None,
    };
    let ask_with_limits = PreviewSchedule {
        schedule_id: Some(id(4)),
        windows: vec![window()],
        blackout_calendar_ids: vec![id(8)],
        on_blackout: Some(OnBlackout::Move),
        ..ask.clone()
    };
    let patch_tuesday =
        PreviewSchedule { recurrence: Recurrence::PatchTuesday { offset_days: 3, time }, ..ask.clone() };
    let nth_weekday = PreviewSchedule {
        recurrence: Recurrence::NthWeekday { nth: Nth::Last, weekday: Weekday::Sunday, time },
        ..ask.clone()
    };
    let healths = [
        ScheduleHealth::Paused,
        ScheduleHealth::NeverRuns,
        ScheduleHealth::Asking,
        ScheduleHealth::Missing,
        ScheduleHealth::Failing,
        ScheduleHealth::New,
        ScheduleHealth::Good,
    ];
    let standing = |health| ScheduleStanding {
        schedule: schedule.clone(),
        health,
        words: "A sentence for a person.".to_owned(),
        last_run: (health == ScheduleHealth::Good).then(|| LastRun {
            batch_id: id(5),
            scheduled_for: at(1),
            launched_at: at(1),
            status: BatchStatus::Finished,
            rollup: Rollup { total: 8, completed: 8, ..Rollup::default() },
        }),
        missed_lately: 2,
    };
    let unreadable = UnreadableSchedule {
        id: id(4),
        flow_id: id(1),
        flow_name: "Patch Citrix".to_owned(),
        is_active: true,
        problem: "A sentence for a person.".to_owned(),
    };
    let partly = SchedulesChanged {
        changed: 1,
        refused: vec![RefusedSchedule {
            schedule_id: id(14),
            error: ApiError::new(ErrorCode::Conflict, "A sentence for a person.").on("flow_id"),
        }],
    };
    vec![
        sample(&ListScheduleStandings {}, &healths.map(standing).to_vec()),
        sample(&SetSchedulesActive { ids: vec![id(4), id(14)], is_active: true }, &partly),
        sample(&create, &schedule),
        sample(&GetScheduleForFlow { flow_id: id(1) }, &Some(schedule.clone())),
        sample(&GetScheduleForFlow { flow_id: id(1) }, &None),
        sample(&ListSchedules {}, &vec![schedule.clone()]),
        sample(&ListUnreadableSchedules::default(), &vec![unreadable]),
        sample(&ListUnreadableSchedules { flow_id: Some(id(1)) }, &Vec::new()),
        sample(&update, &schedule),
        sample(&nothing, &schedule),
        sample(&list_taken_off, &schedule),
        sample(&other_policies, &schedule),
        sample(&skipping, &schedule),
        sample(&DeleteSchedule { id: id(4) }, &Done {}),
        sample(&ask, &preview),
        sample(&patch_tuesday, &preview),
        sample(&nth_weekday, &preview),
        sample(&ask_with_limits, &blacked_out),
        sample(&ListTimeZones {}, &vec!["Europe/Berlin".to_owned(), "UTC".to_owned()]),
        sample(
            &ListMissedOccurrences { schedule_id: Some(id(4)), ..ListMissedOccurrences::default() },
            &reasons.map(missed).to_vec(),
        ),
        sample(
            &ListMissedOccurrences { schedule_id: None, from: Some(at(0)), to: Some(at(24)) },
            &vec![MissedOccurrence { count: 720, span_count: 1_440, ..missed(MissedReason::GracePassed) }],
        ),
        sample(&ListMissedOccurrences::default(), &outcomes.map(done_about).to_vec()),
        sample(&RunMissedOccurrence { schedule_id: id(4), nominal: at(1) }, &launched),
        sample(&SkipMissedOccurrence { schedule_id: id(4), nominal: at(1) }, &Done {}),
        sample(&SchedulerTick { now: at(9) }, &report),
    ]
}
