//! Links between pages: real anchors with an address, so that they can be focused, copied and announced.

use crate::browser;
use crate::route::Route;
use yew::prelude::*;

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
    /// The Tab key passes it by: the keyboard has another way to the same page.
    #[prop_or_default]
    pub passed_by: bool,
}

/// A link to an address, which may say more than the page.
pub fn to_address(
    address: &str,
    class: &'static str,
    words: impl Into<AttrValue>,
    testid: &'static str,
) -> Html {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let words: AttrValue = words.into();
    html! { <To route={Route::of_path(path)} query={query.to_owned()} {class} {testid}>{ words }</To> }
}

/// A link to a page.
#[component]
pub fn To(props: &ToProps) -> Html {
    let href = props.route.asking(props.query.as_deref().unwrap_or_default());
    let target = href.clone();
    let onclick = Callback::from(move |event: MouseEvent| {
        if event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        event.prevent_default();
        browser::go_to(&target, false);
    });
    html! {
        <a
            {href}
            class={props.class.clone()}
            id={props.id.clone()}
            tabindex={props.passed_by.then_some("-1")}
            {onclick}
            aria-current={props.current.then_some("page")}
            aria-label={props.label.clone()}
            data-testid={props.testid.clone()}
        >
            { props.children.clone() }
        </a>
    }
}
