//! Where a file is, or shall be: by the system's own dialog where the shell has one, and always by its path.

use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::Dialog;
use crate::components::field::{Field, TextInput};
use crate::components::trouble::trouble;
use mf_domain::role::Role;
use yew::prelude::*;

/// Properties of [`PathDialog`].
#[derive(Debug, Properties, PartialEq)]
pub(super) struct PathDialogProps {
    /// The field's id is `{id}-path`.
    pub(super) id: AttrValue,
    pub(super) title: AttrValue,
    /// What happens, and what stays.
    pub(super) children: Html,
    pub(super) action: AttrValue,
    /// The name proposed for a file that is to be written; `None` for one that is read.
    #[prop_or_default]
    pub(super) proposed: Option<AttrValue>,
    #[prop_or(Tone::Primary)]
    pub(super) tone: Tone,
    pub(super) open: bool,
    pub(super) onclose: Callback<()>,
    pub(super) onpath: Callback<String>,
    pub(super) busy: bool,
    /// What takes a while.
    pub(super) progress: AttrValue,
    /// What is wrong with the path, and with anything else.
    pub(super) error: (Option<String>, Option<String>),
}

/// The dialog. What is typed stays until the file is written or read.
#[component]
pub(super) fn PathDialog(props: &PathDialogProps) -> Html {
    let path = use_state(AttrValue::default);
    let strict = use_state(|| false);
    let field = AttrValue::from(format!("{}-path", props.id));
    {
        let strict = strict.setter();
        use_effect_with(props.open, move |_| strict.set(false));
    }
    {
        // A refusal leads back to what is wrong.
        let field = field.clone();
        use_effect_with(props.error.0.is_some(), move |wrong| {
            if *wrong {
                browser::focus(&field);
            }
        });
    }
    let onsubmit = {
        let (path, strict, onpath, field) =
            (path.clone(), strict.setter(), props.onpath.clone(), field.clone());
        let busy = props.busy;
        Callback::from(move |()| {
            strict.set(true);
            if path.trim().is_empty() {
                browser::focus(&field);
            } else if !busy {
                onpath.emit(path.trim().to_owned());
            }
        })
    };
    let onchoose = {
        let (path, title, proposed, field) =
            (path.setter(), props.title.clone(), props.proposed.clone(), field.clone());
        Callback::from(move |()| {
            let (path, title, proposed, field) =
                (path.clone(), title.clone(), proposed.clone(), field.clone());
            wasm_bindgen_futures::spawn_local(async move {
                if let Some(chosen) = browser::choose_path(&title, proposed.as_deref()).await {
                    path.set(chosen.into());
                }
                browser::focus(&field);
            });
        })
    };
    let blank = (*strict && path.trim().is_empty()).then(|| "Say where the file is.".to_owned());
    let error = props.error.0.clone().or(blank).map(AttrValue::from);
    let name = props.proposed.as_deref().unwrap_or("backup.tar");
    let foot = html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={props.tone} submit=true busy={props.busy} writes={props.proposed.is_none()} needs={Role::Owner} testid={format!("{}-submit", props.id)}>{ &props.action }</Button>
        </>
    };
    html! {
        <Dialog
            id={props.id.clone()}
            title={props.title.clone()}
            open={props.open}
            onclose={props.onclose.clone()}
            {onsubmit}
            note={props.busy.then(|| html! { <p role="status">{ &props.progress }</p> })}
            {foot}
        >
            <div class="muted col">{ props.children.clone() }</div>
            <Field id={field.clone()} label="File" hint="The whole path, from the root of the disk on." error={error.clone()}>
                <div class="row">
                    <TextInput
                        id={field.clone()}
                        value={(*path).clone()}
                        oninput={let path = path.setter(); move |text: String| path.set(text.into())}
                        placeholder={format!("/media/usb/{name}")}
                        invalid={error.is_some()}
                        required=true
                        autofocus=true
                        testid={field.clone()}
                    />
                    if browser::has_file_dialogs() {
                        <Button onclick={onchoose}>{ "Choose…" }</Button>
                    }
                </div>
            </Field>
            if let Some(text) = &props.error.1 {
                { trouble(text.clone(), None) }
            }
        </Dialog>
    }
}
