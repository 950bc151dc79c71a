//! On which thread the statements of a connection run. Handing a statement to another thread costs more than most
//! statements do.

use diesel_async::sync_connection_wrapper::SpawnBlocking;
use std::error::Error;
use std::future::Future;
use std::pin::Pin;

type Answer<'a, R> =
    Pin<Box<dyn Future<Output = Result<R, Box<dyn Error + Send + Sync + 'static>>> + Send + 'a>>;

/// Where statements run.
#[derive(Debug, Clone, Copy)]
pub(crate) enum StatementThread {
    /// On the caller's, whose other tasks move to another one: for what may read a lot, or waits for the disk.
    MadeFree,
    /// On the caller's, at once: for the short statements of the writer.
    Callers,
}

impl SpawnBlocking for StatementThread {
    /// Never waits: the task has run when this returns, so nothing can be cancelled half-way.
    fn spawn_blocking<'a, R>(&mut self, task: impl FnOnce() -> R + Send + 'static) -> Answer<'a, R>
    where
        R: Send + 'static,
    {
        let result = match self {
            Self::MadeFree => tokio::task::block_in_place(task),
            Self::Callers => task(),
        };
        Box::pin(std::future::ready(Ok(result)))
    }

    fn get_runtime() -> Self {
        Self::MadeFree
    }
}
