//! An address that leads to nothing: what it led to was deleted, or never was.

use super::frame::{Crumb, Frame};
use crate::browser;
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::components::loaded::{EmptyProps, empty};
use crate::route::Route;
use yew::prelude::*;

/// Properties of [`NotHere`].
#[derive(Debug, Properties, PartialEq)]
pub struct NotHereProps {
    /// The way there.
    #[prop_or_default]
    pub crumbs: Vec<Crumb>,
    pub title: AttrValue,
    #[prop_or_default]
    pub text: AttrValue,
    /// Where to go instead.
    pub to: Route,
    /// What the button says.
    pub words: AttrValue,
}

/// The page.
#[component]
pub fn NotHere(props: &NotHereProps) -> Html {
    // No load tells that there is nothing to wait for.
    use_effect_with((), |()| browser::mark_ready());
    let mut crumbs = props.crumbs.clone();
    crumbs.push(Crumb::here("Not found"));
    html! {
        <Frame {crumbs}>
            <h1 class="visually-hidden">{ "Not found" }</h1>
            { empty(&EmptyProps {
                icon: Icon::Search,
                title: props.title.clone(),
                text: props.text.clone(),
                compact: false,
                children: html! { <To route={props.to} class="btn">{ &props.words }</To> },
            }) }
        </Frame>
    }
}

/// The page of a flow that was deleted, or never was.
pub fn flow_not_here() -> Html {
    html! {
        <NotHere
            crumbs={vec![Crumb::to("Flows", Route::Flows)]}
            title="This flow is not here"
            text="It was deleted. What ran is still under Sessions."
            to={Route::Flows}
            words="Go to flows"
        />
    }
}
