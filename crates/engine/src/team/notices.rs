//! What the notification centre tells of a team. Pure but for writing it.

use crate::error::EngineError;
use crate::names::name_of;
use chrono::{DateTime, Utc};
use mf_contract::notifications::NotificationKind;
use mf_domain::ids::NotificationId;
use mf_store::Write;
use mf_store::notifications::{self, NotificationRow};
use uuid::Uuid;

/// Changes were refused; told once an hour at most.
pub(super) async fn refused(write: &mut Write, now: DateTime<Utc>) -> Result<(), EngineError> {
    let hour = now.timestamp().div_euclid(3_600);
    let body = "They are kept on this computer. The page of conflicts shows each with the reason.";
    tell(
        write,
        NotificationKind::ChangesRefused,
        &hour.to_string(),
        "The team's server refused changes",
        body,
        now,
    )
    .await
}

/// The server does not let this computer in any more; told once a day at most.
pub(super) async fn ended(write: &mut Write, now: DateTime<Utc>) -> Result<(), EngineError> {
    let day = now.timestamp().div_euclid(86_400);
    let body = "The membership may have ended. What you have stays on this computer, to read in; what was not sent is listed \
                with the conflicts. Ask an owner of the team.";
    let title = "The team's server does not let this computer in";
    tell(write, NotificationKind::MembershipEnded, &day.to_string(), title, body, now).await
}

/// What became of a computer that works with a copy of another one's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Copied {
    /// It has a login of its own from now on.
    GoesOn,
    /// It can get none by itself.
    Stops,
}

/// Another computer works with a copy of this one's file; told once a day at most.
pub(super) async fn copied(write: &mut Write, now: DateTime<Utc>, what: Copied) -> Result<(), EngineError> {
    let day = format!("copied {what:?} {}", now.timestamp().div_euclid(86_400));
    let title = "This workspace is a copy of another computer's";
    let body = match what {
        Copied::GoesOn => {
            "Both had the same login. This computer has one of its own now; nothing is lost, and what both changed is listed \
             with the conflicts. If no other computer is yours, tell an owner of the team: somebody has a copy of your disk."
        }
        Copied::Stops => {
            "Both have the same login, so this one sends no more. Make an invite for another computer on the other one, and \
             join with it here: what was not sent goes out then. If no other computer is yours, tell an owner of the team."
        }
    };
    tell(write, NotificationKind::ChangesRefused, &day, title, body, now).await
}

/// The team's quota for evidence is used up; told once a day at most.
pub(super) async fn quota(write: &mut Write, now: DateTime<Utc>) -> Result<(), EngineError> {
    let day = format!("quota {}", now.timestamp().div_euclid(86_400));
    let body = "What you add stays on this computer until there is room. Ask whoever runs the server.";
    let title = "The team's room for evidence is used up";
    tell(write, NotificationKind::ChangesRefused, &day, title, body, now).await
}

async fn tell(
    write: &mut Write,
    kind: NotificationKind,
    once: &str,
    title: &str,
    body: &str,
    now: DateTime<Utc>,
) -> Result<(), EngineError> {
    let kind = name_of(kind);
    let name = format!("{}|{kind}|{once}", write.team());
    let row = NotificationRow {
        id: NotificationId(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())),
        kind,
        title: title.to_owned(),
        body: body.to_owned(),
        route: "/sync".to_owned(),
        missed_id: None,
        created_at: now,
        read_at: None,
    };
    notifications::insert_absent(write, &[row]).await?;
    Ok(())
}
