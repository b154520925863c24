//! Evidence: what shows that a step was done. The record is an event of the session; the content lies beside the database
//! under its SHA-256 and is never changed.

use crate::Invalid;
use crate::flow::StepId;
use crate::ids::{EvidenceId, MemberId};
use crate::text;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Largest content, in bytes: 10 MiB.
pub const EVIDENCE_MAX: usize = 10 << 20;
/// Most pieces of evidence in one session.
pub const EVIDENCE_PER_SESSION: usize = 1_000;
/// Longest media type, in characters (RFC 6838: two names of 127 and a slash).
const MEDIA_TYPE_MAX: usize = 255;

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub id: EvidenceId,
    /// `None` for the session as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step_id: Option<StepId>,
    #[serde(flatten)]
    pub file: EvidenceFile,
    pub at: DateTime<Utc>,
    pub author: Option<MemberId>,
}

/// What is known of the content without having it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceFile {
    /// A file name, without folders.
    pub name: String,
    /// `image/png`; lower case, without parameters.
    pub media_type: String,
    /// In bytes.
    pub size: u64,
    /// SHA-256 of the content, 64 lower-case hex digits.
    pub sha256: String,
}

/// A file name: a name as [`text::name`] has it, without folders.
///
/// # Errors
/// Names `name`.
pub fn file_name(given: &str) -> Result<String, Invalid> {
    let name = text::name("name", given)?;
    if name.contains(['/', '\\']) || name == "." || name == ".." {
        return Err(Invalid::new("name", "must be a file name without folders"));
    }
    Ok(name)
}

/// A media type in lower case, without parameters: `text/plain; charset=utf-8` is `text/plain`.
///
/// # Errors
/// Names `media_type`.
pub fn media_type(given: &str) -> Result<String, Invalid> {
    let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let token = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    match essence.split_once('/') {
        Some((kind, sub)) if token(kind) && token(sub) && essence.len() <= MEDIA_TYPE_MAX => Ok(essence),
        _ => Err(Invalid::new("media_type", "must be a media type such as image/png")),
    }
}

/// Whether content of that many bytes may be kept.
///
/// # Errors
/// Names `field`.
pub fn check_size(field: &str, bytes: usize) -> Result<(), Invalid> {
    match bytes {
        0 => Err(Invalid::new(field, "must not be empty")),
        n if n > EVIDENCE_MAX => {
            Err(Invalid::new(field, format!("has {n} bytes; at most {EVIDENCE_MAX} (10 MiB) are allowed")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_file_names() {
        assert_eq!(file_name(" screen 1.png ").unwrap(), "screen 1.png");
        for bad in ["", "a/b.png", "..\\x", "..", "a\nb", &"x".repeat(256)] {
            assert_eq!(file_name(bad).unwrap_err().field, "name", "{bad:?}");
        }
    }

    #[test]
    fn media_types_lose_their_parameters() {
        assert_eq!(media_type("Text/Plain; charset=utf-8").unwrap(), "text/plain");
        assert_eq!(media_type("image/svg+xml").unwrap(), "image/svg+xml");
        for bad in ["", "png", "image/", "/png", "image/p ng", "image/<b>", &format!("a/{}", "b".repeat(255))]
        {
            assert_eq!(media_type(bad).unwrap_err().field, "media_type", "{bad:?}");
        }
    }

    #[test]
    fn sizes_are_bounded_inclusively() {
        assert!(check_size("text", 0).is_err());
        assert!(check_size("text", 1).is_ok());
        assert!(check_size("text", EVIDENCE_MAX).is_ok());
        assert_eq!(check_size("text", EVIDENCE_MAX + 1).unwrap_err().field, "text");
    }
}
