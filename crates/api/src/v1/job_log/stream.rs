//! Following a job's log. The rows are the truth: notices only wake the reader, which polls twice a
//! second besides, so no line can be missed and none comes twice. At each wake-up the rights are looked
//! at again.

use super::LineView;
use crate::problem::Problem;
use crate::request::Caller;
use crate::state::ApiState;
use application::UseCaseError;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use domain::access::Permission;
use domain::ids::{JobId, TeamId};
use domain::job::{JobLogLine, JobState};
use domain::limits::PAGE_SIZE_MAX;
use domain::page::PageRequest;
use domain::ports::{EventSubscription, Instant};
use futures::stream::unfold;
use serde::Serialize;
use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;
use telemetry::names::metrics::SSE_SUBSCRIBERS;
use tracing::info;

/// How long a reader sleeps when no notice comes, and how long the rights are good that were seen: who
/// loses them has lost the stream a second later.
const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// When a client that lost the stream should come back.
const RECONNECT_AFTER: Duration = Duration::from_secs(2);

/// Which log, and after which line.
#[derive(Clone, Copy)]
pub(super) struct Follower {
    pub(super) team: TeamId,
    pub(super) job: JobId,
    pub(super) after: i64,
}

/// The last event of a stream.
#[derive(Serialize)]
struct EndView {
    state: &'static str,
}

/// Begins a stream. Whether the caller may read the log is found out first: a refusal is a problem
/// like any other.
pub(super) async fn follow(
    state: ApiState,
    caller: Caller,
    follower: Follower,
) -> Result<Response, Problem> {
    let mut reader = Reader {
        subscription: state.use_cases.event_bus.subscribe(),
        authenticated_at: state.use_cases.clock.instant(),
        ready: VecDeque::from([Event::default().retry(RECONNECT_AFTER)]),
        next_read: NextRead::AtOnce,
        _counted: Counted::begin(),
        state,
        caller,
        follower,
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

/// When there is something to read again.
enum NextRead {
    /// More lines are stored than were read.
    AtOnce,
    /// When something has changed.
    OnChange,
    /// Never: the job is at rest and all its lines were read.
    Never,
}

struct Reader {
    state: ApiState,
    caller: Caller,
    follower: Follower,
    subscription: Box<dyn EventSubscription>,
    authenticated_at: Instant,
    ready: VecDeque<Event>,
    next_read: NextRead,
    _counted: Counted,
}

impl Reader {
    /// The next event; `None` ends the stream: the job is over, the rights are gone, the store failed,
    /// or this process stops. A client that comes back goes on where it was.
    async fn next(&mut self) -> Option<Event> {
        let shutdown = self.state.settings.shutdown.clone();
        while !shutdown.is_cancelled() {
            // Lines that were read while the rights were there wait for a slow client only so long.
            if !self.ready.is_empty() && self.is_due() {
                self.unless_refused(Self::authenticate).await?;
            }
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            match self.next_read {
                NextRead::Never => return None,
                NextRead::AtOnce => {}
                NextRead::OnChange => {
                    let changed = self.subscription.changed(self.follower.job, POLL_INTERVAL);
                    tokio::select! {
                        biased;
                        () = shutdown.cancelled() => return None,
                        () = changed => {}
                    }
                }
            }
            self.unless_refused(Self::read).await?;
        }
        None
    }

    async fn unless_refused(
        &mut self,
        act: impl AsyncFnOnce(&mut Self) -> Result<(), Problem>,
    ) -> Option<()> {
        let refused = act(self).await.err();
        if let Some(problem) = &refused {
            let code = problem.code().as_str();
            let error = problem.cause();
            info!(code, error, "stream of a job's log ended early");
        }
        refused.is_none().then_some(())
    }

    /// Reads one page of what has come since the last line. No more than that is kept: a slow client
    /// must not fill memory.
    async fn read(&mut self) -> Result<(), Problem> {
        self.authenticate().await?;
        let Follower { team, job, after } = self.follower;
        let page = PageRequest::new(PAGE_SIZE_MAX, Some(after));
        let use_case = &self.state.use_cases.jobs.read_log;
        // The job is read before its lines: when it is at rest, no line can come after these.
        let (job, page) = use_case.run(&self.caller.actor, team, job, page).await?;
        for line in page.items {
            self.follower.after = line.sequence;
            self.ready.push_back(line_event(line));
        }
        self.next_read = if page.next_after.is_some() {
            NextRead::AtOnce
        } else if job.state.is_at_rest() {
            self.ready.push_back(end_event(job.state));
            NextRead::Never
        } else {
            NextRead::OnChange
        };
        Ok(())
    }

    fn is_due(&self) -> bool {
        self.state.use_cases.clock.instant() >= self.authenticated_at.plus(POLL_INTERVAL)
    }

    /// Looks at the rights as they are now.
    async fn authenticate(&mut self) -> Result<(), Problem> {
        let now = self.state.use_cases.clock.instant();
        self.caller.authenticate_again(&self.state).await?;
        let permitted = self.caller.actor.demand(Permission::JobView);
        permitted.map_err(|denied| Problem::from(UseCaseError::from(denied)))?;
        self.authenticated_at = now;
        Ok(())
    }
}

fn line_event(line: JobLogLine) -> Event {
    let event = Event::default().id(line.sequence.to_string()).event("line");
    event
        .json_data(LineView::from(line))
        .expect("a line is made of texts and numbers")
}

fn end_event(state: JobState) -> Event {
    let view = EndView {
        state: state.as_str(),
    };
    Event::default()
        .event("end")
        .json_data(view)
        .expect("a state is a text")
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
