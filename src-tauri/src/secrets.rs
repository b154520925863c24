//! Where this computer's passwords for teams' servers are kept: the keychain of the operating system. Where there is none,
//! nowhere; a file only where somebody chose one, for scripts and tests.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use mf_contract::workspaces::SecretPlace;
use mf_engine::ports::{NoSecrets, ProcessSecrets, Secret, SecretStore, system_random};

/// `file:<path>`: an explicit choice, see docs/TEAMS.md.
const VARIABLE: &str = "MAINTENANCE_FLOWS_SECRETS";
/// Under which the keychain lists them.
const SERVICE: &str = "Maintenance Flows";

/// The place that was chosen, or that there is.
pub(crate) fn chosen() -> Arc<dyn SecretStore> {
    match std::env::var(VARIABLE).ok().as_deref().and_then(|it| it.strip_prefix("file:")) {
        Some(path) if !path.is_empty() => Arc::new(FileSecrets { path: path.into(), turn: Mutex::default() }),
        _ => Arc::new(Keychain::default()),
    }
}

/// The keychain. It is looked for when it is first asked: starting does not wait for it.
#[derive(Debug, Default)]
struct Keychain {
    is_there: OnceLock<bool>,
    /// In its place where there is none.
    memory: ProcessSecrets,
}

impl Keychain {
    fn is_there(&self) -> bool {
        *self.is_there.get_or_init(|| match keyring::v1::Entry::store_status() {
            Ok(()) => match entry("probe").and_then(|probe| read(&probe)) {
                Ok(_) => true,
                Err(error) => {
                    tracing::warn!(%error, "the keychain does not answer");
                    false
                }
            },
            Err(error) => {
                tracing::info!(%error, "no keychain");
                false
            }
        })
    }
}

fn entry(login: &str) -> Result<keyring::v1::Entry, NoSecrets> {
    keyring::v1::Entry::new(SERVICE, login).map_err(|error| NoSecrets(Box::new(error)))
}

fn read(entry: &keyring::v1::Entry) -> Result<Option<Secret>, NoSecrets> {
    match entry.get_password() {
        Ok(password) => Ok(Some(Secret(password))),
        Err(keyring::v1::Error::NoEntry) => Ok(None),
        Err(error) => Err(NoSecrets(Box::new(error))),
    }
}

impl SecretStore for Keychain {
    fn place(&self) -> SecretPlace {
        if self.is_there() { SecretPlace::Keychain } else { SecretPlace::Passphrase }
    }

    fn get(&self, login: &str) -> Result<Option<Secret>, NoSecrets> {
        if self.is_there() { read(&entry(login)?) } else { self.memory.get(login) }
    }

    fn put(&self, login: &str, secret: &Secret) -> Result<(), NoSecrets> {
        if !self.is_there() {
            return self.memory.put(login, secret);
        }
        entry(login)?.set_password(&secret.0).map_err(|error| NoSecrets(Box::new(error)))
    }

    fn remove(&self, login: &str) -> Result<(), NoSecrets> {
        if !self.is_there() {
            return self.memory.remove(login);
        }
        match entry(login)?.delete_credential() {
            Ok(()) | Err(keyring::v1::Error::NoEntry) => Ok(()),
            Err(error) => Err(NoSecrets(Box::new(error))),
        }
    }

    fn random(&self) -> Result<[u8; 32], NoSecrets> {
        system_random()
    }
}

/// A file readable by its owner only: one JSON object, password by login. Written whole, under another name first.
#[derive(Debug)]
struct FileSecrets {
    path: PathBuf,
    turn: Mutex<()>,
}

impl FileSecrets {
    fn all(&self) -> Result<BTreeMap<String, String>, NoSecrets> {
        match fs::read(&self.path) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| NoSecrets(Box::new(error))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(error) => Err(NoSecrets(Box::new(error))),
        }
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, String>)) -> Result<(), NoSecrets> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = self.all()?;
        change(&mut all);
        let text = serde_json::to_vec(&all).map_err(|error| NoSecrets(Box::new(error)))?;
        write_private(&self.path, &text).map_err(|error| NoSecrets(Box::new(error)))
    }
}

fn write_private(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // For its owner only, from the first moment.
    let mut file = tempfile::Builder::new().prefix(".secrets-").tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

impl SecretStore for FileSecrets {
    fn place(&self) -> SecretPlace {
        SecretPlace::File
    }

    fn get(&self, login: &str) -> Result<Option<Secret>, NoSecrets> {
        Ok(self.all()?.remove(login).map(Secret))
    }

    fn put(&self, login: &str, secret: &Secret) -> Result<(), NoSecrets> {
        self.change(|all| {
            all.insert(login.to_owned(), secret.0.clone());
        })
    }

    fn remove(&self, login: &str) -> Result<(), NoSecrets> {
        self.change(|all| {
            all.remove(login);
        })
    }

    fn random(&self) -> Result<[u8; 32], NoSecrets> {
        system_random()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_secrets_is_its_owners_and_gives_back_what_was_put() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets");
        let secrets = FileSecrets { path: path.clone(), turn: Mutex::default() };
        assert_eq!(secrets.get("a").unwrap(), None);
        secrets.put("a", &Secret("one".into())).unwrap();
        secrets.put("b", &Secret("two".into())).unwrap();
        secrets.put("a", &Secret("three".into())).unwrap();
        secrets.remove("b").unwrap();
        secrets.remove("b").unwrap();
        assert_eq!(secrets.get("a").unwrap(), Some(Secret("three".into())));
        assert_eq!(secrets.get("b").unwrap(), None);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        fs::write(&path, "damaged").unwrap();
        assert!(secrets.get("a").is_err() && secrets.put("a", &Secret("x".into())).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "damaged", "what cannot be read is not written over");
    }
}
