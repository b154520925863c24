//! One line that names a step: `Restart the *service* (10 min) <!-- check, evidence required -->`.
//!
//! Reading makes plain text of it; writing escapes plain text so that reading gives it back.

use super::definitions::Definitions;
use crate::flow::procedure::ESTIMATE_MAX;
use crate::flow::{ContentType, EvidenceRule, Step, StepKind};
use crate::text::NAME_MAX;
use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

/// What such a line says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Title {
    /// Plain text of at most [`NAME_MAX`] characters; empty if the line holds none.
    pub(super) text: String,
    pub(super) estimate_minutes: Option<u32>,
    pub(super) content_type: ContentType,
    pub(super) evidence: EvidenceRule,
    pub(super) is_end: bool,
    /// The Markdown source, if `text` lacks something of it: the address of a link, or what was cut off.
    pub(super) original: Option<String>,
}

impl Title {
    /// Reads the source of a title; line breaks are taken as blanks.
    pub(super) fn read(source: &str, definitions: &Definitions) -> Self {
        let mut title = Self::default();
        let joined = source.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        let mut rest = joined.trim();
        if let Some((before, words)) = annotation(rest) {
            title.annotate(words);
            rest = before;
        }
        if let Some((start, minutes)) = estimate(rest) {
            title.estimate_minutes = Some(minutes);
            rest = rest[..start].trim_end();
        }
        let (text, loses) = plain(rest, definitions);
        let (text, cut) = shortened(&text);
        title.text = text;
        title.original = (loses || cut).then(|| rest.to_owned());
        title
    }

    fn annotate(&mut self, words: &str) {
        for word in words.split(',') {
            match word.trim() {
                "check" => self.content_type = ContentType::Check,
                "info" => self.content_type = ContentType::Info,
                "evidence optional" => self.evidence = EvidenceRule::Optional,
                "evidence required" => self.evidence = EvidenceRule::Required,
                "end" => self.is_end = true,
                _ => {}
            }
        }
    }
}

/// The line [`Title::read`] reads back to what the step says.
pub(super) fn write(step: &Step) -> String {
    let mut line = escaped(&step.title);
    match step.estimate_minutes {
        Some(minutes) => line.push_str(&format!(" ({minutes} min)")),
        None => {
            // A title that ends in what reads like an estimate, but is none.
            if let Some((start, _)) = estimate(&line) {
                line.insert(start, '\\');
            }
        }
    }
    let mut words = Vec::new();
    match step.content_type {
        ContentType::Action => {}
        ContentType::Check => words.push("check"),
        ContentType::Info => words.push("info"),
    }
    match step.evidence {
        EvidenceRule::None => {}
        EvidenceRule::Optional => words.push("evidence optional"),
        EvidenceRule::Required => words.push("evidence required"),
    }
    if step.kind == StepKind::ProcedureEnd {
        words.push("end");
    }
    if !words.is_empty() {
        line.push_str(&format!(" <!-- {} -->", words.join(", ")));
    }
    line
}

/// Whether a comment says something about a step, and must not be dropped with the others.
pub(super) fn is_annotation(comment: &str) -> bool {
    annotation(comment).is_some_and(|(before, _)| before.is_empty())
}

/// A comment at the end of a line that consists of known words: what stands before it, and the words.
fn annotation(line: &str) -> Option<(&str, &str)> {
    let (before, words) = line.strip_suffix("-->")?.rsplit_once("<!--")?;
    let known = |word: &str| {
        matches!(word.trim(), "check" | "info" | "evidence optional" | "evidence required" | "end")
    };
    (!before.ends_with('\\') && words.split(',').all(known)).then(|| (before.trim_end(), words))
}

/// `(10 min)` or `~15 min` at the end of a line: where it begins, in bytes, and the minutes.
fn estimate(line: &str) -> Option<(usize, u32)> {
    let (start, inside) = match line.strip_suffix(')') {
        Some(open) => open.rsplit_once('(').map(|(before, inside)| (before.len(), inside))?,
        None => line.rsplit_once('~').map(|(before, inside)| (before.len(), inside))?,
    };
    let before = &line[..start];
    // Blank in front: neither `f(5 min)`, nor an escaped bracket, nor a title that is nothing but an estimate.
    if before.trim().is_empty() || !before.ends_with(char::is_whitespace) {
        return None;
    }
    let inside = inside.trim();
    let minutes = duration(inside.strip_prefix(['~', '\u{2248}']).unwrap_or(inside))?;
    (1..=ESTIMATE_MAX).contains(&minutes).then_some((start, minutes))
}

/// `10 min`, `2 hours`, `1 h 30 min`, in minutes.
fn duration(text: &str) -> Option<u32> {
    let mut total = 0_u32;
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u32 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].trim_start();
        let length = unit.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(unit.len());
        let factor = match unit[..length].to_ascii_lowercase().as_str() {
            "min" | "mins" | "minute" | "minutes" => 1,
            "h" | "hr" | "hrs" | "hour" | "hours" => 60,
            _ => return None,
        };
        total = total.checked_add(number.checked_mul(factor)?)?;
        let after = &unit[length..];
        rest = after.strip_prefix('.').unwrap_or(after).trim_start();
    }
    Some(total)
}

/// Inline Markdown as plain text, and whether that loses something: a link's address, an image.
pub(super) fn plain(source: &str, definitions: &Definitions) -> (String, bool) {
    // Behind a word nothing begins a list, a heading or a quote: what is left is inline Markdown.
    const WORD: &str = "x ";
    let document = format!("{WORD}{}", source.replace('\n', " "));
    let resolve = |link: BrokenLink<'_>| {
        definitions
            .get(&link.reference)
            .map(|d| (CowStr::from(d.address.clone()), CowStr::from(String::new())))
    };
    let mut text = String::new();
    let mut links: Vec<Option<(String, usize)>> = Vec::new();
    let mut loses = false;
    for event in Parser::new_with_broken_link_callback(&document, Options::empty(), Some(resolve)) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::Start(Tag::Image { .. }) => loses = true,
            Event::Start(Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. }) => {
                links.push(None)
            }
            Event::Start(Tag::Link { dest_url, .. }) => links.push(Some((dest_url.to_string(), text.len()))),
            Event::End(TagEnd::Link) => {
                if let Some(Some((address, start))) = links.pop() {
                    loses |= !address.is_empty() && text[start..] != address;
                }
            }
            _ => {}
        }
    }
    let shown: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    (shown.strip_prefix(WORD).unwrap_or_default().trim().to_owned(), loses)
}

/// At most [`NAME_MAX`] characters, cut behind a word, and whether it was cut.
pub(super) fn shortened(text: &str) -> (String, bool) {
    let Some((room, _)) = text.char_indices().nth(NAME_MAX) else {
        return (text.to_owned(), false);
    };
    // One character less than fits, for the ellipsis.
    let room = text[..room].char_indices().next_back().map_or(0, |(at, _)| at);
    let end = text[..room].rfind(char::is_whitespace).unwrap_or(room);
    (format!("{}\u{2026}", text[..end].trim_end()), true)
}

/// Plain text as inline Markdown; no more backslashes than needed, people read these files.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut previous = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let escape = match c {
            '\\' => next.is_none_or(|next| next.is_ascii_punctuation()),
            '_' => !(word(previous) && word(next)),
            '&' => next.is_some_and(|next| next == '#' || next.is_ascii_alphanumeric()),
            '`' | '*' | '[' | ']' | '<' => true,
            _ => false,
        };
        if escape {
            out.push('\\');
        }
        out.push(c);
        previous = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(source: &str) -> Title {
        Title::read(source, &Definitions::default())
    }

    #[test]
    fn estimates_at_the_end_are_taken() {
        for (source, text, minutes) in [
            ("Reboot (10 min)", "Reboot", Some(10)),
            ("Reboot (~1 h 30 min.)", "Reboot", Some(90)),
            ("**Reboot** ~15 min", "Reboot", Some(15)),
            ("Reboot (2 Hours)", "Reboot", Some(120)),
            ("Reboot (90minutes)", "Reboot", Some(90)),
            ("Wait 15 min", "Wait 15 min", None),
            ("Reboot (twice)", "Reboot (twice)", None),
            ("Reboot (0 min)", "Reboot (0 min)", None),
            ("Reboot (99999999999 min)", "Reboot (99999999999 min)", None),
            ("Reboot \\(10 min)", "Reboot (10 min)", None),
            ("(10 min)", "(10 min)", None),
            ("Reboot ()", "Reboot ()", None),
            ("Copy ~/bin", "Copy ~/bin", None),
        ] {
            let title = read(source);
            assert_eq!((title.text.as_str(), title.estimate_minutes), (text, minutes), "{source}");
        }
    }

    #[test]
    fn markup_becomes_text_and_a_lost_address_is_kept() {
        for (source, text, loses) in [
            ("Run `apt update` *now*", "Run apt update now", false),
            ("See [the wiki](https://wiki) first", "See the wiki first", true),
            ("See <https://wiki>", "See https://wiki", false),
            ("See [https://wiki](https://wiki)", "See https://wiki", false),
            ("![screen](a.png)", "screen", true),
            ("Press <kbd>Enter</kbd> &amp; wait", "Press Enter & wait", false),
            ("1. # not a heading", "1. # not a heading", false),
            ("C:\\Windows\\System32", "C:\\Windows\\System32", false),
            ("[unknown][label]", "[unknown][label]", false),
        ] {
            let title = read(source);
            assert_eq!((title.text.as_str(), title.original.is_some()), (text, loses), "{source}");
        }
    }

    #[test]
    fn a_long_title_is_cut_at_a_word() {
        let long = "word ".repeat(60);
        let title = read(&long);
        assert!(title.text.ends_with("word\u{2026}") && title.text.chars().count() <= NAME_MAX);
        assert_eq!(title.original.as_deref(), Some(long.trim()));
        assert_eq!(shortened(&"\u{e9}".repeat(300)).0.chars().count(), NAME_MAX);
        assert_eq!(shortened(&"x".repeat(255)), ("x".repeat(255), false));
    }

    #[test]
    fn annotations_are_known_words_only() {
        let title = read("Look (5 min) <!-- check, evidence required -->");
        assert_eq!((title.content_type, title.evidence), (ContentType::Check, EvidenceRule::Required));
        assert_eq!((title.text.as_str(), title.estimate_minutes), ("Look", Some(5)));
        assert!(!is_annotation("<!-- check this again -->"));
        assert!(is_annotation("<!-- end -->"));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(title in "[\\\\`*_\\[\\]<>&#!(){}~ a1é.-]{1,20}( \\(10 min\\)| ~5 min| <!-- check -->)?|\\PC{1,30}") {
            let title = title.trim().to_owned();
            prop_assume!(!title.is_empty());
            for estimate_minutes in [None, Some(10)] {
                let step = Step {
                    id: crate::flow::StepId("a".into()),
                    kind: StepKind::ProcedureStep,
                    title: title.clone(),
                    description: String::new(),
                    content_type: ContentType::Info,
                    estimate_minutes,
                    evidence: EvidenceRule::Optional,
                    rollback: String::new(),
                };
                let back = read(&write(&step));
                prop_assert_eq!(&back.text, &title);
                prop_assert_eq!(back.estimate_minutes, estimate_minutes);
                prop_assert_eq!((back.content_type, back.evidence), (ContentType::Info, EvidenceRule::Optional));
                prop_assert_eq!(back.original, None);
            }
        }

        #[test]
        fn any_line_can_be_read(source in any::<String>()) {
            prop_assert!(read(&source).text.chars().count() <= NAME_MAX);
        }
    }
}
