//! Texts that nobody is shown by accident.

use serde::{Deserialize, Serialize};

/// A password, or something with one in it: a connection, an invite, a passphrase. It travels as plain text and is kept out of
/// everything that is printed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Confidential(pub String);

impl Confidential {
    /// The text itself.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Confidential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Confidential(…)")
    }
}

impl From<String> for Confidential {
    fn from(text: String) -> Self {
        Self(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_travels_as_it_is_and_is_never_printed() {
        let secret = Confidential("hunter2".to_owned());
        assert_eq!(serde_json::to_string(&secret).ok().as_deref(), Some("\"hunter2\""));
        assert!(!format!("{secret:?}").contains("hunter2"));
    }
}
