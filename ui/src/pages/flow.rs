//! A project or a troubleshooting flow: its outline and the start of a session. Also what every flow's page shares:
//! the steps, export and deletion.

use super::frame::{Crumb, Frame};
use super::library::{self, first_line};
use crate::components::button::{Button, Tone};
use crate::components::dialog::{Confirm, Dialog};
use crate::components::drawing::drawing;
use crate::components::icon::Icon;
use crate::components::intake::{IntakeFieldsProps, answer_error, intake_fields};
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty, loaded};
use crate::components::markdown::{Filling, Markdown, inline};
use crate::components::menu::{Menu, MenuItem};
use crate::components::status;
use crate::components::trouble::trouble;
use crate::route::{Route, go};
use crate::state::call::use_call;
use crate::state::load::use_load;
use crate::state::time::{self, count};
use crate::state::toasts::use_toasts;
use crate::state::tree_draft::TreeDraft;
use crate::{api, browser};
use mf_contract::flows::{DeleteFlow, ExportFlow, ExportFormat, ExportedFlow, Flow, GetFlow};
use mf_contract::sessions::{CreateSession, Session};
use mf_contract::{ErrorCode, Event};
use mf_domain::flow::{NodeKind, Tree, variables};
use mf_domain::ids::FlowId;
use mf_domain::intake::{Answers, Completeness};
use std::rc::Rc;
use yew::prelude::*;

/// Properties of [`FlowPage`].
#[derive(Debug, Properties, PartialEq)]
pub struct FlowPageProps {
    pub id: FlowId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Nothing,
    Start,
    Export,
    Delete,
}

/// The page.
#[component]
pub fn FlowPage(props: &FlowPageProps) -> Html {
    let flow = use_load(
        Some(GetFlow { id: props.id }),
        |request, event| matches!(event, Event::FlowChanged { flow_id } if *flow_id == request.id),
    );
    let open = use_state(|| Open::Nothing);
    let show = |what: Open| {
        let open = open.setter();
        Callback::from(move |()| open.set(what))
    };
    let start = use_call::<CreateSession>(Callback::from(|session: Session| {
        go(Route::Session { id: session.summary.id });
    }));

    if flow.data().is_none() && flow.error().is_some_and(|error| error.code == ErrorCode::NotFound) {
        return html! {
                    <Frame crumbs={vec![Crumb::to("Flows", Route::Flows), Crumb::here("Not found")]}>
                        { empty(&EmptyProps {
                            icon: Icon::Search,
                            title: AttrValue::from("This flow is not here"),
                            text: AttrValue::from("It was deleted."),
                            children: html! {
        <><To route={Route::Flows} class="btn">{ "Go to flows" }</To></>
        },
                            compact: false,
                        }) }
                    </Frame>
                };
    }

    let onstart = |flow: &Flow| {
        let (start, ask, asks, flow_id) =
            (start.clone(), show(Open::Start), !flow.intake_form.0.is_empty(), flow.id);
        Callback::from(move |()| {
            if asks {
                ask.emit(());
            } else {
                start.run(CreateSession { flow_id, intake: Answers::new(), target: None });
            }
        })
    };
    let error = start.error_elsewhere(&[]);
    let body = {
        let (busy, onexport, ondelete) = (start.busy(), show(Open::Export), show(Open::Delete));
        let onstart = flow.data().map(|flow| onstart(&flow)).unwrap_or_default();
        move |flow: Rc<Flow>| {
            html! {
                <>
                    <div class="page-head">
                        { title(&flow) }
                        <div class="row">
                            { actions(&flow, &onexport, &ondelete) }
                            <Button tone={Tone::Primary} icon={Icon::Play} {busy} onclick={onstart.clone()} writes=true testid="new-session">
                                { "Start session" }
                            </Button>
                        </div>
                    </div>
                    <div class="page-inner">
                        if let Some(tree) = flow.structure.as_tree() {
                            { outline_card(&OutlineCardProps {
                                tree: tree.clone(),
                                revision: flow.revision,
                            }) }
                        } else {
                            { steps_card(&StepsCardProps { flow: flow.clone() }) }
                        }
                    </div>
                </>
            }
        }
    };
    let name = flow.data().map_or_else(|| "Flow".to_owned(), |flow| flow.name.clone());
    let mut crumbs = vec![Crumb::to("Flows", Route::Flows)];
    if let Some(flow) = flow.data() {
        let mut of_type = Crumb::to(library::title(Some(flow.flow_type)), Route::Flows);
        of_type.query = Some(format!("type={}", flow.flow_type.as_str()).into());
        crumbs.push(of_type);
    }
    crumbs.push(Crumb::here(name));
    let close = show(Open::Nothing);
    html! {
        <Frame {crumbs}>
            if let Some(text) = error {
                { trouble(text, None) }
            }
            { loaded(&flow, 6, body) }
            if let Some(flow) = flow.data() {
                <StartDialog
                    flow={flow.clone()}
                    open={*open == Open::Start}
                    onclose={close.clone()}
                    onstart={let start = start.clone(); move |request| start.run(request)}
                    busy={start.busy()}
                />
                <ExportDialog id={flow.id} open={*open == Open::Export} onclose={close.clone()} />
                <DeleteFlowDialog {flow} open={*open == Open::Delete} onclose={close} />
            }
        </Frame>
    }
}

#[derive(Properties, PartialEq)]
struct StartDialogProps {
    flow: Rc<Flow>,
    open: bool,
    onclose: Callback<()>,
    onstart: Callback<CreateSession>,
    busy: bool,
}

#[component]
fn StartDialog(props: &StartDialogProps) -> Html {
    let answers = use_state(Answers::new);
    let strict = use_state(|| false);
    let fields = props.flow.intake_form.0.clone();
    let onsubmit = {
        let (answers, strict, onstart, flow) =
            ((*answers).clone(), strict.setter(), props.onstart.clone(), props.flow.clone());
        Callback::from(move |()| {
            let wrong = flow
                .intake_form
                .0
                .iter()
                .find(|field| answer_error(field, &answers, Completeness::Required).is_some());
            match wrong {
                Some(field) => {
                    strict.set(true);
                    browser::focus(&format!("start-{}", field.key));
                }
                None => {
                    onstart.emit(CreateSession { flow_id: flow.id, intake: answers.clone(), target: None })
                }
            }
        })
    };
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true busy={props.busy} writes=true testid="new-session-submit">{ "Start session" }</Button>
        </>
    };
    html! {
        <Dialog
            id="start"
            title="Start a session"
            subtitle={props.flow.name.clone()}
            open={props.open}
            onclose={props.onclose.clone()}
            {onsubmit}
            {foot}
        >
            { intake_fields(&IntakeFieldsProps {
                id: AttrValue::from("start"),
                fields,
                answers: (*answers).clone(),
                onchange: Callback::from({ let answers = answers.setter(); move |next| answers.set(next) }),
                completeness: Completeness::Required,
                strict: *strict,
            }) }
        </Dialog>
    }
}

/// Properties of [`steps_card`].
#[derive(Debug)]
pub struct StepsCardProps {
    pub flow: Rc<Flow>,
}

/// The steps of a flow, each with its description behind a click.
pub fn steps_card(props: &StepsCardProps) -> Html {
    let flow = &props.flow;
    let Some(procedure) = flow.structure.as_procedure() else { return Html::default() };
    let mut facts = vec![format!("rev {}", flow.revision)];
    if flow.estimate_minutes > 0 {
        facts.push(format!("about {}", time::minutes(flow.estimate_minutes)));
    }
    let mut known: Vec<&str> = Vec::new();
    for step in procedure.work() {
        for name in variables::names(&step.title).into_iter().chain(variables::names(&step.description)) {
            if !known.contains(&name) {
                known.push(name);
            }
        }
    }
    html! {
        <section class="card" aria-label="Steps">
            <header>
                { Icon::List.svg() }<h2>{ "Steps" }</h2>
                <span class="end small muted">{ facts.join(" · ") }</span>
            </header>
            <ol class="step-list">
                for (index, step) in procedure.work().enumerate() {
                    <li>
                        if step.description.trim().is_empty() {
                            <div class="plain">
                                <span class="num">{ index + 1 }</span>
                                <span class="grow">{ inline(&step.title, &Filling::Names) }</span>
                                { estimate(step.estimate_minutes) }
                            </div>
                        } else {
                            <details>
                                <summary>
                                    <span class="num">{ index + 1 }</span>
                                    <span class="grow">{ inline(&step.title, &Filling::Names) }</span>
                                    { estimate(step.estimate_minutes) }
                                    { Icon::Chevron.svg_with("chev") }
                                </summary>
                                <Markdown text={step.description.clone()} />
                            </details>
                        }
                    </li>
                }
            </ol>
            if !known.is_empty() {
                <div class="missed">
                    <h2>{ "Filled in for each session" }</h2>
                    <div class="chips">
                        for name in known {
                            <span class="chip">{ name.to_owned() }</span>
                        }
                    </div>
                </div>
            }
        </section>
    }
}

fn estimate(minutes: Option<u32>) -> Html {
    minutes
        .map(|minutes| html! { <span class="small faint">{ time::minutes(minutes) }</span> })
        .unwrap_or_default()
}

struct OutlineCardProps {
    tree: Tree,
    revision: u32,
}

fn outline_card(props: &OutlineCardProps) -> Html {
    let tree = &props.tree;
    let title_of = |id: &str| tree.node(id).map_or_else(|| id.to_owned(), |node| node.title.clone());
    html! {
        <section class="card" aria-label="Outline">
            <header>
                { Icon::Tree.svg() }<h2>{ "Outline" }</h2>
                <span class="end small muted">{ format!("rev {} · {}", props.revision, count(tree.nodes.len(), "node")) }</span>
            </header>
            { drawing(&TreeDraft::of(tree), None, None) }
            <ol class="outline">
                for node in tree.nodes.iter() {
                    <li>
                        <div class="row">
                            { super::editor::kind_pill(&node.kind) }
                            <span class="strong">{ node.title.clone() }</span>
                        </div>
                        if let NodeKind::Question { answers } = &node.kind {
                            <div class="leads">
                                for answer in answers {
                                    <div>{ format!("{} → {}", answer.label, title_of(&answer.to)) }</div>
                                }
                            </div>
                        }
                    </li>
                }
            </ol>
        </section>
    }
}

/// What stands at the top of a flow's page: its type, its name, and the first line about it.
pub(super) fn title(flow: &Flow) -> Html {
    html! {
        <>
            { status::of_type(flow.flow_type).tile() }
            <div class="grow">
                <h1>{ flow.name.clone() }</h1>
                if !flow.description.is_empty() {
                    <p class="muted clip">{ first_line(&flow.description) }</p>
                }
            </div>
        </>
    }
}

/// What can be done with any flow.
pub(super) fn actions(flow: &Flow, onexport: &Callback<()>, ondelete: &Callback<()>) -> Html {
    let (id, flow_type) = (flow.id, flow.flow_type);
    let item = |icon: Icon, words: &'static str, onclick: &Callback<()>, testid: &'static str| MenuItem {
        icon,
        words: words.into(),
        onclick: onclick.clone(),
        testid,
        writes: icon == Icon::Trash,
        danger: icon == Icon::Trash,
    };
    let onrevisions = Callback::from(move |()| go(Route::Revisions { id }));
    let items = vec![
        item(Icon::Clock, "Revisions", &onrevisions, "flow-revisions"),
        item(Icon::Download, "Export…", onexport, "export-flow"),
        item(Icon::Trash, "Delete…", ondelete, "delete-flow"),
    ];
    let onedit = Callback::from(move |()| go(Route::editor_of(id, flow_type)));
    html! {
        <>
            <Menu id="flow-more" label="More" {items} />
            <Button icon={Icon::Pencil} onclick={onedit} writes=true testid="edit-flow">{ "Edit" }</Button>
        </>
    }
}

/// Properties of [`ExportDialog`].
#[derive(Debug, Properties, PartialEq)]
pub struct ExportDialogProps {
    pub id: FlowId,
    pub open: bool,
    pub onclose: Callback<()>,
}

/// Writes a flow to a file.
#[component]
pub fn ExportDialog(props: &ExportDialogProps) -> Html {
    let toasts = use_toasts();
    let export = use_call::<ExportFlow>({
        let onclose = props.onclose.clone();
        Callback::from(move |file: ExportedFlow| {
            let (onclose, toasts) = (onclose.clone(), toasts.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let saved = browser::save_download(&file.file_name, &file.content).await;
                onclose.emit(());
                let Some(toasts) = toasts else { return };
                match saved {
                    Ok(path) => toasts.success(format!("Saved as {path}.")),
                    Err(error) => toasts.failure(&api::failure(&error)),
                }
            });
        })
    });
    let write = |format: ExportFormat| {
        let (export, id) = (export.clone(), props.id);
        Callback::from(move |()| export.run(ExportFlow { id, format }))
    };
    let foot = html! { <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button> };
    html! {
        <Dialog id="export" title="Export the flow" narrow=true open={props.open} onclose={props.onclose.clone()} {foot}>
            <div class="row">
                <div class="grow"><h3>{ "Markdown" }</h3><p class="muted">{ "A runbook anyone can read and edit." }</p></div>
                <Button icon={Icon::Download} busy={export.busy()} onclick={write(ExportFormat::Markdown)} testid="export-markdown" autofocus=true>{ "Save" }</Button>
            </div>
            <div class="row">
                <div class="grow"><h3>{ "JSON" }</h3><p class="muted">{ "Complete, for another workspace." }</p></div>
                <Button icon={Icon::Download} busy={export.busy()} onclick={write(ExportFormat::Json)} testid="export-json">{ "Save" }</Button>
            </div>
            if let Some(text) = export.error_elsewhere(&[]) {
                { trouble(text, None) }
            }
        </Dialog>
    }
}

/// Properties of [`DeleteFlowDialog`].
#[derive(Debug, Properties, PartialEq)]
pub struct DeleteFlowDialogProps {
    pub flow: Rc<Flow>,
    pub open: bool,
    pub onclose: Callback<()>,
}

/// Asks before a flow goes.
#[component]
pub fn DeleteFlowDialog(props: &DeleteFlowDialogProps) -> Html {
    let toasts = use_toasts();
    let flow = &props.flow;
    let delete = use_call::<DeleteFlow>({
        let name = flow.name.clone();
        Callback::from(move |_| {
            if let Some(toasts) = &toasts {
                toasts.success(format!("“{name}” is deleted."));
            }
            go(Route::Flows);
        })
    });
    let onconfirm = {
        let (delete, id) = (delete.clone(), flow.id);
        Callback::from(move |()| delete.run(DeleteFlow { id }))
    };
    html! {
        <Confirm
            id="delete-flow"
            title="Delete this flow?"
            action="Delete flow"
            open={props.open}
            onclose={props.onclose.clone()}
            {onconfirm}
            busy={delete.busy()}
            error={delete.error_elsewhere(&[]).map(AttrValue::from)}
            testid="delete-flow-confirm"
        >
            <p>
                { format!(
                    "“{}” goes, with its {} and {}. Its schedule is paused; batches and sessions that ran stay.",
                    flow.name,
                    count(flow.step_count as usize, "step"),
                    count(flow.revision as usize, "revision"),
                ) }
            </p>
        </Confirm>
    }
}
