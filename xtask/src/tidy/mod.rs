//! The house rules a compiler does not check: who may depend on whom, what may come in, how long a file may be.
//!
//! Each rule answers with sentences; any sentence fails the run. All of it works offline and in a second.

mod graph;
mod metadata;
mod migrations;
mod supply;
mod text;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::Record;
use crate::process::root;

/// Checks the rules; notes first the checksums of migrations that have none yet, where that is wanted.
pub(crate) fn run(record: Record) -> Result<()> {
    if record == Record::Yes {
        for added in migrations::record(&root().join("migrations"))? {
            println!("noted {added}");
        }
    }
    let metadata = metadata::Metadata::load()?;
    let mut findings = graph::check(&metadata);
    findings.extend(supply::check(&metadata, &fs::read_to_string(root().join("deny.toml"))?)?);
    findings.extend(migrations::check(&root().join("migrations"))?);
    let files = sources(root())?;
    for path in &files {
        let name = path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/");
        findings.extend(text::check(&name, &fs::read_to_string(path)?));
    }
    for finding in &findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        bail!("{} finding(s)", findings.len());
    }
    println!("tidy: {} files and {} packages keep the rules", files.len(), metadata.packages.len());
    Ok(())
}

/// Every source file of ours.
fn sources(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let generated = name.starts_with('.') || matches!(&*name, "target" | "gen" | "dist" | "node_modules");
        if path.is_dir() && !generated {
            found.extend(sources(&path)?);
        } else if path.is_file()
            && text::KINDS.iter().any(|kind| path.extension().is_some_and(|it| it == *kind))
        {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
