//! What the rows of every table of named things share: the name opens it, and two buttons at the end change it.

use super::button::{Button, Tone};
use super::icon::Icon;
use mf_domain::role::Role;
use yew::prelude::*;

/// The name, which opens what it names.
pub fn name_button(name: &str, onedit: &Callback<()>, testid: &'static str) -> Html {
    html! {
        <div class="clip">
            <button type="button" class="link name" onclick={onedit.reform(|_: MouseEvent| ())} data-testid={testid}>
                { name.to_owned() }
            </button>
        </div>
    }
}

/// The last cell: edit, and delete, for whom that role allows it.
pub fn change_cell(
    name: &str,
    needs: Role,
    onedit: Callback<()>,
    ondelete: Callback<()>,
    delete: &'static str,
) -> Html {
    html! {
        <td class="icon-cell">
            <Button tone={Tone::Ghost} small=true icon={Icon::Pencil} label={format!("Edit {name}")} onclick={onedit} />
            <Button
                tone={Tone::Ghost}
                small=true
                icon={Icon::Trash}
                label={format!("Delete {name}")}
                onclick={ondelete}
                writes=true
                {needs}
                testid={delete}
            />
        </td>
    }
}

/// Says below an editor that closing it loses nothing, and how to get back to what is stored.
pub fn not_saved(ondiscard: Callback<()>, testid: &'static str) -> Html {
    html! {
        <div class="row">
            <p class="grow">{ "Changed, not saved yet. It is kept here when you close this." }</p>
            <Button tone={Tone::Ghost} small=true onclick={ondiscard} {testid}>{ "Discard changes" }</Button>
        </div>
    }
}
