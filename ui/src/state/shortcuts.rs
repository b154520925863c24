//! Every shortcut there is, in one table: the key handlers look keys up in it, the cheat sheet and the palette show it.
//!
//! Ctrl stands for Cmd as well. A letter is meant whatever the shift key does; deliberately absent: shortcuts that a
//! person could redefine.

/// Where a shortcut holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Anywhere,
    Session,
    Batch,
    /// The page of all sessions.
    Sessions,
    Notifications,
    /// The page of all schedules.
    Schedules,
    Calendar,
    Editor,
    /// In a note or a dialog: handled there, listed here.
    Writing,
}

/// What a shortcut does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Palette,
    Sheet,
    Today,
    Flows,
    Sessions,
    TargetLists,
    Notifications,
    Schedules,
    Calendar,
    Settings,
    Sharing,
    Members,
    /// Done, start or complete: whatever comes next.
    Proceed,
    Done,
    /// What a cell says, in full.
    Details,
    Fail,
    Skip,
    Note,
    /// Evidence is written or chosen.
    Attach,
    /// The browser's own key; what is pasted comes as an event.
    Paste,
    Assign,
    Pause,
    Resume,
    Rollback,
    Next,
    Previous,
    First,
    Last,
    Left,
    Right,
    NextTarget,
    PreviousTarget,
    /// An answer by its place, from 0.
    Answer(usize),
    Back,
    Leave,
    Open,
    Search,
    Select,
    SelectNext,
    SelectPrevious,
    SelectAll,
    Month,
    Week,
    PageBack,
    PageOn,
    Save,
    Undo,
    Redo,
    Add,
    MoveUp,
    MoveDown,
    Duplicate,
    Delete,
}

/// One line of the table.
#[derive(Clone, Copy, Debug)]
pub struct Shortcut {
    pub scope: Scope,
    pub act: Act,
    pub words: &'static str,
    /// Combinations that do the same, the one to show first. `Ctrl+K` is pressed at once, `g f` one after the other.
    pub chords: &'static [&'static str],
}

const fn line(scope: Scope, act: Act, words: &'static str, chords: &'static [&'static str]) -> Shortcut {
    Shortcut { scope, act, words, chords }
}

/// The digits answer a question.
const DIGITS: &str = "1–9";

/// The table, in the order people read it.
pub const SHORTCUTS: &[Shortcut] = &[
    line(Scope::Anywhere, Act::Palette, "Search or run a command", &["Ctrl+K"]),
    line(Scope::Anywhere, Act::Today, "Today", &["g d"]),
    line(Scope::Anywhere, Act::Flows, "Flows", &["g f"]),
    line(Scope::Anywhere, Act::Sessions, "Sessions", &["g s"]),
    line(Scope::Anywhere, Act::Schedules, "Schedules", &["g h"]),
    line(Scope::Anywhere, Act::Calendar, "Calendar", &["g c"]),
    line(Scope::Anywhere, Act::TargetLists, "Target lists", &["g t"]),
    line(Scope::Anywhere, Act::Notifications, "Notifications", &["g n"]),
    line(Scope::Anywhere, Act::Settings, "Settings", &["g e"]),
    line(Scope::Anywhere, Act::Sharing, "Workspace and sync", &["g w"]),
    line(Scope::Anywhere, Act::Members, "Members", &["g m"]),
    line(Scope::Anywhere, Act::Sheet, "This sheet", &["?"]),
    line(Scope::Session, Act::Proceed, "Done, start or complete", &["Enter"]),
    line(Scope::Session, Act::Fail, "Failed, with a note", &["F"]),
    line(Scope::Session, Act::Skip, "Skip, with a reason", &["S"]),
    line(Scope::Session, Act::Note, "Write a note", &["N"]),
    line(Scope::Session, Act::Attach, "Add evidence", &["E"]),
    line(Scope::Session, Act::Paste, "Paste a screenshot or output as evidence", &["Ctrl+V"]),
    line(Scope::Session, Act::Add, "Add a step that is not in the flow", &["I"]),
    line(Scope::Session, Act::Rollback, "Take up the rollback of a failed step", &["R"]),
    line(Scope::Session, Act::Assign, "Take the session, or hand it over", &["A"]),
    line(Scope::Session, Act::Next, "Next step", &["J"]),
    line(Scope::Session, Act::Previous, "Previous step", &["K"]),
    line(Scope::Session, Act::NextTarget, "Next target", &["]"]),
    line(Scope::Session, Act::PreviousTarget, "Previous target", &["["]),
    line(Scope::Session, Act::Answer(0), "Answer a question", &[DIGITS]),
    line(Scope::Session, Act::Back, "Back to the question before", &["B", "Backspace"]),
    line(Scope::Session, Act::Leave, "Back to the current step", &["Escape"]),
    line(Scope::Batch, Act::Next, "Next target", &["ArrowDown", "J"]),
    line(Scope::Batch, Act::Previous, "Previous target", &["ArrowUp", "K"]),
    line(Scope::Batch, Act::Right, "Next step", &["ArrowRight"]),
    line(Scope::Batch, Act::Left, "Previous step", &["ArrowLeft"]),
    line(Scope::Batch, Act::First, "First target", &["Home"]),
    line(Scope::Batch, Act::Last, "Last target", &["End"]),
    line(Scope::Batch, Act::Select, "Select the target", &["X", "Space"]),
    line(Scope::Batch, Act::SelectNext, "Select on downwards", &["Shift+ArrowDown"]),
    line(Scope::Batch, Act::SelectPrevious, "Select on upwards", &["Shift+ArrowUp"]),
    line(Scope::Batch, Act::SelectAll, "Select all that are shown", &["Ctrl+A"]),
    line(Scope::Batch, Act::Leave, "Clear the selection", &["Escape"]),
    line(Scope::Batch, Act::Done, "Step done", &["D"]),
    line(Scope::Batch, Act::Fail, "Step failed, with a note", &["F"]),
    line(Scope::Batch, Act::Skip, "Skip the step, with a reason", &["S"]),
    line(Scope::Batch, Act::Note, "Write a note", &["N"]),
    line(Scope::Batch, Act::Assign, "Assign to somebody", &["A"]),
    line(Scope::Batch, Act::Details, "Details of the cell", &["I"]),
    line(Scope::Batch, Act::Proceed, "Complete what has no open step", &["C"]),
    line(Scope::Batch, Act::Open, "Open the session", &["Enter"]),
    line(Scope::Batch, Act::Search, "Find a target", &["/"]),
    line(Scope::Sessions, Act::Next, "Next row", &["ArrowDown", "J"]),
    line(Scope::Sessions, Act::Previous, "Previous row", &["ArrowUp", "K"]),
    line(Scope::Sessions, Act::Right, "Show what lies in the row", &["ArrowRight"]),
    line(Scope::Sessions, Act::Left, "Hide it, or go back to its row", &["ArrowLeft"]),
    line(Scope::Sessions, Act::First, "First row", &["Home"]),
    line(Scope::Sessions, Act::Last, "Last row", &["End"]),
    line(Scope::Sessions, Act::Open, "Open the batch or the session", &["Enter"]),
    line(Scope::Sessions, Act::Search, "Search", &["/"]),
    line(Scope::Notifications, Act::Next, "Next notification", &["ArrowDown", "J"]),
    line(Scope::Notifications, Act::Previous, "Previous notification", &["ArrowUp", "K"]),
    line(Scope::Notifications, Act::First, "Newest", &["Home"]),
    line(Scope::Notifications, Act::Last, "Oldest that is shown", &["End"]),
    line(Scope::Notifications, Act::Done, "Mark as read", &["R"]),
    line(Scope::Notifications, Act::SelectAll, "Mark all as read", &["A"]),
    line(Scope::Schedules, Act::Next, "Next schedule", &["ArrowDown", "J"]),
    line(Scope::Schedules, Act::Previous, "Previous schedule", &["ArrowUp", "K"]),
    line(Scope::Schedules, Act::First, "First schedule", &["Home"]),
    line(Scope::Schedules, Act::Last, "Last schedule", &["End"]),
    line(Scope::Schedules, Act::Select, "Select the schedule", &["X", "Space"]),
    line(Scope::Schedules, Act::SelectNext, "Select on downwards", &["Shift+ArrowDown"]),
    line(Scope::Schedules, Act::SelectPrevious, "Select on upwards", &["Shift+ArrowUp"]),
    line(Scope::Schedules, Act::SelectAll, "Select all that are shown", &["Ctrl+A"]),
    line(Scope::Schedules, Act::Leave, "Clear the selection", &["Escape"]),
    line(Scope::Schedules, Act::Pause, "Pause", &["P"]),
    line(Scope::Schedules, Act::Resume, "Resume", &["R"]),
    line(Scope::Schedules, Act::Open, "Open the flow", &["Enter"]),
    line(Scope::Schedules, Act::Search, "Search", &["/"]),
    line(Scope::Calendar, Act::Left, "Day before", &["ArrowLeft"]),
    line(Scope::Calendar, Act::Right, "Day after", &["ArrowRight"]),
    line(Scope::Calendar, Act::Previous, "Week before", &["ArrowUp"]),
    line(Scope::Calendar, Act::Next, "Week after", &["ArrowDown"]),
    line(Scope::Calendar, Act::First, "Monday", &["Home"]),
    line(Scope::Calendar, Act::Last, "Sunday", &["End"]),
    line(Scope::Calendar, Act::PageBack, "Page back", &["PageUp"]),
    line(Scope::Calendar, Act::PageOn, "Page on", &["PageDown"]),
    line(Scope::Calendar, Act::Today, "Today", &["T"]),
    line(Scope::Calendar, Act::Month, "Months", &["M"]),
    line(Scope::Calendar, Act::Week, "Weeks", &["W"]),
    line(Scope::Calendar, Act::Open, "What is on the day", &["Enter"]),
    line(Scope::Editor, Act::Save, "Save", &["Ctrl+S"]),
    line(Scope::Editor, Act::Add, "New step below", &["Alt+Enter"]),
    line(Scope::Editor, Act::MoveUp, "Move the step up", &["Alt+ArrowUp"]),
    line(Scope::Editor, Act::MoveDown, "Move the step down", &["Alt+ArrowDown"]),
    line(Scope::Editor, Act::Duplicate, "Duplicate the step", &["Alt+D"]),
    line(Scope::Editor, Act::Delete, "Delete the step", &["Alt+Delete"]),
    line(Scope::Editor, Act::Undo, "Undo", &["Ctrl+Z"]),
    line(Scope::Editor, Act::Redo, "Redo", &["Ctrl+Shift+Z", "Ctrl+Y"]),
    line(Scope::Writing, Act::Proceed, "Save", &["Ctrl+Enter"]),
    line(Scope::Writing, Act::Leave, "Leave", &["Escape"]),
];

/// The scopes as the cheat sheet groups them.
pub const GROUPS: [(Scope, &str); 9] = [
    (Scope::Anywhere, "Anywhere"),
    (Scope::Session, "In a session"),
    (Scope::Batch, "In a batch"),
    (Scope::Sessions, "In the list of sessions"),
    (Scope::Notifications, "In the notifications"),
    (Scope::Schedules, "In the list of schedules"),
    (Scope::Calendar, "In the calendar"),
    (Scope::Editor, "In an editor"),
    (Scope::Writing, "In a note or a dialog"),
];

/// A key as it was pressed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pressed {
    /// As the browser names it: `a`, `A`, `Enter`, `ArrowUp`.
    pub key: String,
    /// Ctrl or Cmd.
    pub ctrl: bool,
    pub alt: bool,
    pub shift: bool,
}

impl Pressed {
    /// Without Ctrl and Alt: what typing would write.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        !self.ctrl && !self.alt
    }
}

/// What a key does in a scope; `first` is the key before it, when it came a moment ago.
#[must_use]
pub fn act_of(scope: Scope, first: Option<&str>, pressed: &Pressed) -> Option<Act> {
    let digit =
        pressed.key.parse::<usize>().ok().filter(|_| pressed.is_plain()).and_then(|n| n.checked_sub(1));
    // The second key of a pair means the pair, and not what it means alone.
    let ends_pair = |chord: &&str| {
        chord.split_once(' ').is_some_and(|(before, after)| first == Some(before) && is(after, pressed))
    };
    let paired = SHORTCUTS.iter().any(|shortcut| shortcut.chords.iter().any(ends_pair));
    SHORTCUTS.iter().filter(|shortcut| shortcut.scope == scope).find_map(|shortcut| {
        if let (Act::Answer(_), Some(digit)) = (shortcut.act, digit) {
            return Some(Act::Answer(digit));
        }
        let fits = |chord: &&str| if paired { ends_pair(chord) } else { is(chord, pressed) };
        shortcut.chords.iter().any(fits).then_some(shortcut.act)
    })
}

/// Whether a key begins a pair.
#[must_use]
pub fn begins_pair(pressed: &Pressed) -> bool {
    pressed.is_plain()
        && SHORTCUTS
            .iter()
            .flat_map(|shortcut| shortcut.chords)
            .any(|chord| chord.split_once(' ').is_some_and(|(before, _)| before == pressed.key))
}

fn is(chord: &str, pressed: &Pressed) -> bool {
    let mut asked = Pressed::default();
    for part in chord.split('+') {
        match part {
            "Ctrl" => asked.ctrl = true,
            "Alt" => asked.alt = true,
            "Shift" => asked.shift = true,
            "Space" => " ".clone_into(&mut asked.key),
            key => key.clone_into(&mut asked.key),
        }
    }
    let letter = asked.key.chars().count() == 1;
    // The shift key is part of how some layouts write `?` and `[`.
    let shift = if letter && !asked.ctrl { true } else { asked.shift == pressed.shift };
    shift
        && asked.ctrl == pressed.ctrl
        && asked.alt == pressed.alt
        && (asked.key == pressed.key || (letter && asked.key.eq_ignore_ascii_case(&pressed.key)))
}

/// The keys of a combination as they are shown, one after the other.
pub fn caps(chord: &'static str) -> impl Iterator<Item = &'static str> {
    chord.split([' ', '+']).map(|key| match key {
        "ArrowUp" => "↑",
        "ArrowDown" => "↓",
        "ArrowLeft" => "←",
        "ArrowRight" => "→",
        "Escape" => "Esc",
        "Backspace" => "⌫",
        "Delete" => "Del",
        key => key,
    })
}

/// The combination to show for something done anywhere.
#[must_use]
pub fn chord_of(act: Act) -> Option<&'static str> {
    let shortcut = SHORTCUTS.iter().find(|line| line.act == act && line.scope == Scope::Anywhere)?;
    shortcut.chords.first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(key: &str) -> Pressed {
        Pressed { key: key.to_owned(), ..Pressed::default() }
    }

    #[test]
    fn keys_are_found_in_the_table() {
        assert_eq!(act_of(Scope::Session, None, &key("f")), Some(Act::Fail));
        assert_eq!(act_of(Scope::Session, None, &Pressed { shift: true, ..key("F") }), Some(Act::Fail));
        assert_eq!(act_of(Scope::Session, None, &Pressed { ctrl: true, ..key("f") }), None);
        assert_eq!(act_of(Scope::Session, None, &key("3")), Some(Act::Answer(2)));
        assert_eq!(act_of(Scope::Session, None, &key("0")), None);
        assert_eq!(act_of(Scope::Anywhere, None, &Pressed { shift: true, ..key("?") }), Some(Act::Sheet));
        assert_eq!(act_of(Scope::Anywhere, None, &Pressed { ctrl: true, ..key("k") }), Some(Act::Palette));
        assert_eq!(act_of(Scope::Anywhere, None, &key("f")), None);
        assert_eq!(act_of(Scope::Anywhere, Some("g"), &key("f")), Some(Act::Flows));
        // Going to the sessions skips no step on the way.
        assert_eq!(act_of(Scope::Session, Some("g"), &key("s")), None);
        assert_eq!(act_of(Scope::Session, Some("x"), &key("s")), Some(Act::Skip));
        let undo = Pressed { ctrl: true, ..key("z") };
        assert_eq!(act_of(Scope::Editor, None, &undo), Some(Act::Undo));
        assert_eq!(act_of(Scope::Editor, None, &Pressed { shift: true, ..undo }), Some(Act::Redo));
        assert!(begins_pair(&key("g")) && !begins_pair(&key("f")));
    }

    #[test]
    fn no_combination_means_two_things_at_one_place() {
        let everywhere = SHORTCUTS.iter().filter(|line| line.scope == Scope::Anywhere);
        for (scope, _) in GROUPS {
            let here = SHORTCUTS.iter().filter(|line| line.scope == scope && scope != Scope::Anywhere);
            let mut chords: Vec<&str> =
                everywhere.clone().chain(here).flat_map(|line| line.chords).copied().collect();
            let all = chords.len();
            chords.sort_unstable();
            chords.dedup();
            assert_eq!(chords.len(), all, "{scope:?}");
        }
    }
}
