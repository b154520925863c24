//! How far this computer and the team's server are apart: a word for the chip, sentences for the page.

use crate::api::as_sentence;
use crate::components::icon::Icon;
use crate::route::Route;
use crate::state::time::{self, count};
use chrono::{DateTime, Utc};
use mf_contract::sync::{SyncProblem, SyncProgress, SyncReport, SyncState, SyncStatusReply};
use mf_contract::workspaces::MovedToWorkspace;

/// What the chip shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chip {
    pub icon: Icon,
    /// A colour, as pills know it; none for what passes by itself.
    pub tone: &'static str,
    pub words: String,
    /// Where it leads.
    pub route: Route,
}

impl Chip {
    /// The colour of a picture beside plain words.
    #[must_use]
    pub fn tone_class(&self) -> &'static str {
        match self.tone {
            "green" => "tone-green",
            "amber" => "tone-amber",
            _ => "",
        }
    }
}

/// The chip of a status.
#[must_use]
pub fn chip(status: &SyncStatusReply) -> Chip {
    let (icon, tone, words) = match (status.state, status.problem) {
        (SyncState::LocalOnly, _) => (Icon::System, "", "Local only".to_owned()),
        (SyncState::Synced, _) => (Icon::Check, "green", "Synced".to_owned()),
        (SyncState::Waiting, _) if status.waiting == 0 => (Icon::Clock, "", "Not synced yet".to_owned()),
        (SyncState::Waiting, _) => {
            (Icon::Upload, "", format!("{} waiting", time::grouped(status.waiting as usize)))
        }
        (SyncState::Conflict, _) => (Icon::Alert, "amber", count(status.conflicts as usize, "conflict")),
        (SyncState::Offline, Some(SyncProblem::Left)) => (Icon::Eye, "", "Left: to read in".to_owned()),
        (SyncState::Offline, Some(SyncProblem::Locked)) => (Icon::Lock, "amber", "Locked".to_owned()),
        (SyncState::Offline, None | Some(SyncProblem::Unreachable)) => {
            (Icon::Offline, "", "Offline".to_owned())
        }
        // Waiting does not help: somebody has to do something.
        (SyncState::Offline, Some(_)) => (Icon::Offline, "amber", "Offline".to_owned()),
    };
    let route = if status.state == SyncState::Conflict { Route::Conflicts } else { Route::Sharing };
    Chip { icon, tone, words, route }
}

/// What the chip means, in full.
#[must_use]
pub fn explained(status: &SyncStatusReply, now: DateTime<Utc>) -> String {
    let mut text = meaning(status);
    if status.state != SyncState::LocalOnly
        && let Some(at) = status.last_sync_at
    {
        text += &format!(" Last synced {}.", time::relative(now, at));
    }
    text
}

/// What the chip means.
#[must_use]
pub fn meaning(status: &SyncStatusReply) -> String {
    let mut sentences = vec![match status.state {
        SyncState::LocalOnly => "Everything is on this computer. Nothing leaves it.".to_owned(),
        SyncState::Synced => "This computer and the team's server have the same.".to_owned(),
        SyncState::Waiting if status.waiting == 0 => "The server has not been reached yet.".to_owned(),
        SyncState::Waiting => format!("{} to be sent.", waits(status.waiting)),
        SyncState::Conflict => {
            let waiting = of_number(status.conflicts, "copy that lost waits", "copies that lost wait");
            format!("{waiting} to be looked at.")
        }
        SyncState::Offline => {
            status.message.as_deref().map_or_else(|| "The server was not reached.".to_owned(), as_sentence)
        }
    }];
    if matches!(status.state, SyncState::Offline | SyncState::Conflict) && status.waiting > 0 {
        sentences.push(format!("{} to be sent.", waits(status.waiting)));
    }
    sentences.join(" ")
}

fn of_number(number: u32, one: &str, many: &str) -> String {
    format!("{} {}", time::grouped(number as usize), if number == 1 { one } else { many })
}

fn waits(number: u32) -> String {
    of_number(number, "change waits", "changes wait")
}

/// What is under way.
#[must_use]
pub fn progress(progress: SyncProgress) -> String {
    let sent = (progress.to_send > 0).then(|| {
        format!(
            "Sending: {} of {}",
            time::grouped(progress.sent as usize),
            count(progress.to_send as usize, "change")
        )
    });
    let received = (progress.received > 0)
        .then(|| format!("Receiving: {}", count(progress.received as usize, "change")));
    let words: Vec<String> = sent.into_iter().chain(received).collect();
    if words.is_empty() { "Asking the server…".to_owned() } else { words.join(" · ") }
}

/// What came of a pass that a person asked for.
#[must_use]
pub fn passed(report: SyncReport) -> String {
    let said = [(report.pushed, "sent"), (report.pulled, "received"), (report.rejected, "refused")];
    let said: Vec<String> = said
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{} {what}", count(number as usize, "change")))
        .collect();
    if said.is_empty() {
        "Synced: there was nothing new.".to_owned()
    } else {
        format!("Synced: {}.", said.join(", "))
    }
}

/// What came of moving the local workspace into a team's.
#[must_use]
pub fn moved(moved: MovedToWorkspace, name: &str) -> String {
    if moved == MovedToWorkspace::default() {
        return format!("Everything is in “{name}” already.");
    }
    let mut text = format!("{} copied into “{name}”", count(moved.rows as usize, "record"));
    if moved.evidence > 0 {
        text += &format!(", with {} of evidence", count(moved.evidence as usize, "file"));
    }
    if moved.schedules_paused > 0 {
        text += &format!("; {} paused here", count(moved.schedules_paused as usize, "schedule"));
    }
    text + "."
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(state: SyncState) -> SyncStatusReply {
        SyncStatusReply {
            state,
            waiting: 0,
            conflicts: 0,
            last_sync_at: None,
            problem: None,
            message: None,
            server: None,
            latency_ms: None,
            progress: None,
            kept: 0,
        }
    }

    fn words(status: &SyncStatusReply) -> String {
        chip(status).words
    }

    #[test]
    fn every_state_has_a_word_and_what_waits_is_counted() {
        assert_eq!(words(&status(SyncState::LocalOnly)), "Local only");
        assert_eq!(words(&status(SyncState::Synced)), "Synced");
        assert_eq!(words(&SyncStatusReply { waiting: 1_204, ..status(SyncState::Waiting) }), "1,204 waiting");
        assert_eq!(words(&status(SyncState::Waiting)), "Not synced yet");
        assert_eq!(words(&status(SyncState::Offline)), "Offline");
        let conflict = SyncStatusReply { conflicts: 2, ..status(SyncState::Conflict) };
        assert_eq!(words(&conflict), "2 conflicts");
        assert_eq!(
            (chip(&conflict).route, chip(&status(SyncState::Synced)).route),
            (Route::Conflicts, Route::Sharing)
        );
    }

    #[test]
    fn what_needs_a_person_stands_out_and_a_lost_connection_does_not() {
        let offline =
            |problem| chip(&SyncStatusReply { problem: Some(problem), ..status(SyncState::Offline) });
        assert_eq!(offline(SyncProblem::Unreachable).tone, "");
        assert_eq!(offline(SyncProblem::NotLetIn).tone, "amber");
        assert_eq!(offline(SyncProblem::Locked).words, "Locked");
        assert_eq!(offline(SyncProblem::Left).words, "Left: to read in");
    }

    #[test]
    fn the_tooltip_says_what_happened_what_waits_and_since_when() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let offline = SyncStatusReply {
            waiting: 3,
            message: Some("the server does not answer".into()),
            last_sync_at: Some(now - chrono::Duration::hours(3)),
            ..status(SyncState::Offline)
        };
        assert_eq!(
            explained(&offline, now),
            "The server does not answer. 3 changes wait to be sent. Last synced 3 h ago."
        );
        let conflict = SyncStatusReply { conflicts: 1, ..status(SyncState::Conflict) };
        assert_eq!(explained(&conflict, now), "1 copy that lost waits to be looked at.");
        assert_eq!(
            explained(&status(SyncState::LocalOnly), now),
            "Everything is on this computer. Nothing leaves it."
        );
    }

    #[test]
    fn a_pass_and_a_move_are_counted_in_sentences() {
        assert_eq!(passed(SyncReport::default()), "Synced: there was nothing new.");
        let report = SyncReport { pushed: 1, pulled: 12, ..SyncReport::default() };
        assert_eq!(passed(report), "Synced: 1 change sent, 12 changes received.");
        let done = MovedToWorkspace { rows: 1_204, evidence: 1, schedules_paused: 2 };
        assert_eq!(
            moved(done, "Field team"),
            "1,204 records copied into “Field team”, with 1 file of evidence; 2 schedules paused here."
        );
        assert_eq!(moved(MovedToWorkspace::default(), "T"), "Everything is in “T” already.");
    }

    #[test]
    fn what_is_under_way_is_told_as_far_as_it_is_known() {
        assert_eq!(progress(SyncProgress::default()), "Asking the server…");
        assert_eq!(
            progress(SyncProgress { sent: 500, to_send: 1_200, received: 1 }),
            "Sending: 500 of 1,200 changes · Receiving: 1 change"
        );
    }
}
