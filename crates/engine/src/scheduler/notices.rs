//! What firing and missing read like, in the notification centre and on the desktop. Pure.

use super::plan::Plan;
use crate::launch::Launch;
use crate::names::name_of;
use crate::ports::Toast;
use chrono::{DateTime, Utc};
use mf_contract::notifications::NotificationKind;
use mf_contract::schedules::MissedReason;
use mf_domain::batch::Rollup;
use mf_domain::ids::{BatchId, NotificationId};
use mf_domain::occurrence::ready_notification_id;
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
        created_at: now,
        read_at: None,
    }
}

/// What the centre says about occurrences that nothing stood in for.
pub(super) fn missed_notice(plan: &Plan, now: DateTime<Utc>) -> Option<NotificationRow> {
    let coalesced = name_of(MissedReason::Coalesced);
    let spans: Vec<_> = plan.missed.iter().filter(|span| span.reason != coalesced).collect();
    let last = spans.last()?;
    let count: u64 = spans.iter().map(|span| span.count).sum();
    let runs = if count == 1 { "1 run".to_owned() } else { format!("{count} runs") };
    let toast = Toast {
        title: format!("Missed: {} — {runs}", plan.listed.flow_name),
        body: format!(
            "The last was due {} UTC. {}",
            last.to.format("%Y-%m-%d %H:%M"),
            if last.reason == name_of(MissedReason::Failed) {
                "It could not be fired; the log says why."
            } else {
                "Nobody was there to run it until its grace had passed."
            }
        ),
        route: format!("/flows/{}/maintenance", plan.listed.schedule.flow_id),
    };
    let id = NotificationId(Uuid::new_v5(&last.id.0, b"run_missed"));
    Some(notice(id, NotificationKind::RunMissed, &toast, now))
}
