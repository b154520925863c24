//! The files of the interface as `cargo xtask` bundled them, under the policy that the window has.

use std::path::{Component, Path, PathBuf};
use std::{env, fs};

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::Value;

use super::{Body, reply};

/// What the window embeds, unless another folder is named: that with the page of components.
const BUNDLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/dist");
const OTHER_BUNDLE: &str = "MAINTENANCE_FLOWS_INTERFACE";
/// What stands in for the shell in a browser; `boot.js` loads it where there is no shell.
const STAND_IN: &str = include_str!("shell.js");
const CONFIGURATION: &str = include_str!("../../../tauri.conf.json");

/// A file of the bundle, or the interface itself for the address of one of its pages.
pub(super) fn page(path: &str) -> Response<Body> {
    if path == "/shell.js" {
        return reply(StatusCode::OK, "text/javascript", STAND_IN);
    }
    let Some(relative) = below(path) else {
        return reply(StatusCode::NOT_FOUND, "text/plain", "no such file");
    };
    let is_file = relative.extension().is_some();
    let name = if is_file { relative } else { PathBuf::from("index.html") };
    // From the disk at every request: a new bundle shows after a reload.
    let bundle = env::var_os(OTHER_BUNDLE).map_or_else(|| PathBuf::from(BUNDLE), PathBuf::from);
    match fs::read(bundle.join(&name)) {
        Ok(content) => reply(StatusCode::OK, content_type(&name), content),
        Err(_) => reply(StatusCode::NOT_FOUND, "text/plain", "no such file"),
    }
}

/// The path below the bundle; `None` for one that would leave it.
fn below(path: &str) -> Option<PathBuf> {
    let relative = Path::new(path.strip_prefix('/')?);
    relative.components().all(|part| matches!(part, Component::Normal(_))).then(|| relative.to_owned())
}

fn content_type(name: &Path) -> &'static str {
    match name.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("woff2") => "font/woff2",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

/// What every answer says to the browser.
pub(super) fn protect(headers: &mut HeaderMap) {
    for (name, value) in [
        ("cache-control", "no-store"),
        ("cross-origin-resource-policy", "same-origin"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if let Some(policy) = policy().and_then(|policy| HeaderValue::try_from(policy).ok()) {
        headers.insert(HeaderName::from_static("content-security-policy"), policy);
    }
}

fn policy() -> Option<String> {
    let configuration: Value = serde_json::from_str(CONFIGURATION).ok()?;
    configuration.pointer("/app/security/csp")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_is_the_one_of_the_window() {
        assert!(policy().unwrap().contains("script-src 'self' 'wasm-unsafe-eval'"));
    }

    #[test]
    fn no_path_leaves_the_bundle() {
        assert_eq!(below("/styles/app.css"), Some("styles/app.css".into()));
        assert_eq!(below("/"), Some(PathBuf::new()));
        for path in ["/../Cargo.toml", "//etc/passwd", "/styles/../../Cargo.toml", "relative"] {
            assert_eq!(below(path), None, "{path}");
        }
    }
}
