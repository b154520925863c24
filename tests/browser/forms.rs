//! Bad input: the error stands beside the field, what was typed stays, and the keyboard is back in that field.

use crate::browser::{Browser, Folder};
use crate::sample::Sample;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use thirtyfour::Key;

impl Browser {
    /// Puts a text in the place of what is in a field, by its id.
    pub(crate) async fn fill(&self, id: &str, text: &str) {
        self.find(&format!("#{id}")).await;
        self.script(&format!("const field = document.getElementById('{id}'); field.focus(); field.select()"))
            .await;
        self.press(Key::Backspace).await;
        self.keys(text.replace('\n', "\u{e007}")).await;
    }

    /// Puts a long text into a field at once.
    pub(crate) async fn paste(&self, id: &str, text: &str) {
        self.find(&format!("#{id}")).await;
        self.script(&format!(
            "const field = document.getElementById('{id}');
             field.value = {};
             field.dispatchEvent(new Event('input', {{ bubbles: true }}));",
            json!(text)
        ))
        .await;
    }

    /// Hands a file of targets over as the system's dialog would.
    pub(crate) async fn choose_file(&self, file_name: &str, content: impl AsRef<[u8]>) {
        self.choose_file_in("targets-file", file_name, content).await;
    }

    /// Hands a file over to the field of that name.
    pub(crate) async fn choose_file_in(&self, field: &str, file_name: &str, content: impl AsRef<[u8]>) {
        self.find(&format!("[data-testid='{field}']")).await;
        self.script(&format!(
            "const input = document.querySelector(`[data-testid='{field}']`);
             const data = new DataTransfer();
             data.items.add(new File([new Uint8Array({})], {}));
             input.files = data.files;
             input.dispatchEvent(new Event('change', {{ bubbles: true }}));",
            json!(content.as_ref()),
            json!(file_name)
        ))
        .await;
    }

    /// Waits until the field of that id has the keyboard, says what is wrong beside it, and still has its text.
    pub(crate) async fn is_refused(&self, id: &str, words: &str, typed: &str) {
        let script = format!(
            "const field = document.getElementById('{id}');
             const around = field?.closest('.field')?.parentElement ?? document.body;
             return {{
               focused: document.activeElement === field,
               said: [...around.querySelectorAll('.error-text')].map((line) => line.textContent),
               typed: field?.type === 'file' || field?.type === 'radio' ? '' : field?.value.trim(),
             }}"
        );
        let refused = crate::wait::patiently(async || {
            let seen = self.script(&script).await;
            let said =
                seen["said"].as_array()?.iter().any(|line| line.as_str().unwrap_or("").contains(words));
            (seen["focused"] == Value::Bool(true) && said && seen["typed"] == json!(typed)).then_some(())
        })
        .await;
        let seen = self.script(&script).await;
        assert!(refused.is_some(), "{id} should say {words:?} over {typed:?}: {seen}");
    }
}

/// Every `<Field …>` of a source that can say what is wrong with it, up to the end of its tag.
fn fields_that_can_be_wrong(source: &str) -> Vec<&str> {
    let tags = source.split("<Field").skip(1).filter(|rest| rest.starts_with(char::is_whitespace));
    let tags = tags.map(|rest| {
        let (mut depth, mut quoted) = (0_i32, false);
        let end = rest.find(|c| {
            match c {
                '"' => quoted = !quoted,
                '{' if !quoted => depth += 1,
                '}' if !quoted => depth -= 1,
                _ => {}
            }
            c == '>' && depth == 0 && !quoted
        });
        &rest[..end.unwrap_or(rest.len())]
    });
    tags.filter(|tag| tag.contains("error={") || tag.contains("{error}")).collect()
}

/// The id of a field where its tag, or a constant of the source, says it. Ids that are put together are not known here.
fn id_of<'a>(tag: &'a str, source: &'a str, places: &'a str) -> Option<&'a str> {
    let (_, said) = tag.split_once("id=")?;
    if let Some(said) = said.strip_prefix('"') {
        return said.split('"').next();
    }
    let name = said.strip_prefix('{')?.split('}').next()?;
    let constant = format!("const {name}: &str = \"");
    let (_, value) = source.split_once(&constant).or_else(|| places.split_once(&constant))?;
    value.split('"').next()
}

fn sources(folder: &str) -> Vec<String> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && !path.ends_with("gallery") {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("gallery.rs") {
                found.push(fs::read_to_string(path).expect("a source"));
            }
        }
    }
    found
}

#[test]
fn no_field_is_forgotten() {
    let tests: String = sources("tests/browser").concat().split_whitespace().collect();
    let pages = sources("ui/src/pages");
    // Ids that several sources share.
    let shared = [sources("ui/src/state").concat(), pages.concat()].concat();
    let known: BTreeSet<&str> = pages
        .iter()
        .flat_map(|page| fields_that_can_be_wrong(page).into_iter().map(move |tag| (tag, page)))
        .filter_map(|(tag, page)| id_of(tag, page, &shared))
        .collect();
    // `is_refused("the-id"` and whatever else refuses it.
    let refused = |id: &str| {
        let mut before = tests.split(&format!("(\"{id}\"")).collect::<Vec<_>>();
        before.pop();
        before.iter().any(|before| {
            before
                .rsplit(|c: char| !c.is_ascii_alphabetic() && c != '_')
                .next()
                .is_some_and(|it| it.contains("refuse"))
        })
    };
    let forgotten: Vec<&str> = known.iter().copied().filter(|id| !refused(id)).collect();
    // It finds a target; nothing of it is saved.
    assert_eq!(forgotten, ["detail-target"], "a test gives each of these something wrong");
    assert!(known.len() > 25, "the pages are read: {known:?}");
}

#[tokio::test]
async fn a_target_list_says_what_is_wrong_with_it() {
    let folder = Folder::new();
    let browser = folder.open().await;
    browser.load("/account/target-lists").await;
    browser.click("new-target-list").await;
    browser.click("list-save").await;
    browser.is_refused("list-name", "The name must not be empty.", "").await;
    browser.fill("list-name", "Farm").await;
    browser.click("list-save").await;
    browser.is_refused("list-targets", "Write at least one target.", "").await;

    browser.fill("list-targets", "RDS-01\nRDS-02\nrds-01").await;
    browser.click("list-save").await;
    browser.is_refused("list-targets", "Line 3: rds-01 is already on line 1", "RDS-01\nRDS-02\nrds-01").await;
    browser.fill("list-targets", "RDS-01\nRDS-02").await;
    let long = "x".repeat(256);
    browser.fill("list-client", &long).await;
    browser.click("list-save").await;
    browser.is_refused("list-client", "The client has 256 characters", &long).await;
    browser.fill("list-client", "Contoso").await;
    browser.fill("list-site", &long).await;
    browser.click("list-save").await;
    browser.is_refused("list-site", "The site has 256 characters", &long).await;
    browser.fill("list-site", "").await;
    let text = "x".repeat(20_001);
    browser.paste("list-description", &text).await;
    browser.click("list-save").await;
    browser.is_refused("list-description", "at most 20000 are allowed", &text).await;
    browser.fill("list-description", "").await;

    // What belongs to one target stands behind the other tab; saving leads there.
    browser.click("list-details").await;
    browser.fill("detail-target", "rds-02").await;
    browser.press(Key::Enter).await;
    browser.fill("detail-client", &long).await;
    browser.click("list-save").await;
    browser.is_refused("detail-client", "The client has 256 characters", &long).await;
    browser.fill("detail-client", "").await;
    browser.fill("detail-site", &long).await;
    browser.click("list-save").await;
    browser.is_refused("detail-site", "The site has 256 characters", &long).await;
    browser.fill("detail-site", "").await;
    browser.fill("detail-variables", "ip 10.0.0.2").await;
    browser.click("list-lines").await;
    browser.click("list-save").await;
    browser.is_refused("detail-variables", "Line 1: write key = value", "ip 10.0.0.2").await;
    browser.fill("detail-variables", "ip = 10.0.0.2").await;
    browser.fill("detail-site", "Rome").await;
    browser.click("list-save").await;
    browser.reads("target-list-row", "Farm").await;
    browser.close().await;

    let lists = folder.rpc("list_target_lists", &json!({}));
    let list = folder.rpc("get_target_list", &json!({"id": lists[0]["id"]}));
    assert_eq!(list["client"], "Contoso");
    assert_eq!(
        list["targets"],
        json!([{"label": "RDS-01"}, {"label": "RDS-02", "site": "Rome", "variables": {"ip": "10.0.0.2"}}])
    );
}

#[tokio::test]
async fn an_import_says_what_is_wrong_with_it() {
    let folder = Folder::new();
    let browser = folder.open().await;
    browser.load("/account/target-lists?open=import").await;
    browser.click("import-targets-submit").await;
    browser.is_refused("import-file", "Choose a file.", "").await;
    browser.choose_file("devices.csv", "").await;
    browser.is_refused("import-file", "devices.csv is empty.", "").await;
    browser.choose_file("devices.csv", "Device,IP Address\nRDS-01,10.0.0.1\n").await;
    browser.reads("import-counts", "Create1").await;

    browser.fill("import-name", "").await;
    browser.click("import-targets-submit").await;
    browser.is_refused("import-name", "The name must not be empty.", "").await;
    browser.click("import-into-existing").await;
    browser.click("import-targets-submit").await;
    browser.is_refused("import-list", "Choose a list.", "").await;
    browser.fill("import-list", "no such list").await;
    browser.click("import-targets-submit").await;
    browser.is_refused("import-list", "Choose a list.", "no such list").await;
    browser.click("import-into-new").await;
    browser.fill("import-name", "Devices").await;

    browser.click("add-variable").await;
    browser.fill("import-variable-1-key", "Serial No").await;
    browser.click("import-targets-submit").await;
    browser.is_refused("import-variable-1-key", "The key ", "Serial No").await;
    browser.close().await;
    assert_eq!(folder.rpc("list_target_lists", &json!({})), json!([]));
}

#[tokio::test]
async fn a_file_that_is_not_utf_8_is_read_and_says_so() {
    let folder = Folder::new();
    let browser = folder.open().await;
    browser.load("/account/target-lists?open=import").await;
    let text = "Device,Site\nRDS-01,Köln\n";
    browser.choose_file("utf8.csv", text).await;
    browser.reads("file-facts", "2 columns, separated by commas").await;
    let utf16 = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes);
    browser.choose_file("utf16.csv", utf16.collect::<Vec<u8>>()).await;
    browser.reads("file-facts", "read as UTF-16").await;
    // Every letter of it has the same number there as here.
    let windows = text.chars().map(|letter| u8::try_from(u32::from(letter)).expect("a Western letter"));
    browser.choose_file("windows.csv", windows.collect::<Vec<u8>>()).await;
    browser.reads("file-facts", "read as Windows-1252").await;
    browser.fill("import-name", "Devices").await;
    browser.reads("import-targets-submit", "Import 1 target").await;
    browser.click("import-targets-submit").await;
    browser.reads("target-list-row", "Devices").await;
    browser.close().await;
    let lists = folder.rpc("list_target_lists", &json!({}));
    let list = folder.rpc("get_target_list", &json!({"id": lists[0]["id"]}));
    assert_eq!(list["targets"][0]["site"], "Köln");
}

#[tokio::test]
async fn a_launch_says_what_is_wrong_with_it() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.load(&format!("/flows/{}/maintenance", sample.maintenance)).await;
    browser.click("batch-launch").await;
    browser.settled().await;
    browser.click("launch-submit").await;
    browser.is_refused("launch-list", "Choose a list.", "").await;
    browser.fill("launch-list", "nothing like it").await;
    browser.click("launch-submit").await;
    browser.is_refused("launch-list", "Choose a list.", "nothing like it").await;

    browser.click("launch-previous").await;
    browser.find("#launch-run").await;
    browser.click("launch-submit").await;
    browser.is_refused("launch-run", "Choose a run.", "").await;
    browser.click("launch-file").await;
    browser.click("launch-submit").await;
    // The tab and the field of the file share a word, not an id.
    browser.is_refused("launch-csv-file", "Choose a file.", "").await;
    browser.click("launch-manual").await;
    browser.fill("launch-targets", "RDS-01\n# only a remark\nrds-01").await;
    browser.click("launch-submit").await;
    let typed = "RDS-01\n# only a remark\nrds-01";
    browser.is_refused("launch-targets", "Line 3: rds-01 is already on line 1", typed).await;
    browser.fill("launch-targets", "RDS-01").await;

    browser.click("launch-waves").await;
    browser.click("launch-submit").await;
    browser.is_refused("launch-canary", "Give at least one of the three numbers.", "").await;
    browser.fill("launch-max-in-progress", "a few").await;
    browser.click("launch-submit").await;
    browser.is_refused("launch-max-in-progress", "A whole number from 1 to 10,000.", "a few").await;
    browser.fill("launch-max-in-progress", "1").await;
    browser.click("launch-submit").await;
    browser.page("/batches/").await;
    browser.close().await;
    let batch = &folder.rpc("list_batches", &json!({}))[0];
    let waves = &folder.rpc("get_batch", &json!({"batch_id": batch["batch_id"]}))["waves"]["rule"];
    assert_eq!(*waves, json!({"max_in_progress": 1}));
}

#[tokio::test]
async fn what_the_engine_has_against_a_launch_is_said_on_the_tab_it_is_about() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let browser = folder.open().await;
    browser.load(&format!("/flows/{}/maintenance", sample.maintenance)).await;
    // The engine's word comes when the person lets it, and names a field that the interface found right.
    browser
        .script(
            "const core = window.__TAURI__.core, real = core.invoke;
             core.invoke = (name, args) => args?.command !== 'launch_batch' ? real(name, args)
               : new Promise((_, reject) => {
                   window.refuse = (field) => reject(JSON.stringify({ code: 'validation', message: 'is not to be', field }));
                 });",
        )
        .await;
    browser.click("batch-launch").await;
    browser.settled().await;
    browser.click("launch-manual").await;
    browser.fill("launch-targets", "RDS-01").await;
    browser.click("launch-submit").await;
    // Another tab is looked at meanwhile.
    browser.click("launch-file").await;
    browser.find("#launch-csv-file").await;
    browser.script("window.refuse('targets[0].label')").await;
    browser.is_refused("launch-targets", "Is not to be", "RDS-01").await;

    browser.click("launch-waves").await;
    browser.fill("launch-max-in-progress", "4").await;
    browser.click("launch-submit").await;
    browser.click("launch-waves").await;
    browser.script("window.refuse('waves.max_in_progress')").await;
    browser.is_refused("launch-max-in-progress", "Is not to be", "4").await;
    browser.close().await;
}

#[tokio::test]
async fn a_path_that_is_none_is_told() {
    let folder = Folder::new();
    let browser = folder.open().await;
    browser.load("/settings/backups").await;
    for (opener, absent) in [
        ("export-backup", "its folder does not exist"),
        ("export-all", "Its folder"),
        ("restore-file", "no such file"),
    ] {
        browser.click(opener).await;
        let (field, submit) = (format!("{opener}-path"), format!("{opener}-submit"));
        browser.click(&submit).await;
        browser.is_refused(&field, "Say where the file is.", "").await;
        browser.fill(&field, "backup.tar").await;
        browser.click(&submit).await;
        browser.is_refused(&field, "ust be the absolute path of a file", "backup.tar").await;
        browser.fill(&field, "/no/such/folder/backup.tar").await;
        browser.click(&submit).await;
        browser.is_refused(&field, absent.trim_start_matches(['i', 'I']), "/no/such/folder/backup.tar").await;
        browser.press(Key::Escape).await;
    }
    browser.close().await;
}
