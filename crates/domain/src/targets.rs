//! Targets: the machines a flow is worked through on, and the text people paste them as.
//!
//! One target per line: `RDS-01 # 192.168.1.10`. Blank lines and lines that begin with `#`, indented or not, are ignored, so
//! a list can be kept in a commented file. The first `#` of a line begins the notes; a label that holds one is written with a
//! backslash in front, `Printer \# 3`. Lines show a target's name and notes; its client, site and variables are kept
//! beside them ([`with_details_of`]). Deliberately absent: looking names up. A target is a name a person knows.

pub mod variables;

use crate::Invalid;
use crate::intake::check_key;
use crate::occurrence::folded;
use crate::text::{self, NAME_MAX};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Longest notes of a target and longest value of a variable, in characters.
pub const NOTES_MAX: usize = 500;
/// Most variables of a target.
pub const VARIABLES_MAX: usize = 50;
/// Most text in the targets of one list or batch, in bytes: what one row may hold.
pub const TARGETS_BYTES_MAX: usize = 8 << 20;
/// Names of a target's own fields, which no variable may have.
const OWN_NAMES: [&str; 4] = ["client", "label", "notes", "site"];
/// Most targets in one list or batch.
pub const TARGETS_MAX: usize = 10_000;

/// One machine, by the name the technician knows it by.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// 1 to 255 characters; unique in its list, ignoring case.
    pub label: String,
    /// An address or a remark; at most 500 characters, on one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    /// The customer it belongs to; 1 to 255 characters. Without one, its list's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// Where it stands; 1 to 255 characters. Without one, its list's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Values for `{{target.<key>}}` in steps: at most [`VARIABLES_MAX`], each of at most [`NOTES_MAX`] characters.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
}

/// A line of pasted text that is not a target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("line {line}: {message}")]
pub struct LineError {
    /// Counted from 1, ignored lines included.
    pub line: usize,
    /// A sentence for a person, without the line number.
    pub message: String,
}

impl LineError {
    fn new(line: usize, message: impl Into<String>) -> Self {
        Self { line, message: message.into() }
    }
}

/// Reads one target per line, as the module describes.
///
/// # Errors
/// Every line that is wrong, in order: no label, too long, a label that an earlier line has (ignoring case). Text
/// without any target is an error of line 1; the line that would be one target too many ends the reading.
pub fn parse_lines(text: &str) -> Result<Vec<Target>, Vec<LineError>> {
    let mut targets = Vec::new();
    let mut errors = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (index, line) in lines(text.strip_prefix('\u{feff}').unwrap_or(text)).enumerate() {
        let number = index + 1;
        if trimmed(line).is_empty() || trimmed(line).starts_with('#') {
            continue;
        }
        let target = match parse_line(line) {
            Ok(target) => target,
            Err(invalid) => {
                errors.push(LineError::new(number, format!("{} {}", invalid.field, invalid.message)));
                continue;
            }
        };
        if let Some(first) = seen.get(&folded(&target.label)) {
            errors.push(LineError::new(number, format!("{} is already on line {first}", target.label)));
            continue;
        }
        if targets.len() == TARGETS_MAX {
            errors.push(LineError::new(number, format!("more than {TARGETS_MAX} targets")));
            break;
        }
        seen.insert(folded(&target.label), number);
        targets.push(target);
    }
    if targets.is_empty() && errors.is_empty() {
        errors.push(LineError::new(
            1,
            "there is no target; write one per line, for example RDS-01 # 192.168.1.10",
        ));
    }
    if errors.is_empty() { Ok(targets) } else { Err(errors) }
}

/// The text that [`parse_lines`] reads back to the same targets, if they are valid.
#[must_use]
pub fn to_lines(targets: &[Target]) -> String {
    let mut text = String::new();
    for target in targets {
        push_label(&mut text, &target.label);
        if let Some(notes) = &target.notes {
            text.push_str(" # ");
            text.push_str(notes);
        }
        text.push('\n');
    }
    text
}

/// Checks targets and gives them as they are kept: trimmed, blank notes left out.
///
/// # Errors
/// Names `targets` when there are none, more than [`TARGETS_MAX`], or more text than [`TARGETS_BYTES_MAX`], else the
/// first that is wrong: `targets[3].label`, `targets[3].variables.ip`.
pub fn validate(targets: &[Target]) -> Result<Vec<Target>, Invalid> {
    if targets.is_empty() {
        return Err(Invalid::new("targets", "must hold at least one target"));
    }
    if targets.len() > TARGETS_MAX {
        let message = format!("has {} targets; at most {TARGETS_MAX} are allowed", targets.len());
        return Err(Invalid::new("targets", message));
    }
    let mut seen: HashMap<String, usize> = HashMap::with_capacity(targets.len());
    let mut kept = Vec::with_capacity(targets.len());
    for (index, target) in targets.iter().enumerate() {
        let at = format!("targets[{index}]");
        let target = target.checked().map_err(|invalid| invalid.under(&at))?;
        if let Some(first) = seen.insert(folded(&target.label), index) {
            let message = format!("{} is already in the list, as number {}", target.label, first + 1);
            return Err(Invalid::new(format!("{at}.label"), message));
        }
        kept.push(target);
    }
    let bytes: usize = kept.iter().map(Target::bytes).sum();
    if bytes > TARGETS_BYTES_MAX {
        let message = format!("hold {bytes} bytes of text; at most {TARGETS_BYTES_MAX} are allowed");
        return Err(Invalid::new("targets", message));
    }
    Ok(kept)
}

/// Targets typed as lines, each with what lines do not show (client, site, variables) from the target of that name
/// among those the lines were made of.
#[must_use]
pub fn with_details_of(typed: Vec<Target>, before: &[Target]) -> Vec<Target> {
    let known: HashMap<String, &Target> =
        before.iter().map(|target| (folded(&target.label), target)).collect();
    let detailed = |target: Target| match known.get(&folded(&target.label)) {
        Some(known) => Target { label: target.label, notes: target.notes, ..(*known).clone() },
        None => target,
    };
    typed.into_iter().map(detailed).collect()
}

/// Checks the name of a client or site; blank is none.
///
/// # Errors
/// Names `field` as [`text::name`] does.
pub fn place_name(field: &str, name: Option<&str>) -> Result<Option<String>, Invalid> {
    let name = trimmed(name.unwrap_or_default());
    if name.is_empty() { Ok(None) } else { text::name(field, name).map(Some) }
}

/// Checks the key of a variable: as an intake field's, and none of the target's own.
///
/// # Errors
/// Names `key`.
pub fn check_variable_key(key: &str) -> Result<(), Invalid> {
    if OWN_NAMES.contains(&key) {
        return Err(Invalid::new("key", format!("`{key}` is a field of every target")));
    }
    check_key(key)
}

impl Target {
    /// The target as part of a list of that client and site. A target of another client does not stand at the list's
    /// site.
    #[must_use]
    pub fn within(&self, client: Option<&str>, site: Option<&str>) -> Self {
        let site = if self.client.is_none() { site.map(str::to_owned) } else { None };
        Self {
            client: self.client.clone().or_else(|| client.map(str::to_owned)),
            site: self.site.clone().or(site),
            ..self.clone()
        }
    }

    fn bytes(&self) -> usize {
        let maybe = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let variables: usize = self.variables.iter().map(|(key, value)| key.len() + value.len()).sum();
        self.label.len() + maybe(&self.notes) + maybe(&self.client) + maybe(&self.site) + variables
    }

    /// The target as it is kept. On one line throughout: lists are edited as lines.
    pub(crate) fn checked(&self) -> Result<Self, Invalid> {
        let label = text::name("label", trimmed(&self.label))?;
        let notes = on_one_line("notes", self.notes.as_deref().unwrap_or_default())?;
        let client = place_name("client", self.client.as_deref())?;
        let site = place_name("site", self.site.as_deref())?;
        if self.variables.len() > VARIABLES_MAX {
            let message =
                format!("has {} entries; at most {VARIABLES_MAX} are allowed", self.variables.len());
            return Err(Invalid::new("variables", message));
        }
        let mut variables = BTreeMap::new();
        for (key, value) in &self.variables {
            let field = format!("variables.{key}");
            check_variable_key(key).map_err(|invalid| Invalid::new(&field, invalid.message))?;
            if let Some(value) = on_one_line(&field, value)? {
                variables.insert(key.clone(), value);
            }
        }
        Ok(Self { label, notes, client, site, variables })
    }
}

/// A text of at most [`NOTES_MAX`] characters on one line; `None` for a blank one.
fn on_one_line(field: &str, given: &str) -> Result<Option<String>, Invalid> {
    let kept = trimmed(given);
    text::body(field, kept, NOTES_MAX)?;
    if kept.chars().any(char::is_control) {
        return Err(Invalid::new(field, "must not contain line breaks or control characters"));
    }
    Ok((!kept.is_empty()).then(|| kept.to_owned()))
}

/// White space and byte order marks, which spreadsheets leave in front of a first cell.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

/// Lines however they end: `\n`, `\r\n` or a lone `\r`.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r'))
}

/// `label # notes`. An odd run of backslashes in front of a `#` makes it part of the label.
fn parse_line(line: &str) -> Result<Target, Invalid> {
    let mut label = String::with_capacity(line.len().min(NAME_MAX));
    let mut notes = None;
    let mut rest = line;
    while let Some(at) = rest.find('#') {
        let before = &rest[..at];
        let name = before.trim_end_matches('\\');
        let backslashes = before.len() - name.len();
        label.push_str(name);
        label.extend(std::iter::repeat_n('\\', backslashes / 2));
        rest = &rest[at + 1..];
        if backslashes.is_multiple_of(2) {
            notes = Some(std::mem::take(&mut rest).to_owned());
            break;
        }
        label.push('#');
    }
    label.push_str(rest);
    Target { label, notes, ..Target::default() }.checked()
}

fn push_label(text: &mut String, label: &str) {
    let mut backslashes = 0;
    for c in label.chars() {
        if c == '#' {
            text.extend(std::iter::repeat_n('\\', backslashes + 1));
        }
        backslashes = if c == '\\' { backslashes + 1 } else { 0 };
        text.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn target(label: &str, notes: Option<&str>) -> Target {
        Target { label: label.to_owned(), notes: notes.map(str::to_owned), ..Target::default() }
    }

    fn errors(text: &str) -> Vec<String> {
        parse_lines(text).unwrap_err().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn lines_become_targets() {
        let text = "\u{feff}# farm\r\nRDS-01 # 192.168.1.10\r\n\r\n  RDS-02#a # b  \rRDS-03\t\nRDS-04 #\nPrinter \\# 3\nDOM\\srv # x";
        let expected = [
            target("RDS-01", Some("192.168.1.10")),
            target("RDS-02", Some("a # b")),
            target("RDS-03", None),
            target("RDS-04", None),
            target("Printer # 3", None),
            target("DOM\\srv", Some("x")),
        ];
        assert_eq!(parse_lines(text).unwrap(), expected);
    }

    #[test]
    fn a_line_is_a_comment_however_far_it_is_indented() {
        let text = "# farm\n  # first rack\n\t#second\n\u{a0}# third\n RDS-01\n\\#4";
        assert_eq!(parse_lines(text).unwrap(), [target("RDS-01", None), target("#4", None)]);
        assert_eq!(errors(" # nothing else"), errors(""));
    }

    #[test]
    fn every_wrong_line_is_named() {
        let long = "x".repeat(256);
        let notes = "x".repeat(501);
        let text = format!("a\n#c\n # indented\n{long}\nb # {notes}\nc\td\nA");
        assert_eq!(
            errors(&text),
            [
                "line 4: label has 256 characters; at most 255 are allowed",
                "line 5: notes has 501 characters; at most 500 are allowed",
                "line 6: label must not contain line breaks or control characters",
                "line 7: A is already on line 1",
            ]
        );
        #[cfg(feature = "native")]
        assert_eq!(errors("a\n\ncafe\u{301}\nCAF\u{c9}"), ["line 4: CAF\u{c9} is already on line 3"]);
        assert_eq!(parse_lines("# nothing\n\n").unwrap_err()[0].line, 1);
        assert_eq!(parse_lines("").unwrap_err().len(), 1);
    }

    #[test]
    fn five_thousand_lines_and_the_limit() {
        let text: String = (0..TARGETS_MAX).map(|n| format!("RDS-{n} # 10.0.0.{n}\n")).collect();
        let targets = parse_lines(&text).unwrap();
        assert_eq!(targets.len(), TARGETS_MAX);
        assert_eq!(to_lines(&targets), text);
        assert_eq!(validate(&targets).unwrap(), targets);
        assert_eq!(parse_lines(&format!("{text}one\ntwo\n")).unwrap_err().len(), 1);
        let over = [targets.as_slice(), &[target("one", None)]].concat();
        assert_eq!(validate(&over).unwrap_err().field, "targets");
    }

    #[test]
    fn targets_from_the_wire_are_checked_by_path() {
        assert_eq!(validate(&[]).unwrap_err().field, "targets");
        let at = |targets: &[Target]| validate(targets).unwrap_err().field;
        assert_eq!(at(&[target("a", None), target(" ", None)]), "targets[1].label");
        assert_eq!(at(&[target("a", None), target("b", None), target(" A", None)]), "targets[2].label");
        assert_eq!(at(&[target("a", Some("x\ny"))]), "targets[0].notes");
        assert_eq!(at(&[target("a", Some(&"x".repeat(501)))]), "targets[0].notes");
        assert_eq!(validate(&[target(" a ", Some("  "))]).unwrap(), [target("a", None)]);
        assert_eq!(validate(&[target(&"x".repeat(255), Some(&"y".repeat(500)))]).unwrap().len(), 1);
    }

    fn detailed(label: &str, client: Option<&str>, site: Option<&str>) -> Target {
        Target {
            client: client.map(str::to_owned),
            site: site.map(str::to_owned),
            variables: BTreeMap::from([("ip".to_owned(), "10.0.0.1".to_owned())]),
            ..target(label, None)
        }
    }

    #[test]
    fn clients_sites_and_variables_are_checked_by_path() {
        let at = |change: &dyn Fn(&mut Target)| {
            let mut wrong = detailed("b", None, None);
            change(&mut wrong);
            validate(&[target("a", None), wrong]).unwrap_err().field
        };
        assert_eq!(at(&|t| t.client = Some("x".repeat(256))), "targets[1].client");
        assert_eq!(at(&|t| t.site = Some("two\nlines".into())), "targets[1].site");
        for key in ["", "IP", "1st", "a-b", "target", "label", "notes", "client", "site", &"k".repeat(65)] {
            assert_eq!(
                at(&|t| drop(t.variables.insert(key.into(), "v".into()))),
                format!("targets[1].variables.{key}")
            );
        }
        assert_eq!(at(&|t| drop(t.variables.insert("v".into(), "x".repeat(501)))), "targets[1].variables.v");
        assert_eq!(at(&|t| drop(t.variables.insert("v".into(), "a\tb".into()))), "targets[1].variables.v");
        let many = (0..51).map(|n| (format!("k{n}"), "v".to_owned()));
        assert_eq!(at(&|t| t.variables.extend(many.clone())), "targets[1].variables");

        let mut blank = detailed(" a ", Some(" "), Some("  Rome "));
        blank.variables = BTreeMap::from([("ip".into(), " ".into()), ("os".into(), " 2025 ".into())]);
        let kept = validate(&[blank]).unwrap();
        assert_eq!((&kept[0].client, kept[0].site.as_deref()), (&None, Some("Rome")));
        assert_eq!(kept[0].variables, BTreeMap::from([("os".to_owned(), "2025".to_owned())]));
    }

    #[test]
    fn a_list_gives_its_client_and_site_to_targets_without() {
        let within = |client, site| {
            let given = detailed("a", client, site).within(Some("Contoso"), Some("Rome"));
            (given.client.unwrap_or_default(), given.site.unwrap_or_default())
        };
        assert_eq!(within(None, None), ("Contoso".into(), "Rome".into()));
        assert_eq!(within(None, Some("Oslo")), ("Contoso".into(), "Oslo".into()));
        assert_eq!(within(Some("Fabrikam"), None), ("Fabrikam".into(), String::new()));
        assert_eq!(detailed("a", None, None).within(None, None), detailed("a", None, None));
    }

    #[test]
    fn typing_lines_costs_no_target_what_lines_do_not_show() {
        let before = [detailed("RDS-01", Some("Contoso"), Some("Rome")), detailed("RDS-02", None, None)];
        let typed = parse_lines("rds-01 # new\nRDS-03").unwrap();
        let kept = with_details_of(typed, &before);
        assert_eq!((kept[0].label.as_str(), kept[0].notes.as_deref()), ("rds-01", Some("new")));
        assert_eq!((&kept[0].client, &kept[0].variables), (&before[0].client, &before[0].variables));
        assert_eq!(kept[1], target("RDS-03", None));
    }

    #[test]
    fn a_list_is_never_larger_than_a_row() {
        let large = |n: usize| Target {
            variables: (0..50).map(|key| (format!("k{key}"), "v".repeat(500))).collect(),
            ..target(&format!("t{n}"), None)
        };
        let targets: Vec<_> = (0..400).map(large).collect();
        let refused = validate(&targets).unwrap_err();
        assert_eq!(refused.field, "targets");
        assert!(refused.message.contains("bytes"), "{refused}");
        assert!(validate(&targets[..300]).is_ok());
    }

    proptest! {
        #[test]
        fn what_is_valid_survives_the_lines(labels in prop::collection::vec(("[a#\\\\ ]{1,6}|\\PC{1,10}", prop::option::of("[#\\\\a ]{0,6}|\\PC{0,10}")), 1..8)) {
            let targets: Vec<_> = labels.into_iter().map(|(label, notes)| Target { label, notes, ..Target::default() }).collect();
            if let Ok(valid) = validate(&targets) {
                prop_assert_eq!(parse_lines(&to_lines(&valid)).unwrap(), valid);
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            match parse_lines(&text) {
                Ok(targets) => prop_assert_eq!(validate(&targets).unwrap(), targets),
                Err(errors) => prop_assert!(!errors.is_empty()),
            }
        }
    }
}
