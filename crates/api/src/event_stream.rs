//! Server-sent events. The rows are the truth: notices only wake the reader, which polls twice a second besides, so
//! nothing can be missed and nothing comes twice. At each wake-up the rights are looked at again.

use crate::problem::{Fault, Problem};
use crate::request::Caller;
use crate::state::ApiState;
use application::UseCaseError;
use axum::http::{HeaderMap, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use domain::access::Permission;
use domain::ports::{EventSubscription, Instant};
use futures::stream::unfold;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::Future;
use std::time::Duration;
use telemetry::names::metrics::{LABEL_CODE, SSE_STREAMS_CUT, SSE_SUBSCRIBERS};
use tracing::info;

/// How long a reader sleeps when no notice comes, and how long the rights are good that were seen: who
/// loses them has lost the stream a second later.
const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// When a client that lost the stream should come back.
const RECONNECT_AFTER: Duration = Duration::from_secs(2);

/// When there is something to read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NextRead {
    /// More is stored than was read.
    AtOnce,
    /// When something has changed.
    OnChange,
    /// Never: the stream has come to its end.
    Never,
}

/// What a stream reads.
pub(crate) trait StreamSource: Send + 'static {
    /// What its readers must be allowed, again and again.
    const PERMISSION: Permission;
    /// What a log line calls it.
    const NAME: &'static str;

    /// Adds one page of what has come since the last one to `ready`, and no more: a slow client must not fill
    /// memory.
    fn read(
        &mut self,
        state: &ApiState,
        caller: &Caller,
        ready: &mut VecDeque<Event>,
    ) -> impl Future<Output = Result<NextRead, Problem>> + Send;

    /// Returns when there may be something to read, or after `at_most`.
    fn changed(
        &self,
        subscription: &mut dyn EventSubscription,
        at_most: Duration,
    ) -> impl Future<Output = ()> + Send;
}

/// Begins a stream. Whether the caller may read it is found out first: a refusal is a problem like any other.
pub(crate) async fn follow<Source: StreamSource>(
    state: ApiState,
    caller: Caller,
    source: Source,
) -> Result<Response, Problem> {
    let mut reader = Reader {
        subscription: state.use_cases.event_bus.subscribe(),
        authenticated_at: state.use_cases.clock.instant(),
        ready: VecDeque::from([Event::default().retry(RECONNECT_AFTER)]),
        next_read: NextRead::AtOnce,
        _counted: Counted::begin(),
        state,
        caller,
        source,
    };
    reader.read().await?;
    let heartbeat = reader.state.settings.stream_heartbeat;
    let events = unfold(reader, |mut reader| async move {
        let event = reader.next().await?;
        Some((Ok::<_, Infallible>(event), reader))
    });
    let alive = KeepAlive::new().interval(heartbeat);
    Ok(Sse::new(events).keep_alive(alive).into_response())
}

/// Whether the client asks for a stream instead of pages.
pub(crate) fn wants_events(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|range| {
            let essence = range.split(';').next().unwrap_or_default();
            essence.trim().eq_ignore_ascii_case("text/event-stream")
        })
}

/// The last event that the client has seen, if it comes back.
pub(crate) fn last_event_id(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get("last-event-id") else {
        return Ok(None);
    };
    value
        .to_str()
        .ok()
        .and_then(|text| text.parse().ok())
        .filter(|sequence: &i64| *sequence >= 0)
        .map(Some)
        .ok_or_else(|| {
            let detail = "must be the id of an event of this stream";
            Problem::invalid(vec![Fault::in_header("Last-Event-ID", detail)])
        })
}

struct Reader<Source> {
    state: ApiState,
    caller: Caller,
    source: Source,
    subscription: Box<dyn EventSubscription>,
    authenticated_at: Instant,
    ready: VecDeque<Event>,
    next_read: NextRead,
    _counted: Counted,
}

impl<Source: StreamSource> Reader<Source> {
    /// The next event; `None` ends the stream: it is over, the rights are gone, the store failed, or this process
    /// stops. A client that comes back goes on where it was.
    async fn next(&mut self) -> Option<Event> {
        let shutdown = self.state.settings.shutdown.clone();
        while !shutdown.is_cancelled() {
            // What was read while the rights were there waits for a slow client only so long.
            if !self.ready.is_empty() && self.is_due() {
                let seen = self.authenticate().await;
                Self::unless_refused(seen)?;
            }
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            match self.next_read {
                NextRead::Never => return None,
                NextRead::AtOnce => {}
                NextRead::OnChange => {
                    let changed = self.source.changed(&mut *self.subscription, POLL_INTERVAL);
                    tokio::select! {
                        biased;
                        () = shutdown.cancelled() => return None,
                        () = changed => {}
                    }
                }
            }
            let read = self.read().await;
            Self::unless_refused(read)?;
        }
        None
    }

    fn unless_refused(answer: Result<(), Problem>) -> Option<()> {
        if let Err(problem) = &answer {
            let code = problem.code().as_str();
            let error = problem.cause();
            metrics::counter!(SSE_STREAMS_CUT, LABEL_CODE => code).increment(1);
            info!(stream = Source::NAME, code, error, "stream ended early");
        }
        answer.ok()
    }

    async fn read(&mut self) -> Result<(), Problem> {
        self.authenticate().await?;
        let read = self.source.read(&self.state, &self.caller, &mut self.ready);
        self.next_read = read.await?;
        Ok(())
    }

    fn is_due(&self) -> bool {
        self.state.use_cases.clock.instant() >= self.authenticated_at.plus(POLL_INTERVAL)
    }

    /// Looks at the rights as they are now.
    async fn authenticate(&mut self) -> Result<(), Problem> {
        let now = self.state.use_cases.clock.instant();
        self.caller.authenticate_again(&self.state).await?;
        let permitted = self.caller.actor.demand(Source::PERMISSION);
        permitted.map_err(|denied| Problem::from(UseCaseError::from(denied)))?;
        self.authenticated_at = now;
        Ok(())
    }
}

/// Counts a stream while it lives, however it ends.
struct Counted;

impl Counted {
    fn begin() -> Self {
        metrics::gauge!(SSE_SUBSCRIBERS).increment(1.0);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        metrics::gauge!(SSE_SUBSCRIBERS).decrement(1.0);
    }
}
