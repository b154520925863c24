//! What a person says about a file of targets, and what is made of it.

use super::encoding::Encoding;
use super::time::grouped;
use crate::api::as_sentence;
use mf_domain::target_import::{CSV_MAX, Counts, Mapping, Preset, Preview, Verdict};
use mf_domain::targets::check_variable_key;
use std::rc::Rc;

/// A file as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFile {
    pub file_name: String,
    pub text: Rc<str>,
    pub encoding: Encoding,
}

/// The file a person chose, and what they said about it. Whoever launches or imports it keeps it, so that it is on the
/// screen whenever it can be sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chosen {
    pub file: Option<Rc<TextFile>>,
    /// The product it comes from, where that is not left to its columns.
    pub preset: Option<Preset>,
    /// What the person made of the mapping that was found.
    pub mapping: Option<MappingForm>,
}

impl Chosen {
    /// A file about which nothing is said yet.
    #[must_use]
    pub fn of(file: Rc<TextFile>) -> Self {
        Self { file: Some(file), ..Self::default() }
    }

    /// Another product; its columns are found anew.
    #[must_use]
    pub fn from_preset(&self, preset: Option<Preset>) -> Self {
        Self { file: self.file.clone(), preset, mapping: None }
    }

    /// Other columns.
    #[must_use]
    pub fn with_mapping(&self, mapping: MappingForm) -> Self {
        Self { mapping: Some(mapping), ..self.clone() }
    }
}

/// A file that could be read, for whoever launches or imports what is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadFile {
    pub file_name: String,
    pub csv: Rc<str>,
    pub mapping: Mapping,
    /// The place of the first variable whose key cannot be one; it is not in the mapping.
    pub wrong_variable: Option<usize>,
    pub preview: Rc<Preview>,
}

/// Why a file is not even looked at.
#[must_use]
pub fn refused(file_name: &str, bytes: f64) -> Option<String> {
    if bytes == 0.0 {
        return Some(format!("{file_name} is empty."));
    }
    (bytes > CSV_MAX as f64).then(|| format!("{file_name} is larger than {} MB.", CSV_MAX >> 20))
}

/// The columns as they are chosen; a blank one is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MappingForm {
    pub label: String,
    pub notes: String,
    pub client: String,
    pub site: String,
    /// Key and column, in the order they were added.
    pub variables: Vec<(String, String)>,
}

impl MappingForm {
    /// The form for a mapping that was found.
    #[must_use]
    pub fn of(mapping: &Mapping) -> Self {
        let maybe = |column: &Option<String>| column.clone().unwrap_or_default();
        Self {
            label: mapping.label.clone(),
            notes: maybe(&mapping.notes),
            client: maybe(&mapping.client),
            site: maybe(&mapping.site),
            variables: mapping.variables.iter().map(|(key, column)| (key.clone(), column.clone())).collect(),
        }
    }

    /// The mapping, without variables that are not finished.
    #[must_use]
    pub fn mapping(&self) -> Mapping {
        let maybe = |column: &String| Some(column.clone()).filter(|column| !column.is_empty());
        let finished = |at: &usize| self.variable_error(*at).is_none() && !self.variables[*at].1.is_empty();
        Mapping {
            label: self.label.clone(),
            notes: maybe(&self.notes),
            client: maybe(&self.client),
            site: maybe(&self.site),
            variables: (0..self.variables.len())
                .filter(finished)
                .map(|at| self.variables[at].clone())
                .collect(),
        }
    }

    /// What is wrong with the key of a variable.
    #[must_use]
    pub fn variable_error(&self, at: usize) -> Option<String> {
        let key = &self.variables.get(at)?.0;
        if self.variables[..at].iter().any(|(other, _)| other == key) {
            return Some(format!("There is another variable “{key}”."));
        }
        check_variable_key(key).err().map(|invalid| as_sentence(&format!("the key {}", invalid.message)))
    }

    /// The first variable with a wrong key.
    #[must_use]
    pub fn first_wrong(&self) -> Option<usize> {
        (0..self.variables.len()).find(|at| self.variable_error(*at).is_some())
    }
}

/// The rows of a verdict, by their places; of all verdicts with `None`.
#[must_use]
pub fn rows_of(preview: &Preview, verdict: Option<Verdict>) -> Vec<usize> {
    let wanted = |at: &usize| verdict.is_none_or(|verdict| preview.rows[*at].verdict == verdict);
    (0..preview.rows.len()).filter(wanted).collect()
}

/// How many rows a verdict has.
#[must_use]
pub fn number(counts: &Counts, verdict: Verdict) -> u32 {
    match verdict {
        Verdict::Create => counts.create,
        Verdict::Update => counts.update,
        Verdict::Skip => counts.skip,
        Verdict::Rejected => counts.rejected,
    }
}

/// What was done, in words: "12 created, 3 updated, 2 rejected".
#[must_use]
pub fn done(counts: &Counts) -> String {
    let parts = [
        (counts.create, "created"),
        (counts.update, "updated"),
        (counts.skip, "skipped"),
        (counts.rejected, "rejected"),
    ];
    let there = parts.into_iter().filter(|(number, _)| *number > 0);
    let words: Vec<String> =
        there.map(|(number, word)| format!("{} {word}", grouped(number as usize))).collect();
    words.join(", ")
}

/// What separates the cells, in words.
#[must_use]
pub fn delimiter(delimiter: &str) -> &'static str {
    match delimiter {
        ";" => "semicolons",
        "\t" => "tabs",
        "|" => "bars",
        _ => "commas",
    }
}

/// A name for the list a file makes: its only client, or else what the file is called.
#[must_use]
pub fn proposed_name(file: &ReadFile) -> String {
    let mut clients = file.preview.targets.iter().map(|target| target.client.as_deref());
    if let Some(Some(first)) = clients.next()
        && clients.all(|client| client == Some(first))
    {
        return first.to_owned();
    }
    let stem = file.file_name.rsplit_once('.').map_or(file.file_name.as_str(), |(stem, _)| stem);
    stem.replace(['_', '-'], " ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mf_domain::target_import::Row;
    use mf_domain::targets::Target;

    fn form(variables: &[(&str, &str)]) -> MappingForm {
        MappingForm {
            label: "Name".to_owned(),
            variables: variables
                .iter()
                .map(|(key, column)| ((*key).to_owned(), (*column).to_owned()))
                .collect(),
            ..MappingForm::default()
        }
    }

    #[test]
    fn a_mapping_goes_through_the_form_and_unfinished_variables_stay_out_of_it() {
        let mapping = form(&[("ip", "IP Address"), ("os", "")]).mapping();
        assert_eq!(mapping.variables.len(), 1);
        assert_eq!((mapping.notes.as_deref(), mapping.label.as_str()), (None, "Name"));
        assert_eq!(MappingForm::of(&mapping).mapping(), mapping);
    }

    #[test]
    fn another_product_or_another_file_finds_its_columns_anew() {
        let text = |name: &str| {
            Rc::new(TextFile { file_name: name.to_owned(), text: "Name".into(), encoding: Encoding::Utf8 })
        };
        let mapped = Chosen::of(text("a.csv")).with_mapping(form(&[("ip", "IP Address")]));
        let other = mapped.from_preset(Some(Preset::ALL[0]));
        assert_eq!((other.file.clone(), other.mapping.clone()), (mapped.file.clone(), None));
        assert_eq!(other.with_mapping(MappingForm::default()).preset, Some(Preset::ALL[0]));
        assert_eq!(Chosen::of(text("b.csv")).mapping, None);
    }

    #[test]
    fn a_wrong_key_is_said_in_words() {
        let form = form(&[("ip", "a"), ("Serial No", "b"), ("site", "c"), ("ip", "d"), ("", "e")]);
        let error = |at| form.variable_error(at).unwrap_or_default();
        assert_eq!(error(0), "");
        assert!(error(1).starts_with("The key "), "{}", error(1));
        assert!(error(2).contains("field of every target"), "{}", error(2));
        assert!(error(3).contains("another variable"), "{}", error(3));
        assert!(error(4).starts_with("The key "), "{}", error(4));
        assert_eq!((form.first_wrong(), form.mapping().variables.len()), (Some(1), 1));
    }

    fn file(name: &str, clients: &[Option<&str>]) -> ReadFile {
        let target =
            |client: &Option<&str>| Target { client: client.map(str::to_owned), ..Target::default() };
        let row = |verdict| Row { line: 2, label: "a".to_owned(), verdict, reason: None };
        let counts = Counts { create: 1_200, update: 0, skip: 1, rejected: 2 };
        let preview = Preview {
            delimiter: ";".to_owned(),
            problems: vec![],
            columns: vec![],
            preset: None,
            mapping: Mapping::default(),
            rows: vec![row(Verdict::Create), row(Verdict::Rejected), row(Verdict::Create)],
            counts,
            targets: clients.iter().map(target).collect(),
            rejected_csv: None,
        };
        ReadFile {
            file_name: name.to_owned(),
            csv: "".into(),
            mapping: Mapping::default(),
            wrong_variable: None,
            preview: Rc::new(preview),
        }
    }

    #[test]
    fn a_list_is_named_after_its_only_client_or_its_file() {
        assert_eq!(
            proposed_name(&file("devices_2026-11.csv", &[Some("Contoso"), Some("Contoso")])),
            "Contoso"
        );
        assert_eq!(proposed_name(&file("devices_2026-11.csv", &[Some("Contoso"), None])), "devices 2026 11");
        assert_eq!(proposed_name(&file("devices", &[None])), "devices");
    }

    #[test]
    fn rows_are_found_by_their_verdict_and_counts_are_words() {
        let file = file("a.csv", &[]);
        assert_eq!(rows_of(&file.preview, Some(Verdict::Create)), [0, 2]);
        assert_eq!(rows_of(&file.preview, None).len(), 3);
        assert_eq!(done(&file.preview.counts), "1,200 created, 1 skipped, 2 rejected");
        assert_eq!(delimiter(&file.preview.delimiter), "semicolons");
    }

    #[test]
    fn files_that_are_too_large_or_empty_are_not_read() {
        assert_eq!(refused("a.csv", 17.0 * 1024.0 * 1024.0).as_deref(), Some("a.csv is larger than 16 MB."));
        assert!(refused("a.csv", 0.0).is_some());
        assert_eq!(refused("a.csv", 16.0 * 1024.0 * 1024.0), None);
    }
}
