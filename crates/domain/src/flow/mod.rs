//! Flows: what is done, in which order, and how it is asked for.
//!
//! A flow has a type and a structure that fits it: ordered steps for procedural and maintenance flows
//! ([`procedure`]), a decision tree for troubleshooting ([`tree`]). A [`Structure`] has the right shape because it could be
//! read; that it obeys the rules of its type is [`Structure::validate`]'s to say, once, before it is stored.
//! Runbooks come and go through [`markdown`]; [`variables`] fills the intake answers into step texts; [`difference`] says
//! what an edit changed.

pub mod difference;
pub mod markdown;
pub mod procedure;
pub mod structure;
pub mod tree;
pub mod variables;

pub use procedure::{ContentType, EvidenceRule, Procedure, SignOffRule, Step, StepId, StepKind};
pub use structure::Structure;
pub use tree::{Answer, Node, NodeKind, Outcome, Tree};

use serde::{Deserialize, Serialize};

/// The three types of flow. "Projects" is what the interface calls procedural flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlowType {
    /// A decision tree that ends resolved or escalated.
    Troubleshooting,
    /// Ordered steps, run once at a time.
    Procedural,
    /// Ordered steps, run as a batch over targets, by hand or on a schedule.
    Maintenance,
}

impl FlowType {
    /// The wire and storage name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Troubleshooting => "troubleshooting",
            Self::Procedural => "procedural",
            Self::Maintenance => "maintenance",
        }
    }

    /// The type of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Troubleshooting, Self::Procedural, Self::Maintenance].into_iter().find(|t| t.as_str() == name)
    }
}
