//! From the crate `mf-ui` to `ui/dist`, which the shell embeds; and to a folder of its own, with the page of components, which
//! only the bridge to a plain browser serves.
//!
//! wasm-bindgen runs as a library, its release fixed by Cargo.lock together with the crate's own: no second tool to
//! install and none to drift. A file is written only when its content changes, or the shell would be built again.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::process::{cargo, root, run, target_dir};
use crate::wasm;

/// The policy of the window allows no inline script, so starting the interface takes a file.
const BOOT: &str = include_str!("boot.js");
const SHEET_LINK: &str = "<link rel=\"stylesheet\" href=\"/";
const SHEET: &str = "styles.css";
const STEM: &str = "mf-ui";
const PROGRAM: &str = "mf-ui_bg.wasm";
/// What loads the parts of the program, beside it.
const LOADER: &str = "./parts.js";

/// What was bundled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bundle {
    /// WebAssembly that a start waits for, in bytes.
    pub(crate) program_bytes: u64,
    /// WebAssembly of all that is loaded when its page is opened, in bytes.
    pub(crate) part_bytes: u64,
}

/// Builds the interface and brings `ui/dist` up to date.
pub(crate) fn bundle() -> Result<Bundle> {
    bundled(&[], &root().join("ui/dist"))
}

/// As [`bundle`], with the page `/dev/components` that shows every component: for development alone, and so in a folder of
/// its own. Answers that.
pub(crate) fn bundle_with_gallery() -> Result<PathBuf> {
    let dist = target_dir().join("gallery");
    bundled(&["--features", "gallery"], &dist)?;
    Ok(dist)
}

fn bundled(features: &[&str], dist: &Path) -> Result<Bundle> {
    // The profile of the programme that ships, so that what is tested differs from it by the page of components alone.
    run(cargo()
        .args(["build", "-p", "mf-ui", "--bin", "mf-ui", "--target", "wasm32-unknown-unknown"])
        .args(["--profile", "wasm"])
        .args(features))?;
    let linked = target_dir().join("wasm32-unknown-unknown/wasm/mf-ui.wasm");
    let staged = target_dir().join("interface");
    generate(&linked, &staged).with_context(|| format!("wasm-bindgen refuses {}", linked.display()))?;

    let mut files = BTreeMap::from([(PathBuf::from("boot.js"), BOOT.as_bytes().to_vec())]);
    collect(&staged, &staged, &mut files)?;
    let ui = root().join("ui");
    let page = fs::read_to_string(ui.join("index.html")).context("ui/index.html")?;
    let (page, sheet) = with_one_sheet(&page, |sheet| {
        let path = ui.join(sheet);
        fs::read_to_string(&path).with_context(|| path.display().to_string())
    })?;
    files.insert("index.html".into(), page.into_bytes());
    files.insert(SHEET.into(), sheet.into_bytes());
    collect(&ui, &ui.join("assets"), &mut files)?;
    let (programs, mut files): (BTreeMap<_, _>, BTreeMap<_, _>) =
        files.into_iter().partition(|(name, _)| name.extension().is_some_and(|kind| kind == "wasm"));
    let programs = wasm::optimised(programs)?;
    let program_bytes =
        programs.get(Path::new(PROGRAM)).context("wasm-bindgen wrote no program")?.len() as u64;
    let part_bytes = programs.values().map(|wasm| wasm.len() as u64).sum::<u64>() - program_bytes;
    files.extend(programs);
    let changed = mirror(&files, dist)?;
    println!(
        "interface: {:.2} MB of WebAssembly and {:.2} MB in parts, {changed} of {} files changed",
        mega(program_bytes),
        mega(part_bytes),
        files.len()
    );
    Ok(Bundle { program_bytes, part_bytes })
}

/// Splits what the linker wrote at the functions marked for it, and writes the glue for what is loaded first.
///
/// In this order, because what the linker says of its relocations, which the split goes by, does not outlive wasm-bindgen.
fn generate(linked: &Path, out: &Path) -> Result<()> {
    if out.exists() {
        fs::remove_dir_all(out)?;
    }
    let linked = fs::read(linked)?;
    let first = out.join("first.wasm");
    let mut split = wasm_split_cli_support::Options::new(&linked);
    let glue = format!("./{STEM}.js");
    (split.output_dir, split.main_out_path) = (out, &first);
    (split.link_name, split.main_module) = (LOADER, &glue);
    wasm_split_cli_support::transform(split).map_err(|error| anyhow!("{error:#}"))?;
    let program = wasm::without_bulk_tables(&first)?;
    fs::remove_file(first)?;

    let mut bindgen = Bindgen::new();
    bindgen.input_bytes(STEM, program);
    bindgen.typescript(false).omit_default_module_path(true);
    // The parts go by the table of functions.
    bindgen.keep_lld_exports(true);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.web(true)?;
    bindgen.generate(out)
}

/// The page with one style sheet for all that it names, and that sheet: each would be a question to the shell, and nothing
/// is drawn and no script begins before the last of them is answered.
fn with_one_sheet(page: &str, read: impl Fn(&str) -> Result<String>) -> Result<(String, String)> {
    let (mut one, mut sheet) = (String::new(), String::new());
    for line in page.lines() {
        let named = line.trim().strip_prefix(SHEET_LINK).and_then(|rest| rest.strip_suffix("\">"));
        match named {
            Some(name) => {
                if sheet.is_empty() {
                    writeln!(one, "    {SHEET_LINK}{SHEET}\">")?;
                }
                sheet.push_str(&read(name)?);
            }
            None => writeln!(one, "{line}")?,
        }
    }
    ensure!(!sheet.is_empty(), "the page names no style sheet");
    Ok((one, sheet))
}

/// Every file below `dir`, named relative to `base`. A folder that does not exist holds none.
fn collect(base: &Path, dir: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(base, &path, files)?;
        } else {
            files.insert(path.strip_prefix(base)?.to_owned(), fs::read(&path)?);
        }
    }
    Ok(())
}

/// Makes `dir` hold exactly `files`, touching only what differs. Answers how many files that were.
fn mirror(files: &BTreeMap<PathBuf, Vec<u8>>, dir: &Path) -> Result<usize> {
    let mut present = BTreeMap::new();
    collect(dir, dir, &mut present)?;
    let mut changed = 0;
    for (name, content) in files {
        if present.remove(name).as_ref() == Some(content) {
            continue;
        }
        let path = dir.join(name);
        fs::create_dir_all(path.parent().unwrap_or(dir))?;
        fs::write(&path, content).with_context(|| path.display().to_string())?;
        changed += 1;
    }
    for stale in present.keys() {
        fs::remove_file(dir.join(stale))?;
        changed += 1;
    }
    Ok(changed)
}

/// Millions of bytes, as people read them.
pub(crate) fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sheets_of_a_page_become_one_in_their_order() {
        let link = |name: &str| format!("    {SHEET_LINK}{name}\">\n");
        let page = format!("<head>\n{}{}  </head>\n", link("styles/a.css"), link("styles/b.css"));
        let (one, sheet) = with_one_sheet(&page, |name| Ok(format!("/* {name} */\n"))).unwrap();
        assert_eq!(one, format!("<head>\n{}  </head>\n", link(SHEET)));
        assert_eq!(sheet, "/* styles/a.css */\n/* styles/b.css */\n");
        assert!(with_one_sheet("<head></head>", |_| Ok(String::new())).is_err());
    }

    #[test]
    fn only_differences_are_written() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| (PathBuf::from(name), text.as_bytes().to_vec());
        let first =
            BTreeMap::from([file("index.html", "a"), file("styles/app.css", "b"), file("old.js", "c")]);
        assert_eq!(mirror(&first, dir.path()).unwrap(), 3);
        assert_eq!(mirror(&first, dir.path()).unwrap(), 0);

        let second = BTreeMap::from([file("index.html", "a"), file("styles/app.css", "changed")]);
        assert_eq!(mirror(&second, dir.path()).unwrap(), 2);
        assert!(!dir.path().join("old.js").exists());
        assert_eq!(fs::read_to_string(dir.path().join("styles/app.css")).unwrap(), "changed");
    }
}
