//! Which choices of a long list fit what is typed.

use yew::AttrValue;

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What choosing it gives.
    pub value: AttrValue,
    /// What is read, and searched.
    pub words: AttrValue,
    /// Said beside it in grey, and searched, too.
    pub detail: AttrValue,
}

impl Choice {
    /// A choice that is called what it gives.
    pub fn plain(value: impl Into<AttrValue>) -> Self {
        let value = value.into();
        Self { words: value.clone(), value, detail: AttrValue::default() }
    }
}

/// How many choices are offered at once; whoever wants others types on.
pub const OFFERED: usize = 60;

/// What fits, and how much of it there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fitting {
    /// The places of the first [`OFFERED`]: names that begin so, then those with a word that does, then the rest.
    pub places: Vec<usize>,
    pub total: usize,
}

/// The choices that hold every part of `typed`, ignoring case; all of them when nothing is typed, and then `chosen` is
/// among those offered.
#[must_use]
pub fn fitting(choices: &[Choice], typed: &str, chosen: Option<usize>) -> Fitting {
    let typed = plain(typed);
    let parts: Vec<&str> = typed.split_whitespace().collect();
    let mut ranked: [Vec<usize>; 3] = Default::default();
    for (place, choice) in choices.iter().enumerate() {
        if let Some(rank) = rank(choice, &parts) {
            ranked[rank].push(place);
        }
    }
    let total = ranked.iter().map(Vec::len).sum();
    let far = chosen.filter(|place| parts.is_empty() && *place >= OFFERED);
    let others = ranked.into_iter().flatten().filter(|place| Some(*place) != far);
    Fitting { places: far.into_iter().chain(others).take(OFFERED).collect(), total }
}

fn rank(choice: &Choice, parts: &[&str]) -> Option<usize> {
    let Some(first) = parts.first() else { return Some(0) };
    let (words, detail) = (plain(&choice.words), plain(&choice.detail));
    if !parts.iter().all(|part| words.contains(part) || detail.contains(part)) {
        return None;
    }
    let begins = |at: usize| !words[..at].ends_with(char::is_alphanumeric);
    let of_word = words.match_indices(first).any(|(at, _)| begins(at));
    Some(if words.starts_with(first) { 0 } else { usize::from(!of_word) + 1 })
}

/// As texts are compared: `America/New_York` is found by "new york".
fn plain(text: &str) -> String {
    text.to_lowercase().replace('_', " ")
}

/// The choice that is called just so, ignoring case.
#[must_use]
pub fn called<'a>(choices: &'a [Choice], typed: &str) -> Option<&'a Choice> {
    let typed = plain(typed.trim());
    choices.iter().find(|choice| plain(&choice.words) == typed)
}

/// Where an arrow key leads among so many choices; from nowhere to the nearer end.
#[must_use]
pub fn moved(at: Option<usize>, number: usize, key: &str) -> Option<usize> {
    let last = number.checked_sub(1)?;
    Some(match (key, at) {
        ("ArrowDown", Some(at)) if at < last => at + 1,
        ("ArrowUp", Some(at)) if at > 0 => at - 1,
        ("PageDown", at) => at.map_or(0, |at| (at + 8).min(last)),
        ("PageUp", at) => at.map_or(last, |at| at.saturating_sub(8)),
        ("ArrowUp" | "End", _) => last,
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zones() -> Vec<Choice> {
        ["Africa/Bamako", "America/New_York", "Europe/Berlin", "Asia/Yerevan", "UTC"]
            .map(Choice::plain)
            .into()
    }

    fn found(typed: &str) -> Vec<String> {
        let zones = zones();
        fitting(&zones, typed, None).places.iter().map(|place| zones[*place].words.to_string()).collect()
    }

    #[test]
    fn every_part_must_fit_and_beginnings_come_first() {
        assert_eq!(found("new york"), ["America/New_York"]);
        assert_eq!(found("york new"), ["America/New_York"]);
        assert_eq!(found("BER"), ["Europe/Berlin"]);
        // A name that begins so, a word that does, the rest.
        assert_eq!(found("a"), ["Africa/Bamako", "America/New_York", "Asia/Yerevan"]);
        assert_eq!(found("ye"), ["Asia/Yerevan"]);
        assert_eq!(found("y"), ["America/New_York", "Asia/Yerevan"]);
        assert!(found("berlinn").is_empty());
    }

    #[test]
    fn details_are_searched_and_long_lists_are_cut() {
        let many: Vec<Choice> = (0..500)
            .map(|n| Choice {
                value: n.to_string().into(),
                words: format!("List {n}").into(),
                detail: if n == 499 { "Contoso" } else { "7 targets" }.into(),
            })
            .collect();
        let all = fitting(&many, " ", Some(2));
        assert_eq!((all.places.len(), all.total, all.places[0]), (OFFERED, 500, 0));
        assert_eq!(
            fitting(&many, "", Some(400)).places[..2],
            [400, 0],
            "what is chosen is never out of reach"
        );
        assert_eq!(fitting(&many, "contoso", Some(400)).places, [499]);
        assert_eq!(
            fitting(&many, "7", None).places[..2],
            [7, 70],
            "its name comes before what stands beside it"
        );
        assert_eq!(called(&many, " list 7").map(|choice| choice.value.as_str()), Some("7"));
        assert_eq!(
            fitting(&many, "7", None).places[..2],
            [7, 70],
            "its name comes before what stands beside it"
        );
        assert_eq!(called(&many, "list"), None);
    }

    #[test]
    fn arrows_go_round_and_from_nowhere_to_the_nearer_end() {
        assert_eq!(moved(None, 3, "ArrowDown"), Some(0));
        assert_eq!(moved(None, 3, "ArrowUp"), Some(2));
        assert_eq!(moved(Some(2), 3, "ArrowDown"), Some(0));
        assert_eq!(moved(Some(0), 3, "ArrowUp"), Some(2));
        assert_eq!(moved(Some(1), 3, "End"), Some(2));
        assert_eq!(moved(Some(1), 3, "Home"), Some(0));
        assert_eq!(moved(Some(1), 20, "PageDown"), Some(9));
        assert_eq!(moved(None, 0, "ArrowDown"), None);
    }
}
