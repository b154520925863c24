//! What is wrong with a draft. The rules are the domain's; here they are asked for every step and question on its own, so
//! that each message stands beside its field.

use super::draft::{Draft, work};
use mf_contract::ApiError;
use mf_domain::flow::structure::END_TITLE;
use mf_domain::flow::{Procedure, Step, StepKind, Structure};
use mf_domain::intake::IntakeForm;
use mf_domain::text::{self, LONG_TEXT_MAX};

/// Something that is wrong, and where: `steps[2].title`, `intake_form[0].key`, `name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub field: String,
    pub message: String,
}

impl Draft {
    /// Everything that is wrong, in reading order.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut note = |field: String, message: String| problems.push(Problem { field, message });
        if let Err(invalid) = text::name("name", &self.name) {
            note(invalid.field, invalid.message);
        }
        if let Err(invalid) = text::body("description", &self.description, LONG_TEXT_MAX) {
            note(invalid.field, invalid.message);
        }
        match &self.tree {
            Some(tree) => problems.extend(tree.problems()),
            None => self.step_problems(&mut problems),
        }
        self.field_problems(&mut problems);
        problems
    }

    /// What the engine refused of it, where the editor has a control for that.
    #[must_use]
    pub fn refused(&self, error: &ApiError) -> Option<Problem> {
        let field = error.field.as_deref()?;
        let field = field.strip_prefix("structure.").unwrap_or(field);
        // The end is one of the engine's steps, the last.
        let end = format!("steps[{}]", self.steps.len());
        let field = field.strip_prefix(&end).map_or_else(|| field.to_owned(), |rest| format!("end{rest}"));
        let whole = ["name", "description", "flow_type", "steps", "nodes", "start", "intake_form"];
        let part = ["steps[", "nodes[", "end.", "intake_form["];
        let known = whole.contains(&field.as_str()) || part.iter().any(|part| field.starts_with(part));
        known.then(|| Problem { field, message: error.message.clone() })
    }

    fn step_problems(&self, problems: &mut Vec<Problem>) {
        let blank = problems.is_empty();
        let mut note = |field: String, message: String| problems.push(Problem { field, message });
        let end = self.end.typed();
        for (index, step) in self.steps.iter().enumerate() {
            // Alone before an end that is right, a step's own rules are what is left.
            let alone = Procedure { steps: vec![step.typed(), right_end()], ..Procedure::default() };
            if let Err(invalid) = alone.check() {
                note(invalid.field.replacen("steps[0]", &format!("steps[{index}]"), 1), invalid.message);
            }
        }
        let count = self.steps.len();
        let filler = Step { title: "-".to_owned(), ..work("-".to_owned()) };
        let closing = Procedure { steps: vec![filler, end], ..Procedure::default() };
        if let Err(invalid) = closing.check() {
            note(invalid.field.replacen("steps[1]", "end", 1), invalid.message);
        }
        if (blank && problems.is_empty()) || count == 0 {
            let all = Structure::validate(&self.structure(), self.flow_type);
            if let Err(invalid) = all {
                let field = invalid.field.strip_prefix("structure.").unwrap_or(&invalid.field).to_owned();
                problems.push(Problem { field, message: invalid.message });
            }
        }
    }

    fn field_problems(&self, problems: &mut Vec<Problem>) {
        let form = self.form();
        for (index, field) in form.0.iter().enumerate() {
            let at = format!("intake_form[{index}]");
            if let Err(invalid) = IntakeForm(vec![field.clone()]).validate() {
                let field = invalid.field.replacen("intake_form[0]", &at, 1);
                problems.push(Problem { field, message: invalid.message });
            } else if form.0.iter().take(index).any(|earlier| earlier.key == field.key) {
                let message = format!("`{}` is the name of another question", field.key);
                problems.push(Problem { field: format!("{at}.key"), message });
            }
        }
        if let Err(invalid) = form.validate()
            && invalid.field == "intake_form"
        {
            problems.push(Problem { field: invalid.field, message: invalid.message });
        }
    }
}

fn right_end() -> Step {
    Step { kind: StepKind::ProcedureEnd, title: END_TITLE.to_owned(), ..work("the-end".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mf_contract::ErrorCode;
    use mf_domain::flow::FlowType;

    #[test]
    fn what_the_engine_refuses_stands_beside_its_field() {
        let draft = Draft::empty(FlowType::Maintenance);
        let field = |field: &str| {
            let error = ApiError::new(ErrorCode::Validation, "is taken").on(field);
            draft.refused(&error).map(|problem| problem.field)
        };
        assert_eq!(field("name").as_deref(), Some("name"));
        assert_eq!(field("flow_type").as_deref(), Some("flow_type"));
        assert_eq!(field("structure.steps[0].title").as_deref(), Some("steps[0].title"));
        assert_eq!(field("structure.steps[1].title").as_deref(), Some("end.title"));
        assert_eq!(field("id"), None, "nobody typed it");
        assert!(draft.refused(&ApiError::new(ErrorCode::Conflict, "is newer")).is_none());
    }
}
