//! Steps a person added to a running session, and their places among the steps of the flow.

use crate::flow::{ContentType, EvidenceRule, Step, StepId, StepKind};
use crate::ids::MemberId;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Most steps that can be added to one session.
pub const ADDED_MAX: usize = 100;

/// A step that is not in the flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedStep {
    pub step: Step,
    /// The step it comes after; `None` for the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_step_id: Option<StepId>,
    /// The failed step that this one undoes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rollback_of: Option<StepId>,
    pub at: DateTime<Utc>,
    pub author: Option<MemberId>,
}

/// A step made on the spot: an action that may carry evidence.
pub(super) fn on_the_spot(id: &StepId, title: &str, description: &str) -> Step {
    Step {
        id: id.clone(),
        kind: StepKind::ProcedureStep,
        title: title.to_owned(),
        description: description.to_owned(),
        content_type: ContentType::Action,
        estimate_minutes: None,
        evidence: EvidenceRule::Optional,
        rollback: String::new(),
    }
}

/// One item on its way into the order.
struct Item<'a, T> {
    id: &'a StepId,
    /// What an added item comes after.
    after: Option<&'a StepId>,
    value: T,
}

/// The items of the flow in their order, each followed by what was added after it, the earlier before the later. What
/// comes after something unknown (its own addition may still be on another laptop) stands at the end; an id that is taken
/// already is left out.
pub(super) fn placed<'a, T>(
    flow: impl IntoIterator<Item = (&'a StepId, T)>,
    added: impl IntoIterator<Item = (&'a StepId, Option<&'a StepId>, T)>,
) -> Vec<T> {
    let mut items: Vec<Item<'a, T>> =
        flow.into_iter().map(|(id, value)| Item { id, after: None, value }).collect();
    for (id, after, value) in added {
        if items.iter().any(|item| item.id == id) {
            continue;
        }
        let anchor = after.and_then(|after| items.iter().position(|item| item.id == after));
        let at = anchor.map_or(items.len(), |anchor| end_of_group(&items, anchor));
        items.insert(at, Item { id, after, value });
    }
    items.into_iter().map(|item| item.value).collect()
}

/// Where what hangs on the item at `anchor`, directly or through others, ends.
fn end_of_group<T>(items: &[Item<'_, T>], anchor: usize) -> usize {
    let mut end = anchor + 1;
    while let Some(next) = items.get(end) {
        let group = items.get(anchor..end).unwrap_or_default();
        if !next.after.is_some_and(|after| group.iter().any(|item| item.id == after)) {
            break;
        }
        end += 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn order(flow: &[&str], added: &[(&str, Option<&str>)]) -> Vec<String> {
        let id = |text: &&str| StepId((*text).to_owned());
        let flow: Vec<StepId> = flow.iter().map(id).collect();
        let added: Vec<(StepId, Option<StepId>)> =
            added.iter().map(|(step, after)| (id(step), after.as_ref().map(id))).collect();
        placed(
            flow.iter().map(|id| (id, id.0.clone())),
            added.iter().map(|(id, after)| (id, after.as_ref(), id.0.clone())),
        )
    }

    #[test]
    fn what_is_added_stands_after_its_step_in_the_order_it_was_added() {
        assert_eq!(order(&["a", "b"], &[]), ["a", "b"]);
        assert_eq!(order(&["a", "b"], &[("x", None)]), ["a", "b", "x"]);
        assert_eq!(order(&["a", "b"], &[("x", Some("a")), ("y", Some("a"))]), ["a", "x", "y", "b"]);
        let chained = [("x", Some("a")), ("y", Some("x")), ("z", Some("a"))];
        assert_eq!(order(&["a", "b"], &chained), ["a", "x", "y", "z", "b"]);
        let between = [("x", Some("a")), ("z", Some("a")), ("y", Some("x"))];
        assert_eq!(order(&["a", "b"], &between), ["a", "x", "y", "z", "b"]);
    }

    #[test]
    fn what_hangs_on_nothing_known_stands_at_the_end() {
        assert_eq!(order(&["a"], &[("x", Some("gone")), ("y", Some("x"))]), ["a", "x", "y"]);
        assert_eq!(order(&["a", "b"], &[("a", None), ("x", Some("x"))]), ["a", "b", "x"]);
    }

    proptest! {
        #[test]
        fn every_step_is_there_once_and_the_flow_keeps_its_order(
            added in prop::collection::vec(("[a-h]", prop::option::of("[a-j]")), 0..12),
        ) {
            let flow = ["a", "b", "c"];
            let added: Vec<_> = added.iter().map(|(id, after)| (id.as_str(), after.as_deref())).collect();
            let placed = order(&flow, &added);
            let mut expected: Vec<&str> = flow.into_iter().chain(added.iter().map(|(id, _)| *id)).collect();
            expected.sort_unstable();
            expected.dedup();
            let mut sorted: Vec<&str> = placed.iter().map(String::as_str).collect();
            sorted.sort_unstable();
            prop_assert_eq!(sorted, expected);
            let kept: Vec<_> = placed.iter().filter(|id| flow.contains(&id.as_str())).collect();
            prop_assert_eq!(kept, ["a", "b", "c"]);
        }
    }
}
