//! What the palette offers: pages and actions, flows and batches, and what the page one is on is about.

use crate::components::button::May;
use crate::components::icon::Icon;
use crate::components::status;
use crate::route::{
    Route, Sort, creating_team_address, editor_address, exporting_backup_address, importing_address,
    importing_targets_address, joining_team_address, library_address, new_list_address, starting_address,
};
use crate::state::palette::{Choice, Entry};
use crate::state::shortcuts::{Act, chord_of};
use crate::state::time;
use mf_contract::batches::BatchSummary;
use mf_contract::flows::FlowSummary;
use mf_domain::flow::FlowType;
use mf_domain::role::Role;

fn entry(group: &'static str, icon: Icon, words: &str, detail: String, choice: Choice) -> Entry {
    Entry { group, icon, words: words.to_owned(), detail, chord: None, choice, found: false }
}

/// What can be done about the flow of the page one is on.
pub(super) fn of_page(here: Route, flows: &[FlowSummary], may: May) -> Vec<Entry> {
    let Some(flow) = here.flow().and_then(|id| flows.iter().find(|flow| flow.id == id)) else {
        return Vec::new();
    };
    let (id, flow_type) = (flow.id, flow.flow_type);
    let (own, editor, revisions) =
        (Route::of_flow(id, flow_type), Route::editor_of(id, flow_type), Route::Revisions { id });
    let start = match flow_type {
        FlowType::Maintenance => "Launch a batch of it…",
        FlowType::Procedural | FlowType::Troubleshooting => "Start a session of it…",
    };
    let offered = [
        (Icon::Play, start, starting_address(id, flow_type), may.write(Role::Operator)),
        (Icon::Pencil, "Edit this flow", editor.path(), may.write(Role::Manager) && here != editor),
        (Icon::Undo, "Revisions of this flow", revisions.path(), here != revisions),
        (
            status::of_type(flow_type).icon,
            "Back to this flow",
            own.path(),
            here == editor || here == revisions,
        ),
    ];
    offered
        .into_iter()
        .filter(|(.., wanted)| *wanted)
        .map(|(icon, words, address, _)| {
            entry("This flow", icon, words, flow.name.clone(), Choice::Address(address))
        })
        .collect()
}

/// Pages and actions.
pub(super) fn fixed(may: May) -> Vec<Entry> {
    let page = |icon: Icon, words: &str, act: Act| Entry {
        chord: chord_of(act),
        ..entry("Pages", icon, words, String::new(), Choice::Act(act))
    };
    let setting = |icon: Icon, words: &str, detail: &str, route: Route| {
        entry("Pages", icon, words, detail.to_owned(), Choice::Address(route.path()))
    };
    let mut actions = Vec::new();
    let mut entries = vec![
        page(Icon::Sun, "Today", Act::Today),
        page(Icon::Flow, "Flows", Act::Flows),
        page(Icon::Run, "Sessions", Act::Sessions),
        page(Icon::Clock, "Schedules", Act::Schedules),
        page(Icon::Calendar, "Calendar", Act::Calendar),
        page(Icon::Server, "Target lists", Act::TargetLists),
        page(Icon::Bell, "Notifications", Act::Notifications),
        page(Icon::Gear, "Settings", Act::Settings),
        setting(Icon::Stop, "Blackout calendars", "Settings", Route::Blackouts),
        page(Icon::Retry, "Workspace and sync", Act::Sharing),
        page(Icon::Team, "Members", Act::Members),
        setting(Icon::List, "Audit", "Settings: who did what", Route::Audit),
        setting(Icon::Alert, "Conflicts", "Copies that lost", Route::Conflicts),
        setting(Icon::Moon, "Appearance", "Settings: the theme", Route::Appearance),
        setting(
            Icon::Bell,
            "Notification settings",
            "Settings: what is told, and where",
            Route::NotificationSettings,
        ),
        setting(Icon::Download, "Backup and restore", "Settings", Route::Backups),
        setting(Icon::Note, "About", "Settings: versions, data folder", Route::About),
    ];
    for flow_type in [FlowType::Troubleshooting, FlowType::Procedural, FlowType::Maintenance] {
        let look = status::of_type(flow_type);
        let words = crate::pages::library::title(Some(flow_type));
        let address = library_address(Some(flow_type), None, Sort::default());
        entries.push(entry(
            "Pages",
            look.icon,
            words,
            "Flows of this type".to_owned(),
            Choice::Address(address),
        ));
        if may.write(Role::Manager) {
            let words = format!("New {} flow", look.word.to_lowercase());
            let address = editor_address(flow_type);
            actions.push(entry("Actions", Icon::Plus, &words, String::new(), Choice::Address(address)));
        }
    }
    entries.extend(actions);
    if may.write(Role::Manager) {
        let address = Choice::Address(importing_address());
        entries.push(entry("Actions", Icon::Upload, "Import a flow", "Markdown or JSON".to_owned(), address));
    }
    if may.write(Role::Operator) {
        let address = Choice::Address(new_list_address());
        entries.push(entry("Actions", Icon::Plus, "New target list", String::new(), address));
        let address = Choice::Address(importing_targets_address());
        let detail = "CSV, from NinjaOne, Datto RMM, ConnectWise, Kaseya, HaloPSA".to_owned();
        entries.push(entry("Actions", Icon::Upload, "Import targets", detail, address));
    }
    if !may.read_only {
        let detail = "The whole workspace, on this computer".to_owned();
        entries.push(entry("Actions", Icon::Download, "Back up now", detail, Choice::BackUp));
    }
    let detail = "A workspace shared through your own Postgres".to_owned();
    let address = Choice::Address(creating_team_address());
    entries.push(entry("Actions", Icon::Team, "Create a team…", detail, address));
    let address = Choice::Address(joining_team_address());
    entries.push(entry("Actions", Icon::Team, "Join a team…", "With an invite".to_owned(), address));
    // A file elsewhere changes nothing here.
    let address = Choice::Address(exporting_backup_address());
    let detail = "One file, to keep elsewhere".to_owned();
    entries.push(entry("Actions", Icon::Download, "Export a backup…", detail, address));
    entries.push(entry(
        "Actions",
        Icon::System,
        "Switch the theme",
        "System, light, dark".to_owned(),
        Choice::Theme,
    ));
    entries.push(Entry {
        chord: chord_of(Act::Sheet),
        ..entry("Actions", Icon::Keyboard, "Keyboard shortcuts", String::new(), Choice::Act(Act::Sheet))
    });
    entries
}

pub(super) fn of_flow(flow: &FlowSummary) -> Entry {
    let look = status::of_type(flow.flow_type);
    let address = Route::of_flow(flow.id, flow.flow_type).path();
    entry("Flows", look.icon, &flow.name, look.word.to_owned(), Choice::Address(address))
}

pub(super) fn of_batch(batch: &BatchSummary) -> Entry {
    let at = time::date_clock(time::in_viewer_zone(batch.launched_at));
    let detail = format!("{at} · {}", batch.rollup.words());
    let address = Route::Batch { id: batch.batch_id }.path();
    entry("Open batches", Icon::Run, &batch.flow_name, detail, Choice::Address(address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mf_domain::ids::FlowId;
    use uuid::Uuid;

    fn flow(number: u128, flow_type: FlowType) -> FlowSummary {
        FlowSummary {
            id: FlowId(Uuid::from_u128(number)),
            name: "Patch Windows".to_owned(),
            description: String::new(),
            flow_type,
            step_count: 3,
            revision: 1,
            updated_at: chrono::DateTime::UNIX_EPOCH,
            next_run_at: None,
            open_batches: 0,
        }
    }

    const LOOKS: May = May { read_only: true, role: Role::Owner };

    fn words_of(may: May) -> Vec<String> {
        fixed(may).into_iter().map(|entry| entry.words).collect()
    }

    fn words(entries: &[Entry]) -> Vec<&str> {
        entries.iter().map(|entry| entry.words.as_str()).collect()
    }

    #[test]
    fn the_page_of_a_flow_offers_what_can_be_done_with_it() {
        let flows = [flow(7, FlowType::Maintenance), flow(8, FlowType::Troubleshooting)];
        let (id, tree) = (flows[0].id, flows[1].id);
        let offered = of_page(Route::Maintenance { id }, &flows, May::default());
        assert_eq!(words(&offered), ["Launch a batch of it…", "Edit this flow", "Revisions of this flow"]);
        assert_eq!(offered[1].choice, Choice::Address(format!("/flows/{id}/edit")));
        let offered = of_page(Route::EditTree { id: tree }, &flows, May::default());
        assert_eq!(
            words(&offered),
            ["Start a session of it…", "Revisions of this flow", "Back to this flow"]
        );
        // Where nothing can be changed, only what reads is offered.
        assert_eq!(words(&of_page(Route::Maintenance { id }, &flows, LOOKS)), ["Revisions of this flow"]);
        assert!(of_page(Route::Today, &flows, May::default()).is_empty());
        assert!(of_page(Route::Maintenance { id }, &flows[1..], May::default()).is_empty(), "it is gone");
    }

    #[test]
    fn every_page_of_the_settings_and_every_action_on_them_is_offered() {
        let entries = fixed(May::default());
        for wanted in ["New target list", "Appearance", "Notification settings", "Export a backup…"] {
            assert!(words(&entries).contains(&wanted), "{wanted}");
        }
        assert!(!words(&fixed(LOOKS)).contains(&"New target list"));
    }

    #[test]
    fn a_role_is_offered_what_it_may_do() {
        let of = |role| words_of(May { role, ..May::default() });
        let operator = of(Role::Operator);
        assert!(operator.iter().any(|words| words == "New target list"));
        assert!(!operator.iter().any(|words| words == "Import a flow"));
        assert!(!of(Role::Readonly).iter().any(|words| words == "New target list"));
        assert!(of(Role::Readonly).iter().any(|words| words == "Back up now"));
    }
}
