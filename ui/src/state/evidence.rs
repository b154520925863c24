//! Evidence in words: how large it is, what it is, and whether it may be added at all.

use chrono::{Datelike, NaiveDateTime, Timelike};
use mf_contract::sessions::EvidenceContent;
use mf_domain::session::evidence::{EVIDENCE_MAX, check_size, file_name};

/// What can be shown of a content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Image,
    Text,
    Other,
}

/// Pictures that every web view draws.
const IMAGES: [&str; 6] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/avif"];

/// Text that has a media type of its own.
const TEXTS: [&str; 6] = [
    "application/json",
    "application/xml",
    "application/javascript",
    "application/yaml",
    "application/x-yaml",
    "application/x-sh",
];

/// Endings of files that hold text, whatever the system calls them.
const TEXT_ENDINGS: [&str; 20] = [
    "txt", "log", "out", "err", "csv", "tsv", "json", "xml", "yaml", "yml", "ini", "conf", "cfg", "reg",
    "md", "ps1", "psm1", "bat", "cmd", "sh",
];

impl Kind {
    /// The kind of a media type.
    #[must_use]
    pub fn of(media_type: &str) -> Self {
        if IMAGES.contains(&media_type) {
            Self::Image
        } else if media_type.starts_with("text/") || TEXTS.contains(&media_type) {
            Self::Text
        } else {
            Self::Other
        }
    }
}

/// The media type to record for a file: what the system says, or what its name says where the system knows nothing.
#[must_use]
pub fn media_type(name: &str, told: &str) -> Option<String> {
    let known = Kind::of(told) != Kind::Other;
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    if !known && TEXT_ENDINGS.contains(&ending.as_str()) {
        return Some("text/plain".to_owned());
    }
    (!told.is_empty()).then(|| told.to_owned())
}

/// `312 KB`, `1.4 MB`: thousands, as file managers count.
#[must_use]
pub fn size(bytes: u64) -> String {
    let in_units = |unit: u64| {
        let tenths = (bytes * 10 + unit / 2) / unit;
        if tenths < 100 {
            format!("{}.{}", tenths / 10, tenths % 10)
        } else {
            ((bytes + unit / 2) / unit).to_string()
        }
    };
    match bytes {
        1 => "1 byte".to_owned(),
        0..1_000 => format!("{bytes} bytes"),
        1_000..999_500 => format!("{} KB", in_units(1_000)),
        _ => format!("{} MB", in_units(1_000_000)),
    }
}

/// What something pasted is called: `screenshot 2026-12-18 22.00.05.png`.
#[must_use]
pub fn pasted_name(what: &str, wall: NaiveDateTime, ending: &str) -> String {
    let (year, month, day) = (wall.year(), wall.month(), wall.day());
    let (hour, minute, second) = (wall.hour(), wall.minute(), wall.second());
    format!("{what} {year}-{month:02}-{day:02} {hour:02}.{minute:02}.{second:02}.{ending}")
}

/// The limit, as forms say it.
pub const LIMIT: &str = "10 MiB";

/// Why a file of that name and size cannot be evidence; asked before any of it is read.
#[must_use]
pub fn refusal(name: &str, bytes: u64) -> Option<String> {
    if bytes > EVIDENCE_MAX as u64 {
        return Some(format!("It is larger than {LIMIT}, the most that is kept."));
    }
    let whole = usize::try_from(bytes).unwrap_or(usize::MAX);
    let wrong = file_name(name).err().map(|error| format!("Its name {}.", error.message));
    wrong.or_else(|| check_size("content", whole).err().map(|_| "It is empty.".to_owned()))
}

/// The first digits of a hash: enough to compare by eye.
#[must_use]
pub fn short_hash(sha256: &str) -> &str {
    sha256.get(..8).unwrap_or(sha256)
}

/// The most characters that are shown of a text. More would make the window slow and nobody wiser.
const SHOWN: usize = 200_000;

/// The text of a content, and whether that is all of it; `bytes_of` reads Base64.
#[must_use]
pub fn text_of(
    content: &EvidenceContent,
    bytes_of: impl FnOnce(&str) -> Option<Vec<u8>>,
) -> Option<(String, bool)> {
    let mut text = match (&content.text, &content.content_base64) {
        (Some(text), _) => text.clone(),
        (None, Some(base64)) if Kind::of(&content.evidence.file.media_type) == Kind::Text => {
            let bytes = bytes_of(base64)?;
            utf16(&bytes).or_else(|| String::from_utf8(bytes).ok())?
        }
        _ => return None,
    };
    let cut = text.char_indices().nth(SHOWN).map(|(at, _)| at);
    if let Some(at) = cut {
        text.truncate(at);
    }
    Some((text, cut.is_none()))
}

/// What `>` of Windows PowerShell writes: UTF-16 behind a byte-order mark.
fn utf16(bytes: &[u8]) -> Option<String> {
    let read: fn([u8; 2]) -> u16 = match bytes.get(..2)? {
        [0xFF, 0xFE] => u16::from_le_bytes,
        [0xFE, 0xFF] => u16::from_be_bytes,
        _ => return None,
    };
    let units: Vec<u16> = bytes.get(2..)?.as_chunks::<2>().0.iter().copied().map(read).collect();
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use mf_domain::ids::EvidenceId;
    use mf_domain::session::{Evidence, EvidenceFile};

    fn content(media_type: &str, text: Option<&str>, base64: Option<&str>) -> EvidenceContent {
        let file = EvidenceFile {
            name: "out.log".to_owned(),
            media_type: media_type.to_owned(),
            size: 4,
            sha256: "0".repeat(64),
        };
        EvidenceContent {
            evidence: Evidence {
                id: EvidenceId(uuid::Uuid::nil()),
                step_id: None,
                file,
                at: DateTime::UNIX_EPOCH,
                author: None,
            },
            text: text.map(str::to_owned),
            content_base64: base64.map(str::to_owned),
        }
    }

    #[test]
    fn sizes_are_said_as_file_managers_say_them() {
        let said = [1, 999, 1_000, 12_345, 999_499, 999_500, 10 << 20].map(size);
        assert_eq!(said, ["1 byte", "999 bytes", "1.0 KB", "12 KB", "999 KB", "1.0 MB", "10 MB"]);
    }

    #[test]
    fn what_cannot_be_kept_is_refused_with_the_reason() {
        assert_eq!(refusal("screen.png", 10 << 20), None);
        assert_eq!(
            refusal("dump.bin", (10 << 20) + 1).unwrap(),
            "It is larger than 10 MiB, the most that is kept."
        );
        assert_eq!(refusal("empty.txt", 0).unwrap(), "It is empty.");
        assert!(refusal("a/b", 1).unwrap().starts_with("Its name "));
    }

    #[test]
    fn what_is_pasted_is_called_after_its_moment_in_a_name_every_system_takes() {
        let wall = DateTime::from_timestamp(1_797_631_205, 0).unwrap().naive_utc();
        let name = pasted_name("screenshot", wall, "png");
        assert_eq!(name, "screenshot 2026-12-18 22.00.05.png");
        assert_eq!(refusal(&name, 1), None);
    }

    #[test]
    fn a_log_is_text_whatever_the_system_calls_it() {
        assert_eq!(media_type("setup.LOG", ""), Some("text/plain".to_owned()));
        assert_eq!(media_type("setup.log", "application/octet-stream"), Some("text/plain".to_owned()));
        assert_eq!(media_type("screen.png", "image/png"), Some("image/png".to_owned()));
        assert_eq!(media_type("data.json", "application/json"), Some("application/json".to_owned()));
        assert_eq!(media_type("dump", ""), None);
        assert_eq!(Kind::of("image/svg+xml"), Kind::Other);
    }

    #[test]
    fn text_is_read_as_what_it_is_and_a_picture_is_none() {
        let nothing = |_: &str| None;
        assert_eq!(text_of(&content("text/plain", Some("ok"), None), nothing), Some(("ok".to_owned(), true)));
        let powershell = |_: &str| Some(vec![0xFF, 0xFE, b'o', 0, b'k', 0]);
        assert_eq!(
            text_of(&content("text/plain", None, Some("")), powershell),
            Some(("ok".to_owned(), true))
        );
        let json = |_: &str| Some(b"{}".to_vec());
        assert_eq!(
            text_of(&content("application/json", None, Some("")), json),
            Some(("{}".to_owned(), true))
        );
        assert_eq!(text_of(&content("image/png", None, Some("")), json), None);
        let long = "é".repeat(SHOWN + 1);
        let (shown, whole) = text_of(&content("text/plain", Some(&long), None), nothing).unwrap();
        assert_eq!((shown.chars().count(), whole), (SHOWN, false));
    }
}
