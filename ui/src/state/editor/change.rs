//! The places of a draft a person types into and chooses at.

use super::draft::{Draft, FieldDraft, StepDraft};
use mf_domain::flow::{ContentType, EvidenceRule, FlowType, SignOffRule, Step};
use mf_domain::intake::{IntakeField, IntakeKind};
use std::rc::Rc;

/// A text of the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Name,
    Description,
    Title(usize),
    Body(usize),
    Rollback(usize),
    Estimate(usize),
    EndTitle,
    EndBody,
    Key(usize),
    Label(usize),
    Help(usize),
    Options(usize),
    Default(usize),
    NodeTitle(usize),
    NodeBody(usize),
    /// An answer, by its question and its place.
    Answer(usize, usize),
}

/// A choice of the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    Type(FlowType),
    /// Who signs a finished run off.
    SignOff(SignOffRule),
    Content(usize, ContentType),
    Evidence(usize, EvidenceRule),
    Kind(usize, IntakeKind),
    Required(usize, bool),
    /// A node becomes a `question`, an `action`, `resolved` or `escalate`.
    Node(usize, &'static str),
    GoesBack(usize, usize, bool),
}

impl Draft {
    fn step_mut(&mut self, index: usize) -> Option<&mut StepDraft> {
        self.steps.get_mut(index).map(Rc::make_mut)
    }

    fn field_mut(&mut self, index: usize) -> Option<&mut FieldDraft> {
        self.fields.get_mut(index).map(Rc::make_mut)
    }

    pub(super) fn text_mut(&mut self, place: Place) -> Option<&mut String> {
        Some(match place {
            Place::Name => &mut self.name,
            Place::Description => &mut self.description,
            Place::Title(at) => &mut self.step_mut(at)?.step.title,
            Place::Body(at) => &mut self.step_mut(at)?.step.description,
            Place::Rollback(at) => &mut self.step_mut(at)?.step.rollback,
            Place::Estimate(at) => &mut self.step_mut(at)?.estimate,
            Place::EndTitle => &mut Rc::make_mut(&mut self.end).step.title,
            Place::EndBody => &mut Rc::make_mut(&mut self.end).step.description,
            Place::Key(at) => &mut self.field_mut(at)?.field.key,
            Place::Label(at) => &mut self.field_mut(at)?.field.label,
            Place::Help(at) => self.field_mut(at)?.field.help.get_or_insert_default(),
            Place::Options(at) => &mut self.field_mut(at)?.options,
            Place::Default(at) => self.field_mut(at)?.field.default.get_or_insert_default(),
            Place::NodeTitle(at) => &mut self.tree.as_mut()?.node_mut(at)?.title,
            Place::NodeBody(at) => &mut self.tree.as_mut()?.node_mut(at)?.description,
            Place::Answer(at, slot) => &mut self.tree.as_mut()?.answer_mut(at, slot)?.label,
        })
    }

    pub(super) fn pick(&mut self, pick: Pick) {
        let step = |draft: &mut Self, at: usize, change: &dyn Fn(&mut Step)| {
            if let Some(row) = draft.step_mut(at) {
                change(&mut row.step);
            }
        };
        let field = |draft: &mut Self, at: usize, change: &dyn Fn(&mut IntakeField)| {
            if let Some(row) = draft.field_mut(at) {
                change(&mut row.field);
            }
        };
        match pick {
            Pick::Type(flow_type) => self.flow_type = flow_type,
            Pick::SignOff(rule) => self.sign_off = rule,
            Pick::Content(at, content) => step(self, at, &|step| step.content_type = content),
            Pick::Evidence(at, evidence) => step(self, at, &|step| step.evidence = evidence),
            Pick::Kind(at, kind) => field(self, at, &|field| field.kind = kind),
            Pick::Node(at, kind) => {
                if let Some(tree) = &mut self.tree {
                    tree.set_kind(at, kind);
                }
            }
            Pick::GoesBack(at, slot, back) => {
                if let Some(answer) = self.tree.as_mut().and_then(|tree| tree.answer_mut(at, slot)) {
                    answer.go_back = back;
                }
            }
            Pick::Required(at, required) => field(self, at, &|field| field.required = required),
        }
    }
}
