//! The style sheets keep to the tokens: a size of text or a corner has one name and one place.

#![expect(clippy::expect_used, reason = "a test that cannot read the sheets has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == ending) {
                found.push(path);
            }
        }
    }
    found
}

fn sheets() -> Vec<(String, String)> {
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    files("styles", "css")
        .iter()
        .map(|path| (name(path), fs::read_to_string(path).expect("a sheet")))
        .collect()
}

/// The names that stand right behind `before`.
fn names_after(text: &str, before: &str) -> BTreeSet<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let behind = text.split(before).skip(1);
    behind.map(|rest| rest.chars().take_while(|c| is_name(*c)).collect()).collect()
}

#[test]
fn sizes_of_text_and_corners_have_names() {
    for (name, sheet) in sheets().iter().filter(|(name, _)| name != "tokens.css") {
        for property in ["font-size:", "line-height:", "border-radius:", "font:"] {
            for rest in sheet.split(property).skip(1) {
                let value = rest.split([';', '}']).next().unwrap_or_default();
                assert!(!value.contains("px"), "{name}: {property}{value} is a token's to say");
            }
        }
    }
}

#[test]
fn every_token_that_is_used_is_there() {
    let sheets = sheets();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for (_, sheet) in &sheets {
        // A declaration begins its line, its block, or follows another.
        for begin in ["  --", "{ --", "; --"] {
            known.extend(names_after(sheet, begin));
        }
    }
    // Some are set on the element, such as where a list opens.
    for path in files("src", "rs") {
        known.extend(names_after(&fs::read_to_string(path).expect("a sheet"), "--"));
    }
    for (name, sheet) in &sheets {
        let unknown: Vec<String> = names_after(sheet, "var(--").difference(&known).cloned().collect();
        assert!(unknown.is_empty(), "{name} uses {unknown:?}");
    }
}
