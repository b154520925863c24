//! Links between pages: real anchors with an address, so that they can be focused, copied and announced.

use crate::route::Route;
use yew::prelude::*;
use yew_router::prelude::*;

/// Properties of [`To`].
#[derive(Debug, Properties, PartialEq)]
pub struct ToProps {
    pub route: Route,
    /// What stands behind the question mark.
    #[prop_or_default]
    pub query: Option<AttrValue>,
    #[prop_or_default]
    pub children: Html,
    #[prop_or_default]
    pub class: Classes,
    /// Whether it leads to the page that is shown; `aria-current`.
    #[prop_or_default]
    pub current: bool,
    #[prop_or_default]
    pub testid: Option<AttrValue>,
    #[prop_or_default]
    pub label: Option<AttrValue>,
    #[prop_or_default]
    pub id: Option<AttrValue>,
}

/// A link to a page.
#[component]
pub fn To(props: &ToProps) -> Html {
    let navigator = use_navigator();
    let mut href = props.route.to_path();
    if let Some(query) = props.query.as_ref().filter(|query| !query.is_empty()) {
        href.push('?');
        href.push_str(query);
    }
    let target = href.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        if let Some(navigator) = &navigator {
            event.prevent_default();
            go(navigator, &target);
        }
    });
    html! {
        <a
            {href}
            class={props.class.clone()}
            id={props.id.clone()}
            {onclick}
            aria-current={props.current.then_some("page")}
            aria-label={props.label.clone()}
            data-testid={props.testid.clone()}
        >
            { props.children.clone() }
        </a>
    }
}

/// Shows the page of an address such as `/flows?type=maintenance`.
pub fn go(navigator: &Navigator, address: &str) {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let route = Route::recognize(path).unwrap_or(Route::NotFound);
    let pairs: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
    // A query that cannot be written is left out: the page matters more than its filter.
    if pairs.is_empty() || navigator.push_with_query(&route, &pairs).is_err() {
        navigator.push(&route);
    }
}

/// Shows another page.
#[hook]
pub fn use_go() -> Callback<Route> {
    let navigator = use_navigator();
    Callback::from(move |route: Route| {
        if let Some(navigator) = &navigator {
            navigator.push(&route);
        }
    })
}
