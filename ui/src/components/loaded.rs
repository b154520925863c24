//! Every load looks alike: a skeleton, then the data or what went wrong with Retry, or an empty state with one action.

use super::icon::Icon;
use super::trouble::trouble;
use crate::state::load::LoadHandle;
use crate::{api, browser};
use std::rc::Rc;
use yew::prelude::*;

/// What a load has come to: `show` draws the data, a skeleton of `lines` lines stands in for it.
///
/// Not a component, because there would be one for every type that is loaded.
pub fn loaded<T: 'static>(load: &LoadHandle<T>, lines: usize, show: impl FnOnce(Rc<T>) -> Html) -> Html {
    let error = load.error().map(|error| AttrValue::from(api::sentence(error)));
    html! {
        <Settled {lines} {error} retry={load.again()} data={load.data().map(show)} />
    }
}

#[derive(Properties, PartialEq)]
struct SettledProps {
    lines: usize,
    error: Option<AttrValue>,
    retry: Callback<()>,
    data: Option<Html>,
}

#[component]
fn Settled(props: &SettledProps) -> Html {
    let settled = props.data.is_some() || props.error.is_some();
    use_effect_with(settled, |settled| {
        if *settled {
            browser::mark_ready();
        }
    });
    html! {
        <>
            if let Some(text) = &props.error {
                { trouble(text, Some(props.retry.clone())) }
            }
            if let Some(data) = &props.data {
                { data.clone() }
            } else if props.error.is_none() {
                { skeleton(props.lines) }
            }
        </>
    }
}

/// Grey lines where text will be.
pub fn skeleton(lines: usize) -> Html {
    html! {
        <div class="skeleton" role="status" aria-label="Loading">
            for _ in 0..lines {
                <i></i>
            }
        </div>
    }
}

/// Properties of [`empty`].
#[derive(Debug)]
pub struct EmptyProps {
    pub icon: Icon,
    pub title: AttrValue,
    pub text: AttrValue,
    pub compact: bool,
    /// The one action.
    pub children: Html,
}

/// Nothing here yet, and what to do about it.
pub fn empty(props: &EmptyProps) -> Html {
    html! {
        <div class={classes!("empty", props.compact.then_some("compact"))}>
            { props.icon.svg() }
            <h2>{ &props.title }</h2>
            if !props.text.is_empty() {
                <p>{ &props.text }</p>
            }
            { props.children.clone() }
        </div>
    }
}
