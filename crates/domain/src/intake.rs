//! The intake form: what a flow asks when a batch or session starts, and the answers.
//!
//! All answers are text, so that a step can show them and no replica rounds a number. Deliberately absent: conditions
//! between fields, and secrets; an answer is printed in steps and reports.

use crate::Invalid;
use crate::text;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Fields in the order they are asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntakeForm(pub Vec<IntakeField>);

/// One question of the form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeField {
    /// Lowercase letters, digits and underscore, not starting with a digit: the name in `{{key}}`.
    pub key: String,
    /// What the person reads; 1 to 255 characters.
    pub label: String,
    #[serde(rename = "type")]
    pub kind: IntakeKind,
    #[serde(default)]
    pub required: bool,
    /// The choices of a select; empty for every other type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// Used when nothing is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// What kind of answer a field takes. All answers travel as text; a checkbox is `true` or `false`, a date
/// `YYYY-MM-DD`, a number a decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IntakeKind {
    Text,
    Multiline,
    Number,
    Select,
    Checkbox,
    Date,
}

/// Answers by field key.
pub type Answers = BTreeMap<String, String>;

/// Most fields of a form.
pub const FIELDS_MAX: usize = 50;
/// Longest key, in characters.
pub const KEY_MAX: usize = 64;
/// Longest answer on one line and longest help, in characters.
pub const LINE_MAX: usize = 2_000;
/// Most options of a select.
pub const OPTIONS_MAX: usize = 200;
/// Longest number, in characters.
const NUMBER_MAX: usize = 40;

/// Whether every required answer has to be there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// A required field without answer and default is an error.
    Required,
    /// It is left out: a schedule fires without it, and the first session asks for it at its start.
    MayBeMissing,
}

impl IntakeForm {
    /// Checks the form itself: at most [`FIELDS_MAX`] fields; keys unique, well-formed and not `target`; labels; options
    /// for selects alone, at least one and unique; defaults that would pass as an answer.
    ///
    /// # Errors
    /// The first broken rule with its path: `intake_form[1].key`.
    pub fn validate(&self) -> Result<(), Invalid> {
        if self.0.len() > FIELDS_MAX {
            let message = format!("has {} fields; at most {FIELDS_MAX} are allowed", self.0.len());
            return Err(Invalid::new("intake_form", message));
        }
        for (index, field) in self.0.iter().enumerate() {
            let at = format!("intake_form[{index}]");
            field.check_form().map_err(|invalid| invalid.under(&at))?;
            if let Some(first) = self.0[..index].iter().position(|earlier| earlier.key == field.key) {
                let message = format!("`{}` is already the key of intake_form[{first}]", field.key);
                return Err(Invalid::new(format!("{at}.key"), message));
            }
        }
        Ok(())
    }

    /// Labels and options trimmed, blank defaults and helps left out: the form that is stored.
    #[must_use]
    pub fn normalised(mut self) -> Self {
        for field in &mut self.0 {
            field.label = field.label.trim().to_owned();
            for option in &mut field.options {
                *option = option.trim().to_owned();
            }
            field.default = field.default.take().filter(|text| !is_blank(text));
            field.help = field.help.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        }
        self
    }

    /// Checks answers and gives those to keep: trimmed (all but multiline), blank ones left out, defaults filled in.
    ///
    /// # Errors
    /// Names `intake.<key>` for a key the form does not have, an answer its field does not take and, if asked for,
    /// a required answer that is missing.
    pub fn check(&self, answers: &Answers, completeness: Completeness) -> Result<Answers, Invalid> {
        if let Some(key) = answers.keys().find(|key| self.0.iter().all(|field| field.key != **key)) {
            return Err(Invalid::new(format!("intake.{key}"), "the intake form has no such field"));
        }
        let mut kept = Answers::new();
        for field in &self.0 {
            let at = format!("intake.{}", field.key);
            let given = answers.get(&field.key).filter(|text| !is_blank(text)).or_else(|| field.preset());
            match given {
                Some(text) => drop(kept.insert(field.key.clone(), field.check_answer(&at, text)?)),
                None if field.required && completeness == Completeness::Required => {
                    return Err(Invalid::new(
                        at,
                        format!("\u{201c}{}\u{201d} must be answered", field.label.trim()),
                    ));
                }
                None => {}
            }
        }
        Ok(kept)
    }

    /// The required fields that have neither an answer nor a default, in order.
    #[must_use]
    pub fn missing(&self, answers: &Answers) -> Vec<&IntakeField> {
        let open = |field: &&IntakeField| {
            field.required
                && field.preset().is_none()
                && answers.get(&field.key).is_none_or(|text| is_blank(text))
        };
        self.0.iter().filter(open).collect()
    }
}

impl IntakeField {
    /// The default, unless it is blank.
    fn preset(&self) -> Option<&String> {
        self.default.as_ref().filter(|text| !is_blank(text))
    }

    fn check_form(&self) -> Result<(), Invalid> {
        check_key(&self.key)?;
        text::name("label", &self.label)?;
        if let Some(help) = &self.help {
            text::body("help", help, LINE_MAX)?;
        }
        self.check_options()?;
        match self.preset() {
            Some(default) => self.check_answer("default", default).map(drop),
            None => Ok(()),
        }
    }

    fn check_options(&self) -> Result<(), Invalid> {
        match (self.kind, self.options.len()) {
            (IntakeKind::Select, 0) => {
                return Err(Invalid::new("options", "a select needs at least one option"));
            }
            (IntakeKind::Select, 1..=OPTIONS_MAX) | (_, 0) => {}
            (IntakeKind::Select, count) => {
                return Err(Invalid::new(
                    "options",
                    format!("has {count} options; at most {OPTIONS_MAX} are allowed"),
                ));
            }
            _ => return Err(Invalid::new("options", "only a select has options")),
        }
        let mut seen = Vec::new();
        for (index, option) in self.options.iter().enumerate() {
            let field = format!("options[{index}]");
            let name = text::name(&field, option)?;
            if seen.contains(&name) {
                return Err(Invalid::new(field, format!("`{name}` is there twice")));
            }
            seen.push(name);
        }
        Ok(())
    }

    /// A non-blank answer as it is kept.
    fn check_answer(&self, at: &str, answer: &str) -> Result<String, Invalid> {
        let trimmed = answer.trim();
        let refused = |message: &str| Err(Invalid::new(at, message));
        match self.kind {
            IntakeKind::Multiline => return text::body(at, answer, text::LONG_TEXT_MAX),
            IntakeKind::Text if trimmed.chars().any(char::is_control) => {
                return refused("must not contain line breaks or control characters");
            }
            IntakeKind::Text => return text::body(at, trimmed, LINE_MAX),
            IntakeKind::Number if !is_number(trimmed) => {
                return refused("must be a number, for example 12 or -2.5");
            }
            IntakeKind::Date if !is_date(trimmed) => {
                return refused("must be a date, for example 2026-12-08");
            }
            IntakeKind::Checkbox if !matches!(trimmed, "true" | "false") => {
                return refused("must be true or false");
            }
            IntakeKind::Select if self.options.iter().all(|option| option.trim() != trimmed) => {
                return refused("must be one of the options");
            }
            IntakeKind::Number | IntakeKind::Date | IntakeKind::Checkbox | IntakeKind::Select => {}
        }
        Ok(trimmed.to_owned())
    }
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// Checks a key as it stands in `{{key}}`.
pub(crate) fn check_key(key: &str) -> Result<(), Invalid> {
    let starts = key.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
    let consists = key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if !starts || !consists || key.len() > KEY_MAX {
        let rule = format!("must be 1 to {KEY_MAX} of a-z, 0-9 and _, and not begin with a digit");
        return Err(Invalid::new("key", rule));
    }
    if key == "target" {
        return Err(Invalid::new("key", "`target` is taken: {{target.label}} is always there"));
    }
    Ok(())
}

/// A plain decimal: no exponent, no thousands, nothing a spreadsheet would read differently.
fn is_number(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    text.len() <= NUMBER_MAX
        && match unsigned.split_once('.') {
            Some((whole, fraction)) => digits(whole) && digits(fraction),
            None => digits(unsigned),
        }
}

/// `YYYY-MM-DD`, exactly, of a day that exists. chrono's own reading would take `2026-1-5`, too.
fn is_date(text: &str) -> bool {
    let shape = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() });
    let mut numbers = text.split('-').map(|part| part.parse::<u16>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    shape && NaiveDate::from_ymd_opt(i32::from(next()), u32::from(next()), u32::from(next())).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn field(key: &str, kind: IntakeKind) -> IntakeField {
        IntakeField {
            key: key.to_owned(),
            label: "Label".to_owned(),
            kind,
            required: false,
            options: if kind == IntakeKind::Select { vec!["a".into(), "b".into()] } else { Vec::new() },
            default: None,
            help: None,
        }
    }

    fn answers(pairs: &[(&str, &str)]) -> Answers {
        pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
    }

    fn refused(change: impl FnOnce(&mut IntakeField), at: &str) {
        let mut form = IntakeForm(vec![field("a", IntakeKind::Text), field("b", IntakeKind::Select)]);
        assert!(form.validate().is_ok());
        change(&mut form.0[1]);
        assert_eq!(form.validate().unwrap_err().field, at);
    }

    #[test]
    fn every_rule_of_a_form_names_its_path() {
        for key in ["", "B", "1b", "b-c", "b.c", "\u{e4}", "target", "a", &"x".repeat(65)] {
            refused(|f| f.key = key.to_owned(), "intake_form[1].key");
        }
        refused(|f| f.label = " ".into(), "intake_form[1].label");
        refused(|f| f.options.clear(), "intake_form[1].options");
        refused(|f| f.kind = IntakeKind::Text, "intake_form[1].options");
        refused(|f| f.options[1] = "a ".into(), "intake_form[1].options[1]");
        refused(|f| f.options[1] = String::new(), "intake_form[1].options[1]");
        refused(|f| f.options[1] = "x".repeat(256), "intake_form[1].options[1]");
        refused(|f| f.default = Some("c".into()), "intake_form[1].default");
        refused(|f| f.help = Some("x".repeat(2_001)), "intake_form[1].help");
        let many = IntakeForm((0..51).map(|n| field(&format!("k{n}"), IntakeKind::Text)).collect());
        assert_eq!(many.validate().unwrap_err().field, "intake_form");
        assert!(IntakeForm(many.0[..50].to_vec()).validate().is_ok());
    }

    #[test]
    fn answers_are_checked_by_kind() {
        let good = [
            (IntakeKind::Text, " KB5044 ", "KB5044"),
            (IntakeKind::Multiline, " a\n b ", " a\n b "),
            (IntakeKind::Number, "-12.50", "-12.50"),
            (IntakeKind::Select, " b", "b"),
            (IntakeKind::Checkbox, "false", "false"),
            (IntakeKind::Date, "2028-02-29", "2028-02-29"),
        ];
        for (kind, text, kept) in good {
            let checked =
                IntakeForm(vec![field("k", kind)]).check(&answers(&[("k", text)]), Completeness::Required);
            assert_eq!(checked.unwrap(), answers(&[("k", kept)]), "{kind:?}");
        }
        let bad = [
            (IntakeKind::Text, "a\nb"),
            (IntakeKind::Multiline, "a\0b"),
            (IntakeKind::Number, "1e5"),
            (IntakeKind::Number, "1,5"),
            (IntakeKind::Number, "."),
            (IntakeKind::Number, "NaN"),
            (IntakeKind::Select, "c"),
            (IntakeKind::Checkbox, "yes"),
            (IntakeKind::Date, "2026-02-29"),
            (IntakeKind::Date, "2026-1-5"),
            (IntakeKind::Date, "08.12.2026"),
        ];
        for (kind, text) in bad {
            let checked = IntakeForm(vec![field("k", kind)])
                .check(&answers(&[("k", text)]), Completeness::MayBeMissing);
            assert_eq!(checked.unwrap_err().field, "intake.k", "{kind:?} {text}");
        }
    }

    #[test]
    fn defaults_fill_in_and_required_answers_may_have_to_wait() {
        let mut form =
            IntakeForm(vec![field("version", IntakeKind::Text), field("ring", IntakeKind::Select)]);
        form.0[0].required = true;
        form.0[1].required = true;
        form.0[1].default = Some("b".into());
        let blank = answers(&[("version", "  "), ("ring", "")]);
        assert_eq!(form.check(&blank, Completeness::Required).unwrap_err().field, "intake.version");
        assert_eq!(form.check(&blank, Completeness::MayBeMissing).unwrap(), answers(&[("ring", "b")]));
        assert_eq!(form.missing(&blank).iter().map(|f| f.key.as_str()).collect::<Vec<_>>(), ["version"]);
        assert!(form.missing(&answers(&[("version", "1")])).is_empty());
        let unknown = form.check(&answers(&[("vresion", "1")]), Completeness::MayBeMissing);
        assert_eq!(unknown.unwrap_err().field, "intake.vresion");
    }

    #[test]
    fn the_stored_form_is_trimmed() {
        let mut padded = field("k", IntakeKind::Select);
        padded.label = " L ".into();
        padded.options = vec![" a".into()];
        padded.default = Some(" ".into());
        let form = IntakeForm(vec![padded]).normalised();
        assert_eq!((form.0[0].label.as_str(), form.0[0].options[0].as_str()), ("L", "a"));
        assert_eq!(form.0[0].default, None);
    }

    proptest! {
        #[test]
        fn checking_is_idempotent(kind in prop::sample::select(vec![
            IntakeKind::Text, IntakeKind::Multiline, IntakeKind::Number, IntakeKind::Select, IntakeKind::Checkbox, IntakeKind::Date,
        ]), text in "\\PC{0,12}|[0-9.-]{0,12}|true|a") {
            let form = IntakeForm(vec![field("k", kind)]);
            if let Ok(once) = form.check(&answers(&[("k", &text)]), Completeness::Required) {
                prop_assert_eq!(&form.check(&once, Completeness::Required).unwrap(), &once);
            }
        }
    }
}
