//! Where the server is and how it is reached.

use crate::error::SyncError;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, PgConnection};

/// Variables the driver reads and that no setting of ours can take back. Whoever set them for another program would change
/// our connection without knowing.
const UNDOABLE: [&str; 3] = ["PGOPTIONS", "PGSSLCERT", "PGSSLKEY"];

/// A database on a server, and a login there. Its `Debug` does not show the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    /// Name or address.
    pub host: String,
    /// Usually 5432.
    pub port: u16,
    /// The database.
    pub database: String,
    /// Who logs in.
    pub login: String,
    /// Its password.
    pub password: String,
    /// How the connection is protected.
    pub protection: Protection,
}

/// How a connection is protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protection {
    /// TLS; certificate and name are verified, always. An authority of the team's own is added to the public ones.
    Tls {
        /// As PEM.
        authority: Option<String>,
    },
    /// None: only to this machine.
    Plaintext,
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { host, port, database, login, .. } = self;
        write!(f, "{login}@{host}:{port}/{database}")
    }
}

impl Place {
    /// Connects.
    ///
    /// # Errors
    /// [`SyncError::Plaintext`] before anything is sent, [`SyncError::Untrusted`], [`SyncError::NotLetIn`],
    /// [`SyncError::Unreachable`].
    pub async fn connect(&self) -> Result<PgConnection, SyncError> {
        Ok(self.options()?.connect().await?)
    }

    /// The options to connect with: every field is set, for the driver's defaults fall back to plaintext and to what the
    /// environment says.
    ///
    /// # Errors
    /// [`SyncError::Plaintext`], [`SyncError::Environment`].
    pub fn options(&self) -> Result<PgConnectOptions, SyncError> {
        if let Some(name) = UNDOABLE.into_iter().find(|name| std::env::var_os(name).is_some()) {
            return Err(SyncError::Environment { name });
        }
        let (mode, authority) = match &self.protection {
            Protection::Tls { authority } => (PgSslMode::VerifyFull, authority.clone().unwrap_or_default()),
            Protection::Plaintext if is_this_machine(&self.host) => (PgSslMode::Disable, String::new()),
            Protection::Plaintext => return Err(SyncError::Plaintext),
        };
        Ok(PgConnectOptions::new_without_pgpass()
            .host(&self.host)
            .port(self.port)
            .username(&self.login)
            .password(&self.password)
            .database(&self.database)
            .ssl_mode(mode)
            .ssl_root_cert_from_pem(authority.into_bytes())
            .application_name("maintenance-flows")
            .extra_float_digits(None)
            // Statements are not for the log: what goes with them are the team's rows.
            .disable_statement_logging())
    }
}

/// An address of the loopback interface, by number: a name could be made to mean another machine.
fn is_this_machine(host: &str) -> bool {
    host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(host: &str, protection: Protection) -> Place {
        let text = |text: &str| text.to_owned();
        let (database, login, password) = (text("team"), text("mf_d_1"), text("secret-word"));
        Place { host: text(host), port: 5432, database, login, password, protection }
    }

    #[test]
    fn plaintext_leads_no_further_than_this_machine() {
        for host in ["127.0.0.1", "::1"] {
            assert!(place(host, Protection::Plaintext).options().is_ok());
        }
        for host in ["192.0.2.7", "db.example", "localhost", "127.0.0.1.example", "/var/run/postgresql"] {
            assert!(
                matches!(place(host, Protection::Plaintext).options(), Err(SyncError::Plaintext)),
                "{host}"
            );
        }
    }

    #[test]
    fn tls_is_always_verified_in_full() {
        let options = place("db.example", Protection::Tls { authority: None }).options().unwrap();
        assert!(matches!(options.get_ssl_mode(), PgSslMode::VerifyFull));
        assert_eq!((options.get_host(), options.get_database()), ("db.example", Some("team")));
    }

    #[test]
    fn the_password_is_not_shown() {
        let shown = format!("{:?}", place("db.example", Protection::Plaintext));
        assert!(!shown.contains("secret-word"), "{shown}");
    }
}
