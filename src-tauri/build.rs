//! Makes sure there is an interface to embed, then lets Tauri read its configuration.
//!
//! The interface is built by `cargo xtask`, not from here: a build script that calls cargo waits for a lock its own
//! build holds. A plain `cargo check` in a fresh clone must still work, hence the page that says what to run.

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;

use tauri_build::{AppManifest, Attributes};

const DIST: &str = "ui/dist";

const MISSING: &str = "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Maintenance Flows</title>\n\
<p>This copy was built without its interface. Run <code>cargo xtask run</code>.</p>\n";

fn main() -> Result<(), Box<dyn Error>> {
    let index = Path::new(DIST).join("index.html");
    if !index.exists() {
        fs::create_dir_all(DIST)?;
        fs::write(&index, MISSING)?;
    }
    // Without these the shell keeps embedding what it saw first.
    for watched in [DIST, "migrations", "src-tauri/permissions"] {
        println!("cargo:rerun-if-changed={watched}");
    }
    if folds() {
        println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
    }
    let manifest = AppManifest::new().permissions_path_pattern("src-tauri/permissions/*.toml");
    Ok(tauri_build::try_build(Attributes::new().app_manifest(manifest))?)
}

/// Whether the linker is asked to keep one copy of functions that came out the same, as that of Windows does by itself: a
/// release is then 0.2 MB smaller. Where Rust brings a linker of its own, for others may not know the word.
fn folds() -> bool {
    let is = |name: &str, value: &str| env::var(name).is_ok_and(|found| found == value);
    is("PROFILE", "release") && is("TARGET", "x86_64-unknown-linux-gnu")
}
