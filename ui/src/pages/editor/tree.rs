//! The tree of a troubleshooting flow in the editor: an outline with its answers, one node open, and the whole drawn.

use super::delete::delete;
use super::places::{ADD_ANSWER, DESCRIPTION, Focus, NEXT, TITLE, TREE_FOOT, answer_id, line_id};
use super::steps::close;
use super::{Send, message, typing};
use crate::components::button::{Button, Tone};
use crate::components::drawing::drawing;
use crate::components::field::{Field, Group, Select, Shown, TextArea, TextInput, field_error, radio_group};
use crate::components::icon::Icon;
use crate::state::editor::{Edit, Editor, Pick, Place, Problem};
use crate::state::time::count;
use crate::state::toasts::use_toasts;
use crate::state::tree_draft::{Line, TreeDraft, kind_name};
use mf_domain::flow::{Node, NodeKind, Outcome};
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

const KINDS: [Shown; 4] = [
    ("question", "Question", Some(Icon::Tree)),
    ("action", "Action", Some(Icon::Wrench)),
    ("resolved", "Resolved", Some(Icon::Check)),
    ("escalate", "Escalate", Some(Icon::Upload)),
];

/// What a node is, in colour, icon and word.
pub(in crate::pages) fn kind_pill(kind: &NodeKind) -> Html {
    let (tone, icon, word) = match kind {
        NodeKind::Question { .. } => ("blue", Icon::Tree, "Question"),
        NodeKind::Action { .. } => ("", Icon::Wrench, "Action"),
        NodeKind::Outcome { outcome: Outcome::Resolved } => ("green", Icon::Check, "Resolved"),
        NodeKind::Outcome { outcome: Outcome::Escalate } => ("amber", Icon::Upload, "Escalate"),
    };
    html! { <span class={classes!("pill", tone)}>{ icon.svg() }{ word }</span> }
}

fn title_of(node: &Node) -> String {
    if node.title.trim().is_empty() { "Untitled".to_owned() } else { node.title.clone() }
}

#[derive(Properties, PartialEq)]
pub(super) struct OutlineProps {
    pub editor: Editor,
    pub problems: Rc<Vec<Problem>>,
    pub send: Send,
    pub focus: Focus,
}

/// The card with the tree, as an outline or drawn.
#[component]
pub(super) fn Outline(props: &OutlineProps) -> Html {
    let drawn = use_state(|| false);
    let toasts = use_toasts();
    let (editor, send) = (&props.editor, &props.send);
    let Some(tree) = &editor.draft.tree else { return Html::default() };
    let ondelete = {
        let (draft, send, focus) = (editor.draft.clone(), send.clone(), props.focus.clone());
        Callback::from(move |at: usize| delete(&draft, at, &send, toasts.as_ref(), &focus))
    };
    let onopen = {
        let (send, drawn, focus) = (send.clone(), drawn.setter(), props.focus.clone());
        Callback::from(move |at: usize| {
            focus.go(TITLE);
            drawn.set(false);
            send.dispatch(Edit::Open(Some(at)));
        })
    };
    let view = |label: &'static str, icon: Icon, wanted: bool, testid: &'static str| {
        let set = drawn.setter();
        html! {
            <Button tone={Tone::Ghost} small=true {icon} pressed={*drawn == wanted} onclick={move |()| set.set(wanted)} {testid}>{ label }</Button>
        }
    };
    html! {
        <section class="card flat" aria-label="Tree">
            <header>
                { Icon::Tree.svg() }<h2>{ "Tree" }</h2>
                <span class="small muted">{ count(tree.nodes.len(), "node") }</span>
                <div class="segments end" role="group" aria-label="View">
                    { view("Outline", Icon::List, false, "tree-outline") }
                    { view("Drawing", Icon::Tree, true, "tree-drawing") }
                </div>
            </header>
            if *drawn {
                { drawing(tree, editor.open, Some(&onopen)) }
            } else {
                <ol class="edit-steps">
                    for (index, line) in tree.outline().into_iter().enumerate() {
                        { outline_line(props, tree, (index, &line), &onopen, &ondelete) }
                    }
                </ol>
            }
            <div class="edit-foot">
                <span class="small muted">{ "An answer that leads to a new node makes it. Keys: " }<kbd>{ "Alt" }</kbd>{ " " }<kbd>{ "Enter" }</kbd>{ " a node of its own" }</span>
                <div id={TREE_FOOT} tabindex="-1">
                    if let Some(text) = message(&props.problems, "nodes", true).or_else(|| message(&props.problems, "start", true)) {
                        { field_error(text) }
                    }
                </div>
            </div>
        </section>
    }
}

fn outline_line(
    props: &OutlineProps,
    tree: &TreeDraft,
    (index, line): (usize, &Line),
    onopen: &Callback<usize>,
    ondelete: &Callback<usize>,
) -> Html {
    let Some(node) = tree.nodes.get(line.node) else { return Html::default() };
    let via = line.via.and_then(|(question, slot)| match &tree.nodes.get(question)?.kind {
        NodeKind::Question { answers } => answers.get(slot).map(|answer| answer.label.clone()),
        _ => None,
    });
    let is_open = props.editor.open == Some(line.node) && !line.again;
    let here = format!("nodes[{}]", line.node);
    let wrong = props.problems.iter().find(|problem| {
        problem.field.strip_prefix(here.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    });
    let lost = wrong.filter(|problem| problem.field == here);
    // A node stands in the outline once; what refers to it has only its place.
    let key = if line.again { format!("again-{index}") } else { node.id.clone() };
    html! {
        <li {key} class={classes!("edit-step", "tree-line", format!("depth-{}", line.depth.min(8)), is_open.then_some("open"))} data-testid="tree-node">
            if is_open {
                { open_node(props, tree, line.node, node, ondelete) }
            } else {
                <button type="button" class="edit-line" id={(!line.again).then(|| line_id(line.node))} onclick={let at = line.node; onopen.reform(move |_: MouseEvent| at)} aria-expanded="false">
                    if let Some(label) = via {
                        <span class="via">{ if label.trim().is_empty() { "…".to_owned() } else { label } }{ " →" }</span>
                    }
                    if line.again {
                        <span class="grow clip muted">
                            { if line.back { "back to " } else { "as above: " } }{ title_of(node) }
                        </span>
                    } else {
                        { kind_pill(&node.kind) }
                        <span class={classes!("grow", "clip", node.title.trim().is_empty().then_some("faint"))}>{ title_of(node) }</span>
                        if tree.start == node.id {
                            <span class="small muted">{ "start" }</span>
                        }
                        if lost.is_some() {
                            <span class="pill amber">{ Icon::Alert.svg() }{ "nothing leads here" }</span>
                        } else if wrong.is_some() && (props.editor.strict || !node.title.trim().is_empty()) {
                            <span class="pill red">{ Icon::Alert.svg() }{ "to mend" }</span>
                        }
                    }
                </button>
            }
        </li>
    }
}

fn edit(send: &Send, edit: Edit) -> Callback<()> {
    let send = send.clone();
    Callback::from(move |()| send.dispatch(edit.clone()))
}

fn open_node(
    props: &OutlineProps,
    tree: &TreeDraft,
    at: usize,
    node: &Node,
    ondelete: &Callback<usize>,
) -> Html {
    let (send, problems) = (&props.send, &*props.problems);
    let judged = props.editor.strict;
    let path = |field: &str| format!("nodes[{at}].{field}");
    let title_error = message(problems, &path("title"), judged || !node.title.is_empty());
    let whole =
        message(problems, &format!("nodes[{at}]"), true).or_else(|| message(problems, &path("id"), true));
    let body_error = message(problems, &path("description"), true);
    let onkind = {
        let send = send.clone();
        Callback::from(move |kind| send.dispatch(Edit::Pick(Pick::Node(at, kind))))
    };
    let tool =
        |icon: Icon, label: &'static str, disabled: bool, onclick: Callback<()>, testid: &'static str| {
            html! { <Button tone={Tone::Ghost} small=true {icon} {label} {disabled} {onclick} {testid} /> }
        };
    html! {
        <div class="form edit-open">
            <div class="row">
                <h3 class="grow">{ "Node" }</h3>
                if tree.start != node.id {
                    <Button tone={Tone::Ghost} small=true onclick={edit(send, Edit::Start(at))} testid="node-start">{ "Start here" }</Button>
                }
                { tool(Icon::Copy, "Duplicate", false, edit(send, Edit::DuplicateStep(at)), "node-duplicate") }
                { tool(Icon::Trash, "Delete the node", tree.nodes.len() == 1, ondelete.reform(move |()| at), "node-delete") }
                { tool(Icon::Cross, "Close the node", false, close(at, send, &props.focus), "node-close") }
            </div>
            if let Some(text) = whole {
                { field_error(text) }
            }
            { radio_group("node-kind", "What it is", &KINDS, kind_name(&node.kind), onkind, None) }
            <Field id={TITLE} label="Words" error={title_error.clone()}>
                <TextInput
                    id={TITLE}
                    value={node.title.clone()}
                    oninput={typing(send, Place::NodeTitle(at))}
                    placeholder={match node.kind {
                        NodeKind::Question { .. } => "What to find out, as a question",
                        NodeKind::Action { .. } => "What to do",
                        NodeKind::Outcome { .. } => "How it ended",
                    }}
                    required=true
                    invalid={title_error.is_some()}
                    testid="node-title"
                />
            </Field>
            <Field id={DESCRIPTION} label="Instructions" optional=true error={body_error.clone()}>
                <TextArea
                    id={DESCRIPTION}
                    value={node.description.clone()}
                    oninput={typing(send, Place::NodeBody(at))}
                    invalid={body_error.is_some()}
                    placeholder="Markdown, shown under the words"
                    testid="node-body"
                />
            </Field>
            { match &node.kind {
                NodeKind::Question { answers } => html! {
                    <Group id="node-answers" label="Answers" error={message(problems, &path("answers"), true)}>
                        <div class="col">
                            for (slot, answer) in answers.iter().enumerate() {
                                <div class="answer-row" key={slot}>
                                    { answer_row(props, tree, at, slot, answer) }
                                </div>
                            }
                            <div>
                                <Button id={ADD_ANSWER} small=true icon={Icon::Plus} onclick={edit(send, Edit::AddAnswer(at))} testid="add-answer">{ "Add an answer" }</Button>
                            </div>
                        </div>
                    </Group>
                },
                NodeKind::Action { next } => {
                    let error = message(problems, &path("next"), judged || !next.is_empty());
                    let invalid = error.is_some();
                    html! {
                        <Field id={NEXT} label="Then" {error}>
                            { leads_to(tree, (at, None), next, NEXT.to_owned(), invalid, send) }
                        </Field>
                    }
                }
                NodeKind::Outcome { .. } => Html::default(),
            } }
        </div>
    }
}

fn answer_row(
    props: &OutlineProps,
    tree: &TreeDraft,
    at: usize,
    slot: usize,
    answer: &mf_domain::flow::Answer,
) -> Html {
    let (send, problems) = (&props.send, &*props.problems);
    let path = |field: &str| format!("nodes[{at}].answers[{slot}].{field}");
    let judged = props.editor.strict;
    let label_error = message(problems, &path("label"), judged || !answer.label.is_empty());
    let to_error = message(problems, &path("to"), judged || !answer.to.is_empty());
    let (label_invalid, to_invalid) = (label_error.is_some(), to_error.is_some());
    let onback = {
        let send = send.clone();
        Callback::from(move |event: Event| {
            let back = event.target_unchecked_into::<HtmlInputElement>().checked();
            send.dispatch(Edit::Pick(Pick::GoesBack(at, slot, back)));
        })
    };
    let (label, to) = (answer_id(slot, "label"), answer_id(slot, "to"));
    html! {
        <>
            <div class="row">
                <label class="visually-hidden" for={label.clone()}>{ format!("Answer {}", slot + 1) }</label>
                <TextInput id={label} value={answer.label.clone()} oninput={typing(send, Place::Answer(at, slot))} placeholder="Answer" invalid={label_invalid} testid="answer-label" />
                <span class="muted" aria-hidden="true">{ "→" }</span>
                <label class="visually-hidden" for={to.clone()}>{ format!("Answer {} leads to", slot + 1) }</label>
                { leads_to(tree, (at, Some(slot)), &answer.to, to, to_invalid, send) }
                <label class="check small">
                    <input type="checkbox" checked={answer.go_back} onchange={onback} />{ "goes back" }
                </label>
                <Button tone={Tone::Ghost} small=true icon={Icon::Cross} label={format!("Delete answer {}", slot + 1)} onclick={edit(send, Edit::DeleteAnswer(at, slot))} />
            </div>
            for (part, error) in [("label", label_error), ("to", to_error)] {
                <div id={format!("{}-about", answer_id(slot, part))}>
                    if let Some(text) = error {
                        { field_error(text) }
                    }
                </div>
            }
        </>
    }
}

/// Where it leads: a node of the tree, or one that is made now.
fn leads_to(
    tree: &TreeDraft,
    (node, answer): (usize, Option<usize>),
    to: &str,
    id: String,
    invalid: bool,
    send: &Send,
) -> Html {
    let words = |at: usize, node: &Node| format!("{}. {}", at + 1, title_of(node));
    let known = tree.nodes.iter().any(|node| node.id == to);
    let mut options: Vec<(AttrValue, AttrValue)> = vec![("".into(), "Leads to…".into())];
    options.extend(KINDS.iter().map(|(kind, word, _)| {
        (format!("new:{kind}").into(), AttrValue::from(format!("New: {}", word.to_lowercase())))
    }));
    options.extend(
        tree.nodes.iter().enumerate().map(|(at, node)| (node.id.clone().into(), words(at, node).into())),
    );
    let onchange = {
        let send = send.clone();
        Callback::from(move |to: String| send.dispatch(Edit::Link { node, answer, to }))
    };
    html! { <Select {id} value={if known { to.to_owned() } else { String::new() }} {options} {onchange} {invalid} testid="leads-to" /> }
}
