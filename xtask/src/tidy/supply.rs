//! What may come in from outside: the parts of deny.toml that need no network.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use serde::Deserialize;
use spdx::{Expression, Licensee, ParseMode};

use super::metadata::{Metadata, Package};

#[derive(Debug, Deserialize)]
struct Deny {
    licenses: Licenses,
    bans: Bans,
}

#[derive(Debug, Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Debug, Deserialize)]
struct Ban {
    /// A name, or `name@requirement`.
    #[serde(rename = "crate")]
    what: String,
    reason: String,
}

pub(super) fn check(metadata: &Metadata, deny: &str) -> Result<Vec<String>> {
    let deny: Deny = toml::from_str(deny).context("deny.toml")?;
    let allowed: Vec<Licensee> = deny
        .licenses
        .allow
        .iter()
        .map(|licence| Licensee::parse(licence).with_context(|| format!("deny.toml: {licence}")))
        .collect::<Result<_>>()?;
    let mut findings = Vec::new();
    for package in &metadata.packages {
        let named = format!("{} {}", package.name, package.version);
        findings.extend(licence(package, &allowed).map(|problem| format!("{named}: {problem}")));
        for ban in &deny.bans.deny {
            if ban.hits(package)? {
                findings.push(format!("{named} is banned: {}", ban.reason));
            }
        }
    }
    findings.extend(sources(metadata));
    Ok(findings)
}

fn licence(package: &Package, allowed: &[Licensee]) -> Option<String> {
    let Some(text) = &package.license else {
        return Some("says no licence".into());
    };
    // Lax: older packages write "MIT/Apache-2.0".
    match Expression::parse_mode(text, ParseMode::LAX) {
        Err(_) => Some(format!("its licence cannot be read: {text}")),
        Ok(expression) if expression.evaluate(|asked| allowed.iter().any(|it| it.satisfies(asked))) => None,
        Ok(_) => Some(format!("its licence is not on the list: {text}")),
    }
}

impl Ban {
    fn hits(&self, package: &Package) -> Result<bool> {
        let (name, versions) = self.what.split_once('@').unwrap_or((&self.what, "*"));
        let versions =
            semver::VersionReq::parse(versions).with_context(|| format!("deny.toml: {}", self.what))?;
        Ok(package.name == name && versions.matches(&package.version))
    }
}

/// One registry, our own folders, nothing else.
fn sources(metadata: &Metadata) -> Vec<String> {
    let mut findings = Vec::new();
    let mut registries = BTreeSet::new();
    for package in &metadata.packages {
        match &package.source {
            None if metadata.workspace_members.contains(&package.id) => {}
            None => findings.push(format!("{} comes from a folder outside the workspace", package.name)),
            Some(source) if source.starts_with("registry+") || source.starts_with("sparse+") => {
                registries.insert(source.as_str());
            }
            Some(source) => {
                findings.push(format!("{} does not come from the registry: {source}", package.name))
            }
        }
    }
    if registries.len() > 1 {
        findings.push(format!("packages come from {} registries", registries.len()));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const DENY: &str = r#"
        [licenses]
        allow = ["MIT", "Apache-2.0 WITH LLVM-exception"]
        [bans]
        deny = [{ crate = "zbus@>=6", reason = "a second one" }, { crate = "openssl-sys", reason = "rustls" }]
    "#;

    fn found(name: &str, version: &str, licence: Option<&str>, source: Option<&str>) -> Vec<String> {
        let metadata = serde_json::from_value(serde_json::json!({
            "packages": [{
                "id": "x", "name": name, "version": version, "license": licence, "source": source, "dependencies": [],
            }],
            "workspace_members": [],
            "resolve": { "nodes": [] },
        }));
        check(&metadata.unwrap(), DENY).unwrap()
    }

    const REGISTRY: Option<&str> = Some("registry+https://registry.example/index");

    #[test]
    fn licences_are_read_as_expressions() {
        assert_eq!(found("a", "1.0.0", Some("GPL-3.0 OR MIT"), REGISTRY), Vec::<String>::new());
        assert_eq!(found("a", "1.0.0", Some("Unlicense/MIT"), REGISTRY), Vec::<String>::new());
        assert_eq!(
            found("a", "1.0.0", Some("Apache-2.0 WITH LLVM-exception"), REGISTRY),
            Vec::<String>::new()
        );
        assert_eq!(found("a", "1.0.0", Some("GPL-3.0 AND MIT"), REGISTRY).len(), 1);
        assert_eq!(found("a", "1.0.0", None, REGISTRY), ["a 1.0.0: says no licence"]);
    }

    #[test]
    fn a_ban_may_name_versions() {
        assert_eq!(found("zbus", "5.9.0", Some("MIT"), REGISTRY), Vec::<String>::new());
        assert_eq!(found("zbus", "6.0.1", Some("MIT"), REGISTRY), ["zbus 6.0.1 is banned: a second one"]);
        assert_eq!(found("openssl-sys", "0.9.1", Some("MIT"), REGISTRY).len(), 1);
    }

    #[test]
    fn only_the_registry_serves() {
        assert_eq!(found("a", "1.0.0", Some("MIT"), Some("git+https://host.example/a")).len(), 1);
        assert_eq!(found("a", "1.0.0", Some("MIT"), None).len(), 1);
    }
}
