//! The server's hint that something changed. Only a hint: whoever waits for it also looks from time to time, and begins anew
//! after any error, for the driver's own way of connecting again does not notice every broken connection.

use crate::error::SyncError;
use crate::server::Place;
use mf_domain::ids::TeamId;
use sqlx::postgres::{PgListener, PgPoolOptions};

/// A connection that waits for hints.
#[derive(Debug)]
pub struct Listener {
    inner: PgListener,
}

impl Listener {
    /// Connects and listens to a team's changes.
    ///
    /// # Errors
    /// As [`Place::connect`].
    pub async fn open(place: &Place, team: TeamId) -> Result<Self, SyncError> {
        let pool = PgPoolOptions::new().max_connections(1).connect_lazy_with(place.options()?);
        let mut inner = PgListener::connect_with(&pool).await?;
        // An error is to be seen, not to be passed over by another connection.
        inner.eager_reconnect(false);
        inner.listen(&format!("mf_{}", team.0.simple())).await?;
        Ok(Self { inner })
    }

    /// Waits for the next hint. Dropped half-way, it loses none.
    ///
    /// # Errors
    /// [`SyncError::Unreachable`] once the connection is gone: open another.
    pub async fn hint(&mut self) -> Result<(), SyncError> {
        match self.inner.try_recv().await? {
            Some(_) => Ok(()),
            None => Err(SyncError::Unreachable(sqlx::Error::PoolClosed)),
        }
    }

    /// Whether the server still answers on this connection.
    ///
    /// # Errors
    /// [`SyncError::Unreachable`].
    pub async fn ping(&mut self) -> Result<(), SyncError> {
        sqlx::query("SELECT 1").execute(&mut self.inner).await?;
        Ok(())
    }
}
