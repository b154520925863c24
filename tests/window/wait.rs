//! Waiting for things to become true, never for time to pass.

use std::future::Future;
use std::time::{Duration, Instant};

/// Longer than anything takes; only a hang meets it.
const PATIENCE: Duration = Duration::from_secs(240);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Looks until there is something.
///
/// # Panics
/// When there is nothing for a very long time.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(what: &str, look: impl FnMut() -> F) -> T {
    patiently(look).await.unwrap_or_else(|| panic!("waited in vain for {what}"))
}

/// Looks until there is something; `None` when there is nothing for a very long time.
pub(crate) async fn patiently<T, F: Future<Output = Option<T>>>(mut look: impl FnMut() -> F) -> Option<T> {
    let give_up = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look().await {
            return Some(found);
        }
        if Instant::now() > give_up {
            return None;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
