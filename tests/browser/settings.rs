//! The settings, and what a file of targets becomes.

use crate::browser::Folder;
use crate::sample::Sample;
use serde_json::{Value, json};
use thirtyfour::Key;

const EXPORT: &str = "Display Name,Organization,Location,Device Role,IP Address\n\
    CTX-01,Contoso,Rome,Windows Server,10.0.0.1\nCTX-02,Contoso,Rome,Windows Server,10.0.0.2\n\
    ,Contoso,Rome,Windows Server,10.0.0.3\n";

#[tokio::test]
async fn an_export_becomes_a_list_which_can_be_taken_back() {
    let folder = Folder::new();
    let browser = folder.open().await;
    browser.load("/account/target-lists").await;
    browser.click("import-targets").await;
    browser.choose_file("ninja.csv", EXPORT).await;
    browser.reads("import-counts", "All3Create2Rejected1").await;
    browser.reads("import-preset", "Told by its columns: NinjaOne").await;
    browser.click("rows-rejected").await;
    browser.reads("import-row", "the name must not be empty").await;
    // Another column for the names: what each row does follows.
    let select = "const field = document.getElementById('import-label'); field.value = 'IP Address';
        field.dispatchEvent(new Event('change', { bubbles: true }))";
    browser.script(select).await;
    browser.reads("import-counts", "All3Create3").await;
    browser.script(&select.replace("IP Address", "Display Name")).await;
    browser.reads("import-counts", "All3Create2Rejected1").await;
    browser.click("import-targets-submit").await;
    browser.reads("toast", "“Contoso”: 2 created, 1 rejected.").await;
    browser.reads("target-list-row", "Contoso").await;
    browser.click("view").await;
    browser.find("#list[open]").await;
    browser.press(Key::Escape).await;
    browser.page("/account/target-lists").await;

    // The same file again changes nothing of that list.
    browser.click("import-targets").await;
    browser.choose_file("ninja.csv", EXPORT).await;
    browser.click("import-into-existing").await;
    browser.fill("import-list", "conto").await;
    browser.press(Key::Enter).await;
    browser.reads("import-counts", "All3Skip2Rejected1").await;
    browser
        .choose_file("ninja.csv", &EXPORT.replace("10.0.0.2", "10.0.0.9").replace("CTX-01", "CTX-07"))
        .await;
    browser.reads("import-counts", "All3Create1Update1Rejected1").await;
    browser.click("import-targets-submit").await;
    browser.reads("toast", "1 created, 1 updated, 1 rejected").await;
    let targets = || {
        let lists = folder.rpc("list_target_lists", &json!({}));
        lists
            .as_array()
            .map(|lists| lists.iter().map(|list| list["target_count"].clone()).collect::<Vec<Value>>())
    };
    assert_eq!(targets(), Some(vec![json!(3)]));
    // The toast is closed, and something else was looked at: it is still offered beside the lists.
    browser
        .script("document.querySelector(`[data-testid='toast'] [aria-label='Close message']`).click()")
        .await;
    browser.keys("gs").await;
    browser.page("/sessions").await;
    browser.keys("gt").await;
    browser.reads("last-import", "Imported into “Contoso”: 1 created, 1 updated, 1 rejected.").await;
    browser.click("undo-import").await;
    browser.reads("toast", "The import is undone.").await;
    assert_eq!(targets(), Some(vec![json!(2)]));
    browser.gone("last-import").await;

    // Once the list is changed, it would undo that as well.
    browser.click("import-targets").await;
    browser.choose_file("ninja.csv", EXPORT).await;
    browser.fill("import-name", "Second").await;
    browser.click("import-targets-submit").await;
    browser.reads("last-import", "Imported into “Second”: 2 created").await;
    let lists = folder.rpc("list_target_lists", &json!({}));
    let second = lists.as_array().into_iter().flatten().find(|list| list["name"] == "Second");
    let second = second.expect("the second list")["id"].clone();
    folder.rpc("update_target_list", &json!({"id": second, "description": "mine"}));
    browser.gone("last-import").await;
    browser.close().await;
}

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
async fn a_backup_is_made_written_and_restored() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.load("/settings/backups").await;
    browser.click("make-backup").await;
    browser.reads("toast", "A backup is made and checked").await;
    let file = folder.beside("copy.tar");
    browser.click("export-backup").await;
    browser.fill("export-backup-path", &file).await;
    browser.click("export-backup-submit").await;
    browser.reads("toast", "Its evidence is complete: 1 file.").await;

    folder.rpc("delete_target_list", &json!({"id": sample.list}));
    browser.click("restore-file").await;
    browser.fill("restore-file-path", &file).await;
    browser.click("restore-file-submit").await;
    browser.reads("restored", "The backup is in place").await;
    browser.load("/account/target-lists").await;
    browser.reads("target-list-row", "RDS farm").await;
    browser.close().await;
}

#[tokio::test]
async fn a_backup_of_the_list_is_restored_and_taken_back_by_keyboard() {
    let folder = Folder::new();
    Sample::make(&folder);
    let lists = || folder.rpc("list_target_lists", &json!({}));
    let begun = lists();
    let name = begun[0]["name"].as_str().expect("a list").to_owned();
    let browser = folder.open().await;
    browser.load("/settings/backups").await;
    browser.enter("make-backup").await;
    browser.reads("backup-row", "By hand").await;

    browser.load("/account/target-lists").await;
    browser.tab_to(&format!("[data-testid='delete-list'][aria-label='Delete {name}']")).await;
    browser.press(Key::Enter).await;
    browser.find("#delete-list[open]").await;
    browser.enter("delete-list-confirm").await;
    browser.reads("toast", "is deleted.").await;
    let changed = lists();
    assert_ne!(changed, begun);

    browser.load("/settings/backups").await;
    browser.enter("restore-listed").await;
    browser.find("#restore-backup[open]").await;
    // What changes nothing has the keyboard.
    assert_eq!(browser.script("return document.activeElement.textContent").await, "Cancel");
    browser.press(Key::Escape).await;
    browser.find("#restore-backup:not([open])").await;
    assert_eq!(lists(), changed);
    browser.enter("restore-listed").await;
    browser.find("#restore-backup[open]").await;
    browser.enter("restore-backup-confirm").await;
    browser.reads("restored", "The backup is in place").await;
    assert_eq!(lists(), begun);
    // Nobody has to load the program again.
    browser.keys("gt").await;
    browser.page("/account/target-lists").await;
    browser.reads("target-list-row", &name).await;

    // And what was replaced comes back.
    browser.script("history.back()").await;
    browser.reads("restore-listed", "Bring back…").await;
    let replaced = "[...document.querySelectorAll(`[data-testid='restore-listed']`)]
        .find((one) => one.textContent.includes('Bring back')).focus()";
    browser.script(replaced).await;
    browser.press(Key::Enter).await;
    browser.reads("restore-backup-confirm", "Restore").await;
    browser.enter("restore-backup-confirm").await;
    browser.reads("restored", "The backup is in place").await;
    assert_eq!(lists(), changed);
    browser.close().await;
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
