//! The wire, word by word: one sample of every request, reply, event and error. A change of any of them shows up in
//! review as a change of a snapshot; scripts that call these commands depend on them.

mod agenda;
mod blackouts;
mod drafts;
mod flows;
mod runs;
mod schedules;
mod target_imports;
mod team;
mod workspace;

use chrono::{DateTime, Utc};
use mf_contract::{ApiError, COMMANDS, Command, ErrorCode, Event};
use mf_domain::ids::{BatchId, FlowId, SessionId, TargetListId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use uuid::Uuid;

/// A command's name, and a request and a reply as they travel.
type Sample = (&'static str, String);

fn id<T: From<Uuid>>(n: u128) -> T {
    T::from(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + n))
}

fn at(hour: u32) -> DateTime<Utc> {
    DateTime::from_timestamp(1_796_688_000 + i64::from(hour) * 3_600, 0).unwrap_or_default()
}

/// The value as JSON text, read back to the same value on the way.
fn written<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let read: Result<T, _> = serde_json::from_str(&text);
    assert_eq!(read.ok().as_ref(), Some(value), "{text}");
    text
}

fn sample<C>(request: &C, reply: &C::Reply) -> Sample
where
    C: Command + PartialEq + Debug,
    C::Reply: PartialEq + Debug,
{
    (C::NAME, format!("{}\n→ {}\n← {}\n", C::NAME, written(request), written(reply)))
}

fn text(samples: Vec<Sample>) -> String {
    samples.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n")
}

#[test]
fn requests_and_replies_about_flows() {
    insta::assert_snapshot!("flows", text(flows::samples()));
}

#[test]
fn requests_and_replies_about_target_lists_batches_and_sessions() {
    insta::assert_snapshot!("runs", text(runs::samples()));
}

#[test]
fn requests_and_replies_about_schedules() {
    insta::assert_snapshot!("schedules", text(schedules::samples()));
}

#[test]
fn requests_and_replies_about_notifications_and_the_workspace() {
    insta::assert_snapshot!("workspace", text(workspace::samples()));
}

#[test]
fn requests_and_replies_about_the_agenda_and_the_search() {
    insta::assert_snapshot!("agenda", text(agenda::samples()));
}

#[test]
fn requests_and_replies_about_blackout_calendars() {
    insta::assert_snapshot!("blackouts", text(blackouts::samples()));
}

#[test]
fn requests_and_replies_about_drafts() {
    insta::assert_snapshot!("drafts", text(drafts::samples()));
}

#[test]
fn requests_and_replies_about_target_imports() {
    insta::assert_snapshot!("target_imports", text(target_imports::samples()));
}

#[test]
fn requests_and_replies_about_teams() {
    insta::assert_snapshot!("team", text(team::samples()));
}

#[test]
fn every_command_has_a_sample() {
    let samples = [
        agenda::samples(),
        blackouts::samples(),
        drafts::samples(),
        flows::samples(),
        runs::samples(),
        schedules::samples(),
        target_imports::samples(),
        team::samples(),
        workspace::samples(),
    ]
    .concat();
    let mut sampled: Vec<&str> = samples.iter().map(|(name, _)| *name).collect();
    sampled.sort_unstable();
    sampled.dedup();
    let mut commands = COMMANDS.to_vec();
    commands.sort_unstable();
    assert_eq!(sampled, commands);
}

#[test]
fn events() {
    let (flow_id, batch_id): (FlowId, BatchId) = (id(1), id(5));
    let (session_id, target_list_id): (SessionId, TargetListId) = (id(6), id(3));
    let all = [
        Event::FlowChanged { flow_id },
        Event::TargetListChanged { target_list_id },
        Event::BatchChanged { batch_id, flow_id },
        Event::SessionChanged { session_id, batch_id: Some(batch_id), flow_id },
        Event::SessionChanged { session_id, batch_id: None, flow_id },
        Event::ScheduleChanged { flow_id },
        Event::ReportProgress { batch_id, done: 20, total: 1_000 },
        Event::BackupsChanged,
        Event::NotificationsChanged,
        Event::SyncStatusChanged,
        Event::MembersChanged,
        Event::ConflictsChanged,
        Event::WorkspacesChanged,
        Event::EverythingChanged,
        Event::Navigate { route: format!("/batches/{batch_id}") },
    ];
    // A match without a wildcard: whoever adds an event is led here.
    for event in &all {
        match event {
            Event::FlowChanged { .. }
            | Event::TargetListChanged { .. }
            | Event::BatchChanged { .. }
            | Event::SessionChanged { .. }
            | Event::ScheduleChanged { .. }
            | Event::ReportProgress { .. }
            | Event::BackupsChanged
            | Event::NotificationsChanged
            | Event::SyncStatusChanged
            | Event::MembersChanged
            | Event::ConflictsChanged
            | Event::WorkspacesChanged
            | Event::EverythingChanged
            | Event::Navigate { .. } => {}
        }
    }
    insta::assert_snapshot!("events", all.iter().map(written).collect::<Vec<_>>().join("\n"));
}

#[test]
fn errors() {
    use ErrorCode::*;
    let all = [Validation, NotFound, Conflict, Forbidden, InvalidFlowType, Unavailable, Corrupt, Internal];
    // As above.
    for code in all {
        match code {
            Validation | NotFound | Conflict | Forbidden | InvalidFlowType | Unavailable | Corrupt
            | Internal => {}
        }
    }
    let mut errors: Vec<ApiError> =
        all.into_iter().map(|code| ApiError::new(code, "A sentence for a person.")).collect();
    errors.push(ApiError::new(Validation, "must not be empty").on("targets[3].label"));
    insta::assert_snapshot!("errors", errors.iter().map(written).collect::<Vec<_>>().join("\n"));
}
