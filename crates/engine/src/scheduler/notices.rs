//! What firing and missing read like, in the notification centre and on the desktop. Pure.

use super::plan::Plan;
use crate::launch::Launch;
use crate::names::{name_of, named};
use crate::ports::Toast;
use chrono::{DateTime, Utc};
use mf_contract::notifications::NotificationKind;
use mf_contract::schedules::{Absence, MissedOutcome, MissedReason};
use mf_domain::batch::Rollup;
use mf_domain::ids::{BatchId, NotificationId};
use mf_domain::occurrence::ready_notification_id;
use mf_domain::recurrence::Zone;
use mf_store::missed::MissedSpan;
use mf_store::notifications::NotificationRow;
use uuid::Uuid;

fn sessions_words(count: u32) -> String {
    if count == 1 { "1 session created".to_owned() } else { format!("{count} sessions created") }
}

/// A run that is ready; `open` is how far the one before it is, if it is still open.
pub(super) fn ready_toast(plan: &Plan, launch: &Launch, open: Option<&Rollup>) -> Toast {
    let due = launch
        .batch
        .fired_for
        .as_ref()
        .map(|fired| format!("Due {}, {}", fired.nominal_local.replace('T', " "), fired.zone));
    let list = plan.listed.target_list.as_ref().map(|(_, name)| format!("targets from “{name}”"));
    let previous = open.map(|rollup| format!("previous run {}", rollup.words()));
    let body: Vec<String> = [due, list, previous].into_iter().flatten().collect();
    Toast {
        title: format!(
            "Maintenance run ready: {} — {}",
            plan.listed.flow_name,
            sessions_words(launch.count())
        ),
        body: body.join(" · "),
        route: format!("/batches/{}", launch.batch.id),
    }
}

/// Many runs at once, in one toast.
pub(super) fn summary_toast(runs: usize, sessions: u32) -> Toast {
    Toast {
        title: format!("{runs} maintenance runs ready — {}", sessions_words(sessions)),
        body: "Open the notification centre to see them all".to_owned(),
        route: "/notifications".to_owned(),
    }
}

/// The notice that a run is ready, in the centre.
pub(super) fn ready_notice(batch: BatchId, toast: &Toast, now: DateTime<Utc>) -> NotificationRow {
    notice(ready_notification_id(batch), NotificationKind::RunReady, toast, now)
}

fn notice(id: NotificationId, kind: NotificationKind, toast: &Toast, now: DateTime<Utc>) -> NotificationRow {
    NotificationRow {
        id,
        kind: name_of(kind),
        title: toast.title.clone(),
        body: toast.body.clone(),
        route: toast.route.clone(),
        missed_id: None,
        created_at: now,
        read_at: None,
    }
}

/// An occurrence that was missed, and runs late if somebody says so.
pub(super) fn asked_toast(plan: &Plan, span: &MissedSpan) -> Toast {
    let zone = Zone::named(&span.timezone).ok();
    let wall = |at: DateTime<Utc>| match &zone {
        Some(zone) => zone.to_local(at).0.format("%Y-%m-%d %H:%M").to_string(),
        None => at.format("%Y-%m-%d %H:%M UTC").to_string(),
    };
    let due = format!("Due {}, {}", wall(span.from), span.timezone);
    let until = span.answer_by.map(|by| format!("answer by {}", wall(by)));
    let body: Vec<String> = [Some(due), why(span).map(str::to_owned), until].into_iter().flatten().collect();
    Toast {
        title: format!("Missed: {} — run it now or skip it?", plan.listed.flow_name),
        body: body.join(" · "),
        route: "/notifications".to_owned(),
    }
}

/// Many questions at once, in one toast.
pub(super) fn asked_summary_toast(count: usize) -> Toast {
    Toast {
        title: format!("{count} missed runs wait for an answer"),
        body: "Open the notification centre to run or to skip them".to_owned(),
        route: "/notifications".to_owned(),
    }
}

/// The question in the centre.
pub(super) fn asked_notice(plan: &Plan, span: &MissedSpan, now: DateTime<Utc>) -> NotificationRow {
    let id = NotificationId(Uuid::new_v5(&span.id.0, b"run_asked"));
    let notice = notice(id, NotificationKind::RunAsked, &asked_toast(plan, span), now);
    NotificationRow { missed_id: Some(span.id), ..notice }
}

/// Why nobody was there, in words.
fn why(span: &MissedSpan) -> Option<&'static str> {
    match named(span.absence.as_deref()?)? {
        Absence::Asleep => Some("the computer was asleep"),
        Absence::NotRunning => Some("the application was not running"),
    }
}

/// Why a span did not run, as a sentence.
fn reason(span: &MissedSpan) -> &'static str {
    match named(&span.reason) {
        Some(MissedReason::GracePassed) => match span.absence.as_deref().and_then(named) {
            Some(Absence::Asleep) => "The computer was asleep until its grace had passed.",
            Some(Absence::NotRunning) => "The application was not running until its grace had passed.",
            None => "Nobody was there to run it until its grace had passed.",
        },
        Some(MissedReason::Failed) | None => "It could not be fired; the log says why.",
        Some(MissedReason::NotRunning) => "The application was not running; late runs are skipped.",
        Some(MissedReason::Asleep) => "The computer was asleep; late runs are skipped.",
        Some(MissedReason::OutsideWindow) => "It lay outside the hours the schedule may start in.",
        Some(MissedReason::Blackout) => "It lay in a blackout.",
        Some(MissedReason::Overlap) => "An earlier run was still open.",
        Some(MissedReason::Paused) => "The schedule was paused.",
        Some(MissedReason::ScheduleChanged) => "The schedule was changed before anyone ran it.",
        Some(MissedReason::Coalesced) => "A later run took its place.",
    }
}

/// What the centre says about occurrences that nothing stood in for, and that nobody is asked about.
pub(super) fn missed_notice(plan: &Plan, now: DateTime<Utc>) -> Option<NotificationRow> {
    let told = |span: &&MissedSpan| {
        !matches!(named(&span.outcome), Some(MissedOutcome::Replaced | MissedOutcome::Asked))
    };
    let spans: Vec<_> = plan.missed.iter().filter(told).collect();
    let last = spans.iter().max_by_key(|span| span.to)?;
    let count: u64 = spans.iter().map(|span| span.count).sum();
    let runs = if count == 1 { "1 run".to_owned() } else { format!("{count} runs") };
    let toast = Toast {
        title: format!("Missed: {} — {runs}", plan.listed.flow_name),
        body: format!("The last was due {} UTC. {}", last.to.format("%Y-%m-%d %H:%M"), reason(last)),
        route: format!("/flows/{}/maintenance", plan.listed.schedule.flow_id),
    };
    let id = NotificationId(Uuid::new_v5(&last.id.0, b"run_missed"));
    Some(notice(id, NotificationKind::RunMissed, &toast, now))
}
