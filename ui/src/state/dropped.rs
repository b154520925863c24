//! Files that are dropped on the window where no field takes them: which are taken, and that each is taken once.

use super::blackouts::refused_file;
use super::target_import::{TextFile, refused};
use std::rc::Rc;
use yew::prelude::*;

/// What a file is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Runbook,
    Targets,
    /// An iCalendar file: dates on which nothing is to run.
    Blackouts,
}

/// Largest runbook that is read, in bytes: what the engine takes, in round numbers.
const RUNBOOK_MAX: f64 = 2_000_000.0;

/// Why a runbook is not even looked at.
#[must_use]
pub fn refused_runbook(bytes: f64) -> Option<String> {
    (bytes > RUNBOOK_MAX).then(|| "That file is larger than 2 MB; a runbook is not.".to_owned())
}

/// Why a file that was dropped is not taken, in a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTaken(pub String);

/// What a file is taken as, by its name and size alone: a picture or an image of a disk must not be read to find out.
///
/// # Errors
/// Why it is not taken.
pub fn kind_of(file_name: &str, bytes: f64, on_session: bool) -> Result<Kind, NotTaken> {
    // Whoever drops a file on a session means evidence and has missed the step; an import would take the page away.
    if on_session {
        return Err(NotTaken("Drop files on a step: they become its evidence.".to_owned()));
    }
    let ending =
        file_name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let (kind, refused) = match ending.as_str() {
        "md" | "markdown" | "txt" | "json" => (Kind::Runbook, refused_runbook(bytes)),
        "csv" | "tsv" => (Kind::Targets, refused(file_name, bytes)),
        "ics" => (Kind::Blackouts, refused_file(file_name, bytes)),
        _ => {
            return Err(NotTaken(format!(
                "{file_name} cannot be dropped here. Runbooks (.md, .markdown, .txt, .json), tables of targets (.csv, .tsv) and calendars (.ics) can."
            )));
        }
    };
    refused.map_or(Ok(kind), |reason| Err(NotTaken(reason)))
}

/// A file that was dropped. The number tells it from the same file dropped again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    number: u32,
    kind: Kind,
    file: Rc<TextFile>,
}

/// The file that waits for its import, if any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drops {
    next: u32,
    waiting: Option<Dropped>,
}

/// What can happen to it.
#[derive(Debug)]
pub enum DropAction {
    Give(Kind, TextFile),
    /// An import has the file of that number.
    Taken(u32),
    /// The person went elsewhere.
    Left,
}

impl Reducible for Drops {
    type Action = DropAction;

    fn reduce(self: Rc<Self>, action: DropAction) -> Rc<Self> {
        let mut drops = Rc::unwrap_or_clone(self);
        match action {
            DropAction::Give(kind, file) => {
                drops.waiting = Some(Dropped { number: drops.next, kind, file: Rc::new(file) });
                drops.next = drops.next.wrapping_add(1);
            }
            DropAction::Taken(number) => drops.waiting = drops.waiting.filter(|file| file.number != number),
            DropAction::Left => drops.waiting = None,
        }
        Rc::new(drops)
    }
}

/// The way to the file that waits, for the imports.
pub type DropQueue = UseReducerHandle<Drops>;

/// Hands a dropped file of a kind to an import that is open, once.
#[hook]
pub fn use_dropped(kind: Kind, open: bool, take: impl FnOnce(Rc<TextFile>) + 'static) {
    let drops = use_context::<DropQueue>();
    let waiting = drops.as_ref().and_then(|drops| drops.waiting.clone());
    let waiting = waiting.filter(|file| open && file.kind == kind);
    use_effect_with(waiting, move |waiting| {
        if let Some((drops, dropped)) = drops.zip(waiting.as_ref()) {
            drops.dispatch(DropAction::Taken(dropped.number));
            take(dropped.file.clone());
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::encoding::Encoding;

    #[test]
    fn runbooks_tables_and_calendars_are_taken_and_nothing_else() {
        for name in ["a.md", "a.b.MARKDOWN", "notes.txt", "flow.json"] {
            assert_eq!(kind_of(name, 10.0, false), Ok(Kind::Runbook), "{name}");
        }
        for name in ["hosts.csv", "hosts.TSV"] {
            assert_eq!(kind_of(name, 10.0, false), Ok(Kind::Targets), "{name}");
        }
        assert_eq!(kind_of("holidays.ICS", 10.0, false), Ok(Kind::Blackouts));
        for name in ["shot.png", "server.iso", "csv", "md", "a.csv.zip", ""] {
            let told = kind_of(name, 10.0, false).unwrap_err().0;
            assert!(told.contains("cannot be dropped") && told.contains(".md"), "{told}");
        }
    }

    #[test]
    fn what_is_too_large_is_not_taken() {
        assert_eq!(kind_of("a.md", 2_000_000.0, false), Ok(Kind::Runbook));
        assert!(kind_of("a.md", 2_000_001.0, false).unwrap_err().0.contains("2 MB"));
        assert_eq!(kind_of("a.csv", 2_000_001.0, false), Ok(Kind::Targets));
        assert!(kind_of("a.csv", 17.0 * 1024.0 * 1024.0, false).unwrap_err().0.contains("16 MB"));
    }

    #[test]
    fn on_a_session_files_are_for_its_steps() {
        for name in ["a.md", "hosts.csv", "shot.png"] {
            assert!(kind_of(name, 10.0, true).unwrap_err().0.contains("on a step"), "{name}");
        }
    }

    #[test]
    fn a_file_is_taken_once_and_the_same_file_again_is_another() {
        let give = || {
            DropAction::Give(
                Kind::Runbook,
                TextFile { file_name: "a.md".to_owned(), text: "# A".into(), encoding: Encoding::Utf8 },
            )
        };
        let first = Rc::new(Drops::default()).reduce(give());
        let taken = first.clone().reduce(DropAction::Taken(0));
        assert_eq!(taken.waiting, None);
        let again = taken.reduce(give());
        assert_ne!(again.waiting, first.waiting);
        let late = again.reduce(DropAction::Taken(0));
        assert!(late.waiting.is_some(), "a late answer does not take the newer file");
        assert_eq!(late.reduce(DropAction::Left).waiting, None);
    }
}
