//! Where the keyboard is in the editor, and the controls problems belong to.

use crate::browser;
use crate::state::editor::Problem;
use std::cell::RefCell;
use std::rc::Rc;
use yew::prelude::*;

/// The title of the open step.
pub(super) const TITLE: &str = "step-title";
/// Adds a step at the end.
pub(super) const ADD: &str = "add-step";

/// The line of a step or node that is closed.
pub(super) fn line_id(at: usize) -> String {
    format!("edit-line-{at}")
}

/// The line of a question that is closed.
pub(super) fn question_line_id(at: usize) -> String {
    format!("question-line-{at}")
}

/// What gets the focus after the next drawing: opening, closing and deleting take away what had it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Focus(Rc<RefCell<Option<String>>>);

impl Focus {
    pub(super) fn go(&self, id: impl Into<String>) {
        *self.0.borrow_mut() = Some(id.into());
    }
}

/// Moves the focus after drawing: what is to get it may just have come to be.
#[hook]
pub(super) fn use_focus() -> Focus {
    let focus = Focus(use_mut_ref(|| None::<String>));
    {
        let focus = focus.clone();
        use_effect(move || {
            if let Some(id) = focus.0.take() {
                browser::focus(&id);
            }
        });
    }
    focus
}

/// The step a problem is in.
pub(super) fn step_of(problem: &Problem, end: usize) -> Option<usize> {
    if problem.field.starts_with("end.") {
        return Some(end);
    }
    index_of(&problem.field, "steps[").or_else(|| index_of(&problem.field, "nodes["))
}

pub(super) fn index_of(field: &str, start: &str) -> Option<usize> {
    field.strip_prefix(start)?.split(']').next()?.parse().ok()
}

/// The id of the control a problem belongs to.
pub(super) fn control_of(problem: &Problem) -> String {
    let last = problem.field.rsplit('.').next().unwrap_or_default();
    if let Some((_, slot)) = problem.field.split_once(".answers[") {
        return format!("answer-{}-{last}", slot.split(']').next().unwrap_or_default());
    }
    match problem.field.as_str() {
        "name" | "description" => format!("flow-{last}"),
        "steps" => "add-step".to_owned(),
        "intake_form" => "add-question".to_owned(),
        field => match index_of(field, "intake_form[") {
            // `options[2]` is in the one field for all options.
            Some(index) => format!("question-{index}-{}", last.split('[').next().unwrap_or(last)),
            None => format!("step-{last}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_focus_finds_the_field_that_is_wrong() {
        let control = |field: &str| control_of(&Problem { field: field.to_owned(), message: String::new() });
        assert_eq!(control("name"), "flow-name");
        assert_eq!(control("steps[3].title"), "step-title");
        assert_eq!(control("end.title"), "step-title");
        assert_eq!(control("intake_form[1].options[2]"), "question-1-options");
        assert_eq!(control("steps"), "add-step");
        assert_eq!(control("nodes[2].answers[1].to"), "answer-1-to");
        assert_eq!(control("nodes[2].next"), "step-next");
        let problem = Problem { field: "steps[3].estimate_minutes".to_owned(), message: String::new() };
        assert_eq!((step_of(&problem, 9), control_of(&problem).as_str()), (Some(3), "step-estimate_minutes"));
    }
}
