//! Calls to the engine, typed by the contract: the request says what comes back, and every failure is an [`ApiError`].

use crate::browser::{self, ShellError};
use crate::state::lately;
use js_sys::JsString;
use mf_contract::{ApiError, Command, ErrorCode};
use std::any::Any;
use std::rc::Rc;

/// A command whose type has been put aside: what is sent, and how the reply is read.
///
/// Sending and waiting are the same for every command. Written once per command they would make up a tenth of the
/// program a window has to load.
#[derive(Clone, Debug)]
pub struct Ask {
    command: &'static str,
    payload: String,
    read: fn(&[u8]) -> Option<Rc<dyn Any>>,
}

impl PartialEq for Ask {
    fn eq(&self, other: &Self) -> bool {
        self.command == other.command && self.payload == other.payload
    }
}

impl Ask {
    /// The request, ready to be sent.
    #[must_use]
    pub fn of<C: Command>(request: &C) -> Self
    where
        C::Reply: 'static,
    {
        Self {
            command: C::NAME,
            // A request is plain data; the engine refuses an empty payload where it needs one.
            payload: serde_json::to_string(request).unwrap_or_default(),
            read: |reply| {
                serde_json::from_slice::<C::Reply>(reply).ok().map(|reply| Rc::new(reply) as Rc<dyn Any>)
            },
        }
    }

    fn understood(&self, reply: &[u8]) -> Result<Rc<dyn Any>, ApiError> {
        (self.read)(reply).ok_or_else(|| {
            ApiError::internal("The answer could not be read. This is a defect of the program.")
        })
    }
}

/// A reply, as it came and as it was read.
#[derive(Clone, Debug)]
pub struct Answer {
    text: Rc<[u8]>,
    /// A [`Command::Reply`].
    pub data: Rc<dyn Any>,
}

impl Answer {
    /// A reply that was read.
    #[must_use]
    pub fn of(text: &[u8], data: Rc<dyn Any>) -> Self {
        Self { text: text.into(), data }
    }
}

/// Two replies say the same.
impl PartialEq for Answer {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// Asks what changes nothing. The same reply as the one that is `known` is not read again.
///
/// # Errors
/// What the engine answers; `unavailable` when there is no engine to ask.
pub async fn load(ask: &Ask, known: Option<Answer>) -> Result<Answer, ApiError> {
    match (browser::rpc(ask.command, &ask.payload).await, known) {
        (Ok(text), Some(known)) if text[..] == known.text[..] => Ok(known),
        (Ok(text), _) => Ok(Answer::of(&text, ask.understood(&text)?)),
        (Err(error), _) => Err(failure(&error)),
    }
}

/// Carries out a command; the reply is a [`Command::Reply`] behind `Any`. What loads answered is forgotten: it may have
/// changed.
///
/// # Errors
/// As [`load`].
pub async fn call(ask: &Ask) -> Result<Rc<dyn Any>, ApiError> {
    carried_out(ask, browser::rpc(ask.command, &ask.payload).await)
}

/// As [`call`], with the content of a file, in Base64, as one more field of the request.
///
/// # Errors
/// As [`call`].
pub async fn call_with(ask: &Ask, field: &str, content: &JsString) -> Result<Rc<dyn Any>, ApiError> {
    carried_out(ask, browser::rpc_with(ask.command, &ask.payload, field, content).await)
}

fn carried_out(ask: &Ask, reply: Result<Vec<u8>, ShellError>) -> Result<Rc<dyn Any>, ApiError> {
    lately::forget();
    match reply {
        Ok(reply) => ask.understood(&reply),
        Err(error) => Err(failure(&error)),
    }
}

/// What the shell could not do, as the engine would say it.
#[must_use]
pub fn failure(error: &ShellError) -> ApiError {
    match error {
        ShellError::Absent => ApiError::new(
            ErrorCode::Unavailable,
            "The program behind this window does not answer. Restart it.",
        ),
        ShellError::Rejected(text) => rejection(text),
    }
}

/// A rejection is an [`ApiError`] as JSON, as an object or as text; anything else comes from the shell itself.
fn rejection(text: &str) -> ApiError {
    serde_json::from_str(text)
        .unwrap_or_else(|_| ApiError::internal(format!("The program answered unexpectedly: {text}")))
}

/// What happened and what to do, in one or two sentences for a person.
#[must_use]
pub fn sentence(error: &ApiError) -> String {
    as_sentence(&error.message)
}

/// The text with a capital at its beginning. What the engine says begins with an English word, or with a name that
/// stays as it is.
#[must_use]
pub fn capitalised(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// A message as a sentence: a capital in front, a full stop behind.
#[must_use]
pub fn as_sentence(message: &str) -> String {
    let mut text = capitalised(message.trim());
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejection_reads_as_the_error_it_is_or_as_a_defect() {
        assert_eq!(rejection(r#"{"code":"conflict","message":"it is open"}"#).code, ErrorCode::Conflict);
        assert_eq!(rejection("no such command").code, ErrorCode::Internal);
    }

    #[test]
    fn a_message_becomes_a_sentence() {
        assert_eq!(
            sentence(&ApiError::new(ErrorCode::Conflict, "the flow has a schedule")),
            "The flow has a schedule."
        );
        // What to do is part of the engine's message; nothing is added to it.
        let busy = ApiError::new(ErrorCode::Unavailable, "the database is busy. Try again.");
        assert_eq!(sentence(&busy), "The database is busy. Try again.");
    }
}
