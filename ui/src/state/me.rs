//! Which member of the workspace sits here.

use super::load::use_view;
use mf_contract::Event;
use mf_contract::workspace::About;
use mf_domain::ids::MemberId;
use yew::prelude::*;

/// The member who uses this window, once that is known.
#[hook]
pub fn use_me() -> Option<MemberId> {
    // In another workspace one is another member.
    let about = use_view(Some(About {}), |_, event| {
        matches!(event, Event::WorkspacesChanged | Event::MembersChanged)
    });
    about.data().map(|about| about.member_id)
}
