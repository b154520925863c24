//! Taking the last import back: offered beside the lists until its list is changed.

use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::state::call::{use_call, use_told};
use crate::state::last_import::LastImport;
use crate::state::toasts::use_toasts;
use mf_contract::Done;
use mf_contract::target_imports::UndoTargetImport;
use mf_domain::ids::TargetImportId;
use yew::prelude::*;

/// Takes an import back, and says so.
#[hook]
pub(super) fn use_undo_import() -> Callback<TargetImportId> {
    let toasts = use_toasts();
    let undo = use_call::<UndoTargetImport>(Callback::from(move |_: Done| {
        if let Some(toasts) = &toasts {
            toasts.success("The import is undone.");
        }
    }));
    use_told(undo.error());
    Callback::from(move |import_id| undo.run(UndoTargetImport { import_id }))
}

/// The offer.
pub(super) fn offer(import: &LastImport, onundo: &Callback<TargetImportId>, onclose: Callback<()>) -> Html {
    let id = import.id;
    html! {
        <section class="offer" aria-label="Last import" data-testid="last-import">
            { Icon::Check.svg_with("tone-green") }
            <p class="grow">{ "Imported into " }{ &import.words }<span class="muted">{ " Until the list is changed, it can be undone." }</span></p>
            <Button small=true icon={Icon::Undo} onclick={onundo.reform(move |()| id)} writes=true testid="undo-import">{ "Undo import" }</Button>
            <Button tone={Tone::Ghost} small=true icon={Icon::Cross} label="Keep it" onclick={onclose} />
        </section>
    }
}
