//! Which targets of a board are shown. All of it stands in the address, so that back, reload and the way out of a session
//! keep it.

use crate::browser;
use crate::route::{Here, Route, query_of};
use crate::state::whose::Whose;
use mf_contract::board::{Board, BoardSession};
use mf_domain::ids::{BatchId, MemberId};
use mf_domain::session::SessionStatus;

/// Which targets are shown. Each part narrows; none shows all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub status: Option<SessionStatus>,
    pub whose: Option<Whose>,
    /// As [`clients`] lists it; empty for targets without a client.
    pub client: Option<String>,
    /// Part of the label, the notes or the site.
    pub typed: String,
}

/// Whose targets are shown, as an address and as a person says it.
pub const WHOSE: [(&str, &str, Option<Whose>); 4] = [
    ("", "Anyone's", None),
    ("mine", "Mine", Some(Whose::Mine)),
    ("nobody", "Unassigned", Some(Whose::Nobody)),
    ("other", "A colleague's", Some(Whose::Other)),
];

impl Filter {
    /// What the address asks for; nonsense filters nothing.
    #[must_use]
    pub fn of(here: &Here) -> Self {
        let text = |key: &str| here.asked(key).map(browser::uri_decoded);
        Self {
            status: here.asked("status").and_then(SessionStatus::parse),
            whose: WHOSE.iter().find(|(name, ..)| here.asked("who") == Some(name)).and_then(|(.., who)| *who),
            client: text("client"),
            typed: text("search").unwrap_or_default(),
        }
    }

    /// What stands behind the question mark.
    #[must_use]
    pub fn written(&self) -> String {
        let who = WHOSE.iter().find(|(.., who)| who.is_some() && *who == self.whose);
        query_of([
            ("status", self.status.map(|status| status.as_str().to_owned())),
            ("who", who.map(|(name, ..)| (*name).to_owned())),
            ("client", self.client.clone()),
            ("search", Some(self.typed.clone()).filter(|typed| !typed.is_empty())),
        ])
    }

    /// The address of a batch under this filter.
    #[must_use]
    pub fn address(&self, batch: BatchId) -> String {
        Route::Batch { id: batch }.asking(&self.written())
    }

    fn fits(&self, session: &BoardSession, me: Option<MemberId>, typed: &str) -> bool {
        let holds = |text: &str| text.to_lowercase().contains(typed);
        self.status.is_none_or(|status| session.status == status)
            && self.whose.is_none_or(|whose| Whose::of(session.assignee, me) == whose)
            && self.client.as_deref().is_none_or(|client| session.client.as_deref().unwrap_or("") == client)
            && (typed.is_empty()
                || holds(&session.label)
                || [&session.notes, &session.site].into_iter().flatten().any(|text| holds(text)))
    }
}

/// The places of the sessions that fit, ignoring case.
#[must_use]
pub fn shown(board: &Board, filter: &Filter, me: Option<MemberId>) -> Vec<usize> {
    let typed = filter.typed.trim().to_lowercase();
    let sessions = board.sessions.iter().enumerate();
    sessions.filter(|(_, session)| filter.fits(session, me, &typed)).map(|(at, _)| at).collect()
}

/// The clients of the targets, by name; empty for those without one. Nothing when it is one and the same for all.
#[must_use]
pub fn clients(board: &Board) -> Vec<String> {
    let mut names: Vec<&str> =
        board.sessions.iter().map(|session| session.client.as_deref().unwrap_or("")).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() < 2 { Vec::new() } else { names.into_iter().map(str::to_owned).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn every_part_stands_in_the_address_and_reads_back() {
        let batch = BatchId(Uuid::from_u128(5));
        let back = |filter: &Filter| Filter::of(&Here::of_address(&filter.address(batch)));
        for (.., whose) in WHOSE {
            for client in [None, Some(String::new()), Some("Contoso".to_owned())] {
                for status in std::iter::once(None).chain(SessionStatus::ALL.map(Some)) {
                    let filter = Filter { status, whose, client: client.clone(), typed: "rds".to_owned() };
                    assert_eq!(back(&filter), filter);
                }
            }
        }
        assert_eq!(Filter::default().address(batch), Route::Batch { id: batch }.path());
        let nonsense = Here::of_address("/batches/x?status=poem&who=them&moon=1");
        assert_eq!(Filter::of(&nonsense), Filter::default());
    }
}
