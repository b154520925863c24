//! The style sheets keep to the tokens: a size of text or a corner has one name and one place.

#![expect(clippy::expect_used, reason = "a test that cannot read the sheets has failed")]

use std::collections::{BTreeMap, BTreeSet};
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

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

/// The names that stand right behind `before`.
fn names_after(text: &str, before: &str) -> BTreeSet<String> {
    let behind = text.split(before).skip(1);
    behind.map(|rest| rest.chars().take_while(|c| is_of_name(*c)).collect()).collect()
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

/// The sheet without its comments.
fn bare(sheet: &str) -> String {
    sheet.split("/*").map(|part| part.split_once("*/").map_or(part, |(_, after)| after)).collect()
}

/// What stands before each block: selectors, and the conditions around them.
fn selectors(sheet: &str) -> Vec<String> {
    let bare = bare(sheet);
    let before = bare.split('{').map(|part| part.rsplit([';', '}']).next().unwrap_or_default().trim());
    let before: Vec<String> = before.map(str::to_owned).collect();
    // Behind the last brace that opens there is no selector any more.
    before[..before.len() - 1].to_vec()
}

#[test]
fn a_class_of_its_own_has_one_meaning() {
    let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, sheet) in sheets() {
        for selector in selectors(&sheet) {
            let alone = selector.strip_prefix('.').is_some_and(|class| class.chars().all(is_of_name));
            if alone {
                owners.entry(selector).or_default().insert(name.clone());
            }
        }
    }
    let shared: Vec<_> = owners.iter().filter(|(_, sheets)| sheets.len() > 1).collect();
    assert!(owners.len() > 100, "the sheets are read");
    // The sheet that is loaded last would win, whatever is meant.
    assert!(shared.is_empty(), "two sheets say what these are: {shared:?}");
}

/// The words of every text between quotes.
fn words_of(source: &str) -> impl Iterator<Item = &str> {
    source.split('"').skip(1).step_by(2).flat_map(str::split_whitespace)
}

/// What is between the bracket that has just been opened and the one that closes it.
fn inside(rest: &str) -> &str {
    let mut depth = 1_usize;
    let end = rest.find(|c| {
        depth = match c {
            '(' => depth + 1,
            ')' => depth - 1,
            _ => depth,
        };
        depth == 0
    });
    &rest[..end.unwrap_or(rest.len())]
}

#[test]
fn every_class_that_is_used_has_a_rule() {
    let mut known: BTreeSet<String> = BTreeSet::new();
    for (_, sheet) in sheets() {
        for selector in selectors(&sheet) {
            known.extend(names_after(&selector, "."));
        }
    }
    let mut seen = 0;
    for path in files("src", "rs") {
        let source = fs::read_to_string(&path).expect("a source");
        let plain = source.split("class=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let mut used: Vec<&str> = plain.flat_map(str::split_whitespace).collect();
        for rest in source.split("classes!(").skip(1) {
            // A name that is put together is not known here.
            used.extend(words_of(inside(rest)).filter(|word| word.chars().all(is_of_name)));
        }
        seen += used.len();
        let unknown: Vec<&str> = used.into_iter().filter(|class| !known.contains(*class)).collect();
        assert!(unknown.is_empty(), "{}: no rule for {unknown:?}", path.display());
    }
    assert!(seen > 500, "the sources are read");
}
