//! Samples about flows.

use super::*;
use mf_contract::Done;
use mf_contract::flows::*;
use mf_domain::flow::{
    Answer, ContentType, EvidenceRule, FlowType, Node, NodeKind, Outcome, Procedure, Step, StepId, StepKind,
    Structure, Tree,
};
use mf_domain::intake::{IntakeField, IntakeForm, IntakeKind};

pub(crate) fn step(name: &str, kind: StepKind) -> Step {
    Step {
        id: StepId(name.to_owned()),
        kind,
        title: format!("Title of {name}"),
        description: "For {{target.label}}".to_owned(),
        content_type: ContentType::Check,
        estimate_minutes: (kind == StepKind::ProcedureStep).then_some(20),
        evidence: EvidenceRule::Optional,
    }
}

pub(crate) fn procedure() -> Structure {
    let steps = vec![step("update", StepKind::ProcedureStep), step("end", StepKind::ProcedureEnd)];
    Structure::Procedure(Procedure { steps })
}

fn tree() -> Structure {
    let node = |id: &str, kind| Node {
        id: id.to_owned(),
        title: format!("Title of {id}"),
        description: String::new(),
        kind,
    };
    let answer =
        |label: &str, to: &str, go_back| Answer { label: label.to_owned(), to: to.to_owned(), go_back };
    let answers = vec![answer("Yes", "act", false), answer("Again", "ask", true)];
    Structure::Tree(Tree {
        start: "ask".to_owned(),
        nodes: vec![
            node("ask", NodeKind::Question { answers }),
            node("act", NodeKind::Action { next: "end".to_owned() }),
            node("end", NodeKind::Outcome { outcome: Outcome::Resolved }),
        ],
    })
}

pub(crate) fn field() -> IntakeField {
    IntakeField {
        key: "ring".to_owned(),
        label: "Ring".to_owned(),
        kind: IntakeKind::Select,
        required: true,
        options: vec!["pilot".to_owned(), "all".to_owned()],
        default: Some("pilot".to_owned()),
        help: Some("Which machines".to_owned()),
    }
}

fn flow() -> Flow {
    Flow {
        id: id(1),
        name: "Patch Citrix".to_owned(),
        description: "Monthly".to_owned(),
        flow_type: FlowType::Maintenance,
        structure: procedure(),
        intake_form: IntakeForm(vec![field()]),
        revision: 2,
        revision_id: id(2),
        step_count: 1,
        estimate_minutes: 20,
        created_by: Some(id(9)),
        created_at: at(0),
        updated_at: at(1),
    }
}

fn troubleshooting() -> Flow {
    Flow { flow_type: FlowType::Troubleshooting, structure: tree(), created_by: None, ..flow() }
}

pub(crate) fn samples() -> Vec<Sample> {
    let name = || "Patch Citrix".to_owned();
    let row = FlowSummary {
        id: id(1),
        name: name(),
        description: "Monthly".to_owned(),
        flow_type: FlowType::Maintenance,
        step_count: 1,
        revision: 2,
        updated_at: at(1),
        next_run_at: Some(at(2)),
        open_batches: 1,
    };
    let counts = FlowCountsReply { total: 6, troubleshooting: 1, procedural: 2, maintenance: 3 };
    let create = CreateFlow {
        name: name(),
        description: "Monthly".to_owned(),
        flow_type: FlowType::Maintenance,
        structure: procedure(),
        intake_form: IntakeForm(vec![field()]),
    };
    let update = UpdateFlow {
        id: id(1),
        name: Some(name()),
        description: Some("Monthly".to_owned()),
        flow_type: Some(FlowType::Procedural),
        structure: Some(procedure()),
        intake_form: Some(IntakeForm::default()),
        expected_revision: Some(1),
    };
    let nothing = UpdateFlow {
        id: id(1),
        name: None,
        description: None,
        flow_type: None,
        structure: None,
        intake_form: None,
        expected_revision: None,
    };
    let revision = RevisionSummary {
        revision: 2,
        revision_id: id(2),
        name: name(),
        step_count: 1,
        created_by: Some(id(9)),
        created_at: at(1),
    };
    let markdown = || "# Patch Citrix\n\n1. Update\n".to_owned();
    let exported = ExportedFlow { file_name: "patch-citrix.md".to_owned(), content: markdown() };
    vec![
        sample(&FlowCounts {}, &counts),
        sample(
            &ListFlows { flow_type: Some(FlowType::Maintenance), search: Some("citrix".to_owned()) },
            &vec![row],
        ),
        sample(&ListFlows::default(), &vec![]),
        sample(&GetFlow { id: id(1) }, &troubleshooting()),
        sample(&create, &flow()),
        sample(&update, &flow()),
        sample(&nothing, &flow()),
        sample(&DeleteFlow { id: id(1) }, &Done {}),
        sample(&ImportFlowMarkdown { markdown: markdown(), flow_type: FlowType::Procedural }, &flow()),
        sample(&ImportFlowJson { json: "{}".to_owned() }, &flow()),
        sample(&ExportFlow { id: id(1), format: ExportFormat::Markdown }, &exported),
        sample(&ListFlowRevisions { flow_id: id(1) }, &vec![revision]),
        sample(&RestoreFlowRevision { flow_id: id(1), revision_id: id(2) }, &flow()),
    ]
}
