//! A migration that has landed is never edited: every laptop out there has already run it.
//!
//! Each folder below `migrations` keeps a file `CHECKSUMS`, in the manner of sha256sum.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

const CHECKSUMS: &str = "CHECKSUMS";

pub(super) fn check(migrations: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for dir in folders(migrations)? {
        let place = dir.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut noted = noted(&dir)?;
        for (name, sum) in actual(&dir)? {
            match noted.remove(&name) {
                Some(known) if known == sum => {}
                Some(_) => findings.push(format!("{place}/{name} was edited: write a new migration instead")),
                None => findings
                    .push(format!("{place}/{name} is new: `cargo xtask tidy --record` notes its checksum")),
            }
        }
        findings.extend(noted.keys().map(|gone| format!("{place}/{gone} was removed: laptops have run it")));
    }
    Ok(findings)
}

/// Notes what is new. What is noted already stays as it is.
pub(super) fn record(migrations: &Path) -> Result<Vec<String>> {
    let mut added = Vec::new();
    for dir in folders(migrations)? {
        let mut all = noted(&dir)?;
        for (name, sum) in actual(&dir)? {
            all.entry(name.clone()).or_insert_with(|| {
                added.push(name);
                sum
            });
        }
        if !all.is_empty() {
            let lines: String = all.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
            fs::write(dir.join(CHECKSUMS), lines)?;
        }
    }
    Ok(added)
}

fn folders(migrations: &Path) -> Result<Vec<PathBuf>> {
    if !migrations.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(migrations)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    Ok(entries.into_iter().filter(|path| path.is_dir()).collect())
}

fn noted(dir: &Path) -> Result<BTreeMap<String, String>> {
    let path = dir.join(CHECKSUMS);
    if !path.exists() {
        return Ok(BTreeMap::new());
    }
    let pair = |line: &str| line.split_once("  ").map(|(sum, name)| (name.to_owned(), sum.to_owned()));
    let lines = fs::read_to_string(&path)?;
    lines.lines().map(|line| pair(line).with_context(|| format!("{}: {line}", path.display()))).collect()
}

fn actual(dir: &Path) -> Result<BTreeMap<String, String>> {
    let mut sums = BTreeMap::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            let digest = Sha256::digest(fs::read(&path)?);
            let sum = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            sums.insert(path.file_name().unwrap_or_default().to_string_lossy().into_owned(), sum);
        }
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noted_migration_stays_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        let first = dir.path().join("sqlite/0001_first.sql");
        fs::create_dir_all(first.parent().unwrap()).unwrap();
        fs::write(&first, "CREATE TABLE a (b INTEGER) STRICT;\n").unwrap();
        assert!(check(dir.path()).unwrap()[0].contains("is new"));

        assert_eq!(record(dir.path()).unwrap(), ["0001_first.sql"]);
        assert_eq!(check(dir.path()).unwrap(), Vec::<String>::new());
        assert_eq!(record(dir.path()).unwrap(), Vec::<String>::new());

        fs::write(&first, "CREATE TABLE a (b TEXT) STRICT;\n").unwrap();
        record(dir.path()).unwrap();
        assert!(check(dir.path()).unwrap()[0].contains("was edited"));

        fs::remove_file(&first).unwrap();
        assert!(check(dir.path()).unwrap()[0].contains("was removed"));
    }

    #[test]
    fn no_migrations_are_no_problem() {
        assert_eq!(check(Path::new("/nowhere/at/all")).unwrap(), Vec::<String>::new());
    }
}
