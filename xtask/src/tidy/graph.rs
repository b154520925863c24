//! The direction of dependencies: the architecture as a table.

use super::metadata::Metadata;

/// Which of our packages each of them may use, tests aside. A package that is not here does not belong.
const LAYERS: &[(&str, &[&str])] = &[
    ("mf-domain", &[]),
    ("mf-contract", &["mf-domain"]),
    ("mf-store", &["mf-domain"]),
    ("mf-sync", &["mf-domain", "mf-store"]),
    ("mf-connectors", &["mf-domain"]),
    ("mf-engine", &["mf-connectors", "mf-contract", "mf-domain", "mf-store", "mf-sync"]),
    ("mf-ui", &["mf-contract", "mf-domain"]),
    // It opens the store, for the engine to use.
    (SHELL, &["mf-contract", "mf-domain", "mf-engine", "mf-store"]),
    ("xtask", &[]),
    ("mf-fuzz", &["mf-domain"]),
];

/// The only package that knows Tauri.
const SHELL: &str = "maintenance-flows";

/// What may never be linked into these, however far down.
const CLOSED: &[(&str, &[&str])] = &[
    ("mf-domain", &["tokio", "sqlx", "sqlx-core", "libsqlite3-sys", "reqwest", "hyper"]),
    ("mf-contract", &["tokio", "sqlx", "sqlx-core", "libsqlite3-sys", "reqwest", "hyper"]),
    // Yew brings a tokio of its own along, for rendering to text.
    ("mf-ui", &["sqlx", "sqlx-core", "libsqlite3-sys", "reqwest", "hyper"]),
];

pub(super) fn check(metadata: &Metadata) -> Vec<String> {
    let mut findings = Vec::new();
    let ours: Vec<&str> = metadata.members().map(|package| package.name.as_str()).collect();
    for package in metadata.members() {
        let name = package.name.as_str();
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
            findings
                .push(format!("{name}: no place in the architecture; xtask/src/tidy/graph.rs has the table"));
            continue;
        };
        for dependency in &package.dependencies {
            let used = dependency.name.as_str();
            let is_test = dependency.kind.as_deref() == Some("dev");
            if !is_test && ours.contains(&used) && !allowed.contains(&used) {
                findings.push(format!("{name} must not depend on {used}"));
            }
            if used.starts_with("tauri") && name != SHELL {
                findings.push(format!("{name} depends on {used}: only {SHELL} knows Tauri"));
            }
        }
        let closed = CLOSED.iter().filter(|(it, _)| *it == name).flat_map(|(_, banned)| *banned);
        let linked = metadata.closure(package);
        for banned in closed.filter(|banned| linked.contains(**banned)) {
            findings.push(format!("{name} links {banned}, directly or through others"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packages `name: ordinary dependencies`, ours being those known to the table.
    fn workspace(packages: &[(&str, &[&str])], dev: &str) -> Metadata {
        let package = |(name, uses): &(&str, &[&str])| {
            let ordinary = uses.iter().map(|used| serde_json::json!({ "name": used, "kind": null }));
            let test = (!dev.is_empty()).then(|| serde_json::json!({ "name": dev, "kind": "dev" }));
            serde_json::json!({
                "id": name, "name": name, "version": "1.0.0", "license": "MIT", "source": null,
                "dependencies": ordinary.chain(test).collect::<Vec<_>>(),
            })
        };
        let node = |(name, uses): &(&str, &[&str])| {
            let edge = |used: &&str| serde_json::json!({ "pkg": used, "dep_kinds": [{ "kind": null }] });
            serde_json::json!({ "id": name, "deps": uses.iter().map(edge).collect::<Vec<_>>() })
        };
        let outside = ["between", "tokio"];
        let members: Vec<_> =
            packages.iter().map(|(name, _)| *name).filter(|name| !outside.contains(name)).collect();
        serde_json::from_value(serde_json::json!({
            "packages": packages.iter().map(package).collect::<Vec<_>>(),
            "workspace_members": members,
            "resolve": { "nodes": packages.iter().map(node).collect::<Vec<_>>() },
        }))
        .unwrap()
    }

    #[test]
    fn downwards_is_fine() {
        let fine = workspace(
            &[("mf-domain", &[]), ("mf-contract", &["mf-domain"]), ("mf-ui", &["mf-contract"])],
            "",
        );
        assert_eq!(check(&fine), Vec::<String>::new());
    }

    #[test]
    fn upwards_is_not() {
        let wrong = workspace(&[("mf-domain", &["mf-store"]), ("mf-store", &[])], "");
        assert_eq!(check(&wrong), ["mf-domain must not depend on mf-store"]);
    }

    #[test]
    fn tests_may_look_further() {
        let fine = workspace(&[("mf-contract", &[]), ("mf-store", &[])], "mf-domain");
        assert_eq!(check(&fine), Vec::<String>::new());
    }

    #[test]
    fn only_the_shell_knows_tauri() {
        let wrong =
            workspace(&[("mf-engine", &["tauri-plugin-opener"]), ("maintenance-flows", &["tauri"])], "");
        assert_eq!(
            check(&wrong),
            ["mf-engine depends on tauri-plugin-opener: only maintenance-flows knows Tauri"]
        );
    }

    #[test]
    fn a_ban_reaches_through_others() {
        let wrong = workspace(&[("mf-domain", &["between"]), ("between", &["tokio"]), ("tokio", &[])], "");
        assert_eq!(check(&wrong), ["mf-domain links tokio, directly or through others"]);
    }

    #[test]
    fn a_stranger_is_reported() {
        assert!(check(&workspace(&[("mf-utils", &[])], ""))[0].starts_with("mf-utils: no place"));
    }
}
