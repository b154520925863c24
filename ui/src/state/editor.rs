//! A flow as it is being written: what was typed, the way back, and what is wrong with it.
//!
//! What was typed stays as it was typed, also where it cannot be saved. The rules are the domain's; here they are asked
//! for every step and question on its own, so that each message stands beside its field.

use super::tree_draft::TreeDraft;
use mf_contract::flows::{CreateFlow, Flow, UpdateFlow};
use mf_domain::flow::procedure::unused_id;
use mf_domain::flow::structure::END_TITLE;
use mf_domain::flow::variables::{BUILT_IN, names};
use mf_domain::flow::{
    ContentType, EvidenceRule, FlowType, Procedure, SignOffRule, Step, StepId, StepKind, Structure,
};
use mf_domain::ids::FlowId;
use mf_domain::intake::{IntakeField, IntakeForm, IntakeKind};
use mf_domain::text::{self, LONG_TEXT_MAX};
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::Reducible;

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

/// A text of the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Name,
    Description,
    Title(usize),
    Body(usize),
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
    Content(usize, ContentType),
    Evidence(usize, EvidenceRule),
    Kind(usize, IntakeKind),
    Required(usize, bool),
    /// A node becomes a `question`, an `action`, `resolved` or `escalate`.
    Node(usize, &'static str),
    GoesBack(usize, usize, bool),
}

/// What can happen to the editor.
#[derive(Clone, Debug)]
pub enum Edit {
    /// The flow was loaded, or its draft; nothing is unsaved but what differs from `saved`.
    Load {
        saved: Draft,
        draft: Draft,
    },
    Type(Place, String),
    Pick(Pick),
    /// A new step at this place.
    AddStep(usize),
    DuplicateStep(usize),
    DeleteStep(usize),
    MoveStep {
        from: usize,
        to: usize,
    },
    /// Leads an answer, or an action without one, to a node: its id, or `new:question` and so on.
    Link {
        node: usize,
        answer: Option<usize>,
        to: String,
    },
    AddAnswer(usize),
    DeleteAnswer(usize, usize),
    Start(usize),
    AddField(String),
    DeleteField(usize),
    MoveField {
        from: usize,
        to: usize,
    },
    /// Opens a step; `None` closes it.
    Open(Option<usize>),
    Undo,
    Redo,
    /// The person tried to save: from now on everything that is wrong is said.
    Tried,
    /// The engine has this on disk; letters typed since are unsaved.
    Saved(Draft),
}

/// How many changes can be taken back.
const STEPS_BACK: usize = 200;

/// The editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editor {
    pub draft: Draft,
    pub saved: Draft,
    /// The step that is open.
    pub open: Option<usize>,
    pub strict: bool,
    past: Vec<(Draft, Option<usize>)>,
    future: Vec<(Draft, Option<usize>)>,
    /// The text that is being typed: letters of one text are taken back together.
    typing: Option<Place>,
}

/// Something that is wrong, and where: `steps[2].title`, `intake_form[0].key`, `name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub field: String,
    pub message: String,
}

fn work(id: String) -> Step {
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
    fn of(step: Step) -> Rc<Self> {
        let estimate = step.estimate_minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
        Rc::new(Self { step, estimate })
    }

    fn typed(&self) -> Step {
        let minutes = self.estimate.trim();
        // What is no number becomes one that no rule allows, so that the message stands beside the field.
        let estimate_minutes = (!minutes.is_empty()).then(|| minutes.parse().unwrap_or(0));
        Step { estimate_minutes, ..self.step.clone() }
    }

    /// The variables nobody fills.
    #[must_use]
    pub fn unknown<'a>(&'a self, fields: &[Rc<FieldDraft>]) -> Vec<&'a str> {
        let mut unknown = names(&self.step.title);
        for name in names(&self.step.description) {
            if !unknown.contains(&name) {
                unknown.push(name);
            }
        }
        unknown
            .retain(|name| !BUILT_IN.contains(name) && !fields.iter().any(|field| field.field.key == *name));
        unknown
    }
}

impl FieldDraft {
    fn of(uid: u32, field: IntakeField) -> Rc<Self> {
        let options = field.options.join("\n");
        Rc::new(Self { uid, field, options })
    }

    fn typed(&self) -> IntakeField {
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

    fn from_parts(
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

    /// Everything that is wrong, in reading order.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut note = |field: String, message: String| problems.push(Problem { field, message });
        if let Err(invalid) = text::name("name", &self.name) {
            note(invalid.field, invalid.message);
        }
        if let Err(invalid) = text::body("description", &self.description, LONG_TEXT_MAX) {
            note(invalid.field, invalid.message);
        }
        match &self.tree {
            Some(tree) => problems.extend(tree.problems()),
            None => self.step_problems(&mut problems),
        }
        self.field_problems(&mut problems);
        problems
    }

    fn step_problems(&self, problems: &mut Vec<Problem>) {
        let blank = problems.is_empty();
        let mut note = |field: String, message: String| problems.push(Problem { field, message });
        let end = self.end.typed();
        for (index, step) in self.steps.iter().enumerate() {
            // Alone before an end that is right, a step's own rules are what is left.
            let alone = Procedure { steps: vec![step.typed(), right_end()], ..Procedure::default() };
            if let Err(invalid) = alone.check() {
                note(invalid.field.replacen("steps[0]", &format!("steps[{index}]"), 1), invalid.message);
            }
        }
        let count = self.steps.len();
        let filler = Step { title: "-".to_owned(), ..work("-".to_owned()) };
        let closing = Procedure { steps: vec![filler, end], ..Procedure::default() };
        if let Err(invalid) = closing.check() {
            note(invalid.field.replacen("steps[1]", "end", 1), invalid.message);
        }
        if (blank && problems.is_empty()) || count == 0 {
            let all = Structure::validate(&self.structure(), self.flow_type);
            if let Err(invalid) = all {
                let field = invalid.field.strip_prefix("structure.").unwrap_or(&invalid.field).to_owned();
                problems.push(Problem { field, message: invalid.message });
            }
        }
    }

    fn field_problems(&self, problems: &mut Vec<Problem>) {
        let form = self.form();
        for (index, field) in form.0.iter().enumerate() {
            let at = format!("intake_form[{index}]");
            if let Err(invalid) = IntakeForm(vec![field.clone()]).validate() {
                let field = invalid.field.replacen("intake_form[0]", &at, 1);
                problems.push(Problem { field, message: invalid.message });
            } else if form.0.iter().take(index).any(|earlier| earlier.key == field.key) {
                let message = format!("`{}` is the name of another question", field.key);
                problems.push(Problem { field: format!("{at}.key"), message });
            }
        }
        if let Err(invalid) = form.validate()
            && invalid.field == "intake_form"
        {
            problems.push(Problem { field: invalid.field, message: invalid.message });
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

    fn step_mut(&mut self, index: usize) -> Option<&mut StepDraft> {
        self.steps.get_mut(index).map(Rc::make_mut)
    }

    fn field_mut(&mut self, index: usize) -> Option<&mut FieldDraft> {
        self.fields.get_mut(index).map(Rc::make_mut)
    }

    fn text_mut(&mut self, place: Place) -> Option<&mut String> {
        Some(match place {
            Place::Name => &mut self.name,
            Place::Description => &mut self.description,
            Place::Title(at) => &mut self.step_mut(at)?.step.title,
            Place::Body(at) => &mut self.step_mut(at)?.step.description,
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

    fn pick(&mut self, pick: Pick) {
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

    fn fresh_step(&self) -> String {
        let taken = |id: &str| self.end.step.id.0 == id || self.steps.iter().any(|step| step.step.id.0 == id);
        unused_id(&format!("step-{}", self.steps.len() + 1), taken)
    }

    fn add_field(&mut self, name: &str) {
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

fn right_end() -> Step {
    Step { kind: StepKind::ProcedureEnd, title: END_TITLE.to_owned(), ..work("the-end".to_owned()) }
}

fn moved<T>(list: &mut Vec<T>, from: usize, to: usize) {
    if from < list.len() && to < list.len() {
        let one = list.remove(from);
        list.insert(to, one);
    }
}

impl Editor {
    /// An editor for a flow that does not exist yet.
    #[must_use]
    pub fn new(flow_type: FlowType) -> Self {
        let draft = Draft::empty(flow_type);
        Self {
            saved: draft.clone(),
            draft,
            open: Some(0),
            strict: false,
            past: Vec::new(),
            future: Vec::new(),
            typing: None,
        }
    }

    /// Whether there is something to lose.
    #[must_use]
    pub fn is_dirty(&self) -> bool {
        self.draft != self.saved
    }

    /// Whether there is a way back, and a way forward again.
    #[must_use]
    pub fn can_undo(&self) -> (bool, bool) {
        (!self.past.is_empty(), !self.future.is_empty())
    }

    fn change_tree(&mut self, change: impl FnOnce(&mut TreeDraft)) {
        self.keep();
        if let Some(tree) = &mut self.draft.tree {
            change(tree);
        }
    }

    fn keep(&mut self) {
        self.past.push((self.draft.clone(), self.open));
        if self.past.len() > STEPS_BACK {
            self.past.remove(0);
        }
        self.future.clear();
        self.typing = None;
    }
}

impl Reducible for Editor {
    type Action = Edit;

    fn reduce(self: Rc<Self>, edit: Edit) -> Rc<Self> {
        let mut editor = Rc::unwrap_or_clone(self);
        match edit {
            Edit::Load { saved, draft } => {
                let open = (!draft.steps.is_empty() && draft.steps.len() == 1).then_some(0);
                return Rc::new(Self { saved, draft, open, ..Self::new(FlowType::Maintenance) });
            }
            Edit::Type(place, text) => {
                if editor.typing != Some(place) {
                    editor.keep();
                    editor.typing = Some(place);
                }
                if let Some(typed) = editor.draft.text_mut(place) {
                    *typed = text;
                }
            }
            Edit::Pick(pick) => {
                editor.keep();
                editor.draft.pick(pick);
            }
            Edit::Link { node, answer, to } => editor.change_tree(|tree| tree.link(node, answer, &to)),
            Edit::AddAnswer(node) => editor.change_tree(|tree| tree.add_answer(node)),
            Edit::DeleteAnswer(node, answer) => editor.change_tree(|tree| tree.delete_answer(node, answer)),
            Edit::Start(node) => editor.change_tree(|tree| {
                if let Some(node) = tree.nodes.get(node) {
                    tree.start = node.id.clone();
                }
            }),
            Edit::AddStep(at) if editor.draft.tree.is_some() => {
                editor.change_tree(|tree| {
                    tree.add(at, "question");
                });
                editor.open = Some(at);
            }
            Edit::DuplicateStep(at) if editor.draft.tree.is_some() => {
                editor.change_tree(|tree| tree.duplicate(at));
                editor.open = Some(at + 1);
            }
            Edit::DeleteStep(at) if editor.draft.tree.is_some() => {
                editor.change_tree(|tree| tree.delete(at));
                editor.open = None;
            }
            Edit::AddStep(at) => {
                editor.keep();
                let at = at.min(editor.draft.steps.len());
                let step = StepDraft::of(work(editor.draft.fresh_step()));
                editor.draft.steps.insert(at, step);
                editor.open = Some(at);
            }
            Edit::DuplicateStep(at) => {
                if let Some(step) = editor.draft.steps.get(at).cloned() {
                    editor.keep();
                    let mut copy = Rc::unwrap_or_clone(step);
                    copy.step.id = StepId(editor.draft.fresh_step());
                    editor.draft.steps.insert(at + 1, Rc::new(copy));
                    editor.open = Some(at + 1);
                }
            }
            Edit::DeleteStep(at) => {
                if at < editor.draft.steps.len() {
                    editor.keep();
                    editor.draft.steps.remove(at);
                    editor.open = None;
                }
            }
            Edit::MoveStep { from, to } => {
                if from != to && to < editor.draft.steps.len() {
                    editor.keep();
                    moved(&mut editor.draft.steps, from, to);
                    if editor.open == Some(from) {
                        editor.open = Some(to);
                    } else if editor.open.is_some() {
                        editor.open = None;
                    }
                }
            }
            Edit::AddField(name) => {
                editor.keep();
                editor.draft.add_field(&name);
            }
            Edit::DeleteField(at) => {
                if at < editor.draft.fields.len() {
                    editor.keep();
                    editor.draft.fields.remove(at);
                }
            }
            Edit::MoveField { from, to } => {
                editor.keep();
                moved(&mut editor.draft.fields, from, to);
            }
            Edit::Open(open) => {
                editor.open = open;
                editor.typing = None;
            }
            Edit::Undo => {
                if let Some((draft, open)) = editor.past.pop() {
                    let now = std::mem::replace(&mut editor.draft, draft);
                    editor.future.push((now, std::mem::replace(&mut editor.open, open)));
                    editor.typing = None;
                }
            }
            Edit::Redo => {
                if let Some((draft, open)) = editor.future.pop() {
                    let now = std::mem::replace(&mut editor.draft, draft);
                    editor.past.push((now, std::mem::replace(&mut editor.open, open)));
                    editor.typing = None;
                }
            }
            Edit::Tried => editor.strict = true,
            Edit::Saved(draft) => editor.saved = draft,
        }
        Rc::new(editor)
    }
}

/// A draft as it is kept on this machine: texts by name.
pub type Kept = BTreeMap<String, String>;

/// The draft to keep, with the revision it was made on (0 for a new flow).
#[must_use]
pub fn kept(draft: &Draft, revision: u32) -> Kept {
    let mut kept = Kept::new();
    let mut keep = |name: &str, text: String| drop(kept.insert(name.to_owned(), text));
    keep("revision", revision.to_string());
    keep("name", draft.name.clone());
    keep("description", draft.description.clone());
    keep("type", draft.flow_type.as_str().to_owned());
    keep("structure", draft.structure().to_json());
    keep("intake", serde_json::to_string(&draft.form()).unwrap_or_default());
    for (index, step) in draft.steps.iter().enumerate() {
        kept.insert(format!("estimate.{index}"), step.estimate.clone());
    }
    for (index, field) in draft.fields.iter().enumerate() {
        kept.insert(format!("options.{index}"), field.options.clone());
    }
    kept
}

/// The draft that was kept, and the revision it was made on; `None` for what cannot be read.
#[must_use]
pub fn recalled(kept: &Kept) -> Option<(Draft, u32)> {
    let structure = Structure::from_json(kept.get("structure")?).ok()?;
    let form: IntakeForm = serde_json::from_str(kept.get("intake")?).ok()?;
    let flow_type = FlowType::parse(kept.get("type")?)?;
    let mut draft =
        Draft::from_parts(kept.get("name")?, kept.get("description")?, flow_type, &structure, &form);
    for (index, step) in draft.steps.iter_mut().enumerate() {
        if let Some(estimate) = kept.get(&format!("estimate.{index}")) {
            estimate.clone_into(&mut Rc::make_mut(step).estimate);
        }
    }
    for (index, field) in draft.fields.iter_mut().enumerate() {
        if let Some(options) = kept.get(&format!("options.{index}")) {
            options.clone_into(&mut Rc::make_mut(field).options);
        }
    }
    Some((draft, kept.get("revision")?.parse().ok()?))
}

#[cfg(test)]
#[path = "editor_tests.rs"]
mod tests;
