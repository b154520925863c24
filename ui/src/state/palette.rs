//! What the command palette offers, and how well it fits what is typed.

use super::shortcuts::Act;
use super::time;
use crate::components::icon::Icon;
use crate::route::starting_address;
use mf_contract::flows::FlowSummary;
use mf_contract::search::{SearchHit, SearchKind};
use mf_domain::flow::FlowType;

/// What choosing an entry does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Shows a page.
    Address(String),
    /// Does what a shortcut does.
    Act(Act),
    /// Switches to the next theme.
    Theme,
    /// Makes a backup of the workspace.
    BackUp,
}

/// What the palette is opened for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Offer {
    #[default]
    Everything,
    /// The flows a batch can be launched of.
    Launches,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub group: &'static str,
    pub icon: Icon,
    pub words: String,
    /// Tells entries of the same name apart.
    pub detail: String,
    /// The keys that do the same.
    pub chord: Option<&'static str>,
    pub choice: Choice,
    /// The engine found it for what is typed: it is offered even where the letters of its name do not say why.
    pub found: bool,
}

/// What starts a flow: a batch of it, or a session.
#[must_use]
pub fn start_of(flow: &FlowSummary) -> Entry {
    let (verb, detail) = match flow.flow_type {
        FlowType::Maintenance => ("Launch", "Batch"),
        FlowType::Procedural | FlowType::Troubleshooting => ("Start", "Session"),
    };
    Entry {
        group: "Start",
        icon: Icon::Play,
        words: format!("{verb} {}…", flow.name),
        detail: detail.to_owned(),
        chord: None,
        choice: Choice::Address(starting_address(flow.id, flow.flow_type)),
        found: false,
    }
}

/// What the engine found, as entries; what is offered already is left out.
#[must_use]
pub fn of_hits(hits: &[SearchHit], current: bool, offered: &[Entry]) -> Vec<Entry> {
    let new = |hit: &&SearchHit| {
        !offered.iter().any(|entry| matches!(&entry.choice, Choice::Address(address) if *address == hit.route))
            // Lists have one page together.
            || hit.kind == SearchKind::TargetList
    };
    hits.iter().filter(new).map(|hit| of_hit(hit, current)).collect()
}

fn of_hit(hit: &SearchHit, current: bool) -> Entry {
    let (group, icon) = match hit.kind {
        SearchKind::Flow if hit.route.ends_with("/maintenance") => ("Flows", Icon::Wrench),
        SearchKind::Flow if hit.route.starts_with("/trees/") => ("Flows", Icon::Tree),
        SearchKind::Flow => ("Flows", Icon::Project),
        SearchKind::TargetList => ("Target lists", Icon::Server),
        SearchKind::Batch => ("Batches", Icon::Run),
        SearchKind::Session => ("Sessions", Icon::Play),
    };
    let at = hit.at.map(|at| time::date_clock(time::in_viewer_zone(at)));
    let facts = [at, Some(hit.subtitle.clone()).filter(|subtitle| !subtitle.is_empty())];
    Entry {
        group,
        icon,
        words: hit.title.clone(),
        detail: facts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        chord: None,
        choice: Choice::Address(hit.route.clone()),
        found: current,
    }
}

/// How many entries are offered at once; whoever wants others types on.
const OFFERED: usize = 40;
/// How many of a group before anything is typed.
const FIRST: usize = 8;

/// The places of the entries that fit, best first within their group, groups in the order of their best entry.
#[must_use]
pub fn found(entries: &[Entry], typed: &str) -> Vec<usize> {
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() {
        let mut seen: Vec<(&str, usize)> = Vec::new();
        return (0..entries.len())
            .filter(|index| {
                let group = entries[*index].group;
                match seen.iter_mut().find(|(name, _)| *name == group) {
                    Some((_, number)) => {
                        *number += 1;
                        *number <= FIRST
                    }
                    None => {
                        seen.push((group, 1));
                        true
                    }
                }
            })
            .take(OFFERED)
            .collect();
    }
    let mut fits: Vec<(u32, usize)> = (0..entries.len())
        .filter_map(|index| fit(&entries[index], &typed).map(|score| (score, index)))
        .collect();
    // The best few one after the other, the earlier of equal ones first: sorting them would take four times the code.
    let mut best = Vec::new();
    while best.len() < OFFERED {
        let top = fits.iter().map(|(score, _)| *score).max();
        let Some(at) = fits.iter().position(|(score, _)| Some(*score) == top) else { break };
        best.push(fits.remove(at).1);
    }
    let mut groups: Vec<&str> = Vec::new();
    for index in &best {
        if !groups.contains(&entries[*index].group) {
            groups.push(entries[*index].group);
        }
    }
    let of_group = |group: &&str| {
        let group = *group;
        best.iter().copied().filter(move |index| entries[*index].group == group).collect::<Vec<_>>()
    };
    groups.iter().flat_map(of_group).collect()
}

fn fit(entry: &Entry, typed: &str) -> Option<u32> {
    let words = score(&entry.words.to_lowercase(), typed);
    // The detail counts, but a name that fits comes first.
    let detail = score(&format!("{} {}", entry.words, entry.detail).to_lowercase(), typed);
    words.map(|score| score + 200).max(detail).or(entry.found.then_some(1))
}

/// How well the letters of `typed` are found in `text`, in their order: at the start and at beginnings of words, and in a
/// row, counts most. Blanks in `typed` separate parts that may stand anywhere.
#[must_use]
pub fn score(text: &str, typed: &str) -> Option<u32> {
    let letters: Vec<char> = text.chars().collect();
    typed.split_whitespace().map(|part| part_score(&letters, part)).sum()
}

fn part_score(letters: &[char], part: &str) -> Option<u32> {
    let wanted: Vec<char> = part.chars().collect();
    let begins = |at: usize| at == 0 || !letters[at - 1].is_alphanumeric();
    // As it stands, best at the beginning of a word.
    let whole = (0..letters.len())
        .filter(|at| letters[*at..].starts_with(&wanted))
        .map(|at| 100 + u32::from(begins(at)) * 60 + u32::from(at == 0) * 20)
        .max();
    if whole.is_some() {
        return whole;
    }
    let mut at = 0;
    let mut points = 0;
    let mut row = 0;
    for letter in wanted {
        let rest = letters.get(at..)?;
        let here = at + rest.iter().position(|other| *other == letter)?;
        // A beginning of a word further on is the better reading: "cvp" of "Citrix VDA patching".
        let start = (here..letters.len()).find(|place| letters[*place] == letter && begins(*place));
        let place = if row > 0 && here == at { here } else { start.unwrap_or(here) };
        row = if place == at { row + 1 } else { 0 };
        points += 1 + row * 2 + u32::from(begins(place)) * 8;
        at = place + 1;
    }
    Some(points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mf_domain::ids::FlowId;

    fn entry(group: &'static str, words: &str, detail: &str) -> Entry {
        Entry {
            group,
            icon: Icon::Flow,
            words: words.to_owned(),
            detail: detail.to_owned(),
            chord: None,
            choice: Choice::Theme,
            found: false,
        }
    }

    fn hit(kind: SearchKind, title: &str, route: &str) -> SearchHit {
        SearchHit {
            kind,
            id: String::new(),
            title: title.to_owned(),
            subtitle: "Contoso".to_owned(),
            route: route.to_owned(),
            at: None,
        }
    }

    #[test]
    fn what_the_engine_found_is_offered_once_and_even_without_the_letters() {
        let flow =
            Entry { choice: Choice::Address("/flows/1/maintenance".into()), ..entry("Flows", "Patch", "") };
        let hits = [
            hit(SearchKind::Flow, "Patch", "/flows/1/maintenance"),
            hit(SearchKind::Flow, "Patch B", "/trees/2/navigate"),
            hit(SearchKind::TargetList, "Straße", "/account/target-lists"),
            hit(SearchKind::TargetList, "Farm", "/account/target-lists"),
        ];
        let more = of_hits(&hits, true, std::slice::from_ref(&flow));
        let names: Vec<&str> = more.iter().map(|entry| entry.words.as_str()).collect();
        assert_eq!(names, ["Patch B", "Straße", "Farm"]);
        assert_eq!((more[0].icon, more[1].detail.as_str()), (Icon::Tree, "Contoso"));
        assert_eq!(found(&more, "strasse").len(), 3);
        // Answers to what was typed before have to fit by themselves.
        assert_eq!(found(&of_hits(&hits, false, &[flow]), "far"), [2]);
    }

    #[test]
    fn a_flow_is_found_before_what_starts_it_unless_its_start_is_asked_for() {
        let flow = FlowSummary {
            id: FlowId(uuid::Uuid::from_u128(7)),
            name: "Patch Windows".to_owned(),
            description: String::new(),
            flow_type: FlowType::Maintenance,
            step_count: 3,
            revision: 1,
            updated_at: chrono::DateTime::UNIX_EPOCH,
            next_run_at: None,
            open_batches: 0,
        };
        let start = start_of(&flow);
        assert_eq!(start.words, "Launch Patch Windows…");
        let address = starting_address(flow.id, FlowType::Maintenance);
        assert_eq!(start.choice, Choice::Address(address));
        let project = start_of(&FlowSummary { flow_type: FlowType::Procedural, ..flow });
        assert_eq!(project.words, "Start Patch Windows…");
        let entries = [start, entry("Flows", "Patch Windows", "Maintenance")];
        assert_eq!(found(&entries, "patch"), [1, 0]);
        assert_eq!(found(&entries, "launch win"), [0]);
    }

    #[test]
    fn letters_in_their_order_fit_and_beginnings_fit_better() {
        assert!(score("citrix vda patching", "cvp").is_some());
        assert!(score("citrix vda patching", "pvc").is_none());
        assert!(score("patch citrix", "pat") > score("dispatch", "pat"));
        assert!(score("dispatch", "pat") > score("part of it", "pat"));
        assert!(score("citrix vda patching", "patch citrix").is_some());
        assert_eq!(score("abc", "abcd"), None);
    }

    #[test]
    fn the_best_group_comes_first_and_names_before_details() {
        let entries = [
            entry("Pages", "Notifications", ""),
            entry("Flows", "Reboot", "patch night"),
            entry("Flows", "Patch Windows", ""),
        ];
        assert_eq!(found(&entries, "patch"), [2, 1]);
        assert_eq!(found(&entries, "not"), [0]);
        assert_eq!(found(&entries, "  "), [0, 1, 2]);
        assert!(found(&entries, "zzz").is_empty());
    }

    #[test]
    fn before_typing_every_group_shows_its_first_few() {
        let mut entries: Vec<Entry> = (0..50).map(|n| entry("Flows", &n.to_string(), "")).collect();
        entries.push(entry("Lists", "RDS", ""));
        let shown = found(&entries, "");
        assert_eq!((shown.len(), shown.last()), (FIRST + 1, Some(&50)));
    }
}
