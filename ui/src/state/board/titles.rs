//! The title of a step on the board: with the answers of the batch in it, and never the braces of a template.

use mf_contract::board::{Board, BoardSession};
use mf_contract::sessions::Session;
use mf_domain::flow::variables::{Variables, fill};
use mf_domain::targets::Target;

/// What a variable of the target is called where nobody knows its value, or where it differs from row to row.
fn in_words(name: &str) -> Option<String> {
    let key = name.strip_prefix("target.")?;
    Some(match key {
        "label" => "the target".to_owned(),
        key => format!("the target’s {}", key.replace(['_', '-', '.'], " ")),
    })
}

fn title(board: &Board, step: usize) -> &str {
    board.steps.get(step).map_or("", |step| step.title.as_str())
}

fn filled(board: &Board, step: usize, known: Variables<'_>) -> String {
    fill(title(board, step), |name| known.get(name).or_else(|| in_words(name)))
}

/// The title of a column.
#[must_use]
pub fn of_column(board: &Board, step: usize) -> String {
    filled(board, step, Variables { target: None, answers: &board.batch.intake })
}

/// The title of a cell: of what is to be done on this target.
#[must_use]
pub fn of_cell(board: &Board, step: usize, session: &BoardSession) -> String {
    let BoardSession { label, notes, client, site, .. } = session;
    let target = Target {
        label: label.clone(),
        notes: notes.clone(),
        client: client.clone(),
        site: site.clone(),
        ..Target::default()
    };
    filled(board, step, Variables { target: Some(&target), answers: &board.batch.intake })
}

/// The title of a cell of a session that is there as a whole, with the variables of its target: as the runner says it.
#[must_use]
pub fn of_whole(board: &Board, step: usize, session: &Session) -> String {
    let target = session.target();
    filled(board, step, Variables { target: target.as_ref(), answers: &session.intake })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::board::tests::some;

    #[test]
    fn answers_and_targets_stand_in_titles_in_words() {
        let mut board = some();
        board.steps[0].title =
            "Install {{patch}} on {{target.label}} ({{target.ip_address}}), {{who}}".into();
        board.batch.intake.insert("patch".into(), "KB1".into());
        assert_eq!(of_column(&board, 0), "Install KB1 on the target (the target’s ip address), {{who}}");
        let label = board.sessions[0].label.clone();
        assert_eq!(
            of_cell(&board, 0, &board.sessions[0]),
            format!("Install KB1 on {label} (the target’s ip address), {{{{who}}}}")
        );
        assert_eq!(of_column(&board, 99), "");
    }
}
