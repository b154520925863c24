//! Where everything is kept: one folder, readable by its owner only.
//!
//! All that the application writes stays below it, the web view's own files included, so that two folders are two
//! independent copies and a backup is a copy of one folder.

use std::env;
use std::path::{Path, PathBuf};

use mf_store::private_folder;
use sha2::{Digest, Sha256};

use crate::error::ShellError;

const VARIABLE: &str = "MAINTENANCE_FLOWS_DATA_DIR";

/// The folder of this copy. It exists.
#[derive(Debug, Clone)]
pub(crate) struct DataDir {
    root: PathBuf,
    is_default: bool,
}

impl DataDir {
    /// The folder asked for, else the one of the environment, else the platform's; made if it is missing.
    pub(crate) fn open(asked: Option<PathBuf>) -> Result<Self, ShellError> {
        let default = dirs::data_dir().map(|dir| dir.join("maintenance-flows"));
        let from_environment = || env::var_os(VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from);
        let path =
            asked.or_else(from_environment).or_else(|| default.clone()).ok_or(ShellError::NoDataDir)?;
        // The folders below are private even where the folder itself was there before, and open to others.
        let root = ["logs", "webview", "workspaces"]
            .iter()
            .try_for_each(|below| private_folder(&path.join(below)))
            .and_then(|()| path.canonicalize())
            .map_err(|source| ShellError::DataDir { path, source })?;
        let is_default = default.and_then(|dir| dir.canonicalize().ok()).is_some_and(|dir| dir == root);
        Ok(Self { root, is_default })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    pub(crate) fn webview(&self) -> PathBuf {
        self.root.join("webview")
    }

    pub(crate) fn window_state(&self) -> PathBuf {
        self.root.join("window-state.json")
    }

    /// The name under which this copy is alone: copies with different folders run side by side.
    pub(crate) fn instance(&self, identifier: &str) -> String {
        if self.is_default {
            return identifier.to_owned();
        }
        let digest = Sha256::digest(self.root.as_os_str().as_encoded_bytes());
        let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        // A part of a D-Bus name must not begin with a digit.
        format!("{identifier}.d{short}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn different_folders_are_different_copies() {
        let at = |root: &str| DataDir { root: root.into(), is_default: false }.instance("app.example");
        assert_eq!(at("/a"), at("/a"));
        assert_ne!(at("/a"), at("/b"));
        assert!(at("/a").starts_with("app.example.d"));
    }

    #[test]
    fn the_usual_folder_keeps_the_plain_name() {
        assert_eq!(DataDir { root: "/a".into(), is_default: true }.instance("app.example"), "app.example");
    }
}
