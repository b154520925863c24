//! What a report says, in words, before any format: the same facts in the same order for paper, table and ticket. Pure.

use chrono::{DateTime, SubsecRound, Utc};
use mf_contract::batches::{Batch, BatchSummary};
use mf_contract::sessions::{Session, SessionStep, SessionSummary};
use mf_domain::Invalid;
use mf_domain::batch::{BatchOrigin, BatchStatus, Rollup};
use mf_domain::duration::between;
use mf_domain::flow::SignOffRule;
use mf_domain::intake::IntakeForm;
use mf_domain::recurrence::zone::Zone;
use mf_domain::session::fold::Note;
use mf_domain::session::{Evidence, EvidenceFile, SessionStatus, StepOutcome};

/// A whole report.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Report {
    /// The flow's name.
    pub(super) title: String,
    /// The flow's description, as Markdown.
    pub(super) purpose: String,
    /// "6/8 complete, 2 failed".
    pub(super) result: String,
    pub(super) rollup: Rollup,
    /// What the batch was, as label and value.
    pub(super) facts: Vec<(&'static str, String)>,
    /// The intake form: questions and answers.
    pub(super) answers: Vec<(String, String)>,
    /// Those that failed first, then those with a failed step; within each, in the order of the batch.
    pub(super) targets: Vec<TargetReport>,
    /// In the order of the targets and their steps.
    pub(super) evidence: Vec<EvidenceReport>,
    pub(super) made_at: DateTime<Utc>,
    pub(super) zone: Zone,
}

/// What came of one target.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TargetReport {
    pub(super) label: String,
    pub(super) notes: String,
    pub(super) status: SessionStatus,
    pub(super) started_at: Option<DateTime<Utc>>,
    pub(super) ended_at: Option<DateTime<Utc>>,
    pub(super) steps: Vec<StepReport>,
    /// Notes on the target as a whole.
    pub(super) remarks: Vec<Note>,
    /// Of the target as a whole, then by step.
    pub(super) evidence: Vec<EvidenceReport>,
    /// A step was recorded after the end.
    pub(super) late: bool,
}

/// What came of one step.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StepReport {
    /// From 1.
    pub(super) number: usize,
    pub(super) title: String,
    pub(super) outcome: Option<StepOutcome>,
    pub(super) overruled: Vec<StepOutcome>,
    pub(super) notes: Vec<Note>,
    pub(super) at: Option<DateTime<Utc>>,
}

/// A piece of evidence. The report names it and prints its hash; the content stays with the workspace.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct EvidenceReport {
    pub(super) target: String,
    /// "2 Install the update"; empty for the target as a whole.
    pub(super) step: String,
    pub(super) file: EvidenceFile,
    pub(super) at: DateTime<Utc>,
}

impl Report {
    /// Of a batch and its sessions in the order of its targets. `form` asks what the batch's intake answers.
    pub(super) fn new(
        batch: &Batch,
        purpose: &str,
        form: &IntakeForm,
        sessions: &[Session],
        zone: Zone,
        made_at: DateTime<Utc>,
    ) -> Self {
        let mut targets: Vec<TargetReport> = sessions.iter().map(TargetReport::new).collect();
        // Stable: the order of the batch stays within each group.
        targets.sort_by_key(|target| (target.status != SessionStatus::Failed, !target.has_failed_steps()));
        let mut report = Self {
            title: batch.summary.flow_name.clone(),
            purpose: purpose.to_owned(),
            result: result(&batch.summary.rollup),
            rollup: batch.summary.rollup,
            facts: Vec::new(),
            answers: answers(form, batch),
            evidence: targets.iter().flat_map(|target| target.evidence.iter().cloned()).collect(),
            targets,
            made_at,
            zone,
        };
        report.facts = report.facts(batch);
        report
    }

    fn facts(&self, batch: &Batch) -> Vec<(&'static str, String)> {
        let summary = &batch.summary;
        let started = self.targets.iter().filter_map(|target| target.started_at).min();
        let ended = self.targets.iter().filter_map(|target| target.ended_at).max();
        let ended = ended.filter(|_| summary.status == BatchStatus::Finished);
        let took = started.zip(ended).map(|(from, to)| between(to - from));
        let facts = [
            ("Result", Some(self.result.clone())),
            ("Status", Some(batch_status(summary.status).to_owned())),
            ("Change ticket", summary.ticket.clone()),
            ("Signed off", self.signed_off(summary)),
            ("Origin", Some(origin(summary.origin).to_owned())),
            ("Due", summary.scheduled_for.map(|at| self.when(at))),
            ("Launched", Some(self.when(summary.launched_at))),
            ("Work began", started.map(|at| self.when(at))),
            ("Work ended", ended.map(|at| self.when(at))),
            ("Took", took),
            ("Flow revision", Some(batch.revision.to_string())),
            ("Batch", Some(summary.batch_id.to_string())),
            ("Retry of batch", batch.retry_of.map(|id| id.to_string())),
            ("Times in", Some(self.zone.name().to_owned())),
            ("Report made", Some(self.when(self.made_at))),
        ];
        facts.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
    }

    fn signed_off(&self, batch: &BatchSummary) -> Option<String> {
        match (&batch.sign_off, batch.sign_off_rule) {
            (Some(given), _) => {
                let note = given.note.as_ref().map_or_else(String::new, |note| format!(": {note}"));
                Some(format!("{}{note}", self.when(given.at)))
            }
            (None, SignOffRule::None) => None,
            (None, SignOffRule::Anyone | SignOffRule::SomeoneElse) => Some("Not yet".to_owned()),
        }
    }

    /// An instant on the wall clock of the report's zone: `2026-12-08 22:00 +01:00`.
    pub(super) fn when(&self, at: DateTime<Utc>) -> String {
        let (wall, offset, _) = self.zone.to_local(at.trunc_subsecs(0));
        let (sign, east) = if offset < 0 { ('-', -offset) } else { ('+', offset) };
        format!("{} {sign}{:02}:{:02}", wall.format("%Y-%m-%d %H:%M"), east / 3_600, east / 60 % 60)
    }
}

impl TargetReport {
    fn new(session: &Session) -> Self {
        let summary = &session.summary;
        Self {
            label: summary.target_label.clone(),
            notes: place_and_notes(summary),
            status: summary.status,
            started_at: summary.started_at,
            ended_at: summary.ended_at,
            steps: session
                .steps
                .iter()
                .zip(1..)
                .map(|(step, number)| StepReport::new(number, step))
                .collect(),
            remarks: session.notes.clone(),
            evidence: evidence(session),
            late: session.late,
        }
    }

    fn has_failed_steps(&self) -> bool {
        self.steps.iter().any(|step| step.outcome == Some(StepOutcome::Failed))
    }

    /// "6 of 6": steps with an outcome.
    pub(super) fn progress(&self) -> String {
        let recorded = self.steps.iter().filter(|step| step.outcome.is_some()).count();
        format!("{recorded} of {}", self.steps.len())
    }

    /// How long it took, once it has ended.
    pub(super) fn took(&self) -> Option<String> {
        self.started_at.zip(self.ended_at).map(|(from, to)| between(to - from))
    }
}

impl StepReport {
    fn new(number: usize, step: &SessionStep) -> Self {
        Self {
            number,
            title: title(step),
            outcome: step.outcome,
            overruled: step.overruled.clone(),
            notes: step.notes.clone(),
            at: step.recorded_at,
        }
    }

    /// "Done", or "Done (was failed)" when an earlier record was overruled.
    pub(super) fn result(&self) -> String {
        let word = self.outcome.map_or("Open", outcome);
        if self.overruled.is_empty() {
            return word.to_owned();
        }
        let before: Vec<String> =
            self.overruled.iter().map(|overruled| outcome(*overruled).to_lowercase()).collect();
        format!("{word} (was {})", before.join(", "))
    }
}

/// "Contoso, Berlin. 10.0.0.11": client and site before the notes.
fn place_and_notes(summary: &SessionSummary) -> String {
    let place: Vec<&str> =
        [&summary.target_client, &summary.target_site].into_iter().flatten().map(String::as_str).collect();
    let notes = summary.target_notes.as_deref().unwrap_or_default();
    match (place.is_empty(), notes.is_empty()) {
        (true, _) => notes.to_owned(),
        (false, true) => place.join(", "),
        (false, false) => format!("{}. {notes}", place.join(", ")),
    }
}

/// The title, with how the step came to be when the flow does not have it.
fn title(step: &SessionStep) -> String {
    match &step.added {
        None => step.title.clone(),
        Some(added) if added.rollback_of.is_some() => format!("{} (rollback)", step.title),
        Some(_) => format!("{} (added)", step.title),
    }
}

fn evidence(session: &Session) -> Vec<EvidenceReport> {
    let of = |step: String, pieces: &[Evidence]| -> Vec<EvidenceReport> {
        let target = &session.summary.target_label;
        let report = |piece: &Evidence| EvidenceReport {
            target: target.clone(),
            step: step.clone(),
            file: piece.file.clone(),
            at: piece.at,
        };
        pieces.iter().map(report).collect()
    };
    let steps = session.steps.iter().zip(1..);
    let of_steps = steps.flat_map(|(step, number)| of(format!("{number} {}", step.title), &step.evidence));
    of(String::new(), &session.evidence).into_iter().chain(of_steps).collect()
}

/// A size as people read it: `512 bytes`, `1.4 MB`.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn answers(form: &IntakeForm, batch: &Batch) -> Vec<(String, String)> {
    let answered = |key: &str| batch.intake.get(key).filter(|answer| !answer.is_empty()).cloned();
    let asked = form.0.iter().filter_map(|field| Some((field.label.clone(), answered(&field.key)?)));
    // Answers to questions that this revision does not ask are kept, so they are printed.
    let others = batch
        .intake
        .keys()
        .filter(|key| form.0.iter().all(|field| field.key != **key))
        .filter_map(|key| Some((key.clone(), answered(key)?)));
    asked.chain(others).collect()
}

/// "6/8 complete, 1 failed, 1 skipped".
fn result(rollup: &Rollup) -> String {
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

fn batch_status(status: BatchStatus) -> &'static str {
    match status {
        BatchStatus::Pending => "Not begun",
        BatchStatus::InProgress => "In progress: this report is not final",
        BatchStatus::Finished => "Finished",
    }
}

fn origin(origin: BatchOrigin) -> &'static str {
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

/// The zone of a report.
///
/// # Errors
/// When the bundled database has no zone of that name.
pub(super) fn zone(name: Option<&str>) -> Result<Zone, Invalid> {
    Zone::named(name.unwrap_or("UTC"))
}
