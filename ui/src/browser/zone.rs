//! The wall clocks of other zones, which the browser knows.

use crate::state::time::parse_wall;
use chrono::{DateTime, NaiveDateTime, Utc};
use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

/// The wall clock of a zone at an instant, by its IANA name. `None` natively, and for a zone the browser does not know.
#[must_use]
pub fn wall_in(at: DateTime<Utc>, zone: &str) -> Option<NaiveDateTime> {
    if !cfg!(target_arch = "wasm32") {
        return None;
    }
    let options = Object::new();
    Reflect::set(&options, &"timeZone".into(), &zone.into()).ok()?;
    let date = Date::new(&JsValue::from_f64(at.timestamp_millis() as f64));
    // Sweden writes dates as ISO 8601 does. Called by name: a zone that is not known is thrown.
    let function = Reflect::get(&date, &"toLocaleString".into()).ok()?;
    let written = js_sys::Function::from(function).call2(&date, &"sv-SE".into(), &options).ok()?;
    parse_wall(&written.as_string()?.replacen(' ', "T", 1))
}
