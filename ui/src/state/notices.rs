//! Notifications as the centre shows them: by the day they came, and those behind the newest in pages.

use super::time;
use chrono::{DateTime, Days, Utc};
use mf_contract::notifications::Notification;
use mf_domain::ids::NotificationId;
use std::ops::Range;
use std::rc::Rc;
use yew::Reducible;

/// The notifications of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// `Today`, `Yesterday`, `Fri 18 Dec 2026`.
    pub words: String,
    /// Their places in the list.
    pub places: Range<usize>,
}

/// The days of a list that is newest first, on the viewer's calendar.
#[must_use]
pub fn days<'a>(list: impl Iterator<Item = &'a Notification>, now: DateTime<Utc>) -> Vec<Day> {
    let today = time::in_viewer_zone(now).date();
    let mut days: Vec<Day> = Vec::new();
    let mut last = None;
    for (place, notification) in list.enumerate() {
        let wall = time::in_viewer_zone(notification.created_at);
        let day = wall.date();
        if last != Some(day) {
            last = Some(day);
            let words = if day == today {
                "Today".to_owned()
            } else if Some(day) == today.checked_sub_days(Days::new(1)) {
                "Yesterday".to_owned()
            } else {
                time::full_date(wall)
            };
            days.push(Day { words, places: place..place });
        }
        if let Some(day) = days.last_mut() {
            day.places.end = place + 1;
        }
    }
    days
}

/// What is still to be marked as read, the oldest wish first: the engine is asked for one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ToMark(Vec<NotificationId>);

/// What happens to the wishes.
#[derive(Clone, Copy, Debug)]
pub enum MarkAction {
    Ask(NotificationId),
    /// The engine has answered, well or not.
    Answered(NotificationId),
}

impl ToMark {
    /// What the engine is asked for now.
    #[must_use]
    pub fn first(&self) -> Option<NotificationId> {
        self.0.first().copied()
    }
}

impl Reducible for ToMark {
    type Action = MarkAction;

    fn reduce(self: Rc<Self>, action: MarkAction) -> Rc<Self> {
        let mut wishes = Rc::unwrap_or_clone(self);
        match action {
            MarkAction::Ask(id) if !wishes.0.contains(&id) => wishes.0.push(id),
            MarkAction::Ask(_) => {}
            MarkAction::Answered(id) => wishes.0.retain(|wish| *wish != id),
        }
        Rc::new(wishes)
    }
}

/// What stands behind the newest, which are loaded anew whenever one comes: notifications, entries of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Older<I, T> {
    /// The one they follow.
    pub after: Option<I>,
    pub list: Vec<T>,
    /// Nothing is older.
    pub ended: bool,
}

impl<I, T> Default for Older<I, T> {
    fn default() -> Self {
        Self { after: None, list: Vec::new(), ended: false }
    }
}

impl<I: PartialEq, T> Older<I, T> {
    /// What of them follows one: all or nothing. Pages behind another one no longer join.
    #[must_use]
    pub fn behind(self, last: Option<I>) -> Self {
        if self.after == last { self } else { Self { after: last, ..Self::default() } }
    }

    /// With another page of a size.
    #[must_use]
    pub fn with(mut self, page: Vec<T>, size: usize) -> Self {
        self.ended = page.len() < size;
        self.list.extend(page);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mf_contract::notifications::NotificationKind;
    use uuid::Uuid;

    fn came(id: u128, at: &str) -> Notification {
        Notification {
            id: NotificationId(Uuid::from_u128(id)),
            kind: NotificationKind::RunReady,
            title: "Maintenance run ready".to_owned(),
            body: String::new(),
            route: "/batches/1".to_owned(),
            actions: Vec::new(),
            created_at: at.parse().unwrap(),
            read_at: None,
        }
    }

    #[test]
    fn each_day_is_named_and_holds_what_came_on_it() {
        let list = [
            came(1, "2026-12-18T22:00:00Z"),
            came(2, "2026-12-18T00:00:00Z"),
            came(3, "2026-12-17T23:59:00Z"),
            came(4, "2026-12-11T09:00:00Z"),
        ];
        let found = days(list.iter(), "2026-12-18T23:00:00Z".parse().unwrap());
        let words: Vec<(&str, Range<usize>)> =
            found.iter().map(|day| (day.words.as_str(), day.places.clone())).collect();
        assert_eq!(words, [("Today", 0..2), ("Yesterday", 2..3), ("Fri 11 Dec 2026", 3..4)]);
        assert!(days([].iter(), DateTime::UNIX_EPOCH).is_empty());
    }

    #[test]
    fn older_pages_stay_only_behind_the_notification_they_followed() {
        let one = NotificationId(Uuid::from_u128(1));
        let older = Older::default().behind(Some(one)).with(vec![came(2, "2026-12-11T09:00:00Z")], 1);
        assert_eq!((older.list.len(), older.ended), (1, false));
        let older = older.with(Vec::new(), 1);
        assert!(older.ended && older.clone().behind(Some(one)) == older);
        assert_eq!(older.behind(None).list.len(), 0);
    }

    #[test]
    fn two_that_are_marked_at_once_follow_one_another() {
        let id = |id| NotificationId(Uuid::from_u128(id));
        let wishes = [1, 2, 1]
            .map(id)
            .into_iter()
            .fold(Rc::new(ToMark::default()), |wishes, id| wishes.reduce(MarkAction::Ask(id)));
        assert_eq!(wishes.first(), Some(id(1)));
        let wishes = wishes.reduce(MarkAction::Answered(id(1)));
        assert_eq!(wishes.first(), Some(id(2)));
        assert_eq!(wishes.reduce(MarkAction::Answered(id(2))).first(), None);
    }
}
