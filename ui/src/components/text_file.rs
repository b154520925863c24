//! A file of text that a form asks for: chosen by the system's dialog, or dropped, and read.

use super::field::field_error;
use super::file_choice::{FileInputProps, FileZone, file_input};
use super::icon::Icon;
use crate::browser;
use crate::state::target_import::TextFile;
use std::rc::Rc;
use yew::prelude::*;

/// Why a file cannot be looked at, in a sentence.
#[derive(Debug)]
pub struct Unreadable(pub String);

/// Properties of [`TextFileZone`].
#[derive(Debug, Properties, PartialEq)]
pub struct TextFileZoneProps {
    /// The id of the control that takes the file.
    pub id: AttrValue,
    /// The name of the file that is there.
    #[prop_or_default]
    pub chosen: Option<AttrValue>,
    /// What the system's dialog offers: endings and media types.
    pub accept: &'static str,
    /// "Drop a CSV file here"
    pub prompt: AttrValue,
    /// What can be dropped, in a sentence.
    pub hint: AttrValue,
    /// Why a file of that name and size is not even read.
    pub refused: Callback<(String, f64), Option<String>>,
    pub onfile: Callback<Result<Rc<TextFile>, Unreadable>>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    pub testid: &'static str,
}

/// The place.
#[component]
pub fn TextFileZone(props: &TextFileZoneProps) -> Html {
    let read = {
        let (onfile, refused) = (props.onfile.clone(), props.refused.clone());
        Callback::from(move |file: web_sys::File| {
            let (onfile, file_name) = (onfile.clone(), file.name());
            if let Some(reason) = refused.emit((file_name.clone(), file.size())) {
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
    html! {
        <div class="field">
            <FileZone class={classes!("filezone", props.chosen.is_some().then_some("filled"))} onfile={read.clone()}>
                { if props.chosen.is_some() { Icon::Rows } else { Icon::Upload }.svg() }
                if let Some(name) = &props.chosen {
                    <b class="clip grow" data-testid="file-name">{ name }</b>
                } else {
                    <p><b>{ &props.prompt }</b>{ " or choose one" }</p>
                }
                <div class="file-row">
                    { file_input(&FileInputProps {
                        id: props.id.clone(),
                        accept: props.accept,
                        onfile: read,
                        class: "btn small",
                        words: if props.chosen.is_some() { "Another file" } else { "Choose a file" }.into(),
                        invalid: props.error.is_some(),
                        testid: props.testid,
                    }) }
                </div>
                if props.chosen.is_none() {
                    <p class="small muted">{ &props.hint }</p>
                }
            </FileZone>
            <div id={format!("{}-about", props.id)}>
                if let Some(error) = &props.error {
                    { field_error(error.clone()) }
                }
            </div>
        </div>
    }
}
