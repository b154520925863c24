//! What limits a schedule, the page of all schedules, and the calendars they keep clear of.

use crate::browser::{Browser, Folder};
use crate::sample::{RUNBOOK, Sample};
use serde_json::{Value, json};
use thirtyfour::Key;

#[tokio::test]
async fn a_schedule_gets_its_limits_and_notices_and_loses_them() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.load(&format!("/flows/{}/maintenance", sample.maintenance)).await;
    browser.reads("schedule-limits", "Keeps clear of “Year end”: leaves out what falls into it").await;
    browser.click("edit-schedule").await;
    // What is set is open, and the preview knows it.
    browser.find("[data-testid='blackout-choice']:checked").await;
    browser.click("preset-daily").await;
    browser.reads("schedule-preview", "At 03:00 every day").await;

    browser.click("add-window").await;
    browser.find("#schedule-window-0-days:focus").await;
    browser.reads("schedule-preview", "do not start: outside the hours it may start in").await;
    browser.fill("schedule-window-0-from", "25").await;
    browser.click("schedule-save").await;
    browser.is_refused("schedule-window-0-from", "Write a time of day, such as 22:00.", "25").await;
    browser.fill("schedule-window-0-from", "8").await;
    browser.fill("schedule-window-0-to", "12").await;
    browser.click("schedule-save").await;
    // The engine alone knows this; the keyboard is back in the window.
    browser
        .is_refused("schedule-window-0-from", "No run of this schedule ever lies inside its windows", "8")
        .await;
    browser.fill("schedule-window-0-from", "2").await;
    browser.fill("schedule-window-0-to", "4").await;
    browser.fill("schedule-before", "0").await;
    browser.click("schedule-save").await;
    browser.is_refused("schedule-before", "Write whole minutes, 1 to 10080 (a week).", "0").await;
    browser.fill("schedule-before", "30").await;
    browser.fill("schedule-open-at", "soon").await;
    browser.click("schedule-save").await;
    browser.is_refused("schedule-open-at", "Write a time of day, such as 07:30.", "soon").await;
    browser.fill("schedule-open-at", "7:30").await;
    browser.click("on-blackout-move").await;
    browser.click("schedule-save").await;
    browser
        .reads("schedule-limits", "Starts only Sat, Sun 02:00–04:00 · keeps clear of “Year end”: moves")
        .await;
    browser
        .reads("schedule-limits", "Notice 30 min before a run · notice at 07:30 if one is still open")
        .await;
    let stored = || folder.rpc("get_schedule_for_flow", &json!({"flow_id": sample.maintenance}));
    let schedule = stored();
    assert_eq!(
        (&schedule["windows"], &schedule["on_blackout"], &schedule["notify_before_minutes"]),
        (
            &json!([{"weekdays": ["saturday", "sunday"], "from": "02:00", "to": "04:00"}]),
            &json!("move"),
            &json!(30)
        )
    );
    assert_eq!(schedule["notify_unfinished_at"], "07:30");

    browser.click("edit-schedule").await;
    browser.click("remove-window").await;
    browser.click("blackout-choice").await;
    for field in ["schedule-before", "schedule-open-at"] {
        browser.fill(field, "").await;
    }
    browser.click("schedule-save").await;
    // The toast of the first time may still stand; the dialog closes when it is saved.
    browser.gone("schedule-save").await;
    browser.close().await;
    let schedule = stored();
    let none = ["windows", "blackout_calendar_ids", "notify_before_minutes", "notify_unfinished_at"];
    assert_eq!(none.map(|key| schedule[key].to_string()), ["[]", "[]", "null", "null"]);
}

#[tokio::test]
async fn what_the_engine_has_against_the_limits_is_said_where_they_are_set() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let freeze = json!({"name": "Freeze", "entries": [{"kind": "days", "from": "2026-12-27"}]});
    let freeze = folder.rpc("create_blackout_calendar", &freeze);
    let browser = folder.open().await;
    browser.load(&format!("/flows/{}/maintenance", sample.maintenance)).await;
    browser.click("edit-schedule").await;
    browser.find("[data-testid='blackout-choice']:checked").await;
    browser.click("on-blackout-move").await;
    browser.click("preset-cron").await;
    browser.fill("schedule-cron", "*/10 * * * *").await;
    // Folded away, it opens for what is said there.
    browser.click("limits").await;
    browser.click("schedule-save").await;
    browser.is_refused("on-blackout-move", "Only a schedule that comes due at most 24 times a day", "").await;
    // And stays open for who puts it right.
    browser.click("on-blackout-skip").await;
    browser.click("blackout-choice").await;
    // Somebody else deletes that calendar meanwhile.
    folder.rpc("delete_blackout_calendar", &json!({"id": freeze["id"]}));
    browser.click("schedule-save").await;
    browser.is_refused("schedule-calendars", "blackout calendar", "on").await;
    browser.close().await;
}

#[tokio::test]
async fn what_stands_in_the_dialog_outlives_the_way_to_the_calendars() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.load(&format!("/flows/{}/maintenance", sample.maintenance)).await;
    browser.click("edit-schedule").await;
    browser.click("preset-daily").await;
    browser.click("manage-blackouts").await;
    browser.page("/settings/blackouts").await;
    browser.script("history.back()").await;
    browser.click("edit-schedule").await;
    browser.reads("schedule-preview", "At 03:00 every day").await;
    // Whoever cancels it is done with it.
    browser.press(Key::Escape).await;
    browser.click("edit-schedule").await;
    browser.reads("schedule-preview", "At 03:00 every Tuesday").await;
    browser.close().await;
}

/// Another flow, with a schedule that is paused beside one that runs.
fn paused_beside_active(folder: &Folder) {
    let markdown = RUNBOOK.replace("RDS host", "Exchange");
    let flow = folder.rpc("import_flow_markdown", &json!({"markdown": markdown, "flow_type": "maintenance"}));
    let make = || {
        let cron = json!({"kind": "cron", "expression": "0 22 * * 5"});
        folder.rpc("create_schedule", &json!({"flow_id": flow["id"], "recurrence": cron}))
    };
    let first = make();
    folder.rpc("update_schedule", &json!({"id": first["id"], "is_active": false}));
    make();
}

impl Browser {
    async fn rows(&self, number: usize) {
        crate::wait::until(&format!("{number} schedules"), || async {
            let count = "return document.querySelectorAll(\"[data-testid='schedule-row']\").length";
            (self.script(count).await == json!(number)).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn many_schedules_are_paused_by_keys_and_come_back() {
    let folder = Folder::new();
    Sample::make(&folder);
    paused_beside_active(&folder);
    let browser = folder.open().await;
    browser.keys("gh").await;
    browser.page("/schedules").await;
    browser.rows(3).await;
    browser.reads("schedule-row", "At 03:00 every Tuesday, Berlin time").await;
    browser.reads("filter-all", "3").await;

    // A range with Shift, all with Ctrl+A; the first key only says where the cursor is.
    browser.press(Key::Down).await;
    browser.script("document.querySelector(`[data-testid='schedules']`).focus()").await;
    browser.keys("x").await;
    browser.reads("selected", "1 schedule selected").await;
    browser.press(Key::Escape).await;
    browser.ctrl('a').await;
    browser.reads("selected", "3 schedules selected").await;
    // Of one flow only one schedule may be active: that one stays paused, and says why.
    browser.keys("r").await;
    browser.reads("schedules-refused", "0 done, 1 not:").await;
    browser.reads("schedules-refused", "Exchange").await;
    browser.keys("p").await;
    browser.reads("toast", "2 schedules are paused.").await;
    let active = || {
        let all = folder.rpc("list_schedules", &json!({}));
        all.as_array().map(|all| all.iter().filter(|it| it["is_active"] == json!(true)).count())
    };
    assert_eq!(active(), Some(0));
    browser.reads("filter-paused", "3").await;
    browser.click("undo").await;
    browser.reads("toast", "2 schedules are running again.").await;
    assert_eq!(active(), Some(2));

    // Filter and search stand in the address.
    browser.click("filter-paused").await;
    browser.rows(1).await;
    browser.fill("schedule-search", "rds").await;
    browser.rows(0).await;
    browser.script("location.reload()").await;
    browser.settled().await;
    assert_eq!(browser.script("return location.search").await, "?health=paused&search=rds");
    browser.click("clear-filters").await;
    browser.rows(3).await;
    browser.click("to-calendar").await;
    browser.click("to-schedules").await;
    browser.page("/schedules").await;
    browser.close().await;
}

#[tokio::test]
async fn a_blackout_calendar_says_what_is_wrong_with_it() {
    let folder = Folder::new();
    let browser = folder.open().await;
    browser.load("/settings/blackouts").await;
    browser.click("new-blackout").await;
    browser.click("blackout-save").await;
    browser.is_refused("blackout-name", "The name must not be empty.", "").await;
    browser.fill("blackout-name", "Year end").await;
    browser.fill("blackout-lines", "2026-12-24\nChristmas").await;
    browser.click("blackout-save").await;
    browser.is_refused("blackout-lines", "Line 2: “Christmas” is no date", "2026-12-24\nChristmas").await;
    // What only the engine knows is told at its line.
    let typed = "2026-12-24\n2026-12-31 18:00 to 22:00 Mars/Olympus";
    browser.fill("blackout-lines", typed).await;
    browser.click("blackout-save").await;
    browser.is_refused("blackout-lines", "Line 2: ", typed).await;
    browser.fill("blackout-lines", "2026-12-24 to 2026-12-26 # Christmas").await;
    browser.click("blackout-save").await;
    browser.reads("blackout-row", "Year end").await;

    browser.click("edit-blackout").await;
    browser.fill("blackout-lines", "2026-12-24").await;
    browser.click("blackout-save").await;
    browser.reads("toast", "“Year end” is saved with 1 entry.").await;
    browser.click("undo").await;
    let entries = |calendar: &Value| {
        folder.rpc("get_blackout_calendar", &json!({"id": calendar["id"]}))["entries"].clone()
    };
    let calendar = folder.rpc("list_blackout_calendars", &json!({}))[0].clone();
    let christmas = json!([{"kind": "days", "from": "2026-12-24", "to": "2026-12-26", "label": "Christmas"}]);
    crate::wait::until("the entries to be back", || async {
        (entries(&calendar) == christmas).then_some(())
    })
    .await;

    browser.click("delete-blackout").await;
    browser.click("delete-blackout-confirm").await;
    browser.reads("toast", "“Year end” is deleted.").await;
    browser.click("undo").await;
    browser.reads("toast", "“Year end” is back.").await;
    browser.close().await;
    assert_eq!(entries(&folder.rpc("list_blackout_calendars", &json!({}))[0]), christmas);
}

const HOLIDAYS: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n\
    BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:2\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;VALUE=DATE:20261226\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n\
    END:VCALENDAR\r\n";

#[tokio::test]
async fn a_calendar_comes_out_of_a_file_and_one_in_use_stays() {
    let folder = Folder::new();
    Sample::make(&folder);
    let browser = folder.open().await;
    browser.load("/settings/blackouts?open=import").await;
    browser.click("blackout-import-submit").await;
    browser.is_refused("blackout-file", "Choose a file.", "").await;
    browser.choose_file_in("blackout-file", "holidays.ics", "BEGIN:NOTHING").await;
    browser.click("blackout-import-submit").await;
    browser.is_refused("blackout-file", "The file is not an iCalendar file", "").await;
    browser.choose_file_in("blackout-file", "public_holidays.ics", HOLIDAYS).await;
    browser.fill("blackout-import-name", "").await;
    browser.click("blackout-import-submit").await;
    browser.is_refused("blackout-import-name", "The name must not be empty.", "").await;
    browser.click("blackout-into-existing").await;
    browser.click("blackout-import-submit").await;
    browser.is_refused("blackout-import-into", "Choose a calendar.", "").await;
    browser.click("blackout-into-new").await;
    browser.fill("blackout-import-name", "Holidays").await;
    browser.click("blackout-import-submit").await;
    browser.reads("toast", "“Holidays” now holds 1 entry, from 1 event. 1 event was ignored").await;
    browser.reads("blackout-row", "Holidays").await;
    browser.click("undo").await;
    browser.reads("toast", "The import is undone.").await;
    let calendars = folder.rpc("list_blackout_calendars", &json!({}));
    assert_eq!(calendars.as_array().map(Vec::len), Some(1));

    // Who keeps clear of it is named; nothing is offered that can only fail.
    browser.click("delete-blackout").await;
    browser.reads("blackout-users", "RDS host patching").await;
    browser.find("#blackout-in-use button[autofocus]").await;
    browser.close().await;
}
