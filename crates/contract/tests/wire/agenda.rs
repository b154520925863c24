//! Samples about what is coming, today, and the search.

use super::*;
use mf_contract::agenda::*;
use mf_contract::batches::BatchSummary;
use mf_contract::sample as samples_of;
use mf_contract::search::*;
use mf_domain::batch::{BatchOrigin, BatchStatus, Rollup};

pub(crate) fn samples() -> Vec<Sample> {
    let one = UpcomingRun {
        schedule_id: id(4),
        flow_id: id(1),
        flow_name: "Patch Citrix".to_owned(),
        at: at(9),
        moved_from: None,
        local: "2026-12-08T10:00".to_owned(),
        offset: "+01:00".to_owned(),
        timezone: "Europe/Berlin".to_owned(),
        target_list_id: Some(id(3)),
        target_list_name: Some("RDS farm".to_owned()),
        target_count: 8,
        due: true,
        count: 1,
        until: None,
        description: "Every day at 10:00".to_owned(),
    };
    let many = UpcomingRun {
        target_list_id: None,
        target_list_name: None,
        target_count: 0,
        due: false,
        count: 1_440,
        until: Some(at(23)),
        description: "Every minute, 1,440 runs".to_owned(),
        ..one.clone()
    };
    let batch = BatchSummary {
        batch_id: id(5),
        flow_id: id(1),
        flow_name: "Patch Citrix".to_owned(),
        origin: BatchOrigin::Manual,
        launched_at: at(1),
        scheduled_for: None,
        rollup: Rollup { total: 2, pending: 1, in_progress: 1, ..Rollup::default() },
        status: BatchStatus::InProgress,
        unassigned: 1,
        ticket: None,
        sign_off_rule: mf_domain::flow::SignOffRule::None,
        sign_off: None,
    };
    let waiting = |waits_for| WaitingBatch {
        batch_id: id(5),
        flow_name: "Patch Citrix".to_owned(),
        launched_at: at(1),
        waits_for,
        count: 2,
    };
    let today = Today {
        now: at(2),
        upcoming: vec![one.clone()],
        batches: vec![batch],
        open_batches: 1,
        sessions: vec![],
        missed: vec![],
        waiting: [WaitsFor::Continue, WaitsFor::Answers, WaitsFor::SignOff].map(waiting).to_vec(),
        unread_notifications: 3,
        is_empty: false,
        has_sample: true,
    };
    let hit = |kind, title: &str, route: &str, time| SearchHit {
        kind,
        id: "01900000-0000-7000-8000-000000000001".to_owned(),
        title: title.to_owned(),
        subtitle: "Contoso".to_owned(),
        route: route.to_owned(),
        at: time,
    };
    let hits = vec![
        hit(SearchKind::Flow, "Patch Citrix", "/flows/1/maintenance", None),
        hit(SearchKind::TargetList, "Citrix farm", "/account/target-lists", None),
        hit(SearchKind::Batch, "Patch Citrix", "/batches/5", Some(at(1))),
        hit(SearchKind::Session, "CTX-01", "/sessions/6", Some(at(1))),
    ];
    vec![
        sample(&ListUpcoming { from: at(0), to: at(24), limit: Some(1_000) }, &vec![one.clone(), many]),
        sample(&ListUpcoming { from: at(0), to: at(24), limit: None }, &vec![]),
        sample(
            &ListUpcomingDays { days: vec![at(0), at(24)], to: at(48), first: Some(1) },
            &vec![
                UpcomingDay {
                    runs: 1_440,
                    lines: 2,
                    first: vec![one],
                    windows: vec![UpcomingWindow {
                        from: at(22),
                        to: at(28),
                        schedules: 12,
                        flow_names: vec!["Patch Citrix".to_owned()],
                    }],
                    more_windows: 1,
                    ..UpcomingDay::default()
                },
                UpcomingDay {
                    blackouts: vec![UpcomingBlackout {
                        name: "Year end: Christmas".to_owned(),
                        from: at(24),
                        to: at(48),
                    }],
                    ..UpcomingDay::default()
                },
            ],
        ),
        sample(&ListUpcomingDays { days: vec![at(0)], to: at(24), first: None }, &vec![]),
        sample(&GetToday {}, &today),
        sample(
            &samples_of::CreateSample { timezone: Some("Europe/Berlin".to_owned()) },
            &samples_of::Sample {
                created: true,
                flow_ids: vec![id(1)],
                target_list_ids: vec![id(3)],
                schedule_ids: vec![id(4)],
                batch_ids: vec![id(5)],
            },
        ),
        sample(
            &samples_of::DeleteSample {},
            &samples_of::DeletedSample {
                flows: 2,
                target_lists: 2,
                schedules: 1,
                batches: 2,
                kept: vec!["Patch the Citrix farm".to_owned()],
            },
        ),
        sample(&Search { text: "citrix".to_owned(), limit: Some(20) }, &hits),
    ]
}
