//! How the letters of a file of text are written, and which ways are tried. Programs on Windows still write UTF-16 and
//! Windows-1252; the decoding itself is the browser's.

/// A way to write letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    #[default]
    Utf8,
    Utf16Le,
    Utf16Be,
    /// Western European, one byte a letter. Any bytes are letters in it, so it is a guess.
    Windows1252,
}

impl Encoding {
    /// What the browser calls it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }

    /// What to say of a file that is not in the usual one.
    #[must_use]
    pub fn remark(self) -> Option<&'static str> {
        match self {
            Self::Utf8 => None,
            Self::Utf16Le | Self::Utf16Be => Some("read as UTF-16"),
            Self::Windows1252 => Some("read as Windows-1252: look at the umlauts and accents"),
        }
    }

    /// The ways to try, by how a file begins; the last one fits anything.
    #[must_use]
    pub fn tried(first: &[u8]) -> &'static [Self] {
        match first {
            [0xff, 0xfe, ..] => &[Self::Utf16Le],
            [0xfe, 0xff, ..] => &[Self::Utf16Be],
            _ => &[Self::Utf8, Self::Windows1252],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_at_the_beginning_decides_and_else_what_can_be_read() {
        assert_eq!(Encoding::tried(b"\xff\xfeN\0"), [Encoding::Utf16Le]);
        assert_eq!(Encoding::tried(b"\xfe\xff\0N"), [Encoding::Utf16Be]);
        for first in [&b"\xef\xbb\xbfName"[..], b"Name", b"\xff", b""] {
            assert_eq!(Encoding::tried(first), [Encoding::Utf8, Encoding::Windows1252]);
        }
        assert!(Encoding::Utf8.remark().is_none());
    }
}
