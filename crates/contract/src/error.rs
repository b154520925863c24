//! Errors at the boundary.

use mf_domain::Invalid;
use serde::{Deserialize, Serialize};

/// Why a command failed. A code exists only where a caller does something different for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The request breaks a rule; `field` names the value.
    Validation,
    /// No such thing in this workspace. Another workspace's id answers alike.
    NotFound,
    /// The request is fine, but not in this state of things: another revision, an active schedule, a second tick.
    Conflict,
    /// The member's role does not allow it.
    Forbidden,
    /// The flow's type does not support it.
    InvalidFlowType,
    /// It cannot be done right now: the disk is full, the database is locked or read-only, a newer release wrote it.
    Unavailable,
    /// The workspace file, or the content of a piece of evidence, is damaged.
    Corrupt,
    /// A defect of the program.
    Internal,
}

/// What a failed command answers: `{"code", "message", "field"?}`. The message is a sentence for a person and never
/// holds a secret or a driver's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct ApiError {
    pub code: ErrorCode,
    pub message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl ApiError {
    /// An error without a field.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None }
    }

    /// The same error, about `field`.
    #[must_use]
    pub fn on(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// A defect of the program, in words.
    #[must_use]
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Internal, message)
    }

    pub(crate) fn unknown_command(name: &str) -> Self {
        Self::new(ErrorCode::Validation, format!("there is no command named {name:?}")).on("command")
    }

    /// A payload that is not the request: the words say what was expected, the path says where.
    pub(crate) fn unreadable(path: Option<String>, error: &serde_json::Error) -> Self {
        if error.is_syntax() || error.is_eof() {
            // Where in the text it broke off says nothing about a field.
            return Self::new(ErrorCode::Validation, format!("the payload is not JSON: {error}"))
                .on("payload");
        }
        let text = error.to_string();
        let words = text.split(" at line ").next().unwrap_or(&text).to_owned();
        if let Some(sentence) = in_our_words(&words, path.is_some()) {
            return Self::new(ErrorCode::Validation, sentence)
                .on(path.unwrap_or_else(|| "payload".to_owned()));
        }
        // "missing field `name`" is reported at the object that lacks it: name the field itself.
        let named = words
            .strip_prefix("missing field `")
            .or_else(|| words.strip_prefix("unknown field `"))
            .and_then(|rest| rest.split('`').next());
        // A structure's own reader reports the path below it: "steps[2].title: must not be empty".
        let below = words.split_once(": ").filter(|(place, _)| {
            !place.is_empty()
                && place.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '[' | ']'))
        });
        if let (Some(path), Some((place, rest))) = (&path, below) {
            return Self::new(ErrorCode::Validation, rest).on(format!("{path}.{place}"));
        }
        let field = match (path, named) {
            (Some(path), Some(name)) if path.ends_with(name) => Some(path),
            (Some(path), Some(name)) => Some(format!("{path}.{name}")),
            (None, Some(name)) => Some(name.to_owned()),
            (path, None) => path,
        };
        Self {
            code: ErrorCode::Validation,
            message: words,
            field: field.or_else(|| Some("payload".to_owned())),
        }
    }
}

const AN_ID: &str = "must be an id, as 018f3a2e-7c4b-7d10-9e2a-5b6c7d8e9f00 is one";
const AN_INSTANT: &str = "must be an instant, as 2026-11-27T09:00:00Z is one";

/// Which of them it was to be, chrono does not say.
const A_TIME: &str = "must be written as 2026-11-27T09:00:00Z is (an instant), 2026-11-27 (a day) or 2026-11-27T09:00:00 (a time by the clock on the wall)";

/// What chrono says of text that is no instant, day or time.
const NO_TIME: [&str; 6] = [
    "input is out of range",
    "no possible date and time matching input",
    "input is not enough for unique date and time",
    "input contains invalid characters",
    "premature end of input",
    "trailing input",
];

/// A sentence for what serde, chrono and uuid tell programmers: names of our types, places in the text.
fn in_our_words(theirs: &str, inside: bool) -> Option<&'static str> {
    let expected = theirs.strip_prefix("invalid type: ").and_then(|rest| rest.rsplit_once(", expected "));
    match expected.map(|(_, expected)| expected) {
        Some("a formatted UUID string") => Some(AN_ID),
        Some("an RFC 3339 formatted date and time string") => Some(AN_INSTANT),
        Some(object) if object.starts_with("struct ") || object.starts_with("internally tagged enum ") => {
            Some(if inside { "must be a JSON object" } else { "the payload must be a JSON object" })
        }
        None if theirs.starts_with("UUID parsing failed") => Some(AN_ID),
        None if NO_TIME.contains(&theirs) => Some(A_TIME),
        _ => None,
    }
}

impl From<Invalid> for ApiError {
    fn from(invalid: Invalid) -> Self {
        Self { code: ErrorCode::Validation, message: invalid.message, field: Some(invalid.field) }
    }
}
