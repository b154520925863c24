//! The pages that `bench ui` opens: one table.

use super::busy::Ids;

/// Milliseconds from the click to the paint, at the 95th percentile.
const LIST: f64 = 100.0;
const BOARD: f64 = 150.0;

/// A page, as a person gets to it.
#[derive(Debug)]
pub(super) struct Page {
    pub(super) name: &'static str,
    /// The address where the click is.
    pub(super) from: String,
    /// Selectors of what is clicked there first, one after the other, unmeasured: a menu, a dialog.
    pub(super) opens: &'static [&'static str],
    /// The selector of what is clicked.
    pub(super) click: String,
    /// The selector of what has to be on the screen: data, not the frame around it.
    pub(super) shows: &'static str,
    pub(super) limit: f64,
}

/// A long list to scroll through.
#[derive(Debug)]
pub(super) struct List {
    pub(super) name: &'static str,
    pub(super) at: String,
    /// What scrolls.
    pub(super) scroller: &'static str,
    pub(super) sideways: bool,
    /// The control that is given a file of [`ROWS`] targets before.
    pub(super) file: Option<&'static str>,
}

/// Rows of the file that is imported.
const ROWS: usize = 5_000;

fn page(name: &'static str, from: &str, click: &str, shows: &'static str) -> Page {
    Page { name, from: from.to_owned(), opens: &[], click: click.to_owned(), shows, limit: LIST }
}

pub(super) fn all(ids: &Ids) -> Vec<Page> {
    let board = format!("/batches/{}", ids.board);
    let row = "main [data-testid=flow-row] a";
    let (project, tree) =
        (format!("/flows/{}/navigate", ids.project), format!("/trees/{}/navigate", ids.tree));
    let maintenance = format!("/flows/{}/maintenance", ids.maintenance);
    let edit = "[data-testid=edit-flow]";
    vec![
        page("today", "/notifications", "[data-testid=nav-today]", "[data-testid=open-batch]"),
        page("calendar", "/notifications", "[data-testid=nav-calendar]", "[data-testid=calendar-entry]"),
        page("flows", "/notifications", "[data-testid=nav-flows]", "main [data-testid=flow-row]"),
        page("flows_of_type", "/flows", "[data-testid=nav-procedural]", "main [data-testid=flow-row]"),
        page("maintenance_flow", "/flows?type=maintenance", row, "[data-testid=batch-launch]"),
        page("project", "/flows?type=procedural", row, edit),
        page("tree", "/flows?type=troubleshooting", row, edit),
        page("editor_of_100_steps", &project, edit, "[data-testid=edit-step]"),
        page("editor_of_100_nodes", &tree, edit, "[data-testid=tree-node]"),
        Page {
            opens: &["[id=flow-more]"],
            ..page("revisions", &project, "[data-testid=flow-revisions]", "[data-testid=revision-row]")
        },
        page("launch", &maintenance, "[data-testid=batch-launch]", "[data-testid=launch-list]"),
        Page {
            opens: &["[data-testid=batch-launch]", "[data-testid=launch-list]"],
            // Lists stand by name, and those of the first customers are the large ones.
            ..page(
                "launch_on_list_of_5000",
                &maintenance,
                "[id=launch-list-option-0]",
                "[data-testid=launch-preview]",
            )
        },
        page("schedules", "/notifications", "[data-testid=nav-schedules]", "main [data-testid=schedule-row]"),
        page("sessions", "/flows", "[data-testid=nav-sessions]", "main [data-testid=batch-row]"),
        Page {
            limit: BOARD,
            ..page(
                "board_1000x12",
                "/sessions",
                &format!("main a[href='{board}']"),
                "[data-testid=session-row]",
            )
        },
        page("session", &board, "[data-testid=session-row] a", "[data-testid=step]"),
        page("target_lists", "/flows", "[data-testid=nav-target-lists]", "[data-testid=target-list-row]"),
        page(
            "list_of_5000",
            "/account/target-lists",
            "[data-testid=target-list-row] button",
            "[data-testid=list-targets]",
        ),
        page("settings", "/flows", "[data-testid=nav-settings]", "[data-testid=theme-system]"),
        page(
            "blackouts",
            "/settings",
            ".settings-nav a[href='/settings/blackouts']",
            "[data-testid=blackout-row]",
        ),
        page("backups", "/settings", ".settings-nav a[href='/settings/backups']", "[data-testid=backup-row]"),
        page("about", "/settings", ".settings-nav a[href='/settings/about']", "[data-testid=about] dd"),
        page("notifications", "/flows", "[data-testid=nav-notifications]", "[data-testid=notification-row]"),
        page("palette", "/flows", "[data-testid=open-palette]", "[data-testid=palette-entry]"),
    ]
}

pub(super) fn lists(ids: &Ids) -> Vec<List> {
    let list =
        |name, at: &str, scroller| List { name, at: at.to_owned(), scroller, sideways: false, file: None };
    let board = format!("/batches/{}", ids.board);
    vec![
        list("flows", "/flows", "main"),
        list("sessions", "/sessions", "main"),
        list("board", &board, ".board"),
        List { sideways: true, ..list("board_sideways", &board, ".board") },
        list("targets_of_session", &format!("/sessions/{}", ids.session), ".targets"),
        List {
            file: Some("[data-testid=targets-file]"),
            ..list("import_of_5000", "/account/target-lists?open=import", ".import-rows")
        },
    ]
}

/// What is imported: targets with notes, a client and a site.
pub(super) fn csv() -> String {
    let row = |n: usize| format!("RDS-{n:04},10.0.{}.{},Customer {:02},Rome\n", n / 250, n % 250 + 1, n % 60);
    std::iter::once("Name,IP,Client,Site\n".to_owned()).chain((1..=ROWS).map(row)).collect()
}
