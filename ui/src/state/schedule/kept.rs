//! What stands in the schedule dialog while its page is left for another: whoever makes a blackout calendar in between
//! finds it again.

use super::ScheduleForm;
use mf_domain::ids::{FlowId, ScheduleId};
use std::cell::RefCell;

type Kept = (FlowId, Option<ScheduleId>, ScheduleForm);

thread_local! {
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// Keeps the form of a flow's schedule, or of the one it is to get.
pub fn keep(flow: FlowId, schedule: Option<ScheduleId>, form: ScheduleForm) {
    KEPT.set(Some((flow, schedule, form)));
}

/// Hands out what was kept of it, once.
#[must_use]
pub fn take_kept(flow: FlowId, schedule: Option<ScheduleId>) -> Option<ScheduleForm> {
    let kept =
        KEPT.with_borrow_mut(|kept| kept.take_if(|(of, which, _)| (*of, *which) == (flow, schedule)))?;
    Some(kept.2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn it_is_found_once_and_by_its_flow_alone() {
        let flow = |n| FlowId(Uuid::from_u128(n));
        let form = ScheduleForm::new("Europe/Berlin".to_owned());
        keep(flow(1), None, form.clone());
        assert_eq!(take_kept(flow(2), None), None);
        assert_eq!(take_kept(flow(1), None), Some(form));
        assert_eq!(take_kept(flow(1), None), None);
    }
}
