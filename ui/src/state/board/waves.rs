//! Waves as a person sets and sees them.

use super::failure;
use crate::state::time::grouped;
use mf_contract::batches::BatchWaves;
use mf_contract::board::{Board, BoardSession};
use mf_domain::Invalid;
use mf_domain::batch::{Held, WaveRule};
use mf_domain::ids::SessionId;
use mf_domain::session::SessionStatus;
use mf_domain::targets::TARGETS_MAX;
use std::collections::BTreeSet;

/// Whether a failure holds the batch back until somebody says to go on.
#[must_use]
pub fn is_halted(waves: &BatchWaves) -> bool {
    waves.held > 0 && matches!(waves.gate, Some(Held::Stopped { .. } | Held::CanaryFailed { .. }))
}

/// The pending sessions that may not be started yet. The engine decides; this says of which rows it spoke.
#[must_use]
pub fn held(board: &Board) -> BTreeSet<SessionId> {
    let Some(waves) = &board.batch.waves else { return BTreeSet::new() };
    let pending = board.sessions.iter().filter(|session| session.status == SessionStatus::Pending);
    pending.skip(waves.offered as usize).map(|session| session.id).collect()
}

/// A rule in words: `2 first, 5 at a time, stops after 3 failures`.
#[must_use]
pub fn words(rule: &WaveRule) -> String {
    let canary = rule.canary.map(|n| format!("{n} first"));
    let at_once = rule.max_in_progress.map(|n| format!("{n} at a time"));
    let stop = rule.stop_after_failures.map(|n| {
        if n == 1 { "stops after 1 failure".to_owned() } else { format!("stops after {n} failures") }
    });
    [canary, at_once, stop].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The targets that failed, each with what went wrong: the first `most`, and how many more there are.
#[must_use]
pub fn failures(board: &Board, most: usize) -> (Vec<String>, usize) {
    let failed: Vec<&BoardSession> =
        board.sessions.iter().filter(|session| session.status == SessionStatus::Failed).collect();
    let line = |session: &&BoardSession| match failure(board, session) {
        Some(why) => format!("{} ({why})", session.label),
        None => session.label.clone(),
    };
    (failed.iter().take(most).map(line).collect(), failed.len().saturating_sub(most))
}

/// A rule as it is typed: each number, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaveDraft {
    pub canary: String,
    pub max_in_progress: String,
    pub stop_after_failures: String,
}

impl WaveDraft {
    /// A rule, to be changed.
    #[must_use]
    pub fn of(rule: Option<&WaveRule>) -> Self {
        let text = |number: Option<u32>| number.map_or_else(String::new, |number| number.to_string());
        let rule = rule.copied().unwrap_or_default();
        Self {
            canary: text(rule.canary),
            max_in_progress: text(rule.max_in_progress),
            stop_after_failures: text(rule.stop_after_failures),
        }
    }

    /// The rule that is meant; none when nothing is typed.
    ///
    /// # Errors
    /// Names the field that holds no number, or one that is out of bounds.
    pub fn rule(&self) -> Result<Option<WaveRule>, Invalid> {
        let rule = WaveRule {
            canary: number("canary", &self.canary)?,
            max_in_progress: number("max_in_progress", &self.max_in_progress)?,
            stop_after_failures: number("stop_after_failures", &self.stop_after_failures)?,
        };
        if rule == WaveRule::default() {
            return Ok(None);
        }
        rule.check().map(|()| Some(rule)).map_err(|error| wrong(&error.field))
    }

    /// The rule where one is wanted.
    ///
    /// # Errors
    /// As [`Self::rule`]; names the first field when nothing is typed.
    pub fn wanted(&self) -> Result<WaveRule, Invalid> {
        self.rule()?.ok_or_else(|| Invalid::new("canary", "Give at least one of the three numbers."))
    }

    /// Whether something is typed in the field of that name.
    #[must_use]
    pub fn is_typed(&self, field: &str) -> bool {
        let text = match field {
            "canary" => &self.canary,
            "max_in_progress" => &self.max_in_progress,
            _ => &self.stop_after_failures,
        };
        !text.trim().is_empty()
    }
}

fn wrong(field: &str) -> Invalid {
    Invalid::new(field, format!("A whole number from 1 to {}.", grouped(TARGETS_MAX)))
}

fn number(field: &str, text: &str) -> Result<Option<u32>, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| wrong(field))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{board, row};
    use super::*;
    use SessionStatus as S;

    fn halted() -> Board {
        let mut board = board(vec![
            row(1, S::Failed, "dfd"),
            row(2, S::Failed, "f.."),
            row(3, S::Pending, "..."),
            row(4, S::Pending, "..."),
        ]);
        board.batch.waves = Some(BatchWaves {
            rule: WaveRule { stop_after_failures: Some(2), ..WaveRule::default() },
            released: 0,
            offered: 0,
            held: 2,
            next_session_id: None,
            gate: Some(Held::Stopped { failures: 2 }),
            reason: None,
            words: None,
        });
        board
    }

    #[test]
    fn a_halt_names_what_failed_and_what_is_held() {
        let mut board = halted();
        assert!(board.batch.waves.as_ref().is_some_and(is_halted));
        assert_eq!(held(&board).len(), 2);
        let (named, more) = failures(&board, 1);
        assert_eq!((named, more), (vec!["RDS-01 (b)".to_owned()], 1));
        // The second failed at the step that has a note.
        assert_eq!(failures(&board, 9).0[1], "RDS-02 (a: n)");
        if let Some(waves) = &mut board.batch.waves {
            waves.offered = 1;
        }
        assert!(held(&board).contains(&board.sessions[3].id));
        assert!(!held(&board).contains(&board.sessions[2].id));
        board.batch.waves = None;
        assert!(held(&board).is_empty());
    }

    #[test]
    fn a_rule_is_read_as_it_is_written() {
        let rule = WaveRule { canary: Some(2), max_in_progress: Some(5), stop_after_failures: Some(1) };
        assert_eq!(WaveDraft::of(Some(&rule)).rule(), Ok(Some(rule)));
        assert_eq!(words(&rule), "2 first, 5 at a time, stops after 1 failure");
        assert_eq!(WaveDraft::of(None).rule(), Ok(None));
        let wrong = |canary: &str| WaveDraft { canary: canary.to_owned(), ..WaveDraft::default() }.rule();
        for canary in ["two", "0", "-1", "1.5", "10001"] {
            assert_eq!(wrong(canary).map_err(|error| error.field), Err("canary".to_owned()), "{canary}");
        }
        assert!(wrong(" 3 ").is_ok());
        assert_eq!(wrong("10001").unwrap_err().message, "A whole number from 1 to 10,000.");
    }

    #[test]
    fn a_rule_that_is_wanted_has_a_number() {
        let draft = |max: &str| WaveDraft { max_in_progress: max.to_owned(), ..WaveDraft::default() };
        let nothing = draft(" ").wanted().unwrap_err();
        assert!(nothing.field == "canary" && nothing.message.starts_with("Give"), "{nothing:?}");
        assert_eq!(draft("a few").wanted().unwrap_err().field, "max_in_progress");
        assert_eq!(draft(" 4 ").wanted().unwrap().max_in_progress, Some(4));
        assert!(draft("4").is_typed("max_in_progress") && !draft("4").is_typed("canary"));
    }
}
