//! Flows: a large library, the preview of an import, and revisions beside each other.

use crate::browser::{Browser, Folder};
use crate::sample::{RUNBOOK, Sample};
use serde_json::{Value, json};

impl Browser {
    /// Chooses an option as a person would.
    pub(crate) async fn select(&self, id: &str, value: &str) {
        self.find(&format!("#{id} option[value='{value}']")).await;
        self.script(&format!(
            "const select = document.getElementById('{id}');
             select.value = '{value}';
             select.dispatchEvent(new Event('change', {{ bubbles: true }}));"
        ))
        .await;
    }
}

#[tokio::test]
async fn a_large_library_draws_what_is_near_and_reaches_its_end_in_every_view() {
    const FLOWS: usize = 300;
    let folder = Folder::new();
    let make = |n: usize| {
        let markdown = format!("# Flow {n:03}\n\nUpdates host {n}.\n\n1. Patch\n2. Reboot\n");
        json!({"command": "import_flow_markdown", "payload": {"markdown": markdown, "flow_type": "maintenance"}})
    };
    folder.rpc_each((1..=FLOWS).map(make));
    let browser = folder.open().await;
    for view in ["table", "list", "grid"] {
        browser.load("/flows").await;
        browser.click(&format!("view-{view}")).await;
        browser.reads("flow-row", "Flow 001").await;
        let drawn = browser
            .script(
                "const rows = [...document.querySelectorAll('[data-testid=flow-row]')];
                 return { number: rows.length, heights: [...new Set(rows.map((row) => row.getBoundingClientRect().height))] }",
            )
            .await;
        assert!(drawn["number"].as_u64().expect("a number") < 150, "{view}: {drawn}");
        assert_eq!(drawn["heights"].as_array().map(Vec::len), Some(1), "{view}: {drawn}");
        browser
            .script("const main = document.getElementById('main'); main.scrollTo(0, main.scrollHeight)")
            .await;
        browser.reads("flow-row", &format!("Flow {FLOWS}")).await;
        // Nothing is left empty below the last one.
        let below = browser
            .script(
                "const main = document.getElementById('main');
                 main.scrollTo(0, main.scrollHeight);
                 const last = [...document.querySelectorAll('[data-testid=flow-row]')].at(-1);
                 return main.getBoundingClientRect().bottom - last.getBoundingClientRect().bottom",
            )
            .await;
        assert!((-2.0..=60.0).contains(&below.as_f64().expect("a number")), "{view}: {below}");
    }
    browser.close().await;
}

#[tokio::test]
async fn a_document_is_previewed_before_it_is_imported() {
    let folder = Folder::new();
    let sample = Sample::make(&folder);
    let exported = folder.rpc("export_flow", &json!({"id": sample.tree, "format": "json"}));
    let mut document: Value =
        serde_json::from_str(exported["content"].as_str().expect("a text")).expect("JSON");
    let browser = folder.open().await;
    browser.load("/flows?open=import").await;
    browser.fill("import-text", &document.to_string()).await;
    browser.reads("import-preview", "Printer does not print").await;
    browser.reads("import-preview", "3 nodes").await;
    document["structure"]["nodes"] = json!([]);
    browser.fill("import-text", &document.to_string()).await;
    browser.is_refused("import-text", "nodes", &document.to_string()).await;
    browser.close().await;
}

#[tokio::test]
async fn any_two_revisions_are_compared_and_the_address_keeps_which() {
    let folder = Folder::new();
    let flow = folder.rpc("import_flow_markdown", &json!({"markdown": RUNBOOK, "flow_type": "procedural"}));
    for name in ["Second name", "Third name", "Fourth name"] {
        folder.rpc("update_flow", &json!({"id": flow["id"], "name": name}));
    }
    let browser = folder.open().await;
    browser.load(&format!("/flows/{}/revisions", flow["id"].as_str().expect("an id"))).await;
    browser.reads("difference", "Third name").await;
    browser.select("compare-from", "1").await;
    browser.reads("difference", "RDS host patching").await;
    browser.reads("difference", "Fourth name").await;
    assert_eq!(browser.script("return location.search").await, "?from=1&to=4");
    browser.select("compare-to", "2").await;
    browser.reads("difference", "Second name").await;
    let address = browser.script("return location.pathname + location.search").await;
    browser.load(address.as_str().expect("an address")).await;
    browser.reads("difference", "Second name").await;
    // The list shows what one revision changed.
    browser.script("document.querySelectorAll('[data-testid=revision-row]')[1].click()").await;
    browser.reads("difference", "Third name").await;
    assert_eq!(browser.script("return location.search").await, "?to=3");
    browser.script("history.back()").await;
    browser.reads("difference", "RDS host patching").await;
    browser.close().await;
}
