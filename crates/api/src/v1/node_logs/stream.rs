//! What is written to a log file, as a stream without an end.

use super::LogPieceView;
use crate::event_stream::{NextRead, StreamSource};
use crate::problem::Problem;
use crate::request::Caller;
use crate::state::ApiState;
use application::logs::LogPlace;
use axum::response::sse::Event;
use domain::access::Permission;
use domain::ids::TeamId;
use domain::ports::EventSubscription;
use std::collections::VecDeque;
use std::time::Duration;

/// Which file, and from where on.
pub(super) struct LogFileFollower {
    pub(super) team: TeamId,
    pub(super) place: LogPlace,
}

impl StreamSource for LogFileFollower {
    const PERMISSION: Permission = Permission::LogsView;
    const NAME: &'static str = "log file";

    async fn read(
        &mut self,
        state: &ApiState,
        caller: &Caller,
        ready: &mut VecDeque<Event>,
    ) -> Result<NextRead, Problem> {
        let use_case = &state.use_cases.logs.read_file;
        let piece = use_case.run(&caller.actor, self.team, &self.place).await?;
        if piece.was_begun_anew {
            self.place.from = Some(0);
            ready.push_back(Event::default().id("0").event("restarted").data("{}"));
            return Ok(NextRead::AtOnce);
        }
        self.place.from = Some(piece.next_from);
        if piece.text.is_empty() {
            return Ok(NextRead::OnChange);
        }
        let event = Event::default()
            .id(piece.next_from.to_string())
            .event("text")
            .json_data(LogPieceView::from(piece))
            .expect("a piece is made of text and numbers");
        ready.push_back(event);
        // What follows is asked for when its time has come, not in a loop.
        Ok(NextRead::OnChange)
    }

    /// The platform gives no notice; how often it is asked is not decided here.
    async fn changed(&self, _: &mut dyn EventSubscription, at_most: Duration) {
        tokio::time::sleep(at_most).await;
    }
}
