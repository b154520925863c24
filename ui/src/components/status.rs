//! Status, outcome and type in colour, icon and word at once.

use super::field::Shown;
use super::icon::Icon;
use mf_contract::standings::ScheduleHealth;
use mf_domain::batch::{BatchOrigin, BatchStatus};
use mf_domain::flow::{ContentType, EvidenceRule, FlowType, Step};
use mf_domain::session::{SessionStatus, StepOutcome};
use mf_domain::target_import::Verdict;
use yew::prelude::*;

/// How something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    pub word: &'static str,
    pub icon: Icon,
    pub tone: &'static str,
}

impl Look {
    const fn new(word: &'static str, icon: Icon, tone: &'static str) -> Self {
        Self { word, icon, tone }
    }

    /// As a pill.
    pub fn pill(self) -> Html {
        html! { <span class={classes!("pill", self.tone)}>{ self.icon.svg() }{ self.word }</span> }
    }

    /// As a tile for a page's head.
    pub fn tile(self) -> Html {
        html! { <span class={classes!("tile", self.tone)} aria-hidden="true">{ self.icon.svg() }</span> }
    }
}

/// A pending session that may not be started yet.
pub const HELD: Look = Look::new("Held", Icon::Pause, "");

/// What a step asks for beside being done: a check, reading, evidence; and whether it says how to undo it.
pub fn step_marks(step: &Step) -> Html {
    let content = match step.content_type {
        ContentType::Action => None,
        ContentType::Check => Some("Check"),
        ContentType::Info => Some("Info"),
    };
    let evidence = match step.evidence {
        EvidenceRule::None => None,
        EvidenceRule::Optional => Some("Evidence"),
        EvidenceRule::Required => Some("Evidence required"),
    };
    let mark = |icon: Icon, word: Option<&'static str>| {
        word.map(|word| html! { <span class="pill">{ icon.svg() }{ word }</span> })
    };
    let rollback = (!step.rollback.trim().is_empty()).then_some("Rollback");
    let content_icon = if step.content_type == ContentType::Check { Icon::Check } else { Icon::Book };
    html! {
        <>{ mark(content_icon, content) }{ mark(Icon::Clip, evidence) }{ mark(Icon::Undo, rollback) }</>
    }
}

/// A type of flow as a choice: its name, its word and its picture.
#[must_use]
pub fn type_choice(flow_type: FlowType) -> Shown {
    let look = of_type(flow_type);
    (flow_type.as_str(), look.word, Some(look.icon))
}

/// How a session's status is shown.
#[must_use]
pub fn of_session(status: SessionStatus) -> Look {
    match status {
        SessionStatus::Pending => Look::new("Pending", Icon::Clock, ""),
        SessionStatus::InProgress => Look::new("Running", Icon::Play, "blue"),
        SessionStatus::Completed => Look::new("Done", Icon::Check, "green"),
        SessionStatus::Failed => Look::new("Failed", Icon::Cross, "red"),
        SessionStatus::Skipped => Look::new("Skipped", Icon::Skip, ""),
        SessionStatus::Cancelled => Look::new("Cancelled", Icon::Stop, ""),
    }
}

/// How a batch's status is shown, in the words of its sessions: done is what ended well, and a batch that ended with
/// failures says so.
#[must_use]
pub fn of_batch(status: BatchStatus, failed: u32) -> Look {
    match status {
        BatchStatus::Pending => Look::new("Pending", Icon::Clock, ""),
        BatchStatus::InProgress => Look::new("Running", Icon::Play, "blue"),
        BatchStatus::Finished if failed > 0 => Look::new("Failed", Icon::Cross, "red"),
        BatchStatus::Finished => Look::new("Done", Icon::Check, "green"),
    }
}

/// How a step's outcome is shown.
#[must_use]
pub fn of_outcome(outcome: StepOutcome) -> Look {
    match outcome {
        StepOutcome::Done => Look::new("Done", Icon::Check, "green"),
        StepOutcome::Failed => Look::new("Failed", Icon::Cross, "red"),
        StepOutcome::Skipped => Look::new("Skipped", Icon::Skip, ""),
    }
}

/// How the health of a schedule is shown.
#[must_use]
pub fn of_health(health: ScheduleHealth) -> Look {
    match health {
        ScheduleHealth::Paused => Look::new("Paused", Icon::Pause, ""),
        ScheduleHealth::NeverRuns => Look::new("Never runs", Icon::Stop, "red"),
        ScheduleHealth::Asking => Look::new("Asks", Icon::Bell, "amber"),
        ScheduleHealth::Missing => Look::new("Missed", Icon::Alert, "red"),
        ScheduleHealth::Failing => Look::new("Failed", Icon::Cross, "red"),
        ScheduleHealth::New => Look::new("New", Icon::Clock, ""),
        ScheduleHealth::Good => Look::new("Good", Icon::Check, "green"),
    }
}

/// How a type of flow is shown.
#[must_use]
pub fn of_type(flow_type: FlowType) -> Look {
    match flow_type {
        FlowType::Troubleshooting => Look::new("Troubleshooting", Icon::Tree, "blue"),
        FlowType::Procedural => Look::new("Project", Icon::Project, "violet"),
        FlowType::Maintenance => Look::new("Maintenance", Icon::Wrench, "amber"),
    }
}

/// How what becomes of a row of a file is shown.
#[must_use]
pub fn of_verdict(verdict: Verdict) -> Look {
    match verdict {
        Verdict::Create => Look::new("Create", Icon::Plus, "green"),
        Verdict::Update => Look::new("Update", Icon::Pencil, "blue"),
        Verdict::Skip => Look::new("Skip", Icon::Skip, ""),
        Verdict::Rejected => Look::new("Rejected", Icon::Alert, "red"),
    }
}

/// What made a batch, in a word or two.
#[must_use]
pub fn origin(origin: BatchOrigin) -> &'static str {
    match origin {
        BatchOrigin::Manual => "By hand",
        BatchOrigin::Schedule => "Schedule",
        BatchOrigin::Retry => "Retry",
    }
}
