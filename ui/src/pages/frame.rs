//! What every page has around it: top bar with breadcrumbs and bell, the banner, and the title of the window.

use crate::browser;
use crate::components::icon::Icon;
use crate::components::link::To;
use crate::route::{Route, Sort, library_query};
use mf_domain::flow::FlowType;
use yew::prelude::*;

/// What the shell knows and every page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Surroundings {
    /// Unread notifications.
    pub unread: u32,
    /// Why the workspace cannot be written to.
    pub read_only: Option<AttrValue>,
    /// Opens the command palette.
    pub onpalette: Callback<()>,
    /// Opens it with the flows a batch can be launched of.
    pub onlaunch: Callback<()>,
}

/// One step of the way to a page; the last has no address.
#[derive(Clone, Debug, PartialEq)]
pub struct Crumb {
    pub words: AttrValue,
    pub route: Option<Route>,
    pub query: Option<AttrValue>,
}

impl Crumb {
    /// A step that leads somewhere.
    pub fn to(words: impl Into<AttrValue>, route: Route) -> Self {
        Self { words: words.into(), route: Some(route), query: None }
    }

    /// The flows of a type.
    pub fn of_type(flow_type: FlowType) -> Self {
        let query = Some(AttrValue::from(library_query(Some(flow_type), None, Sort::default())));
        Self { query, ..Self::to(super::library::title(Some(flow_type)), Route::Flows) }
    }

    /// The page itself.
    pub fn here(words: impl Into<AttrValue>) -> Self {
        Self { words: words.into(), route: None, query: None }
    }
}

/// Properties of [`Frame`].
#[derive(Debug, Properties, PartialEq)]
pub struct FrameProps {
    pub crumbs: Vec<Crumb>,
    /// Without padding: the page fills the whole area.
    #[prop_or_default]
    pub flush: bool,
    pub children: Html,
}

/// A page in its frame.
#[component]
pub fn Frame(props: &FrameProps) -> Html {
    let around = use_context::<Surroundings>().unwrap_or_default();
    let title = props.crumbs.last().map(|crumb| crumb.words.clone());
    use_effect_with(title, |title| match title {
        Some(title) => browser::set_title(&format!("{title} · Maintenance Flows")),
        None => browser::set_title("Maintenance Flows"),
    });
    let bell = match around.unread {
        0 => "Notifications".to_owned(),
        unread => format!("Notifications, {unread} unread"),
    };
    html! {
        <div class="main">
            <header class="top">
                <nav class="grow" aria-label="Breadcrumbs">
                    <ol class="crumbs">
                        for crumb in props.crumbs.clone() {
                            <li>
                                if let Some(route) = crumb.route {
                                    <To {route} query={crumb.query}>{ crumb.words }</To>
                                } else {
                                    <span aria-current="page">{ crumb.words }</span>
                                }
                            </li>
                        }
                    </ol>
                </nav>
                <button
                    type="button"
                    class="to-palette"
                    onclick={around.onpalette.reform(|_: MouseEvent| ())}
                    aria-keyshortcuts="Control+K"
                    data-testid="open-palette"
                >
                    { Icon::Search.svg() }
                    <span class="grow">{ "Search or run a command" }</span>
                    <span aria-hidden="true"><kbd>{ "Ctrl" }</kbd>{ " " }<kbd>{ "K" }</kbd></span>
                </button>
                <To route={Route::Notifications} class="btn ghost icon bell" label={bell} testid="bell">
                    { Icon::Bell.svg() }
                    if around.unread > 0 {
                        <span class="badge" aria-hidden="true">{ short(around.unread) }</span>
                    }
                </To>
            </header>
            if let Some(reason) = &around.read_only {
                <div class="banner" role="status" data-testid="read-only">
                    { Icon::Alert.svg() }
                    <span class="grow">{ format!("You can look, but nothing can be changed: {reason}") }</span>
                </div>
            }
            <main id="main" tabindex="-1" data-scroller="" class={classes!("page", props.flush.then_some("flush"))}>
                { props.children.clone() }
            </main>
        </div>
    }
}

/// A number that fits a badge.
#[must_use]
pub fn short(number: u32) -> String {
    if number > 99 { "99+".to_owned() } else { number.to_string() }
}
