//! What `cargo metadata` says, as far as the rules ask.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process::{cargo, read};

#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) workspace_members: Vec<String>,
    pub(crate) resolve: Resolve,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: semver::Version,
    pub(crate) license: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// Nothing for an ordinary dependency, else `dev` or `build`.
    pub(crate) kind: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Resolve {
    pub(crate) nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Node {
    pub(crate) id: String,
    pub(crate) deps: Vec<Edge>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Edge {
    pub(crate) pkg: String,
    pub(crate) dep_kinds: Vec<DepKind>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DepKind {
    pub(crate) kind: Option<String>,
}

impl Metadata {
    /// Of the workspace, and of the fuzz targets, which are one of their own.
    pub(crate) fn load() -> Result<Self> {
        let mut metadata = Self::of("Cargo.toml")?;
        metadata.join(Self::of(crate::fuzz::MANIFEST)?);
        Ok(metadata)
    }

    fn of(manifest: &str) -> Result<Self> {
        let json = read(cargo().args(["metadata", "--format-version", "1", "--manifest-path", manifest]))?;
        serde_json::from_str(&json).with_context(|| format!("cargo metadata of {manifest}"))
    }

    /// Takes in what another workspace has besides; what both have stays as it is here.
    fn join(&mut self, other: Self) {
        let known: BTreeSet<String> = self.packages.iter().map(|package| package.id.clone()).collect();
        self.packages.extend(other.packages.into_iter().filter(|package| !known.contains(&package.id)));
        self.resolve.nodes.extend(other.resolve.nodes.into_iter().filter(|node| !known.contains(&node.id)));
        self.workspace_members.extend(other.workspace_members);
    }

    /// Our own packages.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id))
    }

    /// The names of all packages that end up in a program because of `package`: tests and build scripts aside.
    pub(crate) fn closure(&self, package: &Package) -> BTreeSet<&str> {
        let nodes: HashMap<&str, &Node> =
            self.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
        let mut seen = BTreeSet::new();
        let mut open = vec![package.id.as_str()];
        while let Some(id) = open.pop() {
            let ordinary = |edge: &&Edge| edge.dep_kinds.iter().any(|it| it.kind.is_none());
            for edge in nodes.get(id).into_iter().flat_map(|node| &node.deps).filter(ordinary) {
                if seen.insert(edge.pkg.as_str()) {
                    open.push(&edge.pkg);
                }
            }
        }
        self.packages.iter().filter(|it| seen.contains(it.id.as_str())).map(|it| it.name.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workspace(names: &[&str], uses: &str) -> Metadata {
        let package = |name: &&str| {
            serde_json::json!({"id": name, "name": name, "version": "1.0.0", "license": "MIT",
            "source": null, "dependencies": []})
        };
        let edges = serde_json::json!([{"pkg": uses, "dep_kinds": [{"kind": null}]}]);
        let node = |name: &&str| serde_json::json!({"id": name, "deps": edges});
        serde_json::from_value(serde_json::json!({
            "packages": names.iter().map(package).collect::<Vec<_>>(),
            "workspace_members": [names[0]],
            "resolve": {"nodes": names.iter().map(node).collect::<Vec<_>>()},
        }))
        .unwrap()
    }

    #[test]
    fn another_workspace_adds_what_is_not_known_yet() {
        let mut both = workspace(&["ours", "shared", "of_ours"], "of_ours");
        both.join(workspace(&["fuzz", "shared", "of_fuzz"], "of_fuzz"));
        let members: Vec<&str> = both.members().map(|package| package.name.as_str()).collect();
        assert_eq!(members, ["ours", "fuzz"]);
        assert_eq!(both.packages.len(), 5);
        // What a package of both links is said by the workspace it belongs to.
        let shared = both.packages.iter().find(|package| package.name == "shared").unwrap();
        assert!(!both.closure(shared).contains("of_fuzz"));
        let fuzz = both.packages.iter().find(|package| package.name == "fuzz").unwrap();
        assert!(both.closure(fuzz).contains("of_fuzz"));
    }
}
