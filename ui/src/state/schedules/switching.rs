//! Pausing or resuming many schedules: in parts the engine takes, each schedule by itself, and what came of it.

use crate::api::{self, Ask};
use crate::state::time::count;
use mf_contract::standings::{RefusedSchedule, ScheduleStanding, SchedulesChanged, SetSchedulesActive};
use mf_contract::{ApiError, schedules::Schedule};
use mf_domain::ids::ScheduleId;
use std::collections::BTreeSet;
use yew::prelude::*;

/// Most schedules of one request.
const AT_ONCE: usize = 1_000;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    pub ids: Vec<ScheduleId>,
    /// Whether they are to run.
    pub active: bool,
    /// It takes another one back.
    pub is_undo: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Switched {
    pub active: bool,
    pub is_undo: bool,
    /// Those that are as was asked now.
    pub changed: Vec<ScheduleId>,
    pub refused: Vec<RefusedSchedule>,
    /// What ended it before all were asked.
    pub error: Option<ApiError>,
}

/// One reason, and the schedules it holds for.
pub type Refusal = (String, Vec<ScheduleId>);

impl Switched {
    fn add(&mut self, asked: &[ScheduleId], reply: &SchedulesChanged) {
        let refused: BTreeSet<ScheduleId> = reply.refused.iter().map(|one| one.schedule_id).collect();
        self.changed.extend(asked.iter().filter(|id| !refused.contains(id)));
        self.refused.extend(reply.refused.iter().cloned());
    }

    /// What was done, as a sentence; nothing where nothing was.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        let number = self.changed.len();
        let be = if number == 1 { "is" } else { "are" };
        let done = match (self.active, self.is_undo) {
            (true, false) => "resumed",
            (false, false) => "paused",
            (true, true) => "running again",
            (false, true) => "paused again",
        };
        (number > 0).then(|| format!("{} {be} {done}.", count(number, "schedule")))
    }

    /// The refusals by reason, in the order they came.
    #[must_use]
    pub fn by_reason(&self) -> Vec<Refusal> {
        let mut reasons: Vec<Refusal> = Vec::new();
        for one in &self.refused {
            let why = api::sentence(&one.error);
            match reasons.iter_mut().find(|(reason, _)| *reason == why) {
                Some((_, ids)) => ids.push(one.schedule_id),
                None => reasons.push((why, vec![one.schedule_id])),
            }
        }
        reasons
    }
}

/// Of some schedules those that are not as is asked; the others would only be counted as changed, and undone.
#[must_use]
pub fn to_switch(standings: &[ScheduleStanding], ids: &[ScheduleId], active: bool) -> Vec<ScheduleId> {
    let wanted: BTreeSet<ScheduleId> = ids.iter().copied().collect();
    let differs = |schedule: &Schedule| schedule.is_active != active && wanted.contains(&schedule.id);
    standings.iter().map(|standing| &standing.schedule).filter(|it| differs(it)).map(|it| it.id).collect()
}

/// Whether one is under way, and what sets one off. `done` gets what came of it.
#[hook]
pub fn use_switching(done: Callback<Switched>) -> (bool, Callback<Switch>) {
    let busy = use_state_eq(|| false);
    let newest = use_mut_ref(|| done.clone());
    *newest.borrow_mut() = done;
    // Beside the state: two keys within one frame both see the old state.
    let under_way = use_mut_ref(|| false);
    let set = busy.setter();
    let run = Callback::from(move |switch: Switch| {
        if switch.ids.is_empty() || std::mem::replace(&mut *under_way.borrow_mut(), true) {
            return;
        }
        set.set(true);
        let (set, newest, under_way) = (set.clone(), newest.clone(), under_way.clone());
        wasm_bindgen_futures::spawn_local(async move {
            let Switch { ids, active, is_undo } = switch;
            let mut came =
                Switched { active, is_undo, changed: Vec::new(), refused: Vec::new(), error: None };
            for ids in ids.chunks(AT_ONCE) {
                let ask = Ask::of(&SetSchedulesActive { ids: ids.to_vec(), is_active: active });
                match api::call(&ask).await {
                    Ok(reply) => {
                        if let Some(reply) = reply.downcast_ref::<SchedulesChanged>() {
                            came.add(ids, reply);
                        }
                    }
                    Err(error) => {
                        came.error = Some(error);
                        break;
                    }
                }
            }
            *under_way.borrow_mut() = false;
            set.set(false);
            let done = newest.borrow().clone();
            done.emit(came);
        });
    });
    (*busy, run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::schedules::query::tests::standing;
    use mf_contract::ErrorCode;
    use mf_contract::standings::ScheduleHealth;
    use uuid::Uuid;

    fn id(number: u128) -> ScheduleId {
        ScheduleId(Uuid::from_u128(number))
    }

    #[test]
    fn only_what_differs_is_asked_of_the_engine() {
        let all = [
            standing(1, "A", ScheduleHealth::Good, None),
            standing(2, "B", ScheduleHealth::Paused, None),
            standing(3, "C", ScheduleHealth::New, None),
        ];
        assert_eq!(to_switch(&all, &[id(1), id(2)], false), [id(1)]);
        assert_eq!(to_switch(&all, &[id(1), id(2)], true), [id(2)]);
    }

    #[test]
    fn what_came_of_it_is_told_and_the_refused_by_reason() {
        let conflict = ApiError::new(ErrorCode::Conflict, "another schedule of this flow is active");
        let refused = |number| RefusedSchedule { schedule_id: id(number), error: conflict.clone() };
        let reply = SchedulesChanged { changed: 1, refused: vec![refused(2), refused(3)] };
        let mut came =
            Switched { active: true, is_undo: false, changed: vec![], refused: vec![], error: None };
        assert_eq!(came.words(), None);
        came.add(&[id(1), id(2), id(3)], &reply);
        assert_eq!(
            (came.changed.as_slice(), came.words().as_deref()),
            (&[id(1)][..], Some("1 schedule is resumed."))
        );
        assert_eq!(
            came.by_reason(),
            [("Another schedule of this flow is active.".to_owned(), vec![id(2), id(3)])]
        );
    }
}
