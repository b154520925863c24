//! Rules on the text of a file. Plain searches: they need not understand Rust, only to be hard to evade by accident.

/// Endings of the files that are read.
pub(super) const KINDS: &[&str] = &["rs", "css", "html", "js", "sql", "toml"];

const LONGEST: usize = 800;

/// What must not stand in Rust, and what to do about it.
const BANNED: &[(&str, &str)] = &[
    ("Other(String)", "name the case: nobody can branch on a text"),
    ("todo!(", "finish it or leave it out"),
    ("unimplemented!(", "finish it or leave it out"),
    ("#[ignore", "a test that does not run is no test"),
    ("#[allow(", "write #[expect(…, reason = …)]"),
    ("#![allow(", "write #![expect(…, reason = …)]"),
];

/// Words that say a thing is not finished.
const UNFINISHED: &[&str] = &["TODO", "FIXME", "XXX"];

/// Endings of type names that say nothing.
const EMPTY_NAMES: &[&str] = &["Manager", "Service", "Helper", "Util", "Utils"];

/// Decides what sync does and does nothing itself.
const SYNC_CORE: &str = "crates/sync/src/core/";

/// The rules name what they ban.
const RULES: &str = "xtask/src/tidy/text.rs";

pub(super) fn check(name: &str, content: &str) -> Vec<String> {
    if name == RULES {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let lines = content.lines().count();
    if lines > LONGEST && (name.ends_with(".rs") || name.ends_with(".css")) && !is_test(name) {
        findings.push(format!("{name}: {lines} lines, {LONGEST} at most"));
    }
    for (number, line) in content.lines().enumerate() {
        let mut found = |what: String| findings.push(format!("{name}:{}: {what}", number + 1));
        for word in UNFINISHED.iter().filter(|word| has_word(line, word)) {
            found(format!("{word}: finish it, or write an issue"));
        }
        if !name.ends_with(".rs") {
            continue;
        }
        for (banned, advice) in BANNED.iter().filter(|(banned, _)| line.contains(banned)) {
            found(format!("{banned}: {advice}"));
        }
        if name.starts_with(SYNC_CORE)
            && ["sqlx::", "tokio::", "std::fs", "std::net"].iter().any(|it| line.contains(it))
        {
            found("the core of sync has no input or output; it belongs beside it".into());
        }
        if let Some(empty) = empty_name(line) {
            found(format!("{empty}: say in the field's own words what it is"));
        }
        if name.starts_with("ui/src/") && has_inline_style(line) {
            found("style=: the policy of the window forbids it; use a class".into());
        }
    }
    if name.ends_with(".rs") {
        let at = |offset: usize| content[..offset].lines().count().max(1);
        let stringly = stringly_results(content).into_iter();
        findings.extend(
            stringly.map(|offset| format!("{name}:{}: Result<_, String>: give the error a type", at(offset))),
        );
    }
    findings
}

fn is_test(name: &str) -> bool {
    name.split('/').any(|part| part == "tests" || part == "tests.rs" || part.ends_with("_tests.rs"))
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// The name of a type declared on this line that ends in a word without meaning.
fn empty_name(line: &str) -> Option<&str> {
    let declared = ["struct ", "enum ", "trait ", "type "].iter().find_map(|keyword| {
        let at = line.find(keyword)?;
        let visibility = line[..at].trim();
        (visibility.is_empty() || visibility.starts_with("pub")).then(|| &line[at + keyword.len()..])
    })?;
    let name = declared.split(|character| !is_word(character)).next()?;
    EMPTY_NAMES.iter().any(|ending| name.ends_with(ending)).then_some(name)
}

fn has_inline_style(line: &str) -> bool {
    line.match_indices("style=").any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + "style=".len()..].chars().next();
        before.is_none_or(char::is_whitespace) && matches!(after, Some('"' | '{'))
    })
}

/// Where a `Result` carries a bare text as its error.
fn stringly_results(content: &str) -> Vec<usize> {
    content
        .match_indices("Result<")
        .filter(|(at, found)| second_is_string(&content[at + found.len()..]))
        .map(|(at, _)| at)
        .collect()
}

/// Whether the second of the type arguments that begin here is `String`.
fn second_is_string(arguments: &str) -> bool {
    let mut depth = 0_i32;
    let mut previous = ' ';
    let mut second = None;
    for (at, character) in arguments.char_indices() {
        match character {
            '<' | '(' | '[' => depth += 1,
            '>' if previous == '-' => {}
            '>' | ')' | ']' if depth > 0 => depth -= 1,
            '>' => return second.is_some_and(|from: usize| arguments[from..at].trim() == "String"),
            ',' if depth == 0 => match second {
                // A comma after the last argument.
                Some(from) => return arguments[from..at].trim() == "String",
                None => second = Some(at + 1),
            },
            ';' | '{' => return false,
            _ => {}
        }
        previous = character;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clean(name: &str, content: &str) -> bool {
        check(name, content).is_empty()
    }

    #[test]
    fn a_result_names_its_error() {
        assert!(!clean("a.rs", "fn a() -> Result<(), String> {"));
        assert!(!clean("a.rs", "fn a() -> Result<HashMap<String, Vec<u8>>, String>;"));
        assert!(!clean("a.rs", "fn a() -> Result<\n    (u8, u8),\n    String,\n> {"));
        assert!(clean("a.rs", "fn a() -> Result<String, Error> {"));
        assert!(clean("a.rs", "fn a() -> Result<HashMap<String, String>, Error> {"));
        assert!(clean("a.rs", "fn a() -> io::Result<String> {"));
        assert!(clean("a.rs", "fn a(f: impl Fn() -> Result<u8, E>) -> String {"));
    }

    #[test]
    fn unfinished_work_is_found_as_a_word() {
        assert!(!clean("a.rs", "// TODO: later"));
        assert!(!clean("a.sql", "-- FIXME"));
        assert!(clean("a.rs", "const MASTODON: u8 = 1;"));
        assert!(!clean("a.rs", "    todo!()"));
        assert!(!clean("a.rs", "#[ignore = \"slow\"]"));
    }

    #[test]
    fn names_that_say_nothing() {
        assert!(!clean("a.rs", "pub(crate) struct FlowManager {"));
        assert!(!clean("a.rs", "trait SyncService<T>"));
        assert!(clean("a.rs", "pub struct MaintenanceFlow;"));
        assert!(clean("a.rs", "// a type Manager is what we do not want"));
    }

    #[test]
    fn the_core_of_sync_only_decides() {
        assert!(!clean("crates/sync/src/core/push.rs", "use sqlx::Row;"));
        assert!(!clean("crates/sync/src/core/push.rs", "    tokio::time::sleep(wait).await"));
        assert!(clean("crates/sync/src/server.rs", "use sqlx::Row;"));
        assert!(clean("crates/sync/src/core/mod.rs", "//! Deliberately absent: sqlx."));
    }

    #[test]
    fn styles_are_classes() {
        assert!(!clean("ui/src/a.rs", "<div style=\"color: red\">"));
        assert!(!clean("ui/src/a.rs", "<div style={x}>"));
        assert!(clean("ui/src/a.rs", "<div class=\"x\" data-style=\"y\">"));
        assert!(clean("crates/a.rs", "<div style=\"color: red\">"));
    }

    #[test]
    fn long_files_are_split() {
        let long = "x\n".repeat(801);
        assert!(!clean("ui/styles/app.css", &long));
        assert!(!clean("a.rs", &long));
        assert!(clean("tests/journeys.rs", &long));
        assert!(clean("crates/store/src/flows/tests.rs", &long));
        assert!(clean("a.rs", &"x\n".repeat(800)));
    }

    #[test]
    fn expectations_have_a_reason() {
        assert!(!clean("a.rs", "#[allow(dead_code)]"));
        assert!(clean("a.rs", "#[expect(dead_code, reason = \"the other platform\")]"));
    }
}
