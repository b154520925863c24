//! The page of today from the first start on, and the calendar, by keyboard.

use crate::browser::{Browser, Folder};
use crate::sample::Sample;
use serde_json::{Value, json};
use thirtyfour::Key;

#[tokio::test]
async fn the_sample_comes_with_one_key_and_goes_with_one() {
    let folder = Folder::new();
    let browser = folder.open().await;
    browser.enter("make-sample").await;
    browser.reads("open-batch", "Citrix").await;
    browser.find("[data-testid='today-session']").await;
    browser.find("[data-testid='next-run']").await;

    // What it plans and what it ran stand in the calendar, too.
    browser.keys("gc").await;
    browser.page("/calendar").await;
    browser.find("[data-testid='calendar-entry']").await;
    browser.keys("gd").await;

    // What became somebody's own stays, and the toast names it.
    let flows = folder.rpc("list_flows", &json!({"search": "certificate"}));
    folder.rpc("update_flow", &json!({"id": flows[0]["id"], "name": "Our certificates"}));
    browser.enter("remove-sample").await;
    browser.reads("toast", "“Our certificates” stays").await;
    browser.find("[data-testid='first-target-list']").await;
    browser.close().await;
    assert_eq!(folder.rpc("list_batches", &json!({})), json!([]));
    assert_eq!(folder.rpc("list_flows", &json!({})).as_array().map(Vec::len), Some(1));
}

impl Browser {
    /// Waits until a day of the calendar has the focus, under an address with that view.
    async fn on_day(&self, view: &str, date: &str) {
        crate::wait::until(&format!("{date} in the {view}"), || async {
            let there = self
                .script(&format!(
                    "return location.search === '?view={view}&date={date}'
                        && document.activeElement.dataset.date === '{date}'"
                ))
                .await;
            (there == Value::Bool(true)).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn the_calendar_is_walked_by_keys_and_keeps_its_place() {
    let folder = Folder::new();
    let browser = folder.open().await;
    browser.load("/calendar?view=month&date=2027-01-30").await;
    browser.reads("calendar-title", "January 2027").await;
    browser.press(Key::Right).await;
    browser.on_day("month", "2027-01-31").await;
    browser.press(Key::PageDown).await;
    browser.on_day("month", "2027-02-28").await;
    browser.reads("calendar-title", "February 2027").await;
    browser.press(Key::Up).await;
    browser.on_day("month", "2027-02-21").await;
    browser.keys("w").await;
    browser.reads("calendar-title", "15 – 21 February 2027").await;
    browser.press(Key::PageUp).await;
    browser.on_day("week", "2027-02-14").await;
    browser.script("history.back()").await;
    browser.reads("calendar-title", "February 2027").await;
    browser.script("history.forward()").await;
    browser.reads("calendar-title", "8 – 14 February 2027").await;
    browser.script("location.reload()").await;
    browser.settled().await;
    browser.reads("calendar-title", "8 – 14 February 2027").await;
    browser.close().await;
}

#[tokio::test]
async fn a_day_with_more_runs_than_a_month_tells_stays_open_and_whole() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let schedule = folder.rpc("get_schedule_for_flow", &json!({"flow_id": sample.maintenance}));
    let hourly = json!({"kind": "cron", "expression": "0 2-21 28 1 *"});
    folder.rpc("update_schedule", &json!({"id": schedule["id"], "recurrence": hourly, "timezone": "UTC"}));
    let browser = folder.open().await;
    browser.load("/calendar?view=month&date=2027-01-28").await;
    let whole = |name: &str| {
        format!(
            "const lines = [...document.querySelectorAll('[data-testid=calendar-line]')];
             return lines.length === 20 && lines.every((line) => line.textContent.includes('{name}'))
               && document.querySelector('#chosen-day').textContent.includes('28 January')
               && !document.querySelector('[data-testid=calendar-more]')"
        )
    };
    browser.holds(&whole("RDS host patching")).await;
    // Somebody changes what stands there.
    folder.rpc("update_flow", &json!({"id": sample.maintenance, "name": "RDS farm patching"}));
    browser.holds(&whole("RDS farm patching")).await;
    browser.script("location.reload()").await;
    browser.settled().await;
    browser.holds(&whole("RDS farm patching")).await;
    // Less of it is less, and still this day.
    let fewer = json!({"kind": "cron", "expression": "0 2-15 28 1 *"});
    folder.rpc("update_schedule", &json!({"id": schedule["id"], "recurrence": fewer}));
    browser.holds(&whole("RDS farm patching").replace("20", "14")).await;
    browser.close().await;
}

#[tokio::test]
async fn a_day_says_in_which_hours_runs_may_start() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let schedule = folder.rpc("get_schedule_for_flow", &json!({"flow_id": sample.maintenance}));
    let windows = json!([{"weekdays": ["tuesday"], "from": "02:00", "to": "05:00"}]);
    folder.rpc("update_schedule", &json!({"id": schedule["id"], "windows": windows}));
    let browser = folder.open().await;
    browser.load("/calendar?view=month&date=2027-01-26").await;
    browser.reads("calendar-windows", "Runs may start").await;
    browser.tab_to("[data-testid='calendar-windows'] summary").await;
    browser.press(Key::Enter).await;
    browser.find("[data-testid='calendar-windows'][open] dd").await;
    browser.reads("calendar-windows", "RDS host patching").await;
    // A Thursday.
    browser.load("/calendar?view=month&date=2027-01-28").await;
    browser.find("[data-testid='calendar-detail']").await;
    browser.gone("calendar-windows").await;
    browser.close().await;
}
