//! A flow as it is typed. What was typed stays as it was typed, also where it cannot be saved.

use crate::state::tree_draft::TreeDraft;
use mf_contract::flows::{CreateFlow, Flow, UpdateFlow};
use mf_domain::flow::procedure::unused_id;
use mf_domain::flow::structure::END_TITLE;
use mf_domain::flow::variables::{may_be_of_target, names};
use mf_domain::flow::{
    ContentType, EvidenceRule, FlowType, Procedure, SignOffRule, Step, StepId, StepKind, Structure,
};
use mf_domain::ids::FlowId;
use mf_domain::intake::{IntakeField, IntakeForm, IntakeKind};
use std::rc::Rc;

/// A step as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepDraft {
    pub step: Step,
    /// Minutes, as typed.
    pub estimate: String,
}

/// A question of the intake form as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldDraft {
    /// Tells fields apart while their keys are being typed.
    pub uid: u32,
    pub field: IntakeField,
    /// The choices, one per line.
    pub options: String,
}

/// All that is typed. Cheap to clone: steps and fields are shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    pub description: String,
    pub flow_type: FlowType,
    pub steps: Vec<Rc<StepDraft>>,
    /// The closing words.
    pub end: Rc<StepDraft>,
    pub fields: Vec<Rc<FieldDraft>>,
    /// Whether a finished batch is signed off, and by whom.
    pub sign_off: SignOffRule,
    /// The nodes of a troubleshooting flow, which has no steps.
    pub tree: Option<TreeDraft>,
}

/// An empty step to record.
pub(super) fn work(id: String) -> Step {
    Step {
        id: StepId(id),
        kind: StepKind::ProcedureStep,
        title: String::new(),
        description: String::new(),
        content_type: ContentType::default(),
        estimate_minutes: None,
        evidence: EvidenceRule::default(),
        rollback: String::new(),
    }
}

impl StepDraft {
    pub(super) fn of(step: Step) -> Rc<Self> {
        let estimate = step.estimate_minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
        Rc::new(Self { step, estimate })
    }

    pub(super) fn typed(&self) -> Step {
        let minutes = self.estimate.trim();
        // What is no number becomes one that no rule allows, so that the message stands beside the field.
        let estimate_minutes = (!minutes.is_empty()).then(|| minutes.parse().unwrap_or(0));
        Step { estimate_minutes, ..self.step.clone() }
    }

    /// The variables nobody can fill: no question, and no target.
    #[must_use]
    pub fn unknown<'a>(&'a self, fields: &[Rc<FieldDraft>]) -> Vec<&'a str> {
        let mut unknown = names(&self.step.title);
        for name in names(&self.step.description).into_iter().chain(names(&self.step.rollback)) {
            if !unknown.contains(&name) {
                unknown.push(name);
            }
        }
        unknown
            .retain(|name| !may_be_of_target(name) && !fields.iter().any(|field| field.field.key == *name));
        unknown
    }
}

impl FieldDraft {
    pub(super) fn of(uid: u32, field: IntakeField) -> Rc<Self> {
        let options = field.options.join("\n");
        Rc::new(Self { uid, field, options })
    }

    pub(super) fn typed(&self) -> IntakeField {
        let lines = self.options.lines().map(str::trim).filter(|line| !line.is_empty());
        let options = if self.field.kind == IntakeKind::Select {
            lines.map(str::to_owned).collect()
        } else {
            Vec::new()
        };
        IntakeField { options, ..self.field.clone() }
    }
}

impl Draft {
    /// An empty flow with one empty step.
    #[must_use]
    pub fn empty(flow_type: FlowType) -> Self {
        let end =
            Step { kind: StepKind::ProcedureEnd, title: END_TITLE.to_owned(), ..work("end".to_owned()) };
        Self {
            name: String::new(),
            description: String::new(),
            flow_type,
            steps: vec![StepDraft::of(work("step-1".to_owned()))],
            end: StepDraft::of(end),
            fields: Vec::new(),
            sign_off: SignOffRule::default(),
            tree: (flow_type == FlowType::Troubleshooting).then(TreeDraft::empty),
        }
    }

    /// The flow as it is stored.
    #[must_use]
    pub fn of(flow: &Flow) -> Self {
        Self::from_parts(&flow.name, &flow.description, flow.flow_type, &flow.structure, &flow.intake_form)
    }

    pub(super) fn from_parts(
        name: &str,
        description: &str,
        flow_type: FlowType,
        structure: &Structure,
        form: &IntakeForm,
    ) -> Self {
        let mut draft = Self::empty(flow_type);
        name.clone_into(&mut draft.name);
        description.clone_into(&mut draft.description);
        draft.steps.clear();
        draft.tree = structure.as_tree().map(TreeDraft::of);
        draft.sign_off = structure.as_procedure().map(|procedure| procedure.sign_off).unwrap_or_default();
        for step in structure.as_procedure().map_or(&[][..], |procedure| &procedure.steps) {
            match step.kind {
                StepKind::ProcedureStep => draft.steps.push(StepDraft::of(step.clone())),
                StepKind::ProcedureEnd => draft.end = StepDraft::of(step.clone()),
            }
        }
        draft.fields =
            form.0.iter().zip(0..).map(|(field, uid)| FieldDraft::of(uid, field.clone())).collect();
        draft
    }

    /// The structure as typed.
    #[must_use]
    pub fn structure(&self) -> Structure {
        if let Some(tree) = &self.tree {
            return Structure::Tree(tree.typed());
        }
        let steps = self.steps.iter().map(|step| step.typed()).chain([self.end.typed()]).collect();
        Structure::Procedure(Procedure { steps, sign_off: self.sign_off })
    }

    /// The form as typed.
    #[must_use]
    pub fn form(&self) -> IntakeForm {
        IntakeForm(self.fields.iter().map(|field| field.typed()).collect())
    }

    /// The request that makes this flow.
    #[must_use]
    pub fn create(&self) -> CreateFlow {
        CreateFlow {
            name: self.name.trim().to_owned(),
            description: self.description.clone(),
            flow_type: self.flow_type,
            structure: self.structure(),
            intake_form: self.form(),
        }
    }

    /// The request that saves a new revision, made on `expected_revision`.
    #[must_use]
    pub fn update(&self, id: FlowId, saved: &Self, expected_revision: u32) -> UpdateFlow {
        let flow = self.create();
        UpdateFlow {
            id,
            name: Some(flow.name),
            description: Some(flow.description),
            flow_type: Some(flow.flow_type).filter(|flow_type| *flow_type != saved.flow_type),
            structure: Some(flow.structure),
            intake_form: Some(flow.intake_form),
            expected_revision: Some(expected_revision),
        }
    }

    /// Minutes of all steps together.
    #[must_use]
    pub fn minutes(&self) -> u32 {
        self.steps
            .iter()
            .filter_map(|step| step.estimate.trim().parse::<u32>().ok())
            .fold(0, u32::saturating_add)
    }

    pub(super) fn fresh_step(&self) -> String {
        let taken = |id: &str| self.end.step.id.0 == id || self.steps.iter().any(|step| step.step.id.0 == id);
        unused_id(&format!("step-{}", self.steps.len() + 1), taken)
    }

    pub(super) fn add_field(&mut self, name: &str) {
        let uid = self.fields.iter().map(|field| field.uid + 1).max().unwrap_or(0);
        let label = name.replace(['_', '-', '.'], " ");
        let field = IntakeField {
            key: name.to_owned(),
            label: crate::api::capitalised(&label),
            kind: IntakeKind::Text,
            required: true,
            options: Vec::new(),
            default: None,
            help: None,
        };
        self.fields.push(FieldDraft::of(uid, field));
    }
}
