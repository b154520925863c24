//! Commands about the notification centre.

use chrono::{DateTime, Utc};
use mf_domain::ids::{NotificationId, ScheduleId};
use serde::{Deserialize, Serialize};

/// Notifications, newest first, in pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListNotifications {
    /// `true`: only unread ones; `false`: only read ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread: Option<bool>,
    /// 1 to 500; 100 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// The last notification of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<NotificationId>,
}

/// What a notification is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotificationKind {
    /// A schedule came due and its batch is ready.
    RunReady,
    /// Occurrences were missed.
    RunMissed,
    /// The hours of a schedule, or a blackout, kept occurrences from starting, as they are meant to; told once a day.
    RunKeptBack,
    /// An occurrence was missed, and somebody is to say whether it runs late.
    RunAsked,
    /// A run comes soon.
    RunSoon,
    /// A batch is still open at the hour its schedule names.
    RunUnfinished,
    /// A schedule does not run, because this release cannot read it; told once a week.
    ScheduleUnreadable,
    /// The scheduler ended by a mistake in the program, and was started again.
    SchedulerRestarted,
    /// The team's server refused changes of this computer. They are kept aside.
    ChangesRefused,
    /// The membership of the team ended: nothing is sent or fetched any more.
    MembershipEnded,
}

/// What a notification offers to do about what it tells: a command, with the fields of its request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum NotificationAction {
    /// See [`crate::schedules::RunMissedOccurrence`].
    RunMissedOccurrence { schedule_id: ScheduleId, nominal: DateTime<Utc> },
    /// See [`crate::schedules::SkipMissedOccurrence`].
    SkipMissedOccurrence { schedule_id: ScheduleId, nominal: DateTime<Utc> },
}

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    pub id: NotificationId,
    pub kind: NotificationKind,
    pub title: String,
    pub body: String,
    /// The page it leads to, for example `/batches/…`.
    pub route: String,
    /// None once the question is answered.
    pub actions: Vec<NotificationAction>,
    pub created_at: DateTime<Utc>,
    pub read_at: Option<DateTime<Utc>>,
}

/// How many are unread.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NotificationCounts {}

/// Counts for the badge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotificationCountsReply {
    pub unread: u32,
}

/// Raises a native notification that says it is a test, and leads to the settings. It is not kept in the centre.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestNotification {}

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestedNotification {
    /// Whether there is a desktop to hand it to. Whether that shows it, it does not tell.
    pub handed_over: bool,
}

/// Marks one notification as read, or all of them when no id is given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarkNotificationRead {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<NotificationId>,
}
