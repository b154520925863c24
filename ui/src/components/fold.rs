//! A part of a form that is folded away: a heading that opens it, with a word on what is set in there.

use super::icon::Icon;
use yew::prelude::*;

/// Properties of [`Fold`].
#[derive(Debug, Properties, PartialEq)]
pub struct FoldProps {
    /// The id of what is folded away.
    pub id: AttrValue,
    pub words: AttrValue,
    /// What is set in there, in a few words.
    #[prop_or_default]
    pub summary: Option<AttrValue>,
    pub open: bool,
    pub ontoggle: Callback<()>,
    /// The heading's name for tests.
    pub testid: AttrValue,
    pub children: Html,
}

/// The part, with its heading.
#[component]
pub fn Fold(props: &FoldProps) -> Html {
    html! {
        <section class="fold">
            <h2>
                <button
                    type="button"
                    class="fold-head"
                    aria-expanded={if props.open { "true" } else { "false" }}
                    aria-controls={props.id.clone()}
                    onclick={props.ontoggle.reform(|_: MouseEvent| ())}
                    data-testid={props.testid.clone()}
                >
                    { Icon::Chevron.svg() }
                    { &props.words }
                    if let Some(summary) = &props.summary {
                        <span class="small muted clip">{ summary }</span>
                    }
                </button>
            </h2>
            <div id={props.id.clone()} class="fold-body" hidden={!props.open}>
                if props.open {
                    { props.children.clone() }
                }
            </div>
        </section>
    }
}
