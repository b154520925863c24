//! Samples about flows.

use super::*;
use mf_contract::Done;
use mf_contract::flows::*;
use mf_domain::flow::difference::{Change, Difference, FieldChange, PieceChange};
use mf_domain::flow::{
    Answer, ContentType, EvidenceRule, FlowType, Node, NodeKind, Outcome, Procedure, SignOffRule, Step,
    StepId, StepKind, Structure, Tree,
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
        rollback: "Uninstall it.".to_owned(),
    }
}

pub(crate) fn procedure() -> Structure {
    let steps = vec![step("update", StepKind::ProcedureStep), step("end", StepKind::ProcedureEnd)];
    Structure::Procedure(Procedure { steps, sign_off: SignOffRule::Anyone })
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

fn numbered() -> FlowRevision {
    let flow = flow();
    FlowRevision {
        flow_id: flow.id,
        revision: flow.revision,
        revision_id: flow.revision_id,
        name: flow.name,
        description: flow.description,
        flow_type: flow.flow_type,
        structure: flow.structure,
        intake_form: flow.intake_form,
        step_count: flow.step_count,
        created_by: flow.created_by,
        created_at: flow.created_at,
    }
}

fn difference() -> Difference {
    let field = |field: &str, before: Option<&str>, after: Option<&str>| FieldChange {
        field: field.to_owned(),
        before: before.map(str::to_owned),
        after: after.map(str::to_owned),
    };
    let piece = |id: &str, change, from, to| PieceChange {
        id: id.to_owned(),
        title: format!("Title of {id}"),
        change,
        moved: change == Change::Moved,
        from,
        to,
        fields: Vec::new(),
    };
    let changed = PieceChange {
        fields: vec![field("estimate_minutes", None, Some("5"))],
        ..piece("update", Change::Changed, Some(1), Some(2))
    };
    Difference {
        fields: vec![field("name", Some("Patch"), Some("Patch Citrix"))],
        steps: vec![
            changed,
            piece("warn", Change::Added, None, Some(1)),
            piece("end", Change::Moved, Some(3), Some(4)),
        ],
        nodes: vec![piece("ask", Change::Removed, Some(1), None)],
        intake_form: vec![],
    }
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
    let comparison =
        RevisionComparison { from: revision.clone(), to: revision.clone(), difference: difference() };
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
        sample(
            &PreviewFlowMarkdown { markdown: markdown(), flow_type: FlowType::Procedural },
            &RunbookPreview { name: "Patch Citrix".to_owned(), step_count: 3 },
        ),
        sample(
            &PreviewFlowJson { json: "{}".to_owned() },
            &FlowPreview {
                name: "Printer does not print".to_owned(),
                flow_type: FlowType::Troubleshooting,
                step_count: 5,
            },
        ),
        sample(&ImportFlowJson { json: "{}".to_owned() }, &flow()),
        sample(&ExportFlow { id: id(1), format: ExportFormat::Markdown }, &exported),
        sample(&ListFlowRevisions { flow_id: id(1) }, &vec![revision]),
        sample(&GetFlowRevision { flow_id: id(1), revision: 2 }, &numbered()),
        sample(&CompareRevisions { flow_id: id(1), from: 1, to: 2 }, &comparison),
        sample(&RestoreRevision { flow_id: id(1), revision: 1, expected_revision: Some(2) }, &flow()),
        sample(&RestoreRevision { flow_id: id(1), revision: 1, expected_revision: None }, &flow()),
    ]
}
