//! The lines of a file, before it is taken apart: put together where they were folded, and named in one way.

use super::refuse;
use crate::Invalid;
use icalendar::parser::unfold;

/// Deepest nesting of components; a calendar needs three.
const DEPTH_MAX: usize = 8;

/// The text for the parser. Names of properties and components mean the same in any case (RFC 5545, 3.1), so that they are
/// put in upper case here, once, instead of wherever one is looked up: a name that is not found reads as "not there".
///
/// # Errors
/// [`Invalid`] when components are nested too deeply (the parser calls itself for them), and when there is more than one
/// calendar.
pub(super) fn prepared(text: &str) -> Result<String, Invalid> {
    let unfolded = unfold(text);
    let mut prepared = String::with_capacity(unfolded.len());
    let (mut depth, mut calendars) = (0_usize, 0_usize);
    for line in unfolded.lines() {
        let (name, rest) = line.split_at(line.find([':', ';']).unwrap_or(line.len()));
        let name = name.to_ascii_uppercase();
        match name.as_str() {
            "BEGIN" => {
                calendars += usize::from(depth == 0);
                depth += 1;
            }
            "END" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_MAX {
            return Err(refuse("nests its components too deeply"));
        }
        if calendars > 1 {
            return Err(refuse("holds several calendars: save each in a file of its own"));
        }
        prepared.push_str(&name);
        if matches!(name.as_str(), "BEGIN" | "END") {
            prepared.push_str(rest.to_ascii_uppercase().trim_end());
        } else {
            prepared.push_str(rest);
        }
        prepared.push_str("\r\n");
    }
    Ok(prepared)
}
