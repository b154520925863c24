//! The words of a report.

use mf_domain::batch::{BatchOrigin, BatchStatus, Rollup};
use mf_domain::session::{SessionStatus, StepOutcome};

/// A size as people read it: `512 bytes`, `1.4 MB`.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// "6/8 complete, 1 failed, 1 skipped".
pub(super) fn result(rollup: &Rollup) -> String {
    let others = [
        (rollup.failed, "failed"),
        (rollup.skipped, "skipped"),
        (rollup.cancelled, "cancelled"),
        (rollup.in_progress, "running"),
        (rollup.pending, "pending"),
    ];
    let mut words = rollup.words();
    for (number, word) in others.into_iter().filter(|(number, _)| *number > 0) {
        words.push_str(&format!(", {number} {word}"));
    }
    words
}

pub(super) fn session_status(status: SessionStatus) -> &'static str {
    match status {
        SessionStatus::Pending => "Pending",
        SessionStatus::InProgress => "Running",
        SessionStatus::Completed => "Complete",
        SessionStatus::Failed => "Failed",
        SessionStatus::Skipped => "Skipped",
        SessionStatus::Cancelled => "Cancelled",
    }
}

pub(super) fn batch_status(status: BatchStatus) -> &'static str {
    match status {
        BatchStatus::Pending => "Not begun",
        BatchStatus::InProgress => "In progress: this report is not final",
        BatchStatus::Finished => "Finished",
    }
}

pub(super) fn origin(origin: BatchOrigin) -> &'static str {
    match origin {
        BatchOrigin::Manual => "Launched by hand",
        BatchOrigin::Schedule => "Due by schedule",
        BatchOrigin::Retry => "Retry of failed targets",
    }
}

pub(super) fn outcome(outcome: StepOutcome) -> &'static str {
    match outcome {
        StepOutcome::Done => "Done",
        StepOutcome::Failed => "Failed",
        StepOutcome::Skipped => "Skipped",
    }
}
