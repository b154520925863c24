//! Troubleshooting: the question, its answers by number key, the path so far, and the way back.

use super::actions::{Runner, trouble_with};
use super::node_of;
use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::markdown::{Filling, Markdown, inline};
use crate::state::shortcuts::Act;
use mf_contract::sessions::{AnswerQuestion, Session, StepBack};
use mf_domain::flow::{Node, NodeKind};
use mf_domain::session::SessionStatus;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Debug)]
pub(super) struct TreeRunnerProps {
    pub session: Rc<Session>,
    pub runner: Runner,
    pub filling: Filling,
}

pub(super) fn tree_runner(props: &TreeRunnerProps) -> Html {
    let (session, runner) = (&props.session, &props.runner);
    let Some(tree) = session.structure.as_tree() else { return Html::default() };
    if session.summary.status == SessionStatus::Pending {
        return Html::default();
    }
    let open = session.summary.status == SessionStatus::InProgress;
    let node = node_of(session);
    html! {
        <>
            if let Some(node) = node.filter(|_| open) {
                <section class="step open" id="open-step" aria-label={node.title.clone()} aria-live="polite" data-testid="node">
                    <div class="step-title"><h2 class="grow">{ inline(&node.title, &props.filling) }</h2></div>
                    if !node.description.trim().is_empty() {
                        <Markdown text={node.description.clone()} filling={props.filling.clone()} />
                    }
                    { trouble_with(&runner.answer) }
                    { choices(node, runner) }
                </section>
            }
            if !session.path.is_empty() {
                <section class="closing" aria-label="Path">
                    <div class="row">
                        <h2 class="grow">{ if open { "Path so far" } else { "Path taken" } }</h2>
                        if open {
                            <Button
                                small=true
                                tone={Tone::Ghost}
                                icon={Icon::Back}
                                keys="B"
                                busy={runner.back.busy()}
                                onclick={let runner = runner.clone(); move |()| step_back(&runner)}
                                writes=true testid="step-back"
                            >
                                { "Back" }
                            </Button>
                        }
                    </div>
                    { trouble_with(&runner.back) }
                    <ol class="path">
                        for decision in session.path.iter() {
                            <li>
                                { tree.node(&decision.node_id).map_or_else(|| decision.node_id.clone().into(), |node| inline(&node.title, &props.filling)) }
                                if !decision.answer.is_empty() {
                                    <div class="answered">{ decision.answer.clone() }</div>
                                }
                            </li>
                        }
                        if let Some(node) = node {
                            <li class="here"><span class="strong">{ inline(&node.title, &props.filling) }</span></li>
                        }
                    </ol>
                </section>
            }
        </>
    }
}

fn choices(node: &Node, runner: &Runner) -> Html {
    match &node.kind {
        NodeKind::Question { answers } => html! {
            <div class="tree-answers" role="group" aria-label="Answers">
                for (index, answer) in answers.iter().enumerate() {
                    <button
                        type="button"
                        class="answer"
                        onclick={
                            let (runner, node, label) = (runner.clone(), node.id.clone(), answer.label.clone());
                            move |_: MouseEvent| give(&runner, &node, &label)
                        }
                        aria-disabled={runner.answer.busy().then_some("true")}
                        data-testid="answer"
                    >
                        if index < 9 {
                            <kbd>{ index + 1 }</kbd>
                        }
                        <span class="grow">{ answer.label.clone() }</span>
                        if answer.go_back {
                            <span class="small muted">{ "goes back" }</span>
                        }
                    </button>
                }
            </div>
        },
        NodeKind::Action { .. } => html! {
            <div class="step-actions">
                <Button
                    tone={Tone::Primary}
                    icon={Icon::Check}
                    keys="Enter"
                    busy={runner.answer.busy()}
                    onclick={let (runner, node) = (runner.clone(), node.id.clone()); move |()| give(&runner, &node, "")}
                    writes=true testid="action-done"
                >
                    { "Done, continue" }
                </Button>
            </div>
        },
        // The card below completes it.
        NodeKind::Outcome { .. } => Html::default(),
    }
}

fn give(runner: &Runner, node: &str, answer: &str) {
    runner.answer.run(AnswerQuestion {
        session_id: runner.id,
        node_id: node.to_owned(),
        answer: answer.to_owned(),
    });
}

fn step_back(runner: &Runner) {
    runner.back.run(StepBack { session_id: runner.id });
}

/// Keys of a troubleshooting session.
pub(super) fn press(session: &Session, runner: &Runner, act: Act) -> bool {
    let Some(node) = node_of(session) else { return false };
    if act == Act::Back && !session.path.is_empty() {
        step_back(runner);
        return true;
    }
    match (&node.kind, act) {
        (NodeKind::Question { answers }, Act::Answer(place)) => {
            let Some(answer) = answers.get(place) else { return false };
            give(runner, &node.id, &answer.label);
        }
        (NodeKind::Action { .. }, Act::Proceed) => give(runner, &node.id, ""),
        (NodeKind::Outcome { .. }, Act::Proceed) => runner.complete(),
        _ => return false,
    }
    true
}
