//! What firing and missing read like, in the notification centre and on the desktop. Pure.

use super::plan::Plan;
use crate::launch::Launch;
use crate::names::{name_of, named};
use crate::notifications;
use crate::ports::Toast;
use chrono::{DateTime, Utc};
use mf_contract::notifications::NotificationKind;
use mf_contract::schedules::{Absence, MissedOutcome, MissedReason};
use mf_domain::batch::Rollup;
use mf_domain::ids::{BatchId, FlowId, NotificationId, ScheduleId};
use mf_domain::occurrence::ready_notification_id;
use mf_domain::policy::Run;
use mf_domain::recurrence::Zone;
use mf_store::batches::{ListedBatch, OpenBatch};
use mf_store::missed::MissedSpan;
use mf_store::notifications::NotificationRow;
use std::borrow::Cow;
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
    let zone = &plan.listed.schedule.timezone;
    let moved = plan.fire.filter(Run::is_moved).map(|run| format!("moved to {}", wall(zone, run.at)));
    let previous = open.map(|rollup| format!("previous run {}", rollup.words()));
    let body: Vec<String> = [due, moved, list, previous].into_iter().flatten().collect();
    Toast {
        title: format!(
            "Maintenance run ready: {} — {}",
            plan.listed.flow_name,
            sessions_words(launch.count())
        ),
        body: body.join(" · "),
        route: format!("/batches/{}", launch.batch.id),
        ..Toast::default()
    }
}

/// A run that comes soon.
pub(super) fn soon_notice(plan: &Plan, run: &Run, now: DateTime<Utc>) -> NotificationRow {
    let zone = &plan.listed.schedule.timezone;
    let list = plan.listed.target_list.as_ref().map(|(_, name)| format!("targets from “{name}”"));
    let due = format!("Starts {}, {zone}", wall(zone, run.at));
    // A tick comes some milliseconds after the instant it is for.
    let minutes = ((run.at - now).num_milliseconds() + 59_999).div_euclid(60_000);
    let toast = Toast {
        title: format!("Maintenance run in {}: {}", in_words(minutes), plan.listed.flow_name),
        body: [Some(due), list].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        route: format!("/flows/{}/maintenance", plan.listed.schedule.flow_id),
        ..Toast::default()
    };
    let id = Uuid::new_v5(&plan.key_of(run).batch_id().0, b"run_soon");
    notice(NotificationId(id), NotificationKind::RunSoon, &toast, now)
}

fn in_words(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 1) => "1 minute".to_owned(),
        (0, minutes) => format!("{minutes} minutes"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// The scheduler ended by a mistake in the program; told once an hour at most.
pub(super) fn restarted_notice(now: DateTime<Utc>) -> NotificationRow {
    let toast = Toast {
        title: "The scheduler had stopped and was started again".to_owned(),
        body:
            "A mistake in the program ended it; the log says which. What came due meanwhile is looked at now."
                .to_owned(),
        route: "/notifications".to_owned(),
        ..Toast::default()
    };
    let name = format!("scheduler_restarted|{}", now.timestamp().div_euclid(3_600));
    let id = Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes());
    notice(NotificationId(id), NotificationKind::SchedulerRestarted, &toast, now)
}

/// A schedule that this release cannot read. Its page cannot show it either.
pub(super) fn unreadable_notice(
    id: ScheduleId,
    (flow_id, flow_name): &(FlowId, String),
    now: DateTime<Utc>,
) -> NotificationRow {
    let toast = Toast {
        title: format!("Cannot be read: the schedule of {flow_name}"),
        body: "It does not run. A newer release may have written it: update the application, or set the schedule anew on the page of its flow."
            .to_owned(),
        route: format!("/flows/{flow_id}/maintenance"),
        ..Toast::default()
    };
    let week = now.timestamp().div_euclid(7 * 86_400);
    let id = Uuid::new_v5(&id.0, format!("schedule_unreadable|{week}").as_bytes());
    notice(NotificationId(id), NotificationKind::ScheduleUnreadable, &toast, now)
}

/// A batch that is still open at the hour its schedule names.
pub(super) fn unfinished_notice(plan: &Plan, batch: &OpenBatch, now: DateTime<Utc>) -> NotificationRow {
    let zone = &plan.listed.schedule.timezone;
    let toast = Toast {
        title: format!("Not finished: {} — {}", plan.listed.flow_name, batch.rollup.words()),
        body: format!("Launched {}, {zone}", wall(zone, batch.launched_at)),
        route: format!("/batches/{}", batch.id),
        ..Toast::default()
    };
    let id = Uuid::new_v5(&batch.id.0, b"run_unfinished");
    notice(NotificationId(id), NotificationKind::RunUnfinished, &toast, now)
}

/// Many reminders at once, in one toast.
pub(super) fn reminders_toast(count: usize) -> Toast {
    Toast {
        title: format!("{count} reminders about maintenance runs"),
        body: "Open the notification centre to see them all".to_owned(),
        route: "/notifications".to_owned(),
        ..Toast::default()
    }
}

/// The wall clock of a zone.
fn wall(zone: &str, at: DateTime<Utc>) -> String {
    match Zone::named(zone) {
        Ok(zone) => zone.to_local(at).0.format("%Y-%m-%d %H:%M").to_string(),
        Err(_) => at.format("%Y-%m-%d %H:%M UTC").to_string(),
    }
}

/// Many runs at once, in one toast.
pub(super) fn summary_toast(runs: usize, sessions: u32) -> Toast {
    Toast {
        title: format!("{runs} maintenance runs ready — {}", sessions_words(sessions)),
        body: "Open the notification centre to see them all".to_owned(),
        route: "/notifications".to_owned(),
        ..Toast::default()
    }
}

/// A run that a colleague's laptop started.
pub(crate) fn arrived_toast(listed: &ListedBatch) -> Toast {
    let due = listed
        .batch
        .fired_for
        .as_ref()
        .map(|fired| format!("Due {}, {}", fired.nominal_local.replace('T', " "), fired.zone));
    Toast {
        title: format!(
            "Maintenance run ready: {} — {}",
            listed.flow_name,
            sessions_words(listed.rollup.total)
        ),
        body: due.unwrap_or_default(),
        route: format!("/batches/{}", listed.batch.id),
        ..Toast::default()
    }
}

/// Several of them at once.
pub(crate) fn several_arrived_toast(runs: usize) -> Toast {
    Toast {
        title: format!("{runs} maintenance runs ready"),
        body: "Open the notification centre to see them all".to_owned(),
        route: "/notifications".to_owned(),
        ..Toast::default()
    }
}

/// The notice that a run is ready, in the centre.
pub(crate) fn ready_notice(batch: BatchId, toast: &Toast, now: DateTime<Utc>) -> NotificationRow {
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
    let zone = &span.timezone;
    let due = format!("Due {}, {zone}", wall(zone, span.from));
    let until = span.answer_by.map(|by| format!("answer by {}", wall(zone, by)));
    let body: Vec<String> = [Some(due), why(span).map(str::to_owned), until].into_iter().flatten().collect();
    Toast {
        title: format!("Missed: {} — run it now or skip it?", plan.listed.flow_name),
        body: body.join(" · "),
        route: "/notifications".to_owned(),
        actions: notifications::actions(span),
    }
}

/// Many questions at once, in one toast.
pub(super) fn asked_summary_toast(count: usize) -> Toast {
    Toast {
        title: format!("{count} missed runs wait for an answer"),
        body: "Open the notification centre to run or to skip them".to_owned(),
        route: "/notifications".to_owned(),
        ..Toast::default()
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
        Absence::Asleep => Some("the computer was asleep, or its clock was set forward"),
        Absence::NotRunning => Some("the application was not running"),
    }
}

/// Why a span did not run, as a sentence.
fn reason(span: &MissedSpan) -> Cow<'static, str> {
    if let (Some(MissedReason::Blackout), Some(name)) = (named(&span.reason), &span.detail) {
        if span.absence.is_some() {
            return format!("It was found late, in a blackout, {name}.").into();
        }
        return format!("It lay in a blackout, {name}.").into();
    }
    let words = match named(&span.reason) {
        Some(MissedReason::GracePassed) => match span.absence.as_deref().and_then(named) {
            Some(Absence::Asleep) => {
                "The computer was asleep, or its clock was set forward, until its grace had passed."
            }
            Some(Absence::NotRunning) => "The application was not running until its grace had passed.",
            None => "Nobody was there to run it until its grace had passed.",
        },
        Some(MissedReason::Failed) | None => "It could not be fired; the log says why.",
        Some(MissedReason::NotRunning) => "The application was not running; late runs are skipped.",
        Some(MissedReason::Asleep) => {
            "The computer was asleep, or its clock was set forward; late runs are skipped."
        }
        Some(MissedReason::OutsideWindow) if span.absence.is_some() => {
            "It was found late, when the schedule could not start any more."
        }
        Some(MissedReason::OutsideWindow) => "It lay outside the hours the schedule may start in.",
        Some(MissedReason::Blackout) => "It lay in a blackout.",
        Some(MissedReason::Overlap) => "An earlier run was still open.",
        Some(MissedReason::Paused) => "The schedule was paused.",
        Some(MissedReason::ScheduleChanged) => "The schedule was changed before anyone ran it.",
        Some(MissedReason::Coalesced) => "A later run took its place.",
    };
    words.into()
}

/// Whether the limits of its schedule kept a span from running, as they are meant to: nobody missed it.
fn is_kept_back(span: &MissedSpan) -> bool {
    let by_limits = matches!(named(&span.reason), Some(MissedReason::OutsideWindow | MissedReason::Blackout));
    by_limits && span.absence.is_none()
}

/// That limits kept a schedule from running as they are meant to: once for each day of its wall clock, whatever else of the
/// day they keep back.
pub(super) fn kept_back_notice(plan: &Plan, now: DateTime<Utc>) -> Option<NotificationRow> {
    let last = plan.missed.iter().filter(|span| is_kept_back(span)).max_by_key(|span| span.to)?;
    let local = wall(&last.timezone, last.to);
    let toast = Toast {
        title: format!("Kept back: {}", plan.listed.flow_name),
        body: format!("A run was due {local}, {}. {}", last.timezone, reason(last)),
        route: format!("/flows/{}/maintenance", plan.listed.schedule.flow_id),
        ..Toast::default()
    };
    let day = local.split(' ').next().unwrap_or_default();
    let id = Uuid::new_v5(&plan.listed.schedule.id.0, format!("run_kept_back|{day}").as_bytes());
    Some(notice(NotificationId(id), NotificationKind::RunKeptBack, &toast, now))
}

/// What the centre says about occurrences that nothing stood in for, and that nobody is asked about.
pub(super) fn missed_notice(plan: &Plan, now: DateTime<Utc>) -> Option<NotificationRow> {
    let told = |span: &&MissedSpan| {
        let answered = matches!(named(&span.outcome), Some(MissedOutcome::Replaced | MissedOutcome::Asked));
        !answered && !is_kept_back(span)
    };
    let spans: Vec<_> = plan.missed.iter().filter(told).collect();
    let last = spans.iter().max_by_key(|span| span.to)?;
    let count: u64 = spans.iter().map(|span| span.count).sum();
    let runs = if count == 1 { "1 run".to_owned() } else { format!("{count} runs") };
    let toast = Toast {
        title: format!("Missed: {} — {runs}", plan.listed.flow_name),
        body: format!("The last was due {} UTC. {}", last.to.format("%Y-%m-%d %H:%M"), reason(last)),
        route: format!("/flows/{}/maintenance", plan.listed.schedule.flow_id),
        ..Toast::default()
    };
    let id = NotificationId(Uuid::new_v5(&last.id.0, b"run_missed"));
    Some(notice(id, NotificationKind::RunMissed, &toast, now))
}
