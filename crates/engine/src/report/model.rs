//! What a report says, in words, before any format: the same facts in the same order for paper, table and ticket. Pure.

use super::words::{batch_status, origin, outcome, result};
use chrono::{DateTime, SubsecRound, Utc};
use mf_contract::batches::{Batch, BatchSummary};
use mf_contract::sessions::{Session, SessionStep, SessionSummary};
use mf_domain::Invalid;
use mf_domain::batch::{BatchStatus, Rollup};
use mf_domain::duration::between;
use mf_domain::flow::SignOffRule;
use mf_domain::flow::variables::Variables;
use mf_domain::intake::IntakeForm;
use mf_domain::occurrence::folded;
use mf_domain::recurrence::zone::Zone;
use mf_domain::session::fold::Note;
use mf_domain::session::{Evidence, EvidenceFile, SessionStatus, StepOutcome};
use std::collections::BTreeMap;

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
    pub(super) ticket: Option<String>,
    pub(super) signature: Option<Signature>,
    /// The targets by client: in the order of the names, those without a client last.
    pub(super) clients: Vec<ClientReport>,
    pub(super) made_at: DateTime<Utc>,
    pub(super) zone: Zone,
}

/// Who signed a batch off, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signature {
    pub(super) by: String,
    pub(super) at: DateTime<Utc>,
    pub(super) note: Option<String>,
}

/// What came of the targets of one client.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ClientReport {
    /// As the first of its targets spells it; none for targets without a client.
    pub(super) name: Option<String>,
    /// "6/8 complete, 2 failed".
    pub(super) result: String,
    /// Those that failed first, then those with a failed step; within each, in the order of the batch.
    pub(super) targets: Vec<TargetReport>,
}

impl ClientReport {
    /// Its name, or what stands for none.
    pub(super) fn title(&self) -> &str {
        self.name.as_deref().unwrap_or("No client")
    }
}

/// What came of one target.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TargetReport {
    pub(super) label: String,
    pub(super) client: Option<String>,
    pub(super) site: Option<String>,
    pub(super) notes: String,
    pub(super) status: SessionStatus,
    pub(super) started_at: Option<DateTime<Utc>>,
    pub(super) ended_at: Option<DateTime<Utc>>,
    pub(super) steps: Vec<StepReport>,
    /// Notes on the target as a whole.
    pub(super) remarks: Vec<Note>,
    /// Of the target as a whole; that of a step is with the step.
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
    pub(super) evidence: Vec<EvidenceReport>,
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
    /// Of a batch and its sessions in the order of its targets. `form` asks what the batch's intake answers; `signer` is
    /// who signed the batch off, by name.
    pub(super) fn new(
        batch: &Batch,
        signer: String,
        purpose: &str,
        form: &IntakeForm,
        sessions: &[Session],
        zone: Zone,
        made_at: DateTime<Utc>,
    ) -> Self {
        let sign_off = batch.summary.sign_off.as_ref();
        let mut report = Self {
            title: batch.summary.flow_name.clone(),
            purpose: purpose.to_owned(),
            result: result(&batch.summary.rollup),
            rollup: batch.summary.rollup,
            facts: Vec::new(),
            answers: answers(form, batch),
            ticket: batch.summary.ticket.clone(),
            signature: sign_off.map(|given| Signature { by: signer, at: given.at, note: given.note.clone() }),
            clients: by_client(sessions.iter().map(TargetReport::new)),
            made_at,
            zone,
        };
        report.facts = report.facts(batch);
        report
    }

    /// All targets, in the order they are printed in.
    pub(super) fn targets(&self) -> impl Iterator<Item = &TargetReport> {
        self.clients.iter().flat_map(|client| &client.targets)
    }

    /// All evidence, in the order of the targets: of each as a whole, then by step.
    pub(super) fn evidence(&self) -> impl Iterator<Item = &EvidenceReport> {
        self.targets().flat_map(|target| {
            target.evidence.iter().chain(target.steps.iter().flat_map(|step| &step.evidence))
        })
    }

    /// Whether there are targets of several clients, so that each gets a section.
    pub(super) fn has_clients(&self) -> bool {
        self.clients.len() > 1
    }

    /// The client of all targets.
    fn only_client(&self) -> Option<String> {
        self.clients.first().filter(|_| !self.has_clients()).and_then(|client| client.name.clone())
    }

    fn facts(&self, batch: &Batch) -> Vec<(&'static str, String)> {
        let summary = &batch.summary;
        let started = self.targets().filter_map(|target| target.started_at).min();
        let ended = self.targets().filter_map(|target| target.ended_at).max();
        let ended = ended.filter(|_| summary.status == BatchStatus::Finished);
        let took = started.zip(ended).map(|(from, to)| between(to - from));
        let facts = [
            ("Result", Some(self.result.clone())),
            ("Status", Some(batch_status(summary.status).to_owned())),
            ("Client", self.only_client()),
            ("Change ticket", self.ticket.clone()),
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
        match (&self.signature, batch.sign_off_rule) {
            (Some(given), _) => {
                let note = given.note.as_ref().map_or_else(String::new, |note| format!(": {note}"));
                Some(format!("{} by {}{note}", self.when(given.at), given.by))
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
        let target = session.target();
        let variables = Variables { target: target.as_ref(), answers: &session.intake };
        Self {
            label: summary.target_label.clone(),
            client: summary.target_client.clone(),
            site: summary.target_site.clone(),
            notes: summary.target_notes.clone().unwrap_or_default(),
            status: summary.status,
            started_at: summary.started_at,
            ended_at: summary.ended_at,
            steps: session
                .steps
                .iter()
                .zip(1..)
                .map(|(step, number)| StepReport::new(number, step, summary, variables))
                .collect(),
            remarks: session.notes.clone(),
            evidence: evidence(summary, "", &session.evidence),
            late: session.late,
        }
    }

    /// "Client: Contoso, site: Berlin"; none for a target that names neither.
    pub(super) fn place(&self) -> Option<String> {
        let client = self.client.as_ref().map(|name| format!("Client: {name}"));
        let site = self
            .site
            .as_ref()
            .map(|name| if client.is_some() { format!("site: {name}") } else { format!("Site: {name}") });
        let place: Vec<String> = [client, site].into_iter().flatten().collect();
        (!place.is_empty()).then(|| place.join(", "))
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
    fn new(number: usize, step: &SessionStep, summary: &SessionSummary, variables: Variables<'_>) -> Self {
        // As the runner showed it. What is known to nobody stays as it was written.
        let title = variables.fill(&step.title);
        Self {
            evidence: evidence(summary, &format!("{number} {title}"), &step.evidence),
            number,
            title: with_origin(title, step),
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

/// Clients that differ in case or composition only are one.
fn by_client(targets: impl Iterator<Item = TargetReport>) -> Vec<ClientReport> {
    let mut groups: BTreeMap<(bool, String), Vec<TargetReport>> = BTreeMap::new();
    for target in targets {
        let key = (target.client.is_none(), target.client.as_deref().map(folded).unwrap_or_default());
        groups.entry(key).or_default().push(target);
    }
    let report = |mut targets: Vec<TargetReport>| {
        let name = targets.first().and_then(|target| target.client.clone());
        // Stable: the order of the batch stays within each group.
        targets.sort_by_key(|target| (target.status != SessionStatus::Failed, !target.has_failed_steps()));
        let rollup: Rollup = targets.iter().map(|target| target.status).collect();
        ClientReport { name, result: result(&rollup), targets }
    };
    groups.into_values().map(report).collect()
}

/// A title with how the step came to be when the flow does not have it.
fn with_origin(title: String, step: &SessionStep) -> String {
    match &step.added {
        None => title,
        Some(added) if added.rollback_of.is_some() => format!("{title} (rollback)"),
        Some(_) => format!("{title} (added)"),
    }
}

fn evidence(summary: &SessionSummary, step: &str, pieces: &[Evidence]) -> Vec<EvidenceReport> {
    let report = |piece: &Evidence| EvidenceReport {
        target: summary.target_label.clone(),
        step: step.to_owned(),
        file: piece.file.clone(),
        at: piece.at,
    };
    pieces.iter().map(report).collect()
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

/// The zone of a report.
///
/// # Errors
/// When the bundled database has no zone of that name.
pub(super) fn zone(name: Option<&str>) -> Result<Zone, Invalid> {
    Zone::named(name.unwrap_or("UTC"))
}
