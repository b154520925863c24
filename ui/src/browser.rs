//! The one door to the browser and to the shell around it.
//!
//! Everything is looked up by reflection instead of `extern "C"` imports: the workspace forbids unsafe code, and the
//! same interface then also runs where the shell is replaced by a stand-in. Natively (in tests) nothing here may be
//! called while rendering, except the functions that say so.

mod files;
mod zone;

use chrono::{DateTime, Utc};
use gloo_events::EventListener;
use js_sys::{Array, Function, JsString, Object, Promise, Reflect, Uint8Array};
use std::cell::RefCell;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, HtmlElement, Storage, Window};
use yew::Callback;

pub use files::*;
pub use zone::wall_in;

fn window() -> Option<Window> {
    web_sys::window()
}

/// The document, where there is one.
#[must_use]
pub fn document() -> Option<Document> {
    window()?.document()
}

/// An element by id.
#[must_use]
pub fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Why the shell could not carry something out.
#[derive(Debug)]
pub enum ShellError {
    /// The shell is not there, or does not know the call.
    Absent,
    /// What the shell answered instead, as JSON text.
    Rejected(String),
}

fn shell_function(path: [&str; 2]) -> Option<(JsValue, Function)> {
    let shell = Reflect::get(window()?.as_ref(), &"__TAURI__".into()).ok()?;
    let module = Reflect::get(&shell, &path[0].into()).ok()?;
    let function = Reflect::get(&module, &path[1].into()).ok()?.dyn_into::<Function>().ok()?;
    Some((module, function))
}

fn as_text(value: &JsValue) -> String {
    value
        .as_string()
        .or_else(|| js_sys::JSON::stringify(value).ok().and_then(|text| text.as_string()))
        .unwrap_or_default()
}

/// Calls a function of the shell.
async fn invoke(function: &str, texts: &[(&str, JsValue)]) -> Result<JsValue, ShellError> {
    let (module, invoke) = shell_function(["core", "invoke"]).ok_or(ShellError::Absent)?;
    let arguments = Object::new();
    for (key, value) in texts {
        Reflect::set(&arguments, &(*key).into(), value).map_err(|_| ShellError::Absent)?;
    }
    let promise = invoke
        .call2(&module, &function.into(), &arguments)
        .map_err(|error| ShellError::Rejected(as_text(&error)))?;
    let answer = JsFuture::from(Promise::resolve(&promise)).await;
    answer.map_err(|error| ShellError::Rejected(as_text(&error)))
}

/// As [`invoke`], for a function that answers with text.
async fn invoke_for_text(function: &str, texts: &[(&str, JsValue)]) -> Result<String, ShellError> {
    invoke(function, texts).await.map(|value| as_text(&value))
}

/// What the engine answered: bytes, which come through as they are. Text would be quoted and read back on the way, and
/// a list of 150 kB then takes 15 ms longer.
async fn ask_engine(command: &str, payload: JsValue) -> Result<Vec<u8>, ShellError> {
    let reply = invoke("rpc", &[("command", command.into()), ("payload", payload)]).await?;
    Ok(Uint8Array::new(&reply).to_vec())
}

/// Sends a command to the engine; the reply is JSON in UTF-8.
///
/// # Errors
/// [`ShellError::Rejected`] holds the engine's error as JSON text.
pub async fn rpc(command: &str, payload: &str) -> Result<Vec<u8>, ShellError> {
    ask_engine(command, payload.into()).await
}

/// As [`rpc`], with one more field: a content that came from the browser and never passes through this program, where
/// every copy of ten megabytes would keep the window waiting. Base64 stands in JSON as it is.
///
/// # Errors
/// As [`rpc`].
pub async fn rpc_with(
    command: &str,
    payload: &str,
    field: &str,
    content: &JsString,
) -> Result<Vec<u8>, ShellError> {
    let beginning = payload.strip_suffix('}').unwrap_or(payload);
    let separator = if beginning.ends_with('{') { "" } else { "," };
    let before = JsString::from(format!("{beginning}{separator}\"{field}\":\""));
    let payload = before.concat(content).concat(&JsString::from("\"}"));
    ask_engine(command, payload.into()).await
}

/// The address of the window: path and query.
#[must_use]
pub fn address() -> String {
    let location = window().map(|window| window.location());
    let part = |read: fn(&web_sys::Location) -> Result<String, JsValue>| {
        location.as_ref().and_then(|location| read(location).ok()).unwrap_or_default()
    };
    part(web_sys::Location::pathname) + &part(web_sys::Location::search)
}

thread_local! {
    /// The address of a page with something unsaved, and whom to ask before it is left.
    static GUARD: RefCell<Option<(String, Callback<String>)>> = const { RefCell::new(None) };
}

/// From now on asks before the page is left: `ask` is told where to. `None` lets go.
pub fn guard(ask: Option<Callback<String>>) {
    GUARD.set(ask.map(|ask| (address(), ask)));
}

/// Whether leaving for an address has to wait until the person has answered.
fn held_back(target: &str) -> bool {
    let ask = GUARD.with_borrow(|guard| {
        let (guarded, ask) = guard.as_ref()?;
        let path = |address: &str| address.split('?').next().unwrap_or_default().to_owned();
        (path(guarded) != path(target)).then(|| ask.clone())
    });
    let held = ask.is_some();
    if let Some(ask) = ask {
        ask.emit(target.to_owned());
    }
    held
}

/// Where the window is, unless the page asks before it is left: then the address is put back.
#[must_use]
pub fn address_or_held() -> Option<String> {
    let target = address();
    if !held_back(&target) {
        return Some(target);
    }
    let guarded = GUARD.with_borrow(|guard| guard.as_ref().map(|(address, _)| address.clone()));
    if let (Some(guarded), Some(Ok(history))) = (guarded, window().map(|window| window.history())) {
        drop(history.push_state_with_url(&JsValue::NULL, "", Some(&guarded)));
    }
    None
}

/// Goes to another address of the program and tells whoever listens to `popstate`, as going back would.
pub fn go_to(address: &str, replace: bool) {
    let Some(window) = window() else { return };
    if held_back(address) {
        return;
    }
    if let Ok(history) = window.history() {
        drop(if replace {
            history.replace_state_with_url(&JsValue::NULL, "", Some(address))
        } else {
            history.push_state_with_url(&JsValue::NULL, "", Some(address))
        });
    }
    tell_window("popstate");
}

/// Calls `told` on every event of that name on the window.
pub fn on_window(event: &'static str, told: impl Fn() + 'static) -> Option<EventListener> {
    Some(EventListener::new(window()?.as_ref(), event, move |_| told()))
}

/// Tells the window's listeners that something happened.
pub fn tell_window(event: &str) {
    if let (Some(window), Ok(event)) = (window(), web_sys::Event::new(event)) {
        drop(window.dispatch_event(&event));
    }
}

/// A text as it stands in an address. Natively as it is, so that addresses can be tested.
#[must_use]
pub fn uri_encoded(text: &str) -> String {
    if cfg!(target_arch = "wasm32") { js_sys::encode_uri_component(text).into() } else { text.to_owned() }
}

/// A text from an address; empty when it cannot be read.
#[must_use]
pub fn uri_decoded(text: &str) -> String {
    if cfg!(target_arch = "wasm32") {
        js_sys::decode_uri_component(text).map(String::from).unwrap_or_default()
    } else {
        text.to_owned()
    }
}

/// Calls `told` with the payload of every event of a channel, as JSON text, for as long as the program runs.
pub fn listen(channel: &str, told: impl Fn(String) + 'static) {
    let Some((module, listen)) = shell_function(["event", "listen"]) else { return };
    let handler = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        if let Ok(payload) = Reflect::get(&event, &"payload".into()) {
            told(as_text(&payload));
        }
    });
    // A failed subscription leaves a page that loads but does not follow: reloading by hand still works.
    drop(listen.call2(&module, &channel.into(), handler.as_ref()));
    handler.forget();
}

/// Opens a link in the person's own browser or mail program.
pub fn open_outside(url: &str) {
    if let Some((module, open)) = shell_function(["opener", "openUrl"]) {
        drop(open.call1(&module, &url.into()));
    }
}

/// The instant by the machine's clock.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the interface's one look at the clock: `state::clock` hands it on"
)]
pub fn now() -> DateTime<Utc> {
    instant(js_sys::Date::now())
}

#[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit for millions of years")]
fn instant(millis: f64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis as i64).unwrap_or(DateTime::UNIX_EPOCH)
}

/// Minutes the viewer's wall clock is ahead of UTC at an instant. 0 natively, so that rendering can be tested.
#[must_use]
pub fn viewer_offset_minutes(at: DateTime<Utc>) -> i32 {
    if cfg!(target_arch = "wasm32") {
        let millis = JsValue::from_f64(at.timestamp_millis() as f64);
        #[expect(clippy::cast_possible_truncation, reason = "a zone offset is below a day")]
        let behind = js_sys::Date::new(&millis).get_timezone_offset() as i32;
        -behind
    } else {
        0
    }
}

/// The IANA name of the viewer's zone. `UTC` natively, so that rendering can be tested.
#[must_use]
pub fn viewer_zone() -> String {
    if !cfg!(target_arch = "wasm32") {
        return "UTC".to_owned();
    }
    let options = js_sys::Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
    Reflect::get(&options, &"timeZone".into())
        .ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_else(|| "UTC".to_owned())
}

/// A text nobody else will think of: makes a repeated request recognisable.
#[must_use]
pub fn request_id() -> String {
    let random = window().and_then(|window| {
        let crypto = Reflect::get(&window, &"crypto".into()).ok()?;
        let function = Reflect::get(&crypto, &"randomUUID".into()).ok()?.dyn_into::<Function>().ok()?;
        function.call0(&crypto).ok()?.as_string()
    });
    random.unwrap_or_else(|| format!("{}-{}", now().timestamp_millis(), js_sys::Math::random().to_bits()))
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// What is remembered on this machine under a key.
#[must_use]
pub fn recall(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Remembers a text on this machine; `None` forgets it. A full or forbidden storage loses only the convenience.
pub fn remember(key: &str, text: Option<&str>) {
    if let Some(storage) = storage() {
        drop(match text {
            Some(text) => storage.set_item(key, text),
            None => storage.remove_item(key),
        });
    }
}

/// Sets or takes off an attribute of the root element.
pub fn set_root_attribute(name: &str, value: Option<&str>) {
    if let Some(root) = document().and_then(|document| document.document_element()) {
        drop(match value {
            Some(value) => root.set_attribute(name, value),
            None => root.remove_attribute(name),
        });
    }
}

/// What the window's listeners are told when data is on the screen.
pub const READY: &str = "data-ready";

/// Says that the first data is on the screen.
pub fn mark_ready() {
    set_root_attribute(READY, Some("true"));
    tell_window(READY);
}

/// Names the page in the window's title.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Moves the focus to an element by id.
pub fn focus(id: &str) {
    if let Some(target) = element(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        drop(target.focus());
    }
}

/// Moves the focus to an element that is about to be drawn.
pub fn focus_soon(id: &str) {
    let id = id.to_owned();
    gloo_timers::callback::Timeout::new(0, move || focus(&id)).forget();
}

/// Scrolls just far enough that an element is seen.
pub fn scroll_to(id: &str) {
    if let Some(element) = element(id) {
        scroll_into_view(&element);
    }
}

/// Scrolls just far enough that an element is seen.
pub fn scroll_into_view(element: &Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// The height of the window's inside, in pixels.
#[must_use]
pub fn window_height() -> f64 {
    window().and_then(|window| window.inner_height().ok()?.as_f64()).unwrap_or_default()
}

/// Shows an element with the `popover` attribute above everything that is open, or hides it.
pub fn show_on_top(element: &HtmlElement, shown: bool) {
    // It fails where it is hidden already, and where the browser knows no popovers: there it lies in the page.
    drop(element.hide_popover());
    if shown {
        drop(element.show_popover());
    }
}

/// Takes the focus away from whatever has it.
pub fn blur() {
    let active = document().and_then(|document| document.active_element());
    if let Some(target) = active.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        drop(target.blur());
    }
}

/// Whether a tab has the keyboard: whoever walks along the tabs is not taken away from them.
#[must_use]
pub fn tab_has_focus() -> bool {
    let active = document().and_then(|document| document.active_element());
    active.is_some_and(|element| element.get_attribute("role").as_deref() == Some("tab"))
}

/// Whether a dialog is open over the page.
#[must_use]
pub fn dialog_is_open() -> bool {
    document()
        .is_some_and(|document| document.query_selector("dialog[open]").is_ok_and(|found| found.is_some()))
}

/// The text with every character composed (NFC): the browser knows the tables, the interface need not carry them.
#[must_use]
pub fn composed(text: &str) -> String {
    #[cfg(target_arch = "wasm32")]
    return js_sys::JsString::from(text).normalize("NFC").into();
    #[cfg(not(target_arch = "wasm32"))]
    text.to_owned()
}

/// Shows the screen for a defect that stopped the program. Plain DOM calls: nothing of the interface can be trusted now.
pub fn show_broken(detail: &str) {
    if let Some(overlay) = element("broken") {
        if let Some(place) = element("broken-detail") {
            place.set_text_content(Some(detail));
        }
        drop(overlay.remove_attribute("hidden"));
        focus("broken-reload");
    }
}
