//! What stands at the top of every flow's page: its name, and what can be done with it.

use crate::components::button::Button;
use crate::components::icon::Icon;
use crate::components::markdown::Markdown;
use crate::components::menu::{Menu, MenuItem};
use crate::components::status;
use crate::pages::library::first_line;
use crate::route::{Route, go};
use crate::state::library::is_long;
use mf_contract::flows::Flow;
use mf_domain::role::Role;
use yew::prelude::*;

/// Its type and its name.
pub(crate) fn title(flow: &Flow) -> Html {
    html! {
        <>
            { status::of_type(flow.flow_type).tile() }
            <h1 class="grow">{ flow.name.clone() }</h1>
        </>
    }
}

/// All that its author wrote about it. A long text is folded, so that the work stays in sight.
pub(crate) fn about(flow: &Flow) -> Html {
    let text = flow.description.trim();
    if text.is_empty() {
        return Html::default();
    }
    let whole = html! { <Markdown text={text.to_owned()} /> };
    if !is_long(text) {
        return html! { <div class="about" data-testid="flow-about">{ whole }</div> };
    }
    html! {
        <details class="about" data-testid="flow-about">
            <summary>
                <span class="folded">{ first_line(text) }</span>
                <span class="unfolded">{ "About this flow" }</span>
            </summary>
            { whole }
        </details>
    }
}

/// What can be done with any flow; `first` stands at the top of the menu.
pub(crate) fn actions(
    flow: &Flow,
    first: Option<MenuItem>,
    onexport: &Callback<()>,
    ondelete: &Callback<()>,
) -> Html {
    let (id, flow_type) = (flow.id, flow.flow_type);
    let item = |icon: Icon, words: &'static str, onclick: &Callback<()>, testid: &'static str| MenuItem {
        icon,
        words: words.into(),
        onclick: onclick.clone(),
        testid,
        writes: (icon == Icon::Trash).then_some(Role::Manager),
        danger: icon == Icon::Trash,
    };
    let onrevisions = Callback::from(move |()| go(Route::Revisions { id }));
    let own = [
        item(Icon::Clock, "Revisions", &onrevisions, "flow-revisions"),
        item(Icon::Download, "Export…", onexport, "export-flow"),
        item(Icon::Trash, "Delete…", ondelete, "delete-flow"),
    ];
    let items: Vec<MenuItem> = first.into_iter().chain(own).collect();
    let onedit = Callback::from(move |()| go(Route::editor_of(id, flow_type)));
    html! {
        <>
            <Menu id="flow-more" label="More" {items} />
            <Button icon={Icon::Pencil} onclick={onedit} writes=true needs={Role::Manager} testid="edit-flow">{ "Edit" }</Button>
        </>
    }
}
