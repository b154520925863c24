//! Taking a file: by the system's dialog, or dropped on a part of the page.

use web_sys::{DragEvent, File, HtmlInputElement};
use yew::prelude::*;

/// Properties of [`FileZone`].
#[derive(Debug, Properties, PartialEq)]
pub struct FileZoneProps {
    /// Also gets `over` while a file is held over it.
    pub class: Classes,
    pub onfile: Callback<File>,
    pub children: Html,
}

/// Where a file can be dropped.
#[component]
pub fn FileZone(props: &FileZoneProps) -> Html {
    let over = use_state(|| false);
    let ondrop = {
        let (over, onfile) = (over.setter(), props.onfile.clone());
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(false);
            let files = event.data_transfer().and_then(|data| data.files());
            if let Some(file) = files.and_then(|files| files.get(0)) {
                onfile.emit(file);
            }
        })
    };
    let ondrag = |entered: bool| {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            event.prevent_default();
            over.set(entered);
        })
    };
    html! {
        <div
            class={classes!(props.class.clone(), over.then_some("over"))}
            ondragover={ondrag(true)}
            ondragenter={ondrag(true)}
            ondragleave={ondrag(false)}
            {ondrop}
        >
            { props.children.clone() }
        </div>
    }
}

/// Properties of [`file_input`].
#[derive(Debug)]
pub struct FileInputProps {
    pub id: AttrValue,
    /// Endings and kinds of file the dialog offers.
    pub accept: &'static str,
    pub onfile: Callback<File>,
    /// What the button looks like, and what it says.
    pub class: &'static str,
    pub words: Html,
    pub invalid: bool,
    pub testid: &'static str,
}

/// The button that asks for a file. The control names `{id}-about` in `aria-describedby`.
pub fn file_input(props: &FileInputProps) -> Html {
    let onchange = props.onfile.clone();
    let onchange = Callback::from(move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            onchange.emit(file);
        }
        // The same file can be chosen again after it was changed.
        input.set_value("");
    });
    html! {
        <>
            <input
                type="file"
                id={props.id.clone()}
                accept={props.accept}
                aria-invalid={props.invalid.then_some("true")}
                aria-describedby={format!("{}-about", props.id)}
                {onchange}
                data-testid={props.testid}
            />
            <label class={props.class} for={props.id.clone()}>{ props.words.clone() }</label>
        </>
    }
}
