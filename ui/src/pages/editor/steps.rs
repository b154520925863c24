//! The steps of a flow in the editor: one open, the others a line each.

use super::delete::delete;
use super::places::{ADD, DESCRIPTION, ESTIMATE, Focus, ROLLBACK, TITLE, line_id, step_of};
use super::{Send, message, typing};
use crate::components::button::{Button, Tone};
use crate::components::field::{Field, Shown, TextArea, TextInput, field_error, radio_group};
use crate::components::icon::Icon;
use crate::components::markdown::Markdown;
use crate::components::status;
use crate::state::editor::{Edit, Editor, Pick, Place, Problem, StepDraft};
use crate::state::time;
use crate::state::toasts::use_toasts;
use mf_domain::flow::{ContentType, EvidenceRule};
use std::rc::Rc;
use yew::prelude::*;

const CONTENTS: [Shown; 3] = [
    ("action", "Action", Some(Icon::Play)),
    ("check", "Check", Some(Icon::Check)),
    ("info", "Info", Some(Icon::Book)),
];
const EVIDENCE: [Shown; 3] =
    [("none", "None", None), ("optional", "Optional", None), ("required", "Required", None)];

#[derive(Properties)]
pub(super) struct StepsProps {
    pub editor: Editor,
    pub problems: Rc<Vec<Problem>>,
    pub send: Send,
    pub focus: Focus,
}

impl PartialEq for StepsProps {
    fn eq(&self, other: &Self) -> bool {
        self.editor == other.editor && Rc::ptr_eq(&self.problems, &other.problems)
    }
}

/// The card with all steps.
#[component]
pub(super) fn Steps(props: &StepsProps) -> Html {
    let dragged = use_state(|| None::<usize>);
    let over = use_state(|| None::<usize>);
    let preview = use_state(|| false);
    let toasts = use_toasts();
    let (editor, send) = (&props.editor, &props.send);
    let draft = &editor.draft;
    let number = draft.steps.len();
    let mut facts = vec![time::count(number, "step")];
    if draft.minutes() > 0 {
        facts.push(format!("about {}", time::minutes(draft.minutes())));
    }
    let onadd = {
        let (send, focus) = (send.clone(), props.focus.clone());
        Callback::from(move |()| {
            focus.go(TITLE);
            send.dispatch(Edit::AddStep(number));
        })
    };
    let ondelete = {
        let (draft, send, focus) = (draft.clone(), send.clone(), props.focus.clone());
        Callback::from(move |at: usize| delete(&draft, at, &send, toasts.as_ref(), &focus))
    };
    let open = |at: usize, row: &StepDraft| {
        open_step(&OpenProps {
            at,
            number,
            row,
            unknown: row.unknown(&draft.fields),
            strict: editor.strict,
            problems: &props.problems,
            send,
            focus: &props.focus,
            preview: *preview,
            onpreview: Callback::from({
                let preview = preview.clone();
                move |()| preview.set(!*preview)
            }),
            ondelete: ondelete.clone(),
        })
    };
    let row = |at: usize, row: &Rc<StepDraft>| {
        let wrong =
            editor.strict && props.problems.iter().any(|problem| step_of(problem, number) == Some(at));
        let drag = {
            let (dragged, over) = (dragged.clone(), over.clone());
            move |from: Option<usize>, to: Option<usize>| {
                dragged.set(from);
                over.set(to);
            }
        };
        let is_open = editor.open == Some(at);
        let (from, target) = (*dragged, *over);
        html! {
            <li
                key={row.step.id.0.clone()}
                class={classes!(
                    "edit-step",
                    is_open.then_some("open"),
                    (from == Some(at)).then_some("dragged"),
                    (target == Some(at) && from.is_some_and(|from| from > at)).then_some("drop-above"),
                    (target == Some(at) && from.is_some_and(|from| from < at)).then_some("drop-below"),
                )}
                draggable={(!is_open && at < number).then_some("true")}
                ondragstart={let drag = drag.clone(); Callback::from(move |event: DragEvent| {
                    if let Some(data) = event.data_transfer() {
                        // Some engines start no drag without data.
                        drop(data.set_data("text/plain", &(at + 1).to_string()));
                    }
                    drag(Some(at), None);
                })}
                ondragover={let drag = drag.clone(); Callback::from(move |event: DragEvent| {
                    if from.is_some() && at < number {
                        event.prevent_default();
                        if target != Some(at) {
                            drag(from, Some(at));
                        }
                    }
                })}
                ondragend={let drag = drag.clone(); Callback::from(move |_: DragEvent| drag(None, None))}
                ondrop={let (drag, send) = (drag.clone(), send.clone()); Callback::from(move |event: DragEvent| {
                    if let Some(from) = from {
                        event.prevent_default();
                        send.dispatch(Edit::MoveStep { from, to: at });
                    }
                    drag(None, None);
                })}
                data-testid="edit-step"
            >
                if is_open {
                    { open(at, row) }
                } else {
                    { closed_step(&ClosedProps { at, number, row, unknown: row.unknown(&draft.fields).len(), wrong, send, focus: &props.focus }) }
                }
            </li>
        }
    };
    html! {
        <section class="card flat" aria-label="Steps">
            <header>
                { Icon::List.svg() }<h2>{ "Steps" }</h2>
                <span class="end small muted">{ facts.join(" · ") }</span>
            </header>
            <ol class="edit-steps">
                for (at, step) in draft.steps.iter().enumerate() {
                    { row(at, step) }
                }
                { row(number, &draft.end) }
            </ol>
            <div class="edit-foot">
                <Button id={ADD} icon={Icon::Plus} onclick={onadd} testid="add-step">{ "Add a step" }</Button>
                if let Some(text) = message(&props.problems, "steps", editor.strict) {
                    { field_error(text) }
                }
                <span class="end small muted" aria-hidden="true">
                    <kbd>{ "Alt" }</kbd>{ " " }<kbd>{ "↑" }</kbd>{ " " }<kbd>{ "↓" }</kbd>{ " move  " }
                    <kbd>{ "Alt" }</kbd>{ " " }<kbd>{ "Enter" }</kbd>{ " new" }
                </span>
            </div>
        </section>
    }
}

struct ClosedProps<'a> {
    at: usize,
    number: usize,
    row: &'a StepDraft,
    unknown: usize,
    wrong: bool,
    send: &'a Send,
    focus: &'a Focus,
}

fn closed_step(props: &ClosedProps<'_>) -> Html {
    let ClosedProps { at, number, row, unknown, wrong, .. } = *props;
    let step = &row.step;
    let onclick = {
        let (send, focus) = (props.send.clone(), props.focus.clone());
        Callback::from(move |_: MouseEvent| {
            focus.go(TITLE);
            send.dispatch(Edit::Open(Some(at)));
        })
    };
    html! {
        <button type="button" class="edit-line" id={line_id(at)} {onclick} aria-expanded="false" data-testid="edit-step-open">
            if at < number {
                <span class="grip">{ Icon::Grip.svg() }</span>
                <span class="num">{ at + 1 }</span>
            } else {
                <span class="grip"></span>
                <span class="num ok">{ Icon::Check.svg() }</span>
            }
            <span class={classes!("grow", "clip", step.title.trim().is_empty().then_some("faint"))}>
                { if step.title.trim().is_empty() { "Untitled step" } else { step.title.as_str() } }
            </span>
            if at == number {
                <span class="small muted">{ "The closing words" }</span>
            }
            if unknown > 0 {
                <span class="pill amber">{ Icon::Alert.svg() }{ "unknown variable" }</span>
            }
            if wrong {
                <span class="pill red">{ Icon::Alert.svg() }{ "to mend" }</span>
            }
            { status::step_marks(step) }
            if !row.estimate.trim().is_empty() {
                <span class="small muted">{ format!("{} min", row.estimate.trim()) }</span>
            }
        </button>
    }
}

struct OpenProps<'a> {
    at: usize,
    /// How many steps there are; the end stands behind them.
    number: usize,
    row: &'a StepDraft,
    unknown: Vec<&'a str>,
    strict: bool,
    problems: &'a [Problem],
    send: &'a Send,
    focus: &'a Focus,
    preview: bool,
    onpreview: Callback<()>,
    ondelete: Callback<usize>,
}

fn open_step(props: &OpenProps<'_>) -> Html {
    let OpenProps { at, number, row, send, problems, .. } = props;
    let (at, is_end) = (*at, at == number);
    let step = &row.step;
    let path = |field: &str| if is_end { format!("end.{field}") } else { format!("steps[{at}].{field}") };
    let (title, body) =
        if is_end { (Place::EndTitle, Place::EndBody) } else { (Place::Title(at), Place::Body(at)) };
    let title_error = message(problems, &path("title"), props.strict || !step.title.is_empty());
    let body_error = message(problems, &path("description"), true);
    // What is wrong can be put right only where it is written.
    let preview = props.preview && body_error.is_none();
    html! {
        <div class="form edit-open">
            <div class="row">
                <span class={classes!("num", if is_end { "ok" } else { "cur" })}>
                    if is_end { { Icon::Check.svg() } } else { { at + 1 } }
                </span>
                <h3 class="grow">{ if is_end { "The closing words" } else { "Step" } }</h3>
                if !is_end {
                    { tools(at, *number, send, &props.ondelete) }
                }
                <Button tone={Tone::Ghost} small=true icon={Icon::Cross} label="Close the step" onclick={close(at, send, props.focus)} testid="step-close" />
            </div>
            <Field id={TITLE} label="Title" error={title_error.clone()}>
                <TextInput
                    id={TITLE}
                    value={step.title.clone()}
                    oninput={typing(send, title)}
                    placeholder={if is_end { "What is true when all is done" } else { "What to do, in a few words" }}
                    required=true
                    invalid={title_error.is_some()}
                    testid="step-title"
                />
            </Field>
            <div class="field">
                <div class="row">
                    <label class="label" for={DESCRIPTION}>{ "Instructions" }<span class="optional">{ "Markdown" }</span></label>
                    <span class="end">
                        <Button tone={Tone::Ghost} small=true icon={if preview { Icon::Pencil } else { Icon::Eye }} pressed={preview} disabled={body_error.is_some()} onclick={props.onpreview.clone()} testid="step-preview">
                            { if preview { "Write" } else { "Preview" } }
                        </Button>
                    </span>
                </div>
                if preview {
                    <div class="md-preview" data-testid="markdown-preview"><Markdown text={step.description.clone()} /></div>
                } else {
                    <TextArea
                        id={DESCRIPTION}
                        value={step.description.clone()}
                        oninput={typing(send, body)}
                        invalid={body_error.is_some()}
                        placeholder={"How to do it. **Bold**, `code`, lists, tables; {{target.label}} is the machine."}
                        testid="step-body"
                    />
                }
                <div id={format!("{DESCRIPTION}-about")}>
                    if let Some(text) = body_error {
                        { field_error(text) }
                    }
                </div>
            </div>
            { unknown_variables(&props.unknown, send) }
            if !is_end {
                { settings(props, path("estimate_minutes")) }
                { rollback(props, message(problems, &path("rollback"), true)) }
            }
        </div>
    }
}

fn edit(send: &Send, edit: Edit) -> Callback<()> {
    let send = send.clone();
    Callback::from(move |()| send.dispatch(edit.clone()))
}

/// Closes a step or node; its line has the keyboard then.
pub(super) fn close(at: usize, send: &Send, focus: &Focus) -> Callback<()> {
    let (send, focus) = (send.clone(), focus.clone());
    Callback::from(move |()| {
        focus.go(line_id(at));
        send.dispatch(Edit::Open(None));
    })
}

fn tools(at: usize, number: usize, send: &Send, ondelete: &Callback<usize>) -> Html {
    let tool =
        |icon: Icon, label: &'static str, disabled: bool, onclick: Callback<()>, testid: &'static str| {
            html! { <Button tone={Tone::Ghost} small=true {icon} {label} {disabled} {onclick} {testid} /> }
        };
    let up = edit(send, Edit::MoveStep { from: at, to: at.saturating_sub(1) });
    let down = edit(send, Edit::MoveStep { from: at, to: at + 1 });
    html! {
        <>
            { tool(Icon::Up, "Move up", at == 0, up, "step-up") }
            { tool(Icon::Down, "Move down", at + 1 == number, down, "step-down") }
            { tool(Icon::Copy, "Duplicate", false, edit(send, Edit::DuplicateStep(at)), "step-duplicate") }
            { tool(Icon::Trash, "Delete the step", false, ondelete.reform(move |()| at), "step-delete") }
        </>
    }
}

/// What no question of the form fills, with the way to ask for it.
fn unknown_variables(unknown: &[&str], send: &Send) -> Html {
    html! {
        for name in unknown.iter().copied() {
            <div class="preview-line" data-testid="unknown-variable">
                <span class="tone-amber">{ Icon::Alert.svg() }</span>
                <span>{ "Nothing fills " }<code class="chip">{ format!("{{{{{name}}}}}") }</code>{ "." }</span>
                <Button small=true onclick={edit(send, Edit::AddField(name.to_owned()))}>{ "Ask for it" }</Button>
            </div>
        }
    }
}

/// How to undo the step.
fn rollback(props: &OpenProps<'_>, error: Option<AttrValue>) -> Html {
    let invalid = error.is_some();
    html! {
        <Field id={ROLLBACK} label="Rollback" optional=true {error} hint="Markdown. Offered as a step of its own when this one fails.">
            <TextArea
                id={ROLLBACK}
                value={props.row.step.rollback.clone()}
                oninput={typing(props.send, Place::Rollback(props.at))}
                {invalid}
                placeholder="How to undo it, such as: restore the snapshot"
                testid="step-rollback"
            />
        </Field>
    }
}

fn settings(props: &OpenProps<'_>, estimate: String) -> Html {
    let (at, step, send) = (props.at, &props.row.step, props.send);
    let oncontent = {
        let send = send.clone();
        Callback::from(move |name: &'static str| {
            send.dispatch(Edit::Pick(Pick::Content(at, ContentType::parse(name).unwrap_or_default())));
        })
    };
    let onevidence = {
        let send = send.clone();
        Callback::from(move |name: &'static str| {
            send.dispatch(Edit::Pick(Pick::Evidence(at, EvidenceRule::parse(name).unwrap_or_default())));
        })
    };
    let error = message(props.problems, &estimate, true);
    let invalid = error.is_some();
    html! {
        <div class="edit-settings">
            { radio_group("step-content", "Asks to", &CONTENTS, step.content_type.as_str(), oncontent, None) }
            { radio_group("step-evidence", "Evidence", &EVIDENCE, step.evidence.as_str(), onevidence, None) }
            <Field id={ESTIMATE} label="Takes about" {error}>
                <div class="with-unit">
                    <TextInput
                        id={ESTIMATE}
                        value={props.row.estimate.clone()}
                        oninput={typing(send, Place::Estimate(at))}
                        {invalid}
                        inputmode="numeric"
                        testid="step-estimate"
                    />
                    <span class="muted">{ "min" }</span>
                </div>
            </Field>
        </div>
    }
}
