//! axe-core over every page, in both themes: nothing serious, nothing critical.

use crate::browser::{Browser, Folder};
use crate::sample::Sample;
use serde_json::Value;
use std::collections::BTreeSet;

const AXE: &str = include_str!("axe/axe.min.js");

/// Findings of the two upper ranks, one line each.
const RUN: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ['violations'] }).then(
      ({ violations }) => done(violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, impact, nodes }) => nodes.map(({ target, failureSummary, html }) =>
          `${impact} ${id} at ${target.join(' ')}: ${failureSummary.replace(/\\s+/g, ' ')} | ${html.slice(0, 160)}`))),
      (error) => done([`axe-core could not look: ${error}`]));";

/// Every address of the interface as its source writes it, and what stands there in the sample.
fn addresses(sample: &Sample) -> Vec<(&'static str, Vec<String>)> {
    let flows = [&sample.maintenance, &sample.procedure, &sample.tree];
    vec![
        ("/", vec!["/".to_owned()]),
        ("/flows", ["", "?type=procedural", "?search=nothing"].map(|query| format!("/flows{query}")).into()),
        ("/flows/new", vec!["/flows/new".to_owned()]),
        ("/flows/{id}", vec![format!("/flows/{}", sample.procedure)]),
        ("/flows/{id}/navigate", vec![format!("/flows/{}/navigate", sample.procedure)]),
        ("/trees/{id}/navigate", vec![format!("/trees/{}/navigate", sample.tree)]),
        ("/flows/{id}/edit", flows[..2].iter().map(|id| format!("/flows/{id}/edit")).collect()),
        ("/trees/{id}/edit", vec![format!("/trees/{}/edit", sample.tree)]),
        ("/flows/{id}/revisions", vec![format!("/flows/{}/revisions", sample.maintenance)]),
        ("/flows/{id}/maintenance", vec![format!("/flows/{}/maintenance", sample.maintenance)]),
        (
            "/sessions",
            ["", "?group=client&when=between", "?search=nothing"]
                .map(|query| format!("/sessions{query}"))
                .into(),
        ),
        ("/batches/{id}", vec![format!("/batches/{}", sample.batch)]),
        (
            "/sessions/{id}",
            [&sample.open_session, &sample.ended_session, &sample.tree_session]
                .map(|id| format!("/sessions/{id}"))
                .into(),
        ),
        (
            "/account/target-lists",
            vec!["/account/target-lists".to_owned(), format!("/account/target-lists?list={}", sample.list)],
        ),
        (
            "/schedules",
            ["", "?health=new&sort=health", "?search=nothing"]
                .map(|query| format!("/schedules{query}"))
                .into(),
        ),
        ("/settings/blackouts", vec!["/settings/blackouts".to_owned()]),
        ("/settings/appearance", vec!["/settings/appearance".to_owned()]),
        ("/settings/notifications", vec!["/settings/notifications".to_owned()]),
        ("/settings/backups", vec!["/settings/backups".to_owned()]),
        ("/settings/about", vec!["/settings/about".to_owned()]),
        ("/settings/workspace", vec!["/settings/workspace".to_owned()]),
        ("/settings/members", vec!["/settings/members".to_owned()]),
        ("/settings/audit", vec!["/settings/audit".to_owned()]),
        ("/conflicts", vec!["/conflicts".to_owned()]),
        ("/notifications", vec!["/notifications".to_owned()]),
        ("/calendar", ["", "?view=week", "?date=2031-02-14"].map(|query| format!("/calendar{query}")).into()),
        ("/404", vec!["/404".to_owned()]),
    ]
}

/// Dialogs: where they open, and what opens them.
fn dialogs(sample: &Sample) -> Vec<(String, &'static str)> {
    let flow = format!("/flows/{}/maintenance", sample.maintenance);
    let batch = format!("/batches/{}", sample.batch);
    vec![
        ("/flows".to_owned(), "import-markdown"),
        ("/account/target-lists".to_owned(), "new-target-list"),
        ("/account/target-lists".to_owned(), "import-targets"),
        ("/settings/blackouts".to_owned(), "edit-blackout"),
        ("/settings/blackouts".to_owned(), "import-blackouts"),
        ("/settings/blackouts".to_owned(), "delete-blackout"),
        ("/settings/backups".to_owned(), "restore-file"),
        ("/settings/backups".to_owned(), "restore-listed"),
        ("/settings/workspace".to_owned(), "create-team"),
        ("/settings/workspace".to_owned(), "join-team"),
        (flow.clone(), "batch-launch"),
        (flow, "edit-schedule"),
        (format!("/sessions/{}", sample.open_session), "add-step"),
        (format!("/sessions/{}", sample.open_session), "assign"),
        (format!("/sessions/{}", sample.open_session), "evidence-open"),
        (batch.clone(), "fact-ticket"),
        (batch, "fact-waves"),
        ("/".to_owned(), "open-palette"),
        ("/".to_owned(), "open-shortcuts"),
    ]
}

/// What opens beside or over a page without being a dialog: where, by what, and what there is then.
fn panels(sample: &Sample) -> Vec<(String, &'static str, &'static str)> {
    let batch = format!("/batches/{}", sample.batch);
    vec![
        (batch.clone(), "left", ".popover"),
        (batch.clone(), "report", ".menu"),
        (batch, "board-details", "[data-testid='details']"),
        ("/".to_owned(), "workspace-menu", ".menu"),
    ]
}

/// What axe-core finds on the page as it is.
pub(crate) async fn findings(browser: &Browser) -> Vec<String> {
    // Loading a page takes the last one's copy away.
    browser.script(AXE).await;
    let found = browser.script_async(RUN).await;
    let lines = found.as_array().expect("a list of findings").iter();
    lines.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Every component. The page is bundled with the interface for these tests; it never settles, because it shows how waiting
/// looks.
async fn of_gallery(browser: &Browser) -> Vec<String> {
    browser.go("/dev/components").await;
    browser.find("html[data-ready=true] main h1").await;
    let title = browser.script("return document.querySelector('main h1').textContent").await;
    assert_eq!(
        title, "Components",
        "the gallery is bundled with the interface: cargo xtask test --only interface"
    );
    let mut found = findings(browser).await;
    for (opener, opened) in [
        ("gallery-dialog", "dialog[open]"),
        ("gallery-confirm", "dialog[open]"),
        ("gallery-popover", ".popover"),
    ] {
        browser.click(opener).await;
        browser.find(opened).await;
        found.extend(findings(browser).await);
        browser.script("document.querySelector('dialog[open]')?.close()").await;
    }
    found.into_iter().map(|finding| format!("the gallery: {finding}")).collect()
}

async fn in_theme(theme: &str) {
    let folder = Folder::new();
    let browser = folder.open().await;
    browser.script(&format!("localStorage.setItem('mf.theme', '{theme}')")).await;
    let mut bad = Vec::new();
    // The first start, while there is nothing yet.
    browser.load("/").await;
    browser.find("[data-testid='welcome']").await;
    bad.extend(findings(&browser).await.into_iter().map(|finding| format!("the welcome: {finding}")));
    let sample = Sample::make(&folder);
    for path in addresses(&sample).into_iter().flat_map(|(_, paths)| paths) {
        browser.load(&path).await;
        bad.extend(findings(&browser).await.into_iter().map(|finding| format!("{path}: {finding}")));
    }
    let dialogs = dialogs(&sample).into_iter().map(|(path, opener)| (path, opener, "dialog[open]"));
    for (path, opener, opened) in dialogs.chain(panels(&sample)) {
        browser.load(&path).await;
        browser.script(&format!("document.querySelector('[data-testid=\"{opener}\"]').click()")).await;
        browser.find(opened).await;
        browser.settled().await;
        bad.extend(findings(&browser).await.into_iter().map(|finding| format!("{path} {opener}: {finding}")));
    }
    bad.extend(of_gallery(&browser).await);
    assert_eq!(browser.script("return document.documentElement.dataset.theme").await, theme);
    browser.close().await;
    assert!(bad.is_empty(), "in the {theme} theme:\n{}", bad.join("\n"));
}

#[tokio::test]
async fn nothing_serious_is_found_in_the_light_theme() {
    in_theme("light").await;
}

#[tokio::test]
async fn nothing_serious_is_found_in_the_dark_theme() {
    in_theme("dark").await;
}

#[test]
fn no_page_is_forgotten() {
    let source = include_str!("../../ui/src/route.rs");
    let (_, path) = source.split_once("pub fn path(&self)").expect("the addresses of all pages");
    let (path, _) = path.split_once("\n    }\n").expect("their end");
    let literals = path.split('"').skip(1).step_by(2);
    let written: BTreeSet<&str> = literals.filter(|literal| literal.starts_with('/')).collect();
    let id = String::new;
    let sample = Sample {
        list: id(),
        maintenance: id(),
        procedure: id(),
        tree: id(),
        batch: id(),
        open_session: id(),
        ended_session: id(),
        tree_session: id(),
    };
    // The gallery of components is part of development builds alone.
    let looked_at: BTreeSet<&str> =
        addresses(&sample).iter().map(|(template, _)| *template).chain(["/dev/components"]).collect();
    assert_eq!(looked_at, written);
}

/// The check itself finds what it is there for.
#[tokio::test]
async fn a_button_without_a_name_is_found() {
    let folder = Folder::new();
    let browser = folder.open().await;
    browser.script("document.querySelector('main').append(document.createElement('button'))").await;
    let found = findings(&browser).await;
    browser.close().await;
    assert!(found.iter().any(|finding| finding.contains("button-name")), "{found:?}");
}
