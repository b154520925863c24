//! The title of a step on the board: with the answers of the batch in it, and never the braces of a template.

use mf_contract::board::{Board, BoardSession};
use mf_contract::sessions::Session;
use mf_domain::flow::variables::{Variables, fill};
use mf_domain::targets::Target;

/// What a variable is called where nobody knows its value, or where it differs from row to row.
fn in_words(board: &Board, name: &str) -> String {
    let plain = |key: &str| key.replace(['_', '-', '.'], " ");
    match name.strip_prefix("target.") {
        Some("label") => "the target".to_owned(),
        Some(key) => format!("the target’s {}", plain(key)),
        None => {
            let asked = board.batch.missing_intake.iter().find(|field| field.key == name);
            asked.map_or_else(|| plain(name), |field| field.label.clone())
        }
    }
}

fn title(board: &Board, step: usize) -> &str {
    board.steps.get(step).map_or("", |step| step.title.as_str())
}

fn filled(board: &Board, step: usize, known: Variables<'_>) -> String {
    fill(title(board, step), |name| Some(known.get(name).unwrap_or_else(|| in_words(board, name))))
}

/// The title of a column.
#[must_use]
pub fn of_column(board: &Board, step: usize) -> String {
    filled(board, step, Variables { target: None, answers: &board.batch.intake })
}

/// The title of a cell: of what is to be done on this target.
#[must_use]
pub fn of_cell(board: &Board, step: usize, session: &BoardSession) -> String {
    let BoardSession { label, notes, client, site, variables, .. } = session;
    let target = Target {
        label: label.clone(),
        notes: notes.clone(),
        client: client.clone(),
        site: site.clone(),
        variables: variables.clone(),
    };
    filled(board, step, Variables { target: Some(&target), answers: &board.batch.intake })
}

/// The title of a cell of a session that is there as a whole, with the answers it began with: as the runner says it.
#[must_use]
pub fn of_whole(board: &Board, step: usize, session: &Session) -> String {
    let target = session.target();
    filled(board, step, Variables { target: target.as_ref(), answers: &session.intake })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::board::tests::some;
    use mf_domain::intake::{IntakeField, IntakeKind};

    #[test]
    fn a_column_names_what_differs_and_a_cell_says_the_targets_own() {
        let mut board = some();
        board.steps[0].title =
            "Install {{patch}} on {{target.label}} ({{target.ip_address}}), {{who-calls}}".into();
        board.batch.intake.insert("patch".into(), "KB1".into());
        board.sessions[0].variables.insert("ip_address".into(), "10.0.0.1".into());
        assert_eq!(of_column(&board, 0), "Install KB1 on the target (the target’s ip address), who calls");
        let of = |board: &Board, n: usize| of_cell(board, 0, &board.sessions[n]);
        let [first, second] = [0, 1].map(|n: usize| board.sessions[n].label.clone());
        assert_eq!(of(&board, 0), format!("Install KB1 on {first} (10.0.0.1), who calls"));
        assert_eq!(of(&board, 1), format!("Install KB1 on {second} (the target’s ip address), who calls"));
        assert_eq!(of_column(&board, 99), "");
    }

    #[test]
    fn what_nobody_has_answered_yet_is_called_as_it_is_asked() {
        let mut board = some();
        board.steps[0].title = "Install {{patch_version}}".into();
        board.batch.missing_intake = vec![IntakeField {
            key: "patch_version".into(),
            label: "Patch version".into(),
            kind: IntakeKind::Text,
            required: true,
            default: None,
            options: Vec::new(),
            help: None,
        }];
        assert_eq!(of_column(&board, 0), "Install Patch version");
    }
}
