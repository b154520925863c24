//! The intake form in the editor: what is asked when a batch or a session starts.

use super::places::{ADD_QUESTION, index_of, question_line_id, use_focus};
use super::{Send, message, typing};
use crate::components::button::{Button, Tone};
use crate::components::field::{Field, Select, TextArea, TextInput, field_error};
use crate::components::icon::Icon;
use crate::state::editor::{Edit, FieldDraft, Pick, Place, Problem};
use mf_domain::intake::IntakeKind;
use std::rc::Rc;
use web_sys::HtmlInputElement;
use yew::prelude::*;

const KINDS: [(IntakeKind, &str, &str); 6] = [
    (IntakeKind::Text, "text", "Text"),
    (IntakeKind::Multiline, "multiline", "Several lines"),
    (IntakeKind::Number, "number", "Number"),
    (IntakeKind::Select, "select", "One of a list"),
    (IntakeKind::Checkbox, "checkbox", "Yes or no"),
    (IntakeKind::Date, "date", "Date"),
];

#[derive(Properties, PartialEq)]
pub(super) struct QuestionsProps {
    pub fields: Vec<Rc<FieldDraft>>,
    pub problems: Rc<Vec<Problem>>,
    pub strict: bool,
    pub send: Send,
}

/// The card with all questions.
#[component]
pub(super) fn Questions(props: &QuestionsProps) -> Html {
    let open = use_state(|| None::<u32>);
    let focus = use_focus();
    let show = |uid: Option<u32>, focused: String| {
        let (open, focus) = (open.setter(), focus.clone());
        Callback::from(move |()| {
            focus.go(focused.clone());
            open.set(uid);
        })
    };
    let ondelete = |at: usize| {
        let (send, focus, last) = (props.send.clone(), focus.clone(), at + 1 == props.fields.len());
        Callback::from(move |()| {
            focus.go(if last { ADD_QUESTION.to_owned() } else { question_line_id(at) });
            send.dispatch(Edit::DeleteField(at));
        })
    };
    let onadd = {
        let (send, open) = (props.send.clone(), open.setter());
        let next = props.fields.iter().map(|field| field.uid + 1).max().unwrap_or(0);
        let (number, focus) = (props.fields.len() + 1, focus.clone());
        Callback::from(move |()| {
            focus.go(format!("question-{}-label", number - 1));
            send.dispatch(Edit::AddField(format!("question_{number}")));
            open.set(Some(next));
        })
    };
    html! {
        <section class="card flat" aria-label="Questions at the start">
            <header>{ Icon::Note.svg() }<h2>{ "Asked at the start" }</h2></header>
            if props.fields.is_empty() {
                <p class="edit-hint small muted">
                    { "Whatever differs from run to run: a patch version, a ticket. The answers stand in the steps as " }
                    <code class="chip">{ "{{name}}" }</code>{ "." }
                </p>
            }
            <ol class="edit-steps">
                for (at, field) in props.fields.iter().enumerate() {
                    <li key={field.uid} class={classes!("edit-step", (*open == Some(field.uid)).then_some("open"))} data-testid="edit-question">
                        if *open == Some(field.uid) || (props.strict && has_problem(&props.problems, at)) {
                            { open_question(props, at, field, ondelete(at), show(None, question_line_id(at))) }
                        } else {
                            { closed_question(at, field, show(Some(field.uid), format!("question-{at}-label")).reform(|_: MouseEvent| ())) }
                        }
                    </li>
                }
            </ol>
            <div class="edit-foot">
                <Button id={ADD_QUESTION} icon={Icon::Plus} small=true onclick={onadd} testid="add-question">{ "Add a question" }</Button>
                if let Some(text) = message(&props.problems, "intake_form", true) {
                    { field_error(text) }
                }
            </div>
        </section>
    }
}

fn has_problem(problems: &[Problem], at: usize) -> bool {
    problems.iter().any(|problem| index_of(&problem.field, "intake_form[") == Some(at))
}

fn closed_question(at: usize, field: &FieldDraft, onclick: Callback<MouseEvent>) -> Html {
    let words = KINDS.iter().find(|(kind, ..)| *kind == field.field.kind).map_or("", |(_, _, words)| words);
    html! {
        <button type="button" class="edit-line" id={question_line_id(at)} {onclick} aria-expanded="false">
            <span class="grow">
                <span class="clip block">{ field.field.label.clone() }</span>
                <span class="small muted clip block">
                    { words }{ if field.field.required { " · required" } else { "" } }
                </span>
            </span>
            <code class="chip clip">{ format!("{{{{{}}}}}", field.field.key) }</code>
        </button>
    }
}

fn open_question(
    props: &QuestionsProps,
    at: usize,
    draft: &FieldDraft,
    ondelete: Callback<()>,
    onclose: Callback<()>,
) -> Html {
    let (field, send) = (&draft.field, &props.send);
    let id = |part: &str| format!("question-{at}-{part}");
    let error = |part: &str, judged: bool| {
        let exact = format!("intake_form[{at}].{part}");
        // One of several options is wrong in the field for all of them.
        let problem = props.problems.iter().find(|problem| problem.field.starts_with(&exact));
        problem.and_then(|problem| message(&props.problems, &problem.field, judged))
    };
    let text = |part: &'static str, label: &'static str, place: Place, value: &str, optional: bool| {
        let error = error(part, props.strict || !value.is_empty());
        html! {
            <Field id={id(part)} {label} {optional} error={error.clone()}>
                <TextInput
                    id={id(part)}
                    value={value.to_owned()}
                    oninput={typing(send, place)}
                    mono={part == "key"}
                    invalid={error.is_some()}
                    testid={format!("question-{part}")}
                />
            </Field>
        }
    };
    let kinds: Vec<(AttrValue, AttrValue)> =
        KINDS.iter().map(|(_, value, words)| ((*value).into(), (*words).into())).collect();
    let kind = KINDS.iter().find(|(kind, ..)| *kind == field.kind).map_or("text", |(_, value, _)| value);
    let onkind = {
        let send = send.clone();
        Callback::from(move |name: String| {
            if let Some((kind, ..)) = KINDS.iter().find(|(_, value, _)| *value == name) {
                send.dispatch(Edit::Pick(Pick::Kind(at, *kind)));
            }
        })
    };
    let onrequired = {
        let send = send.clone();
        Callback::from(move |event: Event| {
            let required = event.target_unchecked_into::<HtmlInputElement>().checked();
            send.dispatch(Edit::Pick(Pick::Required(at, required)));
        })
    };
    let tool = |icon: Icon, label: &'static str, disabled: bool, edit: Edit| {
        let send = send.clone();
        let onclick = Callback::from(move |()| send.dispatch(edit.clone()));
        html! { <Button tone={Tone::Ghost} small=true {icon} {label} {disabled} {onclick} /> }
    };
    let options_error = error("options", props.strict || !draft.options.is_empty());
    html! {
        <div class="form edit-open">
            <div class="row">
                <h3 class="grow">{ format!("Question {}", at + 1) }</h3>
                { tool(Icon::Up, "Move up", at == 0, Edit::MoveField { from: at, to: at.saturating_sub(1) }) }
                { tool(Icon::Down, "Move down", at + 1 >= props.fields.len(), Edit::MoveField { from: at, to: at + 1 }) }
                <Button tone={Tone::Ghost} small=true icon={Icon::Trash} label="Delete the question" onclick={ondelete} />
                <Button tone={Tone::Ghost} small=true icon={Icon::Cross} label="Close the question" onclick={onclose} />
            </div>
            { text("label", "Question", Place::Label(at), &field.label, false) }
            { text("key", "Name in the steps", Place::Key(at), &field.key, false) }
            <Field id={id("type")} label="Answer">
                <Select id={id("type")} value={kind} options={kinds} onchange={onkind} testid="question-type" />
            </Field>
            if field.kind == IntakeKind::Select {
                <Field id={id("options")} label="Choices" hint="One per line" error={options_error.clone()}>
                    <TextArea id={id("options")} value={draft.options.clone()} oninput={typing(send, Place::Options(at))} invalid={options_error.is_some()} testid="question-options" />
                </Field>
            }
            { text("default", "Filled in beforehand", Place::Default(at), field.default.as_deref().unwrap_or_default(), true) }
            { text("help", "Help", Place::Help(at), field.help.as_deref().unwrap_or_default(), true) }
            <label class="check" for={id("required")}>
                <input type="checkbox" id={id("required")} checked={field.required} onchange={onrequired} data-testid="question-required" />
                { "Must be answered" }
            </label>
        </div>
    }
}
