//! What a session of its own starts with: the target it is carried out on, if on any.

use crate::api::as_sentence;
use mf_domain::occurrence::folded;
use mf_domain::targets::{Target, validate, with_details_of};
use yew::AttrValue;

/// The target as it is typed, or taken from a saved list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TargetDraft {
    /// The id of a saved list, or what is typed instead.
    pub list: AttrValue,
    pub label: AttrValue,
    pub notes: AttrValue,
}

/// What keeps a session from starting: the field, and a sentence beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongTarget {
    pub field: TargetField,
    pub words: String,
}

/// A field of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TargetField {
    List,
    Label,
    Notes,
}

impl TargetField {
    /// The id of its control.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::List => "start-target-list",
            Self::Label => "start-target",
            Self::Notes => "start-target-notes",
        }
    }
}

impl TargetDraft {
    /// The name changes; the notes follow from one target of the list to the next, unless they were written here.
    #[must_use]
    pub fn with_label(&self, label: String, known: &[Target]) -> Self {
        let before = find(known, &self.label).and_then(|target| target.notes.as_deref()).unwrap_or_default();
        let after = find(known, &label).and_then(|target| target.notes.clone()).unwrap_or_default();
        let own = self.notes.trim() != before;
        let notes = if own { self.notes.clone() } else { after.into() };
        Self { label: label.into(), notes, ..self.clone() }
    }

    /// Another list is chosen; what came from the one before goes with it.
    #[must_use]
    pub fn with_list(&self, list: String, known: &[Target]) -> Self {
        let kept = if find(known, &self.label).is_some() {
            self.with_label(String::new(), known)
        } else {
            self.clone()
        };
        Self { list: list.into(), ..kept }
    }

    /// The target; `None` where nothing is said of any. `known` are those of the chosen list, `None` without a list.
    ///
    /// # Errors
    /// The first field that is wrong.
    pub fn target(&self, known: Option<&[Target]>) -> Result<Option<Target>, WrongTarget> {
        let wrong = |field, words: &str| WrongTarget { field, words: words.to_owned() };
        if !self.list.is_empty() && known.is_none() {
            return Err(wrong(TargetField::List, "Choose a list, or empty the field."));
        }
        let (label, notes) = (self.label.trim(), self.notes.trim());
        if label.is_empty() {
            return match (known, notes) {
                (Some(_), _) => {
                    Err(wrong(TargetField::Label, "Choose a target of the list, or type a name."))
                }
                (None, "") => Ok(None),
                (None, _) => Err(wrong(TargetField::Label, "Say which target the notes are about.")),
            };
        }
        let label = find(known.unwrap_or_default(), label).map_or(label, |target| &target.label);
        let typed = Target {
            label: label.to_owned(),
            notes: (!notes.is_empty()).then(|| notes.to_owned()),
            ..Target::default()
        };
        let detailed = with_details_of(vec![typed], known.unwrap_or_default());
        let mut checked = validate(&detailed).map_err(|invalid| {
            let (field, name) = if invalid.field.ends_with("notes") {
                (TargetField::Notes, "notes")
            } else {
                (TargetField::Label, "name")
            };
            WrongTarget { field, words: as_sentence(&format!("the {name} {}", invalid.message)) }
        })?;
        Ok(checked.pop())
    }
}

fn find<'a>(known: &'a [Target], label: &str) -> Option<&'a Target> {
    let wanted = folded(label.trim());
    known.iter().find(|target| folded(&target.label) == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn farm() -> Vec<Target> {
        let target = |label: &str, notes: Option<&str>| Target {
            label: label.to_owned(),
            notes: notes.map(str::to_owned),
            client: Some("Contoso".to_owned()),
            ..Target::default()
        };
        vec![target("RDS-01", Some("10.0.0.1")), target("RDS-02", None)]
    }

    fn typed(label: &str, notes: &str) -> TargetDraft {
        TargetDraft {
            label: label.to_owned().into(),
            notes: notes.to_owned().into(),
            ..TargetDraft::default()
        }
    }

    #[test]
    fn notes_follow_the_target_and_stay_where_they_were_written() {
        let chosen = TargetDraft::default().with_label("rds-01".to_owned(), &farm());
        assert_eq!(chosen.notes, "10.0.0.1");
        let other = chosen.with_label("RDS-02".to_owned(), &farm());
        assert_eq!(other.notes, "");
        let own = TargetDraft { notes: "by the door".into(), ..other };
        assert_eq!(own.with_label("RDS-01".to_owned(), &farm()).notes, "by the door");
        let gone = chosen.with_list("another".to_owned(), &farm());
        assert_eq!((gone.label.as_str(), gone.notes.as_str(), gone.list.as_str()), ("", "", "another"));
        assert_eq!(typed("PC-7", "").with_list("another".to_owned(), &farm()).label, "PC-7");
    }

    #[test]
    fn a_target_of_a_list_brings_its_details_and_one_that_is_typed_none() {
        let farm = farm();
        let of_list = typed(" rds-01 ", "10.0.0.9").target(Some(&farm)).unwrap().unwrap();
        assert_eq!(of_list.client.as_deref(), Some("Contoso"));
        assert_eq!((of_list.label.as_str(), of_list.notes.as_deref()), ("RDS-01", Some("10.0.0.9")));
        assert_eq!(typed("RDS-01", "").target(None).unwrap().unwrap().client, None);
        assert_eq!(typed(" ", " ").target(None), Ok(None));
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        let field = |draft: TargetDraft, known: Option<&[Target]>| draft.target(known).unwrap_err().field;
        assert_eq!(field(typed("", "by the door"), None), TargetField::Label);
        assert_eq!(field(typed("", ""), Some(&farm())), TargetField::Label);
        assert_eq!(field(typed(&"x".repeat(256), ""), None), TargetField::Label);
        assert_eq!(field(typed("PC-7", &"x".repeat(501)), None), TargetField::Notes);
        let nowhere = TargetDraft { list: "no such list".into(), ..typed("PC-7", "") };
        assert_eq!(field(nowhere, None), TargetField::List);
    }
}
