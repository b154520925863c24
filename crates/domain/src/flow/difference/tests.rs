//! Differences: every kind of change, and what holds for any two states.

use super::*;
use proptest::prelude::*;

fn steps(titles: &[(&str, &str)]) -> Structure {
    let steps: Vec<_> = titles
        .iter()
        .map(|(id, title)| serde_json::json!({"id": id, "type": "procedure_step", "title": title}))
        .collect();
    Structure::from_value(&serde_json::json!({ "steps": steps })).unwrap()
}

fn tree(nodes: serde_json::Value) -> Structure {
    Structure::from_value(&serde_json::json!({"start": "a", "nodes": nodes})).unwrap()
}

fn content<'a>(structure: &'a Structure, form: &'a IntakeForm) -> Content<'a> {
    Content { name: "Patch", description: "", flow_type: FlowType::Maintenance, structure, intake_form: form }
}

fn between(before: &Structure, after: &Structure) -> Difference {
    let form = IntakeForm::default();
    difference(content(before, &form), content(after, &form))
}

fn told(changes: &[PieceChange]) -> Vec<(&str, Change, Option<u32>, Option<u32>)> {
    changes.iter().map(|piece| (piece.id.as_str(), piece.change, piece.from, piece.to)).collect()
}

fn values(changes: &[FieldChange]) -> Vec<(&str, Option<&str>, Option<&str>)> {
    changes
        .iter()
        .map(|change| (change.field.as_str(), change.before.as_deref(), change.after.as_deref()))
        .collect()
}

#[test]
fn the_same_content_does_not_differ() {
    let structure = steps(&[("a", "A"), ("b", "B")]);
    assert!(between(&structure, &structure).is_empty());
}

#[test]
fn texts_and_type_are_told_with_both_values() {
    let (structure, form) = (steps(&[("a", "A")]), IntakeForm::default());
    let before = content(&structure, &form);
    let after = Content { name: "Patch all", description: "x", flow_type: FlowType::Procedural, ..before };
    assert_eq!(
        values(&difference(before, after).fields),
        [
            ("name", Some("Patch"), Some("Patch all")),
            ("description", Some(""), Some("x")),
            ("flow_type", Some("maintenance"), Some("procedural")),
        ]
    );
}

#[test]
fn a_step_put_in_front_moves_none_and_one_carried_down_is_the_one_that_moved() {
    let before = steps(&[("a", "A"), ("b", "B"), ("c", "C")]);
    let in_front = steps(&[("n", "N"), ("a", "A"), ("b", "B"), ("c", "C")]);
    assert_eq!(told(&between(&before, &in_front).steps), [("n", Change::Added, None, Some(1))]);
    let carried = steps(&[("b", "B"), ("c", "C"), ("a", "A")]);
    assert_eq!(told(&between(&before, &carried).steps), [("a", Change::Moved, Some(1), Some(3))]);
    let gone = steps(&[("a", "A"), ("c", "C")]);
    assert_eq!(told(&between(&before, &gone).steps), [("b", Change::Removed, Some(2), None)]);
}

#[test]
fn a_step_that_says_something_else_names_the_field() {
    let before = steps(&[("a", "A"), ("b", "B")]);
    let mut after = steps(&[("b", "B"), ("a", "Again")]);
    if let Structure::Procedure(procedure) = &mut after {
        procedure.steps[0].estimate_minutes = Some(5);
        procedure.steps[0].rollback = "Undo".to_owned();
    }
    let changes = between(&before, &after).steps;
    assert_eq!(
        told(&changes),
        [("b", Change::Changed, Some(2), Some(1)), ("a", Change::Changed, Some(1), Some(2))]
    );
    assert_eq!(
        values(&changes[0].fields),
        [("estimate_minutes", None, Some("5")), ("rollback", None, Some("Undo"))]
    );
    assert_eq!(values(&changes[1].fields), [("title", Some("A"), Some("Again"))]);
    assert_eq!(changes.iter().filter(|change| change.moved).count(), 1);
}

#[test]
fn answers_are_told_one_by_one() {
    let outcome = serde_json::json!({"id": "z", "title": "End", "type": "outcome", "outcome": "resolved"});
    let ask = |answers: serde_json::Value| {
        tree(
            serde_json::json!([{"id": "a", "title": "Ask", "type": "question", "answers": answers}, outcome]),
        )
    };
    let before = ask(serde_json::json!([{"label": "Yes", "to": "z"}, {"label": "No", "to": "z"}]));
    let after =
        ask(serde_json::json!([{"label": "Yes", "to": "a", "go_back": true}, {"label": "Maybe", "to": "z"}]));
    let changes = between(&before, &after).nodes;
    assert_eq!(
        values(&changes[0].fields),
        [
            ("answers", Some("Yes · No"), Some("Yes · Maybe")),
            ("answers[Yes].to", Some("z"), Some("a")),
            ("answers[Yes].go_back", None, Some("true")),
            ("answers[Maybe].to", None, Some("z")),
            ("answers[No].to", Some("z"), None),
        ]
    );
}

#[test]
fn a_flow_that_became_a_tree_lost_its_steps_and_got_nodes() {
    let node = serde_json::json!([{"id": "a", "title": "End", "type": "outcome", "outcome": "escalate"}]);
    let changes = between(&steps(&[("a", "A")]), &tree(node));
    assert_eq!(told(&changes.steps), [("a", Change::Removed, Some(1), None)]);
    assert_eq!(told(&changes.nodes), [("a", Change::Added, None, Some(1))]);
    assert_eq!(values(&changes.fields), [("start", None, Some("a")), ("sign_off", Some("none"), None)]);
}

#[test]
fn intake_fields_are_matched_by_key() {
    let form = |json: serde_json::Value| -> IntakeForm { serde_json::from_value(json).unwrap() };
    let before = form(serde_json::json!([{"key": "v", "label": "Version", "type": "text"}]));
    let after = form(serde_json::json!([{"key": "v", "label": "Version", "type": "text", "required": true}]));
    let structure = steps(&[("a", "A")]);
    let changes = difference(content(&structure, &before), content(&structure, &after)).intake_form;
    assert_eq!(values(&changes[0].fields), [("required", None, Some("true"))]);
}

/// Steps with ids out of a few letters, each at most once, in any order.
fn some_steps() -> impl Strategy<Value = Structure> {
    let ids: Vec<&str> = vec!["a", "b", "c", "d", "e", "f", "g"];
    (prop::sample::subsequence(ids, 0..=7).prop_shuffle(), prop::collection::vec(0..2_u8, 7)).prop_map(
        |(ids, titles)| {
            let named: Vec<(&str, &str)> = ids
                .into_iter()
                .zip(titles)
                .map(|(id, title)| (id, if title == 0 { "One" } else { "Other" }))
                .collect();
            steps(&named)
        },
    )
}

fn ids(structure: &Structure) -> Vec<String> {
    structure.as_procedure().unwrap().steps.iter().map(|step| step.id.0.clone()).collect()
}

proptest! {
    #[test]
    fn a_difference_says_how_to_get_from_one_to_the_other(before in some_steps(), after in some_steps()) {
        let changes = between(&before, &after).steps;
        let of = |change| -> HashSet<&str> {
            changes.iter().filter(|c| c.change == change).map(|c| c.id.as_str()).collect()
        };
        let (had, has) = (ids(&before), ids(&after));
        for id in &had {
            prop_assert_eq!(of(Change::Removed).contains(id.as_str()), !has.contains(id));
        }
        for id in &has {
            prop_assert_eq!(of(Change::Added).contains(id.as_str()), !had.contains(id));
        }
        // What is told as neither new, gone nor moved stands in the same order in both.
        let moved: HashSet<&str> = changes.iter().filter(|c| c.moved).map(|c| c.id.as_str()).collect();
        let still = |all: &[String], others: &[String]| -> Vec<String> {
            all.iter().filter(|id| others.contains(id) && !moved.contains(id.as_str())).cloned().collect()
        };
        prop_assert_eq!(still(&had, &has), still(&has, &had));
    }

    #[test]
    fn the_way_back_is_the_way_there_reversed(before in some_steps(), after in some_steps()) {
        let there = between(&before, &after).steps;
        let back = between(&after, &before).steps;
        prop_assert_eq!(there.iter().filter(|c| c.moved).count(), back.iter().filter(|c| c.moved).count());
        for change in there.iter().filter(|c| c.change == Change::Changed) {
            let other = back.iter().find(|c| c.id == change.id).unwrap();
            for (one, two) in change.fields.iter().zip(&other.fields) {
                prop_assert_eq!((&one.before, &one.after), (&two.after, &two.before));
            }
        }
    }
}
