//! `{{name}}` in step texts: filled from the intake answers and the target.
//!
//! A name begins with a letter or `_` and goes on with letters, digits, `_`, `-` and `.`, all ASCII; blanks inside the
//! braces are allowed. Whatever else stands in braces (`{{.Names}}` of a docker format, say) is text. A name nobody
//! knows stays as it was written, for everyone to see: a step that quietly says "reboot" without saying what is worse
//! than one that looks unfinished. Values are never looked at again, so an answer cannot smuggle in a variable.
//!
//! Deliberately absent: Markdown. To show a text, parse the Markdown *first* and take [`Variables::segments`] of each run
//! of text (merged, as `pulldown_cmark::TextMergeStream` does): then a value is text and can bring no markup along.
//! [`Variables::fill`] is for plain text: reports, titles, the clipboard.

use crate::intake::Answers;
use crate::targets::{Target, check_variable_key};

/// Whether a name can be known to a target: its label or notes, its client or site, or a variable of its own. Without a
/// target all of them are shown as written, as unknown ones are.
#[must_use]
pub fn may_be_of_target(name: &str) -> bool {
    let key = name.strip_prefix("target.");
    key.is_some_and(|key| {
        matches!(key, "label" | "notes" | "client" | "site") || check_variable_key(key).is_ok()
    })
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment<'t> {
    /// Text as it stands.
    Text(&'t str),
    /// A variable and its value.
    Known { name: &'t str, value: String },
    /// A variable nobody knows; `written` is all of it, braces included.
    Unknown { name: &'t str, written: &'t str },
}

/// Cuts a text at its variables. The segments, written out, are the text again.
pub fn segments<'t>(text: &'t str, lookup: impl Fn(&str) -> Option<String>) -> Vec<Segment<'t>> {
    let mut found = Vec::new();
    let mut plain = 0;
    let mut from = 0;
    while let Some(open) = text[from..].find("{{").map(|at| from + at) {
        let Some((name, length)) = variable(&text[open..]) else {
            // One brace on, not two: in `{{{x}}` the variable begins at the second.
            from = open + 1;
            continue;
        };
        if plain < open {
            found.push(Segment::Text(&text[plain..open]));
        }
        from = open + length;
        plain = from;
        found.push(match lookup(name) {
            Some(value) => Segment::Known { name, value },
            None => Segment::Unknown { name, written: &text[open..from] },
        });
    }
    if plain < text.len() {
        found.push(Segment::Text(&text[plain..]));
    }
    found
}

/// The text with every known variable replaced by its value.
pub fn fill(text: &str, lookup: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    for segment in segments(text, lookup) {
        match segment {
            Segment::Text(text) | Segment::Unknown { written: text, .. } => filled.push_str(text),
            Segment::Known { value, .. } => filled.push_str(&value),
        }
    }
    filled
}

/// The names of the variables of a text, each once, in order.
#[must_use]
pub fn names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for segment in segments(text, |_| None) {
        if let Segment::Unknown { name, .. } = segment
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// The variable a text begins with: its name, and its length with the braces, in bytes.
fn variable(text: &str) -> Option<(&str, usize)> {
    let blank = |c: char| c == ' ' || c == '\t';
    let inside = text.strip_prefix("{{")?.trim_start_matches(blank);
    let end = inside.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))?;
    let (name, after) = inside.split_at(end);
    let rest = after.trim_start_matches(blank).strip_prefix("}}")?;
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins.then(|| (name, text.len() - rest.len()))
}

/// What a session knows: its target and the answers of the intake form.
#[derive(Clone, Copy, Debug)]
pub struct Variables<'a> {
    /// None for a session that runs on no machine.
    pub target: Option<&'a Target>,
    pub answers: &'a Answers,
}

impl Variables<'_> {
    /// The value of a name. Notes a target does not have are known to be empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        match name {
            "target.label" => self.target.map(|target| target.label.clone()),
            "target.notes" => self.target.map(|target| target.notes.clone().unwrap_or_default()),
            // Not blank when there is none: "call {{target.client}}" must not read "call".
            "target.client" => self.target.and_then(|target| target.client.clone()),
            "target.site" => self.target.and_then(|target| target.site.clone()),
            _ => match name.strip_prefix("target.") {
                Some(key) => self.target.and_then(|target| target.variables.get(key).cloned()),
                None => self.answers.get(name).cloned(),
            },
        }
    }

    /// [`fill`] with these values.
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        fill(text, |name| self.get(name))
    }

    /// [`segments`] with these values.
    #[must_use]
    pub fn segments<'t>(&self, text: &'t str) -> Vec<Segment<'t>> {
        segments(text, |name| self.get(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_names_are_filled_and_others_stay() {
        let target = Target {
            label: "RDS-01".into(),
            client: Some("Contoso".into()),
            variables: [("ip".into(), "10.0.0.1".into())].into(),
            ..Target::default()
        };
        let answers = Answers::from([("patch_version".into(), "{{target.label}} **1**".into())]);
        let variables = Variables { target: Some(&target), answers: &answers };
        for (text, filled) in [
            ("", ""),
            ("on {{target.label}}!", "on RDS-01!"),
            ("{{ target.label\t}}{{target.notes}}|", "RDS-01|"),
            ("{{target.client}}/{{target.site}}: {{target.ip}}", "Contoso/{{target.site}}: 10.0.0.1"),
            ("{{ip}} {{target.os}}", "{{ip}} {{target.os}}"),
            ("{{patch_version}}", "{{target.label}} **1**"),
            ("{{unknown}} {{ also-unknown }}", "{{unknown}} {{ also-unknown }}"),
            ("docker ps --format '{{.Names}}'", "docker ps --format '{{.Names}}'"),
            ("{{{target.label}}}", "{RDS-01}"),
            ("{{target.label} {{", "{{target.label} {{"),
            ("{{target\n.label}} {{}} {{ }}", "{{target\n.label}} {{}} {{ }}"),
            ("{{é}}{{target.label}}", "{{é}}RDS-01"),
        ] {
            assert_eq!(variables.fill(text), filled);
        }
        for (name, may) in [
            ("target.label", true),
            ("target.site", true),
            ("target.ip", true),
            ("target.IP", false),
            ("target.", false),
            ("ip", false),
        ] {
            assert_eq!(may_be_of_target(name), may, "{name}");
        }
        let nowhere = Variables { target: None, answers: &answers };
        assert_eq!(nowhere.fill("{{target.label}}"), "{{target.label}}");
    }

    #[test]
    fn segments_tell_known_from_unknown() {
        let answers = Answers::from([("v".into(), "2".into())]);
        assert_eq!(
            Variables { target: None, answers: &answers }.segments("a {{v}}{{ w }}"),
            [
                Segment::Text("a "),
                Segment::Known { name: "v", value: "2".into() },
                Segment::Unknown { name: "w", written: "{{ w }}" },
            ]
        );
        assert_eq!(names("{{a}} {{b}} {{ a }} {{.c}}"), ["a", "b"]);
    }

    proptest! {
        #[test]
        fn without_values_nothing_changes(text in "[{}a. \\n\u{e9}]{0,40}|\\PC{0,40}") {
            prop_assert_eq!(fill(&text, |_| None), text);
        }

        #[test]
        fn every_name_that_is_found_can_be_filled(text in "[{}a. ]{0,40}") {
            let filled = fill(&text, |_| Some(String::new()));
            prop_assert!(names(&text).is_empty() == (filled == text));
        }
    }
}
