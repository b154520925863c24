//! Every command of the contract, called the way a script calls it: by name, with JSON text, on a workspace file opened
//! as the application opens it. The outside world (time, ids, toasts, windows, the tick's gate) is faked through the
//! engine's ports. Each module is one area of the contract; what all of them share is `support`.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod added_steps;
mod agenda;
mod all_or_nothing;
mod assignment;
mod backups;
mod bad_input;
mod batches;
mod board;
mod broken_schedules;
mod clients;
mod clock_changes;
#[path = "../../crates/sync/tests/postgres/cluster.rs"]
#[expect(clippy::expect_used, dead_code, reason = "shared with the tests of mf-sync, which use all of it")]
mod cluster;
mod drafts;
mod events;
mod evidence;
mod finding;
mod flows;
#[path = "../../crates/sync/tests/simulator/killed.rs"]
mod killed;
mod limits;
mod misfire;
mod missed;
mod notifications;
mod old_misses;
mod outbox;
#[path = "../robustness/proxy.rs"]
#[expect(clippy::expect_used, dead_code, reason = "shared with the tests of bad luck, which use all of it")]
mod proxy;
mod reports;
mod revisions;
mod roles;
mod run_notices;
mod sample;
mod schedule_edits;
mod schedules;
mod search;
mod sessions;
mod sign_off;
mod standings;
mod supervision;
mod support;
mod target_imports;
mod target_lists;
mod team;
mod teams;
mod tick;
mod troubleshooting;
mod unreadable_schedules;
mod waves;
mod work_counts;
mod workspace;

/// The sources of the areas, for the test below.
const SOURCES: &[&str] = &[
    include_str!("all_or_nothing.rs"),
    include_str!("agenda.rs"),
    include_str!("added_steps.rs"),
    include_str!("assignment.rs"),
    include_str!("backups.rs"),
    include_str!("batches.rs"),
    include_str!("board.rs"),
    include_str!("clients.rs"),
    include_str!("drafts.rs"),
    include_str!("events.rs"),
    include_str!("evidence.rs"),
    include_str!("flows.rs"),
    include_str!("limits.rs"),
    include_str!("misfire.rs"),
    include_str!("missed.rs"),
    include_str!("notifications.rs"),
    include_str!("revisions.rs"),
    include_str!("reports.rs"),
    include_str!("sample.rs"),
    include_str!("schedules.rs"),
    include_str!("search.rs"),
    include_str!("sessions.rs"),
    include_str!("target_imports.rs"),
    include_str!("sign_off.rs"),
    include_str!("standings.rs"),
    include_str!("target_lists.rs"),
    include_str!("team.rs"),
    include_str!("teams/audit.rs"),
    include_str!("teams/conflicts.rs"),
    include_str!("teams/creating.rs"),
    include_str!("teams/joining.rs"),
    include_str!("teams/members.rs"),
    include_str!("teams/mod.rs"),
    include_str!("teams/moving.rs"),
    include_str!("teams/secrets.rs"),
    include_str!("teams/syncing.rs"),
    include_str!("tick.rs"),
    include_str!("troubleshooting.rs"),
    include_str!("unreadable_schedules.rs"),
    include_str!("waves.rs"),
    include_str!("work_counts.rs"),
    include_str!("workspace.rs"),
];

/// `call` fails a test unless the command succeeds, so a command that stands in one is called with success. Read from the
/// sources instead of recorded while running: tests run in any order, and a filter runs only some of them.
#[test]
fn every_command_is_called_with_success_by_some_test() {
    // Succeeds on a damaged file only, where there is no engine: the module `workspace` asks `Damaged` for it.
    let without_engine = "recover_workspace";
    let uncalled: Vec<_> = mf_contract::COMMANDS
        .iter()
        .filter(|name| **name != without_engine)
        .filter(|name| {
            // On the same line, or on the next one when the formatter breaks the call.
            let called = |source: &&&str| {
                source.match_indices(".call(").any(|(at, call)| {
                    source[at + call.len()..].trim_start().starts_with(&format!("\"{name}\""))
                })
            };
            !SOURCES.iter().any(|source| called(&source))
        })
        .collect();
    assert!(uncalled.is_empty(), "no test calls {uncalled:?} with success");
}
