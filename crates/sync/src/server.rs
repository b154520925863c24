//! Where the server is and how it is reached.

use crate::error::SyncError;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection as _, PgConnection};
use url::Url;

/// A connection to the server.
pub type Line = PgConnection;

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

/// Why a text is no connection. Says nothing of what stands in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPlace {
    /// Not a URL at all, or one of something else.
    #[error("must look like postgres://user:password@host:5432/database")]
    Form,
    /// A part is not there.
    #[error("lacks {0}")]
    Lacks(&'static str),
    /// Something would weaken the connection, or is a setting of another program.
    #[error("has the setting {0:?}, which is not taken; the certificate is verified always")]
    Setting(String),
}

impl Place {
    /// Reads `postgres://user:password@host:port/database`. Whatever it says, the connection is verified;
    /// `sslmode=disable` is taken, and refused later for any host but this machine.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn read(text: &str, authority: Option<String>) -> Result<Self, NoPlace> {
        let url = Url::parse(text.trim()).map_err(|_| NoPlace::Form)?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(NoPlace::Form);
        }
        let decoded = |part: &str| {
            percent_encoding::percent_decode_str(part)
                .decode_utf8()
                .map(String::from)
                .map_err(|_| NoPlace::Form)
        };
        let host = decoded(url.host_str().filter(|host| !host.is_empty()).ok_or(NoPlace::Lacks("a host"))?)?;
        let mut plaintext = false;
        for (name, value) in url.query_pairs() {
            match (&*name, &*value) {
                ("sslmode", "disable") => plaintext = true,
                // No weaker than what is done.
                ("sslmode", "verify-full" | "verify-ca" | "require") => {}
                _ => return Err(NoPlace::Setting(name.into_owned())),
            }
        }
        let login = decoded(url.username())?;
        let database = decoded(url.path().trim_start_matches('/'))?;
        let password = decoded(url.password().unwrap_or_default())?;
        for (part, what) in [(&login, "a user"), (&password, "a password"), (&database, "a database")] {
            if part.is_empty() {
                return Err(NoPlace::Lacks(what));
            }
        }
        Ok(Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: url.port().unwrap_or(5432),
            database,
            login,
            password,
            protection: if plaintext { Protection::Plaintext } else { Protection::Tls { authority } },
        })
    }

    /// Host and port, as a person writes them.
    #[must_use]
    pub fn address(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    /// The same place for another login.
    #[must_use]
    pub fn with_login(&self, login: &str, password: &str) -> Self {
        Self { login: login.to_owned(), password: password.to_owned(), ..self.clone() }
    }

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
            // A laptop that goes to sleep leaves its connections behind, and a login has only eight.
            .options([
                ("tcp_keepalives_idle", "30"),
                ("tcp_keepalives_interval", "10"),
                ("tcp_keepalives_count", "3"),
            ])
            .extra_float_digits(None)
            // Statements are not for the log: what goes with them are the team's rows.
            .disable_statement_logging())
    }
}

/// Whether the server still answers.
///
/// # Errors
/// [`SyncError::Unreachable`].
pub async fn ping(line: &mut Line) -> Result<(), SyncError> {
    Ok(line.ping().await?)
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
    fn a_connection_is_read_with_every_part() {
        let read = |text: &str| Place::read(text, None);
        let found = read("postgres://ad%40min:p%2Fw@db.example:6432/the%20team?sslmode=require").unwrap();
        assert_eq!((found.login.as_str(), found.password.as_str()), ("ad@min", "p/w"));
        assert_eq!((found.address().as_str(), found.database.as_str()), ("db.example:6432", "the team"));
        assert_eq!(found.protection, Protection::Tls { authority: None });
        let local = read("postgresql://a:b@[::1]/t?sslmode=disable").unwrap();
        assert_eq!((local.host.as_str(), local.address().as_str()), ("::1", "[::1]:5432"));
        assert!(local.options().is_ok());
        assert!(read("postgres://a:b@db.example/t?sslmode=disable").unwrap().options().is_err());
    }

    #[test]
    fn what_is_no_connection_is_named_without_its_password() {
        let refused = |text: &str| Place::read(text, None).unwrap_err();
        assert_eq!(refused("host=db user=a password=secret-word"), NoPlace::Form);
        assert_eq!(refused("https://a:secret-word@db/t"), NoPlace::Form);
        assert_eq!(refused("postgres://a@db/t"), NoPlace::Lacks("a password"));
        assert_eq!(refused("postgres://:b@db/t"), NoPlace::Lacks("a user"));
        assert_eq!(refused("postgres://a:b@db"), NoPlace::Lacks("a database"));
        for weaker in ["sslmode=prefer", "sslrootcert=/tmp/x", "options=-c"] {
            let refused = refused(&format!("postgres://a:secret-word@db/t?{weaker}"));
            assert!(matches!(refused, NoPlace::Setting(_)) && !refused.to_string().contains("secret-word"));
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
