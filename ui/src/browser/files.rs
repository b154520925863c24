//! Files the person hands over, and documents handed to the person.

use super::{ShellError, dialog_is_open, invoke_for_text, shell_function, window};
use crate::state::encoding::Encoding;
use gloo_events::{EventListener, EventListenerOptions};
use js_sys::{Array, ArrayBuffer, Function, JsString, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileReader};

/// Hands a document to the person as a file among their downloads; answers where it is.
///
/// # Errors
/// [`ShellError::Rejected`] holds the shell's error as JSON text.
pub async fn save_download(file_name: &str, content: &str) -> Result<String, ShellError> {
    invoke_for_text("save_download", &[("fileName", file_name.into()), ("content", content.into())]).await
}

/// Hands any content to the person as a file among their downloads; answers where it is.
///
/// # Errors
/// [`ShellError::Rejected`] holds the shell's error as JSON text.
pub async fn save_bytes(file_name: &str, base64: &str) -> Result<String, ShellError> {
    invoke_for_text("save_download", &[("fileName", file_name.into()), ("base64", base64.into())]).await
}

/// Calls `told` with the first file that is dropped anywhere no field takes it. Without this the window would show the
/// file instead of the program.
pub fn on_file_dropped(told: impl Fn(File) + 'static) -> Option<[EventListener; 2]> {
    let target: web_sys::EventTarget = window()?.into();
    let options = EventListenerOptions::enable_prevent_default();
    let over = EventListener::new_with_options(&target, "dragover", options, |event| {
        if files(event).is_some() {
            event.prevent_default();
        }
    });
    let dropped = EventListener::new_with_options(&target, "drop", options, move |event| {
        if let Some(files) = files(event).filter(|_| !event.default_prevented()) {
            event.prevent_default();
            if let Some(file) = files.get(0).filter(|_| !dialog_is_open()) {
                told(file);
            }
        }
    });
    Some([over, dropped])
}

/// The files that are dragged with an event, as far as they are known yet.
#[must_use]
pub fn files(event: &web_sys::Event) -> Option<web_sys::FileList> {
    let data = event.dyn_ref::<web_sys::DragEvent>()?.data_transfer()?;
    // While it is dragged the files are not known yet, only that there are some.
    data.types().includes(&"Files".into(), 0).then(|| data.files())?
}

/// The text of a file the person chose, and how its letters are written.
pub async fn file_text(file: File) -> Option<(String, Encoding)> {
    let content: ArrayBuffer = JsFuture::from(file.array_buffer()).await.ok()?.dyn_into().ok()?;
    let first = Uint8Array::new(&content).subarray(0, 2).to_vec();
    let tried = Encoding::tried(&first);
    tried.iter().enumerate().find_map(|(place, encoding)| {
        // Only what fits anything is read whatever it holds.
        let text = decoded(&content, encoding.label(), place + 1 < tried.len())?;
        Some((text, *encoding))
    })
}

/// A content as text; where `fatal`, only if all of it is.
fn decoded(content: &ArrayBuffer, label: &str, fatal: bool) -> Option<String> {
    let make: Function = Reflect::get(&js_sys::global(), &"TextDecoder".into()).ok()?.dyn_into().ok()?;
    let options = Object::new();
    Reflect::set(&options, &"fatal".into(), &fatal.into()).ok()?;
    let decoder = Reflect::construct(&make, &Array::of2(&label.into(), &options)).ok()?;
    let decode: Function = Reflect::get(&decoder, &"decode".into()).ok()?.dyn_into().ok()?;
    decode.call1(&decoder, content).ok()?.as_string()
}

/// The files of a list.
#[must_use]
pub fn each_file(list: &web_sys::FileList) -> Vec<File> {
    (0..list.length()).filter_map(|at| list.get(at)).collect()
}

/// What was pasted: files, of which a screenshot is one, and text.
#[derive(Debug, Default)]
pub struct Pasted {
    pub files: Vec<File>,
    pub text: String,
}

/// Calls `told` with what is pasted anywhere on the page, and whether a field gets it, too; it answers whether it took it.
pub fn on_paste(told: impl Fn(Pasted, bool) -> bool + 'static) -> Option<EventListener> {
    let target: web_sys::EventTarget = window()?.into();
    let options = EventListenerOptions::enable_prevent_default();
    Some(EventListener::new_with_options(&target, "paste", options, move |event| {
        let data =
            event.dyn_ref::<web_sys::ClipboardEvent>().and_then(web_sys::ClipboardEvent::clipboard_data);
        let Some(data) = data.filter(|_| !event.default_prevented()) else { return };
        let files = data.files().as_ref().map(each_file).unwrap_or_default();
        let text = data.get_data("text/plain").unwrap_or_default();
        let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let typing = element.is_some_and(|element| {
            matches!(element.tag_name().to_ascii_lowercase().as_str(), "input" | "textarea" | "select")
        });
        if told(Pasted { files, text }, typing) {
            event.prevent_default();
        }
    }))
}

/// The content of a file as Base64; `progress` hears how many percent are read. `None` when it cannot be read.
pub async fn file_base64(file: &File, progress: impl Fn(u32) + 'static) -> Option<JsString> {
    let reader = FileReader::new().ok()?;
    let heard = EventListener::new(&reader, "progress", move |event| {
        if let Some(event) =
            event.dyn_ref::<web_sys::ProgressEvent>().filter(|event| event.length_computable())
        {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
            progress((event.loaded() * 100.0 / event.total().max(1.0)) as u32);
        }
    });
    let ended = Promise::new(&mut |resolve: Function, _| reader.set_onloadend(Some(&resolve)));
    let started = reader.read_as_data_url(file);
    if started.is_err() || JsFuture::from(ended).await.is_err() {
        return None;
    }
    drop(heard);
    // `data:image/png;base64,iVBOR…`; nothing when reading failed.
    let url = reader.result().ok()?.dyn_into::<JsString>().ok()?;
    let comma = u32::try_from(url.index_of(",", 0)).ok()?;
    Some(url.slice(comma + 1, url.length()))
}

/// The bytes of a Base64 text, as the browser reads it.
#[must_use]
pub fn bytes_of(base64: &str) -> Option<Vec<u8>> {
    // `atob` answers a text whose characters are the bytes.
    let text = window()?.atob(base64).ok()?;
    text.chars().map(|byte| u8::try_from(u32::from(byte)).ok()).collect()
}

/// Puts a text on the clipboard; answers whether that was allowed.
pub async fn copy(text: &str) -> bool {
    let copying = || {
        let navigator = Reflect::get(window()?.as_ref(), &"navigator".into()).ok()?;
        let clipboard = Reflect::get(&navigator, &"clipboard".into()).ok()?;
        let write = Reflect::get(&clipboard, &"writeText".into()).ok()?.dyn_into::<Function>().ok()?;
        write.call1(&clipboard, &text.into()).ok()
    };
    match copying() {
        Some(promise) => JsFuture::from(Promise::resolve(&promise)).await.is_ok(),
        None => false,
    }
}

/// A function of the shell's own dialogs for files; a plain browser has none.
fn file_dialog(name: &str) -> Option<(JsValue, Function)> {
    shell_function(["dialog", name])
}

/// Whether files can be chosen by the system's own dialog, which knows their paths.
#[must_use]
pub fn has_file_dialogs() -> bool {
    cfg!(target_arch = "wasm32") && file_dialog("open").is_some()
}

/// Asks the person for the path of a file: of one that is to be written when a name is `proposed`, else of one there is.
pub async fn choose_path(title: &str, proposed: Option<&str>) -> Option<String> {
    let (module, ask) = file_dialog(if proposed.is_some() { "save" } else { "open" })?;
    let options = Object::new();
    Reflect::set(&options, &"title".into(), &title.into()).ok()?;
    if let Some(name) = proposed {
        Reflect::set(&options, &"defaultPath".into(), &name.into()).ok()?;
    }
    let answer = JsFuture::from(Promise::resolve(&ask.call1(&module, &options).ok()?)).await.ok()?;
    answer.as_string()
}
