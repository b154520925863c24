//! Limits every text of the product shares.

use crate::Invalid;

/// Longest name of a flow or list and longest target label, in characters (Unicode scalar values).
pub const NAME_MAX: usize = 255;
/// Longest description, note or step text, in characters.
pub const LONG_TEXT_MAX: usize = 20_000;

/// A name: trimmed, 1 to 255 characters, on one line.
///
/// # Errors
/// Names `field` when the text is empty, too long, or holds a control character.
pub fn name(field: &str, text: &str) -> Result<String, Invalid> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(Invalid::new(field, "must not be empty"));
    }
    let count = trimmed.chars().count();
    if count > NAME_MAX {
        return Err(Invalid::new(field, format!("has {count} characters; at most {NAME_MAX} are allowed")));
    }
    if trimmed.chars().any(char::is_control) {
        return Err(Invalid::new(field, "must not contain line breaks or control characters"));
    }
    if trimmed.chars().any(deceives) {
        return Err(Invalid::new(
            field,
            "must not contain invisible characters or changes of writing direction",
        ));
    }
    Ok(trimmed.to_owned())
}

/// Characters that make two names look alike, or one look like another: zero-width ones that no script needs, and
/// overrides of the writing direction (Unicode Technical Report 36). Joiners stay: scripts and emoji need them.
fn deceives(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A longer text, kept as written, of at most `max` characters.
///
/// # Errors
/// Names `field` when the text is too long or holds U+0000, which Postgres' `jsonb` would refuse later.
pub fn body(field: &str, text: &str, max: usize) -> Result<String, Invalid> {
    let count = text.chars().count();
    if count > max {
        return Err(Invalid::new(field, format!("has {count} characters; at most {max} are allowed")));
    }
    if text.contains('\0') {
        return Err(Invalid::new(field, "must not contain the character U+0000"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_bounded() {
        assert_eq!(name("name", "  Patch  ").unwrap(), "Patch");
        assert_eq!(name("name", " \t").unwrap_err().field, "name");
        assert!(name("name", &"é".repeat(255)).is_ok());
        assert!(name("name", &"é".repeat(256)).is_err());
        assert!(name("name", "two\nlines").is_err());
        assert!(name("name", "\u{200b}").is_err());
        assert!(name("name", "RDS-01\u{200b}").is_err());
        assert!(name("name", "\u{202e}10-SDR").is_err());
        assert!(name("name", "👩\u{200d}🔧 team").is_ok());
    }

    #[test]
    fn a_body_refuses_nul_and_excess() {
        assert!(body("note", "line\nline", 500).is_ok());
        assert!(body("note", "a\0b", 500).is_err());
        assert!(body("note", &"x".repeat(501), 500).is_err());
    }
}
