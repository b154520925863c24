//! What the audit is filtered by, and its entries in words. All filters stand in the address, so that back and reload keep
//! them.

use crate::route::{Here, Route, query_of};
use crate::state::time::{in_viewer_zone, instant_of, parse_day};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use mf_contract::audit::{AuditEntry, AuditFilter};
use mf_domain::ids::MemberId;

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub member: Option<MemberId>,
    pub action: Option<String>,
    pub entity: Option<String>,
    /// The id of a row.
    pub row: Option<String>,
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
}

impl Asked {
    /// Reads the address; nonsense asks for nothing.
    #[must_use]
    pub fn of(here: &Here) -> Self {
        let word = |key: &str| here.asked(key).filter(|word| !word.is_empty()).map(str::to_owned);
        let day = |key: &str| here.asked(key).and_then(parse_day);
        Self {
            member: here.asked("member").and_then(|id| id.parse().ok()),
            action: word("action"),
            entity: word("entity"),
            row: word("row"),
            from: day("from"),
            to: day("to"),
        }
    }

    /// The address that asks for it.
    #[must_use]
    pub fn address(&self) -> String {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string());
        Route::Audit.asking(&query_of([
            ("member", self.member.map(|id| id.to_string())),
            ("action", self.action.clone()),
            ("entity", self.entity.clone()),
            ("row", self.row.clone()),
            ("from", day(self.from)),
            ("to", day(self.to)),
        ]))
    }

    /// Whether anything is looked for.
    #[must_use]
    pub fn filters(&self) -> bool {
        *self != Self::default()
    }

    /// Whether the days are in their order.
    #[must_use]
    pub fn days_are_in_order(&self) -> bool {
        self.from.zip(self.to).is_none_or(|(from, to)| from <= to)
    }

    /// What the engine is asked for: days are those of the viewer's calendar.
    #[must_use]
    pub fn filter(&self) -> AuditFilter {
        let midnight =
            |day: NaiveDate| -> DateTime<Utc> { instant_of(day.and_time(NaiveTime::MIN), in_viewer_zone) };
        AuditFilter {
            member_id: self.member,
            device_id: None,
            entity: self.entity.clone(),
            row_id: self.row.clone(),
            action: self.action.clone(),
            from: self.from.map(midnight),
            to: self.to.and_then(|day| day.checked_add_days(Days::new(1))).map(midnight),
        }
    }
}

/// The actions there are: how they travel, and what a person calls them.
pub const ACTIONS: [(&str, &str); 10] = [
    ("create", "Created"),
    ("update", "Changed"),
    ("delete", "Deleted"),
    ("put_evidence", "Sent evidence"),
    ("create_workspace", "Made the workspace"),
    ("invite", "Invited"),
    ("add_device", "Invited a computer"),
    ("join", "Joined"),
    ("set_role", "Changed a role"),
    ("remove", "Ended a membership"),
];

/// What was done, in a word or two.
#[must_use]
pub fn action_word(action: &str) -> String {
    let known = ACTIONS.iter().find(|(name, _)| *name == action);
    known.map_or_else(|| crate::api::capitalised(&action.replace('_', " ")), |(_, word)| (*word).to_owned())
}

/// Who did it.
#[must_use]
pub fn who(entry: &AuditEntry) -> &str {
    entry.member_name.as_deref().unwrap_or(if entry.member_id.is_some() {
        "Somebody"
    } else {
        "An administrator"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_read_back_from_their_address() {
        let asked = Asked {
            member: Some(MemberId(uuid::Uuid::from_u128(7))),
            action: Some("set_role".to_owned()),
            entity: Some("flows".to_owned()),
            row: Some("0197-ab".to_owned()),
            from: parse_day("2026-11-05"),
            to: parse_day("2026-11-06"),
        };
        let here = Here::of_address(&asked.address());
        assert_eq!((here.route, Asked::of(&here)), (Route::Audit, asked));
        assert_eq!(
            Asked::of(&Here::of_address("/settings/audit?member=x&from=soon&action=")),
            Asked::default()
        );
        assert!(!Asked::default().filters());
    }

    #[test]
    fn the_last_day_is_meant_whole() {
        let day = parse_day("2026-11-05");
        let asked = Asked { from: day, to: day, ..Asked::default() };
        let filter = asked.filter();
        assert_eq!(filter.to.zip(filter.from).map(|(to, from)| (to - from).num_hours()), Some(24));
        assert!(asked.days_are_in_order());
        assert!(!Asked { to: parse_day("2026-11-04"), ..asked }.days_are_in_order());
    }

    #[test]
    fn actions_have_words_and_an_unknown_one_reads_as_it_is() {
        assert_eq!(action_word("set_role"), "Changed a role");
        assert_eq!(action_word("raise_quota"), "Raise quota");
    }
}
