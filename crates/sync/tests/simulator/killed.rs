//! A future that is dropped after so many polls, as a process that dies at one of its awaits.

use std::pin::Pin;
use std::task::{Context, Poll};

pub(crate) struct Killed<F> {
    inner: Pin<Box<F>>,
    polls: u64,
}

impl<F: Future> Killed<F> {
    pub(crate) fn after(polls: u64, inner: F) -> Self {
        Self { inner: Box::pin(inner), polls }
    }
}

impl<F: Future> Future for Killed<F> {
    /// `None` where it was killed.
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.polls == 0 {
            return Poll::Ready(None);
        }
        self.polls -= 1;
        self.inner.as_mut().poll(context).map(Some)
    }
}
