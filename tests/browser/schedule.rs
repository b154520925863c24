//! The schedule editor by keyboard: what a pattern keeps of another, where a wrong part leads, and what is saved.

use crate::browser::Folder;
use crate::sample::Sample;
use thirtyfour::Key;

#[tokio::test]
async fn a_weekly_schedule_becomes_patch_tuesday_plus_ten_at_the_same_time() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.load(&format!("/flows/{}/maintenance", sample.maintenance)).await;
    browser.enter("edit-schedule").await;
    browser.reads("schedule-preview", "At 03:00 every Tuesday, Berlin time").await;
    browser.enter("preset-patch-tuesday").await;

    // Coming by keyboard selects what stands there.
    browser.type_into("offset-days", "40").await;
    browser.press(Key::Enter).await;
    browser.find("#schedule-offset:focus[aria-invalid=true]").await;
    browser.find("#schedule-offset-about [role=alert]").await;
    for key in [Key::Backspace, Key::Backspace] {
        browser.press(key).await;
    }
    browser.keys("10").await;
    let words = "On the second Tuesday of the month plus 10 days (Friday), at 03:00, Berlin time";
    browser.reads("schedule-preview", words).await;
    browser.press(Key::Enter).await;
    browser.reads("schedule-card", words).await;
    browser.close().await;
}
