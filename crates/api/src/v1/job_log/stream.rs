//! A job's log as a stream: its lines, and the end when the job is at rest.

use super::LineView;
use crate::event_stream::{NextRead, StreamSource};
use crate::problem::Problem;
use crate::request::Caller;
use crate::state::ApiState;
use axum::response::sse::Event;
use domain::access::Permission;
use domain::ids::{JobId, TeamId};
use domain::job::{JobLogLine, JobState};
use domain::limits::PAGE_SIZE_MAX;
use domain::page::PageRequest;
use domain::ports::EventSubscription;
use serde::Serialize;
use std::collections::VecDeque;
use std::time::Duration;

/// Which log, and after which line.
pub(super) struct LogFollower {
    pub(super) team: TeamId,
    pub(super) job: JobId,
    pub(super) after: i64,
}

/// The last event of a stream.
#[derive(Serialize)]
struct EndView {
    state: &'static str,
}

impl StreamSource for LogFollower {
    const PERMISSION: Permission = Permission::JobView;
    const NAME: &'static str = "job log";

    async fn read(
        &mut self,
        state: &ApiState,
        caller: &Caller,
        ready: &mut VecDeque<Event>,
    ) -> Result<NextRead, Problem> {
        let page = PageRequest::new(PAGE_SIZE_MAX, Some(self.after));
        let use_case = &state.use_cases.jobs.read_log;
        // The job is read before its lines: when it is at rest, no line can come after these.
        let (job, page) = use_case
            .run(&caller.actor, self.team, self.job, page)
            .await?;
        for line in page.items {
            self.after = line.sequence;
            ready.push_back(line_event(line));
        }
        Ok(if page.next_after.is_some() {
            NextRead::AtOnce
        } else if job.state.is_at_rest() {
            ready.push_back(end_event(job.state));
            NextRead::Never
        } else {
            NextRead::OnChange
        })
    }

    async fn changed(&self, subscription: &mut dyn EventSubscription, at_most: Duration) {
        subscription.changed(self.job, at_most).await;
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
