//! Listens to the channels on a connection of its own, and makes a new one whenever it is lost. What
//! came in between is lost: after every connect all listeners of this process are woken once.

use super::RedisOptions;
use super::messages::{JOBS_CHANNEL, Origin, Received, WAKE_CHANNEL};
use crate::notice_board::NoticeBoard;
use crate::wake_signal::WakeSignal;
use futures::StreamExt as _;
use redis::aio::{PubSubSink, PubSubStream};
use redis::{Client, Msg, RedisError};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use telemetry::error_chain::ErrorChain;
use telemetry::names::metrics as names;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

#[cfg(test)]
mod tests;

const RECONNECT_PAUSE_MIN: Duration = Duration::from_millis(50);
/// Short, because until then every change waits for the next poll.
const RECONNECT_PAUSE_MAX: Duration = Duration::from_secs(1);

/// Why the connection for notices ended.
#[derive(Debug, thiserror::Error)]
enum ListenError {
    #[error("no answer from Redis in time")]
    Timeout,
    #[error("the connection could not be made")]
    Connect(#[source] RedisError),
    #[error("the connection does not answer")]
    Ping(#[source] RedisError),
    #[error("the connection was closed")]
    Closed,
}

pub(super) struct NoticeListener {
    pub(super) client: Client,
    pub(super) options: RedisOptions,
    pub(super) origin: Origin,
    pub(super) signal: Arc<WakeSignal>,
    pub(super) board: Arc<NoticeBoard>,
}

impl NoticeListener {
    /// Listens until `shutdown`.
    pub(super) async fn run(self, shutdown: CancellationToken) {
        // Cancelling anywhere is fine: nothing here is half done.
        tokio::select! {
            () = shutdown.cancelled() => {}
            never = self.listen_for_ever() => match never {},
        }
    }

    async fn listen_for_ever(&self) -> Infallible {
        let mut pause = RECONNECT_PAUSE_MIN;
        loop {
            let failed = match self.connect().await {
                Ok((sink, stream)) => {
                    if pause > RECONNECT_PAUSE_MIN {
                        tracing::info!("notices arrive again");
                    }
                    pause = RECONNECT_PAUSE_MIN;
                    self.wake_everybody();
                    self.listen(sink, stream).await
                }
                Err(error) => error,
            };
            if pause == RECONNECT_PAUSE_MIN {
                let error = ErrorChain(&failed);
                tracing::warn!(%error, "notices do not arrive: changes are found by polling");
            }
            metrics::counter!(names::COORDINATION_RECONNECTS).increment(1);
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(RECONNECT_PAUSE_MAX);
        }
    }

    async fn connect(&self) -> Result<(PubSubSink, PubSubStream), ListenError> {
        let connecting = async {
            let mut connection = self.client.get_async_pubsub().await?;
            connection.subscribe(&[WAKE_CHANNEL, JOBS_CHANNEL]).await?;
            Ok(connection.split())
        };
        timeout(self.options.command_time_max, connecting)
            .await
            .map_err(|_| ListenError::Timeout)?
            .map_err(ListenError::Connect)
    }

    /// Hands on what arrives until the connection is lost. A connection can be lost without a word,
    /// so a silent one is tried out.
    async fn listen(&self, mut sink: PubSubSink, mut stream: PubSubStream) -> ListenError {
        loop {
            match timeout(self.options.liveness_interval, stream.next()).await {
                Ok(Some(message)) => self.receive(&message),
                Ok(None) => return ListenError::Closed,
                Err(_) => match timeout(self.options.command_time_max, sink.ping::<redis::Value>())
                    .await
                {
                    Ok(Ok(_)) => {}
                    Ok(Err(error)) => return ListenError::Ping(error),
                    Err(_) => return ListenError::Timeout,
                },
            }
        }
    }

    fn receive(&self, message: &Msg) {
        let text = std::str::from_utf8(message.get_payload_bytes()).unwrap_or_default();
        if message.get_channel_name() == WAKE_CHANNEL {
            if text != self.origin.as_str() {
                self.signal.wake();
            }
            return;
        }
        match self.origin.read(text) {
            Received::Own => {}
            Received::Notice(notice) => self.board.post(notice),
            Received::Unreadable => self.board.post_some_were_lost(),
        }
    }

    fn wake_everybody(&self) {
        self.signal.wake();
        self.board.post_some_were_lost();
    }
}
