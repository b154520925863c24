//! What the engine needs from outside: the time, ids, and somebody to tell.

use chrono::{DateTime, Utc};
use mf_contract::Event;
use mf_contract::notifications::NotificationAction;
use mf_contract::workspaces::SecretPlace;
use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// The wall clock.
pub trait Clock: Debug + Send + Sync {
    /// The current instant.
    fn now(&self) -> DateTime<Utc>;
}

/// New ids: version 7, so that rows sort by when they were made.
pub trait Ids: Debug + Send + Sync {
    /// A new id; greater than the ones before it.
    fn next(&self) -> Uuid;
}

/// Raises native notifications. Best effort: what it tells is in the notification centre already.
pub trait Notifier: Debug + Send + Sync {
    /// Shows one; a click on it leads to `route`, and where there can be buttons, they do what its actions say.
    fn show(&self, toast: &Toast);

    /// Whether there is a desktop that could.
    fn reaches_desktop(&self) -> bool {
        true
    }
}

/// A native notification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Toast {
    pub title: String,
    pub body: String,
    /// The page a click leads to.
    pub route: String,
    /// What can be done about it at once, as about the notification in the centre.
    pub actions: Vec<NotificationAction>,
}

/// Tells every window what happened. Called after the commit only.
pub trait EventSink: Debug + Send + Sync {
    /// Passes the event on.
    fn emit(&self, event: Event);
}

/// Says whether this process may tick. Only one process ticks on a data folder: the window, while it is open.
pub trait TickGate: Debug + Send + Sync {
    /// A pass to hold while ticking on somebody's behalf.
    ///
    /// # Errors
    /// Why there is none.
    fn enter(&self) -> Result<Box<dyn Send>, Closed>;
}

/// Why nobody may tick on request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// The window has the folder, or another process is ticking on it this moment.
    #[error("the application has this data folder open, or another process is ticking on it")]
    InUse,
    /// The folder's lock could not be had at all.
    #[error("the lock of the data folder could not be taken: {reason}")]
    NoLock { reason: String },
}

/// A password. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a secret could not be read or kept; says nothing of the secret.
#[derive(Debug, thiserror::Error)]
#[error("the keychain cannot be used")]
pub struct NoSecrets(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Keeps this computer's passwords for teams' servers, by login. May wait for the system, and for a person who unlocks it:
/// never called where others wait.
pub trait SecretStore: Debug + Send + Sync {
    /// Where they are kept. With [`SecretPlace::Passphrase`], only for as long as this process runs.
    fn place(&self) -> SecretPlace;

    /// The password of a login, if there is one.
    ///
    /// # Errors
    /// When the keychain does not answer.
    fn get(&self, login: &str) -> Result<Option<Secret>, NoSecrets>;

    /// Keeps a password, over the one before.
    ///
    /// # Errors
    /// As [`Self::get`]; nothing is kept then.
    fn put(&self, login: &str, secret: &Secret) -> Result<(), NoSecrets>;

    /// Forgets a password. No error where there is none.
    ///
    /// # Errors
    /// As [`Self::get`].
    fn remove(&self, login: &str) -> Result<(), NoSecrets>;

    /// What a new password is made of: 32 bytes nobody can guess.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    fn random(&self) -> Result<[u8; 32], NoSecrets>;
}

/// The real wall clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the port that the ban points to")]
    fn now(&self) -> DateTime<Utc> {
        DateTime::from(std::time::SystemTime::now())
    }
}

/// Real random, time-ordered ids.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl Ids for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "this is the port that the ban points to")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}

/// Tells nobody: a headless process has no windows and no toasts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Notifier for Silent {
    fn show(&self, _: &Toast) {}

    fn reaches_desktop(&self) -> bool {
        false
    }
}

impl EventSink for Silent {
    fn emit(&self, _: Event) {}
}

/// Keeps passwords for as long as this process runs: where the system has no keychain, and nothing else was chosen.
#[derive(Debug, Default)]
pub struct ProcessSecrets(Mutex<HashMap<String, Secret>>);

impl ProcessSecrets {
    fn kept(&self) -> MutexGuard<'_, HashMap<String, Secret>> {
        // Whole entries only: a panic beside them leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SecretStore for ProcessSecrets {
    fn place(&self) -> SecretPlace {
        SecretPlace::Passphrase
    }

    fn get(&self, login: &str) -> Result<Option<Secret>, NoSecrets> {
        Ok(self.kept().get(login).cloned())
    }

    fn put(&self, login: &str, secret: &Secret) -> Result<(), NoSecrets> {
        self.kept().insert(login.to_owned(), secret.clone());
        Ok(())
    }

    fn remove(&self, login: &str) -> Result<(), NoSecrets> {
        self.kept().remove(login);
        Ok(())
    }

    fn random(&self) -> Result<[u8; 32], NoSecrets> {
        system_random()
    }
}

/// Randomness of the operating system.
///
/// # Errors
/// When it has none to give.
pub fn system_random() -> Result<[u8; 32], NoSecrets> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| NoSecrets(Box::new(error)))?;
    Ok(bytes)
}
