//! What lists of work are filtered by, as a request says it.

use mf_contract::Patch;
use mf_domain::Invalid;
use mf_domain::ids::MemberId;
use mf_store::sessions::{Assignee, Client};

/// The client a list is filtered by; blank is none.
pub(crate) fn client(asked: Option<&str>) -> Option<&str> {
    asked.map(str::trim).filter(|name| !name.is_empty())
}

/// The client a list of work is filtered by.
pub(crate) fn whose(asked: Option<&str>, without: bool) -> Result<Client<'_>, Invalid> {
    match (client(asked), without) {
        (Some(_), true) => Err(Invalid::new("without_client", "ask for a client or for none, not for both")),
        (Some(name), false) => Ok(Client::Named(name)),
        (None, true) => Ok(Client::None),
        (None, false) => Ok(Client::Any),
    }
}

/// The member a list of work is filtered by.
pub(crate) fn assignee(asked: Patch<MemberId>) -> Assignee {
    match asked {
        Patch::Keep => Assignee::Anyone,
        Patch::Clear => Assignee::Nobody,
        Patch::Set(member) => Assignee::Member(member),
    }
}
