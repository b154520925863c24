//! The settings, and what a file of targets becomes.

use crate::browser::Folder;
use crate::sample::Sample;
use serde_json::{Value, json};

const EXPORT: &str = "Display Name,Organization,Location,Device Role,IP Address\n\
    CTX-01,Contoso,Rome,Windows Server,10.0.0.1\nCTX-02,Contoso,Rome,Windows Server,10.0.0.2\n\
    ,Contoso,Rome,Windows Server,10.0.0.3\n";

#[tokio::test]
async fn a_launch_takes_its_targets_from_a_file_or_an_earlier_run() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    let flow = format!("/flows/{}/maintenance", sample.maintenance);
    browser.load(&flow).await;
    browser.click("batch-launch").await;
    browser.click("launch-file").await;
    browser.choose_file("ninja.csv", EXPORT).await;
    browser.reads("launch-preview", "Will create 2 sessions for: CTX-01, CTX-02").await;
    // However often it is hit, one batch comes of it.
    browser
        .script("for (let n = 0; n < 3; n++) document.querySelector(`[data-testid='launch-submit']`).click()")
        .await;
    browser.page("/batches/").await;

    browser.load(&flow).await;
    browser.click("batch-launch").await;
    browser.click("launch-previous").await;
    // The older of the two, which has a failed target.
    browser.find("[data-testid='launch-run']").await;
    browser.script("document.querySelectorAll(`[data-testid='launch-run']`)[1].click()").await;
    browser
        .reads("launch-preview", "Will create 8 sessions for: RDS-01, RDS-02, RDS-03, RDS-04, RDS-05 +3 more")
        .await;
    browser.click("launch-submit").await;
    browser.page("/batches/").await;
    browser.close().await;
    let batches = folder.rpc("list_batches", &json!({}));
    let totals: Vec<&Value> =
        batches.as_array().expect("batches").iter().map(|batch| &batch["total"]).collect();
    assert_eq!(totals, [&json!(8), &json!(2), &json!(8)]);
}

#[tokio::test]
async fn the_theme_is_chosen_and_the_program_says_what_it_is() {
    let folder = Folder::new();
    let browser = folder.open().await;
    browser.load("/settings").await;
    browser.click("theme-dark").await;
    assert_eq!(browser.script("return document.documentElement.dataset.theme").await, "dark");
    // The switch in the sidebar knows.
    browser.find("[data-testid='theme'][aria-label='Theme: dark']").await;
    browser.load("/settings/notifications").await;
    browser.click("test-notification").await;
    browser.reads("test-result", "There is no desktop to hand it to from here").await;
    browser.load("/settings/about").await;
    browser.reads("about", "Time zone database2026").await;
    browser.close().await;
}
