//! The entries of a blackout calendar as text, one a line: `2026-12-24 to 2026-12-26 # Christmas`.
//!
//! Days stand alone; hours have a time at both ends, and may name a zone. Blank lines, and lines that begin with `#`, are
//! passed over. Whether an entry holds is the domain's to judge.

use crate::state::schedule::read_time;
use crate::state::time::{self, parse_day};
use chrono::{NaiveDate, NaiveDateTime};
use mf_domain::policy::BlackoutEntry;
use mf_domain::policy::blackout::{ENTRIES_MAX, validate};
use mf_domain::recurrence::TimeOfDay;
use mf_domain::targets::LineError;

/// Entries, and the line each stands on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    pub entries: Vec<BlackoutEntry>,
    pub lines: Vec<usize>,
}

/// Reads lines.
///
/// # Errors
/// Every line that is wrong, in order.
pub fn read(text: &str) -> Result<Entries, Vec<LineError>> {
    let mut read = Entries::default();
    let mut errors = Vec::new();
    for (index, line) in text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let line = match entry(line) {
            Ok(_) if read.entries.len() == ENTRIES_MAX => {
                Err(wrong(format!("more than {ENTRIES_MAX} entries")))
            }
            other => other,
        };
        match line {
            Ok(entry) => {
                read.entries.push(entry);
                read.lines.push(index + 1);
            }
            Err(Wrong(message)) => errors.push(LineError { line: index + 1, message }),
        }
    }
    if errors.is_empty() { Ok(read) } else { Err(errors) }
}

/// Why a line is no entry, as the end of a sentence.
#[derive(Debug)]
struct Wrong(String);

fn wrong(words: impl Into<String>) -> Wrong {
    Wrong(words.into())
}

#[derive(Debug)]
enum Word {
    Day(NaiveDate),
    Time(TimeOfDay),
    To,
    Zone(String),
}

fn word(text: &str) -> Result<Word, Wrong> {
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "to" | "until" | "-" | "–" | "—" | "..") {
        return Ok(Word::To);
    }
    if text.contains(':')
        && let Some(time) = read_time(text)
    {
        return Ok(Word::Time(time));
    }
    // Four digits: the year 26 is nobody's.
    let is_day = text.split('-').map(str::len).eq([4, 2, 2]);
    if let Some(day) = parse_day(text).filter(|_| is_day) {
        return Ok(Word::Day(day));
    }
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) && (text.contains('/') || lower == "utc") {
        return Ok(Word::Zone(text.to_owned()));
    }
    let shown: String = text.chars().take(20).collect();
    Err(wrong(format!(
        "“{shown}” is no date (2026-12-24), time (18:00) or time zone (Europe/Berlin); a remark stands after #"
    )))
}

fn words(text: &str) -> Result<Vec<Word>, Wrong> {
    let mut words = Vec::new();
    for part in text.split_whitespace() {
        // As the engine and other programs write it: 2026-12-24T18:00.
        match part.split_once('T').filter(|(day, time)| parse_day(day).is_some() && time.contains(':')) {
            Some((day, time)) => words.extend([word(day)?, word(time)?]),
            None => words.push(word(part)?),
        }
    }
    Ok(words)
}

fn entry(line: &str) -> Result<BlackoutEntry, Wrong> {
    let (when, label) = line.split_once('#').unwrap_or((line, ""));
    let label = label.trim().to_owned();
    let mut words = words(when)?;
    let zone = match words.pop() {
        Some(Word::Zone(zone)) => Some(zone),
        Some(other) => {
            words.push(other);
            None
        }
        None => None,
    };
    let hours = |from: NaiveDateTime, to: NaiveDateTime| BlackoutEntry::Hours {
        from,
        to,
        zone: zone.clone(),
        label: label.clone(),
    };
    let entry = match words.as_slice() {
        [Word::Day(from)] => BlackoutEntry::Days { from: *from, to: None, label: label.clone() },
        [Word::Day(from), Word::To, Word::Day(to)] => {
            BlackoutEntry::Days { from: *from, to: Some(*to).filter(|to| to != from), label: label.clone() }
        }
        [Word::Day(day), Word::Time(from), Word::To, Word::Time(to)] => {
            let next = if to > from { Some(*day) } else { day.succ_opt() };
            hours(at(*day, *from), at(next.unwrap_or(*day), *to))
        }
        [Word::Day(first), Word::Time(from), Word::To, Word::Day(last), Word::Time(to)] => {
            hours(at(*first, *from), at(*last, *to))
        }
        [Word::Day(_), Word::Time(_)] => {
            return Err(wrong("say when it ends, too: 2026-12-24 18:00 to 22:00"));
        }
        [Word::Day(_), Word::Time(_), Word::To, Word::Day(_)] => {
            return Err(wrong("give the time it ends at, too, or leave both times out"));
        }
        [Word::Day(_), Word::To, Word::Day(_), Word::Time(_)] => {
            return Err(wrong("give the time it begins at, too, or leave both times out"));
        }
        _ => {
            return Err(wrong("write 2026-12-24, 2026-12-24 to 2026-12-26, or 2026-12-24 18:00 to 22:00"));
        }
    };
    if zone.is_some() && matches!(entry, BlackoutEntry::Days { .. }) {
        return Err(wrong("whole days are those of each schedule's own zone: leave the time zone out"));
    }
    match validate(vec![entry.clone()]) {
        Ok(_) => Ok(entry),
        Err(_) if ends_before(&entry) => Err(wrong("it ends before it begins")),
        Err(invalid) => Err(wrong(match invalid.field.rsplit('.').next() {
            Some("label") => format!("the remark {}", invalid.message),
            Some("from" | "to") => format!("the date {}", invalid.message),
            // A zone that nobody knows is named in the message.
            _ => invalid.message,
        })),
    }
}

fn ends_before(entry: &BlackoutEntry) -> bool {
    match entry {
        BlackoutEntry::Days { from, to, .. } => to.is_some_and(|to| to < *from),
        BlackoutEntry::Hours { from, to, .. } => to <= from,
    }
}

fn at(day: NaiveDate, time: TimeOfDay) -> NaiveDateTime {
    day.and_hms_opt(u32::from(time.hour()), u32::from(time.minute()), 0).unwrap_or_default()
}

/// Entries as lines.
#[must_use]
pub fn to_lines(entries: &[BlackoutEntry]) -> String {
    let mut text = String::new();
    for entry in entries {
        let when = match entry {
            BlackoutEntry::Days { from, to: None, .. } => from.to_string(),
            BlackoutEntry::Days { from, to: Some(to), .. } => format!("{from} to {to}"),
            BlackoutEntry::Hours { from, to, zone, .. } => {
                let end = if from.date() == to.date() { String::new() } else { format!("{} ", to.date()) };
                let zone = zone.as_ref().map_or_else(String::new, |zone| format!(" {zone}"));
                format!("{} {} to {end}{}{zone}", from.date(), time::clock(*from), time::clock(*to))
            }
        };
        text.push_str(&when);
        // A remark stands on its line, whatever the file it came from said.
        let label = entry.label().replace(char::is_control, " ");
        if !label.is_empty() {
            text.push_str(" # ");
            text.push_str(label.trim());
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> Vec<(usize, String)> {
        read(text).unwrap_err().into_iter().map(|error| (error.line, error.message)).collect()
    }

    #[test]
    fn days_ranges_and_hours_are_read_and_written_back() {
        let text = "2026-12-24 to 2026-12-26 # Christmas\n2026-12-31\n2027-01-04 18:00 to 22:00 # Freeze #2\n\
            2027-01-06 18:00 to 2027-01-07 06:00 Europe/Berlin\n";
        let read = read(text).unwrap();
        assert_eq!(read.lines, [1, 2, 3, 4]);
        assert_eq!(to_lines(&read.entries), text);
        let json = serde_json::to_value(&read.entries).unwrap();
        assert_eq!(
            json,
            serde_json::json!([
                {"kind": "days", "from": "2026-12-24", "to": "2026-12-26", "label": "Christmas"},
                {"kind": "days", "from": "2026-12-31", "label": ""},
                {"kind": "hours", "from": "2027-01-04T18:00", "to": "2027-01-04T22:00", "label": "Freeze #2"},
                {"kind": "hours", "from": "2027-01-06T18:00", "to": "2027-01-07T06:00", "zone": "Europe/Berlin", "label": ""},
            ])
        );
    }

    #[test]
    fn they_are_read_as_people_type_them() {
        for (typed, written) in [
            ("2026-12-24 – 2026-12-26", "2026-12-24 to 2026-12-26\n"),
            ("2026-12-24 - 2026-12-24", "2026-12-24\n"),
            ("2026-12-24T18:00 until 2026-12-25T9:30 utc", "2026-12-24 18:00 to 2026-12-25 09:30 utc\n"),
            // Over midnight.
            ("2026-12-24 18:00 to 06:00#night", "2026-12-24 18:00 to 2026-12-25 06:00 # night\n"),
            ("# only a remark\n\n2026-12-24", "2026-12-24\n"),
        ] {
            assert_eq!(to_lines(&read(typed).unwrap().entries), written, "{typed}");
        }
        assert_eq!(read("").unwrap(), Entries::default());
    }

    #[test]
    fn each_wrong_line_is_named() {
        let found = errors(
            "2026-12-24\nnext week\n2026-12-26 to 2026-12-24\n26-12-24\n2026-12-24 18:00\n2026-12-24 18:00 to 2026-12-26\n\
             2026-12-24 Europe/Berlin\n2026-13-01\n24.12.2026\n2026-12-24 2026-12-25",
        );
        let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6, 7, 8, 9, 10]);
        assert!(found[0].1.contains("“next” is no date"), "{found:?}");
        assert_eq!(found[1].1, "it ends before it begins");
        let long = format!("2026-12-24 # {}", "x".repeat(256));
        assert!(errors(&long)[0].1.contains("at most 255"));
        let found =
            errors("1500-12-24\n2026-12-24 to 9998-01-01 # x\n2026-12-24 18:00 to 20:00 Mars/Olympus");
        assert_eq!(found[0], (1, "the date must be in the years 1601 to 9999".to_owned()));
        // Where the names of zones are known; the browser leaves them to the engine.
        assert!(found.iter().all(|(_, words)| !words.contains("remark")), "{found:?}");
    }

    #[test]
    fn a_remark_of_several_lines_becomes_one() {
        let entry = BlackoutEntry::Days {
            from: parse_day("2026-12-24").unwrap(),
            to: None,
            label: "Christmas\nEve".to_owned(),
        };
        assert_eq!(to_lines(&[entry]), "2026-12-24 # Christmas Eve\n");
    }
}
