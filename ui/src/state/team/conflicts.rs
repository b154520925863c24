//! Two copies of a row side by side, column by column, as a person reads them.

use super::entities::column_word;
use crate::state::blackouts::to_lines;
use chrono::{DateTime, Utc};
use mf_contract::sync::{Conflict, ConflictReason};
use mf_domain::policy::BlackoutEntry;
use mf_domain::synced::table;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

/// What ids stand for, as far as it is known: members, flows, lists, revisions.
pub type Names = HashMap<String, String>;

/// A value as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    Nothing,
    Text(String),
    At(DateTime<Utc>),
}

/// One column of both copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub lost: Shown,
    pub stands: Shown,
    pub differs: bool,
}

/// When a copy was changed last stands in its heading.
const IN_HEADING: &str = "updated_at";

/// The columns of both copies: those that differ first, otherwise in the order of the table.
#[must_use]
pub fn fields(conflict: &Conflict, names: &Names) -> Vec<Field> {
    let value = |copy: &Option<Value>, column: &str| {
        copy.as_ref().and_then(|copy| copy.get(column)).cloned().unwrap_or(Value::Null)
    };
    let mut found: Vec<Field> = columns(conflict)
        .into_iter()
        .filter(|column| column != IN_HEADING)
        .map(|column| {
            let (lost, stands) = (value(&conflict.lost, &column), value(&conflict.stands, &column));
            let both = conflict.lost.is_some() && conflict.stands.is_some();
            Field {
                name: column_word(&column),
                differs: both && lost != stands,
                lost: shown(&column, &lost, names),
                stands: shown(&column, &stands, names),
            }
        })
        .filter(|field| field.differs || field.lost != Shown::Nothing || field.stands != Shown::Nothing)
        .collect();
    found.sort_by_key(|field| !field.differs);
    found
}

/// The columns there are, in the order of the table; those of a newer release behind them.
fn columns(conflict: &Conflict) -> Vec<String> {
    let known = table::find(&conflict.entity).map_or(&[][..], |table| table.columns);
    let mut columns: Vec<String> = known.iter().map(|(name, _)| (*name).to_owned()).collect();
    for copy in [&conflict.lost, &conflict.stands].into_iter().flatten() {
        for column in copy.as_object().into_iter().flat_map(|copy| copy.keys()) {
            if !columns.contains(column) {
                columns.push(column.clone());
            }
        }
    }
    columns
}

/// When a copy was changed last.
#[must_use]
pub fn changed_at(copy: Option<&Value>) -> Option<DateTime<Utc>> {
    instant(copy?.get(IN_HEADING)?)
}

fn instant(value: &Value) -> Option<DateTime<Utc>> {
    value.as_str()?.parse().ok()
}

fn shown(column: &str, value: &Value, names: &Names) -> Shown {
    let text = match value {
        Value::Null => return Shown::Nothing,
        Value::Number(_) if column == "paused" => if value == 0 { "No" } else { "Yes" }.to_owned(),
        Value::Array(_) if column == "entries" => {
            match serde_json::from_value::<Vec<BlackoutEntry>>(value.clone()) {
                Ok(entries) => to_lines(&entries).trim_end().to_owned(),
                Err(_) => text(value, names),
            }
        }
        Value::String(written) => match instant(value) {
            // Only a whole instant is one: `22:00` of a rule stays as it is.
            Some(at) => return Shown::At(at),
            None => names.get(written).cloned().unwrap_or_else(|| written.clone()),
        },
        _ => text(value, names),
    };
    if text.is_empty() { Shown::Nothing } else { Shown::Text(text) }
}

/// JSON in lines: what has a label is called by it.
fn text(value: &Value, names: &Names) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(flag) => if *flag { "Yes" } else { "No" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(written) => names.get(written).unwrap_or(written).clone(),
        Value::Array(items) => items.iter().map(|item| line(item, names)).collect::<Vec<_>>().join("\n"),
        Value::Object(parts) => {
            let steps = ["steps", "nodes"].into_iter().find_map(|key| parts.get(key));
            match steps {
                Some(steps) => text(steps, names),
                None => sorted(parts)
                    .map(|(key, value)| format!("{}: {}", key.replace('_', " "), line(value, names)))
                    .collect::<Vec<_>>()
                    .join("\n"),
            }
        }
    }
}

/// By their keys, whatever order they came in.
fn sorted(parts: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    parts.iter().collect::<BTreeMap<_, _>>().into_iter()
}

/// JSON on one line.
fn line(value: &Value, names: &Names) -> String {
    let Some(parts) = value.as_object() else { return text(value, names).replace('\n', ", ") };
    let label = ["label", "title", "name"].into_iter().find_map(|key| Some((key, parts.get(key)?.as_str()?)));
    let rest = sorted(parts).filter(|(key, value)| {
        // What tells a step apart for the program says nothing to a person.
        !value.is_null() && !["id", "type"].contains(&key.as_str()) && label.is_none_or(|(of, _)| of != *key)
    });
    let rest: Vec<String> = rest
        .map(|(_, value)| text(value, names).replace('\n', ", "))
        .filter(|text| !text.is_empty())
        .collect();
    label.map(|(_, label)| label.to_owned()).into_iter().chain(rest).collect::<Vec<_>>().join(" · ")
}

/// Why a copy lost, in a word or two.
#[must_use]
pub fn reason_word(reason: ConflictReason) -> &'static str {
    match reason {
        ConflictReason::Concurrent => "Changed by two",
        ConflictReason::Forbidden
        | ConflictReason::Invalid
        | ConflictReason::ParentMissing
        | ConflictReason::Gone => "Refused",
    }
}

/// Why a copy lost and where it is, in sentences.
#[must_use]
pub fn reason_text(reason: ConflictReason) -> &'static str {
    match reason {
        ConflictReason::Concurrent => {
            "Two people changed it without knowing of each other. The later one stands; the other copy is kept here for the \
             whole team."
        }
        ConflictReason::Forbidden => {
            "The server refused it: your role, or the end of your membership, did not allow it. It is on this computer alone."
        }
        ConflictReason::Invalid => "The server cannot hold it. It is on this computer alone.",
        ConflictReason::ParentMissing => {
            "The server refused it: what it belongs to is not there. It is on this computer alone."
        }
        ConflictReason::Gone => {
            "It was deleted so long ago that the server does not know it any more. Your copy is on this computer alone."
        }
    }
}

/// Why a copy that lost cannot be restored by the person who looks.
pub const MAY_NOT: &str = "Your role does not allow to restore it: ask somebody of the team whose role does.";

#[cfg(test)]
mod tests {
    use super::*;
    use mf_domain::ids::ConflictId;
    use serde_json::json;

    fn conflict(entity: &str, lost: Value, stands: Value) -> Conflict {
        Conflict {
            id: ConflictId(uuid::Uuid::nil()),
            reason: ConflictReason::Concurrent,
            entity: entity.to_owned(),
            row_id: String::new(),
            name: None,
            at: DateTime::UNIX_EPOCH,
            member_id: None,
            member_name: None,
            lost: (!lost.is_null()).then_some(lost),
            stands: (!stands.is_null()).then_some(stands),
            can_restore: true,
        }
    }

    fn words(fields: &[Field]) -> Vec<(&str, bool)> {
        fields.iter().map(|field| (field.name.as_str(), field.differs)).collect()
    }

    #[test]
    fn what_differs_comes_first_and_what_neither_has_is_left_out() {
        let lost = json!({"name": "By Ada", "description": "", "client": "Contoso", "site": "Rome",
            "updated_at": "2026-11-05T07:00:00.000Z", "future": 3});
        let stands = json!({"name": "By Grace", "description": "", "client": "Contoso",
            "updated_at": "2026-11-05T08:00:00.000Z", "future": 3});
        let conflict = conflict("target_lists", lost, stands);
        let fields = fields(&conflict, &Names::new());
        assert_eq!(words(&fields), [("Name", true), ("Site", true), ("Client", false), ("Future", false)]);
        assert_eq!((&fields[1].lost, &fields[1].stands), (&Shown::Text("Rome".into()), &Shown::Nothing));
        assert!(changed_at(conflict.lost.as_ref()) < changed_at(conflict.stands.as_ref()));
    }

    #[test]
    fn of_one_copy_alone_nothing_differs() {
        let fields = fields(&conflict("target_lists", json!({"name": "Farm"}), Value::Null), &Names::new());
        assert_eq!(words(&fields), [("Name", false)]);
    }

    #[test]
    fn values_read_as_a_person_says_them() {
        let names = Names::from([("7".to_owned(), "Ada".to_owned())]);
        let text = |column: &str, value: Value| match shown(column, &value, &names) {
            Shown::Text(text) => text,
            other => panic!("{other:?}"),
        };
        assert_eq!(text("created_by", json!("7")), "Ada");
        assert_eq!(text("blackout_ids", json!(["7", "8"])), "Ada\n8");
        assert_eq!(text("paused", json!(1)), "Yes");
        let targets = json!([{"label": "RDS-01", "client": "Contoso"}, {"label": "RDS-02"}]);
        assert_eq!(text("targets", targets), "RDS-01 · Contoso\nRDS-02");
        let steps = json!({"steps": [{"id": "a", "type": "procedure_step", "title": "Drain"}]});
        assert_eq!(text("structure", steps), "Drain");
        let rule = json!({"kind": "cron", "expression": "0 3 * * 2"});
        assert_eq!(text("recurrence", rule), "expression: 0 3 * * 2\nkind: cron");
        let freeze =
            json!([{"kind": "days", "from": "2026-12-24", "to": "2026-12-26", "label": "Christmas"}]);
        assert_eq!(text("entries", freeze), "2026-12-24 to 2026-12-26 # Christmas");
        let at = shown("created_at", &json!("2026-11-05T07:00:00.000Z"), &names);
        assert!(matches!(at, Shown::At(_)), "{at:?}");
        assert_eq!(shown("windows", &json!([]), &names), Shown::Nothing);
        assert_eq!(text("notify_unfinished_at", json!("06:00")), "06:00");
    }
}
