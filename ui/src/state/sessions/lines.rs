//! The lines of the page, one after the other, and the way between them from the keyboard.

use super::query::Client;
use super::shelf::{Branch, Kind, Row, Shelf, Stretch};
use mf_contract::ApiError;
use mf_contract::target_lists::ClientSummary;
use mf_domain::ids::{BatchId, SessionId};
use std::collections::BTreeSet;

/// What a line is of; stays the same while rows come and go around it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Group(Client),
    Batch(Option<Client>, BatchId),
    Session(Option<Client>, SessionId),
}

impl Key {
    /// The id of its element.
    #[must_use]
    pub fn element_id(&self) -> String {
        let within = |group: &Option<Client>| match group {
            None => String::new(),
            Some(Client::None) => "-none".to_owned(),
            // What a name may hold an id may not.
            Some(Client::Named(name)) => {
                name.bytes().fold("-".to_owned(), |id, byte| format!("{id}{byte:x}"))
            }
        };
        match self {
            Self::Group(client) => format!("group{}", within(&Some(client.clone()))),
            Self::Batch(group, id) => format!("batch-{id}{}", within(group)),
            Self::Session(group, id) => format!("session-{id}{}", within(group)),
        }
    }
}

/// A group of the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub client: Client,
    /// All sessions of the client, and those that are open; none for work without a client.
    pub counts: Option<(u32, u32)>,
}

/// The groups to show: every client that has sessions, then the work that names none.
#[must_use]
pub fn groups(clients: &[ClientSummary], only: Option<&str>) -> Vec<Group> {
    let shown = |client: &&ClientSummary| {
        client.sessions > 0 && only.is_none_or(|only| client.name.eq_ignore_ascii_case(only))
    };
    let named = clients.iter().filter(shown).map(|client| Group {
        client: Client::Named(client.name.clone()),
        counts: Some((client.sessions, client.open_sessions)),
    });
    let rest = only.is_none().then_some(Group { client: Client::None, counts: None });
    named.chain(rest).collect()
}

/// What stands in a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    Group(Group),
    Row(Row),
    /// More follows here and is loaded when this line is drawn.
    More(Branch),
    Trouble(Branch, ApiError),
    /// Nothing is here.
    Nothing,
    /// So many sessions of the batch do not fit the filter.
    Others(u32),
}

/// One line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub content: Content,
    /// 1 at the left.
    pub level: u8,
    /// Whether what lies in it is shown; none for what nothing lies in.
    pub open: Option<bool>,
    pub key: Option<Key>,
}

impl Line {
    fn note(content: Content, level: u8) -> Self {
        Self { content, level, open: None, key: None }
    }
}

/// The lines of a shelf.
#[must_use]
pub fn lines(shelf: &Shelf, groups: Option<&[Group]>, open: &BTreeSet<Key>) -> Vec<Line> {
    let mut lines = Vec::new();
    match groups {
        None => history(shelf, None, 1, open, &mut lines),
        Some(groups) => {
            for group in groups {
                let key = Key::Group(group.client.clone());
                let is_open = open.contains(&key);
                lines.push(Line {
                    content: Content::Group(group.clone()),
                    level: 1,
                    open: Some(is_open),
                    key: Some(key),
                });
                if is_open {
                    history(shelf, Some(&group.client), 2, open, &mut lines);
                }
            }
        }
    }
    lines
}

/// Batches and single sessions in one order.
fn history(shelf: &Shelf, group: Option<&Client>, level: u8, open: &BTreeSet<Key>, lines: &mut Vec<Line>) {
    let branches = [Kind::Batches, Kind::Singles].map(|kind| Branch { group: group.cloned(), kind });
    let [batches, singles] = branches.each_ref().map(|branch| shelf.stretch(branch).map(|known| &**known));
    let barrier = barrier(batches).max(barrier(singles));
    let before = lines.len();
    for row in merged(batches, singles).take_while(|row| row.at() >= barrier) {
        let (key, open_now) = match row {
            Row::Session(session) => (Key::Session(group.cloned(), session.id), None),
            Row::Batch(batch) => {
                let key = Key::Batch(group.cloned(), batch.batch_id);
                let open_now = open.contains(&key);
                (key, Some(open_now))
            }
        };
        lines.push(Line { content: Content::Row(row.clone()), level, open: open_now, key: Some(key) });
        if let (Row::Batch(batch), Some(true)) = (row, open_now) {
            let branch = Branch { group: group.cloned(), kind: Kind::Inside(batch.batch_id) };
            inside(shelf, branch, batch.rollup.total, level + 1, lines);
        }
    }
    for (branch, known) in branches.into_iter().zip([batches, singles]) {
        // Only the stretch that holds the others back: its next page shows more.
        let holds = known.is_none_or(|known| !known.ended && self::barrier(Some(known)) == barrier);
        match known.and_then(|known| known.error.clone()) {
            Some(error) => lines.push(Line::note(Content::Trouble(branch, error), level)),
            None if holds => lines.push(Line::note(Content::More(branch), level)),
            None => {}
        }
    }
    if lines.len() == before {
        lines.push(Line::note(Content::Nothing, level));
    }
}

/// The instant up to which a stretch is known: what is older may still be preceded by rows that are not loaded. One that
/// failed holds nothing back.
fn barrier(known: Option<&Stretch>) -> i64 {
    match known {
        None => i64::MAX,
        Some(known) if known.ended || known.error.is_some() => i64::MIN,
        Some(known) => known.rows.last().map_or(i64::MAX, Row::at),
    }
}

/// Two stretches as one, newest first; of equal instants the batch.
fn merged<'a>(batches: Option<&'a Stretch>, singles: Option<&'a Stretch>) -> impl Iterator<Item = &'a Row> {
    let rows = |known: Option<&'a Stretch>| known.map_or(&[][..], |known| &known.rows[..]).iter().peekable();
    let (mut batches, mut singles) = (rows(batches), rows(singles));
    std::iter::from_fn(move || match (batches.peek(), singles.peek()) {
        (Some(batch), Some(single)) if single.at() > batch.at() => singles.next(),
        (Some(_), _) => batches.next(),
        (None, _) => singles.next(),
    })
}

/// The sessions of an open batch.
fn inside(shelf: &Shelf, branch: Branch, total: u32, level: u8, lines: &mut Vec<Line>) {
    let known = shelf.stretch(&branch);
    let rows = known.map_or(&[][..], |known| &known.rows[..]);
    for row in rows {
        if let Row::Session(session) = row {
            let key = Some(Key::Session(branch.group.clone(), session.id));
            lines.push(Line { content: Content::Row(row.clone()), level, open: None, key });
        }
    }
    let others = total.saturating_sub(rows.len() as u32);
    let content = match known.map(|known| (known.error.clone(), known.ended)) {
        Some((Some(error), _)) => Content::Trouble(branch, error),
        Some((None, true)) if others == 0 => return,
        Some((None, true)) => Content::Others(others),
        _ => Content::More(branch),
    };
    lines.push(Line::note(content, level));
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::state::sessions::shelf::Change;
    use crate::state::sessions::shelf::tests::{BATCHES, batch, session};
    use mf_contract::ErrorCode;
    use std::rc::Rc;
    use uuid::Uuid;
    use yew::Reducible;

    pub(crate) const SINGLES: Branch = Branch { group: None, kind: Kind::Singles };

    pub(crate) fn shelf(parts: &[(Branch, Vec<Row>, bool)]) -> Rc<Shelf> {
        parts.iter().fold(Rc::new(Shelf::default()), |shelf, (branch, rows, ended)| {
            let (branch, rows, ended) = (branch.clone(), rows.clone(), *ended);
            shelf.reduce(Change::Whole { round: 0, branch, rows, ended })
        })
    }

    fn seen(lines: &[Line]) -> String {
        let word = |line: &Line| match &line.content {
            Content::Group(group) => format!("[{:?}]", group.client),
            Content::Row(Row::Batch(batch)) => format!("b{}", batch.batch_id.0.as_u128()),
            Content::Row(Row::Session(session)) => format!("s{}", session.id.0.as_u128()),
            Content::More(branch) => format!("more {:?}", branch.kind),
            Content::Trouble(..) => "trouble".to_owned(),
            Content::Nothing => "nothing".to_owned(),
            Content::Others(number) => format!("{number} others"),
        };
        lines.iter().map(word).collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn key(id: u128) -> Key {
        Key::Batch(None, BatchId(Uuid::from_u128(id)))
    }

    #[test]
    fn batches_and_single_sessions_stand_in_one_order() {
        let shelf = shelf(&[
            (BATCHES, vec![batch(1, 90), batch(2, 50)], true),
            (SINGLES, vec![session(3, 70), session(4, 50), session(5, 10)], true),
        ]);
        assert_eq!(seen(&lines(&shelf, None, &BTreeSet::new())), "b1, s3, b2, s4, s5");
    }

    #[test]
    fn what_may_be_preceded_by_rows_not_loaded_waits_for_them() {
        let none = BTreeSet::new();
        let parts = [
            (BATCHES, vec![batch(1, 90), batch(2, 50)], false),
            (SINGLES, vec![session(3, 70), session(4, 40)], true),
        ];
        // A batch of 45 may come, so the session of 40 waits.
        assert_eq!(seen(&lines(&shelf(&parts), None, &none)), "b1, s3, b2, more Batches");
        assert_eq!(seen(&lines(&shelf(&parts[..1]), None, &none)), "more Singles");
        assert_eq!(seen(&lines(&Shelf::default(), None, &none)), "more Batches, more Singles");
        // The one that is known less far is asked on, and only that.
        let parts =
            [(BATCHES, vec![batch(1, 90), batch(2, 50)], false), (SINGLES, vec![session(3, 70)], false)];
        assert_eq!(seen(&lines(&shelf(&parts), None, &none)), "b1, s3, more Singles");
    }

    #[test]
    fn a_stretch_that_fails_does_not_hide_the_other() {
        let error = ApiError::new(ErrorCode::Unavailable, "locked");
        let known = shelf(&[(BATCHES, vec![batch(1, 90)], true)]);
        let known = known.reduce(Change::Failed { round: 0, branch: SINGLES, error });
        assert_eq!(seen(&lines(&known, None, &BTreeSet::new())), "b1, trouble");
        let empty = shelf(&[(BATCHES, vec![], true), (SINGLES, vec![], true)]);
        assert_eq!(seen(&lines(&empty, None, &BTreeSet::new())), "nothing");
    }

    #[test]
    fn an_open_batch_shows_its_sessions_and_how_many_do_not_fit() {
        let inside = Branch { group: None, kind: Kind::Inside(BatchId(Uuid::from_u128(1))) };
        let root = [(BATCHES, vec![batch(1, 90), batch(2, 50)], true), (SINGLES, vec![], true)];
        let open = BTreeSet::from([key(1)]);
        assert_eq!(seen(&lines(&shelf(&root), None, &open)), format!("b1, more {:?}, b2", inside.kind));
        let [a, b] = root;
        let known = shelf(&[a, b, (inside, vec![session(3, 0)], true)]);
        let lines = lines(&known, None, &open);
        // The batch has two sessions; the engine found one that fits.
        assert_eq!(seen(&lines), "b1, s3, 1 others, b2");
        assert_eq!(lines.iter().map(|line| line.level).collect::<Vec<_>>(), [1, 2, 2, 1]);
    }

    #[test]
    fn groups_are_the_clients_that_have_work_and_the_rest() {
        let client = |name: &str, sessions| ClientSummary {
            name: name.to_owned(),
            target_lists: 1,
            sessions,
            open_sessions: 0,
        };
        let clients = [client("Contoso", 3), client("Only a list", 0), client("Fabrikam", 1)];
        let names = |only| {
            let named = |group: Group| match group.client {
                Client::Named(name) => name,
                Client::None => "-".to_owned(),
            };
            groups(&clients, only).into_iter().map(named).collect::<Vec<_>>()
        };
        assert_eq!(names(None), ["Contoso", "Fabrikam", "-"]);
        assert_eq!(names(Some("contoso")), ["Contoso"]);
        let shown = lines(&Shelf::default(), Some(&groups(&clients, None)), &BTreeSet::new());
        assert_eq!((shown.len(), shown[0].open), (3, Some(false)));
        assert_ne!(shown[0].key.as_ref().unwrap().element_id(), shown[1].key.as_ref().unwrap().element_id());
    }
}
