//! What a flow consists of: its steps, or its questions.

use crate::components::drawing::drawing;
use crate::components::icon::Icon;
use crate::components::markdown::{Filling, Markdown, inline};
use crate::components::status;
use crate::pages::editor::kind_pill;
use crate::state::time::{self, count};
use crate::state::tree_draft::TreeDraft;
use mf_contract::flows::Flow;
use mf_domain::flow::{NodeKind, Procedure, Step, Tree, variables};
use std::rc::Rc;
use yew::prelude::*;

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
    let known = names_in(procedure);
    html! {
        <section class="card" aria-label="Steps">
            <header>
                { Icon::List.svg() }<h2>{ "Steps" }</h2>
                <span class="end small muted">{ facts.join(" · ") }</span>
            </header>
            <ol class="step-list">
                for (index, step) in procedure.work().enumerate() {
                    <li>{ step_line(index, step) }</li>
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

/// The variables of its steps, also of those that only undo something, in the order they are read.
fn names_in(procedure: &Procedure) -> Vec<&str> {
    let mut known: Vec<&str> = Vec::new();
    for text in procedure.work().flat_map(|step| [&step.title, &step.description, &step.rollback]) {
        for name in variables::names(text) {
            if !known.contains(&name) {
                known.push(name);
            }
        }
    }
    known
}

/// A step; what there is to read of it is behind a click.
fn step_line(index: usize, step: &Step) -> Html {
    let (description, rollback) = (step.description.trim(), step.rollback.trim());
    let more = !description.is_empty() || !rollback.is_empty();
    let line = html! {
        <>
            <span class="num">{ index + 1 }</span>
            <span class="step-words grow">
                <span>{ inline(&step.title, &Filling::Names) }</span>{ status::step_marks(step) }
            </span>
            { estimate(step.estimate_minutes) }
            if more {
                { Icon::Chevron.svg_with("chev") }
            } else {
                <span class="chev"></span>
            }
        </>
    };
    if !more {
        return html! { <div class="plain">{ line }</div> };
    }
    html! {
        <details>
            <summary>{ line }</summary>
            if !description.is_empty() {
                <Markdown text={step.description.clone()} />
            }
            if !rollback.is_empty() {
                <h3 class="undoes">{ "Rollback, if it fails" }</h3>
                <Markdown text={step.rollback.clone()} />
            }
        </details>
    }
}

fn estimate(minutes: Option<u32>) -> Html {
    minutes
        .map(|minutes| html! { <span class="small faint">{ time::minutes(minutes) }</span> })
        .unwrap_or_default()
}

/// The questions of a tree, drawn and in words.
pub(super) fn outline_card(tree: &Tree, revision: u32) -> Html {
    let title_of = |id: &str| tree.node(id).map_or_else(|| id.to_owned(), |node| node.title.clone());
    html! {
        <section class="card" aria-label="Outline">
            <header>
                { Icon::Tree.svg() }<h2>{ "Outline" }</h2>
                <span class="end small muted">{ format!("rev {} · {}", revision, count(tree.nodes.len(), "node")) }</span>
            </header>
            { drawing(&TreeDraft::of(tree), None, None) }
            <ol class="outline">
                for node in tree.nodes.iter() {
                    <li>
                        <div class="row">
                            { kind_pill(&node.kind) }
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
