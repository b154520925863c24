//! How the server fails, in terms a caller can act on.

/// Why something on the server failed. Never carries the driver's words to a person; they are in the source, for the log.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// It cannot be reached, or the connection broke: try again later.
    #[error("the server cannot be reached")]
    Unreachable(#[source] sqlx::Error),
    /// It did not answer in time: as if it could not be reached.
    #[error("the server does not answer")]
    TimedOut,
    /// Its certificate is not the one it should be, or it offers no encryption.
    #[error("the connection to the server is not safe")]
    Untrusted(#[source] sqlx::Error),
    /// A connection that is not encrypted leads further than this machine.
    #[error("without TLS only a server on this machine is used")]
    Plaintext,
    /// The environment would change the connection without anybody's seeing it.
    #[error("the environment variable {name} must not be set")]
    Environment {
        /// Which.
        name: &'static str,
    },
    /// Login or password are wrong, expired or withdrawn.
    #[error("the server does not let this device in")]
    NotLetIn(#[source] sqlx::Error),
    /// Not a member, or not in the role it takes.
    #[error("this member may not do that")]
    Forbidden(#[source] sqlx::Error),
    /// Another computer works with a copy of this file and its login, and this one cannot get a login of its own by itself.
    #[error("another computer works with a copy of this workspace")]
    Copied,
    /// A team keeps at least one owner.
    #[error("the last owner stays")]
    LastOwner,
    /// No such member in this team.
    #[error("no such member")]
    NoSuchMember,
    /// This release is too old for the team's workspace.
    #[error("this release is too old for the workspace; schema {least} is the least it takes")]
    ClientTooOld {
        /// The least schema the team takes.
        least: i64,
    },
    /// The server is older than this program can use.
    #[error("the server is older than Postgres 15")]
    ServerTooOld,
    /// The database has no workspace of this program, or one of an older release.
    #[error("the workspace on the server is older than this release")]
    WorkspaceTooOld(#[source] sqlx::Error),
    /// The migrations could not be applied.
    #[error("the workspace could not be set up on the server")]
    Setup(#[source] sqlx::migrate::MigrateError),
    /// The server said something this release does not understand.
    #[error("the server's answer cannot be read")]
    Unreadable(#[from] serde_json::Error),
    /// A column does not hold what it must.
    #[error("the server's answer cannot be read: column {column}")]
    Malformed {
        /// Which.
        column: &'static str,
    },
    /// A defect of the program: the statement, the schema or the driver.
    #[error("the server refused a statement")]
    Defect(#[source] sqlx::Error),
}

impl From<sqlx::Error> for SyncError {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|e| e.code()).map(|code| code.into_owned());
        match (&error, code.as_deref()) {
            (sqlx::Error::Tls(_), _) => Self::Untrusted(error),
            (sqlx::Error::Io(io), _) if io.kind() == std::io::ErrorKind::InvalidData => {
                Self::Untrusted(error)
            }
            // What is no answer of a Postgres: a line that was cut within one, or something else behind that port.
            (
                sqlx::Error::Io(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed,
                _,
            ) => Self::Unreachable(error),
            (_, Some("28000" | "28P01")) => Self::NotLetIn(error),
            (_, Some("42501")) => Self::Forbidden(error),
            // No such schema, table, column or function.
            (_, Some("3F000" | "42P01" | "42703" | "42883")) => Self::WorkspaceTooOld(error),
            (_, Some("MF002")) => Self::LastOwner,
            (_, Some("P0002")) => Self::NoSuchMember,
            // Ended by an administrator, shutting down, starting up, no room, or a broken connection.
            (_, Some(code))
                if code.starts_with("57P") || code.starts_with("53") || code.starts_with("08") =>
            {
                Self::Unreachable(error)
            }
            _ => Self::Defect(error),
        }
    }
}
