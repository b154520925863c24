//! What stands at the top of every flow's page: its name, and what can be done with it.

use crate::components::button::Button;
use crate::components::icon::Icon;
use crate::components::menu::{Menu, MenuItem};
use crate::components::status;
use crate::pages::library::first_line;
use crate::route::{Route, go};
use mf_contract::flows::Flow;
use yew::prelude::*;

/// Its type, its name, and the first line about it.
pub(crate) fn title(flow: &Flow) -> Html {
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
pub(crate) fn actions(flow: &Flow, onexport: &Callback<()>, ondelete: &Callback<()>) -> Html {
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
