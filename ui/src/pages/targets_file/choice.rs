//! The file itself: chosen or dropped, and read as text.

use crate::browser;
use crate::components::field::field_error;
use crate::components::file_choice::{FileInputProps, FileZone, file_input};
use crate::components::icon::Icon;
use crate::state::target_import::{TextFile, refused};
use std::rc::Rc;
use yew::prelude::*;

/// Why a file cannot be looked at, in a sentence.
#[derive(Debug)]
pub(super) struct Unreadable(pub(super) String);

#[derive(Properties, PartialEq)]
pub(super) struct FileChoiceProps {
    pub(super) id: AttrValue,
    /// The name of the file that is chosen.
    pub(super) chosen: Option<AttrValue>,
    pub(super) onfile: Callback<Result<Rc<TextFile>, Unreadable>>,
    pub(super) error: Option<AttrValue>,
}

/// Takes a file: by the system's dialog, or dropped.
#[component]
pub(super) fn FileChoice(props: &FileChoiceProps) -> Html {
    let read = {
        let onfile = props.onfile.clone();
        Callback::from(move |file: web_sys::File| {
            let (onfile, file_name) = (onfile.clone(), file.name());
            if let Some(reason) = refused(&file_name, file.size()) {
                return onfile.emit(Err(Unreadable(reason)));
            }
            wasm_bindgen_futures::spawn_local(async move {
                let read = browser::file_text(file).await;
                let unread = Unreadable(format!("{file_name} could not be read."));
                let read =
                    read.map(|(text, encoding)| Rc::new(TextFile { file_name, text: text.into(), encoding }));
                onfile.emit(read.ok_or(unread));
            });
        })
    };
    let input = format!("{}-file", props.id);
    html! {
        <div class="field">
            <FileZone class={classes!("filezone", props.chosen.is_some().then_some("filled"))} onfile={read.clone()}>
                { if props.chosen.is_some() { Icon::Rows } else { Icon::Upload }.svg() }
                if let Some(name) = &props.chosen {
                    <b class="clip grow" data-testid="file-name">{ name }</b>
                } else {
                    <p><b>{ "Drop a CSV file here" }</b>{ " or choose one" }</p>
                }
                <div class="file-row">
                    { file_input(&FileInputProps {
                        id: input.clone().into(),
                        accept: ".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain",
                        onfile: read,
                        class: "btn small",
                        words: if props.chosen.is_some() { "Another file" } else { "Choose a file" }.into(),
                        invalid: props.error.is_some(),
                        testid: "targets-file",
                    }) }
                </div>
                if props.chosen.is_none() {
                    <p class="small muted">
                        { "Exports of NinjaOne, Datto RMM, ConnectWise, Kaseya and HaloPSA are told by their columns; any other table works, too." }
                    </p>
                }
            </FileZone>
            <div id={format!("{input}-about")}>
                if let Some(error) = &props.error {
                    { field_error(error.clone()) }
                }
            </div>
        </div>
    }
}
